# SPDX-License-Identifier: Apache-2.0
"""The SPARQL 1.1 Protocol, case by case: those of the W3C's test suite for queries, under their own names.

Source: https://www.w3.org/2009/sparql/docs/tests/data-sparql11/protocol/index.html
"""

from __future__ import annotations

from urllib.parse import urlencode

import pyoxigraph as ox
import pytest

FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"


def truth(got) -> bool:
    assert 200 == got.status, got.text
    return got.json["boolean"]


def form(**parameters) -> str:
    return urlencode(parameters, doseq=True)


@pytest.fixture(scope="module")
def parts(served):
    """Two graphs, and a pattern for each that holds in it and not in the other."""
    rows = served.query(
        "SELECT ?g (SAMPLE(?x) AS ?s) { GRAPH ?g { ?x a ?t FILTER(isIRI(?x)) } } GROUP BY ?g ORDER BY ?g LIMIT 40"
    ).json["results"]["bindings"]
    pairs = [(row["g"]["value"], f"{{ <{row['s']['value']}> a ?t }}") for row in rows]
    (one, in_one), (other, in_other) = pairs[0], pairs[-1]
    assert not truth(served.query(f"ASK {{ GRAPH <{other}> {in_one} }}"))
    assert not truth(served.query(f"ASK {{ GRAPH <{one}> {in_other} }}"))
    return one, in_one, other, in_other


@pytest.mark.parametrize("how", ["query_get", "query_post_form", "query_post_direct"])
def test_a_query_is_taken_in_each_of_three_ways(served, how):
    """GET, a posted form and a posted query give the same answer."""
    got = {
        "query_get": lambda: served.query("ASK { ?s ?p ?o }"),
        "query_post_form": lambda: served.post("/sparql", form(query="ASK { ?s ?p ?o }"), FORM),
        "query_post_direct": lambda: served.post("/sparql", "ASK { ?s ?p ?o }", QUERY),
    }[how]()

    assert truth(got)


def test_query_dataset_default_graph(served, parts):
    """A default graph that the request names is all there is."""
    one, in_one, _, in_other = parts

    assert truth(served.query(f"ASK {in_one}", **{"default-graph-uri": one}))
    assert not truth(served.query(f"ASK {in_other}", **{"default-graph-uri": one}))
    assert not truth(served.query("ASK { GRAPH ?g { ?s ?p ?o } }", **{"default-graph-uri": one}))


@pytest.mark.parametrize("posted", [False, True], ids=["get", "post"])
def test_query_dataset_default_graphs(served, parts, posted):
    """Several default graphs are merged."""
    one, in_one, other, in_other = parts
    query = f"ASK {{ {in_one[1:-1]} . {in_other[1:-1].replace('?t', '?u')} }}"
    given = {"default-graph-uri": [one, other]}
    got = (
        served.post(f"/sparql?{form(**given)}", query, QUERY)
        if posted
        else served.get(f"/sparql?{form(query=query, **given)}")
    )

    assert truth(got)


@pytest.mark.parametrize("posted", [False, True], ids=["get", "post"])
def test_query_dataset_named_graphs(served, parts, posted):
    """Named graphs that the request names are those that GRAPH reaches; the default graph is then empty."""
    one, _, other, _ = parts
    query = "SELECT ?g { { GRAPH ?g { ?s ?p ?o } } UNION { ?s ?p ?o BIND(1 AS ?g) } } GROUP BY ?g"
    given = {"named-graph-uri": [one, other]}
    got = (
        served.post("/sparql", form(query=query, **given), FORM)
        if posted
        else served.get(f"/sparql?{form(query=query, **given)}")
    )

    assert {one, other} == {row["g"]["value"] for row in got.json["results"]["bindings"]}


def test_query_dataset_full(served, parts):
    """Default and named graphs go together."""
    one, in_one, other, in_other = parts
    query = f"ASK {{ {in_one[1:-1]} GRAPH ?g {in_other.replace('?t', '?u')} }}"

    assert truth(served.query(query, **{"default-graph-uri": one, "named-graph-uri": other}))


def test_query_multiple_dataset(served, parts):
    """The dataset of the request takes the place of the query's own."""
    one, in_one, other, _ = parts
    query = f"ASK FROM <{other}> {in_one}"

    assert not truth(served.query(query))
    assert truth(served.query(query, **{"default-graph-uri": one}))


