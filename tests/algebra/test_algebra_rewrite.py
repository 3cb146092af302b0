# SPDX-License-Identifier: Apache-2.0
"""Queries with EXISTS give the same answers after rewriting, and each decision says why."""

from __future__ import annotations

from collections import Counter

import pyoxigraph
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from icsgraph.algebra import NotRewritten, Rewrite, parse_query, rewrite_exists, to_text
from icsgraph.algebra import nodes as n

E = "http://example.org/"
NODES = [n.IRI(E + name) for name in "abc"]
PROPERTIES = [n.IRI(E + name) for name in "pqr"]
OUTER = [n.Variable(name) for name in ("x", "y", "z")]
INNER = [n.Variable(name) for name in ("u", "v")]
MANY = settings(deadline=None, max_examples=400, suppress_health_check=list(HealthCheck))


def triples(variables):
    """Triples over a few variables, now and then a constant."""
    terms = st.sampled_from([*variables, *variables, *NODES[:1]])
    return st.builds(n.Triple, terms, st.sampled_from(PROPERTIES) | paths(), terms)


def paths():
    """Paths of two steps, there and back, and of three."""
    step = st.sampled_from(PROPERTIES)
    back = st.builds(n.InversePath, step)
    two = st.builds(lambda *parts: n.SequencePath(parts), step | back, step | back)
    return two | st.builds(n.InversePath, two) | st.builds(lambda *parts: n.SequencePath(parts), step, two)


def conditions(variables):
    """Filters that compare, test or bind nothing."""
    each = st.sampled_from(variables)
    compared = st.builds(n.Comparison, st.sampled_from(["=", "!="]), each, each | st.sampled_from(NODES))
    bound = st.builds(lambda variable: n.BuiltIn("BOUND", (variable,)), each)
    return compared | bound | st.builds(lambda inner: n.Unary("!", inner), compared | bound)


@st.composite
def bodies(draw, depth=1):
    """Bodies of EXISTS: mostly triples, sometimes forms for which nothing can be done."""
    variables = [*OUTER, *INNER]
    elements = draw(st.lists(triples(variables), min_size=1, max_size=3))
    if draw(st.booleans()):
        elements.append(n.Filter(draw(conditions(variables))))
    extra = draw(st.integers(0, 9))
    group = n.Group((draw(triples(variables)),))
    if extra == 0:
        elements.append(n.Optional(group))
    elif extra == 1:
        elements.append(n.Union((group, n.Group((draw(triples(variables)), n.Filter(draw(conditions(variables))))))))
    elif extra == 2:
        elements.append(n.Minus(group))
    elif extra == 3 and depth:
        elements.append(n.Filter(n.Exists(draw(bodies(0)), draw(st.booleans()))))
    elif extra == 4:
        elements.append(n.Group((*group.elements, n.Filter(draw(conditions(variables))))))
    return n.Group(tuple(elements))


@st.composite
def plain_queries(draw):
    """Queries as people write them: a node that is met from outside, perhaps a value that is not always there."""
    x, y, z, u, v = *OUTER, *INNER
    property_ = st.sampled_from(PROPERTIES)
    elements = [n.Triple(x, draw(property_), y)]
    if draw(st.booleans()):
        elements.append(n.Optional(n.Group((n.Triple(draw(st.sampled_from([x, y])), draw(property_), z),))))
    body = [n.Triple(u, draw(property_), x), n.Triple(u, draw(property_), draw(st.sampled_from([y, z, v])))]
    if draw(st.booleans()):
        compared = (draw(st.sampled_from([u, v, z])), draw(st.sampled_from([y, z, v])))
        body.append(n.Filter(n.Comparison(draw(st.sampled_from(["=", "!="])), *compared)))
    exists = n.Filter(n.Exists(n.Group(tuple(body)), draw(st.booleans())))
    if draw(st.integers(0, 3)) == 0:
        elements = [n.Triple(y, draw(property_), z), n.Optional(n.Group((*elements, exists)))]
    else:
        elements.append(exists)
    return n.Select(where=n.Group(tuple(elements)))


