# SPDX-License-Identifier: Apache-2.0
"""A server as a user starts it, and requests to it as plain as they can be."""

from __future__ import annotations

import http.client
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).resolve().parents[2]
START = 150  # seconds that a start may take on a busy machine


@dataclass(frozen=True)
class Got:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def media(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def code(self) -> str:
        """The code of the error that the body tells of."""
        return self.json["code"] if self.media == "application/problem+json" else ""


class Served:
    """A server in a process of its own, on a free port."""

    def __init__(self, *before: str, options: tuple[str, ...] = (), root: Path = ROOT) -> None:
        arguments = [*before, "serve", "--port", "0", *options]
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from icsgraph.cli import main; main()", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root, env=os.environ | {"PYTHONPATH": "."},
        )  # fmt: skip
        self.said: list[str] = []
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()
        first: queue.Queue[str] = queue.Queue()
        threading.Thread(target=lambda: first.put(self.process.stdout.readline()), daemon=True).start()
        try:
            self.url = first.get(timeout=START).strip().rstrip("/")
        except queue.Empty:
            self.url = ""
        if not self.url:
            self.process.kill()
            raise AssertionError(f"the server did not start: {''.join(self.said)}")
        self.port = urlsplit(self.url).port

    def _listen(self) -> None:
        for line in self.process.stderr:
            self.said.append(line)

    def ask(self, method: str, path: str, headers=None, body=None, timeout: float = 150) -> Got:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return Got(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def get(self, path: str, accept: str = "", **headers: str) -> Got:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("GET", path, given | ({"Accept": accept} if accept else {}))

    def query(self, text: str, accept: str = "", **parameters: str) -> Got:
        return self.get(f"/sparql?{urlencode({'query': text} | parameters)}", accept)

    def post(self, path: str, body: bytes | str, kind: str, **headers: str) -> Got:
        data = body.encode() if isinstance(body, str) else body
        return self.ask("POST", path, {"Content-Type": kind} | headers, data)

    def stop(self) -> int:
        """Stop it as a service manager does; give its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        finally:
            self._listening.join(10)
            self.process.stdout.close()
            self.process.stderr.close()
