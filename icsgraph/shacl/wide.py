# SPDX-License-Identifier: Apache-2.0
"""Constraints to queries that begin with all that the data holds of a property, in place of the focus nodes.

To look something up for a focus node takes Oxigraph four to eight times as long as to read one more triple of a
property from end to end. So where most of what has a property is in the target, several lookups for each node take
longer than reading it all: values that break a rule come first, and only for them is asked whose they are; nodes that
lack a value are those of the target less those that have one, met by hashing; and what depends on the values of one
property is worked out for each value once. A single lookup is no slower than all that, and stays as it is.
``icsgraph.shacl.choosing`` decides over the data which of the two ways a query goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from icsgraph.algebra.nodes import (
    FALSE,
    IRI,
    TRUE,
    Aggregate,
    And,
    Assignment,
    BuiltIn,
    Comparison,
    Element,
    Exists,
    Expression,
    Filter,
    Group,
    InversePath,
    Minus,
    Or,
    Path,
    Select,
    SubSelect,
    Triple,
    Unary,
    Variable,
)
from icsgraph.algebra.rename import rename
from icsgraph.algebra.scope import mentioned, projected
from icsgraph.algebra.visit import map_children
from icsgraph.shacl.compiled import Check
from icsgraph.shacl.conformance import on_value
from icsgraph.shacl.constraints import THIS, VALUE, Flag, Made, Pairs, flagged, kinds
from icsgraph.shacl.context import Context
from icsgraph.shacl.expressions import conjunction, integer, looks_up, negation, steps
from icsgraph.shacl.model import HasValue
from icsgraph.shacl.paths import is_one_step, single_steps
from icsgraph.shacl.reading import check_for
from icsgraph.shacl.targets import Focus

Query: TypeAlias = tuple[Select, tuple[Check, ...], Select | None]
"""A query, what its rows mean, and a shorter one that has a row whenever it has."""


@dataclass(frozen=True)
class Wide:
    """Queries that tell together what another one tells, and the properties that they read from end to end."""

    queries: tuple[Query, ...]
    properties: tuple[str, ...]


def value_tests(pairs: Pairs, path: Path, focus: Focus, context: Context) -> Wide | None:
    """What ``constraints.value_tests`` finds; None where path or target allow no other way, or it gains nothing.

    Along a single step sh:minCount 1 needs a lookup for each node anyway, and it tells the values too.
    """
    way = single_steps(path)
    least, most, tests = kinds(pairs, path)
    if way is None or focus.among is None or (len(way) == 1 and least):
        return None
    flags: list[Flag] = [
        (check_for(shape, c, value="value"), on_value(c, shape, VALUE, THIS, context)) for shape, c in tests
    ]
    if any(THIS in mentioned(condition) for _, condition in flags):
        return None
    found: list[Query] = []
    if least:
        lacking = Group((*focus.bind(THIS), Minus(Group(tuple(_having(THIS, way, context))))))
        checks = tuple(check_for(shape, constraint) for shape, constraint in least)
        found.append((Select(projection=(THIS,), modifier="DISTINCT", where=lacking), checks, None))
    if most:
        checks = tuple(check_for(shape, constraint) for shape, constraint in most)
        found.append((_several(path, focus), checks, _any_several(path)))
    bare = [flag for flag in flags if not looks_up(flag[1]) and len(way) == 1]
    pattern = steps(THIS, path, VALUE, absent=None)
    for made in (
        _narrowed(flagged((THIS, VALUE), (pattern,), bare), (), focus),
        _narrowed(_bad_values([flag for flag in flags if flag not in bare], way[-1], context), (pattern,), focus),
    ):
        if made is not None:
            found.append((*made, None))
    return Wide(tuple(found), tuple(dict.fromkeys(map(_property, way))))


def node_tests(pairs: Pairs, focus: Focus, context: Context) -> Wide | None:
    """What ``constraints.node_tests`` finds, where one constraint asks for values of one property, and for these alone.

    It can be broken only by a node with a value that would break it alone, or with several values: these are looked
    at. A node with no value must meet it.
    """
    if focus.among is None or len(pairs) != 1:
        return None
    ((shape, constraint),) = pairs
    if isinstance(constraint, HasValue):
        return None
    meets = on_value(constraint, shape, THIS, THIS, context)
    singled = _OneValue()
    try:
        alone = singled.condition(meets)
    except _NotOfOneValue:
        return None
    if len(singled.paths) != 1 or singled.lookups < 2 or not _without_values(meets):
        return None
    (path,) = singled.paths
    check, broken = check_for(shape, constraint, value="this"), Filter(negation(meets))
    suspects = _narrowed(_bad_values([(check, alone)], path, context), (Triple(THIS, path, VALUE), broken), focus)
    if suspects is None:
        return None
    first = replace(suspects[0], projection=(THIS,)), (check,), None
    several = _several(path, focus)
    second = replace(several, where=Group((*several.where.elements, broken))), (check,), _any_several(path)
    return Wide((first, second), (_property(path),))


class _NotOfOneValue(Exception):
    """A condition asks for more than values of the focus node."""


@dataclass
class _OneValue:
    """A condition on a node to what it says of a node that has one value, ``?value``."""

    paths: set[Path] = field(default_factory=set)
    lookups: int = 0

    def condition(self, node: Expression) -> Expression:
        if isinstance(node, Exists):
            return negation(self._of_value(node)) if node.negated else self._of_value(node)
        if isinstance(node, And | Or | Unary) or (isinstance(node, BuiltIn) and node.name == "IF"):
            return map_children(node, self.condition)  # type: ignore[arg-type]
        if node in (TRUE, FALSE):
            return node
        raise _NotOfOneValue

    def _of_value(self, node: Exists) -> Expression:
        first, *rest = node.group.elements
        if not isinstance(first, Triple) or first.subject != THIS or not isinstance(first.object, Variable):
            raise _NotOfOneValue
        if isinstance(first.predicate, Variable) or not is_one_step(first.predicate):
            raise _NotOfOneValue
        if any(not isinstance(each, Filter) or THIS in mentioned(each) for each in rest):
            raise _NotOfOneValue
        self.paths.add(first.predicate)
        self.lookups += 1
        renamed = rename(Group(tuple(rest)), {first.object: VALUE})
        return conjunction(each.condition for each in renamed.elements if isinstance(each, Filter))


def _without_values(condition: Expression) -> bool:
    """Whether a node that has no value at all meets the condition."""
    match condition:
        case Exists():
            return condition.negated
        case And():
            return all(map(_without_values, condition.operands))
        case Or():
            return any(map(_without_values, condition.operands))
        case Unary():
            return not _without_values(condition.operand)
        case BuiltIn():
            first, then, otherwise = condition.arguments
            return _without_values(then if _without_values(first) else otherwise)
        case _:
            return condition == TRUE


def _having(start: Variable, way: tuple[Path, ...], context: Context) -> Iterator[Element]:
    """The nodes from which the path leads somewhere; of each step the nodes alone are kept, each once."""
    end = context.names.fresh()
    yield Triple(start, way[0], end)
    if len(way) > 1:
        rest = Group(tuple(_having(end, way[1:], context)))
        yield SubSelect(Select(projection=(end,), modifier="DISTINCT", where=rest))


def _several(path: Path, focus: Focus) -> Select:
    """The focus nodes with more than one value."""
    assert focus.among is not None
    more = Comparison(">", Aggregate("COUNT", VALUE, distinct=True), integer(1))
    grouped = Select(projection=(THIS,), where=Group((Triple(THIS, path, VALUE),)), group_by=(THIS,), having=(more,))
    where = Group((SubSelect(grouped), Filter(focus.among(THIS))))
    return Select(projection=(THIS,), modifier="DISTINCT", where=where)


def _any_several(path: Path) -> Select:
    """A row where anything at all has more than one value: there are then fewer nodes than triples."""
    nodes, triples = Variable("nodes"), Variable("triples")
    totals = Select(
        projection=(
            Assignment(Aggregate("COUNT", THIS, distinct=True), nodes),
            Assignment(Aggregate("COUNT"), triples),
        ),
        where=Group((Triple(THIS, path, VALUE),)),
    )
    return Select(projection=(nodes,), where=Group((SubSelect(totals), Filter(Comparison("<", nodes, triples)))))


def _bad_values(flags: list[Flag], step: Path, context: Context) -> Made:
    """The values of the last step that break a rule, each looked at once.

    GROUP BY and not DISTINCT: Oxigraph puts a filter inside of DISTINCT, where it is looked at for every triple.
    """
    every = Group((Triple(context.names.fresh(), step, VALUE),))
    return flagged((VALUE,), (SubSelect(Select(projection=(VALUE,), where=every, group_by=(VALUE,))),), flags)


def _narrowed(made: Made, pattern: tuple[Element, ...], focus: Focus) -> Made:
    """The rows of a query, joined with a pattern, that are about focus nodes."""
    if made is None:
        return None
    assert focus.among is not None
    select, checks = made
    columns = dict.fromkeys((THIS, VALUE, *map(projected, select.projection)))
    # A subselect of its own, so that what is wrong is found before it is asked whose it is.
    inner = SubSelect(replace(select, modifier=None if THIS in mentioned(select) else "DISTINCT"))
    where = Group((inner, *pattern, Filter(focus.among(THIS))))
    return Select(projection=tuple(columns), modifier="DISTINCT", where=where), checks


def _property(step: Path) -> str:
    inner = step.path if isinstance(step, InversePath) else step
    assert isinstance(inner, IRI)
    return inner.value
