# SPDX-License-Identifier: Apache-2.0
"""A query to one with the same answers that Oxigraph runs in less time, and what was done to it.

Oxigraph 0.5 plans the body of an EXISTS with several patterns as if nothing outside were bound, and evaluates that
plan for every solution: the time grows with the square of the data. A body of one pattern is looked up, and MINUS,
OPTIONAL and joins are hashed, so each of these grows with the data. ``benchmarks/not_exists.py`` measures it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from icsgraph.algebra import nodes as n
from icsgraph.algebra.exists import Around, nested_form, patterns, set_form
from icsgraph.algebra.scope import Variables, bound_by_patterns, certain, in_scope
from icsgraph.algebra.visit import map_children, walk

_NONE: Variables = frozenset()
_Node = TypeVar("_Node", bound=n.Node)
_Query = TypeVar("_Query", bound=n.Query)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One EXISTS that was replaced; ``kind`` is minus, optional, join or nested."""

    kind: str
    before: n.Exists
    after: tuple[n.Element | n.Exists, ...]
    why: str


@dataclass(frozen=True, slots=True)
class NotRewritten:
    """One EXISTS that was left as it is, and why."""

    before: n.Exists
    reason: str


@dataclass(frozen=True, slots=True)
class Rewriting:
    """The query to run, and each decision, outermost first."""

    query: n.Query
    decisions: tuple[Rewrite | NotRewritten, ...]


def rewrite_exists(query: n.Query) -> Rewriting:
    """Replace each EXISTS and NOT EXISTS of several patterns that can be replaced without changing any answer."""
    rewriter = _Rewriter({node for node in walk(query) if isinstance(node, n.Variable)})
    return Rewriting(rewriter.query(query, _NONE), tuple(rewriter.decisions))


class _Rewriter:
    def __init__(self, used: set[n.Variable]) -> None:
        self._used = used
        self.decisions: list[Rewrite | NotRewritten] = []
        self._reasons: dict[n.Exists, str] = {}

    def query(self, query: _Query, outside: Variables) -> _Query:
        """``outside``: what an EXISTS further out puts in, at any depth."""
        where = self._group(query.where, outside)
        # Expressions after the pattern see its solutions, one at a time.
        visible = in_scope(query.where) | outside
        rest = map_children(replace(query, where=n.Group()), lambda child: self._expression(child, visible))
        result = replace(rest, where=where)
        return _with_columns(result, query) if in_scope(where) != in_scope(query.where) else result

    def _group(self, group: n.Group, outside: Variables, left: Variables = _NONE) -> n.Group:
        """``left``: what the pattern to the left of an OPTIONAL lets the filters of this group see."""
        around = Around(in_scope(group), certain(group), bound_by_patterns(group), outside, left)
        elements: list[n.Element] = []
        at_the_end: list[n.Element] = []
        for element in group.elements:
            if not isinstance(element, n.Filter):
                elements.append(self._element(element, around))
                continue
            for condition in _conjuncts(element.condition):
                form = self._form(condition, around)
                if form is not None:
                    at_the_end += [self._element(each, around) for each in form]
                else:
                    elements.append(n.Filter(self._expression(condition, around.visible)))
        return n.Group((*elements, *at_the_end))

    def _form(self, condition: n.Expression, around: Around) -> tuple[n.Element, ...] | None:
        """What goes to the end of the group in place of a filter; None where it stays a filter."""
        if not isinstance(condition, n.Exists) or patterns(condition.group) < 2:
            return None
        form = set_form(condition, around, self._used)
        if isinstance(form, str):
            self._reasons[condition] = form
            return None
        self.decisions.append(Rewrite(form.kind, condition, form.elements, form.why))
        return form.elements

    def _element(self, element: n.Element, around: Around) -> n.Element:
        outside = around.outside
        match element:
            case n.Group():
                return self._group(element, outside)
            case n.Optional():
                return n.Optional(self._group(element.group, outside, around.scope))
            case n.Minus():
                return n.Minus(self._group(element.group, outside))
            case n.Union():
                return n.Union(tuple(self._group(branch, outside) for branch in element.branches))
            case n.GraphPattern():
                name = frozenset({element.name}) if isinstance(element.name, n.Variable) else _NONE
                return replace(element, group=self._group(element.group, outside | name))
            case n.SubSelect():
                return n.SubSelect(self.query(element.query, outside))
            case n.Bind() | n.Filter():
                return map_children(element, lambda child: self._expression(child, around.visible))
            case _:
                return element  # SERVICE too: what is fast elsewhere is not known here

    def _expression(self, node: _Node, visible: Variables) -> _Node:
        if not isinstance(node, n.Exists):
            return map_children(node, lambda child: self._expression(child, visible))
        return self._exists(node, visible)  # type: ignore[return-value]

    def _exists(self, exists: n.Exists, visible: Variables) -> n.Exists:
        """An EXISTS that stays one, in smaller steps where that can be."""
        if patterns(exists.group) < 2:
            return replace(exists, group=self._group(exists.group, visible))
        stays = self._reasons.pop(exists, "it is not a filter of its own, so no MINUS, OPTIONAL or join can replace it")
        nested = nested_form(exists, visible, self._used)
        if isinstance(nested, str):
            self.decisions.append(NotRewritten(exists, f"{stays}; {nested}"))
            return replace(exists, group=self._group(exists.group, visible))
        self.decisions.append(Rewrite("nested", exists, (nested,), stays))
        return replace(nested, group=self._group(nested.group, visible))


def _conjuncts(condition: n.Expression) -> Iterator[n.Expression]:
    """The operands of && one by one: a filter on each keeps what a filter on all of them keeps."""
    if isinstance(condition, n.And):
        for operand in condition.operands:
            yield from _conjuncts(operand)
    else:
        yield condition


def _with_columns(query: _Query, original: _Query) -> _Query:
    """The query with the columns that * stood for before variables were added."""
    scope = in_scope(original)
    names = tuple(dict.fromkeys(each for each in walk(original) if isinstance(each, n.Variable) and each in scope))
    if isinstance(query, n.Select) and not query.projection:
        return replace(query, projection=names)
    if isinstance(query, n.Describe) and not query.subjects:
        return replace(query, subjects=names)
    return query
