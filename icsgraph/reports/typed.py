# SPDX-License-Identifier: Apache-2.0
"""Rows of an answer as an Excel workbook or a Parquet file: dates are dates there, and numbers numbers.

Needs the packages of ``icsgraph[tables]``, which are imported only here.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from icsgraph.model.errors import QueryError
from icsgraph.queries.about import About
from icsgraph.queries.values import Kind, Value, columns
from icsgraph.reports.rows import Rows

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell

_FIRST_IN_EXCEL: Final = date(1900, 3, 1)  # before it Excel counts a day that was not
_LARGEST_IN_EXCEL: Final = 10**15  # beyond it a cell loses digits
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # XML has no way to write them
_ROWS: Final = 1_048_575  # of a sheet, less the heading
_CELL: Final = 32_767  # characters
_WIDEST: Final = 60


def as_xlsx(names: Sequence[str], rows: Rows, about: About | None = None) -> bytes:
    """Write a workbook: a sheet of rows, and one of what goes with them. No text is taken for a formula.

    A day before March 1900 and a number of 16 digits or more are text, as Excel has no true form of them.

    Raises:
        QueryError: E213 when openpyxl is not installed, E215 when the rows or a text do not fit a sheet.
    """
    try:
        from openpyxl import Workbook
    except ImportError as error:
        raise _missing("xlsx", "openpyxl") from error
    if len(rows) > _ROWS:
        raise QueryError(
            "E215", "--format xlsx", f"a sheet holds {_ROWS:,} rows, not {len(rows):,}", "Use --format parquet or csv."
        )
    book = Workbook()
    sheet = book.active
    sheet.title = "answer"
    typed = columns(rows, len(names))
    for at, name in enumerate(names, 1):
        _put_text(sheet.cell(1, at), name)
        values = typed[at - 1][1]
        for row, value in enumerate(values, 2):
            _put(sheet.cell(row, at), value)
        longest = max((len(str(value)) for value in (name, *values[:200])), default=0)
        sheet.column_dimensions[sheet.cell(1, at).column_letter].width = min(longest + 2, _WIDEST)
    sheet.freeze_panes = "A2"
    if names:
        sheet.auto_filter.ref = sheet.dimensions
    if about:
        _tell(book, about)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _put(cell: Cell, value: Value) -> None:
    if value is None:
        return
    if isinstance(value, datetime):
        cell.value, cell.number_format = value.replace(tzinfo=None), "yyyy-mm-dd hh:mm:ss"
        if value.date() < _FIRST_IN_EXCEL:
            _put_text(cell, value.isoformat())
    elif isinstance(value, date):
        if value < _FIRST_IN_EXCEL:
            _put_text(cell, value.isoformat())
        else:
            cell.value, cell.number_format = value, "yyyy-mm-dd"
    elif isinstance(value, str) or abs(value) >= _LARGEST_IN_EXCEL or value != value:  # NaN is not itself
        _put_text(cell, str(value))
    else:
        cell.value = value


def _put_text(cell: Cell, text: str) -> None:
    if len(text) > _CELL:
        raise QueryError(
            "E215", "--format xlsx", f"a cell holds {_CELL:,} characters, not {len(text):,}", "Use --format parquet."
        )
    cell.value = _CONTROL.sub("�", text)
    cell.data_type = "s"  # openpyxl takes a text with = before it for a formula
    cell.quotePrefix = True


def _tell(book: Workbook, about: About) -> None:
    sheet = book.create_sheet("about")
    for row, (name, value) in enumerate(about.facts().items(), 1):
        _put_text(sheet.cell(row, 1), name)
        _put_text(sheet.cell(row, 2), value)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 14, 70
    book.properties.title = about.question or about.name or "Answer"
    book.properties.creator = "icsgraph"
    book.properties.description = about.line()
    book.properties.keywords = f"query {about.query}; data {about.data or about.endpoint}; as at {about.as_at}"


def as_parquet(names: Sequence[str], rows: Rows, about: About | None = None) -> bytes:
    """Write a Parquet file: days as timestamps at midnight, which pandas reads as dates, and fractions as doubles.

    What goes with the answer is in the file's metadata, each fact under ``icsgraph:`` and its name.

    Raises:
        QueryError: E213 when pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise _missing("parquet", "pyarrow") from error
    types: dict[Kind, Any] = {
        Kind.TEXT: pa.string(), Kind.INTEGER: pa.int64(), Kind.NUMBER: pa.float64(), Kind.BOOLEAN: pa.bool_(),
        Kind.DATE: pa.timestamp("ms"), Kind.DATETIME: pa.timestamp("ms"),
    }  # fmt: skip
    arrays = []
    for kind, values in columns(rows, len(names)):
        utc = kind is Kind.DATETIME and all(isinstance(v, datetime) and v.tzinfo for v in values if v is not None)
        if kind is Kind.DATETIME and not utc:
            values = [v.replace(tzinfo=None) if isinstance(v, datetime) else v for v in values]
        if kind is Kind.DATE:
            arrays.append(pa.array(values, pa.date32()).cast(types[kind]))
        else:
            arrays.append(pa.array(values, pa.timestamp("ms", tz="UTC") if utc else types[kind]))
    told = {f"icsgraph:{name}": value for name, value in about.facts().items()} if about else {}
    table = pa.table(arrays, names=list(names)).replace_schema_metadata(told)
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def _missing(form: str, package: str) -> QueryError:
    return QueryError(
        "E213", f"--format {form}", f"{package} is not installed", "Install it: pip install 'icsgraph[tables]'"
    )


FORMATS: Final[dict[str, Callable[[Sequence[str], Rows, About | None], bytes]]] = {
    "xlsx": as_xlsx, "parquet": as_parquet,
}  # fmt: skip
