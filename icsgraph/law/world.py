# SPDX-License-Identifier: Apache-2.0
"""A copy of a graph in which a change to boards has been made: areas, overlaps, bodies, and all that follows by rule.

The ground that a council's area shares with a board's is a piece; a county is taken in its districts where their
overlaps are known. Events pass pieces on; where one names small areas, pieces are cut along them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

import pyoxigraph as ox

from icsgraph.law.changes import KIND, Change, Event, query
from icsgraph.model.errors import LookupFailed
from icsgraph.model.namespaces import BASE, ICS, ID
from icsgraph.rules import DERIVED_GRAPH, derive, read_rules
from icsgraph.store import shipped
from icsgraph.store.context import set_context
from icsgraph.store.load import DataFile, read
from icsgraph.store.opened import Opened
from icsgraph.store.select import rows, text

_ROW: Final = BASE + "what-if/"
_ROWS: Final = ox.NamedNode(_ROW + "rows")


@dataclass(frozen=True, slots=True)
class Piece:
    """Ground that one council's area, or a district of it, shares with one board's area; counts None where unknown."""

    council: str
    district: str
    board: str
    lsoas: int | None
    residents: int | None


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
    before = _pieces(store, eve, areas)
    after, events = _assign(before, change.events, areas, _Small(store, eve, areas))
    outcome = _outcome(before, after, events, set(areas))
    store.bulk_extend(_described(outcome, areas, after, before))
    store.update(query("apply.ru", day, eve))
    for quad in list(store.quads_for_pattern(None, None, None, _ROWS)):
        store.remove(quad)
        store.remove(ox.Quad(quad.subject, quad.predicate, quad.object))
    rederive(store)
    return outcome


def _pieces(store: ox.Store, eve: date, areas: Mapping[str, str]) -> list[Piece]:
    boards = {area: board for board, area in areas.items()}
    whole: dict[tuple[str, str], Piece] = {}
    parts: dict[tuple[str, str], list[Piece]] = defaultdict(list)
    for row in rows(store, query("shared-ground.rq", eve)):
        council, within, board_area = (text(row[name]) for name in ("authorityArea", "within", "boardArea"))
        if board_area not in boards:
            continue
        counts = [int(row[name].value) if row[name] is not None else None for name in ("lsoas", "residents")]
        board = boards[board_area]
        if within:
            parts[within, board].append(Piece(within, council, board, *counts))
        else:
            whole[council, board] = Piece(council, "", board, *counts)
    made = []
    for key, piece in whole.items():
        known = parts.pop(key, [])
        left = _less(piece.lsoas, known)
        made += known if known and left == 0 else []
        if known and left is None:
            made += known  # districts without counts: the county's own count goes where they all go together
        elif left != 0 or not known:
            rest = piece.residents if not known else None
            made += [*known, replace(piece, lsoas=left if known else piece.lsoas, residents=rest)]
    return made + [piece for districts in parts.values() for piece in districts]


def _less(total: int | None, parts: Iterable[Piece]) -> int | None:
    counts = [part.lsoas for part in parts]
    if total is None or any(count is None for count in counts):
        return None
    return max(0, total - sum(count for count in counts if count is not None))


class _Small:
    """The small areas, read when an event first names an area that no piece is."""

    def __init__(self, store: ox.Store, eve: date, areas: Mapping[str, str]) -> None:
        self._store, self._boards = store, {area: board for board, area in areas.items()}
        self._then = {text(row["area"]): text(row["then"]) for row in rows(store, query("later-code.rq", eve))}
        self._around: dict[str, set[str]] = {}
        self._residents: dict[str, int] = {}
        self._taken: set[str] = set()

    def as_then(self, area: str) -> str:
        """Give the area that stood for a council's area on the day before, where it had another code then."""
        return self._then.get(area, area)

    def within(self, area: str) -> set[str]:
        """Give the small areas that an area is, or that lie within it."""
        self._read()
        return {area} if area in self._around else {small for small, near in self._around.items() if area in near}

    def take(self, area: str) -> set[str]:
        """Give the small areas of an area, once: none may pass on twice.

        Raises:
            LookupFailed: E432, where one of them was given before.
        """
        found = self.within(area)
        if twice := found & self._taken:
            raise LookupFailed(
                "E432", area, f"{min(twice).rpartition('/')[2]} is passed on more than once", "Name each area once."
            )
        self._taken |= found
        return found

    def of(self, piece: Piece, chosen: set[str]) -> set[str]:
        """Give those of some small areas that lie in a piece."""
        place = piece.district or piece.council
        return {
            small for small in chosen
            if place in self._around[small] and piece.board in {self._boards.get(a) for a in self._around[small]}
        }  # fmt: skip

    def residents(self, chosen: Iterable[str]) -> int | None:
        """Give the residents of small areas together; None where one has no count."""
        counts = [self._residents.get(small) for small in chosen]
        return None if any(count is None for count in counts) else sum(count for count in counts if count is not None)

    def _read(self) -> None:
        if self._around:
            return
        always = set(shipped.graph_files())
        quads: list[ox.Quad] = []
        for path in (p for p in shipped.graph_files(frozenset({"small-areas"})) if p not in always):
            quads += read(DataFile(path, path.name))
        for row in rows(self._store, "SELECT ?s WHERE { ?s a ics:SmallArea }"):
            quads += self._store.quads_for_pattern(row["s"], None, None, ox.DefaultGraph())
        for quad in quads:
            small = text(quad.subject)
            if quad.predicate.value == ICS + "withinArea":
                around = text(quad.object)
                self._around.setdefault(small, set()).update({around, self._then.get(around, around)})
            elif quad.predicate.value == ICS + "residentsCensus2021":
                self._residents[small] = int(text(quad.object))


