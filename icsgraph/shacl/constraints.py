# SPDX-License-Identifier: Apache-2.0
"""The queries for SHACL Core: for each kind of constraint, the SELECT that finds its violations in a whole target.

Source: https://www.w3.org/TR/shacl/#core-components
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from icsgraph.algebra.nodes import (
    IRI,
    TRUE,
    Aggregate,
    Assignment,
    Bind,
    Comparison,
    Element,
    Expression,
    Filter,
    Group,
    Optional,
    Path,
    Select,
    Triple,
    Union,
    Variable,
)
from icsgraph.shacl.compiled import Check
from icsgraph.shacl.conformance import (
    has_value,
    is_on_value,
    on_value,
    outside,
    qualifies,
    shares_tag,
)
from icsgraph.shacl.context import Context
from icsgraph.shacl.expressions import (
    call,
    conjunction,
    exists,
    found,
    if_known,
    integer,
    looks_up,
    negation,
    reaches,
    same,
    steps,
)
from icsgraph.shacl.model import (
    Closed,
    Constraint,
    Count,
    CustomConstraint,
    HasValue,
    Pair,
    PropertyRef,
    Qualified,
    Shape,
    UniqueLang,
)
from icsgraph.shacl.paths import is_one_step, repeats
from icsgraph.shacl.reading import check_for
from icsgraph.shacl.targets import Focus
from icsgraph.shacl.values import comparable

THIS, VALUE, OTHER, PATH = Variable("this"), Variable("value"), Variable("other"), Variable("path")
Made = tuple[Select, tuple[Check, ...]] | None
Pairs = list[tuple[Shape, Constraint]]
Flag = tuple[Check, Expression]


def node_tests(pairs: Pairs, focus: Focus, context: Context) -> Made:
    """The constraints of node shapes on the focus node itself."""
    flags = [
        (
            check_for(shape, c, value=None if isinstance(c, HasValue) else "this"),
            on_value(c, shape, THIS, THIS, context),
        )
        for shape, c in pairs
    ]
    return flagged((THIS,), focus.bind(THIS), flags)


def whole_tests(pairs: Pairs, path: Path, focus: Focus, context: Context) -> Made:
    """sh:hasValue on property shapes, and sh:minCount 1 on a path that repeats."""
    flags: list[Flag] = []
    for shape, constraint in pairs:
        if isinstance(constraint, HasValue):
            flags.append((check_for(shape, constraint), has_value(constraint.value, THIS, path, context)))
        elif is_one(constraint, "MinCount") and repeats(path):
            # Not an OPTIONAL: Virtuoso 7 drops the rows for which a path that repeats leads nowhere.
            flags.append((check_for(shape, constraint), reaches(THIS, path, context.names, lambda _: TRUE)))
    return flagged((THIS,), focus.bind(THIS), flags)


def value_tests(pairs: Pairs, path: Path, focus: Focus, context: Context) -> Made:
    """The constraints on each value, with sh:minCount 1 and, on a path of one step, sh:maxCount 1: all in one pass."""
    least, most, tests = kinds(pairs, path)
    flags: list[Flag] = [
        (check_for(shape, c, value="value"), on_value(c, shape, VALUE, THIS, context)) for shape, c in tests
    ]
    for shape, constraint in most:
        another = context.names.fresh()
        more = exists(Triple(THIS, path, another), Filter(negation(same(another, VALUE))))
        flags.append((check_for(shape, constraint), negation(more)))
    pattern = steps(THIS, path, VALUE, absent=_absent(focus))
    if not least:
        return flagged((THIS, VALUE), (*focus.bind(THIS), pattern), flags)
    has_one = call("BOUND", VALUE)
    flags = [(check, if_known(has_one, ok)) for check, ok in flags]
    flags += [(check_for(shape, constraint), has_one) for shape, constraint in least]
    return flagged((THIS, VALUE), (*focus.bind(THIS), Optional(Group((pattern,)))), flags)


def kinds(pairs: Pairs, path: Path) -> tuple[Pairs, Pairs, Pairs]:
    """The constraints that :func:`value_tests` takes: sh:minCount 1, sh:maxCount 1, and those on each value."""
    return (
        [pair for pair in pairs if is_one(pair[1], "MinCount") and not repeats(path)],
        [pair for pair in pairs if is_one(pair[1], "MaxCount") and is_one_step(path)],
        [pair for pair in pairs if is_on_value(pair[1]) and not is_apart(pair[1])],
    )


def counts(pairs: Pairs, path: Path, focus: Focus, context: Context) -> Made:
    """sh:minCount and sh:maxCount, apart from those that the other queries take along."""
    amount = Aggregate("COUNT", VALUE, distinct=True)
    flags: list[Flag] = []
    for shape, constraint in pairs:
        assert isinstance(constraint, Count)
        is_least = constraint.name == "MinCount"
        elsewhere = is_one(constraint, constraint.name) and (is_least or is_one_step(path))
        if not elsewhere and (constraint.number > 0 or not is_least):
            within = Comparison(">=" if is_least else "<=", amount, integer(constraint.number))
            flags.append((check_for(shape, constraint), within))
    pattern = steps(THIS, path, VALUE, absent=_absent(focus))
    may_lack = any(check.component.endswith("MinCountConstraintComponent") for check, _ in flags)
    return _grouped(focus, Optional(Group((pattern,))) if may_lack else pattern, flags)


def qualified(shape: Shape, constraint: Qualified, path: Path, focus: Focus, context: Context) -> Made:
    """sh:qualifiedValueShape: how many values conform to it."""
    pattern = steps(THIS, path, VALUE, absent=_absent(focus))
    meeting = (pattern, *found(qualifies(constraint, context)(VALUE)))
    least, most = constraint.least or 0, constraint.most
    if least == 1 and most is None:
        flags: list[Flag] = [(check_for(shape, constraint, bound="Min"), call("BOUND", VALUE))]
        return flagged((THIS,), (*focus.bind(THIS), Optional(Group(meeting))), flags)
    amount = Aggregate("COUNT", VALUE, distinct=True)
    flags = []
    if least > 0:
        flags.append((check_for(shape, constraint, bound="Min"), Comparison(">=", amount, integer(least))))
    if most is not None:
        flags.append((check_for(shape, constraint, bound="Max"), Comparison("<=", amount, integer(most))))
    elements: tuple[Element, ...] = (Optional(Group(meeting)),) if least > 0 else meeting
    return _grouped(focus, elements, flags)


def closed(shape: Shape, constraint: Closed, path: Path | None, focus: Focus, context: Context) -> Made:
    """sh:closed: each triple of a node whose property is not allowed."""
    node = THIS if path is None else context.names.fresh()
    way = () if path is None else (steps(THIS, path, node, absent=_absent(focus)),)
    elements = (*focus.bind(THIS), *way, Triple(node, PATH, VALUE), *found(outside(PATH, constraint.allowed)))
    check = check_for(shape, constraint, value="value", path_from_row=True)
    return _select((THIS, VALUE, PATH), elements), (check,)


def equals(shape: Shape, constraint: Pair, path: Path | None, focus: Focus, context: Context) -> Made:
    """sh:equals: the values that one side has and the other has not."""
    other = IRI(constraint.property)
    check = check_for(shape, constraint, value="value")
    lacking = Filter(negation(exists(Triple(THIS, other, VALUE))))
    if path is None:
        own: tuple[Element, ...] = (Bind(THIS, VALUE),)
        strange: Expression = negation(same(VALUE, THIS))
        first = Group((Group((*focus.bind(THIS), *own)), lacking))
    else:
        first = Group((*focus.bind(THIS), steps(THIS, path, VALUE, absent=_absent(focus)), lacking))
        strange = negation(reaches(THIS, path, context.names, lambda end: same(end, VALUE)))  # type: ignore[arg-type]
    second = Group((*focus.bind(THIS), Triple(THIS, other, VALUE), Filter(strange)))
    return _select((THIS, VALUE), (Union((first, second)),)), (check,)


def less_than(shape: Shape, constraint: Pair, path: Path, focus: Focus, context: Context) -> Made:
    """sh:lessThan and sh:lessThanOrEquals: one result for each pair of values that stands the wrong way round."""
    operator = "<" if constraint.name == "LessThan" else "<="
    wrong = Filter(negation(comparable(VALUE, operator, OTHER)))
    way = steps(THIS, path, VALUE, absent=_absent(focus))
    elements = (*focus.bind(THIS), way, Triple(THIS, IRI(constraint.property), OTHER), wrong)
    return _select((THIS, VALUE, OTHER), elements), (check_for(shape, constraint, value="value", distinguish="other"),)


def unique_lang(shape: Shape, constraint: UniqueLang, path: Path, focus: Focus, context: Context) -> Made:
    """sh:uniqueLang: one result for each language that two values share."""
    way = (steps(THIS, path, VALUE, absent=_absent(focus)), steps(THIS, path, OTHER, absent=_absent(focus)))
    tag = Assignment(call("LCASE", call("LANG", VALUE)), Variable("lang"))
    elements = (*focus.bind(THIS), *way, Filter(shares_tag(VALUE, OTHER)))
    select = Select(projection=(THIS, tag), modifier="DISTINCT", where=Group(elements))
    return select, (check_for(shape, constraint, distinguish="lang"),)


def is_apart(constraint: Constraint) -> bool:
    """Whether a constraint on each value has a query of its own all the same: its results say more than yes or no."""
    if isinstance(constraint, Pair):
        return constraint.name != "Disjoint"
    return isinstance(constraint, Closed | PropertyRef | CustomConstraint)


def is_one(constraint: Constraint, name: str) -> bool:
    return isinstance(constraint, Count) and constraint.name == name and constraint.number == 1


def _absent(focus: Focus) -> Callable[[], tuple[Element, ...]] | None:
    return (lambda: focus.bind(THIS)) if focus.loose else None


def _select(columns: tuple[Variable, ...], elements: tuple[Element, ...]) -> Select:
    return Select(projection=columns, modifier="DISTINCT", where=Group(elements))


def flagged(columns: tuple[Variable, ...], elements: tuple[Element, ...], flags: list[Flag]) -> Made:
    """The rows where any of the conditions is false, with a column for each; nothing if no condition can be.

    A condition that looks something up is bound once, and not written both in the filter and in a column: EXISTS in a
    column is beyond some engines.
    """
    flags = [(check, ok) for check, ok in flags if ok != TRUE]
    if not flags:
        return None
    if len(flags) == 1:
        ((check, ok),) = flags
        return _select(columns, (*elements, Filter(negation(ok)))), (check,)
    extra: list[Variable | Assignment] = []
    bound: list[Element] = []
    met: list[Expression] = []
    for name, (_, ok) in _named(flags):
        if looks_up(ok):
            bound.append(Bind(ok, name))
            extra.append(name)
            met.append(name)
        else:
            extra.append(Assignment(ok, name))
            met.append(ok)
    where = Group((*elements, *bound, Filter(negation(conjunction(met)))))
    return Select(projection=(*columns, *extra), modifier="DISTINCT", where=where), _named_checks(flags)


def _grouped(focus: Focus, pattern: Element | tuple[Element, ...], flags: list[Flag]) -> Made:
    """The focus nodes for which any of the conditions on an aggregate is false."""
    if not flags:
        return None
    elements = pattern if isinstance(pattern, tuple) else (pattern,)
    where = Group((*focus.bind(THIS), *elements))
    wrong = (negation(conjunction(ok for _, ok in flags)),)
    if len(flags) == 1:
        return Select(projection=(THIS,), where=where, group_by=(THIS,), having=wrong), (flags[0][0],)
    extra = (Assignment(ok, name) for name, (_, ok) in _named(flags))
    select = Select(projection=(THIS, *extra), where=where, group_by=(THIS,), having=wrong)
    return select, _named_checks(flags)


def _named(flags: list[Flag]) -> list[tuple[Variable, Flag]]:
    return [(Variable(f"c_{number}"), flag) for number, flag in enumerate(flags)]


def _named_checks(flags: list[Flag]) -> tuple[Check, ...]:
    return tuple(replace(check, flag=name.name) for name, (check, _) in _named(flags))
