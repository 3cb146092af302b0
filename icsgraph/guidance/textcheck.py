# SPDX-License-Identifier: Apache-2.0
"""Statements and a copy of the text to what the copy still says: in place, moved, changed or gone.

Only digests are held, so a passage is found by hashing every run of as many words as it had. What became of a passage
that is not found is inferred from the room between its neighbours: where that room is still filled, it was changed.
"""

from __future__ import annotations

import bisect
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from icsgraph.guidance.sentences import digest, words
from icsgraph.guidance.statements import Statement
from icsgraph.model.errors import LookupFailed

_WORD: Final = re.compile(r"\S+")
_BEFORE: Final = re.compile(r"[('\"]*")
_AFTER: Final = re.compile(r"(?:[.,;:)!?'\"]|\[footnote|\d+\])*$")
_BULLETS: Final = ("\u2022", "-")
_PROBES: Final = 4
_HALF: Final = 0.5
_GUESS: Final = 0.2  # a copy that holds less than this share of an edition's statements is not taken for that edition


class Outcome(StrEnum):
    """What became of a passage."""

    SAME = "same"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement and its outcome; ``start`` and ``end`` are places in the copy, None where it was not found."""

    statement: Statement
    outcome: Outcome
    start: int | None = None
    end: int | None = None
    line: int | None = None


def passage(text: str, statement: Statement) -> tuple[str, int] | None:
    """Give the statement's words from a copy and where they start; None where the copy does not hold them.

    The place on record is tried first; elsewhere the words are searched for.
    """
    own = text[statement.start : statement.end]
    if digest(words(own)) == statement.digest:
        return own, statement.start
    found = _Copy(text).find([statement])[statement.id]
    return (text[found[0][0] : found[0][1]], found[0][0]) if found else None


def check_text(text: str, statements: Sequence[Statement]) -> list[Finding]:
    """Say of every statement of one edition, in order, what became of it in a copy of the text."""
    ordered = sorted(statements, key=lambda s: (s.start, -s.end, s.id))
    found = _Copy(text).find(ordered)
    chosen = _chosen(ordered, found)
    in_order = _in_order([chosen[s.id] for s in ordered if s.id in chosen])
    newlines = [at for at, letter in enumerate(text) if letter == "\n"]
    results = []
    for statement in ordered:
        place = chosen.get(statement.id)
        if place is None:
            results.append(Finding(statement, _missing(statement, ordered, chosen, in_order)))
            continue
        outcome = Outcome.SAME if place in in_order else Outcome.MOVED
        results.append(Finding(statement, outcome, *place, bisect.bisect_left(newlines, place[0]) + 1))
    return results


def which_edition(text: str, statements: Sequence[Statement]) -> str:
    """Give the edition most of whose statements the copy holds.

    Raises:
        LookupFailed: E421, when it holds few of any.
    """
    copy = _Copy(text)
    total = Counter(statement.edition for statement in statements)
    held = Counter(statement.edition for statement in copy.in_place(statements))
    if not held or max(held[e] / total[e] for e in total) < _GUESS:
        found = copy.find(statements)
        held = Counter(statement.edition for statement in statements if found[statement.id])
    best = max(total, key=lambda e: held[e] / total[e], default="")
    if not best or held[best] / total[best] < _GUESS:
        mend = "Give a copy of the whole guidance as plain text, or name the edition with --edition."
        raise LookupFailed("E421", "the text", "too little of it is known for its edition to be told", mend)
    return best


class _Copy:
    """The words of a copy, with their places."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._places = [match.span() for match in _WORD.finditer(text)]
        self._words = [words(text[start:end])[0] for start, end in self._places]

    def find(self, statements: Sequence[Statement]) -> dict[str, list[tuple[int, int]]]:
        """Give the places of each statement's words, in order; where the place on record fits, that one alone.

        Text put in or taken out shifts all that follows by one number: a few searches find it, and save the rest.
        """
        found: dict[str, list[tuple[int, int]]] = {statement.id: [] for statement in statements}
        pending = self._at(statements, 0, found)
        for _ in range(_PROBES):
            if not pending:
                break
            probe, *others = pending
            self._search([probe], found)
            shifts = {place[0] - probe.start for place in found[probe.id]}
            for shift in shifts:
                others = self._at(others, shift, found)
            pending = others if found[probe.id] else [*others, probe]
        self._search([statement for statement in pending if not found[statement.id]], found)
        for statement in statements:
            if not found[statement.id]:
                found[statement.id] += self._list(
                    [s for s in statements if s.part_of == statement.id], statement, found
                )
        return found

    def _list(
        self, parts: Sequence[Statement], stem: Statement, found: dict[str, list[tuple[int, int]]]
    ) -> list[tuple[int, int]]:
        """Find a list whose items are all there but whose bullets, words of its digest, are lost or of another kind."""
        places = [found[part.id][0] for part in parts if found[part.id]]
        lead = stem.words - sum(part.words for part in parts) - len(parts)
        if not parts or len(places) < len(parts) or places != sorted(places) or lead < 1:
            return []
        before = [place for place in self._places if place[1] <= places[0][0]]
        opening = [place for place in before if self._text[slice(*place)] not in _BULLETS][-lead:]
        for bullet in _BULLETS:
            whole = [words(self._text[slice(*place)])[0] for place in opening]
            for place in places:
                whole += [bullet, *words(self._text[slice(*place)])]
            if digest(whole) == stem.digest:
                return [(opening[0][0], places[-1][1])]
        return []

    def in_place(self, statements: Sequence[Statement]) -> list[Statement]:
        """Give the statements whose words stand at the place on record."""
        away = {s.id for s in self._at(statements, 0, {s.id: [] for s in statements})}
        return [s for s in statements if s.id not in away]

    def _at(
        self, statements: Sequence[Statement], shift: int, found: dict[str, list[tuple[int, int]]]
    ) -> list[Statement]:
        """Record those whose words stand at their place moved by ``shift``; give the others."""
        others = []
        for statement in statements:
            start, end = statement.start + shift, statement.end + shift
            if start >= 0 and digest(words(self._text[start:end])) == statement.digest:
                found[statement.id].append((start, end))
            else:
                others.append(statement)
        return others

    def _search(self, statements: Sequence[Statement], found: dict[str, list[tuple[int, int]]]) -> None:
        by_length: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for statement in statements:
            by_length[statement.words][statement.digest].append(statement.id)
        for length, wanted in by_length.items():
            for first in range(len(self._words) - length + 1):
                for value, place in self._runs(first, length):
                    for one in wanted.get(value, ()):
                        found[one].append(place)

    def _runs(self, first: int, length: int) -> Iterator[tuple[str, tuple[int, int]]]:
        """Digests of the words from ``first`` on, with and without marks at both ends: clauses end before a comma."""
        run = self._words[first : first + length]
        start, end = self._places[first][0], self._places[first + length - 1][1]
        heads = [run[0][cut:] for cut in range(len(_BEFORE.match(run[0])[0]) + 1)]  # type: ignore[index]
        for skipped, head in enumerate(heads):
            if not head:
                continue
            body = [head, *run[1:]]
            tail = body[-1]
            stem = hashlib.sha256("".join(f"{word} " for word in body[:-1]).encode())
            for kept in range(len(tail), _AFTER.search(tail).start() - 1, -1):  # type: ignore[union-attr]
                if kept:
                    whole = stem.copy()
                    whole.update(tail[:kept].encode())
                    yield whole.hexdigest(), (start + skipped, end - (len(tail) - kept))


