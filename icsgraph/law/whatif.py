# SPDX-License-Identifier: Apache-2.0
"""A change to boards or to records, to what would follow: members, copies, instruments, findings. Nothing is written.

Two copies of the graph are compared, on the day of the change and after it: one in which the boards of the day before
go on, and one in which the change is made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from icsgraph.law.changes import Change, query
from icsgraph.law.check import check
from icsgraph.law.findings import Finding
from icsgraph.law.patch import patched
from icsgraph.law.places import Places
from icsgraph.law.population import systems_of, twins
from icsgraph.law.shapes import ShapeSet
from icsgraph.law.world import Outcome, change_world, copy_of, leave_out_later, rederive
from icsgraph.store.opened import Opened
from icsgraph.store.select import rows, text

STAYS: Final = "stays"
JOINS: Final = "joins"
LEAVES: Final = "leaves"


@dataclass(frozen=True, slots=True)
class Named:
    """A body: IRI, the code by which it is called (empty where it has none), name."""

    iri: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """A body in a relation to a board: ``state`` is stays, joins or leaves; ``via`` are the boards it had it to before.

    ``lsoas`` is the number of small areas that its area shares with the board's, None where that is not counted.
    """

    body: Named
    state: str
    via: tuple[Named, ...]
    lsoas: int | None = None


@dataclass(frozen=True, slots=True)
class Affected:
    """A board and its partnership: ``state`` is begins, changes, or neighbour (its own area is as before)."""

    board: Named
    state: str
    members: tuple[Line, ...]
    copies: tuple[Line, ...]
    districts: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Passing:
    """Ground that passes from one board to another, with the kind of change and the number of small areas if known."""

    origin: Named
    result: Named
    kind: str
    lsoas: int | None


@dataclass(frozen=True, slots=True)
class Instrument:
    """A record that loses a body: the instrument, its kind, what the body is to it, the body, and who comes after."""

    iri: str
    name: str
    kind: str
    role: str
    body: Named
    successors: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What would follow. Findings are there only where records were given (``checked``)."""

    day: date
    as_at: date
    passing: tuple[Passing, ...]
    ended: tuple[Named, ...]
    affected: tuple[Affected, ...]
    instruments: tuple[Instrument, ...]
    checked: bool
    appeared: tuple[Finding, ...]
    disappeared: tuple[Finding, ...]
    notes: tuple[str, ...]


def what_if(
    opened: Opened,
    change: Change | None,
    patch: Path | None = None,
    notes: Sequence[str] = (),
    shapes: ShapeSet | None = None,
) -> WhatIf:
    """Say what would follow from a change, from a patch to records, or from both.

    Args:
        notes: sentences for the answer to repeat.
        shapes: those by which records are checked before and after; the shipped ones unless others are given.

    Raises:
        LookupFailed: E432, E433 for a change that does not fit the ground; E434 for a patch that does not fit records.
    """
    day = change.day if change else opened.as_at
    as_at = max(day, opened.as_at)
    before, after = copy_of(opened, as_at), copy_of(opened, as_at)
    outcome = Outcome()
    said = list(notes)
    if change:
        if _knows_later(opened.store, day):
            said.append(f"What is known of boards from {day} on is left out: the boards of the day before go on.")
        leave_out_later(before.store, day)
        rederive(before.store)
        outcome = change_world(after.store, change)
    if patch:
        after = patched(after, patch)
    findings = _findings(before, after, outcome, shapes) if opened.files or patch else ((), ())
    names = _Names(before, after)
    return WhatIf(
        day, as_at, _passing(outcome, names), tuple(names(iri) for iri in sorted(outcome.ended)),
        _affected(before.store, after.store, outcome, day, names), _instruments(after.store, outcome, day, names),
        bool(opened.files or patch), *findings, tuple(said),
    )  # fmt: skip


class _Names:
    """Codes and names of bodies, from the changed world, or from the one before where it has none."""

    def __init__(self, *worlds: Opened) -> None:
        self._worlds = [(world.store, Places(world)) for world in worlds]

    def __call__(self, iri: str) -> Named:
        for store, places in reversed(self._worlds):
            found = rows(store, f"SELECT ?code WHERE {{ <{iri}> ics:code ?code }}")
            name = places.label(iri)
            if found or name != iri.rpartition("/")[2]:
                return Named(iri, text(found[0]["code"]) if found else "", name)
        return Named(iri, "", iri.rpartition("/")[2])


def _knows_later(store: ox.Store, day: date) -> bool:
    asked = f"""SELECT ?event WHERE {{ ?event a ics:SuccessionEvent ; ics:latestDay ?on .
        ?event org:originalOrganization ?board . ?board a ics:IntegratedCareBoard .
        FILTER (?on >= "{day}"^^xsd:date) }} LIMIT 1"""
    return bool(rows(store, asked))