@st.composite
def groups(draw, depth=2):
    """Groups with an EXISTS somewhere, between patterns that bind certainly, perhaps or not at all."""
    elements = draw(st.lists(triples(OUTER), min_size=1, max_size=2))
    inner = groups(depth - 1) if depth else st.builds(lambda triple: n.Group((triple,)), triples(OUTER))
    for _ in range(draw(st.integers(0, 1))):
        kind = draw(st.sampled_from([n.Optional, n.Minus, n.Group, n.Union, n.SubSelect, n.Bind]))
        if kind is n.Union:
            elements.append(n.Union((draw(inner), draw(inner))))
        elif kind is n.SubSelect:
            columns = tuple(draw(st.lists(st.sampled_from(OUTER), min_size=1, max_size=2, unique=True)))
            elements.append(n.SubSelect(n.Select(where=draw(inner), projection=draw(st.sampled_from([columns, ()])))))
        elif kind is n.Bind:
            elements.insert(0, n.Bind(draw(st.sampled_from(NODES)), n.Variable(f"k{depth}")))
        else:
            group = draw(inner)
            elements.append(group if kind is n.Group else kind(group))
    exists = n.Exists(draw(bodies()), draw(st.booleans()))
    shape = draw(st.integers(0, 5))
    if shape == 0:
        elements.append(n.Filter(n.Or((exists, draw(conditions(OUTER))))))
    elif shape == 1:
        elements.append(n.Filter(n.And((exists, draw(conditions(OUTER))))))
    else:
        elements.append(n.Filter(exists))
    return n.Group(tuple(elements))


def queries():
    """Queries whose answers are rows: all columns, some columns, and counts."""
    columns = st.lists(st.sampled_from([*OUTER, *INNER]), min_size=1, max_size=3, unique=True).map(tuple)
    counted = st.just((n.Assignment(n.Aggregate("COUNT"), n.Variable("count")),))
    return st.builds(
        lambda where, projection: n.Select(where=where, projection=projection),
        groups(),
        st.just(()) | columns | counted,
    )


DATA = st.sets(st.sampled_from([(a, p, b) for a in NODES for p in PROPERTIES for b in NODES]), max_size=18)


def answers(query, data):
    """The rows of a query as a multiset of what each binds."""
    store = pyoxigraph.Store()
    for row in data:
        store.add(pyoxigraph.Quad(*(pyoxigraph.NamedNode(term.value) for term in row)))
    result = store.query(to_text(query))
    names = [variable.value for variable in result.variables]
    return Counter(frozenset((name, str(row[name])) for name in names if row[name] is not None) for row in result)


@MANY
@given(queries() | plain_queries() | plain_queries(), DATA)
def test_answers_stay_the_same(query, data):
    """Rewriting changes neither the rows nor how often each occurs."""
    rewriting = rewrite_exists(query)
    for decision in rewriting.decisions:
        event(decision.kind if isinstance(decision, Rewrite) else "not rewritten")

    assert answers(query, data) == answers(rewriting.query, data)


def test_columns_of_a_star_stay_the_same():
    """SELECT * shows no variable that rewriting brought in."""
    query = parse_query("SELECT * { ?x <a:p> ?y FILTER NOT EXISTS { ?u <a:q> ?x . ?u <a:r> ?v FILTER(?v != ?y) } }")
    rewritten = rewrite_exists(query).query

    assert (n.Variable("x"), n.Variable("y")) == rewritten.projection


KINDS = [
    ("minus", "?s <a:p> ?o FILTER NOT EXISTS { ?g <a:q> ?s . ?g <a:r> ?o }"),
    ("minus", "?s <a:p> ?o FILTER NOT EXISTS { ?g <a:q> ?s . ?g <a:r> ?t FILTER(?t != ?s) }"),
    ("minus", "?s <a:p> ?o FILTER NOT EXISTS { { ?g <a:q> ?s . ?g a <a:C> } UNION { ?g <a:r> ?s } }"),
    ("optional", "?s <a:p> ?o FILTER NOT EXISTS { ?g <a:q> ?s . ?g <a:r> ?t FILTER(?t > ?o) }"),
    ("join", "?s <a:p> ?o FILTER EXISTS { ?g <a:q> ?s . ?g <a:r> ?o }"),
    ("nested", "?s <a:p> ?o FILTER EXISTS { ?g <a:q> ?s . ?g <a:r> ?t FILTER(?t > ?o) }"),
    ("nested", "?s <a:p> ?o FILTER(?o = 1 || NOT EXISTS { ?g <a:q> ?s . ?g <a:r> ?o })"),
    ("minus", "?s <a:p> ?o FILTER NOT EXISTS { ?s <a:q>/^<a:r> ?o }"),
    ("nested", "?s <a:p> ?o FILTER(?o = 1 || EXISTS { ?s <a:q>/<a:r>/^<a:t> ?o })"),
    ("nested", "?s <a:p> ?o BIND(EXISTS { ?g <a:q> ?s . ?g <a:r> ?o } AS ?b)"),
    ("nested", "?s <a:p> ?o OPTIONAL { ?s <a:t> ?w FILTER NOT EXISTS { ?g <a:q> ?w . ?g <a:r> ?o } }"),
]


