# SPDX-License-Identifier: Apache-2.0
"""What validation gives: results, and what was looked at to find them; and both as a sh:ValidationReport."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from icsgraph.algebra.nodes import Path
from icsgraph.model.namespaces import XSD
from icsgraph.shacl.paths import path_text, path_to_quads
from icsgraph.shacl.terms import RDF_TYPE, TRUE, Term, plain, sh


@dataclass(frozen=True)
class Result:
    """One validation result.

    ``bindings`` holds every variable that a SPARQL constraint selected, so that a caller can fill in its own messages.
    ``id`` is a digest of shape, component, constraint, focus node, path and value, blank nodes by stable labels: the
    same finding has the same id in every run and from either engine. Where several results share all of these (two
    rows of a query, two pairs of sh:lessThan), the second has ``-2`` at the end of its id, and so on.
    """

    id: str
    focus: Term
    path: Path | None
    value: Term | None
    component: str
    source_shape: Term
    source_constraint: Term | None
    severity: str
    messages: tuple[ox.Literal, ...]
    target_shape: Term
    """The shape whose target chose the node, from which validation came to ``source_shape``."""
    bindings: Mapping[str, Term] = field(default_factory=dict, hash=False)

    @property
    def path_text(self) -> str | None:
        """The path as SPARQL writes it."""
        return None if self.path is None else path_text(self.path)

    @property
    def message(self) -> str:
        """The messages as one text."""
        return " ".join(message.value for message in self.messages)

    def __str__(self) -> str:
        return f"{plain(self.focus)} {self.path_text or ''} {plain(self.value) if self.value else ''}: {self.message}"


@dataclass(frozen=True, slots=True)
class ShapeRun:
    """What became of one target shape: how many focus nodes it looked at, and which engine decided it.

    ``engine`` is None where nothing did; ``reason`` says why it was not the compiled form.
    """

    shape: Term
    focus_nodes: int
    engine: str | None
    reason: str | None = None


@dataclass(frozen=True)
class Results:
    """The outcome of one validation, results sorted by focus node, shape, path and value."""

    results: tuple[Result, ...]
    shapes: tuple[ShapeRun, ...]
    engine: str

    @property
    def conforms(self) -> bool:
        """Whether every target shape was decided, and none has a result."""
        return not self.results and not self.undecided

    @property
    def looked_at_nothing(self) -> tuple[Term, ...]:
        """The target shapes that found no focus node."""
        return tuple(run.shape for run in self.shapes if run.focus_nodes == 0)

    @property
    def not_compiled(self) -> tuple[ShapeRun, ...]:
        """The target shapes that ran on pySHACL although the compiled form was asked for, with the reason."""
        return tuple(run for run in self.shapes if run.reason and run.engine)

    @property
    def undecided(self) -> tuple[ShapeRun, ...]:
        """The target shapes that no engine decided, with the reason."""
        return tuple(run for run in self.shapes if run.engine is None)

    def __iter__(self) -> Iterator[Result]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)


def result_parts(result: Result) -> tuple[str | Term | None, ...]:
    """What makes a result the result it is."""
    source = (result.source_shape, result.component, result.source_constraint)
    return (*source, result.focus, result.path_text, result.value)


def digest_parts(result: Result, labels: Mapping[str, str]) -> str:
    """The digest of what makes a result the result it is."""
    texts = (
        f"_:{labels.get(part.value, part.value)}" if isinstance(part, ox.BlankNode) else str(part)
        for part in result_parts(result)
    )
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


def sort_key(result: Result) -> tuple[str, ...]:
    """Where a result stands among others, whatever the engine and the order of its rows."""
    terms = (result.focus, result.source_shape, result.path_text, result.value)
    return (*(str(term) for term in terms), result.component, result.id)


def report_graph(results: Results) -> list[ox.Quad]:
    """The results as a sh:ValidationReport, in the default graph.

    Source: https://www.w3.org/TR/shacl/#validation-report
    """
    report = ox.BlankNode()
    conforms = TRUE if results.conforms else ox.Literal("false", datatype=ox.NamedNode(XSD + "boolean"))
    quads = [ox.Quad(report, RDF_TYPE, sh("ValidationReport")), ox.Quad(report, sh("conforms"), conforms)]
    for result in results.results:
        node = ox.BlankNode()
        quads.append(ox.Quad(report, sh("result"), node))
        quads += _described(node, result, quads)
    return quads


def _described(node: ox.BlankNode, result: Result, quads: list[ox.Quad]) -> list[ox.Quad]:
    values: list[tuple[str, Term | None]] = [
        ("focusNode", result.focus),
        ("resultPath", path_to_quads(result.path, quads) if result.path is not None else None),
        ("value", result.value),
        ("resultSeverity", ox.NamedNode(result.severity)),
        ("sourceConstraintComponent", ox.NamedNode(result.component)),
        ("sourceConstraint", result.source_constraint),
        ("sourceShape", result.source_shape),
        *(("resultMessage", message) for message in result.messages),
    ]
    found = [ox.Quad(node, RDF_TYPE, sh("ValidationResult"))]
    return found + [ox.Quad(node, sh(name), term) for name, term in values if term is not None]
