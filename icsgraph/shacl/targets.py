# SPDX-License-Identifier: Apache-2.0
"""Targets as patterns: the set of focus nodes, to be joined with what is asked of them.

Source: https://www.w3.org/TR/shacl/#targets
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from icsgraph.algebra.nodes import (
    TYPE,
    Element,
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
from icsgraph.shacl.expressions import steps
from icsgraph.shacl.model import Shape, Target
from icsgraph.shacl.terms import to_tree


@dataclass(frozen=True)
class Focus:
    """A set of focus nodes.

    ``bind`` gives the pattern that binds a variable to each of them, with inner variables that nothing else uses.
    ``distinct``: no node comes twice. ``loose``: it may hold nodes that no triple of the data names.
    """

    bind: Callable[[Variable], tuple[Element, ...]]
    distinct: bool
    loose: bool

    def once(self, variable: Variable) -> tuple[Element, ...]:
        """The pattern, each node once: for queries that count."""
        elements = self.bind(variable)
        return elements if self.distinct else (_distinct(variable, elements),)


def focus_of(shape: Shape, context: Context) -> Focus:
    """The focus nodes that the shape's own targets choose."""
    targets = shape.targets
    loose = any(target.kind == "targetNode" for target in targets)
    if len(targets) == 1 and targets[0].kind == "targetClass":
        return Focus(lambda variable: _chosen(targets[0], variable, context), distinct=False, loose=False)
    nodes = [target for target in targets if target.kind == "targetNode"]
    rest = [target for target in targets if target.kind != "targetNode"]

    def bind(variable: Variable) -> tuple[Element, ...]:
        parts = [_chosen(target, variable, context) for target in rest]
        if nodes:
            parts.append((InlineData((variable,), tuple((to_tree(target.term),) for target in nodes)),))
        if len(parts) == 1:
            return parts[0] if nodes else (_distinct(variable, parts[0]),)
        return (_distinct(variable, (Union(tuple(map(Group, parts))),)),)

    return Focus(bind, distinct=True, loose=loose)


def values_of(focus: Focus, path: Path, context: Context) -> Focus:
    """The nodes that a path leads to from a set of focus nodes: the focus nodes of a property shape in another."""

    def bind(variable: Variable) -> tuple[Element, ...]:
        start = context.names.fresh()
        absent = (lambda: focus.bind(start)) if focus.loose else None
        return (_distinct(variable, (*focus.bind(start), steps(start, path, variable, absent=absent))),)

    return Focus(bind, distinct=True, loose=focus.loose)


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
