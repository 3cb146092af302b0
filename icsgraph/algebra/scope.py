# SPDX-License-Identifier: Apache-2.0
"""A tree to the variables that matter: those in scope, those that every solution binds, those that are read.

Source: https://www.w3.org/TR/sparql11-query/#variableScope
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import TypeAlias

from icsgraph.algebra import nodes as n
from icsgraph.algebra.visit import children, walk

Variables: TypeAlias = frozenset[n.Variable]
_NONE: Variables = frozenset()
# Built-in functions that give a value for whatever value they are given.
_TOTAL = frozenset({"isIRI", "isURI", "isBLANK", "isLITERAL", "isNUMERIC", "sameTerm"})


def mentioned(node: n.Node) -> Variables:
    """Every variable that is written anywhere in the tree, whatever its scope."""
    return frozenset(each for each in walk(node) if isinstance(each, n.Variable))


def fresh(stem: str, used: Iterable[n.Variable]) -> n.Variable:
    """A variable whose name is none of those used: the stem itself, or the stem and a number."""
    names = {variable.name for variable in used}
    if stem not in names:
        return n.Variable(stem)
    return n.Variable(next(name for number in count(2) if (name := f"{stem}{number}") not in names))


def in_scope(node: n.Element | n.Query) -> Variables:
    """The variables that a solution of the pattern, or a row of the query, can bind."""
    match node:
        case n.Triple():
            return mentioned(node)
        case n.Group():
            return _union(in_scope(element) for element in node.elements)
        case n.Optional():
            return in_scope(node.group)
        case n.Union():
            return _union(in_scope(branch) for branch in node.branches)
        case n.GraphPattern() | n.Service():
            return mentioned(node.name) | in_scope(node.group)
        case n.Bind():
            return frozenset({node.variable})
        case n.InlineData():
            return frozenset(node.variables)
        case n.SubSelect():
            return in_scope(node.query)
        case n.Select() if node.projection:
            return frozenset(projected(column) for column in node.projection)
        case n.Query():
            return in_scope(node.where) | (in_scope(node.values) if node.values is not None else _NONE)
        case n.Minus() | n.Filter():
            return _NONE


def projected(column: n.Variable | n.Assignment) -> n.Variable:
    """The variable that a column of SELECT binds."""
    return column.variable if isinstance(column, n.Assignment) else column


def certain(node: n.Element | n.Query) -> Variables:
    """Variables in scope that *every* solution binds; a variable left out may be bound or not."""
    match node:
        case n.Triple():
            return mentioned(node)
        case n.Group():
            return _certain_in_group(node)
        case n.Union():
            first, *others = (certain(branch) for branch in node.branches)
            return first.intersection(*others)
        case n.GraphPattern():
            return mentioned(node.name) | certain(node.group)
        case n.Service():
            # A silent service that fails gives one solution that binds nothing.
            return _NONE if node.silent else mentioned(node.name) | certain(node.group)
        case n.InlineData():
            return frozenset(
                variable for at, variable in enumerate(node.variables) if all(row[at] is not None for row in node.rows)
            )
        case n.SubSelect():
            return certain(node.query)
        case n.Query():
            return _certain_in_query(node)
        case n.Optional() | n.Minus() | n.Filter() | n.Bind():
            return _NONE


def bound_by_patterns(group: n.Group) -> Variables:
    """What the patterns of a group certainly bind before its filters are looked at.

    A filter that is true of a bound variable alone makes it certain, but binds nothing: what sees a value from outside
    in place of the variable, or stands before the filter is applied, cannot rely on it.
    """
    return certain(n.Group(tuple(each for each in group.elements if not isinstance(each, n.Filter))))


def _certain_in_group(group: n.Group) -> Variables:
    bound = _NONE
    for element in group.elements:
        bound |= certain(element)
        if isinstance(element, n.Bind) and never_errs(element.expression, bound):
            bound |= {element.variable}
    filters = _union(_bound_if_true(each.condition) for each in group.elements if isinstance(each, n.Filter))
    return bound | (filters & in_scope(group))


def _certain_in_query(query: n.Query) -> Variables:
    bound = certain(query.where) | (certain(query.values) if query.values is not None else _NONE)
    if not isinstance(query, n.Select) or not query.projection:
        return bound
    return frozenset(
        projected(column)
        for column in query.projection
        if (never_errs(column.expression, bound) if isinstance(column, n.Assignment) else column in bound)
    )


def never_errs(expression: n.Expression, bound: Variables) -> bool:
    """Whether the expression has a value in every solution that binds these variables; False where that is not sure."""
    match expression:
        case n.IRI() | n.Literal() | n.Exists():
            return True
        case n.Variable():
            return expression in bound
        case n.Aggregate():
            return expression.name == "COUNT"
        case n.BuiltIn(name="BOUND"):
            return True
        case n.BuiltIn(name="COALESCE"):
            return any(never_errs(argument, bound) for argument in expression.arguments)
        case n.BuiltIn() if expression.name in _TOTAL:
            return all(never_errs(argument, bound) for argument in expression.arguments)
        case _:
            return False


def _bound_if_true(condition: n.Expression) -> Variables:
    """Variables without which the condition cannot be true."""
    match condition:
        case n.And():
            return _union(_bound_if_true(operand) for operand in condition.operands)
        case n.Or():
            first, *others = (_bound_if_true(operand) for operand in condition.operands)
            return first.intersection(*others)
        case n.BuiltIn(name="BOUND"):
            return mentioned(condition)
        case _:
            return _errs_without(condition)


def _errs_without(expression: n.Expression) -> Variables:
    """Variables without which the expression is an error."""
    match expression:
        case n.Variable():
            return frozenset({expression})
        case n.Comparison() | n.Arithmetic():
            return _errs_without(expression.left) | _errs_without(expression.right)
        case n.Unary() | n.In():
            return _errs_without(expression.operand)
        case n.BuiltIn() if expression.name not in ("BOUND", "COALESCE", "IF"):
            return _union(_errs_without(argument) for argument in expression.arguments)
        case _:
            return _NONE


def free_variables(node: n.Node) -> Variables:
    """The variables that a solution from outside can give a value to; those private to a subselect are left out.

    For an expression: what it reads. For a group in EXISTS: what a solution of the group around is put in for.
    """
    if isinstance(node, n.Variable):
        return frozenset({node})
    if isinstance(node, n.SubSelect):
        return in_scope(node.query)
    return _union(free_variables(child) for child in children(node))


def _union(sets: Iterable[Variables]) -> Variables:
    return frozenset[n.Variable]().union(*sets)
