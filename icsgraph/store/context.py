# SPDX-License-Identifier: Apache-2.0
"""The as-at date and the cut-off days worked out from it, as triples of a context graph that shapes and rules join.

Parameters are data (``data/law/parameters.ttl``): a number of months or years counted back from the as-at date gives a
day on ``icsg:context``; one that is relative to a kind of act gives a day on that act's version; a fixed day is copied.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import pyoxigraph as ox

from icsgraph.model.dates import months_before
from icsgraph.model.namespaces import ICS, ICSG, RDF, RDFS, XSD
from icsgraph.store.select import rows

CONTEXT: Final = ox.NamedNode(ICSG + "context")
_DATE: Final = ox.NamedNode(XSD + "date")


@dataclass(frozen=True, slots=True)
class ParameterUse:
    """A parameter as a report states it: its label, its value with unit, and the day worked out, if any."""

    id: str
    label: str
    value: str
    cut_off: str | None


def set_context(store: ox.Store, as_at: date) -> tuple[ParameterUse, ...]:
    """Replace the context graph by that of a day; give the parameters used, sorted by id."""
    for quad in list(store.quads_for_pattern(None, None, None, CONTEXT)):
        store.remove(quad)
        store.remove(ox.Quad(quad.subject, quad.predicate, quad.object))
    made = [_day(CONTEXT, ox.NamedNode(ICS + "asAt"), as_at)]
    uses = []
    for row in rows(
        store,
        f"""SELECT ?id ?label ?kind ?value ?cut ?act WHERE {{
        ?p a <{ICS}Parameter> ; <http://purl.org/dc/terms/identifier> ?id ; <{RDFS}label> ?label ;
           <{ICS}parameterKind> ?kind ; <{ICS}parameterValue> ?value .
        OPTIONAL {{ ?p <{ICS}cutOffProperty> ?cut }} OPTIONAL {{ ?p <{ICS}relativeTo> ?act }} }} ORDER BY ?id""",
    ):
        kind, value, cut = row["kind"].value, row["value"].value, row["cut"]
        day: date | None = None
        if kind in ("months", "years"):
            months = int(value) * (12 if kind == "years" else 1)
            if cut is not None and row["act"] is not None:
                made += _relative(store, row["act"], cut, months)
            else:
                day = months_before(as_at, months)
        elif kind == "day":
            day = date.fromisoformat(value)
        elif cut is not None:
            made.append(ox.Quad(CONTEXT, cut, ox.Literal(int(value))))
        if cut is not None and day is not None:
            made.append(_day(CONTEXT, cut, day))
        unit = "" if kind == "day" else f" {kind}"
        uses.append(ParameterUse(row["id"].value, row["label"].value, value + unit, day.isoformat() if day else None))
    store.extend(made)
    store.extend(ox.Quad(q.subject, q.predicate, q.object, CONTEXT) for q in made)
    return tuple(uses)


def _relative(store: ox.Store, act: ox.NamedNode, cut: ox.NamedNode, months: int) -> Iterator[ox.Quad]:
    for row in rows(
        store,
        f"""SELECT ?version (MIN(?day) AS ?first) WHERE {{
        ?act <{RDF}type> <{act.value}> ; <{ICS}ofVersion> ?version ; <{ICS}latestDay> ?day }} GROUP BY ?version""",
    ):
        if row["version"] is not None:
            yield _day(row["version"], cut, months_before(date.fromisoformat(row["first"].value), months))


def _day(subject: ox.NamedNode | ox.BlankNode, predicate: ox.NamedNode, day: date) -> ox.Quad:
    return ox.Quad(subject, predicate, ox.Literal(day.isoformat(), datatype=_DATE))
