# SPDX-License-Identifier: Apache-2.0
"""Sheets to an Excel workbook for people: headings with notes, drop-downs from the graph, formats for dates."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from icsgraph.model.errors import TableError
from icsgraph.model.namespaces import ICS
from icsgraph.tables.directory import Directory
from icsgraph.tables.faults import letters
from icsgraph.tables.gathering import LISTS, START
from icsgraph.tables.records import Filled, Tabled
from icsgraph.tables.sheets import TO_FILL, Column, Sheet

_ROOM: Final = 2000
_DATE: Final = "d mmmm yyyy"
_WIDE: Final = {
    "name": 44,
    "words": 44,
    "text": 44,
    "date": 18,
    "tick": 10,
    "gate": 10,
    "integer": 12,
    "decimal": 12,
    "figure": 18,
}
_OFFERED: Final = ("provision", "setting")  # of what the graph has; documents of the graph are too many
_HOW: Final = (
    "Each row of a sheet is one record. Rows marked “to fill in” came with the workbook: they count once you fill in",
    "the shaded cells, and for nothing until then; delete those that you do not need. Add rows below them as you like.",
    "Dates: a day (14/07/2022 or 14 July 2022), a month (July 2022) or a year (2022). Days come before months.",
    "Where a column takes several values, put ; between them. A body can be given by its name, an alias or its code.",
    "A row without a name gets one. Other rows refer to a row by its name. Leave the column Identifier as it is.",
    "Then: icsgraph import FILE --output records.ttl, and icsgraph validate records.ttl.",
)


@dataclass(frozen=True, slots=True)
class About:
    """What the first sheet says: title, code of the system's board, and the day as at which bodies are offered."""

    title: str
    system: str
    day: date


def excel(made: Tabled, directory: Directory, about: About) -> bytes:
    """Give the bytes of a workbook.

    Raises:
        TableError: E904 where openpyxl is not installed.
    """
    try:
        import openpyxl
    except ImportError as error:
        mend = "Install it with pip install 'icsgraph[tables]', or ask for --format csv."
        what = "writing workbooks needs openpyxl, which is not installed"
        raise TableError("E904", "--format xlsx", what, mend) from error
    book = openpyxl.Workbook()
    start = book.active
    start.title = START
    _start(start, made, about)
    lists = _Lists(made, directory, about.day)
    for filled in made.filled:
        _Page(book.create_sheet(filled.sheet.name), filled, lists).write()
    lists.write(book.create_sheet(LISTS))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _start(page: Any, made: Tabled, about: About) -> None:  # noqa: ANN401  openpyxl has no types
    from openpyxl.styles import Alignment, Font

    page["A1"] = about.title
    page["A1"].font = Font(bold=True, size=14)
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 28, 110
    page.column_dimensions["C"].width = 16
    rows = [("System", about.system), ("As at", about.day.isoformat()), ("Namespace", made.base)]
    for number, (what, value) in enumerate(rows, start=2):
        page.cell(number, 1, what).font = Font(bold=True)
        _put(page.cell(number, 2), value)
    for number, line in enumerate(_HOW, start=6):
        page.cell(number, 1, line)
    for column, heading in enumerate(("Sheet", "What it is for", "Rows to fill in"), start=1):
        page.cell(13, column, heading).font = Font(bold=True)
    for number, filled in enumerate(made.filled, start=14):
        page.cell(number, 1, filled.sheet.name).hyperlink = f"#'{filled.sheet.name}'!A1"
        page.cell(number, 2, filled.sheet.lead).alignment = Alignment(wrap_text=True, vertical="top")
        page.cell(number, 3, sum(state == TO_FILL for *_, state in filled.rows) or None)


