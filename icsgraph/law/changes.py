# SPDX-License-Identifier: Apache-2.0
"""Changes to boards, as a command or a file gives them, to events: which ground passes from which board to which.

Every change comes down to events. An event passes areas of one board (districts, councils' areas, sub-ICB locations,
small areas), or whatever no other event of that board names, to a board that there is or that begins with the change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from icsgraph.law.bodies import board_on, find_body
from icsgraph.model.dates import OPEN_END
from icsgraph.model.errors import LookupFailed
from icsgraph.model.namespaces import AREA, ID, SCHEME, XSD
from icsgraph.queries.run import bound_text
from icsgraph.store import shipped
from icsgraph.store.bounds import add_bounds
from icsgraph.store.load import find_files, load_files
from icsgraph.store.select import rows, text

KIND: Final = SCHEME + "change-kind/"
_DATE: Final = ox.NamedNode(XSD + "date")


@dataclass(frozen=True, slots=True)
class Event:
    """Ground that passes from one board to another: the areas named, or the rest of the original's where none is.

    ``name`` and ``code`` are those of a resulting board that begins with the change; ``kind`` is the IRI of the kind of
    change, empty where it is to be worked out.
    """

    original: str
    result: str
    areas: tuple[str, ...] = ()
    kind: str = ""
    name: str = ""
    code: str = ""
    iri: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """Events of one day, the first day of the new state."""

    day: date
    events: tuple[Event, ...]


def merge(store: ox.Store, boards: Sequence[str], day: date, *, name: str = "", into: str = "") -> Change:
    """Merge boards: into one that begins on the day, or into one that there is.

    Raises:
        LookupFailed: E401, E402, E404 for a board that there is not; E430 for fewer than two.
    """
    eve = _eve(day)
    originals = [board_on(store, typed, eve).value for typed in boards]
    result = board_on(store, into, eve).value if into else ""
    given = [one for one in dict.fromkeys(originals) if one != result]
    if len({*given, *([result] if result else [])}) < 2:
        raise LookupFailed("E430", "whatif merge", "fewer than two boards are named", "Name the boards to merge.")
    name = name or "new board of " + " and ".join(_called(store, one) for one in given)
    return Change(day, tuple(Event(one, result or new_board(1), name=name) for one in given))


def split(store: ox.Store, board: str, parts: Sequence[tuple[str, Sequence[str]]], day: date) -> Change:
    """Split a board: each part is the code or name of a board that there is, or the name of a new one, with areas.

    What no part names stays with the board.

    Raises:
        LookupFailed: E401, E402, E404 for a board or an area that there is not; E430 where a part names no area.
    """
    eve = _eve(day)
    original, events = board_on(store, board, eve).value, []
    for number, (taker, areas) in enumerate(parts, 1):
        if not areas or not taker:
            raise LookupFailed(
                "E430", "whatif split", f"the part {taker or number!r} names no board or no area",
                "Write each part as NAME=CODE,CODE with codes of districts, councils or small areas.",
            )  # fmt: skip
        found = tuple(area(store, typed) for typed in areas)
        try:
            result, name = board_on(store, taker, eve).value, ""
        except LookupFailed:
            result, name = new_board(number), taker
        events.append(Event(original, result, found, name=name))
    return Change(day, tuple(events))


def move(store: ox.Store, areas: Sequence[str], taker: str, day: date) -> Change:
    """Move areas to a board, from whichever boards have them (see :func:`icsgraph.law.world.change_world`).

    Raises:
        LookupFailed: E401, E402, E404 for a board or area that there is not; E430 for no area.
    """
    if not areas:
        raise LookupFailed("E430", "whatif move", "no area is named", "Name a district or council with --lad.")
    result = board_on(store, taker, _eve(day)).value
    return Change(day, tuple(Event("", result, (area(store, typed),)) for typed in areas))


def read_changes(paths: Iterable[Path], day: date) -> Change:
    """Read a change-event file (docs/how-to/whatif.md has its form).

    Args:
        day: the day for events that state none.

    Raises:
        LoadError: for a file that is missing or malformed.
        LookupFailed: E431, for an event without its two boards or without a full date, and for events of two days.
    """
    store = ox.Store()
    ontology = [path for path in shipped.files("ontology") if "alignments" not in path.parts]
    files = find_files(paths)
    load_files(store, find_files(ontology))
    add_bounds(store, load_files(store, files))
    where, found, days = files[0].name, dict[str, Event](), set[str]()
    for row in rows(store, query("change-events.rq", day)):
        iri, original, result = (text(row[name]) for name in ("event", "original", "result"))
        if not original or not result:
            raise LookupFailed("E431", where, f"{iri} does not name both boards",
                               "Give it org:originalOrganization and org:resultingOrganization.")  # fmt: skip
        if row["onDate"] is not None:
            days.add(_day(row["onDate"], where, iri))
        key = f"{iri} {original} {result}"
        event = found.setdefault(key, Event(
            original, result, kind=text(row["kind"]), name=text(row["name"]), code=text(row["code"]), iri=iri
        ))  # fmt: skip
        if row["area"] is not None:
            found[key] = replace(event, areas=(*event.areas, text(row["area"])))
    if not found:
        raise LookupFailed(
            "E431", where, "the file holds no change event",
            "Describe each change as an ics:SuccessionEvent; docs/how-to/whatif.md shows how.",
        )  # fmt: skip
    if len(days) > 1:
        raise LookupFailed("E431", where, f"its events are of different days: {', '.join(sorted(days))}",
                           "Give one file for each day.")  # fmt: skip
    return Change(date.fromisoformat(days.pop()) if days else day, tuple(found.values()))


def area(store: ox.Store, typed: str) -> str:
    """Give the IRI of an area by ONS code, or by the name or code of a council (its areas are told apart later).

    Raises:
        LookupFailed: E401, E402, as for a council.
    """
    if "://" in typed:
        return typed
    if typed[:1] in "EX" and typed[1:].isdigit() and len(typed) == 9:
        found = rows(
            store, f"SELECT ?area WHERE {{ ?area ics:onsCode {ox.Literal(typed)} ; a/rdfs:subClassOf* ics:Area }}"
        )
        return text(found[0]["area"]) if found else AREA + typed
    council = find_body(store, typed, "authority")
    found = rows(store, f"""SELECT ?area WHERE {{ <{council.value}> ics:hasArea ?area . ?area ics:latestLastDay ?last }}
        ORDER BY DESC(?last) ?area""")  # fmt: skip
    if not found:
        raise LookupFailed("E401", typed, "this council has no area on record", "Give the ONS code of an area.")
    return text(found[0]["area"])


def new_board(number: int) -> str:
    """Give the IRI of a board that only the question knows."""
    return f"{ID}what-if/board-{number}"


def _eve(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def last_common_day(store: ox.Store, boards: Sequence[str]) -> date | None:
    """Give the last day on which all of some boards (codes or names) stood; None while all go on.

    Raises:
        LookupFailed: E401, E402, for a board that there is not.
    """
    ends = []
    for typed in boards:
        board = find_body(store, typed, "board")
        ends += [
            text(row["last"])
            for row in rows(store, f"SELECT ?last WHERE {{ <{board.value}> ics:earliestLastDay ?last }}")
        ]
    last = min((date.fromisoformat(end) for end in ends), default=date.max)
    return None if last >= OPEN_END else last


def _called(store: ox.Store, iri: str) -> str:
    found = rows(
        store, f"SELECT ?name ?code WHERE {{ <{iri}> rdfs:label ?name OPTIONAL {{ <{iri}> ics:code ?code }} }}"
    )
    return text(found[0]["code"]) or text(found[0]["name"])


def _day(term: ox.Literal, where: str, iri: str) -> str:
    try:
        return date.fromisoformat(term.value).isoformat()
    except ValueError as error:
        raise LookupFailed(
            "E431", where, f"{iri} has the date {term.value!r}", "Give the day on which it changes, as a full date."
        ) from error


def query(name: str, day: date, eve: date | None = None) -> str:
    """Give a stored query or update of the what-if, with the day of the change and the day before it put in."""
    written = (shipped.root() / "queries" / "whatif" / name).read_text(encoding="utf-8")
    days = {"day": day, "eve": eve or day}
    return bound_text(written, {k: ox.Literal(v.isoformat(), datatype=_DATE) for k, v in days.items()})
