# SPDX-License-Identifier: Apache-2.0
"""The opened graph to texts that a reader may search: names, codes, definitions, and what law and guidance say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from icsgraph.model.namespaces import DCTERMS, ICS, RDFS, SKOS
from icsgraph.queries.labels import labels_in
from icsgraph.queries.search import Entry, Hit, open_index, search
from icsgraph.store.opened import Opened, cache_folder
from icsgraph.store.select import rows, text

# Property: name of the field, and how much a text in it counts against one in a label.
FIELDS: Final = {
    RDFS + "label": ("label", 1.0),
    SKOS + "prefLabel": ("label", 1.0),
    DCTERMS + "title": ("label", 1.0),
    SKOS + "altLabel": ("alternative name", 0.97),
    SKOS + "hiddenLabel": ("former or other name", 0.9),
    ICS + "odsCode": ("ODS code", 0.99),
    ICS + "onsCode": ("ONS code", 0.99),
    DCTERMS + "identifier": ("identifier", 0.98),
    SKOS + "notation": ("notation", 0.8),
    SKOS + "definition": ("definition", 0.75),
    ICS + "paraphrase": ("paraphrase", 0.75),
    ICS + "rule": ("rule", 0.7),
    DCTERMS + "description": ("description", 0.65),
    SKOS + "scopeNote": ("note", 0.6),
    SKOS + "example": ("example", 0.55),
}
# Kinds whose labels repeat what they relate; a thing of such a kind counts less.
_RELATIONS: Final = frozenset(
    ICS + name
    for name in (
        "AreaOverlap", "AuthorityInArea", "DistrictInArea", "PartnerBoard", "Observation", "SeverityRow", "Mention",
        "SuccessionEvent", "HealthAndWellbeingBoardRequirement", "LocalHealthwatchRequirement", "Change",
    )
)  # fmt: skip
_CONCEPT: Final = SKOS + "Concept"
_LESS: Final = 0.8


def find(opened: Opened, words: str, *, kind: str = "", limit: int = 20) -> list[Hit]:
    """Find things by words of their names, codes, definitions, paraphrases and rules, the best first."""
    index = open_index(cache_folder(), opened.version, lambda: entries(opened.store))
    try:
        return search(index, words, kind=kind, limit=limit)
    finally:
        index.close()


def entries(store: ox.Store) -> Iterator[Entry]:
    """Give every text of every named thing, with the thing's kind and label."""
    kinds: dict[str, str] = {}
    for row in rows(store, "SELECT ?x ?type WHERE { ?x a ?type FILTER(isIRI(?x) && isIRI(?type)) } ORDER BY ?type"):
        thing, kind = text(row["x"]), text(row["type"])
        if thing not in kinds or (kind.startswith(ICS) and not kinds[thing].startswith(ICS)):
            kinds[thing] = kind
    for row in rows(store, "SELECT ?x ?scheme WHERE { ?x skos:inScheme ?scheme FILTER(isIRI(?x)) } ORDER BY ?scheme"):
        if kinds.get(text(row["x"])) == _CONCEPT:
            kinds[text(row["x"])] = text(row["scheme"])  # "concept" would say little
    names = {iri.value: name.value for iri, name in labels_in(store, map(ox.NamedNode, set(kinds.values()))).items()}
    labels: dict[str, str] = {}
    found: list[tuple[str, str, str]] = []
    for prop in FIELDS:
        for quad in store.quads_for_pattern(None, ox.NamedNode(prop), None, ox.DefaultGraph()):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                found.append((quad.subject.value, prop, quad.object.value))
                if FIELDS[prop][0] == "label":
                    labels.setdefault(quad.subject.value, quad.object.value)
    for thing, prop, said in dict.fromkeys(found):
        kind = kinds.get(thing, "")
        last = kind.rpartition("#")[2].rpartition("/")[2]
        field, weight = FIELDS[prop]
        counts = weight * (_LESS if kind in _RELATIONS else 1.0)
        yield Entry(thing, names.get(kind, last), labels.get(thing, ""), field, counts, said)
