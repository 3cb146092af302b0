# SPDX-License-Identifier: Apache-2.0
"""Queries are run in a form of their own: with the same answers, shown by --explain, switched off by --no-rewrite."""

from __future__ import annotations

import subprocess
import sys

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from icsgraph.cli import app
from icsgraph.cli.queries import library
from icsgraph.queries import ask
from icsgraph.queries.rewriting import rewritten
from icsgraph.queries.run import bound_text, names_graphs

EX = "https://example.org/"
ABSENT = "SELECT ?a ?b { ?a ex:p ?b FILTER NOT EXISTS { ?a ex:q ?c . ?c ex:r ?b } }"
QUERIES = (
    ABSENT,
    "SELECT ?a { ?a ex:p ?b FILTER EXISTS { ?b ex:q ?c . ?c ex:r ?d } }",
    "SELECT ?a ?b { ?a ex:p ?b FILTER NOT EXISTS { ?a ex:q ?c . ?c ex:r ?d FILTER (?d != ?b) } }",
    "SELECT ?a ?b { ?a ex:p ?b OPTIONAL { ?b ex:q ?c } FILTER NOT EXISTS { ?c ex:r ?d . ?d ex:p ?a } }",
    "SELECT ?a { ?a ex:p ?b FILTER (?b = ex:n1 || EXISTS { ?b ex:q ?c . ?c ex:r ?a }) }",
    "SELECT ?a (COUNT(*) AS ?n) { ?a ex:p ?b FILTER NOT EXISTS { ?b ex:q ?c . ?c ex:q ?d } } GROUP BY ?a",
    "SELECT ?a ?yes { ?a ex:p ?b BIND (EXISTS { ?a ex:q ?c . ?c ex:r $node } AS ?yes) }",
    "SELECT * { ?a ex:p ?b FILTER NOT EXISTS { ?a ex:q $node . $node ex:r ?b } }",
    "ASK { ?a ex:p ?b FILTER NOT EXISTS { ?b ex:q ?c . ?c ex:r ?b } }",
)
node = st.integers(0, 4).map(lambda number: ox.NamedNode(f"{EX}n{number}"))
triple = st.builds(ox.Quad, node, st.sampled_from("pqr").map(lambda name: ox.NamedNode(EX + name)), node)


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """Keep forms in a folder of the test's own."""
    monkeypatch.setenv("ICSGRAPH_CACHE", str(tmp_path))


@pytest.mark.usefixtures("own_cache")
@pytest.mark.parametrize("query", QUERIES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(quads=st.lists(triple, max_size=25), bound=node)
def test_a_query_and_its_form_have_the_same_answers(query, quads, bound):
    """On random graphs, with a parameter bound, row for row."""
    store = ox.Store()
    store.extend(quads)
    text, bindings = f"PREFIX ex: <{EX}>\n{query}", {"node": bound}
    plain = ask(store, text, bindings)
    helped = ask(store, text, bindings, rewrite=lambda bare: rewritten(bare).text)

    assert plain.columns == helped.columns
    assert sorted(map(str, plain.rows)) == sorted(map(str, helped.rows))
    assert plain.digest == helped.digest


def test_stored_queries_that_have_exists_get_a_form():
    """Nearly all that have one of several patterns are replaced; each says for every EXISTS what became of it."""
    made = [rewritten(query.text) for query in library() if "EXISTS" in query.text]

    assert made
    assert any("replaced by" in note for each in made for note in each.notes)
    assert [] == [note for each in made for note in each.notes if note.startswith("runs as it stands")]


@pytest.mark.usefixtures("own_cache")
def test_a_form_is_kept():
    """The second time, nothing is read, and the form is the same."""
    text = bound_text(f"PREFIX ex: <{EX}>\n{ABSENT}", {})

    assert rewritten(text) == rewritten(text)


def test_what_cannot_be_read_runs_as_it_stands():
    """So that the store tells the error, with the line and column of what was typed."""
    made = rewritten("SELECT ?a { ?a FILTER NOT EXISTS { ?a }")

    assert "SELECT ?a { ?a FILTER NOT EXISTS { ?a }" == made.text
    assert made.notes[0].startswith("runs as it stands")


def test_explain_shows_the_form_and_why():
    """Nothing is run; --no-rewrite shows what was typed."""
    run, text = CliRunner().invoke, f"PREFIX ex: <{EX}> {ABSENT}"
    shown = run(app, ["query", "--explain", text])
    plain = run(app, ["query", "--explain", "--no-rewrite", text])
    without = run(app, ["query", "--explain", "SELECT ?a { ?a ?b ?c }"])

    assert [0, 0, 0] == [each.exit_code for each in (shown, plain, without)]
    assert shown.stdout.startswith("# EXISTS replaced by MINUS: ")
    assert "MINUS {" in shown.stdout
    assert ABSENT in plain.stdout
    assert without.stdout.startswith("# runs as it stands: it has no EXISTS")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("SELECT * { GRAPH ?g { ?s ?p ?o } }", True),
        ("select * from <https://example.org/g> { ?s ?p ?o }", True),
        ('SELECT * { ?s ?p "#1" GRAPH?g{?s ?p ?o} }', True),
        ("SELECT * { ?s ?p 1 FILTER(?p<1)graph?g{?s ?p ?o} }", True),
        ("# from the graph\nSELECT ?from ?graph { ?from ex:graph ?graph ; <https://example.org/graph> 'from' }", False),
        ("SELECT * { ?s ics:fromDay ?subgraph }", False),
    ],
)
def test_a_query_that_names_graphs_is_known(text, named):
    """By its words, and not by what only looks like them: it alone needs the graph of each file."""
    assert named == names_graphs(text)


def test_a_stored_query_brings_in_no_parser():
    """One without EXISTS is answered without what takes longer to import than to answer it."""
    asked = ["--as-at", "2024-06-01", "query", "strategy-copy-recipients", "-p", "icb=QNQ", "-f", "csv", "--no-page"]
    code = (
        f"import sys; from icsgraph.cli import app; app({asked}, standalone_mode=False); print(sorted("
        "{'icsgraph.algebra', 'rdflib', 'pyshacl', 'jinja2', 'SPARQLWrapper'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "[]" == done.stdout.splitlines()[-1]
