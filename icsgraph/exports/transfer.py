# SPDX-License-Identifier: Apache-2.0
"""Statements to a graph of a store, by the SPARQL 1.1 Graph Store HTTP Protocol; and what is there afterwards.

They go in batches, those with blank nodes together in the first. Before and after, the graph is read back: what was
sent has to be there, statement by statement, and as many with blank nodes as were sent. Whatever goes wrong, the error
says what the store holds then, or that it cannot be asked.

Source: https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import IO, Final
from urllib.parse import quote

import pyoxigraph as ox

from icsgraph.model.errors import TransferError
from icsgraph.store.endpoint import Credentials, Endpoint

_BATCH: Final = 20_000  # statements in one request
_SECONDS: Final = 300.0
_BUSY: Final = (429, 503)
_TRIES: Final = 4
_PATIENCE: Final = 120.0  # seconds of waiting for one request, whatever a store asks for
_LINES: Final = "application/n-triples"
_ACCEPT: Final = f"{_LINES}, text/turtle;q=0.5, application/rdf+xml;q=0.3"


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent, in how many requests, and what the graph holds now and held before (None: there was none).

    Of several graphs these are the sums.
    """

    statements: int
    requests: int
    before: int | None
    after: int
    graphs: int = 1

    def told(self) -> str:
        """Say it in a line."""
        was = "no graph" if self.before is None else f"{self.before:,} statements"
        where = "the graph holds" if self.graphs == 1 else f"its {self.graphs} graphs hold"
        return (
            f"{self.statements:,} statements sent in {self.requests} requests, and all of them found there: "
            f"{where} {self.after:,} statements now, and held {was} before"
        )


class _Failure(Exception):
    def __init__(self, code: str, why: str, mend: str) -> None:
        super().__init__(why)
        self.code, self.why, self.mend = code, why, mend


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirected POST would become a GET, and be taken for done."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        return None


class _Closed(urllib.request.BaseHandler):
    """The handlers of credentials leave the answer that asked for them open."""

    handler_order = 100  # before theirs

    def http_error_401(self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message) -> None:
        fp.close()


class _Digest(urllib.request.HTTPDigestAuthHandler):
    """Answers a challenge before it is made again: a server that refuses a long body may not wait for its end."""

    _challenge: Mapping[str, str] | None = None

    def get_authorization(self, req: urllib.request.Request, chal: Mapping[str, str]) -> str | None:
        self._challenge = chal
        return super().get_authorization(req, chal)

    def http_request(self, req: urllib.request.Request) -> urllib.request.Request:
        if self._challenge and not req.has_header("Authorization"):
            known = self.get_authorization(req, self._challenge)
            if known:
                req.add_unredirected_header("Authorization", f"Digest {known}")
        return req

    https_request = http_request


