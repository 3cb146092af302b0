# SPDX-License-Identifier: Apache-2.0
"""How long a workbook of many rows takes to import, and how much memory: ``python benchmarks/import.py [ROWS]``.

The workbook is made first, and not counted: copies of one strategy, each with names to resolve, dates in three forms
and a paper in which it is recorded.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import openpyxl

from icsgraph.opening import open_graph
from icsgraph.tables.directory import Directory
from icsgraph.tables.importing import import_sheets
from icsgraph.tables.sheets import read_sheets
from icsgraph.tables.writing import writer_to

_BOARDS = ("QRL", "NHS Frimley Integrated Care Board", "QHM", "NHS Devon Integrated Care Board")


def workbook(path: Path, rows: int) -> None:
    """Write a workbook with so many rows."""
    sheets = {sheet.name: sheet for sheet in read_sheets()}
    book = openpyxl.Workbook(write_only=True)
    strategies = book.create_sheet("Strategies")
    strategies.append(sheets["Strategies"].headings)
    row = {"Partnership": "https://w3id.org/icsgraph/id/icp/QRL", "First day": "14/12/2022", "Name": "the strategy"}
    strategies.append([row.get(heading) for heading in sheets["Strategies"].headings])
    copies = book.create_sheet("Copies")
    copies.append(sheets["Copies"].headings)
    for number in range(rows - 1):
        day = date(2023, 1, 1) + timedelta(days=number % 900)
        form = (day, f"{day.day} {day:%B %Y}", f"{day:%B %Y}")[number % 3]
        row = {
            "Document": "the strategy", "Given by": "QRL", "To": _BOARDS[number % 4], "Date": form,
            "Recorded in": f"Letter {number % 5000}", "Name": f"copy {number}",
        }  # fmt: skip
        copies.append([row.get(heading) for heading in sheets["Copies"].headings])
    book.save(path)


def main() -> None:
    """Make the workbook, import it, and print what it took."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        workbook(path, rows)
        directory = Directory(open_graph(as_at=date(2025, 6, 30)).store)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        start, busy = time.perf_counter(), time.process_time()
        with writer_to(Path(folder) / "records.ttl", "https://example.org/qrl/") as writer:
            made = import_sheets([(path, "book.xlsx")], directory, "https://example.org/qrl/", writer)
        took, busy = time.perf_counter() - start, time.process_time() - busy
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        size = (Path(folder) / "records.ttl").stat().st_size / 1e6
    print(f"rows       {made.records:>12,}")
    print(f"triples    {made.triples:>12,}  ({size:.0f} MB of Turtle)")
    print(f"time       {took:>12.1f} s  ({made.records / took:,.0f} rows a second; {busy:.1f} s of processor time)")
    print(f"memory     {after:>12.0f} MB at most, {before:.0f} MB of it before")


if __name__ == "__main__":
    main()
