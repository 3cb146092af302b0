# SPDX-License-Identifier: Apache-2.0
"""A property path between two things, walked: the triples of one shortest way along it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import pyoxigraph as ox

from icsgraph.algebra import nodes as n

Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal
Way: TypeAlias = tuple[ox.Triple, ...]


def way(store: ox.Store, start: Node, path: n.Path, end: Node) -> Way | None:
    """Give the triples that lead from start to end; None when the path does not."""
    return next((used for node, used in _steps(store, start, path) if node == end), None)


def _steps(store: ox.Store, start: Node, path: n.Path) -> Iterator[tuple[Node, Way]]:
    if isinstance(path, n.IRI):
        if not isinstance(start, ox.Literal):
            for quad in store.quads_for_pattern(start, ox.NamedNode(path.value), None, ox.DefaultGraph()):
                if not isinstance(quad.object, ox.Triple):
                    yield quad.object, (quad.triple,)
    elif isinstance(path, n.InversePath) and isinstance(path.path, n.IRI):
        for quad in store.quads_for_pattern(None, ox.NamedNode(path.path.value), start, ox.DefaultGraph()):
            if not isinstance(quad.subject, ox.Triple):
                yield quad.subject, (quad.triple,)
    elif isinstance(path, n.AlternativePath):
        for part in path.parts:
            yield from _steps(store, start, part)
    elif isinstance(path, n.SequencePath):
        ends: list[tuple[Node, Way]] = [(start, ())]
        for part in path.parts:
            ends = [(node, (*used, *more)) for at, used in ends for node, more in _steps(store, at, part)]
        yield from ends
    elif isinstance(path, n.RepeatedPath):
        yield from _repeated(store, start, path)


def _repeated(store: ox.Store, start: Node, path: n.RepeatedPath) -> Iterator[tuple[Node, Way]]:
    if path.modifier in ("*", "?"):
        yield start, ()
    seen: set[Node] = set()
    edge: list[tuple[Node, Way]] = [(start, ())]
    while edge:
        following: list[tuple[Node, Way]] = []
        for at, used in edge:
            for node, more in _steps(store, at, path.path):
                if node not in seen:
                    seen.add(node)
                    following.append((node, (*used, *more)))
        yield from following
        edge = [] if path.modifier == "?" else following
