# SPDX-License-Identifier: Apache-2.0
"""Sending to stores: a real Oxigraph server, one that is ended half-way, and one that wants credentials."""

from __future__ import annotations

import base64
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pyoxigraph as ox
import pytest

from icsgraph.exports.selection import Choice, choose
from icsgraph.exports.transfer import Graph, send
from icsgraph.exports.transfer_graphs import send_graphs
from icsgraph.model.errors import EndpointError, TransferError
from icsgraph.store.endpoint import Credentials

IRI = "urn:records"
P = ox.NamedNode("http://example.org/p")
FACTS = [ox.Triple(ox.NamedNode(f"http://example.org/{n}"), P, ox.Literal(n)) for n in range(50)]
NODE = ox.BlankNode()
NESTED = [ox.Triple(FACTS[0].subject, P, NODE), ox.Triple(NODE, P, ox.Literal("nested"))]


@contextmanager
def oxigraph(servers, folder: Path):
    """Run Oxigraph's own server over an empty store; give the process and the address of its store."""
    assert servers.OXIGRAPH, "install the test extra: it brings Oxigraph's server"
    with servers.serving_oxigraph(folder / "store", folder) as (server, address):
        yield server, f"{address}/store"


@pytest.fixture(scope="module")
def virtuoso(servers, tmp_path_factory):
    """Run an empty Virtuoso; give the address of its store for users with a password."""
    if servers.VIRTUOSO is None:
        pytest.skip("Virtuoso is not installed (Debian: virtuoso-opensource-7)")
    with servers.virtuoso(None, tmp_path_factory.mktemp("virtuoso"), buffers=10_000) as url:
        yield f"{url}-graph-crud-auth"


def test_virtuoso_takes_boards_from_its_user_and_nothing_from_others(virtuoso, boards):
    """It wants digest credentials and writes some forms anew; every statement is found there all the same."""
    graph = Graph(virtuoso, IRI, Credentials("dba", "dba"))
    with pytest.raises(TransferError, match=r"E950.*nothing was sent"):
        send(FACTS, Graph(virtuoso, IRI, Credentials("dba", "wrong")))
    first = send(FACTS, graph, batch=20)
    second = send(boards.triples(), graph, replace=True)

    assert (None, 50, len(boards.triples())) == (first.before, first.after, second.after)