class Graph:
    """A graph of a store: the default one unless an IRI is given."""

    def __init__(self, url: str, iri: str = "", credentials: Credentials | None = None) -> None:
        """Take the address of the store's graph store protocol, such as ``http://localhost:7878/store``.

        Raises:
            EndpointError: E610, when it is no address of the web, or holds a password.
        """
        there = Endpoint(url, credentials=credentials)
        self.url, self._who = url, there.credentials
        named = f"graph={quote(iri, safe='')}" if iri else "default"
        self.address = f"{url}{'&' if '?' in url else '?'}{named}"
        self.name = f"graph {iri}" if iri else "default graph"
        handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
        if self._who.user and not self._who.token:
            known = urllib.request.HTTPPasswordMgrWithPriorAuth()
            known.add_password(None, url, self._who.user, self._who.password)
            handlers += [
                _Closed(),
                urllib.request.HTTPBasicAuthHandler(known),
                _Digest(known),
            ]
        self._opener = urllib.request.build_opener(*handlers)

    def read(self) -> set[ox.Triple] | None:
        """Give what the graph holds; None when the store has no such graph."""
        try:
            body, kind = self._request("GET", None)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in (404, 410):
                return None
            raise _refused(error) from error
        form = ox.RdfFormat.from_media_type(kind) or ox.RdfFormat.N_TRIPLES
        try:
            return {quad.triple for quad in ox.parse(body, format=form, base_iri=self.url)}
        except (SyntaxError, ValueError) as error:
            mend = "Check that the address is that of the graph store protocol."
            raise _Failure("E951", f"what it answers is no RDF ({kind or 'no content type'})", mend) from error

    def write(self, batch: bytes, *, replace: bool) -> None:
        """Add statements, or put them in place of all that is there."""
        try:
            self._request("PUT" if replace else "POST", batch)
        except urllib.error.HTTPError as error:
            error.close()
            raise _refused(error) from error

    def _request(self, method: str, body: bytes | None) -> tuple[bytes, str]:
        """Ask, and ask again a few times where the store says that it is busy, when it says so or a little later.

        Such a store has not taken the request; what it holds in the end is made sure of in any case.
        """
        left = _PATIENCE
        for number in range(_TRIES):
            try:
                return self._ask(method, body)
            except urllib.error.HTTPError as error:
                wait = min(_wait(error.headers.get("Retry-After") if error.headers else None, number), left)
                if error.code not in _BUSY or number == _TRIES - 1 or wait < 0:
                    raise
                error.close()
                left -= wait
                time.sleep(wait)
        raise AssertionError("the last try ends the loop")

    def _ask(self, method: str, body: bytes | None) -> tuple[bytes, str]:
        headers = {"User-Agent": "icsgraph", "Accept": _ACCEPT}
        if body is not None:  # Virtuoso answers a write in HTML, or with 406 when it is done
            headers |= {"Content-Type": _LINES, "Accept": "*/*"}
        if self._who.token:
            headers["Authorization"] = f"Bearer {self._who.token}"
        request = urllib.request.Request(self.address, body, headers, method=method)
        try:
            with self._opener.open(request, timeout=_SECONDS) as response:
                return response.read(), response.headers.get_content_type()
        except urllib.error.HTTPError:
            raise
        except ValueError as error:  # the store wants a form of credentials that urllib has not
            raise _denied(401) from error
        except (OSError, http.client.HTTPException) as error:
            why = f"the store did not answer: {getattr(error, 'reason', error) or type(error).__name__}"
            raise _Failure("E951", why, "Check the address and the store.") from error


def _wait(asked: str | None, number: int) -> float:
    """Give the seconds to wait: as many as were asked for, in either form, else one, two, four."""
    text = (asked or "").strip()
    if text.isdigit():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return float(2**number)


def _refused(error: urllib.error.HTTPError) -> _Failure:
    if error.code in (401, 403):
        return _denied(error.code)
    mend = "Check that the address is that of the graph store protocol, and may be written to."
    if error.code in _BUSY:
        what = f"the store is busy: HTTP status {error.code}, {_TRIES} times"
        return _Failure("E951", what, "Ask again later.")
    return _Failure("E951", f"the store refused: HTTP status {error.code}", mend)


def _denied(status: int) -> _Failure:
    mend = "Set ICSGRAPH_ENDPOINT_USER and ICSGRAPH_ENDPOINT_PASSWORD, or ICSGRAPH_ENDPOINT_TOKEN."
    return _Failure("E950", f"the store wants other credentials (HTTP status {status})", mend)


