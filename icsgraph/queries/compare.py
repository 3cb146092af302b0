# SPDX-License-Identifier: Apache-2.0
"""Two graphs, two answers or two lists of records to what was added, removed and changed between them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

import pyoxigraph as ox

from icsgraph.model.namespaces import RDF
from icsgraph.queries.labels import NAMING
from icsgraph.queries.values import Term, text
from icsgraph.queries.vocabulary import shortened

Record: TypeAlias = Mapping[str, str]
Statement: TypeAlias = tuple[str, str, str]
_NAMING: Final = frozenset(NAMING)
_FIRST: Final = ox.NamedNode(RDF + "first")
_REST: Final = ox.NamedNode(RDF + "rest")
_NIL: Final = ox.NamedNode(RDF + "nil")


class Kind(StrEnum):
    """What became of something."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One difference: of which thing (and what it is called), in what of it, and what stood there before and after."""

    kind: Kind
    thing: str
    label: str
    what: str
    old: str
    new: str


def compare_graphs(old: Iterable[ox.Triple], new: Iterable[ox.Triple]) -> list[Change]:
    """Compare statements. A property with one value before and another after is changed; labels of blank nodes,
    order and repetition do not matter.

    A blank node that one statement points to is written where it is used, in brackets, so that a change inside it is
    a change of that value. Blank nodes that share or point to each other in a ring are compared together, as a whole.
    """
    before, after = set(old), set(new)
    labels = {
        shortened(t.subject.value): t.object.value
        for t in (*before, *after)
        if t.predicate.value in _NAMING and isinstance(t.subject, ox.NamedNode) and isinstance(t.object, ox.Literal)
    }
    was, now = statements(before), statements(after)
    removed, added = _by_place(was - now), _by_place(now - was)
    changes = []
    for place in removed.keys() | added.keys():
        thing, what = place
        gone, come = sorted(removed.get(place, ())), sorted(added.get(place, ()))
        if len(gone) == len(come) == 1:
            changes.append(Change(Kind.CHANGED, thing, labels.get(thing, ""), what, gone[0], come[0]))
            continue
        changes += [Change(Kind.REMOVED, thing, labels.get(thing, ""), what, value, "") for value in gone]
        changes += [Change(Kind.ADDED, thing, labels.get(thing, ""), what, "", value) for value in come]
    return sorted(changes, key=lambda change: (change.thing, change.what, change.old, change.new))


