# SPDX-License-Identifier: Apache-2.0
"""Workbooks and tables in any format to sheets of plain cells, a row at a time; nothing is interpreted here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, TypeAlias

from icsgraph.model.errors import TableError
from icsgraph.tables.faults import Faults, Place

Cell: TypeAlias = str | int | float | bool | date | None
ENDINGS: Final = (".xlsx", ".xlsm", ".ods", ".csv", ".tsv", ".csv.gz")
_QUOTED: Final = re.compile(r"^'(?=[=+\-@])")  # the quote that keeps a text from being run as a formula
LONGEST: Final = 32_767  # what a cell of a spreadsheet can hold


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet as it stands: its name, whether it is hidden, and its rows with their numbers, without blank ones."""

    name: str
    hidden: bool
    rows: Iterator[tuple[int, Sequence[Cell]]]


def is_table(path: Path) -> bool:
    """Whether the ending of a name says a workbook or a table."""
    return path.name.lower().endswith(ENDINGS)


def grids(path: Path, name: str, faults: Faults) -> Iterator[Grid]:
    """Yield the sheets of a file; the rows of one must be read before the next is asked for.

    Args:
        faults: what cannot be taken is told here: merged cells, errors of formulas, texts that are too long.

    Raises:
        TableError: E901 for a missing file or an unknown ending, E902 for one that could do harm, E903 for damage.
    """
    if not path.is_file():
        raise TableError("E901", name, "there is no such file", "Check the path and run the command again.")
    lower = path.name.lower()
    if lower.endswith((".xlsx", ".xlsm")):
        from icsgraph.tables.excel import excel_grids

        found = excel_grids(path, name, faults)
    elif lower.endswith(".ods"):
        from icsgraph.tables.opendocument import ods_grids

        found = ods_grids(path, name, faults)
    elif lower.endswith((".csv", ".tsv", ".csv.gz")):
        from icsgraph.tables.delimited import csv_grids

        found = csv_grids(path, name, faults)
    else:
        what = f"{path.suffix or 'no ending'} is not a kind of table that is read"
        raise TableError("E901", name, what, f"Save it as one of {' '.join(ENDINGS)}.")
    for grid in found:
        yield Grid(grid.name, grid.hidden, _filled(grid, name, faults))


def _filled(grid: Grid, name: str, faults: Faults) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Leave out blank rows and the blanks around texts; refuse texts that no spreadsheet could hold."""
    for number, row in grid.rows:
        cells: list[Cell] = []
        some = False
        for cell in row:
            if isinstance(cell, str):
                text: Cell = _QUOTED.sub("", cell.strip()) or None
                if text is not None and len(cell) > LONGEST:
                    what = f"the text has {len(cell)} characters; at most {LONGEST} are read"
                    faults.fault(Place(name, grid.name, number), cell[:40], what, "Shorten it, or give a link to it.")
                    text = None
            else:
                text = cell
            some = some or text is not None
            cells.append(text)
        if some:
            yield number, cells
