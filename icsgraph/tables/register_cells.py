# SPDX-License-Identifier: Apache-2.0
"""A register's rows to plain cells beside the graph that it comes to, for the mappings of ``data/registers``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox

from icsgraph.model.namespaces import ID
from icsgraph.store import shipped
from icsgraph.tables.cells import CELL, Table, cell_triples
from icsgraph.tables.faults import Faults
from icsgraph.tables.grid import Cell, grids
from icsgraph.tables.mapping import construct

Row: TypeAlias = tuple[int, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Registered:
    """The triples of a register, how many rows it has, and what somebody should look at."""

    triples: set[ox.Triple]
    rows: int
    remarks: tuple[str, ...]


def sheets(path: Path) -> Iterator[tuple[Sequence[Cell], Iterator[Row]]]:
    """Yield each sheet of a file that has rows: the first of them, and those that follow it."""
    for grid in grids(path, path.name, Faults()):
        first = next(grid.rows, None)
        if first is not None:
            yield first[1], grid.rows


def file_node(path: Path) -> ox.NamedNode:
    """Give the node by which the statements of a register name it as their source."""
    return ox.NamedNode(f"{ID}source-file/{path.name}")


def with_cells(
    path: Path, columns: Mapping[str, int], found: Iterable[Row], about: Mapping[str, str], store: ox.Store
) -> tuple[ox.Store, int]:
    """Give a store that holds the graph, the cells, and what is said of the whole file; and the number of rows.

    Args:
        columns: the index of each column that is wanted.
        about: what is said of the file.
    """
    file = file_node(path)
    cells = ox.Store()
    cells.bulk_extend(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    number = 0

    def plain() -> Iterator[list[str]]:
        nonlocal number
        for _, row in found:
            number += 1
            yield [str(row[i]) if i < len(row) and row[i] is not None else "" for i in columns.values()]

    table = Table(path.name, tuple(columns), plain())
    cells.bulk_extend(ox.Quad(*triple) for triple in cell_triples(table, file))
    cells.extend(ox.Quad(file, ox.NamedNode(CELL + key), ox.Literal(value)) for key, value in about.items())
    return cells, number


def made(cells: ox.Store, name: str) -> set[ox.Triple]:
    """Apply a mapping of ``data/registers``."""
    return construct(cells, shipped.root() / "data" / "registers" / name, f"registers/{name}")
