# SPDX-License-Identifier: Apache-2.0
"""Whom each constraint looks at: population and applicability queries, narrowed to the systems of a check."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import pyoxigraph as ox

from icsgraph.model.errors import ShapesError
from icsgraph.model.namespaces import ICS, ICSG, RDF
from icsgraph.store.select import rows
from icsgraph.store.select import text as term_text

Pair: TypeAlias = tuple[str, str]
_SYSTEMS: Final = (ox.NamedNode(ICS + "IntegratedCareBoard"), ox.NamedNode(ICS + "IntegratedCarePartnership"))
_FILES: Final = ICSG + "file/"


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a population: the system whose records it belongs to, and the day by which law is chosen."""

    system: str
    judged_on: str


def population(store: ox.Store, constraint: str, query: str) -> dict[Pair, Member]:
    """Run a population query; a constraint that judges nodes alone has an empty second part in each pair.

    Raises:
        ShapesError: E313, when the query cannot be run.
    """
    members = {}
    for row in _run(store, constraint, query):
        focus, value, system, day = (_text(row, name) for name in ("this", "value", "system", "judgedOn"))
        members[focus, value] = Member(system, day)
    return members


def applicable(store: ox.Store, constraint: str, query: str) -> set[Pair]:
    """Run an applicability query: the pairs to which the constraint applies."""
    return {(_text(row, "this"), _text(row, "value")) for row in _run(store, constraint, query)}


def _run(store: ox.Store, constraint: str, query: str) -> Iterable[ox.QuerySolution]:
    try:
        return rows(store, query)
    except (SyntaxError, ValueError) as error:
        raise ShapesError(
            "E313", constraint, f"its population cannot be asked for: {error}", "Correct the query's file."
        ) from error


def _text(row: ox.QuerySolution, name: str) -> str:
    try:
        term = row[name]
    except (KeyError, ValueError):
        return ""
    return term_text(term) if term is not None else ""


def twins(store: ox.Store) -> dict[str, set[str]]:
    """Give, for each board and partnership, itself and the other: records of one are records of the system."""
    made: dict[str, set[str]] = {}
    for quad in store.quads_for_pattern(None, ox.NamedNode(ICS + "isPartnershipOf"), None, ox.DefaultGraph()):
        if not (isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode)):
            continue
        pair = (quad.subject.value, quad.object.value)
        for one in pair:
            made.setdefault(one, {one}).update(pair)
    return made


def with_authorities(store: ox.Store, systems: Collection[str], day: str) -> set[str]:
    """Give systems with the councils that lie, or may lie, in the area of one of them on a day (ISO).

    A council's own records (its assessments, local strategies, decisions) are its own, and whoever looks at a system
    looks at them too. A divided council is in every system that it shares ground with.
    """
    found = rows(store, lying_in(systems, day)) if systems else ()
    return set(systems) | {term_text(row["council"]) for row in found}


def lying_in(systems: Collection[str], day: str) -> str:
    """Give the query for the councils that lie, or may lie, in the areas of some systems on a day (ISO)."""
    these = " ".join(f"<{iri}>" for iri in sorted(systems))
    return f"""SELECT DISTINCT ?council WHERE {{
        VALUES ?system {{ {these} }} ?fact <{ICS}inAreaOf>|<{ICS}inBoardArea> ?system .
        ?fact <{ICS}ofAuthority>|<{ICS}ofDistrict> ?council ; <{ICS}earliestFirstDay> ?first ;
            <{ICS}latestLastDay> ?last .
        FILTER (STR(?first) <= "{day}" && "{day}" <= STR(?last) && isIRI(?council)) }}"""


def systems_of(store: ox.Store, same: Mapping[str, set[str]], day: str) -> set[str]:
    """Give the systems that users' files keep records of; empty when they name and describe none.

    A record belongs to the systems that its properties marked ``ics:namesSystem`` in the ontology name. Files that hold
    no such record keep those of the boards and partnerships that they describe. The councils that lie in the areas of
    these on a day (ISO) belong to them, since what is missing of theirs must not go unsaid. What is no IRI names
    nothing: the forms of records report it.
    """
    marked = store.quads_for_pattern(None, ox.NamedNode(ICS + "namesSystem"), None, ox.DefaultGraph())
    properties = [quad.subject for quad in marked if term_text(quad.object) == "true"]
    named = {
        quad.object.value for prop in properties if isinstance(prop, ox.NamedNode)
        for quad in store.quads_for_pattern(None, prop, None, None)
        if _by_user(quad) and isinstance(quad.object, ox.NamedNode)
    }  # fmt: skip
    described = {
        quad.subject.value for kind in _SYSTEMS
        for quad in store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), kind, None)
        if _by_user(quad) and isinstance(quad.subject, ox.NamedNode)
    }  # fmt: skip
    return with_authorities(store, with_twins(named or described, same), day)


def with_twins(systems: Collection[str], same: Mapping[str, set[str]]) -> set[str]:
    """Give boards and partnerships with those that belong together with them."""
    return {twin for one in systems for twin in same.get(one, {one})}


def _by_user(quad: ox.Quad) -> bool:
    return isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value.startswith(_FILES)
