# SPDX-License-Identifier: Apache-2.0
"""What a thing is called, what kind it is, and in which of the user's files, at which line, it is described.

Records that were imported say in which row of which sheet they stood: that is their place, rather than the line of the
file that the import wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from icsgraph.law.findings import Finding
from icsgraph.model.namespaces import DCTERMS, ICS, RDF, RDFS, SKOS
from icsgraph.store.lines import first_lines
from icsgraph.store.opened import Opened

_CSVW = "http://www.w3.org/ns/csvw#"
_DESCRIBES, _ROWNUM, _ROW = (ox.NamedNode(_CSVW + name) for name in ("describes", "rownum", "row"))
_COLUMN, _PROPERTY, _NAME, _TITLE = (ox.NamedNode(_CSVW + n) for n in ("column", "propertyUrl", "name", "title"))
_BOUNDS = tuple(ox.NamedNode(ICS + name) for name in ("hasEarliestBound", "hasLatestBound"))
_LABELS = (RDFS + "label", SKOS + "prefLabel", DCTERMS + "title")


class Places:
    """Looks things up in one opened graph; what it has looked up it keeps."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._labels: dict[str, str] = {}
        self._columns: dict[ox.NamedNode, dict[str, str]] = {}

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
        """Give file and line for each thing that a user's file describes; the line is None where it cannot be told.

        Of a record that was imported they are its sheet and its row.
        """
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
            rows = {iri: row for iri in subjects if (row := self._row(iri)) is not None}
            numbers = first_lines(graphs[graph], [iri for iri in subjects if iri not in rows])
            placed |= {iri: rows.get(iri) or (graphs[graph].name, numbers.get(iri)) for iri in subjects}
        return placed

    def _row(self, iri: str) -> tuple[str, int] | None:
        """Give the sheet and row from which a record was imported; None for one that was not."""
        found = self._table(iri)
        return (self.label(found[0].value), found[1]) if found else None

    def _table(self, iri: str) -> tuple[ox.NamedNode, int] | None:
        store, graph = self._opened.store, ox.DefaultGraph()
        for quad in store.quads_for_pattern(None, _DESCRIBES, ox.NamedNode(iri), graph):
            row = quad.subject
            numbers = [q.object.value for q in store.quads_for_pattern(row, _ROWNUM, None, graph)]  # type: ignore[union-attr]
            tables = [q.subject for q in store.quads_for_pattern(None, _ROW, row, graph)]
            if numbers and tables and isinstance(tables[0], ox.NamedNode):
                return tables[0], int(numbers[0])
        return None

    def column(self, finding: Finding) -> str:
        """Give the column of a record's sheet that a finding is about, such as ``C (Appointed by)``; empty for none.

        It is the column that the finding's path comes from; where it has no path, the one that holds its value.
        """
        found = self._table(finding.focus) if _node(finding.focus) is not None else None
        if found is None:
            return ""
        if found[0] not in self._columns:
            self._columns[found[0]] = dict(self._read_columns(found[0]))
        columns = self._columns[found[0]]
        if finding.path:
            return next((columns[p] for p in self._said_by(finding.path.strip("<>")) if p in columns), "")
        held = {columns[p] for p in self._properties(finding.focus, finding.value) if p in columns}
        return held.pop() if len(held) == 1 else ""

    def _said_by(self, path: str) -> list[str]:
        """Give a property, and those of dates from which it is worked out."""
        node = _node(path)
        quads = [
            q for bound in _BOUNDS if node is not None
            for q in self._opened.store.quads_for_pattern(None, bound, node, ox.DefaultGraph())
        ]  # fmt: skip
        return [path, *(q.subject.value for q in quads)]  # type: ignore[union-attr]

    def _properties(self, focus: str, value: str) -> list[str]:
        """Give the properties by which one thing names another."""
        node = _node(value)
        if node is None or not value:
            return []
        found = self._opened.store.quads_for_pattern(ox.NamedNode(focus), None, node, ox.DefaultGraph())
        return [quad.predicate.value for quad in found]

    def _read_columns(self, table: ox.NamedNode) -> Iterator[tuple[str, str]]:
        store, graph = self._opened.store, ox.DefaultGraph()
        for quad in store.quads_for_pattern(table, _COLUMN, None, graph):
            said = {q.predicate: q.object.value for q in store.quads_for_pattern(quad.object, None, None, graph)}  # type: ignore[arg-type, union-attr]
            if _PROPERTY in said and _NAME in said:
                yield said[_PROPERTY], f"{said[_NAME]} ({said[_TITLE]})" if _TITLE in said else said[_NAME]


def _node(iri: str) -> ox.NamedNode | None:
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None
