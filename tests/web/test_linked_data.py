# SPDX-License-Identifier: Apache-2.0
"""IRIs that lead to what they name, stored queries as an API, and posted records as a report."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from icsgraph.store.built import read_manifest

BASE = "https://w3id.org/icsgraph/"
RECORDS = Path(__file__).resolve().parents[2] / "data" / "examples" / "northshire-with-faults"
FAULTY = "\n".join(path.read_text(encoding="utf-8") for path in sorted(RECORDS.glob("*.ttl")))
CHECK = "/validate?background=no&constraint=ICS-20&as-at=2025-06-30"


@pytest.fixture(scope="module")
def samples(served):
    """For each kind of IRI one that the graph has."""
    found = {}
    for kind in ("id", "def", "scheme", "statement", "norm", "constraint"):
        begins = f"FILTER(STRSTARTS(STR(?s), '{BASE}{kind}/'))"
        query = f"SELECT ?s {{ ?s rdfs:label|skos:prefLabel|dcterms:identifier ?l {begins} }} LIMIT 1"
        found[kind] = served.query(query).json["results"]["bindings"][0]["s"]["value"]
    graphs = served.query("SELECT ?g { GRAPH ?g { ?s ?p ?o } FILTER(CONTAINS(STR(?g), 'ontology')) } LIMIT 1")
    found["graph"] = graphs.json["results"]["bindings"][0]["g"]["value"]
    found["query"] = f"{BASE}query/strategy-copy-recipients"
    return found


@pytest.mark.parametrize("kind", ["id", "def", "scheme", "statement", "norm", "constraint", "graph", "query"])
@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/turtle", "text/turtle"), ("application/ld+json", "application/ld+json"),
        ("application/n-triples", "application/n-triples"),
    ],
)  # fmt: skip
def test_each_kind_of_iri_leads_to_what_it_names(served, samples, kind, accept, media):
    """Every IRI of the base is an address here, in four forms."""
    iri = samples[kind]
    got = served.get(f"/{iri.removeprefix(BASE)}", accept)

    assert (200, media) == (got.status, got.media), got.text[:300]
    assert "x-icsgraph-data" in got.headers
    if media != "text/html":
        triples = [q.triple for q in ox.parse(got.body, format=ox.RdfFormat.from_media_type(media))]
        assert kind == "graph" or any(t.subject == ox.NamedNode(iri) for t in triples)
        assert len(triples) == int(got.headers["x-icsgraph-triples"])


FORMS = {
    "html": "text/html", "ttl": "text/turtle", "jsonld": "application/ld+json", "nt": "application/n-triples",
    "rdfxml": "application/rdf+xml",
}  # fmt: skip


@pytest.fixture(scope="module")
def every_kind(served, store):
    """An instance of each class that has any, every IRI of which nothing is said, and of each graph and family some."""
    manifest = read_manifest(store)
    held = ox.Store.read_only(str(store / manifest.store))
    said, pointed, used, kinds = set(), set(), set(), {}
    for quad in held.quads_for_pattern(None, None, None, ox.DefaultGraph()):
        said.add(quad.subject)
        used.add(quad.predicate)
        pointed.add(quad.object)
        if quad.predicate.value.endswith("#type") and own(quad.subject):
            kinds.setdefault(quad.object, quad.subject)
    found = {
        "one of each class": kinds.values(),
        "only pointed to": filter(own, pointed - said - {ox.NamedNode(BASE)}),
        "properties": sorted(filter(own, used), key=str)[::8],
        "graphs": [ox.NamedNode(name) for name in sorted(manifest.counts) if name.startswith(BASE)][::6],
        "queries": [ox.NamedNode(each["iri"]) for each in served.get("/api/queries").json[::20]],
        "shapes": [ox.NamedNode(f"{BASE}shape/{name}") for name in shape_names()[::40]],
    }
    for kind in ("statement", "norm", "constraint", "scheme", "id"):
        family = sorted(each.value for each in filter(own, said) if each.value.startswith(f"{BASE}{kind}/"))
        found[kind] = [ox.NamedNode(each) for each in family[:: max(len(family) // 12, 1)]]
    return {name: [each.value for each in nodes] for name, nodes in found.items()}


def own(node) -> bool:
    """Whether a term is an IRI of icsgraph's."""
    return isinstance(node, ox.NamedNode) and node.value.startswith(BASE)


