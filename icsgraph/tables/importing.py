# SPDX-License-Identifier: Apache-2.0
"""Filled-in sheets to records: cells become triples, mappings make records of them, and each says where it stood.

    <book.xlsx#Members/5> cell:appointed_by <…/icb/QRL> ; cell:first_day "2022-07-01"^^xsd:date .

Names and dates are resolved on the way into these triples; what a column means is said by the mapping of its sheet
alone. Rows go through in batches, so that memory does not grow with them. Nothing is written unless all of it can be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox

from icsgraph.model.errors import LoadError
from icsgraph.model.namespaces import DCTERMS, PREFIXES, PROV, RDF, RDFS, XSD
from icsgraph.tables.cells import CELL, TABLE
from icsgraph.tables.directory import Directory
from icsgraph.tables.faults import Faults, Faulty, Place, letters
from icsgraph.tables.gathering import Batch, Gathered, Gatherer, Layout, Progress, called, is_incomplete
from icsgraph.tables.grid import Cell
from icsgraph.tables.sheets import INCOMPLETE, Column, Sheet, read_sheets
from icsgraph.tables.values import Book, Refused, Values, pieces
from icsgraph.tables.writing import Writer

CSVW: Final = "http://www.w3.org/ns/csvw#"
_TYPE, _LABEL = ox.NamedNode(RDF + "type"), ox.NamedNode(RDFS + "label")
_RECORD, _DERIVED = ox.NamedNode(TABLE + "record"), ox.NamedNode(PROV + "wasDerivedFrom")
_ROWNUM, _DESCRIBES, _IN_TABLE = (ox.NamedNode(CSVW + n) for n in ("rownum", "describes", "row"))
_INTEGER: Final = ox.NamedNode(XSD + "integer")
_PERSON: Final = ox.NamedNode(PREFIXES["foaf"] + "Person")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import made: numbers, rows left to be filled in (file, sheet, rows), and what somebody should look at."""

    records: int
    triples: int
    unfilled: list[tuple[str, str, list[int]]]
    faults: Faults


def import_sheets(
    files: Sequence[tuple[Path, str]],
    directory: Directory,
    base: str,
    writer: Writer,
    progress: Progress | None = None,
    sheets: Sequence[Sheet] | None = None,
) -> Imported:
    """Import workbooks and tables together: a row of one may name a row of another.

    Args:
        files: paths, each with the name by which output calls it.
        directory: names of the graph over which the records will be laid.
        base: the namespace of the records.
        writer: what takes the triples.

    Raises:
        Faulty: E905 with every fault that was found; the writer may have got some triples then, and must drop them.
        TableError: E901 to E904 for a file that cannot be read at all.
    """
    faults = Faults()
    told = progress or (lambda _number, _what: None)
    gathered = Gatherer(sheets or read_sheets(), Book(base), faults, told, directory).read(files)
    with gathered.spool:
        triples = _Converter(gathered, directory, faults, writer, told).run()
    if faults.faults:
        raise Faulty(faults)
    return Imported(gathered.records, triples, gathered.unfilled, faults)


