# SPDX-License-Identifier: Apache-2.0
"""Small words for building queries: conditions that never fail, fresh variables, paths looked up from a known node."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from icsgraph.algebra.nodes import (
    FALSE,
    IRI,
    TRUE,
    And,
    Bind,
    BuiltIn,
    Comparison,
    Element,
    Exists,
    Expression,
    Filter,
    Group,
    Literal,
    Or,
    Path,
    SequencePath,
    Term,
    Triple,
    Unary,
    Union,
    Variable,
)
from icsgraph.algebra.visit import walk
from icsgraph.model.namespaces import XSD
from icsgraph.shacl.paths import may_be_empty


class Names:
    """Variables that no part of the query has used yet. They start with ``x_``, which the results never show."""

    def __init__(self) -> None:
        self._last = 0
        self._taken: set[str] = set()

    def avoid(self, variables: Iterable[Variable]) -> None:
        """Leave out names that a user's query uses."""
        self._taken.update(variable.name for variable in variables)

    def fresh(self) -> Variable:
        self._last += 1
        while f"x_{self._last}" in self._taken:
            self._last += 1
        return Variable(f"x_{self._last}")


def conjunction(parts: Iterable[Expression]) -> Expression:
    """All of them; true when there are none."""
    kept = tuple(dict.fromkeys(part for part in parts if part != TRUE))
    if FALSE in kept:
        return FALSE
    return And(kept) if len(kept) > 1 else kept[0] if kept else TRUE


def disjunction(parts: Iterable[Expression]) -> Expression:
    """Any of them; false when there are none."""
    kept = tuple(dict.fromkeys(part for part in parts if part != FALSE))
    if TRUE in kept:
        return TRUE
    return Or(kept) if len(kept) > 1 else kept[0] if kept else FALSE


def if_known(known: Expression, condition: Expression) -> Expression:
    """The condition where something is known, and true elsewhere; it is not looked at there.

    IF and not ``||``: Oxigraph may look at the operands of ``||`` and ``&&`` in any order, and an EXISTS whose variable
    is unbound goes through the whole store.
    """
    return condition if condition in (TRUE, FALSE) else call("IF", known, condition, TRUE)


def all_of(parts: Iterable[Expression]) -> Expression:
    """All of the conditions, those that look something up only where the others hold."""
    cheap, costly = _by_cost(parts)
    first, then = conjunction(cheap), conjunction(costly)
    return call("IF", first, then, FALSE) if cheap and costly and first != FALSE else conjunction((first, then))


def any_of(parts: Iterable[Expression]) -> Expression:
    """Any of the conditions, those that look something up only where none of the others holds."""
    cheap, costly = _by_cost(parts)
    first, then = disjunction(cheap), disjunction(costly)
    return call("IF", first, TRUE, then) if cheap and costly and first != TRUE else disjunction((first, then))


def _by_cost(parts: Iterable[Expression]) -> tuple[list[Expression], list[Expression]]:
    cheap: list[Expression] = []
    costly: list[Expression] = []
    for part in parts:
        (costly if looks_up(part) else cheap).append(part)
    return cheap, costly


def looks_up(part: Expression) -> bool:
    """Whether the condition asks the data, and not a term alone."""
    return any(isinstance(node, Exists) for node in walk(part))


def negation(part: Expression) -> Expression:
    if part == TRUE:
        return FALSE
    if part == FALSE:
        return TRUE
    if isinstance(part, Unary) and part.operator == "!":
        return part.operand
    if isinstance(part, Exists):
        return Exists(part.group, not part.negated)
    return Unary("!", part)


def call(name: str, *arguments: Expression) -> BuiltIn:
    return BuiltIn(name, arguments)


def same(left: Expression, right: Expression) -> Expression:
    """One and the same term: ``1`` and ``1.0`` are equal, but two terms."""
    return call("sameTerm", left, right)


def integer(number: int) -> Literal:
    return Literal(str(number), IRI(XSD + "integer"))


def exists(*elements: Element) -> Expression:
    return Exists(Group(elements))


def found(condition: Expression) -> tuple[Element, ...]:
    """A filter, or nothing where the condition is always true."""
    return () if condition == TRUE else (Filter(condition),)


def reaches(start: Term, path: Path, names: Names, condition: Callable[[Term], Expression]) -> Expression:
    """Whether a node that the path leads to from ``start`` meets the condition; ``start`` is known where this stands.

    A sequence becomes one EXISTS in another, each with a single pattern: Oxigraph plans several patterns in one EXISTS
    as if nothing outside were known, which costs (rows outside) times (rows inside). A path that may be empty leads
    from ``start`` to itself, which SPARQL leaves out for a node that no triple names.
    """
    if isinstance(path, SequencePath):
        rest = path.parts[1] if len(path.parts) == 2 else SequencePath(path.parts[1:])
        return reaches(start, path.parts[0], names, lambda middle: reaches(middle, rest, names, condition))
    end = names.fresh()
    there = exists(Triple(start, path, end), *found(condition(end)))
    return disjunction((condition(start), there)) if may_be_empty(path) else there


def steps(start: Variable, path: Path, end: Variable, *, absent: Callable[[], tuple[Element, ...]] | None) -> Element:
    """The pattern that binds ``end`` to every node the path leads to from ``start``.

    ``absent`` gives the pattern that binds ``start`` again; it is passed where ``start`` may be a node that no triple
    names, from which an empty path still leads to itself.
    """
    pattern = Triple(start, path, end)
    if absent is None or not may_be_empty(path):
        return pattern
    return Union((Group((*absent(), pattern)), Group((*absent(), Bind(start, end)))))


def at_most(left: Expression, operator: str, right: Expression) -> Expression:
    """The comparison, false where the two cannot be compared."""
    return call("COALESCE", Comparison(operator, left, right), FALSE)  # type: ignore[arg-type]
