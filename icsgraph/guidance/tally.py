# SPDX-License-Identifier: Apache-2.0
"""A text, its sections and the places accounted for, to counts of sentences by section."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from icsgraph.guidance.sentences import sentences

Place = tuple[int, int]
OBLIGATION: Final = re.compile(r"\b(?:must|should|may|could|requir(?:ed?|es)|expect(?:s|ed|ation)?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many sentences a section has, and in how many of them something is accounted for.

    ``in_statements`` takes precedence over ``listed`` (passages that are no statement, with a reason), that over
    ``in_case_studies``; ``bare`` are the rest. ``unaccounted`` are those of the rest that hold a word of obligation.
    """

    section: str
    start: int
    sentences: int
    in_statements: int
    listed: int
    in_case_studies: int
    unaccounted: int

    @property
    def bare(self) -> int:
        """Sentences of which the graph says nothing."""
        return self.sentences - self.in_statements - self.listed - self.in_case_studies


def tally(
    text: str,
    sections: Sequence[tuple[str, int]],
    statements: Mapping[Place, str],
    listed: Mapping[Place, str],
    case_studies: Mapping[Place, str],
) -> list[Tally]:
    """Count sentences by section, in order of the text.

    Args:
        sections: path of each section and where it begins.
        statements, listed, case_studies: place of each passage, and the path of its section.

    A sentence that a passage overlaps belongs to the passage's section, since boxes end without a heading.
    """
    kinds = [sorted(passages.items()) for passages in (statements, listed, case_studies)]
    counts = {path: [0, 0, 0, 0, 0] for path, _ in sections}
    for start, end in sentences(text):
        path, kind = _home(start, end, kinds, sections)
        unaccounted = kind == len(kinds) and OBLIGATION.search(text[start:end])
        counts[path][len(kinds) + 1 if unaccounted else kind] += 1
    found = []
    for path, at in sections:
        stated, noted, told, _, left = counts[path]
        found.append(Tally(path, at, sum(counts[path]), stated, noted, told, left))
    return found


def _home(
    start: int, end: int, kinds: Sequence[Sequence[tuple[Place, str]]], sections: Sequence[tuple[str, int]]
) -> tuple[str, int]:
    for kind, passages in enumerate(kinds):
        for (first, last), path in passages:
            if first < end and start < last:
                return path, kind
    return next((path for path, at in reversed(sections) if at <= start), sections[0][0]), len(kinds)
