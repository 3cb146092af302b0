# SPDX-License-Identifier: Apache-2.0
"""Typed columns to a data frame of pandas or polars, in which dates are dates, and words that repeat are categories.

Both packages are imported only here. A column of text is a category where its values repeat: where at most half as many
different ones stand in it as values.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from icsgraph.model.errors import QueryError
from icsgraph.queries.values import Kind, Value

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

Columns: TypeAlias = Sequence[tuple[str, Kind, Sequence[Value]]]


def to_pandas(columns: Columns, *, categories: bool = True) -> pd.DataFrame:
    """Give a pandas frame; what is missing is NaT in dates and NA in whole numbers and truth values.

    Raises:
        QueryError: E213 when pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise _missing("pandas") from error
    made = {}
    for at, (_, kind, values) in enumerate(columns):
        if kind is Kind.DATETIME:
            made[at] = pd.Series(pd.to_datetime(list(values), utc=_zoned(values)))
        else:
            made[at] = pd.Series(list(values), dtype=_pandas_type(kind, values, categories=categories))
    frame = pd.DataFrame(made)
    frame.columns = pd.Index([name for name, _, _ in columns])
    return frame


def _pandas_type(kind: Kind, values: Sequence[Value], *, categories: bool) -> Any:  # noqa: ANN401  names and classes
    if kind is Kind.TEXT:
        return "category" if categories and _repeats(values) else "string"
    missing = any(value is None for value in values)
    return {
        Kind.INTEGER: "Int64" if missing else "int64",
        Kind.NUMBER: "float64",
        Kind.BOOLEAN: "boolean" if missing else "bool",
        Kind.DATE: "datetime64[s]",
    }[kind]


def to_polars(columns: Columns, *, categories: bool = True) -> pl.DataFrame:
    """Give a polars frame.

    Raises:
        QueryError: E213 when polars is not installed.
    """
    try:
        import polars as pl
    except ImportError as error:
        raise _missing("polars") from error
    types: dict[Kind, Any] = {
        Kind.INTEGER: pl.Int64, Kind.NUMBER: pl.Float64, Kind.BOOLEAN: pl.Boolean, Kind.DATE: pl.Date,
    }  # fmt: skip
    made = []
    for name, kind, values in columns:
        dtype: Any
        if kind is Kind.DATETIME:
            dtype = pl.Datetime("us", "UTC" if _zoned(values) else None)
        elif kind is Kind.TEXT:
            dtype = pl.Categorical if categories and _repeats(values) else pl.String
        else:
            dtype = types[kind]
        made.append(pl.Series(name, list(values), dtype=dtype))
    return pl.DataFrame(made)


def _repeats(values: Sequence[Value]) -> bool:
    there = [value for value in values if value is not None]
    return 0 < 2 * len(set(there)) <= len(there)


def _zoned(values: Sequence[Value]) -> bool:
    """Whether every moment has a time zone; such are in UTC already."""
    return all(isinstance(value, datetime) and value.tzinfo is not None for value in values if value is not None)


def _missing(package: str) -> QueryError:
    return QueryError(
        "E213", f"to_{package}()", f"{package} is not installed", "Install it: pip install 'icsgraph[notebook]'"
    )
