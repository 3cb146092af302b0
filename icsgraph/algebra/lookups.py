# SPDX-License-Identifier: Apache-2.0
"""A query to one with the same answers that looks things up step by step, for few solutions over much data.

Oxigraph 0.5 evaluates several triples in one OPTIONAL, and MINUS, whole, and meets them with the solutions by hashing:
the time is that of everything the data holds of these properties, though only a handful is asked about. One triple is
looked up. So ``OPTIONAL { t1 . t2 }`` becomes ``OPTIONAL { t1 OPTIONAL { t2 } FILTER(BOUND(?v2)) }``, and the body of
an EXISTS is nested likewise (``icsgraph.algebra.exists.nested_form``). Where much is asked about, hashing and looking
up take about the same time.

Why the answers are the same: a triple that brings a new variable binds it where, and only where, it matches in each
step before it; so the last such variable is bound in those solutions alone that match every step, each as often. A
triple that brings none is a test, which passes once or not at all.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from icsgraph.algebra import nodes as n
from icsgraph.algebra.exists import nested_form, patterns
from icsgraph.algebra.scope import Variables, bound_by_patterns, in_scope, mentioned
from icsgraph.algebra.visit import map_children, walk

_NONE: Variables = frozenset()
_Node = TypeVar("_Node", bound=n.Node)
_Query = TypeVar("_Query", bound=n.Query)


def as_lookups(query: _Query) -> _Query:
    """Replace each OPTIONAL and EXISTS of several triples by steps, where that is the same."""
    return _Steps({node for node in walk(query) if isinstance(node, n.Variable)}).query(query, _NONE)


class _Steps:
    def __init__(self, used: set[n.Variable]) -> None:
        self._used = used

    def query(self, query: _Query, outside: Variables) -> _Query:
        where = self._group(query.where, outside)
        visible = in_scope(query.where) | outside
        rest = map_children(replace(query, where=n.Group()), lambda child: self._expression(child, visible))
        return replace(rest, where=where)

    def _group(self, group: n.Group, outside: Variables) -> n.Group:
        """``outside``: what filters of the group may see of what is around it."""
        scope = in_scope(group)
        elements: list[n.Element] = []
        for element in group.elements:
            match element:
                case n.Group():
                    new: n.Element = self._group(element, outside)
                case n.Optional():
                    inner = self._group(element.group, outside | scope)
                    before = n.Group(tuple(elements))
                    new = n.Optional(_stepwise(inner, bound_by_patterns(before), in_scope(before) | outside) or inner)
                case n.Minus():
                    new = n.Minus(self._group(element.group, outside))
                case n.Union():
                    new = n.Union(tuple(self._group(branch, outside) for branch in element.branches))
                case n.GraphPattern():
                    new = replace(element, group=self._group(element.group, outside | mentioned(element.name)))
                case n.SubSelect():
                    new = n.SubSelect(self.query(element.query, outside))
                case n.Filter() | n.Bind():
                    new = map_children(element, lambda child: self._expression(child, scope | outside))
                case _:
                    new = element
            elements.append(new)
        return n.Group(tuple(elements))

    def _expression(self, node: _Node, visible: Variables) -> _Node:
        if not isinstance(node, n.Exists):
            return map_children(node, lambda child: self._expression(child, visible))
        nested = nested_form(node, visible, self._used) if patterns(node.group) > 1 else node
        exists = node if isinstance(nested, str) else nested
        return replace(exists, group=self._group(exists.group, visible))  # type: ignore[return-value]


def _stepwise(group: n.Group, known: Variables, visible: Variables) -> n.Group | None:
    """The group of an OPTIONAL in steps; None where that is not shown to be the same, or would know nothing at first.

    ``known``: what every solution on the left binds; ``visible``: all that the filters might see bound from outside.
    """
    triples = [each for each in group.elements if isinstance(each, n.Triple)]
    filters = [each for each in group.elements if isinstance(each, n.Filter)]
    if len(triples) < 2 or len(triples) + len(filters) < len(group.elements):
        return None
    if any(isinstance(each, n.BlankNode) for triple in triples for each in walk(triple)):
        return None
    steps, tests = _steps_and_tests(triples, known)
    bound = frozenset[n.Variable]().union(*(mentioned(each) for each in steps))
    if not steps or any(not mentioned(test) <= bound or not _is_plain(test) for test in tests):
        return None
    conditions: list[n.Expression] = [n.Exists(n.Group((test,))) for test in tests]
    inner = n.Group((steps[-1],))
    if len(steps) == 1:
        return n.Group((*inner.elements, *map(n.Filter, conditions), *filters))
    new = mentioned(steps[-1]) - known.union(*(mentioned(each) for each in steps[:-1])) - visible
    if not new:
        return None
    for step in reversed(steps[:-1]):
        inner = n.Group((step, n.Optional(inner)))
    whole = n.BuiltIn("BOUND", (min(new, key=lambda variable: variable.name),))
    tested = (n.Filter(n.BuiltIn("IF", (whole, each, n.FALSE))) for each in conditions)
    return n.Group((*inner.elements, n.Filter(whole), *tested, *filters))


def _steps_and_tests(triples: list[n.Triple], known: Variables) -> tuple[list[n.Triple], list[n.Triple]]:
    """Triples that bring a variable, in an order in which each knows one already; and those that bring none.

    No steps where there is no such order.
    """
    steps, left = list[n.Triple](), list(triples)
    while left := [each for each in left if not mentioned(each) <= known]:
        best = max(left, key=lambda triple: (len(mentioned(triple) & known), -len(mentioned(triple) - known)))
        if not mentioned(best) & known:
            return [], []
        left.remove(best)
        steps.append(best)
        known |= mentioned(best)
    return steps, [each for each in triples if each not in steps]


def _is_plain(triple: n.Triple) -> bool:
    """Whether the triple matches a solution once at most, which a path need not."""
    return isinstance(triple.predicate, n.IRI | n.Variable)
