# SPDX-License-Identifier: Apache-2.0
"""Triples to the files that state them, and the lines there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from icsgraph.store.lines import lines_of
from icsgraph.store.load import DataFile


@dataclass(frozen=True, slots=True)
class Place:
    """A file by its short name, and the line; None where the line cannot be told."""

    file: str
    line: int | None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


class Sources:
    """Stores that keep each file's triples in a graph of its own, with those files; the first that states it counts."""

    def __init__(self, held: Sequence[tuple[ox.Store, Sequence[DataFile]]]) -> None:
        self._held = [(store, {file.graph: file for file in files}) for store, files in held]

    def file(self, triple: ox.Triple) -> DataFile | None:
        """Give the file that states a triple; None where none does."""
        for store, files in self._held:
            quads = store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
            found = sorted(q.graph_name.value for q in quads if isinstance(q.graph_name, ox.NamedNode))
            for name in found:
                if file := files.get(ox.NamedNode(name)):
                    return file
        return None

    def graphs(self, triple: ox.Triple) -> set[str]:
        """Give the names of all graphs, of files or not, that hold a triple."""
        return {
            quad.graph_name.value
            for store, _ in self._held
            for quad in store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
            if isinstance(quad.graph_name, ox.NamedNode)
        }

    def places(self, triples: Iterable[ox.Triple]) -> dict[ox.Triple, Place]:
        """Give the place of each triple that a file states; each file is read once."""
        by_file: dict[DataFile, list[ox.Triple]] = defaultdict(list)
        for triple in dict.fromkeys(triples):
            if file := self.file(triple):
                by_file[file].append(triple)
        found = {}
        for file, held in by_file.items():
            lines = lines_of(file, held)
            found.update({triple: Place(file.name, lines.get(triple)) for triple in held})
        return found
