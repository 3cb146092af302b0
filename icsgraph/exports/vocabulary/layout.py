# SPDX-License-Identifier: Apache-2.0
"""Entries of a long page to several pages, by the groups that they fall into, so that none is slow to open.

How large an entry will be is estimated from what it holds; that pages stay below 300 kB is held by a test.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from icsgraph.exports.vocabulary.terms import Term
from icsgraph.exports.vocabulary.uses import Check, Register

Entry = TypeVar("Entry")
LARGEST: Final = 170_000  # letters of the entries of one page
_FRAME: Final = 700  # letters that each entry has around what it says
_LINK: Final = 75
_GROUPS: Final = {
    "classes": ("Classes", ("class",)),
    "properties": ("Properties", ("object property", "datatype property", "annotation property")),
    "concepts": ("Concepts", ("concept scheme", "concept", "individual")),
}


@dataclass(frozen=True, slots=True)
class Part(Generic[Entry]):
    """A page of its own: its name, what is on it, and its entries."""

    name: str
    title: str
    entries: tuple[Entry, ...]


def parts(
    stem: str, groups: Iterable[tuple[str, str, Sequence[Entry]]], weight: Callable[[Entry], int]
) -> tuple[Part[Entry], ...]:
    """Give a page for each group, and several of about the same size for one that is too large for one page.

    Args:
        stem: what the names of the pages begin with.
        groups: for each the end of its pages' names, its title, and its entries in order.
        weight: estimates the letters of an entry.
    """
    return tuple(part for slug, title, entries in groups for part in _group(f"{stem}-{slug}", title, entries, weight))


def _group(stem: str, title: str, entries: Sequence[Entry], weight: Callable[[Entry], int]) -> list[Part[Entry]]:
    total = sum(map(weight, entries))
    number = max(math.ceil(total / LARGEST), 1)
    runs: list[list[Entry]] = [[] for _ in range(number)]
    before = 0
    for entry in entries:
        runs[min(before * number // max(total, 1), number - 1)].append(entry)
        before += weight(entry)
    runs = [run for run in runs if run]
    if len(runs) == 1:
        return [Part(f"{stem}.html", title, tuple(runs[0]))]
    return [
        Part(f"{stem}-{at}.html", f"{title}, {at} of {len(runs)}", tuple(run)) for at, run in enumerate(runs, start=1)
    ]


def parts_of_module(name: str, terms: Sequence[Term], weight: Callable[[Term], int]) -> tuple[Part[Term], ...]:
    """Give the pages of a module's terms by kind; none where the module's own page has room for them."""
    if sum(map(weight, terms)) <= LARGEST:
        return ()
    groups = ((slug, title, [t for t in terms if t.kind in kinds]) for slug, (title, kinds) in _GROUPS.items())
    return parts(f"module-{name}", (group for group in groups if group[2]), weight)


def term_weight(term: Term, register: Register, questions: Sequence[str]) -> int:
    """Estimate the letters of a term's entry, given the texts of the questions that it serves."""
    uses = register.uses(term)
    said = sum(len(text) for text in (term.definition, *term.examples, *term.notes))
    facts = sum(len(expression) for _, values in term.facts for expression in values)
    titles = sum(len(register.checks[name].title) for name in uses.checks)
    titles += sum(len(register.provisions[name].label) for name in uses.provisions) + sum(map(len, questions))
    links = len(term.sources) + facts + len(uses.checks) + len(uses.provisions) + len(uses.statements) + len(questions)
    return _FRAME + said + titles + _LINK * links


def check_weight(check: Check, terms: int) -> int:
    """Estimate the letters of a check's entry, which names so many terms."""
    links = len(check.provisions) + len(check.statements) + terms
    return _FRAME + len(check.title) + len(check.rule) + _LINK * links
