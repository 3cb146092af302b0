# SPDX-License-Identifier: Apache-2.0
"""What a user asks to export (a system, classes, topics, a day, a named graph, a query) to the content that it means.

Each kind of choice gives things, and only what is stated about things of all of them is exported. A system is its
board, its partnership, their areas, the councils in them on the day with their health and wellbeing boards, and what
names one of these but the councils; and of users' records also what is linked to such records, except other systems
and councils, and records that belong to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import pyoxigraph as ox

from icsgraph.exports.content import MERGED, Content, Node
from icsgraph.exports.frames import get
from icsgraph.law.bodies import Resolver, find_body
from icsgraph.law.population import twins, with_authorities
from icsgraph.model.errors import ExportError
from icsgraph.model.namespaces import ICS, PREFIXES, RDF
from icsgraph.store.opened import Opened
from icsgraph.store.select import Term, rows

_TYPE: Final = ox.NamedNode(RDF + "type")
_NAMES_SYSTEM: Final = ox.NamedNode(ICS + "namesSystem")
_SYSTEMS: Final = ("IntegratedCareBoard", "IntegratedCarePartnership", "LocalAuthority")
_AREA: Final = ox.NamedNode(ICS + "hasArea")


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked for: nothing asked is everything. ``graph`` is the IRI or file name of a named graph.

    ``frame`` is the name of a frame of JSON-LD, which chooses the things of its class.
    """

    systems: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    day: date | None = None
    graph: str = ""
    construct: str = ""
    frame: str = ""

    def words(self) -> str:
        """Say what was chosen, as it was typed."""
        told = [f"{name} {' or '.join(given)}" for name, given in (
            ("system", self.systems), ("class", self.classes), ("topic", self.topics),
        ) if given]  # fmt: skip
        told += [f"held on {self.day}"] if self.day else []
        told += [f"stated in {self.graph}"] if self.graph else []
        told += [f"framed as {self.frame}"] if self.frame else []
        return "; ".join([*told, "made by a query"] if self.construct else told)


def choose(opened: Opened, choice: Choice, *, canonical: bool = False) -> Content:
    """Give the content that a choice means.

    Raises:
        ExportError: E941 when a query is given with other choices, or none of a choice's things is there; E945 when
            there is no such class or named graph, or the query is no CONSTRUCT.
        LookupFailed: E401, E402 when a system or a topic is not known.
    """
    words = choice.words()
    if choice.construct:
        if choice != Choice(construct=choice.construct):
            what = "a query says by itself what to export"
            raise ExportError("E941", "--construct", what, "Leave the other choices out, or put them into the query.")
        return Content(opened, made=_made(opened.store, choice.construct), canonical=canonical, choice=words)
    graph = _graph(opened.store, choice.graph) if choice.graph else None
    sets: list[set[Node]] = []
    if choice.systems:
        sets.append(_of_systems(opened, choice.systems, choice.day or opened.as_at))
    for classes in filter(None, (choice.classes, get(choice.frame).classes if choice.frame else ())):
        sets.append({node for typed in classes for node in _of_class(opened.store, typed)})
    if choice.topics:
        sets.append(_of_topics(opened, choice.topics))
    if not sets and choice.day:
        sets.append(_roots(opened.store, graph or MERGED))
    if not sets:
        return Content(opened, graph=graph, canonical=canonical, choice=words)
    subjects = set.intersection(*sets)
    gone = _not_held(opened.store, choice.day) if choice.day else set()
    subjects -= gone
    if not subjects:
        raise ExportError("E941", words, "nothing in the graph is all of this", "Ask for less at once.")
    return Content(
        opened,
        frozenset(subjects),
        graph,
        canonical=canonical,
        choice=words,
        frame=choice.frame,
        not_held=frozenset(gone),
    )


def _made(store: ox.Store, query: str) -> tuple[ox.Triple, ...]:
    try:
        found = store.query(query, prefixes=PREFIXES)
    except (SyntaxError, ValueError) as error:
        raise ExportError("E945", "--construct", f"the query cannot be run: {error}", "Correct it.") from error
    if not isinstance(found, ox.QueryTriples):
        raise ExportError("E945", "--construct", "the query makes no triples", "Give a CONSTRUCT or DESCRIBE query.")
    made = tuple(sorted(set(found), key=str))
    if not made:
        raise ExportError("E941", "--construct", "the query makes nothing", "Ask for more.")
    return made


def _graph(store: ox.Store, typed: str) -> ox.NamedNode:
    wanted = typed.strip("<>")
    names = sorted(name.value for name in store.named_graphs() if isinstance(name, ox.NamedNode))
    fitting = [name for name in names if name == wanted or name.endswith("/" + wanted)]
    if len(fitting) == 1:
        return ox.NamedNode(fitting[0])
    near = ", ".join(fitting or [name.partition("/file/")[2] or name for name in names])
    what = "more than one named graph has this name" if fitting else "no named graph has this name"
    raise ExportError("E945", typed, what, f"There are: {near}.")


