# SPDX-License-Identifier: Apache-2.0
"""Invented systems to how long loading them takes, beside the bulk loader of pyoxigraph, and what memory."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

from benchmarks.engines import peak
from benchmarks.measures import Goal, Part, apart, seconds
from icsgraph.store.load import DataFile, add_files, stream_files

FORMAT = ox.RdfFormat.N_TRIPLES
_FEW = 500_000  # triples that load in a second or two


def raw(store: ox.Store, data: Path) -> None:
    """The default graph alone."""
    store.bulk_load(path=data, format=FORMAT)


def raw_twice(store: ox.Store, data: Path) -> None:
    """What icsgraph keeps: the default graph, and a named graph for the file."""
    store.bulk_load(path=data, format=FORMAT)
    store.bulk_load(path=data, format=FORMAT, to_graph=DataFile(data, data.name).graph)


def opening(store: ox.Store, data: Path) -> None:
    """As for a question or a check, in memory."""
    add_files(store, [DataFile(data, data.name)])


def building(store: ox.Store, data: Path) -> None:
    """As `icsgraph build` does."""
    stream_files(store, [DataFile(data, data.name)])


WAYS: tuple[tuple[str, Callable[[ox.Store, Path], None], bool], ...] = (
    ("pyoxigraph, default graph alone", raw, False),
    ("pyoxigraph, the graphs that icsgraph keeps", raw_twice, False),
    ("icsgraph, files for a question", opening, False),
    ("pyoxigraph on disk, the graphs that icsgraph keeps", raw_twice, True),
    ("icsgraph on disk, as build does", building, True),
)


def load(way: int, data: Path, folder: Path | None) -> tuple[float, float, int]:
    """Seconds, peak memory in MB, and quads."""
    store = ox.Store(folder) if folder else ox.Store()
    start = time.perf_counter()
    WAYS[way][1](store, data)
    return time.perf_counter() - start, peak(), len(store)


def measure(data: Path, triples: int, size: str, limit: float) -> Part:
    """Load in each way, each in a process of its own; small data three times in turn, of which the least counts."""
    found: dict[int, tuple[float, float, int] | None] = {}
    for _ in range(3 if triples < _FEW else 1):
        for at, (_, _, on_disk) in enumerate(WAYS):
            with tempfile.TemporaryDirectory() as folder:
                one = apart(load, at, data, Path(folder) / "store" if on_disk else None, limit=limit)
            before = found.get(at)
            found[at] = min(one, before) if one and before else one or before
    rows, taken, counts = [], {}, {}
    for at, (name, way, on_disk) in enumerate(WAYS):
        best = found[at]
        if best is None:
            rows.append((name, "no end", "", ""))
            continue
        taken[way, on_disk], memory, counts[way, on_disk] = best
        rows.append((name, seconds(best[0]), f"{memory:.0f}", str(best[2])))
    goals = []
    for name, mine, other in (
        ("load for a question, beside raw bulk load of the same quads", (opening, False), (raw_twice, False)),
        ("load as build does, beside raw bulk load of the same quads", (building, True), (raw_twice, True)),
    ):
        if mine in taken and other in taken:
            if counts[mine] != counts[other]:
                raise SystemExit(f"{name}: {counts[mine]} quads instead of {counts[other]}")
            goals.append(Goal(name, taken[other] / taken[mine], 0.95, unit=" times"))
    note = (
        "icsgraph keeps each triple twice, in the default graph and in the graph of its file, to say where it came from"
    )
    return Part("load", size, ("way", "seconds", "peak MB", "quads"), tuple(rows), tuple(goals), (note,))
