# SPDX-License-Identifier: Apache-2.0
"""Text to tree to text to tree: nothing is lost, and the engines read the text."""

from __future__ import annotations

import runpy
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from algebra_trees import queries
from hypothesis import HealthCheck, given, settings
from rdflib import SH
from rdflib.plugins.sparql.parser import parseQuery

from icsgraph.algebra import nodes as n
from icsgraph.algebra import parse_query, to_text, transform, walk

SHARED = Path(__file__).resolve().parents[3] / "shared"
CASES = [
    tuple(case.split("\n", 1))
    for case in (Path(__file__).parent / "grammar_cases.rq").read_text(encoding="utf-8").split("\n## ")[1:]
]
SLOW = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def read_by_oxigraph(text: str) -> None:
    """Raise SyntaxError unless pyoxigraph reads the text as a query."""
    pyoxigraph.Store().query(text)


@pytest.mark.parametrize(("name", "text"), CASES, ids=[name for name, _ in CASES])
def test_a_query_survives_writing(name, text):
    """A hand-written query for each production of the grammar gives the same tree after writing."""
    tree = parse_query(text)

    assert tree == parse_query(to_text(tree))


@pytest.mark.parametrize(("name", "text"), CASES, ids=[name for name, _ in CASES])
def test_both_engines_read_what_is_written(name, text):
    """pyoxigraph and rdflib read the text that is written for each hand-written query."""
    written = to_text(parse_query(text))

    # rdflib's own parser does not end on a SERVICE in a SERVICE, however it is written.
    if name != "service in service":
        parseQuery(written)
    if "SERVICE" not in written and "example.org/function" not in written:
        read_by_oxigraph(written)


def test_the_cases_hold_every_kind_of_node():
    """No kind of node is left out of the hand-written cases."""
    seen = {type(node) for _, text in CASES for node in walk(parse_query(text))}

    assert {kind for kind in vars(n).values() if isinstance(kind, type) and issubclass(kind, n.Node)} - {
        n.Node,
        n.Query,
    } == seen


@SLOW
@given(queries(service=True))
def test_any_tree_survives_writing(tree):
    """A tree that nobody would write gives the same tree after writing."""
    assert tree == parse_query(to_text(tree))


@SLOW
@given(queries())
def test_both_engines_read_any_tree(tree):
    """pyoxigraph and rdflib read the text of any tree."""
    written = to_text(tree)

    parseQuery(written)
    read_by_oxigraph(written)


def test_oxigraph_gives_strings_the_same_values():
    """Escapes mean to pyoxigraph and rdflib what they mean to the tree."""
    for value in ('a"b', "\\u0041", "\\\\u0041", "\t\r\n\b\f", "é\U0001f600", "'''\"\"\"", "\\"):
        tree = n.Select(projection=(n.Assignment(n.Literal(value), n.Variable("x")),))
        (row,) = pyoxigraph.Store().query(to_text(tree))
        (other,) = rdflib.Graph().query(to_text(tree))

        assert (value, value) == (row["x"].value, str(other[0]))


def test_queries_of_others_survive():
    """The queries of the W3C SHACL suite and of the engine comparison survive, where they lie beside the checkout."""
    for text in _queries_of_others():
        tree = parse_query(text, prefixes={"sh": "http://www.w3.org/ns/shacl#", "ex": "http://example.org/"})

        assert tree == parse_query(to_text(tree))


def _queries_of_others():
    for file in sorted(SHARED.glob("suites/w3c-shacl/sparql/**/*.ttl")):
        graph = rdflib.Graph().parse(file)
        declared = {
            str(graph.value(each, SH.prefix)): str(graph.value(each, SH.namespace))
            for each in graph.subjects(SH.namespace)
        }
        prologue = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in declared.items())
        for predicate in (SH.select, SH.ask):
            yield from (prologue + str(text).replace("$PATH", "ex:path") for text in graph.objects(None, predicate))
    if (SHARED / "engines" / "queries.py").exists():
        yield from (text for _, text in runpy.run_path(str(SHARED / "engines" / "queries.py"))["QUERIES"])


def test_a_long_block_of_triples_is_read():
    """A thousand triples in one block do not meet a recursion limit."""
    tree = parse_query("ASK { " + "?s ?p ?o . " * 1000 + "}")

    assert len(tree.where.elements) == 1000


def test_transform_without_change_gives_the_same_object():
    """A rebuild that changes nothing keeps the tree itself, so that callers can tell by identity."""
    tree = parse_query("SELECT * { ?s ?p ?o FILTER(?o > 1 || EXISTS { ?o ?p 'x' }) }")

    assert tree is transform(tree, lambda node: node)
