# SPDX-License-Identifier: Apache-2.0
"""Likely slips and uses of the outside are found on the tree, each with a suggestion."""

from __future__ import annotations

import pytest

from icsgraph.algebra import (
    OutsideUse,
    Role,
    cartesian_products,
    lonely_variables,
    outside_uses,
    parse_query,
    terms,
)
from icsgraph.algebra import (
    nodes as n,
)


def test_a_variable_written_once_is_lonely():
    """A misspelt variable is met with the one that it looks like."""
    (misspelt, shown) = lonely_variables(parse_query("SELECT ?strategy { ?strateggy <p:p> ?x . ?x <p:q> 1 }"))

    assert ("strateggy", "strategy") == (misspelt.variable.name, shown.variable.name)
    assert "?strateggy is used once; is it ?strategy?" == misspelt.suggestion


def test_what_a_star_shows_is_not_lonely():
    """SELECT * shows a variable that is written once; one in a filter is not shown."""
    assert () == lonely_variables(parse_query("SELECT * { ?s <p:p> ?o }"))
    assert [n.Variable("z")] == [
        each.variable for each in lonely_variables(parse_query("SELECT * { ?s <p:p> 1 FILTER(?z) }"))
    ]


PRODUCTS = [
    ("?a <p:p> ?b . ?c <p:q> ?d", 2),
    ("?a <p:p> ?b . ?b <p:q> ?c", 0),
    ("?a <p:p> ?b . ?c <p:q> ?d FILTER(?b < ?d)", 0),
    ("?a <p:p> ?b . ?c <p:q> ?d . ?e <p:q> ?a", 2),
    ("?a <p:p> _:x . _:x <p:q> ?d", 0),
    ("?a <p:p> ?b OPTIONAL { ?c <p:q> ?d }", 2),
    ("?a <p:p> ?b . <a:a> <p:q> 1", 0),
    ("?a <p:p> ?b . ?c <p:q> ?d . BIND(?a + ?c AS ?e)", 0),
    ("{ ?a <p:p> 1 . ?b <p:q> 2 . ?c <p:q> 3 } UNION { ?a ?b ?c }", 3),
]


@pytest.mark.parametrize(("group", "parts"), PRODUCTS)
def test_patterns_that_nothing_joins_are_found(group, parts):
    """A group whose patterns share no variable, even by way of a filter, is a product."""
    found = cartesian_products(parse_query(f"SELECT * {{ {group} }}"))

    assert ([parts] if parts else []) == [len(each.parts) for each in found]


def test_a_product_says_what_is_apart():
    """The suggestion names the variables of each part."""
    (product,) = cartesian_products(parse_query("SELECT * { ?a <p:p> ?b . ?c <p:q> ?d }"))

    assert (
        "Nothing joins the patterns those with ?a, ?b and those with ?c, ?d; "
        "add a pattern with a variable of each, or a filter."
    ) == product.suggestion


def test_uses_of_the_outside_are_found_at_any_depth():
    """SERVICE inside EXISTS counts, and so does each FROM."""
    query = parse_query("ASK FROM <a:g> FROM NAMED <a:h> { ?s ?p ?o FILTER EXISTS { SERVICE ?e { ?s ?p ?o } } }")

    assert {
        OutsideUse("FROM", n.IRI("a:g")),
        OutsideUse("FROM NAMED", n.IRI("a:h")),
        OutsideUse("SERVICE", n.Variable("e")),
    } == set(outside_uses(query))


def test_terms_have_their_roles():
    """An IRI is a class after the last step of a path, a property inside a path, and so on."""
    query = parse_query(
        """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX : <e:>
        SELECT * FROM <e:data> { ?x a/rdfs:subClassOf* :Class ; ^:inverse :thing ; !(:not|^:nor) "1"^^:type .
          GRAPH :graph { ?x :p ?y } FILTER(?y = :compared || ?y IN (:listed)) FILTER(:function(?y))
          VALUES ?y { :value } }"""
    )
    found = {use.iri.value.removeprefix("e:"): use.role for use in terms(query) if use.iri.value.startswith("e:")}

    assert {
        "data": Role.GRAPH, "Class": Role.CLASS, "inverse": Role.PROPERTY, "thing": Role.INDIVIDUAL,
        "not": Role.PROPERTY, "nor": Role.PROPERTY, "type": Role.DATATYPE, "graph": Role.GRAPH, "p": Role.PROPERTY,
        "compared": Role.INDIVIDUAL, "listed": Role.INDIVIDUAL, "function": Role.FUNCTION, "value": Role.INDIVIDUAL,
    } == found  # fmt: skip
