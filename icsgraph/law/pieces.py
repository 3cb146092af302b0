# SPDX-License-Identifier: Apache-2.0
"""The ground that councils' areas share with boards' areas, in pieces, and events that pass pieces on.

A county is taken in its districts where their overlaps are known. Where an event names small areas, or areas made of
them, pieces are cut along them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import pyoxigraph as ox

from icsgraph.law.changes import Event, query
from icsgraph.model.errors import LookupFailed
from icsgraph.model.namespaces import ICS
from icsgraph.store import shipped
from icsgraph.store.load import DataFile, read
from icsgraph.store.select import rows, text


@dataclass(frozen=True, slots=True)
class Piece:
    """Ground that one council's area, or a district of it, shares with one board's area; counts None where unknown."""

    council: str
    district: str
    board: str
    lsoas: int | None
    residents: int | None


def pieces_on(store: ox.Store, eve: date, areas: Mapping[str, str]) -> list[Piece]:
    """Give the pieces on a day; ``areas`` has the area of each board then."""
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


class SmallAreas:
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


def assign(
    before: list[Piece], events: Iterable[Event], areas: Mapping[str, str], small: SmallAreas
) -> tuple[list[tuple[Piece, str]], list[tuple[Event, int | None]]]:
    """Give every piece, cut where need be, with the board that has it afterwards; and the events with their counts.

    Raises:
        LookupFailed: E432, where an event names ground that its board has not, or that has passed already.
    """
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
        done += [
            (replace(event, original=board), summed(p.lsoas for p in pieces)) for board, pieces in by_board.items()
        ]
    for event in (e for e in events if not e.areas):
        chosen = [piece for piece in left if piece.board == event.original]
        left = [piece for piece in left if piece.board != event.original]
        if not chosen:
            raise LookupFailed("E432", event.original, "nothing is left of this board's area for one of its events",
                               "Let one event at most take the rest; name the areas of the others.")  # fmt: skip
        taken += [(piece, event.result) for piece in chosen]
        done.append((event, summed(piece.lsoas for piece in chosen)))
    return [*taken, *((piece, piece.board) for piece in left)], done


def _choose(left: list[Piece], event: Event, small: SmallAreas) -> tuple[list[Piece], list[Piece]]:
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


def summed(counts: Iterable[int | None]) -> int | None:
    """Give the sum of counts; None where one is unknown."""
    numbers = list(counts)
    return None if any(n is None for n in numbers) else sum(n for n in numbers if n is not None)