def _of_class(store: ox.Store, typed: str) -> set[Node]:
    prefix, colon, local = typed.strip("<>").partition(":")
    iri = PREFIXES[prefix] + local if colon and prefix in PREFIXES else typed.strip("<>") if colon else ICS + typed
    label = ox.Literal(typed.lower())
    classes = rows(
        store,
        f"""SELECT DISTINCT ?c WHERE {{ ?c a owl:Class ; rdfs:label ?l
        FILTER (STR(?c) = {ox.Literal(iri)} || LCASE(STR(?l)) = {label}) }}""",
    )
    if not classes:
        mend = "Give its name, such as IntegratedCareBoard or qb:Observation, or its label."
        raise ExportError("E945", typed, "there is no such class", mend)
    todo, seen = [row["c"] for row in classes], set()
    while todo:
        seen.add(each := todo.pop())
        below = store.quads_for_pattern(None, ox.NamedNode(PREFIXES["rdfs"] + "subClassOf"), each, MERGED)
        todo += [quad.subject for quad in below if isinstance(quad.subject, ox.NamedNode) and quad.subject not in seen]
    return {quad.subject for each in seen for quad in store.quads_for_pattern(None, _TYPE, each, MERGED)
            if isinstance(quad.subject, ox.NamedNode)}  # fmt: skip


def _of_topics(opened: Opened, typed: Iterable[str]) -> set[Node]:
    """The topics, those below them, and whatever names one of them."""
    resolver = Resolver(opened.store, opened.as_at)
    found: set[Node] = set()
    for each in typed:
        topic = resolver.topic(each)
        below = rows(opened.store, f"SELECT DISTINCT ?t WHERE {{ ?t skos:broader* {topic} }}")
        found |= {topic, *(row["t"] for row in below)}
    return found | _naming(opened.store, found)


def _roots(store: ox.Store, graph: ox.NamedNode | ox.DefaultGraph) -> set[Node]:
    """Everything that is told of, but for blank nodes that hang on something: they come with it."""
    subjects: set[Node] = set()
    hanging: set[Term] = set()
    for quad in store.quads_for_pattern(None, None, None, graph):
        subjects.add(quad.subject)
        if isinstance(quad.object, ox.BlankNode):
            hanging.add(quad.object)
    return subjects - hanging


def _naming(store: ox.Store, things: Iterable[Node]) -> set[Node]:
    return {quad.subject for thing in things for quad in store.quads_for_pattern(None, None, thing, MERGED)
            if isinstance(quad.subject, ox.NamedNode)}  # fmt: skip


def _of_systems(opened: Opened, typed: Sequence[str], day: date) -> set[Node]:
    store = opened.store
    same = twins(store)
    meant = [find_body(store, each, "body").value for each in typed]
    bodies = {body for iri in meant for body in same.get(iri, {iri})}
    core: set[Node] = {ox.NamedNode(iri) for iri in bodies}
    core |= {quad.object for body in list(core) for quad in store.quads_for_pattern(body, _AREA, None, MERGED)
             if isinstance(quad.object, ox.NamedNode)}  # fmt: skip
    councils: set[Node] = {ox.NamedNode(iri) for iri in with_authorities(store, bodies, day.isoformat())}
    core |= _of_class(store, "HealthAndWellbeingBoard") & _naming(store, councils)
    records = _naming(store, core)
    elsewhere = _elsewhere(store, core | councils)
    return (core | councils | _linked(opened, records - elsewhere, core | councils, elsewhere)) - elsewhere


def _elsewhere(store: ox.Store, own: set[Node]) -> set[Node]:
    """Other systems and councils, and records that name one of them and none of these."""
    named: dict[Node, bool] = {}
    for marked in store.quads_for_pattern(None, _NAMES_SYSTEM, None, MERGED):
        if isinstance(marked.subject, ox.NamedNode):
            for quad in store.quads_for_pattern(None, marked.subject, None, MERGED):
                if isinstance(quad.subject, ox.NamedNode):
                    named[quad.subject] = named.get(quad.subject, False) or quad.object in own
    others = {body for kind in _SYSTEMS for body in _of_class(store, kind)} - own
    return others | {record for record, ours in named.items() if not ours}


def _linked(opened: Opened, records: set[Node], own: set[Node], elsewhere: set[Node]) -> set[Node]:
    """Follow links both ways among what users' files describe, from records on; none leads through a body."""
    store = opened.store
    described = {quad.subject for file in opened.files
                 for quad in store.quads_for_pattern(None, None, None, file.graph)}  # fmt: skip
    ends_here = own | elsewhere
    bodies = _of_class(store, "Body")
    found, todo = set(records), list((records & described) - bodies)
    while todo:
        node = todo.pop()
        ends = [quad.object for quad in store.quads_for_pattern(node, None, None, MERGED)]
        ends += [quad.subject for quad in store.quads_for_pattern(None, None, node, MERGED)]
        for end in ends:
            if isinstance(end, Node) and end in described and end not in found and end not in ends_here:
                found.add(end)
                todo += [end] if end not in bodies else []
    return {node for node in found if isinstance(node, ox.NamedNode)}


def _not_held(store: ox.Store, day: date) -> set[Node]:
    """What certainly did not hold on a day: ended before it, or began after it."""
    held = str(ox.Literal(day.isoformat()))
    found = rows(store, f"SELECT ?x WHERE {{ ?x ics:earliestFirstDay ?d FILTER (STR(?d) > {held}) }}")
    found += rows(store, f"SELECT ?x WHERE {{ ?x ics:latestLastDay ?d FILTER (STR(?d) < {held}) }}")
    return {row["x"] for row in found}