class _Converter:
    """The second reading: rows to triples."""

    def __init__(
        self, gathered: Gathered, directory: Directory, faults: Faults, writer: Writer, told: Progress
    ) -> None:
        self.gathered, self.faults, self.writer, self.told = gathered, faults, writer, told
        self.values = Values(directory, gathered.book)

    def run(self) -> int:
        done = written = 0
        described: set[int] = set()
        for batch in self.gathered.batches():
            layout = self.gathered.layouts[batch.layout]
            cells = list(self._cells(layout, batch))
            if not self.faults.faults:  # what follows a fault is looked at, and not made
                if batch.layout not in described:
                    written += self.writer.put(self._table(layout))
                    described.add(batch.layout)
                written += self.writer.put(self._records(layout, batch, cells))
            done += len(batch.rows)
            self.told(done, "imported")
        written += self.writer.put(self._named())
        return written

    def _table(self, layout: Layout) -> Iterator[ox.Triple]:
        """Describe a sheet and its columns by CSV on the Web: the property of a triple says its column."""
        table = _table_iri(self.gathered.book.base, layout)
        yield ox.Triple(table, _TYPE, ox.NamedNode(CSVW + "Table"))
        yield ox.Triple(table, _LABEL, ox.Literal(f"{layout.file}, sheet {layout.title}"))
        yield ox.Triple(table, ox.NamedNode(DCTERMS + "title"), ox.Literal(layout.title))
        yield ox.Triple(table, ox.NamedNode(CSVW + "url"), ox.Literal(layout.file))
        for column in layout.sheet.columns:
            if column.key in layout.at and column.property:
                node = ox.NamedNode(f"{table.value}/column/{letters(layout.at[column.key])}")
                yield ox.Triple(table, ox.NamedNode(CSVW + "column"), node)
                yield ox.Triple(node, ox.NamedNode(CSVW + "name"), ox.Literal(letters(layout.at[column.key])))
                yield ox.Triple(node, ox.NamedNode(CSVW + "title"), ox.Literal(column.heading))
                yield ox.Triple(node, ox.NamedNode(CSVW + "propertyUrl"), ox.NamedNode(column.property))

    def _cells(self, layout: Layout, batch: Batch) -> Iterator[ox.Quad]:
        """Yield the triples of a batch's cells; tell what cannot be taken."""
        columns = [(c, layout.at[c.key]) for c in layout.sheet.columns if c.key in layout.at and c.kind != "gate"]
        columns.sort(key=lambda pair: pair[0].kind != "date")  # the day of a row says how its names are meant
        properties = {c.key: ox.NamedNode(CELL + c.key) for c, _ in columns}
        lacking = [(c, layout.at[c.key]) for c in layout.sheet.columns if c.required]
        table = _table_iri(self.gathered.book.base, layout).value
        for number, iri, row in batch.rows:
            node = ox.NamedNode(f"{table}/{number}")
            yield ox.Quad(node, _RECORD, ox.NamedNode(iri))
            day = ""
            for column, index in columns:
                value = row[index]
                if value is None:
                    continue
                found = self._terms(layout, number, column, value, day)
                if column.kind == "date" and not day and found and isinstance(found[0], ox.Literal):
                    day = (found[0].value + "-01-01")[:10]
                for term in found if column.property else ():
                    yield ox.Quad(node, properties[column.key], term)
            for column, index in lacking:
                if row[index] is None:
                    self._lacking(layout, number, column, known=is_incomplete(layout, row))

    def _lacking(self, layout: Layout, number: int, column: Column, *, known: bool) -> None:
        """Tell of a cell that a record needs: a remark where the row says itself that it is incomplete."""
        tell = self.faults.remark if known else self.faults.fault
        mend = f"Each {layout.sheet.word} needs it; where nobody knows it, write {INCOMPLETE} in the last column."
        tell(_place(layout, number, column), "", "nothing is written here", mend)

    def _terms(
        self, layout: Layout, number: int, column: Column, value: Cell, day: str
    ) -> Sequence[ox.NamedNode | ox.Literal]:
        """Give the terms of a cell; of each piece that cannot be taken, say so."""
        found = []
        for piece in pieces(value) if column.several else (value,):
            try:
                found.append(self.values.term(column, piece, day))
            except Refused as error:
                said = error.value if error.value is not None else piece
                self.faults.fault(_place(layout, number, column), said, error.reason, error.mend)
                continue
            if self.values.remark:
                self.faults.remark(_place(layout, number, column), piece, *self.values.remark)
        return found

    def _records(self, layout: Layout, batch: Batch, cells: Iterable[ox.Quad]) -> Iterator[ox.Triple]:
        """Apply the mapping of the sheet, add names and places, and give the records in the order of their rows."""
        store = ox.Store()
        store.extend(cells)
        made: dict[str, list[ox.Triple]] = {iri: [] for _, iri, _ in batch.rows}
        for triple in _construct(store, layout.sheet):
            made[triple.subject.value].append(triple)  # type: ignore[union-attr]
        table = _table_iri(self.gathered.book.base, layout)
        names = self._made_names(layout, batch)
        for number, iri, _ in batch.rows:
            record, row = ox.NamedNode(iri), ox.NamedNode(f"{table.value}/{number}")
            yield from made[iri]
            if iri in names:
                yield ox.Triple(record, _LABEL, ox.Literal(names[iri], language="en"))
            yield ox.Triple(record, _DERIVED, row)
            yield ox.Triple(row, _DESCRIBES, record)
            yield ox.Triple(row, _ROWNUM, ox.Literal(str(number), datatype=_INTEGER))
            yield ox.Triple(table, _IN_TABLE, row)

    def _made_names(self, layout: Layout, batch: Batch) -> dict[str, str]:
        """Give names to records whose rows have none, but for those that say that they are incomplete."""
        if layout.sheet.subject is not None:
            return {}  # the graph has a name for what the row tells of
        at = layout.at.get("name", -1)
        nameless = [(iri, row) for _, iri, row in batch.rows if at < 0 or row[at] is None]
        return {iri: called(layout, row) for iri, row in nameless if not is_incomplete(layout, row)}

    def _named(self) -> Iterator[ox.Triple]:
        """State the names of people and papers that cells name and no row describes."""
        for (kind, iri), text in self.values.named.items():
            node = ox.NamedNode(iri)
            if kind == "person":
                yield ox.Triple(node, _TYPE, _PERSON)
            yield ox.Triple(node, _LABEL, ox.Literal(text, language="en"))


def _construct(store: ox.Store, sheet: Sheet) -> Iterable[ox.Triple]:
    try:
        answer = store.query(sheet.mapping)
    except SyntaxError as error:
        raise LoadError("E164", f"{sheet.stem}.rq", str(error), "Correct the mapping of the sheet.") from error
    return dict.fromkeys(answer)  # type: ignore[arg-type]


def _place(layout: Layout, number: int, column: Column) -> Place:
    return Place(layout.file, layout.title, number, f"{letters(layout.at[column.key])} ({column.heading})")


def _table_iri(base: str, layout: Layout) -> ox.NamedNode:
    return ox.NamedNode(f"{base}source/{quote(layout.file)}#{quote(layout.title)}")
