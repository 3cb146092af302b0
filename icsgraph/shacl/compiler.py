# SPDX-License-Identifier: Apache-2.0
"""Turns shapes into queries: one SELECT for a whole target and for all the constraints on one path that go together.

A query returns violations only. Where several constraints share it, each has a flag among the columns, false where the
constraint is violated.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import replace

import pyoxigraph as ox

from icsgraph.algebra import rewrite_exists, to_text
from icsgraph.algebra.nodes import Group, Path, Select, Variable
from icsgraph.shacl import constraints as on
from icsgraph.shacl import sparql, wide
from icsgraph.shacl.compiled import VERSION, Check, Compiled, CompiledQuery, Refusal, TargetShape
from icsgraph.shacl.conformance import is_on_value
from icsgraph.shacl.context import Context
from icsgraph.shacl.expressions import Names
from icsgraph.shacl.labels import stable_labels
from icsgraph.shacl.model import (
    Closed,
    Constraint,
    Count,
    CustomConstraint,
    HasValue,
    Pair,
    PropertyRef,
    Qualified,
    Shape,
    Shapes,
    SparqlConstraint,
    UniqueLang,
)
from icsgraph.shacl.targets import Focus, focus_of, values_of
from icsgraph.shacl.terms import Refused, Term

THIS = Variable("this")


def compile_shapes(shapes: Shapes) -> Compiled:
    """Compile every shape that has a target.

    What cannot be compiled faithfully is listed in ``refused``, with the reason; nothing is approximated.

    Raises:
        ShapesError: E302, a query in the shapes graph breaks a rule of SHACL-SPARQL.
    """
    context = Context(shapes)
    queries: list[CompiledQuery] = []
    targets: list[TargetShape] = []
    refused: list[Refusal] = []
    patterns: list[tuple[Term, str, str]] = []
    for shape in shapes.with_targets:
        context.names = Names()
        context.patterns.clear()
        cycle = shapes.cycle(shape)
        try:
            if shape.unsupported:
                raise Refused(f"{shape.node} uses {', '.join(shape.unsupported)}")
            focus = focus_of(shape, context)
            targets.append(TargetShape(shape.node, _focus_query(focus)))
            if cycle:
                way = " -> ".join(map(str, cycle))
                refused.append(Refusal(shape.node, f"it refers to itself, which SHACL leaves undefined: {way}", False))
                continue
            found = _TargetCompiler(shape, context).run(focus)
        except Refused as reason:
            refused.append(Refusal(shape.node, str(reason)))
            continue
        queries += found
        patterns += dict.fromkeys((shape.node, pattern, flags) for pattern, flags in context.patterns)
    text = "".join(f"{quad.subject} {quad.predicate} {quad.object} .\n" for quad in shapes.quads)
    labels = stable_labels((quad.subject, quad.predicate, quad.object) for quad in shapes.quads)  # type: ignore[misc]
    return Compiled(
        tuple(queries),
        tuple(targets),
        tuple(refused),
        tuple(context.slots),
        tuple(patterns),
        text,
        shapes.graph,
        labels,
        digest_of(shapes),
    )


def digest_of(shapes: Shapes) -> str:
    """The digest under which the compiled form of these shapes can be kept: the shapes' content, and the compiler's
    version; blank nodes count by what is said of them, not by their labels."""
    dataset = ox.Dataset(shapes.quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    lines = sorted(f"{quad.subject} {quad.predicate} {quad.object}" for quad in dataset)
    return hashlib.sha256("\n".join([f"{VERSION} {shapes.graph}", *lines]).encode()).hexdigest()


def _focus_query(focus: Focus) -> str:
    return to_text(Select(projection=(THIS,), modifier="DISTINCT", where=Group(focus.bind(THIS))))


class _TargetCompiler:
    """Compiles one target shape and everything that its properties lead to."""

    def __init__(self, target: Shape, context: Context) -> None:
        self.target, self.context = target, context
        self.found: list[CompiledQuery] = []

    def run(self, focus: Focus) -> list[CompiledQuery]:
        _supported(self.target)
        if self.target.path is None:
            self._node_shape(self.target, focus)
        else:
            self._property_shapes([self.target], self.target.path, focus)
        return self.found

    def _node_shape(self, shape: Shape, focus: Focus) -> None:
        apart = (Closed, PropertyRef, CustomConstraint)
        together: on.Pairs = [(shape, c) for c in shape.constraints if is_on_value(c) and not isinstance(c, apart)]
        together += [(shape, c) for c in shape.constraints if isinstance(c, HasValue)]
        self._emit(on.node_tests(together, focus, self.context), wide.node_tests(together, focus, self.context))
        for constraint in shape.constraints:
            if isinstance(constraint, Closed):
                self._emit(on.closed(shape, constraint, None, focus, self.context))
            elif isinstance(constraint, Pair) and constraint.name == "Equals":
                self._emit(on.equals(shape, constraint, None, focus, self.context))
            elif _is_users(constraint):
                self._user(shape, constraint, focus)
        self._properties(shape, focus)

    def _properties(self, shape: Shape, focus: Focus) -> None:
        """The property shapes of a shape, those with one path together."""
        by_path: dict[Path, list[Shape]] = defaultdict(list)
        for constraint in shape.constraints:
            if isinstance(constraint, PropertyRef):
                other = self.context.shapes[constraint.shape]
                if not other.deactivated and other.path is not None:
                    _supported(other)
                    by_path[other.path].append(other)
        for path, shapes in by_path.items():
            self._property_shapes(shapes, path, focus)

    def _property_shapes(self, shapes: list[Shape], path: Path, focus: Focus) -> None:
        constraints = [(shape, c) for shape in shapes for c in shape.constraints]
        made = on.value_tests(constraints, path, focus, self.context)
        self._emit(made, wide.value_tests(constraints, path, focus, self.context) if made else None)
        self._emit(on.whole_tests(constraints, path, focus, self.context))
        self._emit(on.counts([p for p in constraints if isinstance(p[1], Count)], path, focus, self.context))
        for shape, constraint in constraints:
            match constraint:
                case Closed():
                    self._emit(on.closed(shape, constraint, path, focus, self.context))
                case Pair(name="Equals"):
                    self._emit(on.equals(shape, constraint, path, focus, self.context))
                case Pair(name="LessThan" | "LessThanOrEquals"):
                    self._emit(on.less_than(shape, constraint, path, focus, self.context))
                case UniqueLang():
                    self._emit(on.unique_lang(shape, constraint, path, focus, self.context))
                case Qualified():
                    self._emit(on.qualified(shape, constraint, path, focus, self.context))
                case _ if _is_users(constraint):
                    self._user(shape, constraint, focus)
                case _:
                    pass
        for shape in shapes:
            if any(isinstance(c, PropertyRef) for c in shape.constraints):
                self._properties(shape, values_of(focus, path, self.context))

    def _user(self, shape: Shape, constraint: Constraint, focus: Focus) -> None:
        assert isinstance(constraint, SparqlConstraint | CustomConstraint)
        made = sparql.compile_select(constraint, shape, focus, self.context)
        self.found.append(CompiledQuery(self.target.node, made.text, made.checks, made.template, made.probe))

    def _emit(self, made: on.Made, other: wide.Wide | None = None) -> None:
        if made is not None:
            queries = (
                tuple(self._query(select, checks, probe) for select, checks, probe in other.queries) if other else ()
            )
            self.found.append(replace(self._query(*made), wide=queries, properties=other.properties if other else ()))

    def _query(self, select: Select, checks: tuple[Check, ...], probe: Select | None = None) -> CompiledQuery:
        # A query of a shape that this one refers to stands in an EXISTS, and may have several patterns.
        text = to_text(rewrite_exists(select).query)
        return CompiledQuery(self.target.node, text, checks, probe=None if probe is None else to_text(probe))


def _is_users(constraint: Constraint) -> bool:
    return isinstance(constraint, SparqlConstraint | CustomConstraint)


def _supported(shape: Shape) -> None:
    if shape.unsupported:
        raise Refused(f"{shape.node} uses {', '.join(shape.unsupported)}")
