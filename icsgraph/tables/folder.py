# SPDX-License-Identifier: Apache-2.0
"""Sheets to a folder of CSV files with their description by CSV on the Web, which import reads back."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any, Final

from icsgraph.tables.delimited import METADATA
from icsgraph.tables.grid import Cell
from icsgraph.tables.records import Filled, Tabled
from icsgraph.tables.sheets import IDENTIFIER, STATE, Column

_TYPES: Final = {"integer": "integer", "decimal": "decimal", "link": "anyURI"}


def csv_files(made: Tabled, system: str) -> dict[str, bytes]:
    """Give the files by name: one for each sheet, and the description of them all."""
    files = {f"{filled.sheet.stem}.csv": _rows(filled) for filled in made.filled}
    tables = [_described(filled) for filled in made.filled]
    about: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "icsgraph:namespace": made.base,
        "icsgraph:system": system,
        "dialect": {"encoding": "utf-8", "delimiter": ",", "header": True},
        "tables": tables,
    }
    files[METADATA] = (json.dumps(about, ensure_ascii=False, indent=2) + "\n").encode()
    return files


def _rows(filled: Filled) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(filled.sheet.headings)
    for cells, identifier, state in filled.rows:
        texts = [_text(cells.get(column.key)) for column in filled.sheet.columns]
        writer.writerow([*texts, identifier, state])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()  # with the mark, Excel takes it for what it is


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    text = cell.isoformat() if isinstance(cell, date) else str(cell)
    return f"'{text}" if isinstance(cell, str) and text[:1] in tuple("=+-@\t\r") else text  # no program runs it then


def _described(filled: Filled) -> dict[str, Any]:
    columns = [_column(column) for column in filled.sheet.columns]
    columns += [
        {"name": IDENTIFIER, "titles": IDENTIFIER.capitalize(), "datatype": "string"},
        {"name": STATE, "titles": STATE.capitalize(), "datatype": "string"},
    ]
    return {
        "url": f"{filled.sheet.stem}.csv",
        "icsgraph:sheet": filled.sheet.name,
        "dc:title": filled.sheet.name,
        "dc:description": filled.sheet.lead,
        "tableSchema": {"columns": columns},
    }


def _column(column: Column) -> dict[str, Any]:
    datatype = _TYPES.get(column.kind, "string")
    found: dict[str, Any] = {"name": column.key, "titles": column.heading, "datatype": datatype}
    if column.property:
        found["propertyUrl"] = column.property
    if column.required:
        found["required"] = True
    if column.several:
        found["separator"] = ";"
    if column.note:
        found["dc:description"] = column.note
    return found