def _by_place(counted: Counter[Statement]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (thing, what, value), times in counted.items():
        found[thing, what] += [value] * times
    return found


def statements(triples: set[ox.Triple]) -> Counter[Statement]:
    """Give statements as texts that are equal where graphs are isomorphic, each with how often it stands there."""
    return _Graph(triples).statements()


class _Graph:
    """Triples, and what is known of their blank nodes."""

    def __init__(self, triples: set[ox.Triple]) -> None:
        self._triples = triples
        self._of: dict[ox.BlankNode, list[ox.Triple]] = {}
        self._to: dict[ox.BlankNode, list[ox.Triple]] = {}
        for triple in triples:
            if isinstance(triple.subject, ox.BlankNode):
                self._of.setdefault(triple.subject, []).append(triple)
            if isinstance(triple.object, ox.BlankNode):
                self._to.setdefault(triple.object, []).append(triple)
        self._knotted = self._in_knots()

    def statements(self) -> Counter[Statement]:
        counted: Counter[Statement] = Counter()
        for triple in self._triples:
            if isinstance(triple.subject, ox.NamedNode) and triple.object not in self._knotted:
                counted[
                    shortened(triple.subject.value), shortened(triple.predicate.value), self._text(triple.object)
                ] += 1
        for node in self._of:
            if node not in self._to and node not in self._knotted:
                counted[self._text(node), "", ""] += 1
        for knot in self._knots():
            counted[f"blank nodes joined together: {knot}", "", ""] += 1
        return counted

    def _text(self, term: Term) -> str:
        if isinstance(term, ox.NamedNode):
            return shortened(term.value)
        if isinstance(term, ox.BlankNode):
            items = self._items(term)
            if items is not None:
                return f"( {' '.join(map(self._text, items))} )"
            inside = sorted(f"{shortened(t.predicate.value)} {self._text(t.object)}" for t in self._of.get(term, ()))
            return f"[ {' ; '.join(inside)} ]" if inside else "[]"
        if isinstance(term, ox.Literal) and not term.language:
            datatype = shortened(term.datatype.value)
            written = str(ox.Literal(term.value))
            return written if datatype == "xsd:string" else f"{written}^^{datatype}"
        return str(term)

    def _items(self, node: Term) -> list[Term] | None:
        """The items of an RDF list that begins here; None where it is none, or has more to it than items."""
        found: list[Term] = []
        while node != _NIL:
            said = self._of.get(node, []) if isinstance(node, ox.BlankNode) else []
            told = {t.predicate: t.object for t in said}
            if set(told) != {_FIRST, _REST} or len(said) != 2:
                return None
            found.append(told[_FIRST])
            node = told[_REST]
        return found

    def _in_knots(self) -> frozenset[ox.BlankNode]:
        """Blank nodes that more than one statement points to or that lie on a ring, and all that they are joined to."""
        knotted = {node for node, to_it in self._to.items() if len(to_it) > 1} | self._on_rings()
        queue = list(knotted)
        while queue:
            for other in self._neighbours(queue.pop()):
                if other not in knotted:
                    knotted.add(other)
                    queue.append(other)
        return frozenset(knotted)

    def _on_rings(self) -> set[ox.BlankNode]:
        """A node of each ring that is found by going up, from each node, to the first that points to it."""
        rings, looked_at = set(), set()
        for start in self._to:
            at, here = start, set()
            while at in self._to and at not in looked_at and at not in here:
                here.add(at)
                above = self._to[at][0].subject
                if not isinstance(above, ox.BlankNode):
                    break
                at = above
            else:
                if at in here:
                    rings.add(at)
            looked_at |= here
        return rings

    def _neighbours(self, node: ox.BlankNode) -> Iterator[ox.BlankNode]:
        for triple in self._of.get(node, ()):
            if isinstance(triple.object, ox.BlankNode):
                yield triple.object
        for triple in self._to.get(node, ()):
            if isinstance(triple.subject, ox.BlankNode):
                yield triple.subject

    def _knots(self) -> Iterator[str]:
        """Each set of blank nodes that are joined together, as canonical N-Triples."""
        left = set(self._knotted)
        while left:
            queue, together = [left.pop()], set()
            while queue:
                node = queue.pop()
                together.add(node)
                queue += [other for other in self._neighbours(node) if other in left]
                left -= set(queue)
            dataset = ox.Dataset(
                ox.Quad(*triple) for node in together for triple in (*self._of.get(node, ()), *self._to.get(node, ()))
            )
            dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
            yield " . ".join(sorted(str(quad.triple) for quad in dataset))


def compare_rows(
    columns: Sequence[str],
    old: Sequence[Sequence[Term | None]],
    new: Sequence[Sequence[Term | None]],
    key: Sequence[str] = (),
) -> list[Change]:
    """Compare two answers of one query; a row with the same key and other values is changed.

    Args:
        key: columns that say which row is which; unless given, the first column if it tells all rows apart, else all
            columns, and then nothing is changed.
    """
    before, after = (
        [{c: text(t) or "" for c, t in zip(columns, row, strict=True)} for row in rows] for rows in (old, new)
    )
    chosen = tuple(key) or _key(columns, before, after)
    return compare_records(
        _keyed(chosen, before), _keyed(chosen, after), columns=[c for c in columns if c not in chosen]
    )


def _key(columns: Sequence[str], *answers: Sequence[Record]) -> tuple[str, ...]:
    first = tuple(columns[:1])
    if first and all(len({row[first[0]] for row in rows}) == len(rows) for rows in answers):
        return first
    return tuple(columns)


def _keyed(key: Sequence[str], rows: Sequence[Record]) -> dict[str, Record]:
    """Rows by their key; a key that stands several times gets numbers, in the order of the other values."""
    together: dict[str, list[Record]] = defaultdict(list)
    for row in rows:
        together[" | ".join(row[name] for name in key)].append(row)
    found: dict[str, Record] = {}
    for name, several in together.items():
        for number, row in enumerate(sorted(several, key=lambda r: sorted(r.items())), 1):
            found[name if number == 1 else f"{name} ({number})"] = row
    return found


def compare_records(
    old: Mapping[str, Record], new: Mapping[str, Record], *, columns: Sequence[str], label: str = ""
) -> list[Change]:
    """Compare records by their keys, and in the columns named.

    Args:
        columns: what a changed record is looked at in, and what says in short which one was added or removed.
        label: the column that says what a record is called.
    """
    changes = []
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        name = (after or before or {}).get(label, "")
        if before is None:
            changes.append(Change(Kind.ADDED, key, name, "", "", _in_short(after or {}, columns)))
        elif after is None:
            changes.append(Change(Kind.REMOVED, key, name, "", _in_short(before, columns), ""))
        else:
            changes += [
                Change(Kind.CHANGED, key, name, column, before.get(column, ""), after.get(column, ""))
                for column in columns
                if before.get(column, "") != after.get(column, "")
            ]
    return changes


def _in_short(record: Record, columns: Sequence[str]) -> str:
    return "; ".join(f"{column}: {record[column]}" for column in columns if record.get(column))
