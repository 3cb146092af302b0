# SPDX-License-Identifier: Apache-2.0
"""The line at which a file first speaks of a thing, found on demand by feeding the parser one line at a time."""

from __future__ import annotations

import io
from collections.abc import Collection
from typing import Final

import pyoxigraph as ox

from icsgraph.store.load import DataFile

_BY_LINE: Final = frozenset((ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG, ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS))


class _OneLine(io.RawIOBase):
    """Gives a parser one line for each read, and counts them."""

    def __init__(self, lines: list[bytes]) -> None:
        super().__init__()
        self._lines, self.number = lines, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self.number >= len(self._lines):
            return b""
        self.number += 1
        return self._lines[self.number - 1]


def first_lines(file: DataFile, subjects: Collection[str]) -> dict[str, int]:
    """Give the 1-based line at which each IRI is first the subject of a triple.

    IRIs of which the file says nothing are left out; so is everything in RDF/XML and JSON-LD, whose parsers read whole
    documents. A triple is counted at the line that ends it, which for a block of Turtle is that of its first object.
    """
    if file.format not in _BY_LINE or not subjects or not file.is_as_loaded:
        return {}
    wanted, found = set(subjects), dict[str, int]()
    with file.open() as stream:
        source = _OneLine(stream.read().splitlines(keepends=True))
    for quad in ox.parse(source, format=file.format, base_iri=file.graph.value):  # type: ignore[arg-type]
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value in wanted:
            found.setdefault(quad.subject.value, source.number)
            wanted.discard(quad.subject.value)
            if not wanted:
                break
    return found


def lines_of(file: DataFile, triples: Collection[ox.Triple]) -> dict[ox.Triple, int]:
    """Give the 1-based line that ends each triple in a file.

    Left out are triples that the file does not hold, and those with a blank node of which it holds several that differ
    in nothing else, for a blank node has no name; so is everything in RDF/XML and JSON-LD.
    """
    if file.format not in _BY_LINE or not triples or not file.is_as_loaded:
        return {}
    wanted = {_nameless(triple): triple for triple in triples}
    found: dict[tuple[object, object, object], list[int]] = {key: [] for key in wanted}
    with file.open() as stream:
        source = _OneLine(stream.read().splitlines(keepends=True))
    for quad in ox.parse(source, format=file.format, base_iri=file.graph.value):  # type: ignore[arg-type]
        key = _nameless(quad.triple)
        if key in found:
            found[key].append(source.number)
    return {
        triple: found[key][0]
        for key, triple in wanted.items()
        if len(found[key]) == 1 or (found[key] and None not in key)
    }


def _nameless(triple: ox.Triple) -> tuple[object, object, object]:
    subject, value = (None if isinstance(t, ox.BlankNode) else t for t in (triple.subject, triple.object))
    return subject, triple.predicate, value
