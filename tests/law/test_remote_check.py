# SPDX-License-Identifier: Apache-2.0
"""Checks of records at real endpoints: findings equal those made here; what an endpoint lacks is said, never passed."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from icsgraph.law import check, held
from icsgraph.law.endpoint import ground_of
from icsgraph.law.shapes import shipped_shapes
from icsgraph.model.errors import EndpointError
from icsgraph.model.namespaces import BASE, ICS, RDF
from icsgraph.opening import derivation_rules, derive_all, open_graph
from icsgraph.store.endpoint import Endpoint
from icsgraph.store.opened import open_files, open_packaged

ROOT = Path(__file__).resolve().parents[2]
RECORDS = ROOT / "data" / "examples" / "northshire-with-faults"
DAY = date(2025, 6, 30)
SOME = ("ICP-01", "ICS-20", "GUI-19", "ICS-13")


@pytest.fixture(scope="module")
def opened():
    """Open the worked example here."""
    return open_graph(RECORDS, as_at=DAY)


@pytest.fixture(scope="module")
def report(opened):
    """Check it here."""
    return check(opened)


@pytest.fixture(scope="module")
def triples(opened, tmp_path_factory):
    """Write it out with all that ships and is derived, as a user would for an endpoint."""
    path = tmp_path_factory.mktemp("triples") / "all.nt"
    quads = opened.store.quads_for_pattern(None, None, None, ox.DefaultGraph())
    ox.serialize((quad.triple for quad in quads), str(path), format=ox.RdfFormat.N_TRIPLES)
    return path


@pytest.fixture(scope="module")
def oxigraph(servers, triples, tmp_path_factory):
    """Run an Oxigraph server that holds it."""
    if servers.OXIGRAPH is None:
        pytest.skip("the Oxigraph server is not installed (pip install oxigraph)")
    with servers.oxigraph(triples, tmp_path_factory.mktemp("oxigraph")) as url:
        yield url


@pytest.fixture(scope="module")
def virtuoso(servers, triples, tmp_path_factory):
    """Run a Virtuoso that holds it in the graph urn:all."""
    if servers.VIRTUOSO is None:
        pytest.skip("Virtuoso is not installed (Debian: virtuoso-opensource-7)")
    folder = tmp_path_factory.mktemp("virtuoso")
    with servers.virtuoso(triples, folder, graph="urn:all", buffers=20_000, rows=10_000) as url:
        yield url


@pytest.fixture(scope="module")
def ships():
    """Open what ships once, for grounds that are refused and so put nothing into it."""
    return open_files((), DAY, derive_all)


def ground(url, graphs=(), said=None, beside=None, **more):
    """Give what a check of an endpoint stands on."""
    return ground_of(
        Endpoint(url, graphs), beside or open_files((), DAY, derive_all), open_packaged(DAY, derive_all).store,
        derivation_rules(), say=(said if said is not None else []).append, **more,
    )  # fmt: skip


def told(report):
    """Give everything that a report says, but for the files and lines that an endpoint has not."""
    findings = {
        (f.id, f.severity, f.outcome, f.message, f.focus_label, f.focus_type, f.value_label, f.system, f.judged_on)
        for f in report.findings
    }
    coverage = {(c.constraint, c.looked_at, tuple(sorted(c.outcomes.items())), c.note) for c in report.coverage}
    return findings, coverage, set(report.systems), set(report.parameters)


def test_an_oxigraph_server_finds_what_is_found_here(oxigraph, report):
    """Findings with their ids, coverage with its outcomes, systems and parameters are the same."""
    at = ground(oxigraph)
    there = check(at.opened, ground=at)

    assert told(report) == told(there)
    assert "checked where the records are, by " in there.warnings[0]


def test_one_system_is_looked_at_there_as_here(oxigraph, opened):
    """A board of the records, and one of England: the councils of its area are asked of the endpoint."""
    for board in ("https://example.org/northshire/northshire-board", BASE + "id/icb/QNX"):
        here = check(opened, shipped_shapes(SOME), systems=[board])
        at = ground(oxigraph)

        assert told(here) == told(check(at.opened, shipped_shapes(SOME), systems=[board], ground=at))
        assert len(here.systems) > 2


def test_virtuoso_is_seen_to_depart_from_sparql_and_its_triples_are_checked_here(virtuoso, report):
    """It drops rows and passes errors by; its triples, 10,000 rows an answer at most, give the same report."""
    said = []
    at = ground(virtuoso, ("urn:all",), said)
    there = check(at.opened, ground=at)

    assert "OPTIONAL with a path of any length" in said[0]
    assert told(report) == told(there)
    assert there.warnings[0].startswith(said[0])


def test_virtuoso_is_refused_where_nothing_may_be_fetched(virtuoso, ships):
    """With --no-transfer, or more triples than allowed, there is no report."""
    for more in ({"transfer": False}, {"most": 1000}):
        with pytest.raises(EndpointError) as raised:
            ground(virtuoso, ("urn:all",), beside=ships, **more)
        assert "E616" == raised.value.code


@contextmanager
def server_of(servers, quads, folder):
    """Run an Oxigraph server over some quads; give the address of its queries."""
    if servers.OXIGRAPH is None:
        pytest.skip("the Oxigraph server is not installed (pip install oxigraph)")
    store = ox.Store(str(folder / "store"))
    store.bulk_extend(quads)
    store.flush()
    del store
    with servers.serving_oxigraph(folder / "store", folder, "serve-read-only") as (_, address):
        yield f"{address}/query"


@pytest.mark.parametrize(
    ("left_out", "what"),
    [
        (lambda q: True, "lacks the ontology"),
        (lambda q: q.predicate.value == RDF + "type" and q.object.value == ICS + "AuthorityInArea", "rules derive"),
        (lambda q: q.predicate.value == ICS + "latestDay" and "northshire" in str(q.subject), "dates without bounds"),
        (lambda q: q.predicate.value == ICS + "alignmentWindowStart", "alignmentWindowStart"),
        (lambda q: q.predicate.value == ICS + "partnerBoard" and "northshire" in str(q.subject), "rule partner-board"),
    ],
    ids=["everything", "derived of England", "bounds", "relative days", "derived of records"],
)
def test_what_an_endpoint_lacks_is_said(servers, opened, ships, tmp_path, left_out, what):
    """Without what shapes rest on they find nothing: that is an error and no report."""
    quads = opened.store.quads_for_pattern(None, None, None, ox.DefaultGraph())
    kept = (quad for quad in quads if not left_out(quad))
    with server_of(servers, kept, tmp_path) as url, pytest.raises(EndpointError, match=what) as raised:
        ground(url, beside=ships)

    assert "E615" == raised.value.code


def test_the_command_reports_what_it_asked(oxigraph):
    """Findings on stdout and exit 1; on stderr how far it came and how many requests it took."""
    command = [sys.executable, "-c", "from icsgraph.cli import main; main()", "--as-at", str(DAY)]
    chosen = [part for name in SOME for part in ("--constraint", name)]
    there, here = (
        subprocess.run([*command, *before, "validate", *after, *chosen, "--format", "csv"], cwd=ROOT,
                       capture_output=True, text=True, encoding="utf-8", check=False)
        for before, after in ((["--endpoint", oxigraph], []), ([], [str(RECORDS)]))
    )  # fmt: skip

    assert (1, 1) == (here.returncode, there.returncode)
    assert sorted(line.split(",")[0] for line in here.stdout.splitlines()) == sorted(
        line.split(",")[0] for line in there.stdout.splitlines()
    )
    assert f"requests to {oxigraph}" in there.stderr


def test_files_and_an_endpoint_do_not_go_together():
    """Which of them was meant is not guessed."""
    done = subprocess.run(
        [sys.executable, "-c", "from icsgraph.cli import main; main()", "--endpoint", "http://127.0.0.1:9/sparql",
         "validate", str(RECORDS)],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip

    assert (2, "") == (done.returncode, done.stdout)
    assert "E440" in done.stderr


def test_a_parameter_that_records_set_is_theirs_there_too(servers, opened, tmp_path):
    """The cut-off day of an endpoint's records is worked out from the value that they set."""
    parameter = ox.NamedNode("https://w3id.org/icsgraph/id/parameter/grace_consider")
    quads = [*opened.store.quads_for_pattern(None, None, None, ox.DefaultGraph()),
             ox.Quad(parameter, ox.NamedNode(ICS + "isSetTo"), ox.Literal(2))]  # fmt: skip
    with server_of(servers, quads, tmp_path) as url:
        at = ground(url)

    assert ("2 months", "2025-04-30") == next(
        (use.value, use.cut_off) for use in at.opened.parameters if use.id == "grace_consider"
    )


@pytest.mark.parametrize("rule", derivation_rules(), ids=lambda rule: rule.name)
def test_what_a_rule_would_derive_can_be_asked_for(rule, opened):
    """Nothing is missing of what it derived of the worked example; without one triple of it, something is."""
    store = ox.Store()
    store.bulk_extend(opened.store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    query, made = held._of_rule(rule)[1], next(iter(store.query(rule.text)), None)

    assert 0 == len(list(store.query(query)))
    if made is not None:
        store.remove(ox.Quad(*made))
        assert 1 <= len(list(store.query(query)))


def test_shapes_are_sent_with_the_context_in_them():
    """Every query of the catalogue asks for the context in a form that can be put in."""
    from icsgraph.law.compiled import compiled
    from icsgraph.store.context import CONTEXT, in_context

    shapes = shipped_shapes()
    asked = [q.text for q in compiled(shapes).queries] + [*shapes.population.values(), *shapes.applicability.values()]
    context = {ICS + "asAt": ox.Literal("2025-06-30", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date"))}

    assert [] == [text for text in asked if f"<{CONTEXT.value}>" in in_context(text, context)]
