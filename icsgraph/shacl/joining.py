# SPDX-License-Identifier: Apache-2.0
"""A query that is meant for one focus node at a time, turned into one for all of them.

SHACL binds ``$this`` before the query is run, everywhere in it. Joining the body with the target gives the same rows
where every place that reads ``$this`` sees it bound. SPARQL is evaluated from the inside out, so a group, a branch of
UNION or a subselect that reads ``$this`` without binding it by a triple gets the target pattern of its own. What cannot
be arranged so (a row limit, one total without GROUP BY, a graph that does not hold the target) is left to be run node
by node.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from icsgraph.algebra.nodes import (
    Aggregate,
    Assignment,
    Bind,
    Element,
    Filter,
    GraphPattern,
    Group,
    Node,
    Optional,
    Path,
    Select,
    SubSelect,
    Triple,
    Union,
    Variable,
)
from icsgraph.algebra.scope import certain, free_variables, in_scope, mentioned
from icsgraph.algebra.visit import walk
from icsgraph.shacl.context import Context
from icsgraph.shacl.paths import may_be_empty
from icsgraph.shacl.targets import Focus

THIS = Variable("this")


class NotJoinable(Exception):
    """The query cannot be joined with its target; the message says why."""


def join_target(select: Select, focus: Focus, context: Context) -> Select:
    """The query for all focus nodes at once.

    Raises:
        NotJoinable: the result would not be the same.
    """
    context.names.avoid(mentioned(select))
    grounder = _Grounder(focus, context, _aggregates(select))
    if focus.loose and any(_starts_empty(node) for node in walk(select)):
        raise NotJoinable("a path that may be empty starts at a node that the data may not name")
    return grounder.select(select, outermost=True)


@dataclass
class _Grounder:
    focus: Focus
    context: Context
    counted: bool

    def target(self) -> tuple[Element, ...]:
        return self.focus.once(THIS) if self.counted else self.focus.bind(THIS)

    def select(self, select: Select, *, outermost: bool) -> Select:
        if select.limit is not None or select.offset is not None:
            raise NotJoinable("LIMIT or OFFSET counts the rows of one node")
        groups = bool(select.group_by) or _aggregates(select, inner=False)
        if groups and not select.group_by:
            raise NotJoinable("an aggregate without GROUP BY has a row even where nothing matches")
        where, bound = self.group(select.where, bound=outermost)
        if outermost or (groups and not bound):
            where = Group((*self.target(), *where.elements))
        if groups and THIS not in select.group_by:
            select = replace(select, group_by=(*select.group_by, THIS))
        if not outermost:
            return replace(select, where=where)
        columns: tuple[Variable | Assignment, ...] = select.projection
        columns = columns or tuple(Variable(name) for name in sorted(each.name for each in in_scope(select)))
        return replace(select, where=where, projection=columns, modifier="DISTINCT", order_by=())

    def group(self, group: Group, *, bound: bool, filters_see_outside: bool = False) -> tuple[Group, bool]:
        """The group with the target where it is needed, and whether it surely binds ``$this``."""
        if THIS not in mentioned(group):
            return group, bound
        elements: list[Element] = []
        lacking = False
        for element in group.elements:
            reads = THIS in mentioned(element)
            match element:
                case Triple():
                    bound = bound or reads
                case Bind():
                    lacking = lacking or (THIS in free_variables(element) and not bound)
                case Optional():
                    inner, _ = self.group(element.group, bound=False, filters_see_outside=True)
                    lacking = lacking or (reads and not bound)
                    element = Optional(inner)
                case Group():
                    element, inside = self.group(element, bound=False)
                    bound = bound or (reads and inside)
                case Union():
                    branches = [self.group(branch, bound=False) for branch in element.branches]
                    element = Union(tuple(branch for branch, _ in branches))
                    bound = bound or (reads and all(inside for _, inside in branches))
                case SubSelect():
                    query = self.select(element.query, outermost=False)
                    bound = bound or THIS in certain(query)
                    element = SubSelect(query)
                case GraphPattern() if reads:
                    inner, inside = self.group(element.group, bound=False)
                    if inner != element.group:
                        raise NotJoinable("a named graph is asked about the node without a triple of it there")
                    bound = bound or inside
                case _:
                    pass
            elements.append(element)
        filters = [e for e in group.elements if isinstance(e, Filter) and THIS in free_variables(e)]
        if lacking or (filters and not bound and not filters_see_outside):
            return Group((*self.target(), *elements)), True
        return Group(tuple(elements)), bound


def _aggregates(select: Select, *, inner: bool = True) -> bool:
    """Whether the query aggregates; ``inner``: or a query in it does."""
    if inner:
        return any(isinstance(node, Aggregate) for node in walk(select))
    parts: tuple[Node, ...] = (*select.projection, *select.having, *select.order_by)
    return any(isinstance(node, Aggregate) for part in parts for node in walk(part))


def _starts_empty(node: Node) -> bool:
    if not isinstance(node, Triple) or isinstance(node.predicate, Variable):
        return False
    path: Path = node.predicate
    return THIS in (node.subject, node.object) and may_be_empty(path)
