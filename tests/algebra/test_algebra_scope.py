# SPDX-License-Identifier: Apache-2.0
"""Variables: in scope, certainly bound, free; and renaming that captures nothing."""

from __future__ import annotations

import pyoxigraph
import pytest
from algebra_trees import groups, made_valid
from hypothesis import HealthCheck, assume, given, settings

from icsgraph.algebra import certain, free_variables, fresh, in_scope, mentioned, parse_query, rename, to_text, walk
from icsgraph.algebra import nodes as n


def names(variables):
    return " ".join(sorted(variable.name for variable in variables))


SCOPES = [
    # pattern, in scope, certain
    ("?a <p:p> ?b", "a b", "a b"),
    ("?a <p:p>/<p:q>* 1", "a", "a"),
    ("?a ?p [] OPTIONAL { ?a <p:q> ?c }", "a c p", "a p"),
    ("{ ?a <p:p> ?b } UNION { ?a <p:q> ?c }", "a b c", "a"),
    ("?a <p:p> 1 MINUS { ?a <p:q> ?c }", "a", "a"),
    ("?a <p:p> 1 FILTER(?z > 1) FILTER EXISTS { ?a ?b ?c }", "a", "a"),
    ("?a <p:p> 1 OPTIONAL { ?a <p:q> ?c } FILTER(?c > 1)", "a c", "a c"),
    ("?a <p:p> 1 OPTIONAL { ?a <p:q> ?c } FILTER(BOUND(?c) && ?a != 1)", "a c", "a c"),
    ("?a <p:p> 1 OPTIONAL { ?a <p:q> ?c } FILTER(BOUND(?c) || ?a != 1)", "a c", "a"),
    ("?a <p:p> 1 OPTIONAL { ?a <p:q> ?c } FILTER(!BOUND(?c))", "a c", "a"),
    ("?a <p:p> 1 OPTIONAL { ?a <p:q> ?c } FILTER(COALESCE(?c, 1) = 1)", "a c", "a"),
    ("?a <p:p> 1 BIND(?a + 1 AS ?b) BIND(?a AS ?c) BIND(1 AS ?d) BIND(isIRI(?a) AS ?e)", "a b c d e", "a c d e"),
    ("VALUES (?a ?b) { (1 2) (1 UNDEF) }", "a b", "a"),
    ("GRAPH ?g { ?a <p:p> 1 OPTIONAL { ?a <p:q> ?b } }", "a b g", "a g"),
    ("SERVICE ?g { ?a <p:p> 1 }", "a g", "a g"),
    ("SERVICE SILENT <g:g> { ?a <p:p> 1 }", "a", ""),
    ("{ SELECT ?a (COUNT(?b) AS ?k) (SUM(?b) AS ?n) { ?a <p:p> ?b } GROUP BY ?a }", "a k n", "a k"),
    ("{ SELECT * { ?a <p:p> 1 OPTIONAL { ?a <p:q> ?b } FILTER(?z) } }", "a b", "a"),
    ("{ SELECT ?a ?z { ?a <p:p> 1 } VALUES ?z { 1 } }", "a z", "a z"),
]


@pytest.mark.parametrize(("pattern", "scope", "sure"), SCOPES, ids=[pattern for pattern, _, _ in SCOPES])
def test_scope_and_certainty(pattern, scope, sure):
    """What is in scope is what the specification's table says; what is certain is bound in every solution."""
    group = parse_query(f"SELECT * {{ {pattern} }}").where

    assert (scope, sure) == (names(in_scope(group)), names(certain(group)))


@settings(deadline=None, max_examples=80, suppress_health_check=list(HealthCheck))
@given(groups())
def test_oxigraph_agrees(group):
    """The columns of SELECT * are the variables in scope, and no row leaves a certain one without a value."""
    # Oxigraph answers GRAPH ?name over a group without a triple pattern with a row that has no name, where there is no
    # named graph to name; the standard has no row.
    named = [each for each in walk(group) if isinstance(each, n.GraphPattern) and isinstance(each.name, n.Variable)]
    assume(all(any(isinstance(inner, n.Triple) for inner in walk(each)) for each in named))
    query = made_valid(n.Select(where=group, limit=50))
    store = pyoxigraph.Store()
    for value in "ab":
        term = pyoxigraph.NamedNode(f"http://example.org/{value}")
        store.add(pyoxigraph.Quad(term, term, term))
    result = store.query(to_text(query))

    assert {variable.value for variable in result.variables} == {variable.name for variable in in_scope(query)}
    for row in result:
        assert all(row[variable.name] is not None for variable in certain(query))


def test_free_variables_leave_out_what_a_subselect_keeps_to_itself():
    """A variable that a subselect does not project cannot be given a value from outside."""
    group = parse_query("SELECT * { ?a <p:p> ?b FILTER(?c > 1) { SELECT ?a { ?a <p:q> ?hidden } } }").where

    assert "a b c" == names(free_variables(group))
    assert "a b c hidden" == names(mentioned(group))


def test_fresh_is_none_of_those_used():
    """The stem is taken if it is free, else the first free number after it."""
    assert n.Variable("x") == fresh("x", [n.Variable("y")])
    assert n.Variable("x3") == fresh("x", [n.Variable("x"), n.Variable("x2")])


RENAMED = [
    ("SELECT ?a { ?a <p:p> ?b FILTER(?a > 1) }", "SELECT ?z { ?z <p:p> ?b FILTER(?z > 1) }"),
    ("SELECT ?a { { SELECT ?a { ?a <p:p> ?c } } }", "SELECT ?z { { SELECT ?z { ?z <p:p> ?c } } }"),
    (
        "SELECT ?a { ?a <p:p> 1 { SELECT ?b { ?b <p:p> ?a } } }",
        "SELECT ?z { ?z <p:p> 1 { SELECT ?b { ?b <p:p> ?a } } }",
    ),
    ("SELECT ?a { { SELECT ?a { ?a <p:p> ?z } } }", "SELECT ?z { { SELECT ?z { ?z <p:p> ?z2 } } }"),
    ("SELECT ?a { { SELECT * { ?a <p:p> 1 FILTER(?z) } } }", "SELECT ?z { { SELECT * { ?z <p:p> 1 FILTER(?z2) } } }"),
    ("SELECT (1 AS ?a) { BIND(2 AS ?b) }", "SELECT (1 AS ?z) { BIND(2 AS ?b) }"),
]


@pytest.mark.parametrize(("before", "after"), RENAMED)
def test_renaming_captures_nothing(before, after):
    """A private variable of a subselect keeps apart from outer ones of the same name, old or new."""
    assert parse_query(after) == rename(parse_query(before), {n.Variable("a"): n.Variable("z")})


def test_two_variables_can_change_places():
    """All names change at once."""
    a, b = n.Variable("a"), n.Variable("b")

    assert parse_query("SELECT ?b { ?b <p:p> ?a }") == rename(parse_query("SELECT ?a { ?a <p:p> ?b }"), {a: b, b: a})