def count(url: str, graph: str = IRI) -> int:
    """Ask the server with SPARQL how many statements a graph holds."""
    query = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}" if graph else (
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    )  # fmt: skip
    address = url.replace("/store", "/query?") + urllib.parse.urlencode({"query": query})
    request = urllib.request.Request(address, headers={"Accept": "text/csv"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return int(answer.read().split()[1])


@pytest.fixture(scope="module")
def running(servers, tmp_path_factory):
    with oxigraph(servers, tmp_path_factory.mktemp("oxigraph")) as (_, url):
        yield url


def test_what_is_sent_is_there(running):
    """In batches, with blank nodes, to a named graph that was not there; sent again, nothing is doubled but those."""
    sent = send([*FACTS, *NESTED], Graph(running, IRI), batch=20)

    assert (52, 3, None, 52) == (sent.statements, sent.requests, sent.before, sent.after)
    assert 52 == count(running)
    assert (52, 52) == ((again := send(FACTS, Graph(running, IRI))).before, again.after)


def test_a_graph_is_replaced_only_when_asked_for(running):
    """Without --replace what was there stays; with it, only what was sent is there."""
    graph = Graph(running, "urn:replaced")
    send(FACTS[:10], graph)
    added = send(FACTS[10:20], graph)
    replaced = send(FACTS[20:25], graph, replace=True, batch=2)

    assert (20, 20, 5) == (added.after, replaced.before, count(running, "urn:replaced"))


def test_the_packaged_boards_arrive_in_the_default_graph(running, boards):
    """As many as the graph has, of every datatype and language."""
    sent = send(boards.triples(), Graph(running))

    assert len(boards.triples()) == sent.after == count(running, "")


def test_a_server_that_dies_half_way_and_stays_away(servers, tmp_path, monkeypatch):
    """The error says how much was taken, that it cannot be asked, and between what numbers the truth lies."""
    with oxigraph(servers, tmp_path) as (server, url):
        _after(monkeypatch, 2, lambda: (server.kill(), server.wait()))
        with pytest.raises(TransferError) as failed:
            send(FACTS, Graph(url, IRI), batch=10)

    assert "E951" == failed.value.code
    assert "after it had taken 20 of 50 statements" in str(failed.value)
    assert "Between 20 and 30 of those sent may be there; what was there before was not touched" in str(failed.value)


def test_a_server_that_refuses_half_way_is_asked_what_it_holds(running, monkeypatch):
    """The error counts what is there, and the server's own count is the same."""
    graph = Graph(running, "urn:half")

    def broken() -> None:
        raise urllib.error.HTTPError(graph.address, 507, "Insufficient Storage", {}, None)  # type: ignore[arg-type]

    _after(monkeypatch, 3, broken)
    with pytest.raises(TransferError) as failed:
        send(FACTS, graph, batch=10)

    assert "HTTP status 507, after it had taken 30 of 50 statements" in str(failed.value)
    assert "Its graph urn:half holds 30 statements now, and held 0 before; 30 of those sent are there" in str(
        failed.value
    )
    assert 30 == count(running, "urn:half")


def _after(monkeypatch, number: int, happens) -> None:
    """Let something happen before the write after so many."""
    real, written = Graph._request, []

    def request(self, method, body):
        if method != "GET":
            if len(written) == number:
                happens()
            written.append(method)
        return real(self, method, body)

    monkeypatch.setattr(Graph, "_request", request)


class _Guarded(BaseHTTPRequestHandler):
    """Lets everyone read; writes only with the right password; forgets what its ``loses`` says."""

    held: ClassVar[set[str]] = set()
    loses = ""
    who = "Basic " + base64.b64encode(b"ann:right").decode()

    def do_GET(self):
        self._answer(200, "".join(sorted(self.held)).encode())

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.headers.get("Authorization") != self.who:
            self._answer(401, b"", ("WWW-Authenticate", 'Basic realm="store"'))
            return
        self.held.update(line for line in body.splitlines(keepends=True) if not self.loses or self.loses not in line)
        self._answer(204, b"")

    def _answer(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (("Content-Type", "application/n-triples"), ("Content-Length", str(len(body))), *headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Keep the test's output quiet."""


@contextmanager
def serving(handler):
    """Run a server of this process; give the address of its store."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/store"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def guarded(monkeypatch):
    monkeypatch.setattr(_Guarded, "held", set())
    with serving(_Guarded) as url:
        yield url


@pytest.mark.parametrize("who", [Credentials(), Credentials("ann", "wrong"), Credentials(token="wrong")])
def test_wrong_credentials_leave_the_store_as_it_was(guarded, who):
    """The error names the variables to set, says that nothing was taken, and shows no password."""
    with pytest.raises(TransferError) as failed:
        send(FACTS, Graph(guarded, IRI, who))

    assert "E950" == failed.value.code
    assert "taken 0 of 50 statements" in str(failed.value)
    assert "ICSGRAPH_ENDPOINT_PASSWORD" in str(failed.value)
    assert "wrong" not in str(failed.value)
    assert set() == _Guarded.held


def test_right_credentials_are_taken(guarded):
    """The same store takes everything from its user."""
    assert 50 == send(FACTS, Graph(guarded, IRI, Credentials("ann", "right"))).after


def test_a_store_that_loses_a_statement_is_found_out(guarded, monkeypatch):
    """A polite answer is not taken for an arrival."""
    monkeypatch.setattr(_Guarded, "loses", "http://example.org/7>")
    with pytest.raises(TransferError, match=r"E952.*1 of them are not there, such as <http://example.org/7>"):
        send(FACTS, Graph(guarded, IRI, Credentials("ann", "right")))


def test_no_server_and_no_address(tmp_path):
    """Nothing was sent, and the error says so; an address with a password is refused before anything is asked."""
    with pytest.raises(TransferError, match=r"E951.*did not answer.*nothing was sent"):
        send(FACTS, Graph("http://127.0.0.1:9/store"))
    with pytest.raises(EndpointError, match="E610"):
        Graph("http://ann:right@127.0.0.1:9/store")


def test_named_graphs_go_to_graphs_of_the_same_names(running, packaged):
    """Each graph of the store has as many statements as the file's, and none of another's."""
    content = choose(packaged, Choice(classes=("IntegratedCareBoard",)))
    numbers = Counter(quad.graph_name.value for quad in set(content.quads()))
    sent = send_graphs(content.quads(), running)

    assert len(numbers) > 1
    assert (len(numbers), sum(numbers.values())) == (sent.graphs, sent.after)
    assert dict(numbers) == {name: count(running, name) for name in numbers}


def test_a_graph_that_fails_is_named_with_those_before_it(guarded):
    """Which graphs are there whole is said, and in which the sending ended."""
    quads = [ox.Quad(*fact, ox.NamedNode(name)) for name in ("urn:a", "urn:b") for fact in FACTS]
    with pytest.raises(TransferError, match=r"E950.*graph urn:a: .*0 of 2 graphs were sent whole before it"):
        send_graphs(quads, guarded, Credentials("ann", "wrong"))


class _Busy(_Guarded):
    """Says a few times that it is busy before it takes anything."""

    refusals: ClassVar[list[str]] = []
    who = ""

    def do_POST(self):
        if self.refusals:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(503, b"", ("Retry-After", self.refusals.pop()))
            return
        self.held.update(self.rfile.read(int(self.headers["Content-Length"])).decode().splitlines(keepends=True))
        self._answer(204, b"")


@pytest.fixture
def busy(monkeypatch):
    monkeypatch.setattr(_Guarded, "held", set())
    waits: list[float] = []
    monkeypatch.setattr("icsgraph.exports.transfer.time.sleep", waits.append)
    with serving(_Busy) as url:
        yield url, waits


def test_a_busy_store_is_asked_again_when_it_says_so(busy, monkeypatch):
    """After as many seconds as it names, or until the time that it names; everything arrives."""
    url, waits = busy
    monkeypatch.setattr(_Busy, "refusals", ["Wed, 21 Oct 2015 07:28:00 GMT", "7"])

    assert 50 == send(FACTS, Graph(url, IRI), batch=30).after
    assert [7.0, 0.0] == waits


def test_a_store_that_stays_busy_is_left_with_a_word(busy, monkeypatch):
    """Four tries and two minutes at most, whatever it asks for; then it is said what it holds."""
    url, waits = busy
    monkeypatch.setattr(_Busy, "refusals", ["86400"] * 9)
    with pytest.raises(TransferError, match=r"E951.*busy: HTTP status 503, 4 times, after it had taken 0 of 50"):
        send(FACTS, Graph(url, IRI))
    assert 120 == sum(waits)