def _chosen(ordered: Sequence[Statement], found: dict[str, list[tuple[int, int]]]) -> dict[str, tuple[int, int]]:
    """Of several places with the same words take the one nearest to where the statements before lead to."""
    chosen: dict[str, tuple[int, int]] = {}
    shift = 0
    for statement in ordered:
        places = found[statement.id]
        if places:
            expected = statement.start + shift
            chosen[statement.id] = min(places, key=lambda place: abs(place[0] - expected))
            if len(places) == 1:
                shift = places[0][0] - statement.start
    return chosen


def _in_order(places: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """The places of the longest run that keeps the order of the edition; what is left out of it has moved."""
    tails: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (start, _) in enumerate(places):
        at = bisect.bisect_right(tails, start)
        tails[at : at + 1] = [start]
        before.append(last[at - 1] if at else -1)
        last[at : at + 1] = [number]
    kept = set()
    number = last[-1] if last else -1
    while number >= 0:
        kept.add(places[number])
        number = before[number]
    return kept


def _missing(
    statement: Statement,
    ordered: Sequence[Statement],
    chosen: dict[str, tuple[int, int]],
    in_order: set[tuple[int, int]],
) -> Outcome:
    kept = [s for s in ordered if chosen.get(s.id) in in_order]
    earlier = max((s for s in kept if s.end <= statement.start), key=lambda s: s.end, default=None)
    later = min((s for s in kept if s.start >= statement.end), key=lambda s: s.start, default=None)
    if earlier is None or later is None:
        return Outcome.CHANGED
    was = later.start - earlier.end
    now = chosen[later.id][0] - chosen[earlier.id][1]
    lost = _covered([s for s in ordered if s.id not in chosen and earlier.end <= s.start and s.end <= later.start])
    return Outcome.CHANGED if now >= was - _HALF * lost else Outcome.GONE


def _covered(statements: Sequence[Statement]) -> int:
    """Characters that statements cover together; parts lie within their stems."""
    total = reached = 0
    for statement in sorted(statements, key=lambda s: s.start):
        total += max(0, statement.end - max(reached, statement.start))
        reached = max(reached, statement.end)
    return total
