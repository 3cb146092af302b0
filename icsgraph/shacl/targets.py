# SPDX-License-Identifier: Apache-2.0
"""Targets as patterns: the set of focus nodes, to be joined with what is asked of them.

Source: https://www.w3.org/TR/shacl/#targets
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from icsgraph.algebra.nodes import (
    TYPE,
    Element,
    Expression,
    Group,
    InlineData,
    Path,
    Select,
    SubSelect,
    Triple,
    Union,
    Variable,
)
from icsgraph.shacl.context import Context
from icsgraph.shacl.expressions import disjunction, exists, steps
from icsgraph.shacl.model import Shape, Target
from icsgraph.shacl.terms import to_tree
from icsgraph.shacl.values import has_class


@dataclass(frozen=True)
class Focus:
    """A set of focus nodes.

    ``bind`` gives the pattern that binds a variable to each of them, with inner variables that nothing else uses.
    ``distinct``: no node comes twice. ``loose``: it may hold nodes that no triple of the data names. ``among`` is the
    condition that a node is one of them, where a lookup tells.
    """

    bind: Callable[[Variable], tuple[Element, ...]]
    distinct: bool
    loose: bool
    among: Callable[[Variable], Expression] | None = None

    def once(self, variable: Variable) -> tuple[Element, ...]:
        """The pattern, each node once: for queries that count."""
        elements = self.bind(variable)
        return elements if self.distinct else (_distinct(variable, elements),)


def focus_of(shape: Shape, context: Context) -> Focus:
    """The focus nodes that the shape's own targets choose."""
    targets = shape.targets
    loose = any(target.kind == "targetNode" for target in targets)
    if len(targets) == 1 and targets[0].kind == "targetClass":
        return Focus(lambda variable: _chosen(targets[0], variable, context), False, False, _among(targets, context))
    nodes = [target for target in targets if target.kind == "targetNode"]
    rest = [target for target in targets if target.kind != "targetNode"]

    def bind(variable: Variable) -> tuple[Element, ...]:
        parts = [_chosen(target, variable, context) for target in rest]
        if nodes:
            parts.append((InlineData((variable,), tuple((to_tree(target.term),) for target in nodes)),))
        if len(parts) == 1:
            return parts[0] if nodes else (_distinct(variable, parts[0]),)
        return (_distinct(variable, (Union(tuple(map(Group, parts))),)),)

    return Focus(bind, True, loose, None if loose else _among(targets, context))


def values_of(focus: Focus, path: Path, context: Context) -> Focus:
    """The nodes that a path leads to from a set of focus nodes: the focus nodes of a property shape in another."""

    def bind(variable: Variable) -> tuple[Element, ...]:
        start = context.names.fresh()
        absent = (lambda: focus.bind(start)) if focus.loose else None
        return (_distinct(variable, (*focus.bind(start), steps(start, path, variable, absent=absent))),)

    return Focus(bind, distinct=True, loose=focus.loose)


def _among(targets: Sequence[Target], context: Context) -> Callable[[Variable], Expression]:
    def one(target: Target, variable: Variable) -> Expression:
        if target.kind == "targetClass":
            return has_class(variable, target.term.value, context)
        term, other = to_tree(target.term), context.names.fresh()
        ends = (variable, other) if target.kind == "targetSubjectsOf" else (other, variable)
        return exists(Triple(ends[0], term, ends[1]))  # type: ignore[arg-type]

    return lambda variable: disjunction(one(target, variable) for target in targets)


def _chosen(target: Target, variable: Variable, context: Context) -> tuple[Element, ...]:
    term = to_tree(target.term)
    other = context.names.fresh()
    match target.kind:
        case "targetClass":
            rows = context.class_rows(target.term.value)
            return (Triple(variable, TYPE, other), InlineData((other,), ((rows,),)))
        case "targetSubjectsOf":
            return (Triple(variable, term, other),)  # type: ignore[arg-type]  # read_shapes lets IRIs through only
        case "targetObjectsOf":
            return (Triple(other, term, variable),)  # type: ignore[arg-type]
        case "targetNode":
            return (InlineData((variable,), ((term,),)),)


def _distinct(variable: Variable, elements: tuple[Element, ...]) -> SubSelect:
    return SubSelect(Select(projection=(variable,), modifier="DISTINCT", where=Group(elements)))
