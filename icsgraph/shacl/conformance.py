# SPDX-License-Identifier: Apache-2.0
"""Whether one node conforms to a shape, as a condition: what sh:node, sh:not, sh:and, sh:or, sh:xone and the qualified
shapes need to know about a value.

Every EXISTS here holds one pattern (see :func:`~icsgraph.shacl.expressions.reaches`), so that the cost is that of the
lookups from the node.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from icsgraph.algebra.nodes import (
    IRI,
    TRUE,
    Aggregate,
    Arithmetic,
    Comparison,
    Element,
    Expression,
    Filter,
    Group,
    In,
    Literal,
    Path,
    Select,
    SubSelect,
    Term,
    Triple,
    Variable,
)
from icsgraph.shacl import sparql
from icsgraph.shacl.context import Context
from icsgraph.shacl.expressions import (
    all_of,
    any_of,
    call,
    conjunction,
    exists,
    found,
    integer,
    negation,
    reaches,
    same,
)
from icsgraph.shacl.model import (
    Closed,
    Constraint,
    Count,
    CustomConstraint,
    HasValue,
    Logic,
    Pair,
    PropertyRef,
    Qualified,
    Shape,
    SparqlConstraint,
    UniqueLang,
    ValueTest,
)
from icsgraph.shacl.paths import may_be_empty
from icsgraph.shacl.terms import Refused, to_tree
from icsgraph.shacl.terms import Term as RdfTerm
from icsgraph.shacl.values import comparable, value_test

Meets: TypeAlias = Callable[[Term], Expression]

CHAIN = 5
"""Up to this many values are counted by one lookup in another; more, by a subselect that groups."""


def conforms(node: RdfTerm, value: Term, context: Context) -> Expression:
    """Whether the value conforms to the shape."""
    shape = context.shapes[node]
    if shape.deactivated:
        return TRUE
    if shape.unsupported:
        raise Refused(f"{node} uses {', '.join(shape.unsupported)}")
    if shape.path is not None:
        return property_conforms(shape, shape.path, value, context)
    return all_of(on_value(each, shape, value, value, context) for each in shape.constraints)


def property_conforms(shape: Shape, path: Path, start: Term, context: Context) -> Expression:
    """Whether the values of the path, taken together and one by one, meet a property shape's constraints."""
    each_value = [c for c in shape.constraints if is_on_value(c)]
    parts = [_on_all_values(c, shape, path, start, context) for c in shape.constraints if not is_on_value(c)]
    if each_value:
        parts.append(
            negation(
                reaches(
                    start,
                    path,
                    context.names,
                    lambda value: negation(all_of(on_value(c, shape, value, start, context) for c in each_value)),
                )
            )
        )
    return all_of(parts)


def is_on_value(constraint: Constraint) -> bool:
    """Whether the constraint on a property shape is decided for each value by itself."""
    match constraint:
        case ValueTest() | Logic() | PropertyRef() | Closed():
            return True
        case Pair(name=name):
            return name != "Equals"
        case CustomConstraint(query=query):
            return query.form == "ask"
        case _:
            return False


def on_value(constraint: Constraint, shape: Shape, value: Term, start: Term, context: Context) -> Expression:
    """Whether one value meets the constraint; ``start`` is the focus node, the value itself for a node shape."""
    match constraint:
        case ValueTest():
            return value_test(constraint, value, context)
        case HasValue(value=wanted):
            return same(_known(value), to_tree(wanted))
        case Logic():
            return logic(constraint, value, context)
        case PropertyRef(shape=node):
            return conforms(node, value, context)
        case Closed(allowed=allowed):
            predicate, other = context.names.fresh(), context.names.fresh()
            return negation(exists(Triple(value, predicate, other), *found(outside(predicate, allowed))))
        case Pair():
            return pair(constraint, value, start, shape.path is None, context)
        case SparqlConstraint() | CustomConstraint():
            return sparql.meets(constraint, shape, value, start, context)
        case _:
            raise Refused(f"{constraint.name} stands on a node shape")


def outside(predicate: Variable, allowed: tuple[str, ...]) -> Expression:
    """Whether a closed shape does not allow the property."""
    return In(predicate, tuple(map(IRI, allowed)), negated=True) if allowed else TRUE


def logic(constraint: Logic, value: Term, context: Context) -> Expression:
    """Whether the value conforms to as many of the shapes as the constraint asks."""
    parts = [conforms(shape, value, context) for shape in constraint.shapes]
    match constraint.name:
        case "Not":
            return negation(parts[0])
        case "Or":
            return any_of(parts)
        case "Xone":
            total: Expression = integer(0)
            for part in parts:
                total = Arithmetic("+", total, call("IF", part, integer(1), integer(0)))
            return Comparison("=", total, integer(1))
        case _:
            return all_of(parts)