@pytest.mark.parametrize(
    ("name", "query", "accept", "media"),
    [
        ("select", "SELECT ?s { ?s ?p ?o } LIMIT 1", "", "application/sparql-results+json"),
        (
            "select",
            "SELECT ?s { ?s ?p ?o } LIMIT 1",
            "application/sparql-results+xml",
            "application/sparql-results+xml",
        ),
        ("select", "SELECT ?s { ?s ?p ?o } LIMIT 1", "text/csv", "text/csv"),
        ("select", "SELECT ?s { ?s ?p ?o } LIMIT 1", "text/tab-separated-values", "text/tab-separated-values"),
        (
            "select",
            "SELECT ?s { ?s ?p ?o } LIMIT 1",
            "text/csv;q=0.5, application/json",
            "application/sparql-results+json",
        ),
        ("ask", "ASK { ?s ?p ?o }", "application/sparql-results+xml", "application/sparql-results+xml"),
        ("ask", "ASK { ?s ?p ?o }", "application/xml", "application/sparql-results+xml"),
        ("describe", "DESCRIBE <https://w3id.org/icsgraph/constraint/ICS-20>", "", "text/turtle"),
        ("construct", "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 5", "application/n-triples", "application/n-triples"),
        ("construct", "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 5", "application/n-quads", "application/n-quads"),
        ("construct", "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 5", "application/trig", "application/trig"),
        ("construct", "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 5", "application/rdf+xml", "application/rdf+xml"),
        ("construct", "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 5", "application/ld+json", "application/ld+json"),
    ],
)
def test_query_content_type(served, name, query, accept, media):
    """Each form of result and of RDF is given to whoever accepts it, and can be read."""
    got = served.query(query, accept)

    assert (200, media) == (got.status, got.media)
    if name in ("select", "ask"):
        if media != "text/csv":  # which has no types to read back
            results = ox.parse_query_results(got.body, format=ox.QueryResultsFormat.from_media_type(media))
            assert bool(results) if name == "ask" else 1 == len(list(results))
    else:
        assert next(iter(ox.parse(got.body, format=ox.RdfFormat.from_media_type(media))), None)


SELECT, CONSTRUCT = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 2", "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 2"


@pytest.mark.parametrize(
    ("query", "named", "media"),
    [
        *((query, form, media) for query in (SELECT, "ASK {}") for form, media in (
            ("json", "application/sparql-results+json"), ("xml", "application/sparql-results+xml"), ("csv", "text/csv"),
            ("tsv", "text/tab-separated-values"), ("html", "text/html"),
            ("application/sparql-results+json", "application/sparql-results+json"),
        )),
        *((query, form, media) for query in (CONSTRUCT, "DESCRIBE ics:Norm") for form, media in (
            ("ttl", "text/turtle"), ("nt", "application/n-triples"), ("jsonld", "application/ld+json"),
            ("rdfxml", "application/rdf+xml"), ("trig", "application/trig"), ("nq", "application/n-quads"),
            ("text/turtle", "text/turtle"),
        )),
    ],
)  # fmt: skip
def test_format_names_every_form_and_counts_before_what_is_accepted(served, query, named, media):
    """format= takes short names and media types of every form of rows and of RDF; HEAD, ETag and gzip go with each."""
    path = f"/sparql?{form(query=query, format=named)}"
    got = served.get(path, "image/png", **{"Accept-Encoding": "gzip"})
    head = served.ask("HEAD", path, {"Accept": "image/png"})

    assert (200, media) == (got.status, got.media)
    assert (200, b"", got.headers["etag"]) == (head.status, head.body, head.headers["etag"])
    assert 304 == served.get(path, "image/png", **{"If-None-Match": got.headers["etag"]}).status


