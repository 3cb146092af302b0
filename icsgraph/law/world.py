# SPDX-License-Identifier: Apache-2.0
"""A copy of a graph in which a change to boards has been made: areas, overlaps, bodies, and all that follows by rule.

What the rows of the change are and how they are made true is in ``queries/whatif/``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

import pyoxigraph as ox

from icsgraph.law.changes import KIND, Change, Event, query
from icsgraph.law.pieces import Piece, SmallAreas, assign, pieces_on, summed
from icsgraph.model.errors import LookupFailed
from icsgraph.model.namespaces import BASE, ID
from icsgraph.rules import DERIVED_GRAPH, derive, read_rules
from icsgraph.store import shipped
from icsgraph.store.context import set_context
from icsgraph.store.opened import Opened
from icsgraph.store.select import rows, text

_ROW: Final = BASE + "what-if/"
_ROWS: Final = ox.NamedNode(_ROW + "rows")


@dataclass(slots=True)
class Outcome:
    """What became of the boards: those ended, begun and changed (IRIs), and the events as they came out."""

    ended: set[str] = field(default_factory=set)
    begun: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    events: list[tuple[Event, int | None]] = field(default_factory=list)


def copy_of(opened: Opened, as_at: date | None = None) -> Opened:
    """Give a copy in memory that can be changed, with users' files in their graphs, as at another day if need be."""
    store = ox.Store()
    graphs: list[ox.NamedNode | ox.DefaultGraph] = [ox.DefaultGraph(), DERIVED_GRAPH]
    for graph in (*graphs, *(file.graph for file in opened.files)):
        store.bulk_extend(opened.store.quads_for_pattern(None, None, None, graph))
    day = as_at or opened.as_at
    return Opened(store, day, opened.version, opened.files, set_context(store, day))


def rederive(store: ox.Store) -> None:
    """Take away what rules had derived, and derive it anew."""
    store.update(
        f"DELETE {{ ?s ?p ?o }} WHERE {{ GRAPH {DERIVED_GRAPH} {{ ?s ?p ?o }} }} ; CLEAR GRAPH {DERIVED_GRAPH}"
    )
    derive(store, read_rules(shipped.files("ontology/rules", "*.rq")))


def leave_out_later(store: ox.Store, day: date) -> None:
    """Leave out what is known of boards from a day on, so that those of the day before go on."""
    store.update(query("leave-out-later.ru", day, date.fromordinal(day.toordinal() - 1)))


def change_world(store: ox.Store, change: Change) -> Outcome:
    """Make a change in a store, and derive anew what follows from areas.

    Later known changes to boards are left out, so that the change is made to the world as it stood the day before.

    Raises:
        LookupFailed: E432, where the events do not fit the ground; E433, where the day has no boards.
    """
    day, eve = change.day, date.fromordinal(change.day.toordinal() - 1)
    leave_out_later(store, day)
    areas = {text(row["board"]): text(row["area"]) for row in rows(store, query("boards.rq", eve))}
    if not areas:
        raise LookupFailed(
            "E433", f"--on {day}", "there was no integrated care board the day before", "Give a later day."
        )
    before = pieces_on(store, eve, areas)
    after, events = assign(before, change.events, areas, SmallAreas(store, eve, areas))
    outcome = _outcome(before, after, events, set(areas))
    store.bulk_extend(_described(outcome, areas, after, before))
    store.update(query("apply.ru", day, eve))
    for quad in list(store.quads_for_pattern(None, None, None, _ROWS)):
        store.remove(quad)
        store.remove(ox.Quad(quad.subject, quad.predicate, quad.object))
    rederive(store)
    return outcome


def _outcome(
    before: list[Piece], after: list[tuple[Piece, str]], events: list[tuple[Event, int | None]], boards: set[str]
) -> Outcome:
    takers = {event.result for event, _ in events}
    givers = {event.original for event, _ in events}
    keep = {board for _, board in after}
    ended = {board for board in givers if board not in keep}
    made = Outcome(ended, takers - boards, (takers | givers) & boards - ended)
    for event, count in events:
        whole = sum(1 for other, _ in events if other.original == event.original) == 1 and event.original in ended
        goes_on = event.original not in ended or (event.result in boards and not whole)
        kind = event.kind or KIND + ("merger" if whole else "boundary-change" if goes_on else "split")
        made.events.append((replace(event, kind=kind), count))
    return made


def _described(
    outcome: Outcome, areas: Mapping[str, str], after: list[tuple[Piece, str]], before: list[Piece]
) -> Iterator[ox.Quad]:
    """The rows that ``apply.ru`` reads, in the default graph and in a graph of their own."""
    for triple in _rows(outcome, areas, after, before):
        yield ox.Quad(*triple)
        yield ox.Quad(*triple, _ROWS)


def _rows(
    outcome: Outcome, areas: Mapping[str, str], after: list[tuple[Piece, str]], before: list[Piece]
) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]:
    for board in sorted(outcome.ended):
        yield _node(board), _row("endedBoard"), _node(board)
    for board in sorted(outcome.ended | outcome.changed):
        yield _node(board), _row("endedArea"), _node(areas[board])
    names = {event.result: (event.name, event.code) for event, _ in outcome.events}
    new_areas = {
        board: f"{ID}what-if/area/{number}" for number, board in enumerate(sorted(outcome.begun | outcome.changed), 1)
    }
    for board, area in new_areas.items():
        yield _node(board), _row("board"), _node(board)
        yield _node(board), _row("newArea"), _node(area)
        if board in outcome.begun:
            name, code = names[board]
            yield _node(board), _row("newBoard"), _node(board)
            yield _node(board), _row("name"), ox.Literal(name or board.rpartition("/")[2], language="en")
            if code:
                yield _node(board), _row("code"), ox.Literal(code)
    shared: dict[tuple[str, str], list[Piece]] = defaultdict(list)
    for piece, board in after:
        if board in new_areas:
            shared[piece.council, board].append(piece)
            if piece.district:
                shared[piece.district, board].append(piece)
    for number, ((place, board), pieces) in enumerate(sorted(shared.items()), 1):
        overlap = _node(f"{ID}what-if/overlap/{number}")
        yield overlap, _row("authorityArea"), _node(place)
        yield overlap, _row("area"), _node(new_areas[board])
        for name, count in (
            ("lsoas", summed(p.lsoas for p in pieces)),
            ("residents", summed(p.residents for p in pieces)),
        ):
            if count is not None:
                yield overlap, _row(name), ox.Literal(count)
    for number, (event, count) in enumerate(outcome.events, 1):
        node = _node(event.iri if event.iri and sum(e.iri == event.iri for e, _ in outcome.events) == 1
                     else f"{ID}what-if/event/{number}")  # fmt: skip
        yield node, _row("original"), _node(event.original)
        yield node, _row("result"), _node(event.result)
        yield node, _row("kind"), _node(event.kind)
        if count is not None:
            yield node, _row("lsoas"), ox.Literal(count)


def _node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def _row(name: str) -> ox.NamedNode:
    return ox.NamedNode(_ROW + name)
