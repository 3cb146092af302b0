# SPDX-License-Identifier: Apache-2.0
"""What people wrote in a cell to terms of the graph: names resolved, dates read, or a reason why it cannot be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

import pyoxigraph as ox

from icsgraph.model.namespaces import XSD
from icsgraph.model.typed_dates import Doubtful, read_typed
from icsgraph.tables.directory import KINDS, Directory, Known, key_of
from icsgraph.tables.grid import Cell
from icsgraph.tables.sheets import Column

YES: Final = frozenset(("yes", "y", "true", "1", "x", "✓", "✔", "☑", "tick"))
NO: Final = frozenset(("no", "n", "false", "0"))
_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9._-]*")
_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9_-])?")
_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_BOOLEAN, _INTEGER, _DECIMAL = (ox.NamedNode(XSD + name) for name in ("boolean", "integer", "decimal"))
_KINDS_OF_NAME: Final = {"body": "body", "area": "area"}
_CALLED: Final = {
    "body": "body",
    "area": "area",
    "provision": "provision or passage",
    "setting": "setting",
    "term": "term",
}


class Refused(ValueError):
    """A cell that cannot be taken: why, and what to do."""

    def __init__(self, reason: str, mend: str, value: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.mend, self.value = reason, mend, value


@dataclass
class Book:
    """What the sheets themselves name: records by sheet and name, their IRIs, and rows still to be filled in."""

    base: str
    by_sheet: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    iris: set[str] = field(default_factory=set)
    to_fill: dict[str, str] = field(default_factory=dict)

    def name(self, sheet: str, name: str, iri: str) -> None:
        """Let a name on a sheet mean a record."""
        self.by_sheet.setdefault(sheet, {}).setdefault(key_of(name), set()).add(iri)

    def iri(self, text: str) -> str:
        """Give the IRI of an identifier: itself where it is one, else below the namespace of the records."""
        return text.strip("<>") if "://" in text or text.startswith("urn:") else self.base + text


def slug(text: str) -> str:
    """Give a text as the last part of an IRI; at most 120 characters."""
    plain = re.sub(r"[^a-z0-9._]+", "-", text.casefold().replace("'", "").replace("\u2019", "")).strip("-._")
    return plain[:120].rstrip("-._") or "record"


def is_slug(text: str) -> bool:
    """Whether a text is the last part of an IRI as it stands."""
    return bool(_SLUG.fullmatch(text)) and len(text) <= 120


def is_identifier(text: str) -> bool:
    """Whether a text can stand after the namespace of the records as it is."""
    return bool(_IDENTIFIER.fullmatch(text))


class Values:
    """Turns cells into terms against the names of one graph and one set of sheets.

    ``remark`` of the last name that was resolved says what somebody should look at; ``extra`` gathers triples about
    people and papers that cells name and no sheet describes.
    """

    def __init__(self, directory: Directory, book: Book) -> None:
        self.directory, self.book = directory, book
        self.remark: tuple[str, str] | None = None
        self.named: dict[tuple[str, str], str] = {}
        self._kept: dict[tuple[str, tuple[str, ...], str, str], tuple[ox.NamedNode, tuple[str, str] | None]] = {}
        self._by_kind: dict[str, Callable[[Column, Cell], ox.NamedNode | ox.Literal]] = {
            "name": _words, "words": _words, "text": lambda c, v: ox.Literal(_text(v)), "link": _link,
            "integer": _integer, "decimal": _decimal, "tick": _tick, "date": self._date, "figure": self._figure,
        }  # fmt: skip

    def term(self, column: Column, value: Cell, day: str) -> ox.NamedNode | ox.Literal:
        """Give the term of a cell, or of a piece of one that takes several.

        Args:
            day: the day that the row is about, by which a name is understood; empty where it has none.

        Raises:
            Refused: when it cannot be taken.
        """
        self.remark = None
        read = self._by_kind.get(column.kind)
        return read(column, value) if read is not None else self._name(column, _text(value), day)

    def _date(self, column: Column, value: Cell) -> ox.Literal:
        del column
        try:
            typed = read_typed(value if isinstance(value, str | date | int | float) else _text(value))
        except Doubtful as error:
            raise Refused(error.reason, error.mend) from error
        if typed.remark:
            self.remark = (typed.remark, "If another day is meant, write the month in words.")
        return ox.Literal(typed.text, datatype=ox.NamedNode(typed.datatype))

    def _figure(self, column: Column, value: Cell) -> ox.Literal:
        """Read a whole number or a day."""
        if isinstance(value, int | float) or re.fullmatch(r"[+-]?\d+", _text(value)):
            return _integer(column, value)
        try:
            return self._date(column, value)
        except Refused as error:
            mend = "Write digits alone, such as 3, or a day as 14/07/2022."
            raise Refused("it is neither a whole number nor a day", mend) from error

    def _name(self, column: Column, text: str, day: str) -> ox.NamedNode:
        key = (f"{column.kind} {column.partnership}", column.of or column.schemes or tuple(column.choices), text, day)
        if key not in self._kept:
            if len(self._kept) > 200_000:
                self._kept.clear()
            self.remark = None
            self._kept[key] = (self._resolve(column, text, day), self.remark)
        node, self.remark = self._kept[key]
        return node

    def _resolve(self, column: Column, text: str, day: str) -> ox.NamedNode:
        if column.kind == "kind":
            return self._choice(column, text)
        if column.kind in ("concept", "class"):
            return self._concept(column, text)
        if column.kind in ("record", "person"):
            return self._made(column, text)
        if column.kind == "subject":
            return self._of_graph(column, text, day)
        own = self._own(column, text)
        return own if own is not None else self._of_graph(column, text, day)

    def _own(self, column: Column, text: str) -> ox.NamedNode | None:
        """Find a name or an identifier of the sheets themselves, or an IRI."""
        sheets = column.of or {"body": ("Bodies", "People"), "area": ("Areas",), "person": ("People",)}[column.kind]
        for sheet in sheets:
            found = self.book.by_sheet.get(sheet, {}).get(key_of(text), set())
            if len(found) == 1:
                return ox.NamedNode(next(iter(found)))
            if found:
                listed = ", ".join(sorted(iri.removeprefix(self.book.base) for iri in found)[:6])
                mend = f"Write the identifier of one: {listed}."
                raise Refused(f"several rows of {sheet} have this name", mend, text)
        iri = self.book.iri(text)
        if iri in self.book.iris:
            return ox.NamedNode(iri)
        if (where := self.book.to_fill.get(key_of(text)) or self.book.to_fill.get(iri)) is not None:
            raise Refused(f"the row that it names is still to be filled in: {where}", "Fill in that row first.", text)
        if ("://" in text or text.startswith("urn:")) and _IRI.fullmatch(text.strip("<>")):
            return ox.NamedNode(text.strip("<>"))
        return None

    def _of_graph(self, column: Column, text: str, day: str) -> ox.NamedNode:
        kinds = [k for k in (_KINDS_OF_NAME.get(column.kind), *(k for k in column.of if k in KINDS)) if k]
        for kind in kinds:
            names = self.directory.names(kind)
            found = names.find(text)
            then = {node for node in found if day and names.known[node].first <= day <= names.known[node].last}
            if len(found) > 1 and len(then) == 1:
                found = then
            if len(found) == 1:
                node = next(iter(found))
                self._say_when(names.known[node], node, day, kind)
                return (self.directory.partnership(node) if column.partnership else None) or node
            if found:
                listed = "; ".join(sorted(_called(names.known[node]) for node in found)[:6])
                raise Refused(f"it can mean {len(found)} things: {listed}", "Write the code of one of them.", text)
        raise Refused(*self._unknown(column, text, kinds), text)

    def _say_when(self, known: Known, node: ox.NamedNode, day: str, kind: str) -> None:
        if not day or known.first <= day <= known.last or kind != "body":
            return
        if day > known.last:
            after = self.directory.successors(node)
            said = f"In its place came {' and '.join(after)}." if after else "Check the name and the date."
            self.remark = (f"{known.label} ended on {known.last}, before {day}", said)
        else:
            self.remark = (f"{known.label} began on {known.first}, after {day}", "Check the name and the date.")

    def _unknown(self, column: Column, text: str, kinds: Sequence[str]) -> tuple[str, str]:
        if not column.several and ";" in text:
            return "this column takes one value", "Leave one here, and put the others into rows of their own."
        sheets = column.of or {"body": ("Bodies",), "area": ("Areas",)}.get(column.kind, ())
        names: list[str] = [n for sheet in sheets for n in self.book.by_sheet.get(sheet, {})]
        shown: dict[str, str] = {}
        for kind in kinds:
            more = self.directory.names(kind)
            names += [n for rank in more.ranks for n in rank]
            shown |= {key_of(known.label): known.label for known in more.known.values()}
        near = self.directory.near(text, names)
        where = " or ".join(s for s in sheets if s not in KINDS)
        mend = f"Add a row for it to the sheet {where}." if where else "Check the name."
        if column.kind == "subject":
            codes = sorted(known.code for kind in kinds for known in self.directory.names(kind).known.values())
            mend = f"Choose one of: {', '.join(filter(None, codes))}."
        if near:
            meant = dict.fromkeys(shown.get(name, name) for name in near)
            mend = f"Did you mean {'; '.join(meant)}?" + (
                f" Otherwise add a row to the sheet {where}." if where else ""
            )
        what = _CALLED.get(column.kind) or _CALLED.get(next(iter(column.of), ""), "record")
        return f"no {what} of this name or code is known", mend

    def _concept(self, column: Column, text: str) -> ox.NamedNode:
        tables = [self.directory.concepts(scheme) for scheme in column.schemes] or [self.directory.classes()]
        key = key_of(text)
        for table in tables:
            if len(found := table.get(key, set())) == 1:
                return next(iter(found))
        if "://" in text:
            node = ox.NamedNode(text)
            if any(node in found for table in tables for found in table.values()):
                return node
        every = {n for table in tables for n in table}
        near = self.directory.near(text, sorted(every))
        labels = sorted({self.directory.label(n) for table in tables for found in table.values() for n in found})
        mend = f"Did you mean {'; '.join(near)}?" if near else f"Choose one of: {', '.join(labels[:12])}."
        raise Refused("it is none of the words that this column takes", mend, text)

    def _choice(self, column: Column, text: str) -> ox.NamedNode:
        for word, iri in column.choices.items():
            if key_of(text) in (key_of(word), key_of(iri.rpartition("/")[2])):
                return ox.NamedNode(iri)
        near = self.directory.near(text, [key_of(word) for word in column.choices])
        mend = f"Did you mean {'; '.join(near)}?" if near else f"Choose one of: {', '.join(column.choices)}."
        raise Refused("it is none of the kinds that this sheet takes", mend, text)

    def _made(self, column: Column, text: str) -> ox.NamedNode:
        """Give the IRI of a person or a paper; where its name is not the IRI itself, the name is kept to be stated."""
        if column.kind == "person" and (own := self._own(column, text)) is not None:
            return own
        if "://" in text:
            return _link(column, text)
        iri = self.book.iri(text if is_slug(text) else slug(text))
        if not is_slug(text) and iri not in self.book.iris:
            self.named[column.kind, iri] = text
        return ox.NamedNode(iri)


def pieces(value: Cell) -> list[Cell]:
    """Take apart a cell of a column that takes several values."""
    if not isinstance(value, str):
        return [value]
    return [piece.strip() for piece in re.split(r"[;\n]", value) if piece.strip()]


def _text(value: Cell) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).strip()


def _words(column: Column, value: Cell) -> ox.Literal:
    del column
    return ox.Literal(_text(value), language="en")


def _link(column: Column, value: Cell) -> ox.NamedNode:
    del column
    text = _text(value).strip("<>")
    if not _IRI.fullmatch(text) or "://" not in text:
        raise Refused("it is no address of a page", "Write it in full, beginning with https://.", text)
    return ox.NamedNode(text)


def _integer(column: Column, value: Cell) -> ox.Literal:
    del column
    text = _text(value).replace(",", "").replace(" ", "")
    if not re.fullmatch(r"[+-]?\d+", text):
        raise Refused("it is no whole number", "Write digits alone.")
    return ox.Literal(str(int(text)), datatype=_INTEGER)


def _decimal(column: Column, value: Cell) -> ox.Literal:
    del column
    text = _text(value).replace(",", "").replace(" ", "")
    try:
        number = Decimal(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except InvalidOperation as error:
        raise Refused("it is no number", "Write digits, with a point before decimals.") from error
    if not number.is_finite():
        raise Refused("it is no number", "Write digits, with a point before decimals.")
    plain = f"{number.normalize():f}"
    return ox.Literal(plain if "." in plain else plain + ".0", datatype=_DECIMAL)


def _tick(column: Column, value: Cell) -> ox.Literal:
    del column
    text = key_of(_text(value))
    if text not in YES and text not in NO:
        raise Refused("it is neither yes nor no", "Write yes or no, or leave the cell empty.")
    return ox.Literal("true" if text in YES else "false", datatype=_BOOLEAN)


def _called(known: Known) -> str:
    dates = "" if known.last.startswith("9999") else f", until {known.last}"
    return f"{known.label} ({known.code}{dates})" if known.code else known.label


def pieces_of(texts: Iterable[str]) -> str:
    """Join the values of a cell as :func:`pieces` takes them apart."""
    return "; ".join(texts)
