# SPDX-License-Identifier: Apache-2.0
"""A graph and what was chosen of it, to the statements that a format is to carry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from icsgraph.model.namespaces import ICS, PREFIXES
from icsgraph.queries.labels import labels_in
from icsgraph.store.opened import Opened
from icsgraph.store.select import Term

Node = ox.NamedNode | ox.BlankNode | ox.Triple
MERGED: Final = ox.DefaultGraph()


@dataclass(frozen=True)
class Content:
    """What to export of an opened graph.

    ``subjects``: only statements about these, and about the blank nodes below them; ``graph``: only what this named
    graph states; ``made``: these triples instead, and nothing of the graph. ``choice`` tells in words what was chosen.
    ``frame`` names a frame for formats that make trees; ``not_held`` is what did not hold on a day that was chosen.
    """

    opened: Opened
    subjects: frozenset[Node] | None = None
    graph: ox.NamedNode | None = None
    made: tuple[ox.Triple, ...] | None = None
    canonical: bool = False
    choice: str = ""
    frame: str = ""
    not_held: frozenset[Node] = frozenset()

    @property
    def store(self) -> ox.Store:
        """The whole graph: names and meanings are looked up there, whatever was chosen."""
        return self.opened.store

    def triples(self) -> Iterable[ox.Triple]:
        """Give each chosen statement without names of graphs; blank nodes of canonical content have fixed labels."""
        if self.canonical:
            return self._settled
        return self._chosen()

    def quads(self) -> Iterator[ox.Quad]:
        """Give the chosen statements with the named graphs that state them; triples that were made have none."""
        if self.made is not None:
            yield from (ox.Quad(*triple) for triple in self.made)
            return
        for quad in self._stated(None):
            if quad.graph_name != MERGED and self.graph in (None, quad.graph_name):
                yield quad

    def labels(self, nodes: Iterable[object]) -> dict[ox.NamedNode, str]:
        """Give what IRIs are called in the whole graph."""
        iris = {node for node in nodes if isinstance(node, ox.NamedNode)}
        return {iri: name.value for iri, name in labels_in(self.store, iris).items()}

    @cached_property
    def _settled(self) -> tuple[ox.Triple, ...]:
        triples = tuple(self._chosen())
        if any(isinstance(node, ox.BlankNode) for t in triples for node in (t.subject, t.object)):
            dataset = ox.Dataset(ox.Quad(*triple) for triple in triples)
            dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
            triples = tuple(quad.triple for quad in dataset)
        return tuple(sorted(triples, key=str))

    def _chosen(self) -> Iterator[ox.Triple]:
        if self.made is not None:
            yield from self.made
            return
        for quad in self._stated(self.graph or MERGED):
            yield ox.Triple(quad.subject, quad.predicate, quad.object)

    def _stated(self, graph: ox.NamedNode | ox.DefaultGraph | None) -> Iterator[ox.Quad]:
        if self.subjects is None:
            yield from self.store.quads_for_pattern(None, None, None, graph)
            return
        todo: list[Node] = sorted(self.subjects, key=str)
        seen = set(todo)
        while todo:
            for quad in self.store.quads_for_pattern(todo.pop(), None, None, graph):
                yield quad
                if isinstance(quad.object, ox.BlankNode) and quad.object not in seen:
                    seen.add(quad.object)
                    todo.append(quad.object)


def short(iri: str) -> str:
    """Give a name for people: ``IntegratedCareBoard`` for icsgraph's own term, ``qb.Observation`` for others'."""
    if iri.startswith(ICS):
        return iri.removeprefix(ICS).replace("/", ".")
    fitting = [(space, prefix) for prefix, space in PREFIXES.items() if iri.startswith(space) and iri != space]
    if fitting:
        space, prefix = max(fitting, key=lambda pair: len(pair[0]))
        return f"{prefix}.{iri.removeprefix(space)}".replace("/", ".")
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2] or iri


def plain(term: Term) -> str:
    """Give an IRI or the text of a literal; a blank node by its label."""
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)
