# SPDX-License-Identifier: Apache-2.0
"""Queries of a shapes graph, asked of all focus nodes at once: the rows are those of asking node by node."""

from __future__ import annotations

import pytest
from graphs import compiled, local, store_of

from icsgraph.model.errors import ShapesError
from icsgraph.shacl import compare, pyshacl_validate, validate

pytestmark = pytest.mark.filterwarnings("ignore")  # of pySHACL and rdflib

DATA = """ex:a a ex:C ; ex:p ex:x, ex:y ; ex:n 1, 2, 3 . ex:b a ex:C ; ex:p ex:x ; ex:n 5 . ex:c a ex:C .
ex:x ex:q ex:a ; ex:w 1 . ex:y ex:q ex:b ; ex:w 2 . ex:z ex:q ex:c ."""

JOINED = {
    "a triple": "SELECT $this ?value { $this ex:p ?value }",
    "a filter in a branch": "SELECT $this { { $this ex:p ex:y } UNION { FILTER ($this = ex:b) } }",
    "a filter in a group": "SELECT $this ?value { { ?value ex:q ?any . FILTER ($this != ?any) } }",
    "a filter in OPTIONAL": (
        "SELECT $this ?value { ?value ex:w ?w . OPTIONAL { ?value ex:q ?o . FILTER (?o = $this) } FILTER (!BOUND(?o)) }"
    ),
    "BIND": "SELECT $this ?value { BIND ($this AS ?that) ?value ex:q ?that }",
    "BIND in OPTIONAL": "SELECT $this ?value { OPTIONAL { BIND ($this AS ?value) ?value ex:p ex:x } }",
    "only OPTIONAL": "SELECT $this ?value { OPTIONAL { $this ex:p ?value } }",
    "OPTIONAL in a group": "SELECT $this ?value { { OPTIONAL { $this ex:p ?value } } }",
    "absence": "SELECT $this { FILTER NOT EXISTS { $this ex:p ?x . ?x ex:w 2 } }",
    "absence that reads outside": (
        "SELECT $this ?value { $this ex:n ?value . FILTER NOT EXISTS { $this ex:n ?m . FILTER (?m > ?value) } }"
    ),
    "absence in a branch": (
        "SELECT $this { { $this ex:p ex:x FILTER NOT EXISTS { $this ex:p ?v . ?v ex:q ?w } } UNION { $this ex:n 5 } }"
    ),
    "absence, two": (
        "SELECT $this ?value { ?value ex:q ?o . FILTER NOT EXISTS { $this ex:p ?x . ?x ex:q ?o } "
        "FILTER NOT EXISTS { $this ex:n ?n . ?value ex:w ?n } }"
    ),
    "GROUP BY": "SELECT $this (COUNT(?n) AS ?value) { $this ex:n ?n } GROUP BY $this HAVING (COUNT(?n) > 1)",
    "a subselect with DISTINCT": "SELECT $this ?value { { SELECT DISTINCT $this ?value { $this ex:p/ex:q ?value } } }",
    "a path": "SELECT $this ?value { $this (ex:p/ex:q)+ ?value }",
    "computed columns": "SELECT $this (STR(?x) AS ?value) (ex:p AS ?path) { $this ex:p ?x }",
    "every column": "SELECT * { $this ex:p ?value }",
    "names of our own": "SELECT $this (?x_1 AS ?value) { $this ex:p ?x_1 . ?x_1 ex:w ?x_2 FILTER (?x_2 > 1) }",
}
# rdflib loses what is bound beforehand in a subselect that groups: pySHACL has rows for ex:c, which has no number.
GROUPED = """SELECT $this ?value {
    ?value ex:w ?m { SELECT $this (MIN(?n) AS ?m) { $this ex:n ?n } GROUP BY $this } }"""
ONE_BY_ONE = {
    "LIMIT": "SELECT $this ?value { $this ex:n ?value } ORDER BY ?value LIMIT 1",
    "one total": "SELECT $this ?value { { SELECT $this (COUNT(?n) AS ?value) { $this ex:n ?n } } FILTER (?value < 2) }",
}


def shape(query: str, target: str = "sh:targetClass ex:C", rest: str = "") -> str:
    return f"ex:S {target} ; sh:sparql [ sh:prefixes ex: ; sh:select '''{query}''' ] {rest} ."


@pytest.mark.parametrize("name", JOINED)
@pytest.mark.parametrize("target", ["sh:targetClass ex:C", "sh:targetNode ex:a, ex:c, ex:nowhere"])
def test_joining_the_target_changes_no_row(name, target):
    """Both engines find the same, and nothing is run node by node."""
    shapes, store = compiled(shape(JOINED[name], target)), store_of(DATA)

    assert [query.template for query in shapes.queries] == [None]
    assert [str(each) for each in compare(validate(store, shapes), pyshacl_validate(store, shapes))] == []


def test_every_query_here_finds_something():
    """A query without a row would prove nothing."""
    store = store_of(DATA)

    assert [
        n for n in {**JOINED, **ONE_BY_ONE} if not validate(store, compiled(shape({**JOINED, **ONE_BY_ONE}[n])))
    ] == []


def test_a_subselect_groups_by_focus_node():
    """Each node has a group of its own, in one query for all."""
    shapes = compiled(shape(GROUPED))

    assert [query.template for query in shapes.queries] == [None]
    assert {(local(r.focus), local(r.value)) for r in validate(store_of(DATA), shapes)} == {("a", "x")}


