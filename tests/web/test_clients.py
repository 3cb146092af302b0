# SPDX-License-Identifier: Apache-2.0
"""Programs that people use against endpoints, used against this one."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess

import pytest
from rdflib import URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, POSTDIRECTLY, TURTLE, URLENCODED, XML, SPARQLWrapper

BOARDS = "SELECT ?b ?code { ?b a ics:IntegratedCareBoard ; ics:odsCode ?code } ORDER BY ?code LIMIT 5"
ICS20 = "https://w3id.org/icsgraph/constraint/ICS-20"
LABEL = URIRef("http://www.w3.org/2000/01/rdf-schema#label")


@pytest.mark.parametrize("method", [None, URLENCODED, POSTDIRECTLY])
def test_sparqlwrapper_reads_rows(served, method):
    """SPARQLWrapper gets the same five boards by GET and by both ways of posting."""
    client = SPARQLWrapper(f"{served.url}/sparql")
    if method:
        client.setMethod(POST)
        client.setRequestMethod(method)
    client.setQuery(BOARDS)
    client.setReturnFormat(JSON)
    found = client.query().convert()["results"]["bindings"]

    assert 5 == len({row["code"]["value"] for row in found})


def test_sparqlwrapper_reads_other_forms(served):
    """XML, CSV and Turtle come as the client asks for them."""
    client = SPARQLWrapper(f"{served.url}/sparql")
    client.setQuery(BOARDS)
    client.setReturnFormat(XML)
    assert 5 == len(client.query().convert().getElementsByTagName("result"))
    client.setReturnFormat(CSV)
    assert ["b", "code"] == next(csv.reader(io.StringIO(client.query().convert().decode())))
    client.setQuery(f"CONSTRUCT {{ <{ICS20}> ?p ?o }} WHERE {{ <{ICS20}> ?p ?o }}")
    client.setReturnFormat(TURTLE)
    assert b"ICS-20" in client.query().convert()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_uses_it_as_a_store(served, method):
    """A graph of rdflib's over the endpoint finds the label of a constraint."""
    store = SPARQLStore(f"{served.url}/sparql", method=method, context_aware=False)
    found = list(store.triples((URIRef(ICS20), LABEL, None)))

    assert 1 == len(found)
    assert 5 == len(list(store.query(f"PREFIX ics: <https://w3id.org/icsgraph/def/> {BOARDS}")))


def test_curl_gets_a_spreadsheet_by_one_address(served):
    """A stored query is one URL, and its answer CSV with a heading."""
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")
    url = f"{served.url}/api/queries/strategy-copy-recipients?icb=QNQ&format=csv"
    done = subprocess.run([curl, "-sS", "--fail", "--compressed", url], capture_output=True, text=True, check=True)

    assert 9 == len(list(csv.reader(io.StringIO(done.stdout))))


def test_curl_posts_a_query_from_a_file(served, tmp_path):
    """curl's --data-urlencode and -H Accept are all that is needed."""
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")
    (tmp_path / "q.rq").write_text(BOARDS, encoding="utf-8")
    done = subprocess.run(
        [curl, "-sS", "--fail", "-H", "Accept: text/csv", "--data-urlencode", f"query@{tmp_path / 'q.rq'}",
         f"{served.url}/sparql"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert "b,code" == done.stdout.splitlines()[0]
    assert 6 == len(done.stdout.splitlines())


@pytest.mark.parametrize("source", ["sparql@{url}/sparql", "{url}/sparql", "{url}/constraint/ICS-20"])
def test_comunica_finds_its_way(served, source):
    """Comunica reads the label of a constraint when told of an endpoint, finding that out, or following an IRI."""
    comunica = shutil.which("comunica-sparql")
    if comunica is None:
        pytest.skip("Comunica is not installed")
    done = subprocess.run(
        [comunica, source.format(url=served.url), f"SELECT ?l {{ <{ICS20}> <{LABEL}> ?l }}"],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip

    assert "ICS-20: Every partner" in done.stdout
