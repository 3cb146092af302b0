# SPDX-License-Identifier: Apache-2.0
"""What a thing is called, what kind it is, and in which of the user's files, at which line, it is described."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from icsgraph.model.namespaces import DCTERMS, RDF, RDFS, SKOS
from icsgraph.store.lines import first_lines
from icsgraph.store.opened import Opened

_LABELS = (RDFS + "label", SKOS + "prefLabel", DCTERMS + "title")


class Places:
    """Looks things up in one opened graph; what it has looked up it keeps."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._labels: dict[str, str] = {}

    def label(self, iri: str) -> str:
        """Give the label of a thing; the last part of its IRI when the graph has none; a literal as it is."""
        if iri not in self._labels:
            self._labels[iri] = self._find(iri)
        return self._labels[iri]

    def _find(self, iri: str) -> str:
        node = _node(iri)
        if node is None:
            return iri
        for prop in _LABELS:
            for quad in self._opened.store.quads_for_pattern(node, ox.NamedNode(prop), None, ox.DefaultGraph()):
                return str(quad.object.value)  # type: ignore[union-attr]
        return iri.rpartition("#")[2].rpartition("/")[2]

    def kind(self, iri: str) -> str:
        """Give the label of a thing's class, the first by IRI where it has several; empty when it has none."""
        node = _node(iri)
        if node is None:
            return ""
        types = self._opened.store.quads_for_pattern(node, ox.NamedNode(RDF + "type"), None, ox.DefaultGraph())
        return next((self.label(name) for name in sorted(q.object.value for q in types)), "")  # type: ignore[union-attr]

    def lines(self, iris: Iterable[str]) -> dict[str, tuple[str, int | None]]:
        """Give file and line for each thing that a user's file describes; the line is None where it cannot be told."""
        graphs = {file.graph.value: file for file in self._opened.files}
        where: dict[str, list[str]] = {}
        for iri in sorted(set(iris)):
            node = _node(iri)
            if node is None:
                continue
            found = sorted(
                q.graph_name.value
                for q in self._opened.store.quads_for_pattern(node, None, None, None)
                if isinstance(q.graph_name, ox.NamedNode) and q.graph_name.value in graphs
            )
            if found:
                where.setdefault(found[0], []).append(iri)
        placed: dict[str, tuple[str, int | None]] = {}
        for graph, subjects in where.items():
            numbers = first_lines(graphs[graph], subjects)
            placed |= {iri: (graphs[graph].name, numbers.get(iri)) for iri in subjects}
        return placed


def _node(iri: str) -> ox.NamedNode | None:
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None
