# SPDX-License-Identifier: Apache-2.0
"""A triple that a CONSTRUCT rule derived, to the triples from which it was derived.

The triple is fitted to the rule's template, the rule's pattern is asked for one solution that gives it, and the triples
of the pattern are filled in from that solution. What a subselect gathered is given whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

import pyoxigraph as ox

from icsgraph.algebra import nodes as n
from icsgraph.algebra import parse_query, to_text
from icsgraph.rules.derive import Rule
from icsgraph.rules.paths import Node, way

_MOST = 20  # facts that one pattern of a subselect shows


@dataclass(frozen=True, slots=True)
class Premises:
    """The facts that a rule used, and what its variables stood for."""

    facts: tuple[ox.Triple, ...]
    bound: Mapping[str, Node]


def premises(store: ox.Store, rule: Rule, triple: ox.Triple) -> Premises | None:
    """Find from what a rule derived a triple; None when it did not derive it."""
    query = _parsed(rule.text)
    for template in query.template or ():
        fitted = _fit(template, triple)
        if fitted is None:
            continue
        for bound in _solutions(store, query.where, fitted):
            facts = dict.fromkeys(_facts(store, query.where, bound, inside=False))
            return Premises(tuple(facts), bound)
    return None


@cache
def _parsed(text: str) -> n.Construct:
    query = parse_query(text)
    if not isinstance(query, n.Construct):
        raise TypeError("a rule is a CONSTRUCT")
    return query


def _fit(template: n.Triple, triple: ox.Triple) -> dict[str, Node] | None:
    found: dict[str, Node] = {}
    for wanted, got in zip((template.subject, template.predicate, template.object), triple, strict=True):
        if isinstance(wanted, n.Variable):
            if found.setdefault(wanted.name, got) != got:
                return None
        elif not isinstance(wanted, n.IRI | n.Literal) or _term(wanted) != got:
            return None
    return found


def _solutions(store: ox.Store, where: n.Group, fitted: Mapping[str, Node]) -> Iterator[dict[str, Node]]:
    if any(isinstance(term, ox.BlankNode) for term in fitted.values()):
        fitted = {name: term for name, term in fitted.items() if not isinstance(term, ox.BlankNode)}
    same = tuple(n.Filter(n.BuiltIn("sameTerm", (n.Variable(name), _constant(term)))) for name, term in fitted.items())
    found = store.query(to_text(n.Select(where=replace(where, elements=(*where.elements, *same)), limit=1)))
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    for row in found:
        yield {name: row[name] for name in names if row[name] is not None and not isinstance(row[name], ox.Triple)}


def _facts(store: ox.Store, element: n.Node, bound: Mapping[str, Node], *, inside: bool) -> Iterator[ox.Triple]:
    """Fill in the triples of a pattern; those that no solution fixes are looked up where a subselect gathered them."""
    if isinstance(element, n.Triple):
        yield from _of_pattern(store, element, bound, inside=inside)
    elif isinstance(element, n.Group):
        for each in element.elements:
            yield from _facts(store, each, bound, inside=inside)
    elif isinstance(element, n.Optional | n.GraphPattern):
        yield from _facts(store, element.group, bound, inside=inside)
    elif isinstance(element, n.Union):
        for branch in element.branches:
            yield from _facts(store, branch, bound, inside=inside)
    elif isinstance(element, n.SubSelect):
        outer = {v.name if isinstance(v, n.Variable) else v.variable.name for v in element.query.projection}
        within = {name: term for name, term in bound.items() if name in outer} if outer else bound
        yield from _facts(store, element.query.where, within, inside=True)


def _of_pattern(store: ox.Store, pattern: n.Triple, bound: Mapping[str, Node], *, inside: bool) -> Iterator[ox.Triple]:
    subject, value = (_filled(term, bound) for term in (pattern.subject, pattern.object))
    if not isinstance(pattern.predicate, n.IRI | n.Variable):
        if subject is not None and value is not None:
            yield from way(store, subject, pattern.predicate, value) or ()
        return
    predicate = _filled(pattern.predicate, bound)
    unknown = [term is None for term in (subject, predicate, value)]
    if isinstance(subject, ox.Literal) or (any(unknown) and not inside) or all(unknown):
        return
    assert predicate is None or isinstance(predicate, ox.NamedNode)
    quads = store.quads_for_pattern(subject, predicate, value, ox.DefaultGraph())
    for _, quad in zip(range(_MOST), quads, strict=False):
        yield quad.triple


def _filled(term: n.Node, bound: Mapping[str, Node]) -> Node | None:
    if isinstance(term, n.Variable):
        return bound.get(term.name)
    return _term(term) if isinstance(term, n.IRI | n.Literal) else None


def _term(term: n.IRI | n.Literal) -> Node:
    if isinstance(term, n.IRI):
        return ox.NamedNode(term.value)
    if term.language is not None:
        return ox.Literal(term.lexical, language=term.language)
    return ox.Literal(term.lexical, datatype=ox.NamedNode(term.datatype.value) if term.datatype else None)


def _constant(term: Node) -> n.IRI | n.Literal:
    if isinstance(term, ox.Literal):
        return n.Literal(term.value, None if term.language else n.IRI(term.datatype.value), term.language)
    return n.IRI(str(term.value))
