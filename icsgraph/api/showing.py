# SPDX-License-Identifier: Apache-2.0
"""Values to what a notebook or a terminal shows of them: a table of their first rows, with what was left out said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, overload

from icsgraph.api.frames import Columns, to_pandas, to_polars
from icsgraph.queries.values import Kind, Value

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    from rich.table import Table

T = TypeVar("T")
_MOST: Final = 20  # rows that are shown
_LONG: Final = 300  # characters of a cell that are shown


class Listing(Sequence[T], Generic[T]):
    """What was found, in order: a sequence that turns into data frames and shows itself as a table."""

    def __init__(self, items: Iterable[T], title: str = "", columns: Sequence[str] = ()) -> None:
        """Take values of one data class; ``columns`` names the fields to show, all of them unless given."""
        self._items, self._title, self._shown = tuple(items), title, tuple(columns)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Listing[T]: ...
    def __getitem__(self, at: int | slice) -> T | Listing[T]:
        """Give one value, or a listing of some of them."""
        if isinstance(at, slice):
            return Listing(self._items[at], self._title, self._shown)
        return self._items[at]

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[T]:
        return iter(self._items)

    def __repr__(self) -> str:
        return f"<{len(self)} {self._title or 'things'}>"

    def to_pandas(self, *, categories: bool = True) -> pd.DataFrame:
        """Give a pandas frame with a column for each field; values of several parts are joined by semicolons."""
        return to_pandas(self._columns(), categories=categories)

    def to_polars(self, *, categories: bool = True) -> pl.DataFrame:
        """Give a polars frame with a column for each field; values of several parts are joined by semicolons."""
        return to_polars(self._columns(), categories=categories)

    def _columns(self) -> Columns:
        names = _fields(self._items[0]) if self._items else self._shown
        return [(name, *_column([_flat(getattr(item, name)) for item in self._items])) for name in names]

    def _repr_html_(self) -> str:
        names = self._shown or (_fields(self._items[0]) if self._items else ())
        rows = [[_flat(getattr(item, name)) for name in names] for item in self._items[:_MOST]]
        return html_table(f"{len(self)} {self._title}", names, rows, len(self) - len(rows))

    def __rich__(self) -> Table:
        names = self._shown or (_fields(self._items[0]) if self._items else ())
        rows = [[_flat(getattr(item, name)) for name in names] for item in self._items[:_MOST]]
        return rich_table(f"{len(self)} {self._title}", names, rows, len(self) - len(rows))


def html_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], left: int, foot: str = "") -> str:
    """Write a table that can stand in a page; ``left`` rows are said to be left out."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    body = "".join("<tr>" + "".join(f"<td>{escape(_cell(value))}</td>" for value in row) + "</tr>" for row in rows)
    told = " | ".join(part for part in (f"{left} more rows are not shown" if left > 0 else "", foot) if part)
    end = f"<p>{escape(told)}</p>" if told else ""
    return f"<table><caption>{escape(title)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{end}"


def rich_table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], left: int, foot: str = ""
) -> Table:
    """Give the same for a terminal."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    told = " | ".join(part for part in (f"{left} more rows are not shown" if left > 0 else "", foot) if part)
    table = Table(box=box.SIMPLE_HEAD, title=Text(title), caption=Text(told) if told else None)
    for name in columns:
        table.add_column(Text(name), overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row))
    return table


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


def _fields(item: object) -> tuple[str, ...]:
    return tuple(field.name for field in fields(item)) if is_dataclass(item) else ()


def _flat(value: Any) -> Value:  # noqa: ANN401  whatever a field holds
    if value is None or isinstance(value, str | int | float | date):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return str(getattr(value, "id", value))
    if isinstance(value, tuple | list):
        return "; ".join(str(_flat(part)) for part in value)
    return str(value)


def _column(values: list[Value]) -> tuple[Kind, list[Value]]:
    kinds = {type(value) for value in values if value is not None}
    known = {int: Kind.INTEGER, float: Kind.NUMBER, bool: Kind.BOOLEAN, date: Kind.DATE}
    kind = known.get(kinds.pop(), Kind.TEXT) if len(kinds) == 1 else Kind.TEXT
    return kind, values if kind is not Kind.TEXT else [None if value is None else str(value) for value in values]
