# SPDX-License-Identifier: Apache-2.0
"""One thing, and all that the graph says of it: kinds, dates, what came before and after, links both ways, sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import unquote

import pyoxigraph as ox

from icsgraph.law.bodies import find_body
from icsgraph.law.places import Places
from icsgraph.model.dates import OPEN_END, OPEN_START
from icsgraph.model.errors import LookupFailed
from icsgraph.model.namespaces import DCTERMS, ICS, ICSC, ICSG, ORG, PREFIXES, PROV, RDF, RDFS, SKOS
from icsgraph.store.opened import Opened
from icsgraph.store.select import rows, text

_BOUNDS: Final = ("earliestFirstDay", "latestFirstDay", "earliestLastDay", "latestLastDay")
_DATES: Final = frozenset(
    ICS + name for name in (*_BOUNDS, "firstDay", "lastDay", "dayAfterEarliestLast", "dayAfterLatestLast")
)
_MEANING: Final = (SKOS + "definition", ICS + "paraphrase", DCTERMS + "description")
_TO_EARLIER: Final = tuple(f"<{name}>" for name in (
    ICS + "revises", ICS + "supersedes", ICS + "followsPredecessor", ICS + "succeeds", DCTERMS + "replaces",
    PROV + "wasRevisionOf",
))  # fmt: skip
_TO_LATER: Final = (f"<{ICS}isRevisedBy>", f"<{DCTERMS}isReplacedBy>")


@dataclass(frozen=True, slots=True)
class Link:
    """One statement: the property and the other end, with their labels; ``other`` is empty for a literal."""

    property: str
    property_label: str
    other: str
    label: str


@dataclass(frozen=True, slots=True)
class Description:
    """What is said of a thing as at a day.

    ``valid`` says in words when it held; ``before`` and ``after`` are what it came from and what came of it. Links are
    sorted; ``incoming`` is cut at the limit asked for, ``incoming_total`` says how many there are. ``sources`` gives
    for each file the number of statements about the thing; ``derived`` is how many are in no file. ``triples`` are the
    statements, those of ``incoming`` included, with the names of everything in them.
    """

    iri: str
    label: str
    kinds: tuple[str, ...]
    meaning: str
    valid: str
    before: tuple[Link, ...]
    after: tuple[Link, ...]
    outgoing: tuple[Link, ...]
    incoming: tuple[Link, ...]
    incoming_total: int
    sources: tuple[tuple[str, int], ...]
    derived: int
    as_at: date
    triples: tuple[ox.Triple, ...]


def describe(opened: Opened, thing: str, limit: int) -> Description:
    """Describe what a code, name, constraint id, prefixed name or IRI means.

    Raises:
        LookupFailed: E401 when it means nothing in the graph, E402 when it means more than one thing.
    """
    node = _resolve(opened.store, thing)
    places = Places(opened)
    said = [q.triple for q in opened.store.quads_for_pattern(node, None, None, ox.DefaultGraph())]
    to_it = [q.triple for q in opened.store.quads_for_pattern(None, None, node, ox.DefaultGraph())]
    incoming = sorted((_link(places, t.predicate, t.subject) for t in to_it), key=_order)
    shown = {(link.property, link.other) for link in incoming[:limit]}
    kept = [t for t in to_it if (t.predicate.value, text(t.subject)) in shown]
    sources, derived = _sources(opened, node, said)
    return Description(
        iri=node.value,
        label=places.label(node.value),
        kinds=tuple(sorted(places.label(text(t.object)) for t in said if t.predicate.value == RDF + "type")),
        meaning=next((text(t.object) for prop in _MEANING for t in said if t.predicate.value == prop), ""),
        valid=_valid(said, opened.as_at),
        before=_chain(opened, places, node, _TO_EARLIER, _TO_LATER, "resulting", "original"),
        after=_chain(opened, places, node, _TO_LATER, _TO_EARLIER, "original", "resulting"),
        outgoing=tuple(sorted((_link(places, t.predicate, t.object) for t in said if _is_shown(t)), key=_order)),
        incoming=tuple(incoming[:limit]),
        incoming_total=len(incoming),
        sources=sources,
        derived=derived,
        as_at=opened.as_at,
        triples=tuple(_with_names(opened.store, [*said, *kept])),
    )


def _is_shown(triple: ox.Triple) -> bool:
    return triple.predicate.value not in _DATES | {RDF + "type"}


def _link(places: Places, prop: ox.NamedNode, other: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Link:
    label = places.label(text(other)) if isinstance(other, ox.NamedNode) else text(other)
    return Link(prop.value, places.label(prop.value), other.value if isinstance(other, ox.NamedNode) else "", label)


def _order(link: Link) -> tuple[str, str, str]:
    return link.property_label, link.label, link.other


def _valid(said: Iterable[ox.Triple], as_at: date) -> str:
    """Say in words when the thing held; empty when it has no first and last day."""
    found = {t.predicate.value.removeprefix(ICS): text(t.object) for t in said}
    if not set(_BOUNDS) <= set(found):
        return ""
    first, first_latest, last_earliest, last = (found[name] for name in _BOUNDS)
    start = "" if first == OPEN_START.isoformat() else f"from {_between(first, first_latest)}"
    end = "" if last == OPEN_END.isoformat() else f"to {_between(last_earliest, last)}"
    day = as_at.isoformat()
    state = "not begun" if day < first else "ended" if day > last else "holds"
    if (first <= day < first_latest) or (last_earliest < day <= last):
        state = "may hold"
    return f"{' '.join(part for part in (start, end) if part) or 'always'} ({state} on {day})"


def _between(one: str, other: str) -> str:
    return one if one == other else f"a day between {one} and {other}"


def _chain(
    opened: Opened, places: Places, node: ox.NamedNode, there: Iterable[str], back: Iterable[str], own: str, far: str
) -> tuple[Link, ...]:
    """What the thing follows, or what follows it: by change events, and by properties in either direction."""
    found = {
        Link(
            ORG + f"{far}Organization",
            f"{places.label(text(row['kind'])) if row['kind'] else 'change'} on {text(row['day'])}",
            text(row["other"]), places.label(text(row["other"])),
        )
        for row in rows(opened.store, f"""SELECT DISTINCT ?other ?day ?kind WHERE {{
            ?event org:{own}Organization <{node.value}> ; org:{far}Organization ?other ; ics:earliestDay ?day
            OPTIONAL {{ ?event ics:changeKind ?kind }} FILTER(?other != <{node.value}>) }}""")
    }  # fmt: skip
    path = "|".join((*there, *(f"^{prop}" for prop in back)))
    for row in rows(
        opened.store, f"SELECT DISTINCT ?other WHERE {{ <{node.value}> {path} ?other FILTER(isIRI(?other)) }}"
    ):
        found.add(Link("", "", text(row["other"]), places.label(text(row["other"]))))
    return tuple(sorted(found, key=_order))


def _sources(opened: Opened, node: ox.NamedNode, said: Iterable[ox.Triple]) -> tuple[tuple[tuple[str, int], ...], int]:
    """Count the statements about the thing by file, or by another named graph, and those that none holds."""
    counts: Counter[str] = Counter()
    in_files = set()
    for quad in opened.store.quads_for_pattern(node, None, None, None):
        graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ICSG
        if graph.startswith(ICSG + "file/") or not graph.startswith(ICSG):  # others hold what was worked out
            counts[unquote(graph.removeprefix(ICSG + "file/"))] += 1
            in_files.add(quad.triple)
    return tuple(sorted(counts.items())), len(set(said) - in_files)


def _with_names(store: ox.Store, triples: list[ox.Triple]) -> Iterable[ox.Triple]:
    """Add what blank nodes stand for, and the label of each IRI."""
    seen: set[ox.NamedNode | ox.BlankNode] = set()
    queue = list(triples)
    label = ox.NamedNode(RDFS + "label")
    while queue:
        triple = queue.pop()
        yield triple
        for term in (triple.subject, triple.predicate, triple.object):
            if isinstance(term, ox.NamedNode | ox.BlankNode) and term not in seen:
                seen.add(term)
                wanted = label if isinstance(term, ox.NamedNode) else None
                queue += [q.triple for q in store.quads_for_pattern(term, wanted, None, ox.DefaultGraph())]


def _resolve(store: ox.Store, thing: str) -> ox.NamedNode:
    prefix, colon, local = thing.partition(":")
    for iri in (
        thing.strip("<>") if "://" in thing else "",
        PREFIXES[prefix] + local if colon and prefix in PREFIXES else "",
        ICSC + thing.upper() if " " not in thing else "",
    ):
        if iri:
            node = _node(iri)
            if node and next(store.quads_for_pattern(node, None, None, ox.DefaultGraph()), None):
                return node
    if "://" in thing or (colon and prefix in PREFIXES):
        raise LookupFailed("E401", thing, "the graph says nothing of it", "Check the IRI, or give a code or a name.")
    return find_body(store, thing, "body")


def _node(iri: str) -> ox.NamedNode | None:
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None