def shape_names() -> list[str]:
    """The local names of every shape and of its parts, as the files have them."""
    from icsgraph.store import shipped

    found = ox.Store()
    for path in shipped.files("shapes"):
        found.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
    subjects = {quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode)}
    return sorted(each.removeprefix(f"{BASE}shape/") for each in subjects if each.startswith(f"{BASE}shape/"))


@pytest.mark.parametrize(
    "family",
    ["one of each class", "only pointed to", "properties", "graphs", "queries", "statement", "norm", "constraint",
     "scheme", "id", "shapes"],
)  # fmt: skip
def test_every_iri_of_the_base_leads_somewhere(served, every_kind, family):
    """Whatever stands in the graph under the base is an address here, in each form, and the RDF speaks of it."""
    iris = every_kind[family]
    broken = []
    for number, iri in enumerate(iris):
        for form in ("html", list(FORMS)[1 + number % 4]):  # each as a page, and by turns as RDF
            got = served.get(f"/{iri.removeprefix(BASE)}?format={form}")
            right = (200, FORMS[form]) == (got.status, got.media)
            if not right or not (family == "graphs" or speaks_of(iri, form, got)):
                broken.append((iri, form, got.status))

    assert iris, family
    assert [] == broken


def speaks_of(iri: str, form: str, got) -> bool:
    """Whether an answer names an IRI."""
    if form == "html":
        return iri in got.text
    syntax = ox.RdfFormat.from_media_type(FORMS[form])
    terms = {term for quad in ox.parse(got.body, format=syntax) for term in (quad.subject, quad.predicate, quad.object)}
    return ox.NamedNode(iri) in terms


def test_the_base_itself_leads_to_the_first_page_or_to_what_the_data_are(served):
    """A browser gets the first page; a client that wants RDF is sent to the description of the data."""
    assert "text/html" == served.get("/", "text/html,*/*;q=0.8").media
    sent_on = served.get("/", "text/turtle")

    assert (303, "/.well-known/void") == (sent_on.status, sent_on.headers["location"])


def test_an_ending_or_a_parameter_names_the_form(served):
    """.ttl and format= count before what is accepted."""
    for path in ("/constraint/ICS-20.ttl", "/constraint/ICS-20?format=ttl"):
        assert "text/turtle" == served.get(path, "text/html").media
    assert 404 == served.get("/constraint/ICS-999999").status


def test_a_page_shows_links_both_ways_labels_sources_and_the_query(served):
    """The page of a constraint has what points to it, the file it is from, and a way into the query page."""
    page = served.get("/constraint/ICS-20", "text/html").text

    assert "What points to it" in page
    assert re.search(r'href="/graph/file/data/law/[^"]+"', page)
    assert 'href="/query?query=SELECT' in page
    assert '<a href="/def/' in page
    assert '<link rel="alternate" type="text/turtle" href="/constraint/ICS-20?format=ttl">' in page


def test_shapes_that_ship_beside_the_graph_are_served(served):
    """The shape of a constraint is found where its IRI leads."""
    from icsgraph.store import shipped

    text = (shipped.files("shapes")[0]).read_text(encoding="utf-8") + shipped.files("shapes")[-1].read_text("utf-8")
    name = re.search(r"icss:([\w-]+)", text)[1]
    got = served.get(f"/shape/{name}", "text/turtle")

    assert 200 == got.status
    assert name in got.text


def test_every_stored_query_is_listed_and_described(served):
    """The list and the OpenAPI document have the same queries; parameters have types, values and examples."""
    listed = served.get("/api/queries").json
    document = served.get("/api/openapi.json").json
    operation = document["paths"]["/api/queries/strategy-copy-recipients"]["get"]
    parameters = {each["name"]: each for each in operation["parameters"]}

    assert {f"/api/queries/{each['slug']}" for each in listed} == set(document["paths"]) - {"/api/queries", "/validate"}
    assert parameters["icb"]["required"]
    assert parameters["icb"]["examples"]
    assert "date" == parameters["as-at"]["schema"]["format"]
    assert "csv" in parameters["format"]["schema"]["enum"]
    described = [each for path in document["paths"].values() for each in path.values()]
    topics = [p for each in described for p in each.get("parameters", ()) if p["name"] == "topic"]
    assert topics
    assert all(p["schema"]["enum"] for p in topics)


