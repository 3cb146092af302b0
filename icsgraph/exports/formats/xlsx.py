# SPDX-License-Identifier: Apache-2.0
"""Tidy tables as an Excel workbook: a sheet for each table, before them one that lists the tables and one the columns.

Dates are dates and numbers numbers; no text is taken for a formula. Equal tables give equal bytes. Needs a package of
``icsgraph[tables]``, which is imported only here.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO, TYPE_CHECKING, Final

from icsgraph.exports.content import Content
from icsgraph.exports.format import Format
from icsgraph.exports.tabling import Table, counted, tables
from icsgraph.model.errors import ExportError
from icsgraph.queries.values import Value

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

_FIRST: Final = datetime(1900, 3, 1)  # before it Excel counts a day that was not
_LARGEST: Final = 10**15  # beyond it a cell loses digits
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML has no way to write them
_ROWS: Final = 1_048_575  # of a sheet, less the heading
_CELL: Final = 32_767  # characters
_TITLE: Final = 31
_MOMENT: Final = datetime(2000, 1, 1)  # in place of when it was written, so that bytes do not depend on it
_MODIFIED: Final = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def _write(content: Content, stream: IO[bytes]) -> str:
    try:
        from openpyxl import Workbook
    except ImportError as error:
        mend = "Install it: pip install 'icsgraph[tables]'"
        raise ExportError("E943", "--format xlsx", "openpyxl is not installed", mend) from error
    made = tables(content)
    titles = _titles(made)
    book = Workbook(write_only=True)
    listed = [(titles[t.name], t.name, t.iri, t.rows, t.what) for t in made]
    _sheet(book, "tables", ("sheet", "table", "iri", "rows", "what"), listed)
    columns = [(titles[t.name], c.name, c.property, c.kind.value, c.what) for t in made for c in t.columns]
    _sheet(book, "columns", ("sheet", "column", "property", "kind", "what"), columns)
    for table in made:
        if table.rows > _ROWS:
            what = f"a sheet holds {_ROWS:,} rows, and {table.name} has {table.rows:,}"
            raise ExportError("E942", "--format xlsx", what, "Choose less, or use --format parquet or csv.")
        body = zip(*(column.values for column in table.columns), strict=True)
        _sheet(book, titles[table.name], [column.name for column in table.columns], body)
    book.properties.title = "Tables of an icsgraph graph"
    book.properties.creator = "icsgraph"
    book.properties.description = "; ".join(filter(None, (content.choice, f"data {content.opened.version}")))
    book.properties.created = _MOMENT
    out = io.BytesIO()
    book.save(out)
    stream.write(_timeless(out))
    return counted(made)


def _titles(made: Iterable[Table]) -> dict[str, str]:
    """Name sheets: at most 31 characters, each once, whatever case."""
    taken, titles = {"tables", "columns", "history"}, {}  # Excel keeps the last for itself
    for table in made:
        title, number = table.name[:_TITLE], 1
        while title.lower() in taken:
            number += 1
            title = f"{table.name[: _TITLE - len(str(number)) - 1]}~{number}"
        taken.add(title.lower())
        titles[table.name] = title
    return titles


def _sheet(book: Workbook, title: str, names: Sequence[str], body: Iterable[Sequence[Value]]) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.append([_text(sheet, name) for name in names])
    for row in body:
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: WriteOnlyWorksheet, value: Value) -> WriteOnlyCell | float | None:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) or (isinstance(value, int | float) and (abs(value) >= _LARGEST or value != value)):
        return _text(sheet, str(value))  # NaN is not itself
    if isinstance(value, int | float):
        return value
    moment = value.replace(tzinfo=None) if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    if moment < _FIRST:
        return _text(sheet, value.isoformat())
    from openpyxl.cell import WriteOnlyCell

    bare = moment if isinstance(value, datetime) else date(value.year, value.month, value.day)
    cell = WriteOnlyCell(sheet, bare)
    cell.number_format = "yyyy-mm-dd hh:mm:ss" if isinstance(value, datetime) else "yyyy-mm-dd"
    return cell


def _text(sheet: WriteOnlyWorksheet, text: str) -> WriteOnlyCell:
    if len(text) > _CELL:
        what = f"a cell holds {_CELL:,} characters, not {len(text):,}"
        raise ExportError("E942", "--format xlsx", what, "Choose less, or use --format parquet or csv.")
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet)
    cell.value = _CONTROL.sub("\ufffd", text)
    cell.data_type = "s"  # openpyxl takes a text with = before it for a formula
    return cell


def _timeless(book: io.BytesIO) -> bytes:
    """Leave out of the file when it was written."""
    out = io.BytesIO()
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z", content)
            member = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, content)
    return out.getvalue()


FORMAT: Final = Format("Excel: tidy tables, a sheet each", file=_write)
