# SPDX-License-Identifier: Apache-2.0
"""A query to what in it is likely a slip, what it asks of the outside, and which terms it names in which role.

Nothing here knows any vocabulary: whether a term exists is for whoever holds one to say.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from icsgraph.algebra import nodes as n
from icsgraph.algebra.scope import Variables, in_scope, mentioned
from icsgraph.algebra.visit import walk


class Role(StrEnum):
    """What a query takes an IRI to be."""

    CLASS = "class"
    PROPERTY = "property"
    INDIVIDUAL = "individual"
    GRAPH = "graph"
    DATATYPE = "datatype"
    FUNCTION = "function"


@dataclass(frozen=True, slots=True)
class Lonely:
    """A variable that is written once, and so joins, tests and shows nothing."""

    variable: n.Variable
    near: tuple[n.Variable, ...]

    @property
    def suggestion(self) -> str:
        name = f"?{self.variable.name}"
        if self.near:
            return f"{name} is used once; is it {' or '.join(f'?{each.name}' for each in self.near)}?"
        return f"{name} is used once; write [] in its place if any value will do."


@dataclass(frozen=True, slots=True)
class CartesianProduct:
    """Patterns of one group that share no variable: every row of one part is paired with every row of the others."""

    parts: tuple[tuple[n.Element, ...], ...]

    @property
    def suggestion(self) -> str:
        names = [", ".join(sorted(f"?{each.name}" for each in _mentioned_in(part))) for part in self.parts]
        listed = " and ".join(f"those with {each}" for each in names)
        return f"Nothing joins the patterns {listed}; add a pattern with a variable of each, or a filter."


@dataclass(frozen=True, slots=True)
class OutsideUse:
    """A SERVICE, FROM or FROM NAMED: data other than that which the query is put to."""

    keyword: str
    target: n.IRI | n.Variable

    @property
    def suggestion(self) -> str:
        target = f"<{self.target.value}>" if isinstance(self.target, n.IRI) else f"?{self.target.name}"
        if self.keyword == "SERVICE":
            return f"Leave out SERVICE {target}, and load what it would answer."
        return f"Leave out {self.keyword} {target}, and name graphs with GRAPH {target} {{ … }} where they matter."


@dataclass(frozen=True, slots=True)
class TermUse:
    """An IRI and what the query takes it to be."""

    iri: n.IRI
    role: Role


def lonely_variables(query: n.Query) -> tuple[Lonely, ...]:
    """Variables written once in the whole query, with those that look like them; none where ``*`` shows them all."""
    shown: Variables = in_scope(query) if _shows_all(query) else frozenset()
    times = Counter(node for node in walk(query) if isinstance(node, n.Variable))
    return tuple(
        Lonely(variable, tuple(_near(variable, times)))
        for variable, number in times.items()
        if number == 1 and variable not in shown
    )


def _shows_all(query: n.Query) -> bool:
    if isinstance(query, n.Select):
        return not query.projection
    return isinstance(query, n.Describe) and not query.subjects


def _near(variable: n.Variable, times: Counter[n.Variable]) -> Iterator[n.Variable]:
    others = {each.name: each for each in times if each != variable}
    for name in difflib.get_close_matches(variable.name, others, n=2, cutoff=0.75):
        yield others[name]


def cartesian_products(query: n.Query) -> tuple[CartesianProduct, ...]:
    """Groups whose patterns fall into parts that no variable and no filter connects."""
    groups = (node for node in walk(query) if isinstance(node, n.Group))
    return tuple(CartesianProduct(parts) for group in groups if len(parts := _parts(group)) > 1)


def _parts(group: n.Group) -> tuple[tuple[n.Element, ...], ...]:
    """The patterns of the group by what connects them; a filter or MINUS connects, and is no part itself."""
    parts: list[tuple[frozenset[n.Node], tuple[n.Element, ...]]] = []
    for element in group.elements:
        names = _joins_by(element)
        if not names:
            continue
        own = () if isinstance(element, n.Filter | n.Minus) else (element,)
        met = [part for part in parts if part[0] & names]
        parts = [part for part in parts if not part[0] & names]
        joined = tuple(each for _, elements in met for each in elements)
        parts.append((names.union(*(part[0] for part in met)), joined + own))
    return tuple(elements for _, elements in parts if elements)


def _joins_by(element: n.Element) -> frozenset[n.Node]:
    return frozenset(node for node in walk(element) if isinstance(node, n.Variable | n.BlankNode))


def _mentioned_in(elements: tuple[n.Element, ...]) -> frozenset[n.Variable]:
    return frozenset[n.Variable]().union(*(mentioned(each) for each in elements))


def outside_uses(query: n.Query) -> tuple[OutsideUse, ...]:
    """Every SERVICE, at any depth, and every FROM and FROM NAMED; those of the pattern come first."""
    return tuple(
        OutsideUse("SERVICE", node.name)
        if isinstance(node, n.Service)
        else OutsideUse("FROM NAMED" if node.named else "FROM", node.iri)
        for node in walk(query)
        if isinstance(node, n.Service | n.DatasetClause)
    )


def terms(query: n.Query) -> tuple[TermUse, ...]:
    """Every IRI with each role it has, once, in the order first met.

    The object of ``a`` and of ``rdfs:subClassOf`` is a class; what VALUES or a comparison names is an individual.
    """
    return tuple(dict.fromkeys(_terms(query)))


def _terms(node: n.Node) -> Iterator[TermUse]:
    for each in walk(node):
        match each:
            case n.Triple():
                yield from _in_triple(each)
            case n.GraphPattern(name=n.IRI() as name):
                yield TermUse(name, Role.GRAPH)
            case n.DatasetClause():
                yield TermUse(each.iri, Role.GRAPH)
            case n.FunctionCall():
                yield TermUse(each.function, Role.FUNCTION)
                yield from _individuals(each.arguments)
            case n.Literal(datatype=n.IRI() as datatype):
                yield TermUse(datatype, Role.DATATYPE)
            case n.InlineData():
                yield from _individuals(value for row in each.rows for value in row)
            case n.Describe():
                yield from _individuals(each.subjects)
            case n.Comparison():
                yield from _individuals((each.left, each.right))
            case n.In():
                yield from _individuals((each.operand, *each.choices))
            case n.BuiltIn():
                yield from _individuals(each.arguments)
            case n.Bind() | n.Assignment():
                yield from _individuals((each.expression,))
            case _:
                pass


def _in_triple(triple: n.Triple) -> Iterator[TermUse]:
    names_class = _leads_to_a_class(triple.predicate)
    yield from _individuals((triple.subject,))
    for node in walk(triple.predicate):
        if isinstance(node, n.IRI):
            yield TermUse(node, Role.PROPERTY)
    if isinstance(triple.object, n.IRI):
        yield TermUse(triple.object, Role.CLASS if names_class else Role.INDIVIDUAL)


def _leads_to_a_class(predicate: n.Node) -> bool:
    """Whether the last step of the path is rdf:type or rdfs:subClassOf."""
    match predicate:
        case n.SequencePath():
            return _leads_to_a_class(predicate.parts[-1])
        case n.RepeatedPath():
            return _leads_to_a_class(predicate.path)
        case n.AlternativePath():
            return all(_leads_to_a_class(part) for part in predicate.parts)
        case _:
            return predicate in (n.TYPE, n.IRI("http://www.w3.org/2000/01/rdf-schema#subClassOf"))


def _individuals(nodes: Iterable[n.Node | None]) -> Iterator[TermUse]:
    return (TermUse(node, Role.INDIVIDUAL) for node in nodes if isinstance(node, n.IRI))
