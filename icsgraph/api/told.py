# SPDX-License-Identifier: Apache-2.0
"""A value that people read, in the forms in which the command gives it; and differences, which have forms as well."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final, Generic, TypeVar

from icsgraph.api.showing import Listing
from icsgraph.model.errors import LookupFailed
from icsgraph.queries.compare import Change

T = TypeVar("T")
_CHANGED: Final = ("kind", "thing", "label", "what", "old", "new")


class Told(Generic[T]):
    """A value that people read as a page: ``value`` is the typed value, ``str()`` the text, ``markdown`` the page."""

    def __init__(self, value: T, forms: Mapping[str, Callable[[T], str]]) -> None:
        """Take the value and its forms, the text first."""
        self.value, self._forms = value, forms

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms in which it can be written."""
        return tuple(self._forms)

    @cached_property
    def text(self) -> str:
        """The text that the command prints."""
        return self.written(self.forms[0])

    @cached_property
    def markdown(self) -> str:
        """The page in Markdown, which notebooks show."""
        return self.written("md") if "md" in self._forms else f"```text\n{self.text.rstrip()}\n```\n"

    def written(self, form: str) -> str:
        """Write it as the command does with ``--format``.

        Raises:
            LookupFailed: E520 for another form.
        """
        if form not in self._forms:
            raise LookupFailed("E520", form, "it has no such form", f"There are: {', '.join(self._forms)}.")
        return self._forms[form](self.value)

    def save(self, path: str | Path, form: str = "") -> Path:
        """Write a file, whole or not at all, in the form named, or in that of its ending; give its path.

        Raises:
            LookupFailed: E520 for another form.
            OutputError: E501 when the file cannot be written.
        """
        from icsgraph.reports.output import write

        path = Path(path)
        ending = path.suffix.lower().removeprefix(".")
        write(self.written(form or (self.forms[0] if ending == "txt" else ending)), path)
        return path

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<{type(self.value).__name__}: {self.text.strip().splitlines()[0] if self.text.strip() else ''}>"

    def _repr_markdown_(self) -> str:
        return self.markdown

    def __rich__(self) -> str:
        from rich.markup import escape as unmarked

        return unmarked(self.text)


class Differences(Listing[Change]):
    """What one side has that the other lacks, or has otherwise; ``text()`` writes it as ``icsgraph diff`` does."""

    def __init__(self, changes: Iterable[Change], old: str, new: str) -> None:
        """Take the changes, and what the two sides are called."""
        super().__init__(changes, "differences", _CHANGED)
        self._sides = old, new

    def text(self, form: str = "table") -> str:
        """Write them: table, md, csv or json.

        Raises:
            LookupFailed: E520 for another form.
        """
        from icsgraph.reports.differences import FORMATS, rendered

        if form not in FORMATS:
            raise LookupFailed("E520", form, "differences have no such form", f"There are: {', '.join(FORMATS)}.")
        return rendered(self, form, *self._sides)

    def save(self, path: str | Path, form: str = "") -> Path:
        """Write a file, whole or not at all, in the form named, or in that of its ending; give its path.

        Raises:
            LookupFailed: E520 for another form.
            OutputError: E501 when the file cannot be written.
        """
        from icsgraph.reports.output import write

        path = Path(path)
        write(self.text(form or path.suffix.lower().removeprefix(".")), path)
        return path

    def __str__(self) -> str:
        return self.text()


def diff(old: str | Path, new: str | Path) -> Differences:
    """Compare two files or folders of RDF, or two reports of findings that ``validate`` wrote as JSON.

    Blank nodes are compared by what they stand for. Answers are compared with :meth:`Answer.compare`, days with
    :meth:`Graph.changes`.

    Raises:
        QueryError: E218 when one side is a report and the other is not, E219 for a finding without an id.
        LoadError: when a path is missing or a file malformed.
    """
    from icsgraph.reports.differences import compare_files

    return Differences(compare_files(Path(old), Path(new)), str(old), str(new))
