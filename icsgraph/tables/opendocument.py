# SPDX-License-Identifier: Apache-2.0
"""OpenDocument spreadsheets to plain cells, streaming, however often a file says that an empty row is repeated.

The libraries that there are read the whole document first, or make room for every repeated cell; what is needed of the
format is little: rows, cells, repeats, types of value, merged cells and hidden sheets.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from icsgraph.tables.archive import damaged, open_archive
from icsgraph.tables.faults import Faults, Place, letters
from icsgraph.tables.grid import Cell, Grid

_NS: Final = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
_TABLE, _OFFICE, _TEXT, _STYLE = (f"{{{_NS.format(name)}}}" for name in ("table", "office", "text", "style"))
_WIDEST: Final = 1024
_MOST_REPEATS: Final = 1000


def ods_grids(path: Path, name: str, faults: Faults) -> Iterator[Grid]:
    """Yield the sheets of a document; each is read as it is asked for."""
    with open_archive(path, name) as archive:
        try:
            stream = archive.open("content.xml")
        except KeyError as error:
            raise damaged(name, error) from error
        with stream:
            yield from _Document(ET.iterparse(stream, ("start", "end")), name, faults).grids()


class _Document:
    """Goes through the events of a parser once."""

    def __init__(self, events: Iterator[tuple[str, ET.Element]], name: str, faults: Faults) -> None:
        self._events, self._name, self._faults = self._guarded(events), name, faults
        self._hidden: set[str] = set()

    def _guarded(self, events: Iterator[tuple[str, ET.Element]]) -> Iterator[tuple[str, ET.Element]]:
        try:
            yield from events
        except (ET.ParseError, OSError, EOFError, ValueError) as error:
            raise damaged(self._name, error) from error

    def grids(self) -> Iterator[Grid]:
        for event, node in self._events:
            if event == "end" and node.tag == f"{_STYLE}style":
                if any(p.get(f"{_TABLE}display") == "false" for p in node.iter(f"{_STYLE}table-properties")):
                    self._hidden.add(node.get(f"{_STYLE}name", ""))
            elif event == "start" and node.tag == f"{_TABLE}table":
                rows = self._rows(node)
                yield Grid(node.get(f"{_TABLE}name", ""), node.get(f"{_TABLE}style-name") in self._hidden, rows)
                for _ in rows:  # whatever the reader left
                    pass

    def _rows(self, table: ET.Element) -> Iterator[tuple[int, Sequence[Cell]]]:
        number = 1
        for event, node in self._events:
            if event != "end":
                continue
            if node.tag == f"{_TABLE}table-row":
                cells = self._cells(node, number, table.get(f"{_TABLE}name", ""))
                times = _times(node, "rows")
                if any(cell is not None for cell in cells):
                    yield from ((number + extra, cells) for extra in range(min(times, _MOST_REPEATS)))
                number += times
                node.clear()
                table.clear()  # rows that were read are let go
            elif node is table or node.tag == f"{_TABLE}table":
                return

    def _cells(self, row: ET.Element, number: int, sheet: str) -> list[Cell]:
        cells: list[Cell] = []
        for node in row:
            times = _times(node, "columns")
            spanned = any(int(node.get(f"{_TABLE}number-{w}-spanned", "1")) > 1 for w in ("columns", "rows"))
            if spanned:
                place = Place(self._name, sheet, number, letters(len(cells)))
                what = "cells are merged here, so that only one has a value"
                self._faults.fault(place, "", what, "Unmerge the cells and fill in each.")
            cells += [self._value(node)] * min(times, max(_WIDEST - len(cells), 0))
        while cells and cells[-1] is None:
            cells.pop()
        return cells

    def _value(self, node: ET.Element) -> Cell:
        kind = node.get(f"{_OFFICE}value-type", "")
        try:
            if kind == "date":
                return date.fromisoformat(node.get(f"{_OFFICE}date-value", "")[:10])
            if kind == "boolean":
                return node.get(f"{_OFFICE}boolean-value") == "true"
            if kind in ("float", "percentage", "currency"):
                return float(node.get(f"{_OFFICE}value", ""))
        except ValueError:
            pass  # then what the cell shows is what there is
        shown = "\n".join("".join(p.itertext()) for p in node.iter(f"{_TEXT}p"))
        return shown or None


def _times(node: ET.Element, what: str) -> int:
    text = node.get(f"{_TABLE}number-{what}-repeated", "1")
    return int(text) if text.isdigit() else 1
