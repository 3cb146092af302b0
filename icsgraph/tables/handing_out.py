# SPDX-License-Identifier: Apache-2.0
"""The rows that law and guidance ask of a system, or records that are there, to files that people fill in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyoxigraph as ox

from icsgraph.law.template import as_turtle, template
from icsgraph.model.errors import LookupFailed
from icsgraph.store.folder import write_folder
from icsgraph.store.load import find_files
from icsgraph.tables.directory import Directory
from icsgraph.tables.records import Tabled
from icsgraph.tables.sheets import TO_FILL


@dataclass(frozen=True, slots=True)
class HandedOut:
    """Files that were written, how many rows are in them, how many of those to fill in, and what no sheet can hold."""

    files: tuple[Path, ...]
    rows: int
    to_fill: int
    left_over: tuple[ox.Triple, ...] = ()


def hand_out(
    store: ox.Store, day: date, output: Path, form: str, *, system: str = "", records: Sequence[Path] = (),
    base: str = "", force: bool = False,
) -> HandedOut:  # fmt: skip
    """Write a template of a system, or records as sheets.

    Args:
        output: a workbook (.xlsx), or a folder for ttl and csv.
        form: ttl, xlsx or csv; records become sheets alone.
        system: the board, by code or name; or else
        records: files and folders of RDF.

    Raises:
        LookupFailed: E401, E402, E404 for a board that there is not; E440 for an output that is no name of a workbook.
        OutputError: E501, E502 when a file cannot be written, or is there already.
    """
    if form == "ttl":
        made = template(store, system, day, base)
        files = {name: written.encode() for name, written in as_turtle(made).items()}
        write_folder(output, files, force=force)
        rows = [row for section in made.sections for row in section.rows]
        waiting = sum(not all(field.known for field in row.fields) for row in rows)
        return HandedOut(tuple(output / name for name in files), len(rows), waiting)
    directory = Directory(store)
    tabled, title, code = _sheets(store, directory, day, system, records, base)
    if form == "csv":
        from icsgraph.tables.folder import csv_files

        sheets = csv_files(tabled, code)
        write_folder(output, sheets, force=force)
        written = tuple(output / name for name in sheets)
    else:
        from icsgraph.tables.workbook import About, excel

        if output.suffix.lower() != ".xlsx":
            raise LookupFailed("E440", "--output", f"{output.name} is no name of a workbook", "End it in .xlsx.")
        write_folder(output.parent, {output.name: excel(tabled, directory, About(title, code, day))}, force=force)
        written = (output,)
    states = [state for filled in tabled.filled for *_, state in filled.rows]
    return HandedOut(written, len(states), states.count(TO_FILL), tuple(tabled.left_over))


def _sheets(
    store: ox.Store, directory: Directory, day: date, system: str, records: Sequence[Path], base: str
) -> tuple[Tabled, str, str]:
    """Give the sheets, their title, and the code of the system."""
    from icsgraph.tables.templates import of_files, of_template

    if records:
        return of_files(find_files(records), directory, base), "Records", ""
    made = template(store, system, day, base)
    return of_template(made, directory), f"Records of {made.board_name}", made.code