def send(triples: Iterable[ox.Triple], graph: Graph, *, replace: bool = False, batch: int = _BATCH) -> Sent:
    """Send statements to a graph, beside what is there or, with ``replace``, in its place; make sure that they arrived.

    Raises:
        TransferError: E950 when the store wants other credentials, E951 when it fails, refuses or dies, E952 when it
            does not hold afterwards what was sent. Each says what is there.
    """
    wanted = set(triples)
    batches = list(_batches(wanted, batch)) or [[]]
    try:
        before = graph.read()
    except _Failure as failure:
        what = f"{failure.why}; nothing was sent"
        raise TransferError(failure.code, graph.url, what, failure.mend) from failure
    taken = 0
    for number, each in enumerate(batches):
        body = "".join(f"{triple} .\n" for triple in each).encode()
        try:
            graph.write(body, replace=replace and number == 0)
        except _Failure as failure:
            raise _half_way(failure, graph, wanted, before, taken, len(each), replace=replace) from failure
        taken += len(each)
    try:
        after = graph.read() or set()
    except _Failure as failure:
        what = (
            f"the store took all {len(wanted):,} statements, but cannot be asked whether it holds them: {failure.why}"
        )
        raise TransferError("E952", graph.url, what, "Ask it how many it holds when it answers again.") from failure
    _make_sure(graph, wanted, set() if replace else before or set(), after, exactly=replace)
    return Sent(len(wanted), len(batches), None if before is None else len(before), len(after))


def _batches(wanted: set[ox.Triple], size: int) -> Iterable[list[ox.Triple]]:
    """Blank nodes are other nodes in another request: what has one is not divided."""
    nodes = [triple for triple in wanted if _has_blank(triple)]
    rest = iter(sorted(wanted.difference(nodes), key=str))
    first = [*nodes, *islice(rest, max(0, size - len(nodes)))]
    while first:
        yield first
        first = list(islice(rest, size))


def _has_blank(triple: ox.Triple) -> bool:
    return isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode)


def _missing(wanted: set[ox.Triple], before: set[ox.Triple], after: set[ox.Triple]) -> tuple[Sequence[ox.Triple], int]:
    """Give the statements that are not there, and how many with blank nodes are too few."""
    lost = sorted((triple for triple in wanted - after if not _has_blank(triple)), key=str)
    nodes = sum(map(_has_blank, wanted))
    return lost, max(0, nodes - (sum(map(_has_blank, after)) - sum(map(_has_blank, before))))


def _half_way(
    failure: _Failure, graph: Graph, wanted: set[ox.Triple], before: set[ox.Triple] | None, taken: int, lost: int,
    *, replace: bool,
) -> TransferError:  # fmt: skip
    what = f"{failure.why}, after it had taken {taken:,} of {len(wanted):,} statements"
    gone = replace and taken > 0
    try:
        after = graph.read()
    except _Failure:
        there = f"Between {taken:,} and {taken + lost:,} of those sent may be there"
        there += (
            "; what was there before is gone" if gone else "; what was there before was not touched" * (not replace)
        )
        what += f". It cannot be asked now what it holds. {there}"
    else:
        held = after or set()
        missing, nodes = _missing(wanted, set() if gone else before or set(), held)
        what += f". Its {graph.name} holds {len(held):,} statements now, and held {len(before or ()):,} before"
        what += f"; {len(wanted) - len(missing) - nodes:,} of those sent are there"
    again = "Then send again with --replace." if replace or any(map(_has_blank, wanted)) else (
        "Then send again: a statement that is there already is not doubled."
    )  # fmt: skip
    return TransferError(failure.code, graph.url, what, f"{failure.mend} {again}")


def _make_sure(
    graph: Graph, wanted: set[ox.Triple], before: set[ox.Triple], after: set[ox.Triple], *, exactly: bool
) -> None:
    lost, nodes = _missing(wanted, before, after)
    if lost or nodes:
        example = f", such as {lost[0]}" if lost else ""
        what = f"the store took {len(wanted):,} statements, and {len(lost) + nodes:,} of them are not there{example}"
        mend = "Some stores write values in another form; compare before you rely on it."
        raise TransferError("E952", graph.url, f"{what}. Its {graph.name} holds {len(after):,}", mend)
    if exactly and len(after) != len(wanted):
        what = f"{len(wanted):,} statements took the place of all, and its {graph.name} holds {len(after):,}"
        raise TransferError("E952", graph.url, what, "Look who else writes to the store, and send again.")