BAD = {
    "bad_query_method": ("PUT", "/sparql?query=ASK%20%7B%7D", {}, b"", 405, "E815"),
    "bad_multiple_queries": ("GET", "/sparql?query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D", {}, b"", 400, "E805"),
    "bad_query_wrong_media_type": ("POST", "/sparql", {"Content-Type": "text/plain"}, b"ASK {}", 415, "E805"),
    "bad_query_missing_form_type": ("POST", "/sparql", {}, b"query=ASK%20%7B%7D", 415, "E805"),
    "bad_query_missing_direct_type": ("POST", "/sparql", {}, b"ASK {}", 415, "E805"),
    "bad_query_non_utf8": (
        "POST", "/sparql", {"Content-Type": f"{QUERY}; charset=UTF-16"}, "ASK {}".encode("utf-16"), 415, "E805",
    ),
    "bad_query_non_utf8 (bytes)": ("POST", "/sparql", {"Content-Type": QUERY}, b"ASK { ?s ?p '\xff' }", 400, "E805"),
    "bad_query_syntax": ("GET", "/sparql?query=ASK%20%7B", {}, b"", 400, "E201"),
    "no query in a form": ("POST", "/sparql", {"Content-Type": FORM}, b"", 400, "E805"),
    "update_post_form": ("POST", "/sparql", {"Content-Type": FORM}, b"update=CLEAR%20ALL", 400, "E805"),
    "update_post_direct": ("POST", "/sparql", {"Content-Type": "application/sparql-update"}, b"CLEAR ALL", 415, "E805"),
    "bad_update_get": ("GET", "/sparql?update=CLEAR%20ALL", {}, b"", 400, "E805"),
    "update as a query": ("GET", "/sparql?query=CLEAR%20ALL", {}, b"", 400, "E202"),
    "using-graph-uri": ("GET", "/sparql?query=ASK%20%7B%7D&using-graph-uri=http%3A%2F%2Fx", {}, b"", 400, "E805"),
    "unknown default graph": ("GET", "/sparql?query=ASK%7B%7D&default-graph-uri=http%3A%2F%2Fx", {}, b"", 400, "E803"),
    "unknown named graph": ("GET", "/sparql?query=ASK%20%7B%7D&named-graph-uri=http%3A%2F%2Fx", {}, b"", 400, "E803"),
    "nothing acceptable": ("GET", "/sparql?query=ASK%20%7B%7D", {"Accept": "image/png"}, b"", 406, "E809"),
    "no such form": ("GET", "/sparql?query=ASK%20%7B%7D&format=docx", {}, b"", 400, "E809"),
    "rows as RDF": ("GET", "/sparql?query=SELECT%20%2A%20%7B%7D&format=ttl", {}, b"", 400, "E809"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_query_of_the_protocol_is_refused(served, name):
    """Each bad request gets a status of the 400s and a document that says what is wrong."""
    method, path, headers, body, status, code = BAD[name]
    got = served.ask(method, path, headers, body)

    assert (status, code) == (got.status, got.code)
    assert "Traceback" not in got.text


def test_without_a_query_the_service_describes_itself(served):
    """The description names the endpoint, its formats and graphs, the prefixes and the stored queries."""
    got = served.get("/sparql", "text/turtle")
    triples = ox.Store()
    triples.load(got.body, format=ox.RdfFormat.TURTLE)
    prefixes = {
        "sd": "http://www.w3.org/ns/sparql-service-description#", "sh": "http://www.w3.org/ns/shacl#",
        "icsq": "https://w3id.org/icsgraph/query/",
    }  # fmt: skip

    def holds(pattern: str) -> bool:
        return bool(triples.query(f"ASK {{ {pattern} }}", prefixes=prefixes))

    assert holds(f"<{served.url}/sparql> a sd:Service ; sd:endpoint <{served.url}/sparql> ; sd:supportedLanguage ?l")
    assert holds("?d sd:namedGraph [ sd:name <https://w3id.org/icsgraph/graph/service> ]")
    assert holds("?o sh:declare [ sh:prefix 'ics' ; sh:namespace ?n ]")
    assert holds("icsq:strategy-copy-recipients a sh:SPARQLSelectExecutable ; sh:select ?text")


def test_editors_find_prefixes_and_stored_queries_by_asking(served):
    """What editors ask an endpoint for examples and prefixes is answered from the graph itself."""
    queries = served.query("SELECT ?q ?text { ?q a sh:SPARQLExecutable ; sh:select|sh:ask|sh:construct ?text }").json[
        "results"
    ]["bindings"]
    prefixes = served.query("SELECT ?p { ?o sh:declare [ sh:prefix ?p ; sh:namespace ?n ] }").json["results"][
        "bindings"
    ]

    assert len(queries) > 100
    assert {"ics", "icsc", "sh"} <= {row["p"]["value"] for row in prefixes}


def test_void_counts_the_triples_and_names_the_endpoint(served):
    """VoID stands where crawlers look, with the number that the endpoint itself counts."""
    got = served.get("/.well-known/void", "application/n-triples")
    (row,) = served.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").json["results"]["bindings"]

    assert f'<http://rdfs.org/ns/void#triples> "{row["n"]["value"]}"' in got.text
    assert f"<http://rdfs.org/ns/void#sparqlEndpoint> <{served.url}/sparql>" in got.text


def test_an_answer_is_not_sent_to_whoever_has_it(served):
    """The tag of an answer brings 304, and another question does not; what changes by itself has no tag."""
    first = served.query("SELECT ?s { ?s ?p ?o } LIMIT 3")
    again = served.ask("GET", "/sparql?query=SELECT%20%3Fs%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20LIMIT%203")
    path = f"/sparql?{form(query='SELECT ?s { ?s ?p ?o } LIMIT 3')}"
    kept = served.get(path, **{"If-None-Match": first.headers["etag"]})
    other = served.get(f"{path}0", **{"If-None-Match": first.headers["etag"]})
    moving = served.query("SELECT (NOW() AS ?now) {}")

    assert first.headers["etag"] == again.headers["etag"]
    assert (304, b"") == (kept.status, kept.body)
    assert 200 == other.status
    assert "etag" not in moving.headers
    assert "no-store" == moving.headers["cache-control"]


def test_head_gives_the_headers_alone(served):
    """HEAD gives what GET would give but for the body."""
    path = f"/sparql?{form(query='ASK {}')}"
    head, get = served.ask("HEAD", path), served.get(path)

    assert (200, b"") == (head.status, head.body)
    assert get.headers["content-length"] == head.headers["content-length"]


def test_answers_are_compressed_for_whoever_asks(served):
    """gzip is given to a client that accepts it, and unpacks to the same rows."""
    import gzip

    query = "SELECT ?b ?l { ?b a ics:IntegratedCareBoard ; rdfs:label ?l } ORDER BY ?b"
    path = f"/sparql?{form(query=query, format='csv')}"
    packed, plain = served.get(path, **{"Accept-Encoding": "gzip"}), served.get(path)

    assert "gzip" == packed.headers["content-encoding"]
    assert gzip.decompress(packed.body) == plain.body


def test_pages_of_the_sites_named_may_read_answers_and_no_others(served):
    """CORS names the one site that the server was started with; a preflight is answered."""
    friend = served.get("/healthz", Origin="https://editor.example")
    stranger = served.get("/healthz", Origin="https://stranger.example")
    preflight = served.ask(
        "OPTIONS", "/sparql", {"Origin": "https://editor.example", "Access-Control-Request-Method": "POST"}
    )

    assert "https://editor.example" == friend.headers["access-control-allow-origin"]
    assert "access-control-allow-origin" not in stranger.headers
    assert (204, "GET, HEAD, POST, OPTIONS") == (preflight.status, preflight.headers["access-control-allow-methods"])


def test_each_answer_says_what_a_reader_must_know(served):
    """Rows, completeness, digests and day stand in the headers, as they do on the command line's stderr."""
    whole = served.query("SELECT ?b { ?b a ics:IntegratedCareBoard }")
    cut = served.query("SELECT ?s { ?s ?p ?o }", format="xml")

    assert int(whole.headers["x-icsgraph-rows"]) == len(whole.json["results"]["bindings"])
    assert ("true", "2024-06-01") == (whole.headers["x-icsgraph-complete"], whole.headers["x-icsgraph-as-at"])
    assert {64} == {len(whole.headers[f"x-icsgraph-{name}"]) for name in ("query", "data")}
    assert ("5000", "false") == (cut.headers["x-icsgraph-rows"], cut.headers["x-icsgraph-complete"])
    assert "<!-- This answer is cut at the limit of 5000 rows" in cut.text
    assert 5000 == cut.text.count("<result>")


def test_a_large_answer_is_compressed_whole(served):
    """An answer that is compressed apart unpacks to what is sent plain, and says its length."""
    import gzip

    path = f"/sparql?{form(query='SELECT ?s ?p ?o { ?s ?p ?o }', format='xml')}"
    packed, plain = served.get(path, **{"Accept-Encoding": "gzip"}), served.get(path)

    assert len(plain.body) > 100_000
    assert ("gzip", str(len(packed.body))) == (packed.headers["content-encoding"], packed.headers["content-length"])
    assert gzip.decompress(packed.body) == plain.body
