# SPDX-License-Identifier: Apache-2.0
"""One request to a SPARQL endpoint, through SPARQLWrapper, to the rows of a whole answer, or to what went wrong."""

from __future__ import annotations

import email.utils
import http.client
import json
import re
import time
import urllib.error
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pyoxigraph as ox

from icsgraph.model.errors import EndpointError
from icsgraph.model.namespaces import XSD

if TYPE_CHECKING:
    from icsgraph.store.endpoint import Credentials

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal
_LONG: Final = 2000  # characters; servers and proxies refuse long addresses, and some allow no POST
_PASSING: Final = frozenset((429, 502, 503, 504))
_PATIENCE: Final = 120.0  # seconds; what Retry-After may ask at most


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer. ``boolean`` is that of an ASK; ``cut_at``: the server says that it gave only so many rows."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Term], ...]
    boolean: bool | None = None
    cut_at: int | None = None


class Transient(Exception):
    """A failure that may pass by itself; ``error`` is what to raise if it does not, ``after`` when to ask again."""

    def __init__(self, error: EndpointError, after: float | None = None) -> None:
        super().__init__(str(error))
        self.error, self.after = error, after


def send(url: str, query: str, graphs: tuple[str, ...], credentials: Credentials, seconds: float) -> Reply:
    """Send a query once.

    Raises:
        Transient: what may pass by itself.
        EndpointError: E602, E603 or E612, what will not.
    """
    from SPARQLWrapper import JSON, POST, SPARQLWrapper
    from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException, Unauthorized

    wrapper = SPARQLWrapper(url, agent="icsgraph")
    wrapper.setQuery(query)
    wrapper.setReturnFormat(JSON)
    wrapper.setTimeout(max(1, round(seconds)))
    if len(query) > _LONG:
        wrapper.setMethod(POST)
    for graph in graphs:
        wrapper.addParameter("default-graph-uri", graph)
    if credentials.token:
        wrapper.addCustomHttpHeader("Authorization", f"Bearer {credentials.token}")
    elif credentials.user:
        wrapper.setCredentials(credentials.user, credentials.password)
    try:
        with wrapper.query().response as response:
            body, headers = response.read(), dict(response.headers)
        return _read(url, body, headers)
    except Unauthorized as error:
        _close(error)
        raise _denied(url, 401) from error
    except SPARQLWrapperException as error:
        _close(error)
        raise EndpointError(
            "E602", url, f"the endpoint refused: {_reason(error)}", "Check the query and the address."
        ) from error
    except urllib.error.HTTPError as error:
        raise _http(url, error) from error
    except (urllib.error.URLError, TimeoutError, ConnectionError, http.client.HTTPException, OSError) as error:
        cut = isinstance(error, http.client.IncompleteRead)
        what = "the answer is cut" if cut else f"the endpoint did not answer: {getattr(error, 'reason', error)}"
        mend = "Ask for less, or raise its limits." if cut else "Check the address, or try again later."
        raise Transient(EndpointError("E603" if cut else "E601", url, what, mend)) from error


def _close(error: Exception) -> None:
    """Close the answer that SPARQLWrapper leaves open behind its own error."""
    if isinstance(error.__context__, urllib.error.HTTPError):
        error.__context__.close()


def _denied(url: str, code: int) -> EndpointError:
    mend = "Set ICSGRAPH_ENDPOINT_USER and ICSGRAPH_ENDPOINT_PASSWORD, or ICSGRAPH_ENDPOINT_TOKEN."
    return EndpointError("E612", url, f"the endpoint wants other credentials (HTTP status {code})", mend)


def _http(url: str, error: urllib.error.HTTPError) -> EndpointError | Transient:
    error.close()
    if error.code in (401, 403):
        return _denied(url, error.code)
    failed = EndpointError(
        "E602", url, f"the endpoint refused: HTTP status {error.code}", "Check the address, or try again later."
    )
    return Transient(failed, _after(error.headers.get("Retry-After"))) if error.code in _PASSING else failed


def _after(header: str | None) -> float | None:
    """Read Retry-After, in seconds or as a date; more than a run can wait for is that much."""
    if not header:
        return None
    if header.strip().isdigit():
        return min(float(header), _PATIENCE)
    moment = email.utils.parsedate_to_datetime(header) if email.utils.parsedate(header) else None
    return None if moment is None else min(max(moment.timestamp() - time.time(), 0.0), _PATIENCE)


def _reason(error: Exception) -> str:
    """The first line of a server's own words: SPARQLWrapper puts them after its own, as the text of bytes."""
    said = str(error)
    quoted = re.search(r"Response:\s*b?['\"](.*)", said, re.DOTALL)
    first = (quoted[1] if quoted else said).replace("\\n", "\n").strip().splitlines() or [""]
    return f"{said.splitlines()[0].split(':')[0]}: {first[0][:300]}"


def _read(url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
    headers = {name.lower(): value for name, value in headers.items()}
    kind = headers.get("content-type", "no content type")
    state = headers.get("x-sql-state")
    if state:  # Virtuoso says so when time ran out and it answers with what it has
        what = f"the endpoint gave up half-way: {headers.get('x-sql-message', state)}"
        raise Transient(EndpointError("E603", url, what, "Raise the endpoint's limit of time, or ask for less."))
    try:
        document: Any = json.loads(body)
    except ValueError as error:
        mend = "Ask for less, or raise its limits; check that the address is that of a SPARQL endpoint."
        what = f"the answer is cut or is no JSON ({kind})"
        raise Transient(EndpointError("E603", url, what, mend)) from error
    try:
        if "boolean" in document:
            if not isinstance(document["boolean"], bool):
                raise ValueError("boolean")
            return Reply(("answer",), (), document["boolean"])
        columns = tuple(str(name) for name in document["head"]["vars"])
        labels: dict[str, ox.BlankNode] = {}
        rows = tuple(
            {name: _term(value, labels) for name, value in row.items()} for row in document["results"]["bindings"]
        )
        if any(name not in columns for row in rows for name in row):
            raise ValueError("columns")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = "the answer is not in the form of SPARQL 1.1 results"
        raise EndpointError("E603", url, what, "Check that the address is that of a SPARQL endpoint.") from error
    most = headers.get("x-sparql-maxrows", "")
    return Reply(columns, rows, None, int(most) if most.isdigit() and len(rows) >= int(most) else None)


def _term(value: dict[str, str], labels: dict[str, ox.BlankNode]) -> Term:
    kind = value["type"]
    if kind == "uri":
        return ox.NamedNode(value["value"])
    if kind == "bnode":
        return labels.setdefault(value["value"], ox.BlankNode(re.sub(r"[^A-Za-z0-9]", "", "b" + value["value"])))
    if kind not in ("literal", "typed-literal"):
        raise ValueError(kind)
    if "xml:lang" in value:
        return ox.Literal(value["value"], language=value["xml:lang"])
    return ox.Literal(value["value"], datatype=ox.NamedNode(value.get("datatype", XSD + "string")))
