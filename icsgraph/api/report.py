# SPDX-License-Identifier: Apache-2.0
"""The report of a check to typed findings, counts, frames and files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from icsgraph.api.showing import Listing, html_table, rich_table
from icsgraph.law.findings import Coverage, Finding
from icsgraph.law.findings import Report as Reported

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    from rich.table import Table

_COLUMNS: Final = ("severity", "constraint", "outcome", "message", "focus_label", "file", "line")
_SHOWN: Final = 20
Kind: TypeAlias = Literal["report", "summary", "sheet"]
_KINDS: Final[dict[Kind, Literal["report", "--summary", "--sheet"]]] = {
    "report": "report", "summary": "--summary", "sheet": "--sheet",
}  # fmt: skip


class Report:
    """What a check found. Iterating gives the findings, most severe first; ``reported`` is everything it says."""

    def __init__(self, reported: Reported) -> None:
        """Take the report of a check."""
        self.reported = reported

    @property
    def findings(self) -> Listing[Finding]:
        """The findings, most severe first."""
        return Listing(self.reported.findings, "findings", _COLUMNS)

    @property
    def coverage(self) -> Listing[Coverage]:
        """What each constraint looked at, and what came of it."""
        return Listing(self.reported.coverage, "constraints")

    @property
    def counts(self) -> dict[str, int]:
        """How many findings there are of each severity."""
        return self.reported.counts()

    @property
    def failed(self) -> bool:
        """Whether a check itself failed, so that nothing can be said for certain."""
        return self.reported.failed

    @property
    def as_at(self) -> date:
        """The day whose law was asked about."""
        return self.reported.as_at

    def reaches(self, severity: str) -> bool:
        """Say whether any finding that nobody has accepted is at or above Info, Warning or Violation."""
        return self.reported.reaches(severity)

    def text(self, form: str = "table", *, kind: Kind = "report", limit: int | None = None) -> str:
        """Write the report as the command does: table, json, jsonl, csv, md, html, ttl, jsonld, junit or sarif.

        Args:
            kind: the report; its counts alone (summary); or the page of the one system that was checked (sheet).
            limit: show at most this many findings, and say what was left out.

        Raises:
            LookupFailed: E407 for another form.
        """
        from icsgraph.reports.written import written

        return written(self.reported.limited(limit) if limit else self.reported, form, _KINDS[kind])

    def save(self, path: str | Path, form: str = "", *, kind: Kind = "report") -> Path:
        """Write a file, whole or not at all, in the form named, or in that of its ending; give its path."""
        from icsgraph.reports.output import write

        path = Path(path)
        write(self.text(form or path.suffix.lower().removeprefix("."), kind=kind), path)
        return path

    def accept(self, path: str | Path, *, reason: str, authority: str, expires: date | str | None = None) -> Report:
        """Let what is found stand: write a baseline, and give the report held against it.

        Args:
            path: file of accepted findings; what it accepts already keeps its own reason, authority and days.
            reason: why.
            authority: on whose authority.
            expires: the last day on which it holds; open unless given.

        Raises:
            LookupFailed: E413 without a reason or an authority, or for a last day before the report's day.
        """
        from icsgraph.law.request import Acceptable
        from icsgraph.reports.output import write

        last = expires.isoformat() if isinstance(expires, date) else expires
        accepting = Acceptable.read(Path(path), reason, authority, last, self.as_at)
        if accepting is None:
            raise AssertionError("a path is always named")
        write(accepting.text(self.reported), accepting.path)
        return Report(accepting.held(self.reported))

    def to_pandas(self, *, categories: bool = True) -> pd.DataFrame:
        """Give the findings as a pandas frame."""
        return self.findings.to_pandas(categories=categories)

    def to_polars(self, *, categories: bool = True) -> pl.DataFrame:
        """Give the findings as a polars frame."""
        return self.findings.to_polars(categories=categories)

    def __len__(self) -> int:
        return len(self.reported.findings)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.reported.findings)

    def __repr__(self) -> str:
        return f"<Report: {self._counted()}>"

    def __str__(self) -> str:
        return self.text()

    def _counted(self) -> str:
        from icsgraph.reports.standing import counted

        return counted(self.reported).rstrip(".")

    def _shown(self) -> list[list[object]]:
        return [[getattr(finding, name) for name in _COLUMNS] for finding in self.reported.findings[:_SHOWN]]

    def _repr_html_(self) -> str:
        return html_table(self._counted(), _COLUMNS, self._shown(), len(self) - _SHOWN)

    def __rich__(self) -> Table:
        return rich_table(self._counted(), _COLUMNS, self._shown(), len(self) - _SHOWN)