@pytest.mark.parametrize(("kind", "group"), KINDS, ids=[f"{kind}-{at}" for at, (kind, _) in enumerate(KINDS)])
def test_the_form_that_is_safe_is_taken(kind, group):
    """Each form is taken where it is safe, and says why."""
    (decision,) = rewrite_exists(parse_query(f"SELECT ?s {{ {group} }}")).decisions

    assert isinstance(decision, Rewrite)
    assert (kind, True) == (decision.kind, bool(decision.why))


LEFT = [
    ("OPTIONAL", "?s <a:p> ?o FILTER NOT EXISTS { ?g <a:q> ?s OPTIONAL { ?g <a:r> ?o } }"),
    ("MINUS", "?s <a:p> ?o FILTER NOT EXISTS { ?g <a:q> ?s . ?g <a:r> ?t MINUS { ?g <a:t> ?o } }"),
    ("RAND", "?s <a:p> ?o FILTER NOT EXISTS { ?g <a:q> ?s . ?g <a:r> ?t FILTER(RAND() > 0.5) }"),
    ("shares no variable", "?s <a:p> ?o FILTER NOT EXISTS { ?g <a:q> ?h . ?g <a:r> ?i }"),
    (
        "looks at ?o outside",
        "?s <a:p> ?o FILTER EXISTS { ?s <a:q> ?s FILTER(?o = ?o) { ?s <a:r> ?s } UNION { ?s <a:r> ?o } }",
    ),
    ("a subselect", "?s <a:p> ?o FILTER NOT EXISTS { ?g <a:q> ?s . { SELECT ?g { ?g <a:r> ?x } LIMIT 1 } }"),
]


@pytest.mark.parametrize(("reason", "group"), LEFT, ids=[reason for reason, _ in LEFT])
def test_what_is_not_proved_safe_stays(reason, group):
    """What cannot be proved safe is left as it is, and the reason names what stands in the way."""
    query = parse_query(f"SELECT ?s {{ {group} }}")
    rewriting = rewrite_exists(query)
    (decision,) = rewriting.decisions

    assert isinstance(decision, NotRewritten)
    assert reason in decision.reason
    assert query == rewriting.query


def test_what_only_a_filter_makes_certain_is_not_joined():
    """A row whose ?o is unbound is dropped by the filter on ?o; a join would have bound ?o before, and kept the row."""
    query = parse_query(
        "SELECT * { ?s <a:p> ?x OPTIONAL { ?s <a:q> ?o } FILTER(?o != <a:1>)"
        " FILTER EXISTS { ?g <a:r> ?o . ?g <a:t> ?s } }"
    )
    a = {name: n.IRI("a:" + name) for name in "pqrtsxgo"}
    data = {(a["s"], a["p"], a["x"]), (a["g"], a["r"], a["o"]), (a["g"], a["t"], a["s"])}
    rewriting = rewrite_exists(query)

    assert ["nested"] == [decision.kind for decision in rewriting.decisions]
    assert answers(query, data) == answers(rewriting.query, data) == Counter()


def test_a_body_of_one_pattern_is_left_without_a_word():
    """One pattern is looked up quickly as it is: nothing is done, and nothing said."""
    query = parse_query("SELECT ?s { ?s <a:p> ?o FILTER NOT EXISTS { ?g <a:q> ?s FILTER(?g != ?o) } }")

    assert (query, ()) == (rewrite_exists(query).query, rewrite_exists(query).decisions)


def test_an_exists_inside_an_exists_is_rewritten_too():
    """The inner EXISTS is no longer inside one once the outer has become MINUS, and is rewritten in its turn."""
    query = parse_query(
        "SELECT ?s { ?s <a:p> ?o FILTER NOT EXISTS { ?g <a:q> ?s . ?g a <a:G> "
        "FILTER NOT EXISTS { ?h <a:r> ?g . ?h a <a:H> } } }"
    )

    assert ["minus", "minus"] == [decision.kind for decision in rewrite_exists(query).decisions]


def test_rewriting_twice_changes_nothing_more():
    """What rewriting gives holds nothing that it would rewrite."""
    for _, group in KINDS:
        once = rewrite_exists(parse_query(f"SELECT ?s {{ {group} }}")).query

        assert once == rewrite_exists(once).query