def _assign(
    before: list[Piece], events: Iterable[Event], areas: Mapping[str, str], small: _Small
) -> tuple[list[tuple[Piece, str]], list[tuple[Event, int | None]]]:
    """Give every piece, cut where need be, with the board that has it afterwards; and the events with their counts."""
    left = list(before)
    taken: list[tuple[Piece, str]] = []
    done: list[tuple[Event, int | None]] = []
    events = list(events)
    for event in events:
        if event.original and event.original not in areas:
            raise LookupFailed("E432", event.original, "this board does not stand on the day before the change",
                               "Give another day, or a board that stands then.")  # fmt: skip
    for event in (e for e in events if e.areas):
        chosen, left = _choose(left, event, small)
        taken += [(piece, event.result) for piece in chosen]
        by_board: dict[str, list[Piece]] = defaultdict(list)
        for piece in chosen:
            by_board[piece.board].append(piece)
        done += [(replace(event, original=board), _sum(p.lsoas for p in pieces)) for board, pieces in by_board.items()]
    for event in (e for e in events if not e.areas):
        chosen = [piece for piece in left if piece.board == event.original]
        left = [piece for piece in left if piece.board != event.original]
        if not chosen:
            raise LookupFailed("E432", event.original, "nothing is left of this board's area for one of its events",
                               "Let one event at most take the rest; name the areas of the others.")  # fmt: skip
        taken += [(piece, event.result) for piece in chosen]
        done.append((event, _sum(piece.lsoas for piece in chosen)))
    return [*taken, *((piece, piece.board) for piece in left)], done


def _choose(left: list[Piece], event: Event, small: _Small) -> tuple[list[Piece], list[Piece]]:
    """Give the pieces that an event passes on, cut along small areas where it names some, and those that are left."""
    chosen: list[Piece] = []
    wanted: dict[str, set[str]] = {}

    def eligible(piece: Piece) -> bool:
        return event.original in ("", piece.board) and piece.board != event.result

    for area in map(small.as_then, event.areas):
        found = [piece for piece in left if eligible(piece) and area in (piece.council, piece.district)]
        chosen += found
        left = [piece for piece in left if piece not in found]
        if not found:
            wanted[area] = small.take(area)
    for piece in [piece for piece in left if wanted and eligible(piece)]:
        inside = small.of(piece, set().union(*wanted.values()))
        if not inside:
            continue
        wanted = {area: chosen_small - inside for area, chosen_small in wanted.items()}
        left.remove(piece)
        if len(inside) == piece.lsoas:
            chosen.append(piece)
        else:
            moved = replace(piece, lsoas=len(inside), residents=small.residents(inside))
            chosen.append(moved)
            left.append(_remainder(piece, moved))
    if lost := next((area for area, not_found in wanted.items() if not_found or not small.within(area)), None):
        whose = f"the area of {event.original}" if event.original else "the area of any other board"
        raise LookupFailed(
            "E432", lost, f"this area does not lie wholly in ground of {whose} that is still to be passed on",
            "Check the code of the area, the board and the day.",
        )  # fmt: skip
    return chosen, left


def _remainder(piece: Piece, moved: Piece) -> Piece:
    lsoas = None if piece.lsoas is None or moved.lsoas is None else piece.lsoas - moved.lsoas
    residents = None if piece.residents is None or moved.residents is None else piece.residents - moved.residents
    return replace(piece, lsoas=lsoas, residents=residents)


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
        for name, count in (("lsoas", _sum(p.lsoas for p in pieces)), ("residents", _sum(p.residents for p in pieces))):
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


def _sum(counts: Iterable[int | None]) -> int | None:
    numbers = list(counts)
    return None if any(n is None for n in numbers) else sum(n for n in numbers if n is not None)


def _node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def _row(name: str) -> ox.NamedNode:
    return ox.NamedNode(_ROW + name)
