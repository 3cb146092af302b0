# SPDX-License-Identifier: Apache-2.0
"""Every date in a store, normalised to the earliest and the latest day it can mean.

Which properties hold dates, and which hold their bounds, is read from annotations of the ontology
(``ics:hasEarliestBound``, ``ics:hasLatestBound``, ``ics:openMeans``), so a new date property needs no code here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from icsgraph.model.dates import interval
from icsgraph.model.namespaces import ICS, ICSG, RDF, RDFS, XSD
from icsgraph.store.load import add_lines
from icsgraph.store.select import rows

DATES_GRAPH: Final = ox.NamedNode(ICSG + "dates")
_DATE: Final = ox.NamedNode(XSD + "date")
_TYPE: Final = ox.NamedNode(RDF + "type")


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


def add_bounds(store: ox.Store, quads: Sequence[ox.Quad]) -> int:
    """Add the bounds of every date in some quads to the default graph and to the graph of dates; give their number.

    A literal that is no date of its datatype gets no bounds: the shapes for the form of records report it.
    An instance of ``ics:Enduring`` without a first or a last day gets the open bound.

    Args:
        store: has the ontology, which says which properties are dates, and the quads.
        quads: what was loaded; what was there before has its bounds already.
    """
    properties = bounded_properties(store)
    made = [*_from_literals(quads, properties), *_open_ends(store, quads, properties)]
    lines = "".join(f"{q.subject} {q.predicate} {q.object} .\n" for q in made)
    add_lines(store, lines.encode(), (ox.DefaultGraph(), DATES_GRAPH))
    return len(made)


def close_open_ends(store: ox.Store, quads: Sequence[ox.Quad]) -> bool:
    """Take away open bounds of nodes that some quads close, such as a council's that a newer file says has ended.

    Args:
        store: has the ontology, and nodes whose bounds were worked out without the quads.
        quads: what was loaded after.

    Returns:
        Whether any was closed: what was derived from open ones must then be derived anew.
    """
    ends = {prop: bounds for prop, bounds in bounded_properties(store).items() if bounds.open_means is not None}
    closed: list[ox.Quad] = []
    for quad in quads:
        if (bounds := ends.get(quad.predicate)) is not None:
            day = ox.Literal(str(bounds.open_means), datatype=_DATE)
            for prop in (bounds.earliest, bounds.latest):
                closed += store.quads_for_pattern(quad.subject, prop, day, None)
    for quad in closed:
        store.remove(quad)
    return bool(closed)


def with_dates(store: ox.Store, graphs: Iterable[ox.NamedNode | ox.DefaultGraph]) -> list[ox.Quad]:
    """Give the triples of some graphs that bounds are made from: what is stated, and kinds of things."""
    kinds = _enduring(store)
    wanted = [(prop, None) for prop in bounded_properties(store)] + [(_TYPE, kind) for kind in kinds]
    return [
        ox.Quad(quad.subject, quad.predicate, quad.object)
        for graph in graphs
        for prop, value in wanted
        for quad in store.quads_for_pattern(None, prop, value, graph)
    ]


def _enduring(store: ox.Store) -> set[ox.NamedNode]:
    found = rows(store, f"SELECT ?c WHERE {{ ?c <{RDFS}subClassOf>* <{ICS}Enduring> }}")
    return {row["c"] for row in found if isinstance(row["c"], ox.NamedNode)}


def _from_literals(quads: Sequence[ox.Quad], properties: dict[ox.NamedNode, BoundedProperty]) -> Iterator[ox.Quad]:
    for quad in quads:
        bounds, value = properties.get(quad.predicate), quad.object
        days = interval(value.value, value.datatype.value) if bounds and isinstance(value, ox.Literal) else None
        if bounds and days:
            yield ox.Quad(quad.subject, bounds.earliest, ox.Literal(days.earliest.isoformat(), datatype=_DATE))
            yield ox.Quad(quad.subject, bounds.latest, ox.Literal(days.latest.isoformat(), datatype=_DATE))


def _open_ends(
    store: ox.Store, quads: Sequence[ox.Quad], properties: dict[ox.NamedNode, BoundedProperty]
) -> Iterator[ox.Quad]:
    classes = _enduring(store)
    enduring = {q.subject for q in quads if q.predicate == _TYPE and q.object in classes}
    for prop, bounds in properties.items():
        if bounds.open_means is None:
            continue
        day = ox.Literal(bounds.open_means, datatype=_DATE)
        stated = {q.subject for q in quads if q.predicate == prop}
        for node in enduring - stated:
            yield ox.Quad(node, bounds.earliest, day)
            yield ox.Quad(node, bounds.latest, day)
