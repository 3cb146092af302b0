# SPDX-License-Identifier: Apache-2.0
"""SHACL-SPARQL: the queries that a shapes graph brings along, as queries for a whole target.

Source: https://www.w3.org/TR/shacl/#sparql-constraints and #sparql-constraint-components
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import pyoxigraph as ox

from icsgraph.algebra import to_text
from icsgraph.algebra.lookups import as_lookups
from icsgraph.algebra.nodes import (
    FALSE,
    IRI,
    Aggregate,
    Ask,
    Element,
    Exists,
    Expression,
    Filter,
    Group,
    Literal,
    Query,
    Select,
    Term,
    Variable,
)
from icsgraph.algebra.rename import rename
from icsgraph.algebra.rewrite import rewrite_exists
from icsgraph.algebra.scope import mentioned
from icsgraph.algebra.visit import walk
from icsgraph.shacl.compiled import Check
from icsgraph.shacl.context import THIS as THIS_SLOT
from icsgraph.shacl.context import Context
from icsgraph.shacl.expressions import call, conjunction, negation, steps
from icsgraph.shacl.joining import NotJoinable, join_target
from icsgraph.shacl.model import CustomConstraint, Shape, SparqlConstraint
from icsgraph.shacl.probes import probe_of
from icsgraph.shacl.reading import check_for
from icsgraph.shacl.rules import CURRENT_SHAPE, SHAPES_GRAPH, THIS, VALUE, put_in, read_user_query
from icsgraph.shacl.targets import Focus
from icsgraph.shacl.terms import Refused, to_tree

UserConstraint: TypeAlias = SparqlConstraint | CustomConstraint


@dataclass(frozen=True, slots=True)
class UserText:
    """The texts of a query of the shapes graph, as ``CompiledQuery`` has them, and what a row means."""

    text: str
    checks: tuple[Check, ...]
    template: str | None = None
    probe: str | None = None


def compile_select(constraint: UserConstraint, shape: Shape, focus: Focus, context: Context) -> UserText:
    """The query for a whole target, or its template if it is to be run node by node."""
    tree = _tree(constraint, shape, context)
    if isinstance(tree, Ask):
        text, check = _ask(constraint, tree, shape, focus, context)
        return UserText(text, (check,))
    assert isinstance(tree, Select)
    check = check_for(shape, constraint, value="value", path_from_row=True)
    try:
        joined = rewrite_exists(as_lookups(join_target(tree, focus, context))).query
    except NotJoinable:
        template = put_in(tree, {THIS: IRI(THIS_SLOT)}, None)
        return UserText(to_text(tree), (check,), to_text(template))
    assert isinstance(joined, Select)
    probe = probe_of(joined)
    return UserText(to_text(joined), (check,), probe=None if probe is None else to_text(probe))


def meets(constraint: UserConstraint, shape: Shape, value: Term, start: Term, context: Context) -> Expression:
    """Whether a node meets the constraint, as a condition in the query for another shape."""
    tree = _tree(constraint, shape, context)
    if not isinstance(value, Variable) or not isinstance(start, Variable):
        raise Refused("a query of the shapes graph is asked of a fixed node")
    if isinstance(tree, Ask):
        return _holds(tree, value, start, context)
    assert isinstance(tree, Select)
    if tree.group_by or tree.having or tree.limit is not None or tree.offset is not None or _computes(tree):
        raise Refused("a query that groups, counts or limits stands in a shape that another shape refers to")
    return negation(Exists(_apart(tree.where, {THIS: start}, context)))


def _ask(constraint: UserConstraint, tree: Ask, shape: Shape, focus: Focus, context: Context) -> tuple[str, Check]:
    """An ASK validator: the values for which it says no."""
    value = THIS if shape.path is None else VALUE
    wrong = Filter(negation(_holds(tree, value, THIS, context)))
    way: tuple[Element, ...] = ()
    if shape.path is not None:
        absent = (lambda: focus.bind(THIS)) if focus.loose else None
        way = (steps(THIS, shape.path, VALUE, absent=absent),)
    columns = (THIS,) if shape.path is None else (THIS, VALUE)
    select = Select(projection=columns, modifier="DISTINCT", where=Group((*focus.bind(THIS), *way, wrong)))
    check = check_for(shape, constraint, value="this" if shape.path is None else "value")
    return to_text(rewrite_exists(select).query), check


def _holds(tree: Ask, value: Variable, start: Variable, context: Context) -> Expression:
    """What ASK answers; its filters alone where it has nothing else, which any engine reads alike."""
    where = _apart(tree.where, {VALUE: value, THIS: start}, context)
    if all(isinstance(element, Filter) for element in where.elements):
        conditions = (element.condition for element in where.elements if isinstance(element, Filter))
        return conjunction(call("COALESCE", condition, FALSE) for condition in conditions)
    return Exists(where)


def _apart(where: Group, names: dict[Variable, Variable], context: Context) -> Group:
    """The body with its own variables renamed, so that none meets another in the query around it."""
    context.names.avoid(mentioned(where))
    own = sorted(mentioned(where) - set(names), key=lambda variable: variable.name)
    return rename(where, {**{variable: context.names.fresh() for variable in own}, **names})


def _tree(constraint: UserConstraint, shape: Shape, context: Context) -> Query:
    """The query with everything put in that is the same for the whole constraint."""
    parameters = dict(constraint.parameters) if isinstance(constraint, CustomConstraint) else {}
    named = {Variable(name) for name in parameters}
    prebound = frozenset({THIS, *named, *([VALUE] if constraint.query.form == "ask" else [])})
    tree = read_user_query(constraint.query, prebound)
    values: dict[Variable, IRI | Literal] = {
        Variable(name): to_tree(term) for name, term in parameters.items() if term is not None
    }
    used = mentioned(tree)
    if SHAPES_GRAPH in used:
        if context.shapes.graph is None:
            raise Refused("it uses $shapesGraph, and the store is not said to hold the shapes graph")
        values[SHAPES_GRAPH] = IRI(context.shapes.graph)
    if CURRENT_SHAPE in used:
        if not isinstance(shape.node, ox.NamedNode):
            raise Refused("it uses $currentShape, which is a blank node here")
        values[CURRENT_SHAPE] = IRI(shape.node.value)
    return put_in(tree, values, shape.path)


def _computes(tree: Select) -> bool:
    return any(isinstance(node, Aggregate) for column in tree.projection for node in walk(column))