def _passing(outcome: Outcome, names: _Names) -> tuple[Passing, ...]:
    made = [
        Passing(names(event.original), names(event.result), event.kind.rpartition("/")[2].replace("-", " "), count)
        for event, count in outcome.events
    ]
    return tuple(sorted(made, key=lambda p: (p.result.name, p.origin.name)))


def _affected(before: ox.Store, after: ox.Store, outcome: Outcome, day: date, names: _Names) -> tuple[Affected, ...]:
    if not outcome.events:
        return ()
    relations = ("members", "copy-recipients", "districts")
    old, new = ({name: _relation(store, name, day) for name in relations} for store in (before, after))
    counts = {(text(r["board"]), text(r["body"])): int(text(r["lsoas"])) for r in rows(after, query("members.rq", day))}
    made = []
    for board in {board for relation in new.values() for board in relation}:
        sources = _sources(board, outcome)
        lines = [_lines(board, sources, old[name], new[name], names, counts) for name in relations]
        lines[1] = tuple(_without_count(line) for line in lines[1])
        state = "begins" if board in outcome.begun else "changes" if board in outcome.changed else "neighbour"
        if state != "neighbour" or any(line.state != STAYS for each in lines for line in each):
            made.append(Affected(names(board), state, *lines))
    order = ("begins", "changes", "neighbour")
    return tuple(sorted(made, key=lambda a: (order.index(a.state), a.board.name, a.board.iri)))


def _without_count(line: Line) -> Line:
    return Line(line.body, line.state, line.via)


def _sources(board: str, outcome: Outcome) -> list[str]:
    givers = [event.original for event, _ in outcome.events if event.result == board]
    return sorted(set(givers)) if board in outcome.begun else [board]


def _relation(store: ox.Store, name: str, day: date) -> dict[str, dict[str, None]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows(store, query(f"{name}.rq", day)):
        found[text(row["board"])][text(row["body"])] = None
    return found


def _lines(
    board: str, sources: Sequence[str], old: dict[str, dict[str, None]], new: dict[str, dict[str, None]],
    names: _Names, counts: dict[tuple[str, str], int],
) -> tuple[Line, ...]:  # fmt: skip
    now = new.get(board, {})
    made = []
    for body in now:
        had = any(body in old.get(source, {}) for source in sources)
        via = sorted((names(other) for other in old if body in old[other]), key=lambda n: n.name)
        made.append(Line(names(body), STAYS if had else JOINS, tuple(via), counts.get((board, body))))
    gone = {body for source in sources for body in old.get(source, {})} - set(now)
    if board in new and len(sources) == 1:
        made += [Line(names(body), LEAVES, (names(sources[0]),)) for body in sorted(gone)]
    return tuple(made)


def _instruments(store: ox.Store, outcome: Outcome, day: date, names: _Names) -> tuple[Instrument, ...]:
    if not outcome.ended:
        return ()
    of_partnership = {
        text(r["p"]): text(r["b"]) for r in rows(store, "SELECT ?p ?b WHERE { ?p ics:isPartnershipOf ?b }")
    }
    partnership_of = {board: partnership for partnership, board in of_partnership.items()}
    made = []
    for row in rows(store, query("instruments.rq", day, date.fromordinal(day.toordinal() - 1))):
        body = text(row["body"])
        board = of_partnership.get(body, body)
        if board not in outcome.ended:
            continue
        takers = sorted({event.result for event, _ in outcome.events if event.original == board})
        after = [partnership_of.get(taker, taker) if body in of_partnership else taker for taker in takers]
        made.append(Instrument(text(row["instrument"]), text(row["name"]), text(row["kind"]), text(row["role"]),
                               names(body), tuple(names(one) for one in after)))  # fmt: skip
    return tuple(made)


def _findings(
    before: Opened, after: Opened, outcome: Outcome, shapes: ShapeSet | None
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    same = twins(after.store)
    day = after.as_at.isoformat()
    scope = systems_of(after.store, same, day) | systems_of(before.store, same, day)
    heirs = {event.result for event, _ in outcome.events if event.original in scope}
    wide = sorted(scope | {twin for heir in heirs for twin in same.get(heir, {heir})})
    reports = [check(world, shapes, systems=wide) for world in (before, after)]
    old, new = ({finding.id: finding for finding in report.findings} for report in reports)
    return (
        tuple(finding for key, finding in new.items() if key not in old),
        tuple(finding for key, finding in old.items() if key not in new),
    )
