# SPDX-License-Identifier: Apache-2.0
"""The guidance: statements of its editions in our words, norms as at the graph's day, and what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from icsgraph.api.showing import Listing, Told
from icsgraph.guidance.coverage import Coverage, read_coverage
from icsgraph.guidance.diff import Diff, read_diff
from icsgraph.guidance.norms import Norm, read_norm
from icsgraph.guidance.statements import Filters, Statement, editions, read_statement, read_statements
from icsgraph.reports import guidance as written

if TYPE_CHECKING:
    from icsgraph.store.opened import Opened

_COLUMNS: Final = ("id", "section", "modality", "bearers", "paraphrase", "statutory")


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

    def statement(self, name: str) -> Told[Statement]:
        """Give one statement by its id, such as 2024/034-a.

        Raises:
            LookupFailed: when there is none.
        """
        found = read_statement(self._opened, name)
        return Told(found, written.statement(found, None, "table"), written.statement(found, None, "md"))

    def norm(self, name: str) -> Told[Norm]:
        """Give one norm by its name, such as give-copies, as at the graph's day.

        Raises:
            LookupFailed: when there is none.
        """
        found = read_norm(self._opened, name.removeprefix("norm/"))
        return Told(found, written.norm(found, "table"), written.norm(found, "md"))

    def diff(self, earlier: str = "2022", later: str = "2024") -> Told[Diff]:
        """Give what changed between two editions, the gravest first.

        Raises:
            LookupFailed: E422 when no changes between the two are on record.
        """
        found = read_diff(self._opened, earlier, later)
        return Told(found, written.diff(found, "table"), written.diff(found, "md"))

    def coverage(self, edition: str = "") -> Told[Coverage]:
        """Give how much of the text is annotated, and which norms are tested by what.

        Raises:
            LookupFailed: E420 when there is no such edition.
        """
        found = read_coverage(self._opened, edition)
        return Told(found, written.coverage(found, "table"), written.coverage(found, "md"))
