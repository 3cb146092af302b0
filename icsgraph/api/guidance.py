# SPDX-License-Identifier: Apache-2.0
"""The guidance: statements of its editions in our words, norms as at the graph's day, and what changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from icsgraph.api.showing import Listing
from icsgraph.api.told import Told
from icsgraph.guidance.coverage import Coverage, read_coverage
from icsgraph.guidance.diff import Diff, read_diff
from icsgraph.guidance.norms import Norm, read_norm
from icsgraph.guidance.sentences import read_text
from icsgraph.guidance.statements import Filters, Statement, editions, read_statement, read_statements
from icsgraph.guidance.textcheck import Finding, check_text, passage, which_edition
from icsgraph.reports import guidance as written

if TYPE_CHECKING:
    from icsgraph.store.opened import Opened

_COLUMNS: Final = ("id", "section", "modality", "bearers", "paraphrase", "statutory")
_CHECKED: Final = ("outcome", "line", "statement")
T = TypeVar("T")


class Guidance:
    """What the editions of the guidance say; no words of theirs are held."""

    def __init__(self, opened: Opened) -> None:
        """Take an opened graph."""
        self._opened = opened

    @property
    def editions(self) -> list[str]:
        """The editions, such as 2022 and 2024."""
        return editions(self._opened)

    def statements(
        self, edition: str = "", *, modality: str = "", bearer: str = "", topic: str = "", section: str = "",
        statutory: bool | None = None, changed: str = "",
    ) -> Listing[Statement]:  # fmt: skip
        """Give the statements that fit everything that is named.

        Args:
            modality: duty, expectation, power or suggestion.
            bearer: the role of who is to act, such as integrated-care-board.
            topic: what it is about, such as housing; topics below it count.
            section: part of a heading under which it stands.
            statutory: only what an Act requires, or only the rest.
            changed: how it changed between the editions, such as strengthened.

        Raises:
            LookupFailed: E420 and others, for a name that means nothing.
        """
        wanted = Filters(edition, modality, bearer, topic, section, statutory, changed)
        return Listing(read_statements(self._opened, wanted), "statements", _COLUMNS)

    def statement(self, name: str, *, text: str | Path | None = None) -> Told[Statement]:
        """Give one statement by its id, such as 2024/034-a.

        Args:
            text: your copy of that edition's text, to have the words from.

        Raises:
            LookupFailed: when there is none.
        """
        found = read_statement(self._opened, name)
        words = passage(read_text(Path(text)), found) if text else None

        def write(value: Statement, form: str) -> str:
            return written.statement(value, words, form)

        return Told(found, _forms(write, "table", "md", "csv", "json"))

    def norm(self, name: str) -> Told[Norm]:
        """Give one norm by its name, such as give-copies, as at the graph's day.

        Raises:
            LookupFailed: when there is none.
        """
        found = read_norm(self._opened, name.removeprefix("norm/"))
        return Told(found, _forms(written.norm, "table", "md", "csv", "json"))

    def diff(self, earlier: str = "2022", later: str = "2024") -> Told[Diff]:
        """Give what changed between two editions, the gravest first; as md and html it is a briefing.

        Raises:
            LookupFailed: E422 when no changes between the two are on record.
        """
        return Told(read_diff(self._opened, earlier, later), _forms(written.diff, "table", "md", "html", "csv", "json"))

    def check(self, text: str | Path, *, edition: str = "") -> Listing[Finding]:
        """Say what became of each statement in a copy of the text: the same, moved, changed or gone.

        Args:
            text: file of plain text.
            edition: the one to compare with; that most alike unless given.

        Raises:
            LoadError: when the file cannot be read.
            LookupFailed: E420 when there is no such edition.
        """
        copy = read_text(Path(text))
        known = read_statements(self._opened, Filters(edition))
        year = edition or which_edition(copy, known)
        return Listing(check_text(copy, [s for s in known if s.edition == year]), "statements", _CHECKED)

    def coverage(self, edition: str = "", *, text: str | Path | None = None) -> Told[Coverage]:
        """Give how much of the text is annotated, and which norms are tested by what.

        Args:
            text: your copy of the edition's text, to count its sentences anew.

        Raises:
            LookupFailed: E420 when there is no such edition.
        """
        copy = read_text(Path(text)) if text else None
        return Told(
            read_coverage(self._opened, edition, copy), _forms(written.coverage, "table", "md", "csv", "json")
        )  # fmt: skip


def _forms(write: Callable[[T, str], str], *names: str) -> dict[str, Callable[[T], str]]:
    return {name: partial(_written, write, name) for name in names}


def _written(write: Callable[[T, str], str], form: str, value: T) -> str:
    return write(value, form)
