# SPDX-License-Identifier: Apache-2.0
"""Tables to plain cell triples: one node a row, one string a cell, and where the row stood.

    <FILE#row=2> table:in <FILE> ; table:row 2 ; cell:icb_code "E54000008" ; cell:icb_name "NHS Cheshire …" .
    <FILE> table:name "reference/icb.csv" .

Nothing is interpreted here: what a column means is said by a mapping (``mapping.py``). An empty cell gives no triple.
Rows are counted as a spreadsheet counts them, the header being row 1. A column that holds several values with ``;``
between them can be split: the whole cell stays as ``cell:``, and each piece is a ``part:``.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final, TextIO

from pyoxigraph import Literal, NamedNode, Triple

from icsgraph.model.errors import LoadError
from icsgraph.model.namespaces import BASE, XSD

CELL: Final = BASE + "cell/"
PART: Final = BASE + "part/"
TABLE: Final = BASE + "table/"

_IN: Final = NamedNode(TABLE + "in")
_ROW: Final = NamedNode(TABLE + "row")
_NAME: Final = NamedNode(TABLE + "name")
_INTEGER: Final = NamedNode(XSD + "integer")


@dataclass(frozen=True)
class Table:
    """A header and its rows, in order; each row as long as the header."""

    name: str
    columns: tuple[str, ...]
    rows: Iterable[Sequence[str]]


def column_name(heading: str) -> str:
    """Give a heading as the name of a cell property: lower case, with ``_`` for whatever is not a letter or digit.

    Example:
        >>> column_name("Name of board ")
        'name_of_board'
    """
    return re.sub(r"[^a-z0-9]+", "_", heading.strip().lower()).strip("_")


def cell_triples(table: Table, file: NamedNode, split: Iterable[str] = ()) -> Iterator[Triple]:
    """Yield the triples of a table; ``split`` names the columns whose pieces are wanted too."""
    pieces = set(split)
    columns = [(NamedNode(CELL + c), NamedNode(PART + c) if c in pieces else None) for c in table.columns]
    yield Triple(file, _NAME, Literal(table.name))
    for number, row in enumerate(table.rows, start=2):
        node = NamedNode(f"{file.value}#row={number}")
        yield Triple(node, _IN, file)
        yield Triple(node, _ROW, Literal(str(number), datatype=_INTEGER))
        for (cell, part), value in zip(columns, row, strict=True):
            text = value.strip()
            if not text:
                continue
            yield Triple(node, cell, Literal(text))
            if part is not None:
                yield from (Triple(node, part, Literal(p.strip())) for p in text.split(";") if p.strip())


@contextmanager
def open_table(path: Path, name: str) -> Iterator[Table]:
    """Open a table by the ending of its name: ``.csv``, ``.csv.gz`` or ``.geojson``; rows are read one at a time.

    Raises:
        LoadError: E160 if the file is missing or of another kind, E161 if its rows do not fit its header.
    """
    if not path.is_file():
        raise LoadError("E160", name, "there is no such table", "Correct the name, or put the file there.")
    if path.name.endswith(".geojson"):
        yield _features(path, name)
        return
    if not path.name.endswith((".csv", ".csv.gz")):
        raise LoadError("E160", name, "not a kind of table that can be read", "Save it as .csv, .csv.gz or .geojson.")
    with _text(path) as lines:
        yield _table(csv.reader(lines, strict=True), name)


@contextmanager
def _text(path: Path) -> Iterator[TextIO]:
    # utf-8-sig: spreadsheets put a byte order mark before the first heading.
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as lines:
            yield lines
    else:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            yield lines


def _table(rows: Iterator[list[str]], name: str) -> Table:
    headings = next(rows, [])
    columns = tuple(column_name(heading) for heading in headings)
    if not columns or not all(columns) or len(set(columns)) < len(columns):
        mend = "Give every column a heading of its own in the first row."
        raise LoadError("E161", f"{name}:1", f"headings are missing or repeated: {', '.join(headings)!r}", mend)
    return Table(name, columns, _checked(rows, len(columns), name))


def _checked(rows: Iterator[list[str]], width: int, name: str) -> Iterator[list[str]]:
    number = 1
    try:
        for number, row in enumerate(rows, start=2):
            if not row:
                yield [""] * width
                continue
            if len(row) != width:
                what = f"row {number} has {len(row)} cells, the header {width}"
                raise LoadError("E161", f"{name}:{number}", what, "Put a value that holds a comma between quotes.")
            yield row
    except (csv.Error, UnicodeDecodeError) as error:
        raise LoadError("E161", f"{name}:{number}", str(error), "Save the table as CSV in UTF-8.") from error


def _features(path: Path, name: str) -> Table:
    """A GeoJSON collection as a table: its properties, and the geometry as well-known text in column ``wkt``."""
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        columns = tuple(dict.fromkeys(chain.from_iterable(f["properties"] for f in features)))
        rows = [[*(str(f["properties"].get(c) or "") for c in columns), _wkt(f["geometry"])] for f in features]
    except (ValueError, KeyError, TypeError) as error:
        raise LoadError("E161", name, f"not a GeoJSON feature collection: {error}", "Export it again.") from error
    return Table(name, (*map(column_name, columns), "wkt"), rows)


def _wkt(geometry: dict[str, Any]) -> str:
    def written(part: list[Any]) -> str:
        if not isinstance(part[0], list):
            return " ".join(str(number) for number in part)
        return "(" + ",".join(written(inner) for inner in part) + ")"

    text = written(geometry["coordinates"])
    return f"{geometry['type'].upper()} {text if text.startswith('(') else f'({text})'}"