class _Lists:
    """The words of each drop-down, on a hidden sheet, because a drop-down holds 255 characters at most by itself."""

    def __init__(self, made: Tabled, directory: Directory, day: date) -> None:
        self._directory, self._day = directory, day.isoformat()
        self._columns: dict[str, tuple[int, list[str]]] = {}
        self._names = {
            filled.sheet.name: letters(index)
            for filled in made.filled
            for index, column in enumerate(filled.sheet.columns)
            if column.key == "name"
        }
        self._own = {f.sheet.name: [str(c["name"]) for c, *_ in f.rows if "name" in c] for f in made.filled}

    def reference(self, column: Column) -> str | None:
        """Give the range of the words that a column takes; None where any may be written."""
        if column.kind in ("tick", "gate"):
            return '"yes,no"'
        if column.kind in ("thing", "subject") and column.of and column.of[0] in _OFFERED:
            return self._range(column.of[0], lambda: self._words(column.of[0]))
        if column.kind in ("thing", "person"):
            sheet = next((s for s in (column.of or ("People",)) if s in self._names), None)
            return f"'{sheet}'!${self._names[sheet]}$2:${self._names[sheet]}${_ROOM}" if sheet else None
        if column.kind in ("body", "area", "class"):
            return self._range(column.kind, lambda: self._words(column.kind))
        if column.kind == "kind":
            return self._range(f"kind {' '.join(column.choices)}", lambda: list(column.choices))
        if column.kind == "concept":
            return self._range(" ".join(column.schemes), lambda: self._concepts(column.schemes))
        return None

    def _range(self, key: str, words: Any) -> str | None:  # noqa: ANN401
        if key not in self._columns:
            self._columns[key] = (len(self._columns), words())
        index, found = self._columns[key]
        letter = letters(index)
        return f"'{LISTS}'!${letter}$1:${letter}${len(found)}" if found else None

    def _words(self, kind: str) -> list[str]:
        if kind == "class":
            return sorted({self._directory.label(n) for nodes in self._directory.classes().values() for n in nodes})
        names = self._directory.names(kind)
        there = [k for k in names.known.values() if k.first <= self._day <= k.last]
        labels = sorted({k.label if len(names.find(k.label)) == 1 else k.code or k.label for k in there})
        own = self._own.get({"body": "Bodies", "area": "Areas"}.get(kind, ""), [])
        return list(dict.fromkeys([*own, *labels]))

    def _concepts(self, schemes: Iterable[str]) -> list[str]:
        nodes = {n for s in schemes for found in self._directory.concepts(s).values() for n in found}
        return sorted(self._directory.label(node) for node in nodes)

    def definition(self, column: Column) -> str:
        """Give the definition of a column's property in the ontology."""
        return self._directory.definition(column.property) if column.property.startswith(ICS) else ""

    def write(self, page: Any) -> None:  # noqa: ANN401
        for index, words in self._columns.values():
            for number, word in enumerate(words, start=1):
                _put(page.cell(number, index + 1), word)
        page.sheet_state = "hidden"


class _Page:
    """Writes one sheet."""

    def __init__(self, page: Any, filled: Filled, lists: _Lists) -> None:  # noqa: ANN401
        self.page, self.filled, self.lists = page, filled, lists

    def write(self) -> None:
        self._headings(self.filled.sheet)
        for number, (cells, identifier, state) in enumerate(self.filled.rows, start=2):
            self._row(number, cells, identifier, state)
        self.page.freeze_panes = "A2"
        self._drop_downs()

    def _headings(self, sheet: Sheet) -> None:
        from openpyxl.comments import Comment
        from openpyxl.styles import Alignment, Font, PatternFill

        for index, heading in enumerate(sheet.headings):
            cell = self.page.cell(1, index + 1, heading)
            cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
            cell.fill = PatternFill("solid", fgColor="DDE6F0")
            kind = sheet.columns[index].kind if index < len(sheet.columns) else "name"
            self.page.column_dimensions[letters(index)].width = _WIDE.get(kind, 30)
            note = self._note(sheet.columns[index]) if index < len(sheet.columns) else ""
            if note:
                cell.comment = Comment(note, "icsgraph", width=320, height=120)
            if kind == "date":
                for number in range(2, max(len(self.filled.rows) + 50, 60)):
                    self.page.cell(number, index + 1).number_format = _DATE

    def _note(self, column: Column) -> str:
        note = column.note or self.lists.definition(column)
        several = " Several may be given, with ; between them." if column.several else ""
        return (note + (" Needed in every row." if column.required else "") + several).strip()

    def _row(self, number: int, cells: Mapping[str, Any], identifier: str, state: str) -> None:
        from openpyxl.styles import PatternFill

        for index, column in enumerate(self.filled.sheet.columns):
            cell, value = self.page.cell(number, index + 1), cells.get(column.key)
            if value is not None:
                _put(cell, value)
                if isinstance(value, date):
                    cell.number_format = _DATE
            elif state == TO_FILL and (column.fill or column.required):
                cell.fill = PatternFill("solid", fgColor="FFF4CC")
        width = len(self.filled.sheet.columns)
        _put(self.page.cell(number, width + 1), identifier)
        if state:
            self.page.cell(number, width + 2, state)

    def _drop_downs(self) -> None:
        from openpyxl.worksheet.datavalidation import DataValidation

        for index, column in enumerate(self.filled.sheet.columns):
            reference = self.lists.reference(column)
            if reference is None:
                continue
            offer = DataValidation(type="list", formula1=reference, allow_blank=True, showErrorMessage=False)
            offer.add(f"{letters(index)}2:{letters(index)}{_ROOM}")
            self.page.add_data_validation(offer)


def _put(cell: Any, value: Any) -> None:  # noqa: ANN401
    """Put a value into a cell; a text that looks like a formula stays a text."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
