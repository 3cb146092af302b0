# SPDX-License-Identifier: Apache-2.0
"""Values put in for variables, as SHACL does for $this: what is refused, and what comes out."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from rdflib import SH

from icsgraph.algebra import PreBindingRefused, parse_query, pre_bind, pre_binding_refusals
from icsgraph.algebra import nodes as n

THIS = n.Variable("this")
ALICE = n.IRI("e:alice")
SUITE = Path(__file__).resolve().parents[3] / "shared/suites/w3c-shacl/sparql/pre-binding"

REFUSED = [
    ("SELECT $this { $this ?p ?o MINUS { $this ?p 1 } }", "MINUS"),
    ("SELECT $this { VALUES ?any { true } }", "VALUES"),
    ("SELECT $this { $this ?p ?o } VALUES ?o { 1 }", "VALUES"),
    ("SELECT $this { $this ?p ?o SERVICE <a:b> { ?a ?b ?c } }", "SERVICE"),
    ("SELECT $this { $this ?p ?o { SELECT ?a { ?a ?b ?c } } }", "a subselect without ?this"),
    ("SELECT $this { BIND(true AS $this) }", "AS ?this"),
    ("SELECT (1 AS ?this) { ?s ?p ?o }", "AS ?this"),
    ("ASK { { SELECT * { FILTER($this = ?x) } } }", "a subselect without ?this"),
]


@pytest.mark.parametrize(("text", "form"), REFUSED)
def test_forms_that_forbid_pre_binding_are_named(text, form):
    """Each form that SHACL lists is refused by name."""
    with pytest.raises(PreBindingRefused) as caught:
        pre_bind(parse_query(text), {THIS: ALICE})

    assert ("E203", form) == (caught.value.code, caught.value.form)


def test_the_w3c_suite_is_judged_as_it_asks():
    """What the W3C suite expects to fail is refused, and what it runs is not, where the suite is at hand."""
    optional = [n.Variable("shapesGraph"), n.Variable("currentShape")]
    for file in SUITE.glob("*-00*.ttl"):
        graph = rdflib.Graph().parse(file)
        prologue = "PREFIX ex: <http://example.org/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
        for text in [*graph.objects(None, SH.select), *graph.objects(None, SH.ask)]:
            refused = pre_binding_refusals(
                parse_query(prologue + str(text), {"": str(file.as_uri())}),
                [THIS, *optional, *([n.Variable("value")] if "ASK" in text else [])],
                optional,
            )

            assert ("sht:Failure" in file.read_text(encoding="utf-8")) == bool(refused), file.name


BOUND = [
    ("SELECT $this ?o { $this <p:p> ?o }", "SELECT (<e:alice> AS ?this) ?o { <e:alice> <p:p> ?o }"),
    ("SELECT * { $this <p:p> ?o }", "SELECT (<e:alice> AS ?this) ?o { <e:alice> <p:p> ?o }"),
    ("ASK { FILTER(BOUND($this) && $this = ?x) }", "ASK { FILTER(true && <e:alice> = ?x) }"),
    ("ASK { { SELECT $this { $this <p:p> ?x } } }", "ASK { { SELECT (true AS ?row) { <e:alice> <p:p> ?x } } }"),
    ("ASK { { SELECT $this ?x { $this <p:p> ?x } } }", "ASK { { SELECT ?x { <e:alice> <p:p> ?x } } }"),
    ("ASK { FILTER NOT EXISTS { ?x <p:p> $this } }", "ASK { FILTER NOT EXISTS { ?x <p:p> <e:alice> } }"),
    ("SELECT ?o { $this <p:p> ?o } GROUP BY ?o $this", "SELECT ?o { <e:alice> <p:p> ?o } GROUP BY ?o (<e:alice>)"),
]


@pytest.mark.parametrize(("before", "after"), BOUND)
def test_a_value_stands_where_the_variable_stood(before, after):
    """The value is in patterns, expressions and inner queries; columns keep their names."""
    assert parse_query(after) == pre_bind(parse_query(before), {THIS: ALICE})


LITERAL = [
    ("ASK { $this <p:p> ?o }", "ASK { FILTER(false) }"),
    ("ASK { ?s $this ?o }", "ASK { FILTER(false) }"),
    ("ASK { GRAPH $this { ?s ?p ?o } }", "ASK { FILTER(false) }"),
    ("ASK { ?s ?p $this }", "ASK { ?s ?p 'x' }"),
    ("ASK { $this <p:p>* ?o }", "ASK { VALUES ?literal { 'x' } ?literal <p:p>* ?o }"),
]


@pytest.mark.parametrize(("before", "after"), LITERAL)
def test_a_literal_where_none_can_stand_matches_nothing(before, after):
    """A literal is no subject, property or graph: such a pattern never matches, except a path of no steps."""
    assert parse_query(after) == pre_bind(parse_query(before), {THIS: n.Literal("x")})
