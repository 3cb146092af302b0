# SPDX-License-Identifier: Apache-2.0
"""Queries with OPTIONAL and EXISTS of several triples give the same answers when things are looked up step by step."""

from __future__ import annotations

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from test_algebra_rewrite import DATA, INNER, MANY, OUTER, answers, conditions, plain_queries, queries, triples

from icsgraph.algebra import nodes as n
from icsgraph.algebra import parse_query, rewrite_exists, to_text
from icsgraph.algebra.lookups import as_lookups
from icsgraph.shacl.probes import probe_of


@st.composite
def optionals(draw):
    """Queries with one OPTIONAL or two, of several triples and a filter, after a triple or a UNION."""
    few = st.lists(triples(OUTER[:2]), min_size=1, max_size=2).map(lambda found: n.Group(tuple(found)))
    elements = list(draw(few).elements)
    if draw(st.booleans()):
        elements.append(n.Union((draw(few), draw(few))))
    for _ in range(draw(st.integers(1, 2))):
        inside = draw(st.lists(triples([*OUTER, *INNER]), min_size=2, max_size=4))
        if draw(st.booleans()):
            inside.append(n.Filter(draw(conditions([*OUTER, *INNER]))))
        elements.append(n.Optional(n.Group(tuple(inside))))
    if draw(st.booleans()):
        elements.append(n.Filter(draw(conditions([*OUTER, *INNER]))))
    return n.Select(where=n.Group(tuple(elements)), projection=(*OUTER, *INNER))


@MANY
@given(optionals() | optionals() | queries() | plain_queries(), DATA)
def test_answers_stay_the_same(query, data):
    """Looking up changes neither the rows nor how often each occurs, alone and with EXISTS rewritten afterwards."""
    stepwise = as_lookups(query)
    event("changed" if stepwise != query else "left")

    assert answers(query, data) == answers(stepwise, data)
    assert answers(query, data) == answers(rewrite_exists(stepwise).query, data)


@MANY
@given(optionals(), DATA)
def test_a_probe_has_a_row_where_the_query_has(query, data):
    """A probe is empty for exactly the data for which its query is."""
    probe = probe_of(query)
    event("probed" if probe else "nothing to leave out")

    if probe is not None:
        alone = n.Select(where=probe.where, projection=(), limit=1)
        assert bool(answers(query, data)) == bool(answers(alone, data))


FORMS = [
    ("OPTIONAL { ?s <a:q> ?a . ?s <a:r> ?b }",
     "OPTIONAL { ?s <a:q> ?a . OPTIONAL { ?s <a:r> ?b . } FILTER BOUND(?b) }"),
    ("OPTIONAL { ?a <a:q> ?s . ?a a <a:C> }",
     "OPTIONAL { ?a <a:q> ?s . FILTER EXISTS { ?a a <a:C> . } }"),
    ("OPTIONAL { ?a <a:q> ?s . ?a a <a:C> . ?a <a:r> ?b FILTER(?b > 1) }",
     "OPTIONAL { ?a <a:q> ?s . OPTIONAL { ?a <a:r> ?b . } FILTER BOUND(?b) "
     "FILTER IF(BOUND(?b), EXISTS { ?a a <a:C> . }, false) FILTER (?b > 1) }"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "stepwise"), FORMS)
def test_an_optional_becomes_steps(written, stepwise):
    """Each triple that brings a variable is a step, and each other a test."""
    found = to_text(as_lookups(parse_query(f"SELECT ?s {{ ?s <a:p> ?o . {written} }}")))

    assert f"SELECT ?s WHERE {{ ?s <a:p> ?o . {stepwise} }}" == " ".join(found.split())


LEFT = {
    "nothing is known at first": "?s <a:p> ?o OPTIONAL { ?a <a:q> ?b . ?b <a:r> ?c }",
    "the last may be bound before": "?s <a:p> ?o OPTIONAL { ?s <a:t> ?b } OPTIONAL { ?s <a:q> ?a . ?a <a:r> ?b }",
    "a test is a path": "?s <a:p> ?o OPTIONAL { ?s <a:q> ?a . ?s <a:r>|<a:t> ?a }",
    "there is a blank node": "?s <a:p> ?o OPTIONAL { ?s <a:q> _:b . _:b <a:r> ?a }",
    "it holds more than triples": "?s <a:p> ?o OPTIONAL { ?s <a:q> ?a . ?a <a:r> ?b { ?b <a:t> ?c } }",
}


@pytest.mark.parametrize("group", LEFT.values(), ids=LEFT)
def test_what_is_not_shown_to_be_the_same_stays(group):
    """An OPTIONAL stays as it is where steps could give other rows, or would look up nothing."""
    query = parse_query(f"SELECT ?s {{ {group} }}")

    assert query == as_lookups(query)


def test_a_probe_leaves_out_what_fills_in_messages():
    """OPTIONAL and BIND that only columns need are left out, one needed by a filter stays."""
    query = parse_query("""SELECT ?this ?name ?day { ?this <a:p> ?o OPTIONAL { ?this <a:q> ?day } FILTER(?day > 1)
        OPTIONAL { ?o <a:label> ?label } BIND(COALESCE(?label, STR(?o)) AS ?name) }""")
    wanted = "SELECT ?this WHERE { ?this <a:p> ?o . OPTIONAL { ?this <a:q> ?day . } FILTER (?day > 1) } LIMIT 1"

    probe = probe_of(query)

    assert probe is not None
    assert wanted == " ".join(to_text(probe).split())
    assert probe_of(probe) is None
