# SPDX-License-Identifier: Apache-2.0
"""Every date in a store, normalised to the earliest and the latest day it can mean.

Which properties hold dates, and which hold their bounds, is read from annotations of the ontology
(``ics:hasEarliestBound``, ``ics:hasLatestBound``, ``ics:openMeans``), so a new date property needs no code here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from icsgraph.model.dates import interval
from icsgraph.model.namespaces import ICS, ICSG, RDF, RDFS, XSD
from icsgraph.store.select import rows

DATES_GRAPH: Final = ox.NamedNode(ICSG + "dates")
_DATE: Final = ox.NamedNode(XSD + "date")


@dataclass(frozen=True, slots=True)
class BoundedProperty:
    """A date property with the properties that hold its bounds; ``open_means`` is what a missing value means."""

    earliest: ox.NamedNode
    latest: ox.NamedNode
    open_means: str | None


def bounded_properties(store: ox.Store) -> dict[ox.NamedNode, BoundedProperty]:
    """Read from the ontology in the store which properties are dates; empty when no ontology is loaded."""
    found = rows(
        store,
        f"SELECT ?p ?e ?l ?o WHERE {{ ?p <{ICS}hasEarliestBound> ?e ; <{ICS}hasLatestBound> ?l"
        f" OPTIONAL {{ ?p <{ICS}openMeans> ?o }} }}",
    )
    return {row["p"]: BoundedProperty(row["e"], row["l"], row["o"].value if row["o"] else None) for row in found}


def add_bounds(store: ox.Store) -> int:
    """Add the bounds of every date in the default graph to it and to the graph of dates; give their number.

    A literal that is no date of its datatype gets no bounds: the shapes for the form of records report it.
    An instance of ``ics:Enduring`` without a first or a last day gets the open bound.
    """
    properties = bounded_properties(store)
    made = list(_from_literals(store, properties))
    store.extend(made)
    opened = list(_open_ends(store, properties))
    store.extend(opened)
    store.extend(ox.Quad(q.subject, q.predicate, q.object, DATES_GRAPH) for q in (*made, *opened))
    return len(made) + len(opened)


def _from_literals(store: ox.Store, properties: dict[ox.NamedNode, BoundedProperty]) -> Iterator[ox.Quad]:
    for prop, bounds in properties.items():
        for quad in store.quads_for_pattern(None, prop, None, ox.DefaultGraph()):
            value = quad.object
            days = interval(value.value, value.datatype.value) if isinstance(value, ox.Literal) else None
            if days:
                yield ox.Quad(quad.subject, bounds.earliest, ox.Literal(days.earliest.isoformat(), datatype=_DATE))
                yield ox.Quad(quad.subject, bounds.latest, ox.Literal(days.latest.isoformat(), datatype=_DATE))


def _open_ends(store: ox.Store, properties: dict[ox.NamedNode, BoundedProperty]) -> Iterator[ox.Quad]:
    enduring = set(_instances(store, ox.NamedNode(ICS + "Enduring")))
    for prop, bounds in properties.items():
        if bounds.open_means is None:
            continue
        day = ox.Literal(bounds.open_means, datatype=_DATE)
        stated = {q.subject for q in store.quads_for_pattern(None, prop, None, ox.DefaultGraph())}
        for node in enduring - stated:
            yield ox.Quad(node, bounds.earliest, day)
            yield ox.Quad(node, bounds.latest, day)


def _instances(store: ox.Store, top: ox.NamedNode) -> Iterable[ox.NamedNode | ox.BlankNode]:
    found = rows(store, f"SELECT DISTINCT ?x WHERE {{ ?c <{RDFS}subClassOf>* <{top.value}> . ?x <{RDF}type> ?c }}")
    return (row["x"] for row in found)
