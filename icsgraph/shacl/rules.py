# SPDX-License-Identifier: Apache-2.0
"""The rules that SHACL-SPARQL sets for a query, so that a variable can be bound beforehand.

Source: https://www.w3.org/TR/shacl/#pre-binding and https://www.w3.org/TR/shacl/#sparql-constraints-variables
"""

from __future__ import annotations

from icsgraph.algebra import parse_query
from icsgraph.algebra.nodes import (
    IRI,
    TRUE,
    Ask,
    Assignment,
    Bind,
    BuiltIn,
    InlineData,
    Literal,
    Minus,
    Node,
    Path,
    Query,
    Select,
    Service,
    SubSelect,
    Triple,
    Variable,
)
from icsgraph.algebra.scope import in_scope, mentioned
from icsgraph.algebra.visit import map_children, walk
from icsgraph.model.errors import QueryError, ShapesError
from icsgraph.shacl.model import UserQuery
from icsgraph.shacl.terms import Refused

THIS, VALUE, PATH = Variable("this"), Variable("value"), Variable("PATH")
_FORBIDDEN = {Minus: "MINUS", Service: "SERVICE", InlineData: "VALUES"}


def read_user_query(query: UserQuery, prebound: frozenset[Variable]) -> Select | Ask:
    """The tree of a query of the shapes graph, once it is known to keep the rules.

    Raises:
        ShapesError: E302, it is no query, or breaks a rule; names the node that holds it.
    """
    try:
        tree = parse_query(query.text, query.prefixes)
    except QueryError as error:
        raise ShapesError(
            "E302", str(query.node), f"sh:{query.form} at {error.where}: {error.what}", error.mend
        ) from error
    broken = _broken_rule(tree, query.form, prebound)
    if broken:
        mend = "Write the query without it; SHACL forbids it where a variable is bound beforehand."
        raise ShapesError("E302", str(query.node), f"sh:{query.form} {broken}", mend)
    assert isinstance(tree, Select | Ask)
    return tree


def _broken_rule(tree: Query, form: str, prebound: frozenset[Variable]) -> str | None:
    if not isinstance(tree, Select if form == "select" else Ask):
        return f"holds a query of another form than {form.upper()}"
    if isinstance(tree, Select) and THIS not in in_scope(tree):
        return "does not select $this"
    for node in walk(tree):
        if type(node) in _FORBIDDEN:
            return f"uses {_FORBIDDEN[type(node)]}"  # type: ignore[index]
        if isinstance(node, Bind | Assignment) and node.variable in prebound:
            return f"binds ${node.variable.name} anew"
        if isinstance(node, SubSelect) and (lacking := prebound - in_scope(node.query)):
            return f"has a subquery that does not select ${min(variable.name for variable in lacking)}"
    return None


def put_in(tree: Query, values: dict[Variable, IRI | Literal], path: Path | None) -> Query:
    """The tree with constants in place of variables that have one value for the whole constraint, and with its path."""

    def put(node: Node) -> Node:
        match node:
            case Variable() if node in values:
                return values[node]
            case BuiltIn(name="BOUND", arguments=(Variable() as variable,)) if variable in values:
                return TRUE
            case Triple(predicate=Variable(name="PATH")) if path is not None:
                return Triple(put(node.subject), path, put(node.object))  # type: ignore[arg-type]
            case Select():
                return _put_in_select(node)
            case _:
                return map_children(node, put)

    def _put_in_select(select: Select) -> Select:
        inside = Select(
            projection=tuple(
                Assignment(values[column], column) if column in values else _column(column)  # type: ignore[index]
                for column in select.projection
            ),
            modifier=select.modifier,
            where=map_children(select.where, put),
            group_by=tuple(key if key in values else put(key) for key in select.group_by),  # type: ignore[misc]
            having=tuple(put(each) for each in select.having),  # type: ignore[misc]
            order_by=tuple(put(each) for each in select.order_by),  # type: ignore[misc]
            limit=select.limit,
            offset=select.offset,
        )
        if any(key in values for key in select.group_by):
            raise Refused("it groups by a variable that is bound beforehand to a constant")
        return inside

    def _column(column: Variable | Assignment) -> Variable | Assignment:
        return column if isinstance(column, Variable) else Assignment(put(column.expression), column.variable)  # type: ignore[arg-type]

    done = put(tree)
    assert isinstance(done, Query)
    if PATH in mentioned(done):
        raise Refused("it uses $PATH elsewhere than as the property of a triple, or on a node shape")
    return done
