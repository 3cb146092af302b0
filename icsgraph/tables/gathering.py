# SPDX-License-Identifier: Apache-2.0
"""The first reading of filled-in sheets: which rows are records, what each is called, and where it stands.

Rows wait in a file on disk for the second reading, which needs the names of all of them; only names stay in memory.
"""

from __future__ import annotations

import difflib
import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Final, TypeAlias

from icsgraph.tables.cells import column_name
from icsgraph.tables.directory import Directory, key_of
from icsgraph.tables.faults import Faults, Place, letters
from icsgraph.tables.grid import Cell, Grid, grids
from icsgraph.tables.sheets import IDENTIFIER, INCOMPLETE, STATE, TO_FILL, Sheet
from icsgraph.tables.values import NO, YES, Book, is_identifier, slug

START: Final = "Start here"
LISTS: Final = "Lists"
BATCH: Final = 2000

Progress: TypeAlias = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet of a file: the sheet that it is, and the index of each of its columns in the rows of the file."""

    file: str
    title: str
    sheet: Sheet
    at: dict[str, int]
    identifier: int
    state: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one sheet: number, IRI of the record, and cells as the layout finds them."""

    layout: int
    rows: list[tuple[int, str, Sequence[Cell]]]


@dataclass
class Gathered:
    """What the first reading found; ``batches`` gives the rows again."""

    book: Book
    layouts: list[Layout]
    records: int
    unfilled: list[tuple[str, str, list[int]]]
    spool: IO[bytes]

    def batches(self) -> Iterator[Batch]:
        """Yield the rows that are records, in the order of the files."""
        self.spool.seek(0)
        while True:
            try:
                yield Batch(*pickle.load(self.spool))
            except EOFError:
                return


@dataclass
class Gatherer:
    """Reads files into one book."""

    sheets: Sequence[Sheet]
    book: Book
    faults: Faults
    progress: Progress
    directory: Directory
    layouts: list[Layout] = field(default_factory=list)
    records: int = 0
    _where: dict[str, tuple[int, int]] = field(default_factory=dict)
    _unfilled: list[tuple[str, str, list[int]]] = field(default_factory=list)
    _spool: IO[bytes] = field(default_factory=lambda: TemporaryFile(prefix="icsgraph-"))  # noqa: SIM115  see Gathered

    def read(self, files: Sequence[tuple[Path, str]]) -> Gathered:
        """Read the files, each with the name by which output calls it."""
        for path, name in files:
            for grid in grids(path, name, self.faults):
                self._grid(grid, name)
        return Gathered(self.book, self.layouts, self.records, self._unfilled, self._spool)

    def _grid(self, grid: Grid, file: str) -> None:
        if key_of(grid.name) in (key_of(LISTS), key_of(START)):
            return
        sheet = next((s for s in self.sheets if column_name(grid.name) in _titles(s)), None)
        first = next(grid.rows, None)
        if first is None:
            return
        place = Place(file, grid.name)
        if sheet is None:
            near = difflib.get_close_matches(grid.name, [s.name for s in self.sheets], n=1)
            mend = f"If it is the sheet {near[0]}, give it that name." if near else "Nothing of it was read."
            self.faults.remark(place, "", "it is none of the sheets that are known, and was not read", mend)
            return
        if grid.hidden:
            self.faults.fault(place, "", "the sheet is hidden and holds rows", "Show it, or delete it.")
            return
        layout = self._layout(sheet, grid.name, file, first)
        if layout is not None:
            self.layouts.append(layout)
            self._rows(grid, layout)

    def _layout(self, sheet: Sheet, title: str, file: str, first: tuple[int, Sequence[Cell]]) -> Layout | None:
        number, headings = first
        at: dict[str, int] = {}
        identifier = state = -1
        for index, cell in enumerate(headings):
            if cell is None:
                continue
            name, place = column_name(str(cell)), Place(file, title, number, letters(index))
            column = sheet.by_heading.get(name)
            if name in (IDENTIFIER, STATE) and column is None:
                identifier, state = (index, state) if name == IDENTIFIER else (identifier, index)
            elif column is None:
                near = difflib.get_close_matches(str(cell), [c.heading for c in sheet.columns], n=1)
                mend = f"If it is the column {near[0]}, call it so." if near else "Nothing in it was read."
                self.faults.remark(place, cell, "this sheet has no such column; it was not read", mend)
            elif column.key in at:
                self.faults.fault(place, cell, "two columns have this heading", "Keep one of them.")
            else:
                at[column.key] = index
        lacking = [c.heading for c in sheet.columns if c.required and c.key not in at]
        if lacking:
            what = f"columns are missing: {', '.join(lacking)}"
            mend = "Put them back, with these headings, in the first row."
            self.faults.fault(Place(file, title, number), "", what, mend)
            return None
        return Layout(file, title, sheet, at, identifier, state)

    def _rows(self, grid: Grid, layout: Layout) -> None:
        index = len(self.layouts) - 1
        width = max((*layout.at.values(), layout.identifier, layout.state)) + 1
        unfilled: list[int] = []
        waiting: list[tuple[int, str, Sequence[Cell]]] = []
        for number, cells in grid.rows:
            row = [*cells[:width], *[None] * (width - len(cells))]
            if not any(row[i] is not None for i in (*layout.at.values(), *filter(_is_there, [layout.identifier]))):
                continue  # what stands in columns that are not known makes no record
            counts, name = self._counts(layout, row, number), called(layout, row)
            if not counts:
                unfilled.append(number)
                self._to_fill(layout, row, number, name)
                continue
            waiting.append((number, self._register(layout, row, number, name), row))
            if len(waiting) >= BATCH:
                self._put(index, waiting)
                waiting = []
        if waiting:
            self._put(index, waiting)
        if unfilled:
            self._unfilled.append((layout.file, layout.title, unfilled))

    def _put(self, layout: int, rows: list[tuple[int, str, Sequence[Cell]]]) -> None:
        pickle.dump((layout, rows), self._spool, protocol=5)
        self.records += len(rows)
        self.progress(self.records, "read")

    def _counts(self, layout: Layout, row: Sequence[Cell], number: int) -> bool:
        """Whether a row is a record: one that came with the workbook is not until people fill something in."""
        gate = next((c for c in layout.sheet.columns if c.kind == "gate"), None)
        if gate is not None:
            said = row[layout.at[gate.key]]
            if said is not None and key_of(str(said)) not in (*YES, *NO):
                place = Place(layout.file, layout.title, number, letters(layout.at[gate.key]))
                self.faults.fault(place, said, "it is neither yes nor no", "Write yes or no.")
            return said is not None and key_of(str(said)) in YES
        if layout.state < 0 or key_of(str(row[layout.state] or "")) != TO_FILL:
            return True
        columns = [c for c in layout.sheet.columns if c.key in layout.at]
        if not any(c.fill for c in columns):
            return all(row[layout.at[c.key]] is not None for c in columns if c.required)
        return any(c.fill and row[layout.at[c.key]] is not None for c in columns)

    def _register(self, layout: Layout, row: Sequence[Cell], number: int, name: str) -> str:
        """Give the IRI of a row's record, and let its name mean it."""
        given = self._subject(layout, row) or (row[layout.identifier] if layout.identifier >= 0 else None)
        place = Place(layout.file, layout.title, number)
        text = _plain(given) if given is not None else slug(name)
        if given is not None and not is_identifier(text) and "://" not in text:
            mend = f"Leave it empty, or write {slug(text)}."
            self.faults.fault(place, given, "an identifier takes letters, digits and hyphens", mend)
            text = slug(text)
        iri = self.book.iri(text)
        index = len(self.layouts) - 1
        if iri in self._where and given is None:
            dates = [row[layout.at[c.key]] for c in layout.sheet.columns if c.kind == "date" and c.key in layout.at]
            day = next((_plain(cell) for cell in dates if cell is not None), "")
            iri = self.book.iri(slug(f"{name} {day}"))
        if iri in self._where:
            other, at = self._where[iri]
            what = f"row {at} of {self.layouts[other].title} is the same record"
            mend = "Delete one of the rows, or give this one a name or an identifier of its own."
            self.faults.fault(place, given or name, what, mend)
        else:
            self._where[iri] = (index, number)
        self.book.iris.add(iri)
        self.book.name(layout.sheet.name, name, iri)
        for column in layout.sheet.columns:  # codes and other names of bodies and areas mean them too
            if column.key in ("ods_code", "ons_code", "other_names") and column.key in layout.at:
                for piece in _plain(row[layout.at[column.key]]).split(";"):
                    if piece.strip():
                        self.book.name(layout.sheet.name, piece, iri)
        return iri

    def _subject(self, layout: Layout, row: Sequence[Cell]) -> str | None:
        """Give the IRI of the thing of the graph that a row tells of, where its sheet is about such things."""
        column = layout.sheet.subject
        if column is None or column.key not in layout.at:
            return None
        found = {n for kind in column.of for n in self.directory.names(kind).find(_plain(row[layout.at[column.key]]))}
        return found.pop().value if len(found) == 1 else None  # else the second reading says what is wrong

    def _to_fill(self, layout: Layout, row: Sequence[Cell], number: int, name: str) -> None:
        where = f"{layout.title}, row {number}"
        self.book.to_fill[key_of(name)] = where
        given = row[layout.identifier] if layout.identifier >= 0 else None
        self.book.to_fill[self.book.iri(_plain(given) if given is not None else slug(name))] = where