def pair(constraint: Pair, value: Term, start: Term, on_node: bool, context: Context) -> Expression:
    """Whether one value of the path stands as it should to the values of the other property."""
    other, step = context.names.fresh(), IRI(constraint.property)
    match constraint.name:
        case "Disjoint":
            return negation(exists(Triple(start, step, value)))
        case "Equals":
            has_it = exists(Triple(start, step, value))
            strange = exists(Triple(start, step, other), Filter(negation(same(other, _known(value)))))
            return conjunction((has_it, negation(strange))) if on_node else has_it
        case _:
            operator = "<" if constraint.name == "LessThan" else "<="
            fails = negation(comparable(_known(value), operator, other))
            return negation(exists(Triple(start, step, other), Filter(fails)))


def _on_all_values(constraint: Constraint, shape: Shape, path: Path, start: Term, context: Context) -> Expression:
    match constraint:
        case Count(name=name, number=number):
            if name == "MinCount":
                return at_least(number, start, path, lambda _: TRUE, context)
            return negation(at_least(number + 1, start, path, lambda _: TRUE, context))
        case HasValue(value=wanted):
            return has_value(wanted, start, path, context)
        case Qualified(least=least, most=most):
            meets = qualifies(constraint, context)
            parts = [] if least is None else [at_least(least, start, path, meets, context)]
            if most is not None:
                parts.append(negation(at_least(most + 1, start, path, meets, context)))
            return conjunction(parts)
        case UniqueLang():
            return negation(reaches(start, path, context.names, lambda value: _shares_tag(value, start, path, context)))
        case Pair(property=iri):
            step = IRI(iri)
            missing = reaches(start, path, context.names, lambda v: negation(exists(Triple(start, step, v))))
            strange = reaches(start, step, context.names, lambda v: negation(_is_value(v, start, path, context)))
            return conjunction((negation(missing), negation(strange)))
        case SparqlConstraint() | CustomConstraint():
            return sparql.meets(constraint, shape, start, start, context)
        case _:
            raise Refused(f"{constraint.name} stands on a property shape")


def has_value(wanted: RdfTerm, start: Term, path: Path, context: Context) -> Expression:
    """Whether the path leads to one certain term."""
    return _is_value(to_tree(wanted), start, path, context)


def qualifies(constraint: Qualified, context: Context) -> Meets:
    """The condition on one value: it conforms to the qualified shape, and to none that is to be disjoint from it."""
    return lambda value: conjunction(
        (
            conforms(constraint.shape, value, context),
            *(negation(conforms(sibling, value, context)) for sibling in constraint.siblings),
        )
    )


def _is_value(end: Term, start: Term, path: Path, context: Context) -> Expression:
    if may_be_empty(path) or not isinstance(path, IRI):
        return reaches(start, path, context.names, lambda value: same(_known(value), _known(end)))
    return exists(Triple(start, path, end))


def shares_tag(left: Variable, right: Variable) -> Expression:
    """Whether two values are different texts with one language tag."""
    tag = call("LANG", left)
    return conjunction(
        (
            call("isLITERAL", left),
            call("isLITERAL", right),
            Comparison("!=", tag, Literal("")),
            Comparison("=", call("LCASE", tag), call("LCASE", call("LANG", right))),
            negation(same(left, right)),
        )
    )


def _shares_tag(value: Term, start: Term, path: Path, context: Context) -> Expression:
    left = _variable(value)
    return reaches(start, path, context.names, lambda other: shares_tag(left, _variable(other)))


def at_least(number: int, start: Term, path: Path, meets: Meets, context: Context) -> Expression:
    """Whether the path leads to so many different values that meet a condition."""
    if number <= 0:
        return TRUE
    if number > CHAIN:
        return _many(number, start, path, meets, context)
    return _chain(number, start, path, meets, (), context)


def _chain(
    number: int, start: Term, path: Path, meets: Meets, earlier: tuple[Term, ...], context: Context
) -> Expression:
    def condition(value: Term) -> Expression:
        new = (negation(same(_known(value), _known(other))) for other in earlier)
        rest = TRUE if number == 1 else _chain(number - 1, start, path, meets, (*earlier, value), context)
        return all_of((*new, meets(value), rest))

    return reaches(start, path, context.names, condition)


def _many(number: int, start: Term, path: Path, meets: Meets, context: Context) -> Expression:
    """The subselect stands alone and is joined on the node, which every engine reads alike."""
    if not isinstance(start, Variable) or may_be_empty(path):
        raise Refused(f"it counts more than {CHAIN} values over a path that may be empty, in a shape that another uses")
    value = context.names.fresh()
    inside: tuple[Element, ...] = (Triple(start, path, value), *found(meets(value)))
    enough = Comparison(">=", Aggregate("COUNT", value, distinct=True), integer(number))
    return exists(SubSelect(Select(projection=(start,), where=Group(inside), group_by=(start,), having=(enough,))))


def _known(value: Term) -> Expression:
    if isinstance(value, Variable | IRI | Literal):
        return value
    raise Refused("it tests a blank node of the pattern")


def _variable(value: Term) -> Variable:
    if isinstance(value, Variable):
        return value
    raise Refused("it compares the language of a value that is fixed")
