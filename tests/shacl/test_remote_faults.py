# SPDX-License-Identifier: Apache-2.0
"""Endpoints that go wrong: whatever they do, an answer that is not whole never passes for "nothing found"."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from endpoints import serving
from typer.testing import CliRunner

from icsgraph.cli import app
from icsgraph.model.errors import EndpointError
from icsgraph.shacl import compile_shapes, read_shapes, validate
from icsgraph.store.endpoint import Credentials, Endpoint, Limits
from icsgraph.store.paging import Paged
from icsgraph.store.remote import select

HEAD = "@prefix ex: <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> ."
SHAPES = HEAD + "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:minCount 1 ] ."
DATA = HEAD + "".join(f"ex:n{n} a ex:C ." for n in range(5)) + "ex:whole a ex:C ; ex:p 1 ."
QUICK = Limits(request=1, total=20, retries=1, pause=0.01)


@pytest.fixture(scope="module")
def compiled():
    """Give one compiled shape that five things break."""
    return compile_shapes(read_shapes(ox.parse(SHAPES, format=ox.RdfFormat.TURTLE)))


@pytest.fixture
def store():
    """Give a store of six things."""
    made = ox.Store()
    made.load(DATA, format=ox.RdfFormat.TURTLE)
    return made


def found(results):
    """Give what tells results apart."""
    return {result.id for result in results}


def test_an_endpoint_finds_what_is_found_here(store, compiled):
    """Five results with the same ids, and six focus nodes, from either."""
    with serving(store) as server:
        there = validate(Paged(Endpoint(server.url)), compiled)

    assert found(validate(store, compiled)) == found(there)
    assert [6] == [run.focus_nodes for run in there.shapes]


@pytest.mark.parametrize("page", [1, 2, 5, 7])
def test_pages_add_up(store, compiled, page):
    """Whatever the size of a page, every row comes once."""
    with serving(store) as server:
        there = validate(Paged(Endpoint(server.url, limits=Limits(page=page))), compiled)

    assert found(validate(store, compiled)) == found(there)


def test_rows_that_are_cut_are_asked_for(store, compiled):
    """An endpoint that gives two rows at most, and does not say so, is asked until the count is reached."""
    with serving(store, "rows") as server:
        there = validate(Paged(Endpoint(server.url)), compiled)

    assert found(validate(store, compiled)) == found(there)


@pytest.mark.parametrize("sound", [0, 1, 2])
@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("slow", "E601"),
        ("trickle", "E601"),
        ("gone", "E601"),
        ("cut", "E603"),
        ("short", "E603"),
        ("html", "E603"),
        ("xml", "E603"),
        ("half way", "E603"),
        ("other columns", "E603"),
        ("broken", "E602"),
        ("busy", "E602"),
        ("denied", "E612"),
    ],
)
def test_a_fault_is_an_error_from_whatever_request_on(store, compiled, fault, code, sound):
    """No results are given, and so nothing that conforms."""
    with serving(store, fault, sound) as server, pytest.raises(EndpointError) as raised:
        validate(Paged(Endpoint(server.url, limits=QUICK)), compiled)

    assert code == raised.value.code
    assert 3 == raised.value.exit_code


def test_an_empty_answer_is_no_count(store, compiled):
    """An endpoint that finds nothing whatever is asked does not even count to zero."""
    with serving(store, "empty") as server, pytest.raises(EndpointError, match=r"E603.*no number"):
        validate(Paged(Endpoint(server.url, limits=QUICK)), compiled)


def test_rows_that_come_twice_are_an_error(store, compiled):
    """A page that repeats another does not make up for what is missing."""
    with serving(store, "same rows") as server, pytest.raises(EndpointError) as raised:
        validate(Paged(Endpoint(server.url, limits=QUICK)), compiled)

    assert "E613" == raised.value.code


def test_what_passes_is_asked_again(store, compiled):
    """One 503 with Retry-After costs one more request, which is counted."""
    with serving(store, "busy once", 1) as server:
        endpoint = Endpoint(server.url, limits=QUICK)
        there = validate(Paged(endpoint), compiled)

    assert found(validate(store, compiled)) == found(there)
    assert (len(server.seen), 1) == (endpoint.requests, endpoint.retried)


def test_requests_are_bounded(store, compiled):
    """The limit is kept, retries and all threads included."""
    with serving(store) as server, pytest.raises(EndpointError) as raised:
        validate(Paged(Endpoint(server.url, limits=Limits(requests=2))), compiled)

    assert ("E611", 2) == (raised.value.code, len(server.seen))


def test_time_is_bounded(store, compiled):
    """When the time for everything is up, nothing more is asked."""
    with serving(store, "slow") as server, pytest.raises(EndpointError) as raised:
        validate(Paged(Endpoint(server.url, limits=Limits(request=5, total=0.5))), compiled)

    assert raised.value.code in ("E601", "E611")


def test_credentials_come_from_the_environment(store, monkeypatch):
    """A user with a password, or a token; neither is in the address nor in what an object shows."""
    monkeypatch.setenv("ICSGRAPH_ENDPOINT_USER", "ann")
    monkeypatch.setenv("ICSGRAPH_ENDPOINT_PASSWORD", "secret")
    with serving(store) as server:
        select(Endpoint(server.url), "SELECT * WHERE { ?s ?p ?o }")
        select(Endpoint(server.url, credentials=Credentials(token="t0ken")), "SELECT * WHERE { ?s ?p ?o }")

    assert ["Basic YW5uOnNlY3JldA==", "Bearer t0ken"] == [each["authorization"] for each in server.seen]
    assert "secret" not in repr(Credentials("ann", "secret"))


@pytest.mark.parametrize("url", ["ftp://example.org/", "example.org/sparql", "https://ann:secret@example.org/sparql"])
def test_an_address_that_cannot_be_used_is_refused(url):
    """The message does not repeat a password."""
    with pytest.raises(EndpointError, match="E610") as raised:
        Endpoint(url)

    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("content", "fault", "code"), [("", "html", "E603"), ("", "empty", "E603"), ("", "", "E615"), (DATA, "", "E615")]
)
def test_the_command_says_nothing_of_records_that_it_could_not_check(content, fault, code):
    """A page instead of an answer, nothing but empty answers, an empty store, a store without the law: exit 3."""
    store = ox.Store()
    store.load(content, format=ox.RdfFormat.TURTLE)
    with serving(store, fault) as server:
        done = CliRunner().invoke(app, ["--endpoint", server.url, "--max-seconds", "60", "validate"])

    assert (3, "") == (done.exit_code, done.stdout)
    assert code in done.stderr
    assert 2 == len(done.stderr.strip().splitlines())
