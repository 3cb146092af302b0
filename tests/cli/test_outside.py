# SPDX-License-Identifier: Apache-2.0
"""What commands do with things outside: a SPARQL endpoint over HTTP, and HermiT."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pyoxigraph as ox
import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run icsgraph in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from icsgraph.cli import main; main()", *arguments],
        capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False, timeout=120,
    )  # fmt: skip


@pytest.fixture
def endpoint():
    """Serve a small store by the query part of the SPARQL protocol; ``cut`` in the path cuts the answer."""
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal("ç", language="fr")))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            address = urlparse(self.path)
            query = parse_qs(address.query)["query"][0]
            body = store.query(query).serialize(format=ox.QueryResultsFormat.JSON)
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if "cut" in address.path else body)

        def log_message(self, *_):
            """Keep the test's output quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_endpoint_is_asked(endpoint):
    """Rows come back with their terms as they are."""
    done = run("query", "SELECT ?o WHERE { ?s ?p ?o }", "--endpoint", f"{endpoint}/sparql", "--format", "csv")

    assert (0, "o\nç\n") == (done.returncode, done.stdout)


def test_a_cut_answer_is_no_answer(endpoint):
    """Nothing of it is printed, and the exit status is 3."""
    done = run("query", "SELECT ?o WHERE { ?s ?p ?o }", "--endpoint", f"{endpoint}/cut", "--format", "csv")

    assert (3, "") == (done.returncode, done.stdout)
    assert "E603" in done.stderr


def test_an_endpoint_that_is_not_there_exits_3():
    """The message names the address."""
    done = run("query", "SELECT ?o WHERE { ?s ?p ?o }", "--endpoint", "http://127.0.0.1:9/sparql")

    assert (3, "") == (done.returncode, done.stdout)
    assert "E601: http://127.0.0.1:9/sparql" in done.stderr


@pytest.mark.skipif(shutil.which("java") is None, reason="HermiT needs Java")
def test_reason_refuses_a_service_that_is_health_and_health_related(tmp_path):
    """The two kinds exclude one another, so the file cannot be true."""
    (tmp_path / "a.ttl").write_text(
        "@prefix ics: <https://w3id.org/icsgraph/def/> . <urn:s> a ics:HealthService , ics:HealthRelatedService .",
        encoding="utf-8",
    )
    wrong, right = run("reason", str(tmp_path / "a.ttl")), run("reason")

    assert (1, True) == (wrong.returncode, wrong.stdout.startswith("Inconsistent"))
    assert (0, True) == (right.returncode, right.stdout.startswith("Consistent"))
