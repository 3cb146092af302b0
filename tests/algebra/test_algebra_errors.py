# SPDX-License-Identifier: Apache-2.0
"""Texts that are no query: the place, the token and what to do are named."""

from __future__ import annotations

import pytest

from icsgraph.algebra import QuerySyntaxError, UndeclaredPrefix, UpdateRefused, parse_query
from icsgraph.algebra.iris import resolve
from icsgraph.model.errors import QueryError

PLACES = [
    ("SELECT * {\n  ?s ?p\n}", 3, 1, "}"),
    ("SELECT * { ?s ?p ?o } }", 1, 23, "}"),
    ("SELECT * WHERE { ?s ?p ?o", 1, 26, ""),
    ("SELECT ?x WHRE { ?x ?p ?o }", 1, 11, "WHRE"),
    ("SELECT ?x WHERE { ?x ?p ?o FILTER(?x > ) }", 1, 40, ")"),
    ("SELECT ?x { ?x ?p ?o FILTER ?x > 3 }", 1, 29, "?x"),
    ("SELECT ?x {\n  ?x ?p 'é\\u00e9' . # a comment\n  ?x ?p ]\n}", 3, 9, "]"),
    ("SELECT * { ?s ?p 'open }", 1, 18, "'open"),
    ("SELECT * { ?s ?p 'bad \\d escape' }", 1, 18, "'bad \\d escape'"),
    ("", 1, 1, ""),
    ("PREFIX a: <a:b>", 1, 16, ""),
    ("SELECT * { <relative> ?p ?o }", 1, 12, "<relative>"),
]


@pytest.mark.parametrize(("text", "line", "column", "token"), PLACES)
def test_a_syntax_error_names_the_place(text, line, column, token):
    """Line and column are those of the first thing that makes no sense, whatever escapes and comments stand before."""
    with pytest.raises(QuerySyntaxError) as caught:
        parse_query(text)

    assert ("E201", line, column, token) == (
        caught.value.code, caught.value.line, caught.value.column, caught.value.token,
    )  # fmt: skip


def test_a_misspelt_keyword_is_recognised():
    """A word that looks like a keyword that could stand there is met with that keyword."""
    with pytest.raises(QuerySyntaxError) as caught:
        parse_query("SELECT ?x WHRE { ?x ?p ?o }")

    assert "E201: query:1:11: 'WHRE' cannot stand here\n  Did you mean WHERE?" == str(caught.value)


def test_what_is_open_is_named():
    """A query that ends too early is met with the brackets to close, innermost first."""
    with pytest.raises(QuerySyntaxError) as caught:
        parse_query("SELECT * { ?s ?p ?o FILTER(?o = '}' ")

    assert "Close what is open: )}" == caught.value.mend


def test_an_undeclared_prefix_has_its_own_error():
    """The place is that of the name, not of a comment or string with the same letters; near prefixes are named."""
    text = "PREFIX icsg: <http://example.org/>\n# ics:note\nSELECT * { ?s ?p 'ics:x' ; ics:name ?n }"

    with pytest.raises(UndeclaredPrefix) as caught:
        parse_query(text, prefixes={"rdfs": "http://www.w3.org/2000/01/rdf-schema#"})
    assert ("ics", ("icsg",), 3, 28) == (
        caught.value.prefix, caught.value.near, caught.value.line, caught.value.column,
    )  # fmt: skip


def test_prefixes_given_beside_the_query_count_as_declared():
    """A prefix that the caller gives is known, and one that the query declares wins over it."""
    given = {"ex": "http://example.org/given/"}

    assert "http://example.org/given/x" == parse_query("ASK { ex:x ?p ?o }", given).where.elements[0].subject.value
    assert "urn:x" == parse_query("PREFIX ex: <urn:> ASK { ex:x ?p ?o }", given).where.elements[0].subject.value


UPDATES = [
    ("INSERT DATA { <a:b> <a:c> <a:d> }", ("INSERT DATA",)),
    (
        "PREFIX x: <a:> # SELECT\nDELETE { ?s ?p ?o } INSERT { ?s x:p ?o } WHERE { ?s ?p ?o } ; DROP ALL",
        ("DELETE/INSERT", "DROP"),
    ),
    ("LOAD <http://example.org/>", ("LOAD",)),
    ("CLEAR DEFAULT", ("CLEAR",)),
]


@pytest.mark.parametrize(("text", "operations"), UPDATES)
def test_an_update_is_refused_as_one(text, operations):
    """An update is told from a query by reading it, so that comments and prefixes before it do not hide it."""
    with pytest.raises(UpdateRefused) as caught:
        parse_query(text)

    assert ("E202", operations) == (caught.value.code, caught.value.operations)


def test_a_query_that_speaks_of_inserting_is_no_update():
    """A word is not taken for an operation."""
    assert parse_query("SELECT ?INSERT { ?INSERT <a:DELETE> 'DROP ALL' }")


def test_rows_that_do_not_fit_are_refused():
    """A row of VALUES with too few values is an error of the query."""
    with pytest.raises(QueryError, match="one value"):
        parse_query("SELECT * { VALUES (?a ?b) { (1) } }")


def test_what_is_nested_too_deeply_is_refused():
    """Brackets beyond what Python's stack holds are an error of the query, not of the program."""
    with pytest.raises(QuerySyntaxError, match="nested too deeply"):
        parse_query("ASK { FILTER(" + "(" * 400 + "1" + ")" * 400 + ")}")


# Source: https://www.rfc-editor.org/rfc/rfc3986#section-5.4
RFC = {
    "g:h": "g:h", "g": "http://a/b/c/g", "./g": "http://a/b/c/g", "g/": "http://a/b/c/g/", "/g": "http://a/g",
    "//g": "http://g", "?y": "http://a/b/c/d;p?y", "g?y": "http://a/b/c/g?y", "#s": "http://a/b/c/d;p?q#s",
    "g#s": "http://a/b/c/g#s", ";x": "http://a/b/c/;x", "": "http://a/b/c/d;p?q", ".": "http://a/b/c/",
    "./": "http://a/b/c/", "..": "http://a/b/", "../g": "http://a/b/g", "../..": "http://a/", "../../g": "http://a/g",
    "../../../g": "http://a/g", "/./g": "http://a/g", "/../g": "http://a/g", "g.": "http://a/b/c/g.",
    "..g": "http://a/b/c/..g", "./../g": "http://a/b/g", "./g/.": "http://a/b/c/g/", "g/../h": "http://a/b/c/h",
    "g?y/../x": "http://a/b/c/g?y/../x",
}  # fmt: skip


@pytest.mark.parametrize(("iri", "expected"), RFC.items())
def test_relative_iris_are_resolved_as_the_rfc_says(iri, expected):
    """The examples of RFC 3986 section 5.4 come out as it lists them."""
    assert expected == resolve(iri, "http://a/b/c/d;p?q")
