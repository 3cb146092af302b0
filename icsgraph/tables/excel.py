# SPDX-License-Identifier: Apache-2.0
"""Excel workbooks to plain cells, streaming; openpyxl reads them, after the archive was looked at."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from icsgraph.model.errors import TableError
from icsgraph.tables.archive import chunks, damaged, open_archive
from icsgraph.tables.faults import Faults, Place
from icsgraph.tables.grid import Cell, Grid

_MERGED: Final = re.compile(rb'<(?:\w+:)?mergeCell [^>]*ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_UNSAVED: Final = re.compile(
    rb'<(?:\w+:)?c r="([A-Z]+)(\d+)"[^>]*><(?:\w+:)?f[^>]*>[^<]*</(?:\w+:)?f>'
    rb"(?:<(?:\w+:)?v ?/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"
)
_OVERLAP: Final = 1 << 12


def excel_grids(path: Path, name: str, faults: Faults) -> Iterator[Grid]:
    """Yield the sheets of a workbook; formulas count as the values that were saved with them."""
    try:
        import openpyxl
    except ImportError as error:
        mend = "Install it with pip install 'icsgraph[tables]', or save the sheets as CSV."
        what = "reading Excel workbooks needs openpyxl, which is not installed"
        raise TableError("E904", name, what, mend) from error
    with open_archive(path, name) as archive, path.open("rb") as stream:  # openpyxl leaves a file open that it refuses
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # extensions that openpyxl does not know do not concern cells
                book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        except _BROKEN as error:
            raise damaged(name, error) from error
        try:
            for sheet in book.worksheets:
                _peculiar(archive, sheet, name, faults)
                yield Grid(sheet.title, sheet.sheet_state != "visible", _rows(sheet, name, faults))
        finally:
            book.close()


# What openpyxl was seen to raise for damaged workbooks: it takes what a file says for what it expects.
_BROKEN: Final = (
    zipfile.BadZipFile, LookupError, ValueError, OSError, EOFError, ParseError, SyntaxError, TypeError, AttributeError,
)  # fmt: skip


def _rows(sheet: Any, name: str, faults: Faults) -> Iterator[tuple[int, Sequence[Cell]]]:  # noqa: ANN401  untyped
    sheet.reset_dimensions()  # what a file says of its size is not to be relied on
    try:
        for row in sheet.iter_rows():
            number = 0
            cells: list[Cell] = []
            for cell in row:
                value = cell.value
                if value is not None:
                    number = cell.row
                    if cell.data_type == "e":
                        place = Place(name, sheet.title, cell.row, cell.column_letter)
                        faults.fault(place, value, "the formula in this cell has an error", "Put the value there.")
                        value = None
                cells.append(value)
            if number:
                yield number, cells
    except _BROKEN as error:
        raise damaged(name, error) from error


def _peculiar(archive: zipfile.ZipFile, sheet: Any, name: str, faults: Faults) -> None:  # noqa: ANN401
    """Tell of merged cells and of formulas without a saved value: a streaming reader gives blanks for both."""
    part = sheet._worksheet_path.lstrip("/")
    kept = b""
    seen: set[tuple[bytes, ...]] = set()
    for piece in chunks(archive, part, name):
        text = kept + piece
        for match in _MERGED.finditer(text):
            first, row, last, end = match.groups()
            if match.groups() not in seen:
                place = Place(name, sheet.title, int(row), first.decode())
                cells = f"{first.decode()}{int(row)}:{last.decode()}{int(end)}"
                what = f"cells {cells} are merged, so that only one has a value"
                faults.fault(place, "", what, "Unmerge the cells and fill in each.")
            seen.add(match.groups())
        for match in _UNSAVED.finditer(text):
            if match.groups() not in seen:
                place = Place(name, sheet.title, int(match[2]), match[1].decode())
                mend = "Open the workbook in a spreadsheet program and save it, or put the value there."
                faults.fault(place, "", "the formula in this cell was saved without its value", mend)
            seen.add(match.groups())
        kept = text[-_OVERLAP:]
