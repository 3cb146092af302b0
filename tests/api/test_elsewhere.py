# SPDX-License-Identifier: Apache-2.0
"""The Python interface over a built store and over an endpoint."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pyoxigraph as ox
import pytest

import icsgraph
from icsgraph.opening import derive_all
from icsgraph.store.building import build_store

ROOT = Path(__file__).resolve().parents[2]
BOARDS = "SELECT ?code { ?b a ics:IntegratedCareBoard ; ics:odsCode ?code } ORDER BY ?code"


@pytest.fixture(scope="module")
def endpoint():
    """Serve what ships as rows, over HTTP."""
    store = icsgraph.open(as_at="2024-06-01").opened().store

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer(urlparse(self.path).query)

        def do_POST(self) -> None:
            self.answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def answer(self, sent: str) -> None:
            found = store.query(parse_qs(sent)["query"][0])
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.end_headers()
            self.wfile.write(found.serialize(format=ox.QueryResultsFormat.JSON))

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/sparql"
    server.shutdown()
    server.server_close()


def test_an_endpoint_answers_without_promising_all(endpoint):
    """Names are looked up in what ships; whether all was answered, nobody can say."""
    there = icsgraph.open(endpoint=endpoint, as_at="2024-06-01")
    answer = there.query("statutory-members", icb="Frimley")
    labelled = there.query("SELECT ?b { ?b ics:odsCode 'QNQ' ; a ics:IntegratedCareBoard }", labels=True)

    assert (6, None, "") == (answer.count, answer.complete, answer.version)
    assert endpoint in repr(there)
    assert endpoint in answer.about.line()
    assert "NHS Frimley Integrated Care Board" in labelled.rows[0]


def test_a_built_store_answers_as_the_files_do(tmp_path):
    """The same records in a store give the same findings, and a large graph that it lacks is named."""
    example = ROOT / "data" / "examples" / "northshire-with-faults"
    build_store([example], tmp_path / "store", derive_all)
    built = icsgraph.open(store=tmp_path / "store", as_at="2025-06-30")
    files = icsgraph.open(example, as_at="2025-06-30")

    assert built.query(BOARDS).rows == files.query(BOARDS).rows
    assert [f.id for f in built.validate(constraints=["ICS-20"])] == [
        f.id for f in files.validate(constraints=["ICS-20"])
    ]
    assert built.at("2022-12-15").as_at != built.as_at
    with pytest.raises(icsgraph.IcsgraphError, match=r"E440.*without boundaries"):
        built.query(BOARDS, graphs=["boundaries"])
