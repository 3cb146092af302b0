# SPDX-License-Identifier: Apache-2.0
"""A query to its parts, to the query without some of them, and to how many rows that has, within a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import pyoxigraph as ox

from icsgraph.algebra import fresh, map_children, mentioned, nodes, to_text, transform, walk
from icsgraph.algebra.visit import children
from icsgraph.model.errors import IcsgraphError
from icsgraph.queries.selecting import Select, Term

MOST: Final = 1000  # rows counted; beyond it there are "1000 or more"
OFFSET: Final = "OFFSET"
LIMIT: Final = "LIMIT"
Part: TypeAlias = nodes.Node | str


@dataclass
class Prober:
    """Counts rows of queries until the time is up; then every count is None."""

    select: Select
    deadline: float

    @classmethod
    def within(cls, select: Select, seconds: float) -> Prober:
        """Give one that stops so many seconds from now."""
        return cls(select, time.monotonic() + seconds)

    @property
    def left(self) -> float:
        """Seconds left, 0 at least."""
        return max(self.deadline - time.monotonic(), 0.0)

    def count(self, query: nodes.Query) -> int | None:
        """Count the rows of a query, :data:`MOST` + 1 at most; None when they cannot be counted in the time left."""
        return self.run(_counting(query))

    def run(self, text: str) -> int | None:
        """Give the number that a query answers with in its first row and column."""
        rows = self.rows(text)
        return int(rows[0][0].value) if rows and isinstance(rows[0][0], ox.Literal) else None

    def rows(self, text: str) -> Sequence[Sequence[Term | None]]:
        """Give the rows of a query; none where it cannot be run, or not in the time left."""
        found: list[Sequence[Sequence[Term | None]]] = []

        def work() -> None:
            try:
                found.append(self.select(text))
            except (ValueError, SyntaxError, OSError, RuntimeError, IcsgraphError):
                return  # what cannot be run is not counted

        # A store has no time limit of its own: the thread is left to itself, and ends with the program.
        thread = threading.Thread(target=work, daemon=True)
        if self.left:
            thread.start()
            thread.join(self.left)
        return found[0] if found else ()


def _counting(query: nodes.Query) -> str:
    bare = replace(query, dataset=())
    if isinstance(query, nodes.Select) and (query.group_by or query.having or _aggregates(query)):
        inner = replace(bare, order_by=())
        assert isinstance(inner, nodes.Select)
    else:
        one = nodes.Assignment(nodes.Literal("1", nodes.IRI(nodes.XSD + "integer")), fresh("one", mentioned(query)))
        inner = nodes.Select(where=query.where, values=query.values, projection=(one,))
        inner = replace(inner, limit=query.limit, offset=query.offset)
    inner = replace(inner, limit=min(MOST + 1, inner.limit if inner.limit is not None else MOST + 1))
    number = nodes.Assignment(nodes.Aggregate("COUNT"), fresh("n", mentioned(inner)))
    outer = nodes.Select(where=nodes.Group((nodes.SubSelect(inner),)), projection=(number,), dataset=query.dataset)
    return to_text(outer)


def _aggregates(query: nodes.Select) -> bool:
    columns = (column for column in query.projection if isinstance(column, nodes.Assignment))
    return any(isinstance(node, nodes.Aggregate) for column in columns for node in walk(column))


def apart(query: nodes.Query) -> nodes.Query:
    """Give the query with each ``FILTER (a && b)`` as two filters, so that each can be left out alone."""

    def split(node: nodes.Node) -> nodes.Node:
        if not isinstance(node, nodes.Group):
            return node
        elements: list[nodes.Element] = []
        for element in node.elements:
            if isinstance(element, nodes.Filter) and isinstance(element.condition, nodes.And):
                elements += [nodes.Filter(operand) for operand in element.condition.operands]
            else:
                elements.append(element)
        return nodes.Group(tuple(elements))

    return transform(query, split)


def parts(query: nodes.Query) -> list[Part]:
    """Give what can lose rows, innermost elements alone, in the order written.

    An OPTIONAL loses none. Groups, GRAPH and subselects are gone into; UNION, MINUS and SERVICE are parts as a whole.
    """
    found: list[Part] = [*_in_group(query.where), *query.having]
    if query.values is not None:
        found.append(query.values)
    found += [OFFSET] if query.offset else []
    found += [LIMIT] if query.limit == 0 else []
    return found


def _in_group(group: nodes.Group) -> Iterator[Part]:
    for element in group.elements:
        match element:
            case nodes.Group():
                yield from _in_group(element)
            case nodes.GraphPattern():
                yield from _in_group(element.group)
            case nodes.SubSelect():
                yield from parts(element.query)
            case nodes.Optional() | nodes.Bind():
                pass
            case _:
                yield element


def without(query: nodes.Query, dropped: Collection[Part]) -> nodes.Query:
    """Give the query without these very parts; a part that is equal to one of them, but another, stays."""
    ids = {id(part) for part in dropped if not isinstance(part, str)}

    def cut(node: nodes.Node) -> nodes.Node:
        if isinstance(node, nodes.Group):
            kept = tuple(element for element in node.elements if id(element) not in ids)
            return map_children(nodes.Group(kept), cut)
        if isinstance(node, nodes.Query):
            having = tuple(each for each in node.having if id(each) not in ids)
            values = None if id(node.values) in ids else node.values
            node = replace(node, having=having, values=values)
        return map_children(node, cut)

    cutting = cut(query)
    assert isinstance(cutting, nodes.Query)
    if OFFSET in dropped:
        cutting = replace(cutting, offset=None)
    return replace(cutting, limit=None) if LIMIT in dropped else cutting


def leaves_all_bound(query: nodes.Query, cutting: nodes.Query) -> bool:
    """Say whether all variables that conditions of ``cutting`` read, and ``query`` binds, are bound there still.

    A filter on a variable that nothing binds is never true: its rows would seem lost by it alone.
    """
    bound = frozenset(_bound_in(cutting))
    return all(variable in bound for variable in _read_in(cutting) if variable in frozenset(_bound_in(query)))


def _bound_in(node: nodes.Node) -> Iterator[nodes.Variable]:
    match node:
        case nodes.Exists() | nodes.Minus() | nodes.Filter():
            return
        case nodes.Triple() | nodes.GraphPattern(name=nodes.Variable()):
            yield from mentioned(node)
        case nodes.InlineData():
            yield from node.variables
        case nodes.Bind() | nodes.Assignment():
            yield node.variable
        case _:
            for child in children(node):
                yield from _bound_in(child)


def _read_in(query: nodes.Query) -> Iterator[nodes.Variable]:
    for node in walk(query):
        match node:
            case nodes.Filter():
                yield from mentioned(node.condition)
            case nodes.Bind():
                yield from mentioned(node.expression)
            case nodes.Query():
                for condition in node.having:
                    yield from mentioned(condition)
            case _:
                pass


def within(query: nodes.Query, part: Part, other: Part) -> nodes.Query:
    """Give the query with another part in the place of this very one."""
    if isinstance(part, str) or isinstance(other, str):
        return query

    def put(node: nodes.Node) -> nodes.Node:
        return other if node is part else map_children(node, put)

    changed = put(query)
    assert isinstance(changed, nodes.Query)
    return changed
