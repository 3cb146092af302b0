# SPDX-License-Identifier: Apache-2.0
"""What a query answered to rows of Python values, data frames and files, with what must be known before quoting it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, overload

import pyoxigraph as ox

from icsgraph.api.frames import to_pandas, to_polars
from icsgraph.api.showing import html_table, rich_table
from icsgraph.api.told import Differences
from icsgraph.model.errors import QueryError
from icsgraph.queries.about import About
from icsgraph.queries.run import Answer as Answered
from icsgraph.queries.values import Kind, Value, columns

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    from rich.table import Table

    from icsgraph.queries.labels import Rows

_SHOWN: Final = 20
_TRIPLES: Final = {".ttl": "ttl", ".nt": "nt", ".jsonld": "jsonld", ".rdf": "rdfxml"}


class Answer:
    """Rows of an answer, and the facts that belong to it.

    ``columns`` names the columns and ``kinds`` says what the values of each are; ``rows`` are the values, dates as
    dates and numbers as numbers, None where there is none, IRIs as text. Iterating gives a dictionary for each row,
    ``answer["name"]`` a column, ``answer[0]`` a row. ``terms`` are the same rows as terms of RDF.
    """

    def __init__(self, answered: Answered, about: About, names: Sequence[str], terms: Rows) -> None:
        """Take what a query answered; ``names`` and ``terms`` may have columns of labels besides."""
        self._answered, self.about = answered, about
        self.columns: tuple[str, ...] = tuple(names)
        self.terms = tuple(tuple(row) for row in terms)
        typed = columns(self.terms, len(self.columns))
        self.kinds: tuple[Kind, ...] = tuple(kind for kind, _ in typed)
        self._values = tuple(values for _, values in typed)
        self.rows: tuple[tuple[Value, ...], ...] = tuple(zip(*self._values, strict=True)) if self.terms else ()

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    @property
    def complete(self) -> bool | None:
        """Whether these are all rows; None from an endpoint, which may cut without a word."""
        return self.about.whole

    @property
    def why_cut(self) -> str:
        """What cut the answer; empty where nothing did."""
        return self.about.why_cut

    @property
    def hash(self) -> str:
        """SHA-256 of the query and its parameters."""
        return self.about.query

    @property
    def version(self) -> str:
        """SHA-256 of the data that was asked; empty for an endpoint."""
        return self.about.data

    @property
    def as_at(self) -> date:
        """The day as at which was asked."""
        return self.about.as_at

    @property
    def question(self) -> str:
        """The question in plain words, of a stored query."""
        return self.about.question

    @property
    def triples(self) -> tuple[ox.Triple, ...] | None:
        """The triples of a CONSTRUCT or DESCRIBE; None for rows."""
        return self._answered.triples

    def cite(self, today: date | None = None) -> str:
        """Give a paragraph that says what was asked of which data, when, and how much was answered."""
        from icsgraph.reports.cite import citation

        return citation(self.about, today or date.today())

    def to_pandas(self, *, categories: bool = True) -> pd.DataFrame:
        """Give a pandas frame: days are timestamps, and text that repeats is a category unless told otherwise.

        Raises:
            QueryError: E213 when pandas is not installed.
        """
        return self._told(to_pandas(self._columns(), categories=categories))

    def _told(self, frame: pd.DataFrame) -> pd.DataFrame:
        frame.attrs.update({f"icsgraph:{name}": value for name, value in self.about.facts().items()})
        return frame

    def to_polars(self, *, categories: bool = True) -> pl.DataFrame:
        """Give a polars frame: days are dates, and text that repeats is a category unless told otherwise.

        Raises:
            QueryError: E213 when polars is not installed.
        """
        return to_polars(self._columns(), categories=categories)

    def _columns(self) -> list[tuple[str, Kind, Sequence[Value]]]:
        return list(zip(self.columns, self.kinds, self._values, strict=True))

    def text(self, form: str = "table") -> str:
        """Write the answer as the command does: table, csv, tsv, json, jsonl, md or html.

        Raises:
            QueryError: E214 for another form.
        """
        from icsgraph.reports.rows import FORMATS

        if form not in FORMATS:
            raise QueryError("E214", form, "there is no text of that form", f"There are: {', '.join(FORMATS)}.")
        return FORMATS[form](self.columns, self.terms, self.about)

    def save(self, path: str | Path) -> Path:
        """Write a file, whole or not at all, in the form that its ending names; give its path.

        What has no place for the facts of an answer, such as CSV, gets a file ``…-metadata.json`` beside it.

        Raises:
            QueryError: E212 for rows as RDF, E213 when a package is missing, E214 for an ending that names no form.
        """
        from icsgraph.reports.beside import write_beside
        from icsgraph.reports.rows import FORMATS
        from icsgraph.reports.triples import as_rdf
        from icsgraph.reports.typed import FORMATS as TYPED
        from icsgraph.store.whole import write_whole

        path = Path(path)
        form = path.suffix.lower().removeprefix(".")
        if path.suffix.lower() in _TRIPLES:
            if self.triples is None:
                mend = "Ask with CONSTRUCT or DESCRIBE, or name a .csv, .xlsx or .parquet file."
                raise QueryError("E212", str(path), "it holds triples, and the query gives rows", mend)
            data = as_rdf(self.triples, _TRIPLES[path.suffix.lower()], self.about)
        elif form in TYPED:
            data = TYPED[form](self.columns, self.terms, self.about)
        elif form in FORMATS:
            data = self.text(form).encode()
        else:
            endings = " ".join((*(f".{each}" for each in (*FORMATS, *TYPED)), *_TRIPLES))
            raise QueryError("E214", str(path), "the ending says no form", f"Use one of {endings}.")
        write_whole(path, data)
        write_beside(path, _TRIPLES.get(path.suffix.lower(), form), self.columns, self.about)
        return path

    def compare(self, later: Answer, *key: str) -> Differences:
        """Say what a later answer to the same question adds, lacks and gives otherwise; ``key`` tells rows apart.

        Raises:
            QueryError: E218 when the columns differ, or none is called as ``key`` says.
        """
        from icsgraph.queries.compare import compare_rows

        if self.columns != later.columns:
            what = f"one has the columns {', '.join(self.columns)}, the other {', '.join(later.columns)}"
            raise QueryError("E218", "compare", what, "Compare answers to one query.")
        for name in key:
            if name not in self.columns:
                mend = f"It has {', '.join(self.columns)}."
                raise QueryError("E218", name, "the answer has no such column", mend)
        found = compare_rows(self.columns, self.terms, later.terms, key)
        return Differences(found, self.about.name or "earlier", later.about.name or "later")

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    @overload
    def __getitem__(self, at: int) -> dict[str, Value]: ...
    @overload
    def __getitem__(self, at: str) -> list[Value]: ...
    def __getitem__(self, at: int | str) -> dict[str, Value] | list[Value]:
        """Give a row by its number, or a column by its name."""
        if isinstance(at, int):
            return dict(zip(self.columns, self.rows[at], strict=True))
        if at not in self.columns:
            raise KeyError(f"{at}; there are {', '.join(self.columns)}")
        return list(self._values[self.columns.index(at)])

    def __str__(self) -> str:
        return f"{self.text()}{self.about.line()}"

    def __repr__(self) -> str:
        return f"<Answer: {self.about.line()}>"

    def _repr_html_(self) -> str:
        title = self.question or self.about.name or "Answer"
        left = len(self.rows) - _SHOWN
        return html_table(title, self.columns, self._readable(), left, self.about.line())

    def __rich__(self) -> Table:
        title = self.question or self.about.name or "Answer"
        left = len(self.rows) - _SHOWN
        return rich_table(title, self.columns, self._readable(), left, self.about.line())

    def _readable(self) -> list[list[str]]:
        from icsgraph.reports.rows import short

        return [[short(term) for term in row] for row in self.terms[:_SHOWN]]