def _is_there(index: int) -> bool:
    return index >= 0


def is_incomplete(layout: Layout, row: Sequence[Cell]) -> bool:
    """Whether a row says that what it lacks is not known."""
    return layout.state >= 0 and key_of(str(row[layout.state] or "")) == INCOMPLETE


def called(layout: Layout, row: Sequence[Cell]) -> str:
    """Give the name of a row, made of its cells where nobody gave one."""
    given = row[layout.at["name"]] if "name" in layout.at else None
    if given is not None:
        return str(given)
    texts = {c.key: _plain(row[layout.at[c.key]]) if c.key in layout.at else "" for c in layout.sheet.columns}
    texts.setdefault("kind", layout.sheet.word)
    return " ".join(layout.sheet.label.format_map(texts).split()).strip(" ,") or layout.sheet.word


def namespace_of(path: Path, name: str) -> dict[str, str]:
    """Give what the first sheet of a workbook, or the description of a table, says: ``namespace``, ``system``."""
    if path.name.lower().endswith((".csv", ".tsv", ".csv.gz")):
        from icsgraph.tables.delimited import metadata_of

        described = metadata_of(path) if path.is_file() else {}
        return {k: str(described[f"icsgraph:{k}"]) for k in ("namespace", "system") if f"icsgraph:{k}" in described}
    found: dict[str, str] = {}
    for grid in grids(path, name, Faults()):
        if key_of(grid.name) == key_of(START):
            for _, cells in grid.rows:
                if len(cells) > 1 and cells[0] is not None and cells[1] is not None:
                    found[column_name(str(cells[0]))] = str(cells[1])
        break
    return found


def _titles(sheet: Sheet) -> set[str]:
    return {column_name(sheet.name), column_name(sheet.stem), column_name(sheet.stem.partition("-")[2])}


def _plain(value: Any) -> str:  # noqa: ANN401  whatever a reader gives
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