@pytest.mark.parametrize("name", ONE_BY_ONE)
def test_what_is_no_join_is_run_node_by_node(name):
    """A limit and a total over nothing count for each node, so that the query is run for each."""
    shapes, store = compiled(shape(ONE_BY_ONE[name])), store_of(DATA)
    found = {(local(r.focus), local(r.value)) for r in validate(store, shapes)}

    assert {
        "LIMIT": {("a", "1"), ("b", "5")},
        "one total": {("b", "1"), ("c", "0")},
    }[name] == found


def test_a_blank_node_is_pre_bound_in_process():
    """The text of a query cannot name a blank node, and the store can be handed one."""
    shapes, store = compiled(shape(ONE_BY_ONE["LIMIT"])), store_of("[] a ex:C ; ex:n 7, 8 .")

    assert [local(r.value) for r in validate(store, shapes)] == ["7"]


def test_a_blank_node_that_no_text_can_name_is_an_error():
    """Over an endpoint, and where the query is no SPARQL before a constant stands for $this; it is not passed over."""
    with pytest.raises(ShapesError, match="E305"):
        validate(store_of("[] a ex:C ; ex:n 7 ."), compiled(shape(ONE_BY_ONE["one total"])))


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("SELECT $this { $this ex:p ?x MINUS { $this ex:q ?x } }", "MINUS"),
        ("SELECT $this { VALUES ?x { 1 } $this ex:p ?x }", "VALUES"),
        ("SELECT $this { SERVICE <http://x/> { $this ex:p ?x } }", "SERVICE"),
        ("SELECT $this { BIND (1 AS $this) }", "AS ?this"),
        ("SELECT $this { $this ex:p ?x { SELECT ?x { ?x ex:q ?y } } }", "a subselect without ?this"),
        ("SELECT ?x { ?x ex:q ?y }", "does not select $this"),
        ("ASK { $this ex:q ?y }", "another form"),
        ("SELECT $this { $this ex:p }", "sh:select"),
        ("SELECT $this { $this nope:p 1 }", "prefix nope: is not declared"),
    ],
)
def test_a_query_that_breaks_a_rule_is_named(query, what):
    """The error is E302, before anything is run."""
    with pytest.raises(ShapesError) as caught:
        compiled(shape(query))

    assert caught.value.code == "E302"
    assert what in caught.value.what


def test_a_query_in_a_shape_that_another_refers_to():
    """sh:node, sh:not and the rest see the outcome of a query for each value."""
    text = """ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:node ex:T ] ; sh:not ex:U .
        ex:T sh:sparql [ sh:prefixes ex: ; sh:select "SELECT $this { $this ex:q ?o . ?o a ex:C . $this ex:w 2 }" ] .
        ex:U sh:sparql [ sh:prefixes ex: ; sh:select "SELECT $this { $this ex:p ?x . ?x ex:w 2 }" ] ."""
    shapes, store = compiled(text), store_of(DATA)
    found = validate(store, shapes)

    assert not shapes.refused
    assert {("a", "y"), ("b", "b"), ("c", "c")} == {(local(r.focus), local(r.value)) for r in found}
    assert [str(each) for each in compare(found, pyshacl_validate(store, shapes))] == []


COMPONENT = """ex:K a sh:ConstraintComponent ;
    sh:parameter [ sh:path ex:limit ] , [ sh:path ex:unit ; sh:optional true ] ;
    sh:validator [ a sh:SPARQLAskValidator ; sh:prefixes ex: ; sh:message "{?value} of {$this} is over {?limit}." ;
      sh:ask '''%s''' ] .
    ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:n ; ex:limit 2 ] ."""


@pytest.mark.parametrize(
    "query",
    [
        "ASK { FILTER ($value <= $limit) }",
        "ASK { $this ex:n $value . FILTER ($value <= $limit && !BOUND($unit)) }",
        "ASK { { FILTER ($value <= $limit) } UNION { FILTER ($value > 1000) } }",
    ],
)
def test_a_constraint_component_with_an_ask_validator(query):
    """A value for which ASK says no is a result of the component, with its message filled in."""
    shapes, store = compiled(COMPONENT % query), store_of(DATA)
    found = validate(store, shapes)

    assert {"3 of http://example.org/a is over 2.", "5 of http://example.org/b is over 2."} == {
        r.message for r in found
    }
    assert {"http://example.org/K"} == {r.component for r in found}
    # pySHACL leaves out sh:value for an ASK validator on a property shape; the specification wants the value node.
    assert {r.focus for r in found} == {r.focus for r in pyshacl_validate(store, shapes)}


def test_messages_are_filled_in_from_every_column():
    """A result carries all that its query selected, and a message can use it."""
    text = """ex:S sh:targetClass ex:C ; sh:sparql [ sh:prefixes ex: ; sh:message "{$this} has {?x}, {?nothing}"@en ;
        sh:select "SELECT $this ?value ?x { $this ex:p ?value . ?value ex:w ?x }" ] ."""
    found = validate(store_of(DATA), compiled(text))

    assert ["http://example.org/a has 1, {?nothing}", "http://example.org/a has 2, {?nothing}"] == [
        r.message for r in found if local(r.focus) == "a"
    ]
    assert {"this", "value", "x"} == set(found.results[0].bindings)
    assert found.results[0].messages[0].language == "en"


def test_the_shapes_graph_can_be_asked_only_where_the_store_holds_it():
    """Without it the shape is refused by name, and pySHACL decides."""
    text = shape("SELECT $this { GRAPH $shapesGraph { $currentShape ex:only $this } }", rest="; ex:only ex:a")
    shapes = compiled(text)

    assert ["$shapesGraph" in refusal.reason for refusal in shapes.refused] == [True]
