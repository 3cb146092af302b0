# SPDX-License-Identifier: Apache-2.0
"""A patch to records, made in a copy of a graph: triples to add, and triples to take away.

Turtle adds. In TriG the default graph adds, and the graph ``icsg:removed`` takes away what stands in the records.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from icsgraph.law.world import rederive
from icsgraph.model.errors import LookupFailed
from icsgraph.model.namespaces import ICSG
from icsgraph.store.bounds import add_bounds, bounded_properties
from icsgraph.store.context import set_context
from icsgraph.store.load import find_files, read
from icsgraph.store.opened import Opened

REMOVED: Final = ox.NamedNode(ICSG + "removed")


def patched(opened: Opened, path: Path) -> Opened:
    """Make a patch in the store of an opened graph, which must be a copy; dates and derived facts follow.

    Raises:
        LoadError: when the file is missing or malformed.
        LookupFailed: E434, when it takes away what no record says, or has another graph; nothing is changed then.
    """
    file = find_files([path])[0]
    quads = list(read(file))
    added = [quad for quad in quads if quad.graph_name == ox.DefaultGraph()]
    removed = [quad for quad in quads if quad.graph_name == REMOVED]
    strange = next((q.graph_name for q in quads if q.graph_name not in (REMOVED, ox.DefaultGraph())), None)
    if strange is not None:
        raise LookupFailed(
            "E434", file.name, f"it has the graph {strange}",
            f"Put what to add in the default graph, and what to take away in {REMOVED}.",
        )  # fmt: skip
    graphs = {known.graph for known in opened.files}
    standing = [_standing(opened.store, quad, graphs, file.name) for quad in removed]
    for quad in (each for found in standing for each in found):
        opened.store.remove(quad)
    for quad in added:
        opened.store.add(quad)
        opened.store.add(ox.Quad(quad.subject, quad.predicate, quad.object, file.graph))
    _renew_bounds(opened.store, {quad.subject for quad in quads})
    rederive(opened.store)
    parameters = set_context(opened.store, opened.as_at)
    return replace(opened, files=(*opened.files, file), parameters=parameters)


def _standing(store: ox.Store, quad: ox.Quad, graphs: Iterable[ox.NamedNode], where: str) -> list[ox.Quad]:
    """Give the quads that hold a triple in users' files, and the one in the merge."""
    found = [
        ox.Quad(quad.subject, quad.predicate, quad.object, graph)
        for graph in graphs
        if ox.Quad(quad.subject, quad.predicate, quad.object, graph) in store
    ]
    if not found:
        raise LookupFailed(
            "E434", where, f"no record says: {quad.subject} {quad.predicate} {quad.object}",
            "Take away only what stands in the files of --data, word for word.",
        )  # fmt: skip
    return [*found, ox.Quad(quad.subject, quad.predicate, quad.object)]


def _renew_bounds(store: ox.Store, subjects: set[ox.NamedNode | ox.BlankNode | ox.Triple]) -> None:
    bounds = {b for each in bounded_properties(store).values() for b in (each.earliest, each.latest)}
    said = []
    for subject in subjects:
        for quad in list(store.quads_for_pattern(subject, None, None, ox.DefaultGraph())):
            if quad.predicate in bounds:
                store.remove(quad)
            else:
                said.append(quad)
    add_bounds(store, said)