@pytest.mark.parametrize(
    ("form", "media"),
    [("json", "application/sparql-results+json"), ("csv", "text/csv"), ("tsv", "text/tab-separated-values"),
     ("xml", "application/sparql-results+xml"), ("jsonl", "application/x-ndjson"), ("html", "text/html"),
     ("md", "text/markdown"), ("table", "text/plain")],
)  # fmt: skip
def test_a_stored_query_is_answered_in_each_form(served, form, media):
    """The eight recipients of Frimley's strategy come in every form, with the facts in the headers."""
    got = served.get(f"/api/queries/strategy-copy-recipients?icb=QNQ&format={form}&as-at=2024-06-01")

    assert (200, media, "8", "true") == (
        got.status, got.media, got.headers["x-icsgraph-rows"], got.headers["x-icsgraph-complete"]
    )  # fmt: skip
    assert "E06000036" in got.text


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("nothing-of-the-kind", 404, "E211"), ("strategy-copy-recipients", 400, "E205"),
        ("strategy-copy-recipients?icb=QNQ&colour=red", 400, "E204"), ("strategy-copy-recipients?icb=XXX", 404, "E401"),
        ("strategy-copy-recipients?icb=QNQ&icb=QRL", 400, "E805"), ("areas-by-kind", 409, "E814"),
        ("strategy-copy-recipients?icb=QNQ&as-at=yesterday", 400, "E403"),
    ],
)  # fmt: skip
def test_the_api_says_what_is_wrong(served, path, status, code):
    """Each fault has its code, and its status tells a client whether to try another way."""
    got = served.get(f"/api/queries/{path}")

    assert (status, code) == (got.status, got.code), got.text


@pytest.mark.parametrize("form", ["json", "csv", "html", "sarif", "ttl", "junit", "md", "jsonl", "jsonld", "table"])
def test_posted_records_come_back_as_a_report_in_any_form(served, form):
    """The board that got no copy is found, whatever the form of the report; nothing of it is kept."""
    got = served.post(f"{CHECK}&format={form}", FAULTY, "text/turtle")

    assert 200 == got.status, got.text
    assert ("1", "2025-06-30") == (got.headers["x-icsgraph-findings"], got.headers["x-icsgraph-as-at"])
    assert "no-store" == got.headers["cache-control"]
    assert "Westmarch" in got.text


def test_a_posted_report_can_be_asked_for_as_counts(served):
    """kind=summary gives counts alone; laid over the graph that is served, the finding is the same."""
    counts = served.post(f"{CHECK}&kind=summary&format=csv", FAULTY, "text/turtle")
    over = served.post(CHECK.replace("background=no", "background=yes"), FAULTY, "text/turtle")

    assert "Westmarch" not in counts.text
    assert any("ICS-20" in row for row in csv.reader(io.StringIO(counts.text)))
    assert "1" == over.headers["x-icsgraph-findings"]


@pytest.mark.parametrize(
    ("path", "kind", "status", "code"),
    [
        ("/validate", "application/pdf", 415, "E805"), ("/validate?colour=red", "text/turtle", 400, "E805"),
        ("/validate?kind=all", "text/turtle", 400, "E805"), ("/validate?background=maybe", "text/turtle", 400, "E805"),
        ("/validate?format=docx", "text/turtle", 400, "E809"),
        ("/validate?background=no&constraint=ICS-20&kind=sheet&format=csv", "text/turtle", 400, "E407"),
    ],
)  # fmt: skip
def test_a_check_that_cannot_be_made_says_why(served, path, kind, status, code):
    """No option is passed over in silence."""
    got = served.post(path, FAULTY, kind)

    assert (status, code) == (got.status, got.code), got.text
