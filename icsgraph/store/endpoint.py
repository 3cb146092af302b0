# SPDX-License-Identifier: Apache-2.0
"""A SPARQL 1.1 endpoint and the limits that go with it: a query to a whole answer, or to an error, never to a part.

An answer counts only if it is SPARQL results in JSON, whole, with the columns of the query. What may pass by itself
(no connection, 429, 502, 503, 504, a cut answer) is asked again, with growing pauses or after what ``Retry-After``
says; the number of requests and the time are bounded.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from urllib.parse import urlsplit, urlunsplit

import pyoxigraph as ox

from icsgraph.model.errors import EndpointError
from icsgraph.store.reply import Reply, Transient, send

Row: TypeAlias = Mapping[str, ox.NamedNode | ox.BlankNode | ox.Literal]
_USER: Final = "ICSGRAPH_ENDPOINT_USER"
_PASSWORD: Final = "ICSGRAPH_ENDPOINT_PASSWORD"
_TOKEN: Final = "ICSGRAPH_ENDPOINT_TOKEN"


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be asked of an endpoint: times in seconds, for one request and for all; ``page`` is rows a request."""

    request: float = 60
    total: float = 1800
    requests: int = 5000
    retries: int = 3
    page: int = 5000
    pause: float = 0.5


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user with a password, or a token for ``Authorization: Bearer``. Never shown."""

    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls) -> Credentials:
        """Read ``ICSGRAPH_ENDPOINT_USER`` and ``_PASSWORD``, or ``_TOKEN``; empty where they are not set."""
        return cls(*(os.environ.get(name, "") for name in (_USER, _PASSWORD, _TOKEN)))


class Endpoint:
    """One endpoint during one run. ``requests`` and ``retried`` count what was sent, from all threads."""

    def __init__(
        self,
        url: str,
        graphs: tuple[str, ...] = (),
        limits: Limits | None = None,
        credentials: Credentials | None = None,
    ) -> None:
        """Take an address and, where not the endpoint's own default graph is meant, the graphs that make it up.

        Raises:
            EndpointError: E610, when it is no address of the web, or holds a password.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise EndpointError("E610", url, "this is no address of an endpoint", "Give one that begins with http.")
        if parts.username is not None:
            shown = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
            what = "the address holds a name or password, which logs and lists of processes would show"
            raise EndpointError("E610", shown, what, f"Set {_USER} and {_PASSWORD}, or {_TOKEN}, in the environment.")
        self.url, self.graphs, self.limits = url, graphs, limits or Limits()
        self.credentials = Credentials.from_environment() if credentials is None else credentials
        self.requests = self.retried = 0
        self._start = time.monotonic()
        self._lock = threading.Lock()

    def ask(self, query: str, expected: tuple[str, ...] | None = None) -> Reply:
        """Send one query; ``expected`` names the columns that the answer must have.

        Raises:
            EndpointError: E601 no answer in time, E602 refused, E603 cut or of another form, E611 a limit of time or
                of requests is reached, E612 the endpoint wants other credentials.
        """
        for attempt in range(self.limits.retries + 1):
            try:
                reply = self._within_time(query)
                if expected is not None and set(reply.columns) != set(expected):
                    columns = ", ".join(reply.columns) or "none"
                    what = f"the answer has the columns {columns} instead of {', '.join(expected)}"
                    raise Transient(EndpointError("E603", self.url, what, "Check that this is a SPARQL endpoint."))
            except Transient as failed:
                if attempt == self.limits.retries:
                    raise failed.error from failed
                self._wait(failed, attempt)
            else:
                return reply
        raise AssertionError("unreachable")

    def _within_time(self, query: str) -> Reply:
        """Send in a thread that is left behind when time is up: a server may trickle and never stop."""
        with self._lock:
            if self.requests >= self.limits.requests:
                mend = "Ask about fewer constraints or systems, or raise the limit with --max-requests."
                raise EndpointError("E611", self.url, f"the limit of {self.limits.requests} requests is reached", mend)
            self.requests += 1
        seconds = min(self.limits.request, self._left())
        answers: queue.SimpleQueue[Reply | Transient | EndpointError] = queue.SimpleQueue()

        def work() -> None:
            try:
                answers.put(send(self.url, query, self.graphs, self.credentials, seconds))
            except (Transient, EndpointError) as error:
                answers.put(error)

        threading.Thread(target=work, daemon=True).start()
        try:
            answer = answers.get(timeout=seconds)
        except queue.Empty:
            self._left()
            what = f"the endpoint did not answer within {self.limits.request:g} seconds"
            raise Transient(EndpointError("E601", self.url, what, "Try again later, or ask for less.")) from None
        if isinstance(answer, Reply):
            return answer
        raise answer

    def _left(self) -> float:
        left = self.limits.total - (time.monotonic() - self._start)
        if left <= 0:
            mend = "Ask about fewer constraints or systems, or raise the limit with --max-seconds."
            raise EndpointError("E611", self.url, f"the limit of {self.limits.total:g} seconds is reached", mend)
        return left

    def _wait(self, failed: Transient, attempt: int) -> None:
        pause = failed.after if failed.after is not None else self.limits.pause * 2**attempt
        if pause > self._left():
            raise failed.error from failed
        with self._lock:
            self.retried += 1
        time.sleep(pause)

    def told(self) -> str:
        """Say how much was asked."""
        again = f", {self.retried} of them again after a failure" if self.retried else ""
        return f"{self.requests} requests to {self.url}{again}"
