# SPDX-License-Identifier: Apache-2.0
"""Queries of one's own put to an endpoint: rows with names, triples, a yes or no, and no promise to be whole."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pyoxigraph as ox
import pytest

from icsgraph.queries.endpoint import _limited

ROOT = Path(__file__).resolve().parents[2]
DATA = """@prefix ics: <https://w3id.org/icsgraph/def/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://example.org/n> a ics:Norm ; rdfs:label "a norm"@en ."""


@pytest.fixture
def endpoint():
    """Serve a store that is asked by GET or POST and answers rows alone."""
    store = ox.Store()
    store.load(DATA.encode(), format=ox.RdfFormat.TURTLE)

    class Handler(BaseHTTPRequestHandler):
        def answer(self, query: str) -> None:
            found = store.query(query)
            if isinstance(found, ox.QueryTriples):
                self.send_error(406)
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.end_headers()
            self.wfile.write(found.serialize(format=ox.QueryResultsFormat.JSON))

        def do_GET(self):
            self.answer(parse_qs(urlparse(self.path).query)["query"][0])

        def do_POST(self):
            self.answer(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["query"][0])

        def log_message(self, *_):
            """Keep the test's output quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/sparql"
    server.shutdown()
    server.server_close()


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run icsgraph in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from icsgraph.cli import main; main()", *arguments],
        capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False, timeout=120,
    )  # fmt: skip


def test_rows_come_with_names_and_without_a_promise(endpoint):
    """icsgraph's prefixes need no declaration, --labels asks for names, and nobody says the answer is whole."""
    done = run("query", "SELECT ?n { ?n a ics:Norm }", "--endpoint", endpoint, "--labels", "--format", "csv")

    assert (0, "n,nLabel\nhttps://example.org/n,a norm\n") == (done.returncode, done.stdout)
    assert "whether the endpoint cut them, it does not say" in done.stderr
    assert "warning" not in done.stderr


def test_a_limit_is_put_to_the_endpoint_and_says_that_there_is_more(endpoint):
    """One row more than wanted is asked for, which tells whether the answer was cut; a query's own limit stays."""
    cut = run("query", "SELECT ?p { ?n ?p ?o }", "--endpoint", endpoint, "--limit", "1", "--format", "csv")

    assert 2 == len(cut.stdout.splitlines())
    assert "1 row, cut at --limit 1: there are more" in cut.stderr
    assert "SELECT ?x { ?x ?p ?o }\nLIMIT 3\n" == _limited("SELECT ?x { ?x ?p ?o } ", 2)
    for whole in ("SELECT ?x { ?x ?p ?o } LIMIT 9", "SELECT ?x { ?x ?p ?o } VALUES ?x { 1 }", "ASK { ?x ?p ?o }"):
        assert whole == _limited(whole, 2)


def test_a_construct_is_put_to_an_endpoint_as_rows(endpoint):
    """The endpoint refuses triples, and gives what the template needs."""
    done = run("query", "CONSTRUCT { ?n rdfs:seeAlso ?l } { ?n rdfs:label ?l }", "--endpoint", endpoint, "-f", "nt")

    triple = '<https://example.org/n> <http://www.w3.org/2000/01/rdf-schema#seeAlso> "a norm"@en .'
    assert (0, triple) == (done.returncode, done.stdout.splitlines()[-1])


def test_a_yes_or_no_has_the_form_of_the_standard(endpoint):
    """JSON of an ASK holds the boolean."""
    done = run("query", "ASK { ?n a ics:Norm }", "--endpoint", endpoint, "--format", "json")

    assert json.loads(done.stdout)["boolean"] is True


def test_unknown_terms_are_named_and_an_empty_answer_is_looked_into(endpoint):
    """The check and the doctor ask the endpoint; describing is refused."""
    done = run("query", "SELECT ?n { ?n a ics:Nrm }", "--endpoint", endpoint, "--why-empty")
    refused = run("query", "DESCRIBE <https://example.org/n>", "--endpoint", endpoint)

    both = run("query", "SELECT ?n { ?n a ics:Norm }", "--endpoint", endpoint, "--graph", "boundaries")

    assert (2, True) == (both.returncode, "E221" in both.stderr)
    assert "Did you mean ics:Norm (1 thing)?" in done.stderr
    assert "So mended, the query has 1 row" in done.stderr
    assert (2, True) == (refused.returncode, "E217" in refused.stderr)
