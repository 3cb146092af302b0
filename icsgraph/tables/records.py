# SPDX-License-Identifier: Apache-2.0
"""Records to rows of sheets: the mappings read backwards, each cell made sure of by reading it forwards again.

A name is written where it means the thing and nothing else; else its code, else its identifier. What no sheet can hold
is given back, so that nobody takes a workbook for the whole of the records where it is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import pyoxigraph as ox

from icsgraph.model.namespaces import PREFIXES, RDF, RDFS, XSD
from icsgraph.tables.directory import KINDS, Directory
from icsgraph.tables.grid import Cell
from icsgraph.tables.sheets import INCOMPLETE, TO_FILL, Column, Sheet
from icsgraph.tables.values import Book, Refused, Values, pieces, pieces_of

_TYPE, _LABEL = ox.NamedNode(RDF + "type"), ox.NamedNode(RDFS + "label")
_PERSON: Final = ox.NamedNode(PREFIXES["foaf"] + "Person")
_MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@dataclass
class Filled:
    """A sheet with its rows: cells by key of column, identifier, and state: to be filled in, incomplete, or nothing."""

    sheet: Sheet
    rows: list[tuple[dict[str, Cell], str, str]] = field(default_factory=list)


@dataclass
class Tabled:
    """Records as sheets, and the triples that no sheet can hold."""

    base: str
    filled: list[Filled]
    left_over: list[ox.Triple]


def base_of(triples: Iterable[ox.Triple]) -> str:
    """Give the namespace in which most of the subjects lie."""
    subjects = {t.subject.value for t in triples if isinstance(t.subject, ox.NamedNode)}
    spaces = Counter(s[: max(s.rfind("/"), s.rfind("#")) + 1] for s in subjects)
    return spaces.most_common(1)[0][0] if spaces else "https://example.org/records/"


def tabled(
    triples: Iterable[ox.Triple], directory: Directory, base: str, sheets: Sequence[Sheet], to_fill: Iterable[str] = ()
) -> Tabled:
    """Give records as rows.

    Args:
        triples: the records as they were written.
        directory: names of the graph over which the records are laid, without the records themselves.
        to_fill: IRIs of records of which only a part is known, for people to fill in.
    """
    return _Tabler(set(triples), directory, base, sheets, set(to_fill)).tabled()


class _Tabler:
    def __init__(
        self, triples: set[ox.Triple], directory: Directory, base: str, sheets: Sequence[Sheet], to_fill: set[str]
    ) -> None:
        self.triples, self.directory, self.base, self.sheets, self.to_fill = triples, directory, base, sheets, to_fill
        self.of: dict[ox.NamedNode, dict[ox.NamedNode, list[ox.NamedNode | ox.Literal]]] = {}
        for triple in sorted(triples, key=str):
            if isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, ox.NamedNode | ox.Literal):
                self.of.setdefault(triple.subject, {}).setdefault(triple.predicate, []).append(triple.object)
        self.place: dict[ox.NamedNode, Sheet] = {}
        self.book = Book(base)
        self.told: set[ox.Triple] = set()
        self.values = Values(directory, self.book)
        self._cells: dict[tuple[str, str, str, str], str | None] = {}

    def tabled(self) -> Tabled:
        by_class = {iri: sheet for sheet in self.sheets for iri in sheet.classes}
        for subject, facts in self.of.items():
            types = [t.value for t in facts.get(_TYPE, ()) if t.value in by_class]
            if len(types) == 1:
                self.place[subject] = by_class[types[0]]
            elif _TYPE not in facts and (sheet := self._told_in(facts)) is not None:
                self.place[subject] = sheet
        for subject, sheet in self.place.items():
            self._name(subject, sheet)
        filled = [Filled(sheet) for sheet in self.sheets]
        for each in filled:
            for subject in (s for s, sheet in self.place.items() if sheet is each.sheet):
                cells = dict(self._row(subject, each.sheet))
                identifier = "" if each.sheet.subject else subject.value.removeprefix(self.base)
                lacks = any(c.key not in cells for c in each.sheet.columns if c.required or c.key == "name")
                state = TO_FILL if subject.value in self.to_fill else INCOMPLETE if lacks else ""
                each.rows.append((cells, identifier, state))
        return Tabled(self.base, filled, sorted(self.triples - self.told, key=str))

    def _told_in(self, facts: Mapping[ox.NamedNode, object]) -> Sheet | None:
        """Give the sheet about things of the graph in which all these facts can be told."""
        sheets = (s for s in self.sheets if s.subject and {p.value for p in facts} <= set(s.by_property))
        return next(sheets, None)

    def _name(self, subject: ox.NamedNode, sheet: Sheet) -> None:
        self.book.iris.add(subject.value)
        for label in self.of[subject].get(_LABEL, ()):
            self.book.name(sheet.name, label.value, subject.value)
        for column in sheet.columns:
            if column.key in ("ods_code", "ons_code", "other_names"):
                for code in self.of[subject].get(ox.NamedNode(column.property), ()):
                    self.book.name(sheet.name, code.value, subject.value)

    def _row(self, subject: ox.NamedNode, sheet: Sheet) -> Iterator[tuple[str, Cell]]:
        facts = self.of[subject]
        day = ""
        for column in sorted(sheet.columns, key=lambda c: c.kind != "date"):
            if column.kind == "gate":
                if subject.value not in self.to_fill:
                    yield column.key, "yes"
                continue
            if column.kind == "subject":
                text = self._text(column, subject, "")
                if text is not None:
                    yield column.key, text
                continue
            values = facts.get(ox.NamedNode(column.property), [])
            if column.kind == "kind":
                values = [v for v in values if v.value in sheet.classes]
            cell, used = self._cell(column, values, day)
            self.told |= {ox.Triple(subject, ox.NamedNode(column.property), value) for value in used}
            if cell is not None:
                yield column.key, cell
            if column.kind == "date" and not day and used:
                day = (used[0].value + "-01-01")[:10]
        if len(sheet.classes) == 1:
            self.told.add(ox.Triple(subject, _TYPE, ox.NamedNode(sheet.classes[0])))

    def _cell(
        self, column: Column, values: Sequence[ox.NamedNode | ox.Literal], day: str
    ) -> tuple[Cell, list[ox.NamedNode | ox.Literal]]:
        """Give a cell and the values that it holds; those that it cannot hold are left out."""
        texts: list[tuple[Cell, ox.NamedNode | ox.Literal]] = []
        for value in values:
            text = self._literal(column, value) if isinstance(value, ox.Literal) else self._text(column, value, day)
            if text is not None:
                texts.append((text, value))
            if texts and not column.several:
                break
        if not texts:
            return None, []
        if len(texts) == 1:
            return texts[0][0], [texts[0][1]]
        return pieces_of(str(text) for text, _ in texts), [value for _, value in texts]

    def _literal(self, column: Column, value: ox.Literal) -> Cell:
        cell: Cell = value.value
        kind = value.datatype.value.removeprefix(XSD)
        if kind == "date" and column.kind in ("date", "figure"):
            cell = date.fromisoformat(value.value[:10])
        elif kind == "gYearMonth":
            cell = f"{_MONTHS[int(value.value[5:7]) - 1]} {value.value[:4]}"
        elif kind == "boolean":
            cell = "yes" if value.value in ("true", "1") else "no"
        elif kind == "integer":
            cell = int(value.value)
        elif kind == "decimal":
            cell = float(value.value)
        return cell if self._means(column, cell, value, "") else None

    def _text(self, column: Column, value: ox.NamedNode, day: str) -> str | None:
        key = (f"{column.kind} {column.partnership}", " ".join(column.of or column.schemes), value.value, day)
        if key not in self._cells:
            found = (name for name in self._candidates(column, value) if self._means(column, name, value, day))
            self._cells[key] = next(found, None)
        text = self._cells[key]
        if text is not None and (column.kind, value.value) in self.values.named:
            label = ox.Literal(self.values.named[column.kind, value.value], language="en")
            self.told.add(ox.Triple(value, _LABEL, label))
        return text

    def _candidates(self, column: Column, value: ox.NamedNode) -> Iterator[str]:
        if column.kind == "kind":
            yield from (word for word, iri in column.choices.items() if iri == value.value)
            return
        if column.kind in ("concept", "class"):
            yield self.directory.label(value)
            yield value.value.rpartition("/")[2]
        yield from (label.value for label in self.of.get(value, {}).get(_LABEL, ()))
        for kind in KINDS:
            if column.kind == kind or kind in column.of:
                known = self.directory.names(kind).known.get(value)
                if known is not None:
                    yield from filter(None, (known.label, known.code))
        yield value.value.removeprefix(self.base)
        yield value.value

    def _means(self, column: Column, cell: Cell, value: ox.NamedNode | ox.Literal, day: str) -> bool:
        """Whether a cell reads as the value, without anything to remark on."""
        try:
            found = [self.values.term(column, piece, day) for piece in (pieces(cell) if column.several else (cell,))]
        except Refused:
            return False
        return found == [value] and (self.values.remark is None or isinstance(value, ox.Literal))
