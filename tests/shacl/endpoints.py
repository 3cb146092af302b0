# SPDX-License-Identifier: Apache-2.0
"""A SPARQL endpoint for tests: answers from a store, and goes wrong in a chosen way from a chosen request on."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

import pyoxigraph as ox

JSON = "application/sparql-results+json"


class Server(ThreadingHTTPServer):
    """Serves ``store``; every request after the first ``sound`` ones goes wrong in the way that ``fault`` names."""

    daemon_threads = True

    def __init__(self, store: ox.Store, fault: str = "", sound: int = 0) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.store, self.fault, self.sound = store, fault, sound
        self.first: dict[tuple[str, ...], list[object]] = {}
        self.seen: list[dict[str, str]] = []
        self.lock = threading.Lock()

    def handle_error(self, request, client_address):
        """A client that gives up half-way is what some tests are about."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/sparql"


@contextmanager
def serving(store: ox.Store, fault: str = "", sound: int = 0) -> Iterator[Server]:
    """Run a server while a test asks it."""
    server = Server(store, fault, sound)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self):
        self._answer(parse_qs(urlparse(self.path).query)["query"][0])

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._answer(parse_qs(body)["query"][0])

    def _answer(self, query: str) -> None:
        with self.server.lock:
            self.server.seen.append({"query": query, "authorization": self.headers.get("Authorization", "")})
            number = len(self.server.seen)
        fault = self.server.fault if number > self.server.sound else ""
        if fault == "busy once":
            fault = "busy" if number == self.server.sound + 1 else ""
        getattr(self, f"_{fault or 'whole'}".replace(" ", "_"))(self._results(query))

    def _results(self, query: str) -> bytes:
        return self.server.store.query(query).serialize(format=ox.QueryResultsFormat.JSON)

    def _send(self, body: bytes, kind: str = JSON, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _whole(self, body: bytes) -> None:
        self._send(body)

    def _rows(self, body: bytes) -> None:
        """Give no more than two rows, and say nothing of it."""
        document = json.loads(body)
        document["results"]["bindings"] = document["results"]["bindings"][:2]
        self._send(json.dumps(document).encode())

    def _same_rows(self, body: bytes) -> None:
        """Give two rows of whatever page, always the first ones."""
        document = json.loads(body)
        rows = document["results"]["bindings"]
        with self.server.lock:
            first = self.server.first.setdefault(tuple(document["head"]["vars"]), rows[:2])
        document["results"]["bindings"] = first if len(rows) > 1 else rows
        self._send(json.dumps(document).encode())

    def _empty(self, body: bytes) -> None:
        """Find nothing, whatever is asked."""
        document = json.loads(body)
        document["results"]["bindings"] = []
        self._send(json.dumps(document).encode())

    def _other_columns(self, body: bytes) -> None:
        self._send(b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"0"}}]}}')

    def _slow(self, body: bytes) -> None:
        time.sleep(1.5)
        self._send(body)

    def _trickle(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", JSON)
        self.end_headers()
        for byte in body:
            try:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
            except OSError:
                return
            time.sleep(0.1)

    def _cut(self, body: bytes) -> None:
        self._send(body[: len(body) // 2])

    def _short(self, body: bytes) -> None:
        """Promise more bytes than come."""
        self.send_response(200)
        self.send_header("Content-Type", JSON)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:-5])
        self.close_connection = True

    def _gone(self, body: bytes) -> None:
        self.close_connection = True
        self.connection.close()

    def _html(self, body: bytes) -> None:
        self._send(b"<!DOCTYPE html><title>SPARQL</title>", "text/html")

    def _xml(self, body: bytes) -> None:
        head = b'<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/><results/></sparql>'
        self._send(head, "application/sparql-results+xml")

    def _half_way(self, body: bytes) -> None:
        self._send(body, X_SQL_State="S1TAT", X_SQL_Message="RC...: Returning incomplete results")

    def _broken(self, body: bytes) -> None:
        self._send(b"something failed", "text/plain", 500)

    def _denied(self, body: bytes) -> None:
        self._send(b"", "text/plain", 401, WWW_Authenticate='Basic realm="SPARQL"')

    def _busy(self, body: bytes) -> None:
        self._send(b"", "text/plain", 503, Retry_After="0")

    def log_message(self, *_):
        """Keep the test's output quiet."""
