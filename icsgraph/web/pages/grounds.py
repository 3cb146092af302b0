# SPDX-License-Identifier: Apache-2.0
"""The graph to what a map draws: boards and councils of a day with their areas, boundaries, and figures by area.

Boundaries and indicators are large graphs that a service may be started without; they are then read from the files
that ship with icsgraph.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

import pyoxigraph as ox

from icsgraph.model.namespaces import ID
from icsgraph.store import shipped
from icsgraph.store.select import rows, text
from icsgraph.web.context import Context
from icsgraph.web.pages.outlines import Outline, read_outline

POPULATION: Final = "population-mid-2022"
_INDICATOR: Final = ID + "indicator/"
_VALID: Final = "{0} ics:latestFirstDay {0}From ; ics:earliestLastDay {0}To FILTER({0}From <= {1} && {1} <= {0}To)"
_BOARDS: Final = """SELECT DISTINCT ?code ?label ?area WHERE {{ ?body a ics:IntegratedCareBoard ; ics:odsCode ?code ;
  rdfs:label ?label ; ics:hasArea ?area . {0} {1} }} ORDER BY ?label"""
_LAND: Final = """SELECT DISTINCT ?code ?label ?area ?board WHERE {{ ?fact a ics:AuthorityInArea ;
  ics:ofAuthority ?body ; ics:inBoardArea/ics:odsCode ?board .
  ?body rdfs:label ?label ; ics:hasArea ?area . ?area ics:onsCode ?code . {0} {1} }} ORDER BY ?label ?board"""
_SHORT: Final = """SELECT ?code (MIN(?name) AS ?short) WHERE { ?b a ics:IntegratedCareBoard ; ics:odsCode ?code ;
  skos:altLabel ?name } GROUP BY ?code"""
_OUTLINES: Final = "SELECT ?area ?wkt WHERE { ?area geo:hasGeometry/geo:asWKT ?wkt }"
_AREAS: Final = "SELECT ?area ?other WHERE { ?body ics:hasArea ?area , ?other FILTER(?area != ?other) } ORDER BY ?other"
_MEASURES: Final = "SELECT ?x ?label WHERE { ?x a ics:Indicator ; rdfs:label ?label } ORDER BY ?label"
_VALUES: Final = """SELECT ?area ?value WHERE {{ ?o ics:ofIndicator <{0}> ; ics:inArea ?area ; ics:value ?value
  OPTIONAL {{ ?o ics:ageBand ?band }} FILTER(!BOUND(?band) || ?band = "all ages") }}"""

_FIGURES: Final = "SELECT ?x ?value WHERE {{ ?o ics:inArea <{0}> ; ics:ofIndicator ?x ; ics:value ?value }}"


@dataclass(frozen=True, slots=True)
class Place:
    """A body's area: code and name of the body, its area, and the codes of the boards whose areas it touches."""

    code: str
    name: str
    area: str
    boards: tuple[str, ...] = ()


def boards_on(context: Context, day: date) -> list[Place]:
    """Give the boards of a day, by name."""
    found = context.select(_BOARDS.format(*_valid(day, "?body", "?area")))
    return [Place(text(row["code"]), text(row["label"]), text(row["area"])) for row in found]


def councils_on(context: Context, day: date) -> list[Place]:
    """Give the responsible local authorities of a day, by name."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for row in context.select(_LAND.format(*_valid(day, "?fact", "?area"))):
        key = text(row["code"]), text(row["label"]), text(row["area"])
        found.setdefault(key, []).append(text(row["board"]))
    return [Place(*key, tuple(boards)) for key, boards in found.items()]


def short_names(context: Context) -> dict[str, str]:
    """Give the short name of each board by its code."""
    return {text(row["code"]): text(row["short"]) for row in context.select(_SHORT)}


def outlines(context: Context) -> tuple[dict[str, Outline], frozenset[str]]:
    """Give the outline of each area, and the areas that are drawn with that of their body's area under another code."""
    own = {text(r["area"]): read_outline(text(r["wkt"])) for r in rows(_graph(context, "boundaries"), _OUTLINES)}
    lent = {}
    for row in context.select(_AREAS):
        area, other = text(row["area"]), text(row["other"])
        if area not in own and other in own:
            lent[area] = own[other]
    return own | lent, frozenset(lent)


def measures(context: Context) -> dict[str, str]:
    """Give the label of each measure by its name; those of the large graph as well."""
    found: dict[str, str] = {}
    for store in (_graph(context, "indicators"), context.opened().store):
        found |= {text(r["x"]).removeprefix(_INDICATOR): text(r["label"]) for r in rows(store, _MEASURES)}
    kept = {name: label for name, label in found.items() if name == POPULATION or name.startswith("iod2025_")}
    kept = {name: label[:1].upper() + label[1:] for name, label in kept.items()}
    return dict(sorted(kept.items(), key=lambda each: (each[0] != POPULATION, each[1])))


def values(context: Context, measure: str) -> dict[str, float]:
    """Give the value of a measure by area."""
    store = context.opened().store if measure == POPULATION else _graph(context, "indicators")
    return {text(r["area"]): float(text(r["value"])) for r in rows(store, _VALUES.format(_INDICATOR + measure))}


def figures(context: Context, area: str) -> dict[str, float]:
    """Give the values of an area in the large graph of indicators, by measure."""
    found = rows(_graph(context, "indicators"), _FIGURES.format(area))
    return {text(row["x"]).removeprefix(_INDICATOR): float(text(row["value"])) for row in found}


def _valid(day: date, *names: str) -> list[str]:
    return [_VALID.format(name, f'"{day.isoformat()}"^^xsd:date') for name in names]


def _graph(context: Context, name: str) -> ox.Store:
    """The store that is served, where it has the large graph; else the file of that graph."""
    if name in context.located.on_demand:
        return context.opened().store
    return _file(name)


@cache
def _file(name: str) -> ox.Store:
    store = ox.Store()
    packed = (shipped.root() / "data" / "england" / "on-demand" / f"{name}.nt.gz").read_bytes()
    store.bulk_load(gzip.decompress(packed), ox.RdfFormat.N_TRIPLES)
    return store
