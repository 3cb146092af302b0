# SPDX-License-Identifier: Apache-2.0
"""Networks, areas, descriptions and RDF as their users' tools read them: NetworkX, Shapely, rdflib."""

from __future__ import annotations

import io
import json

import pyoxigraph as ox
import pytest
from exported import DAY, as_file

from icsgraph.exports.content import Content
from icsgraph.exports.formats import get, names
from icsgraph.exports.formats.geojson import geometry
from icsgraph.exports.rdf import FORMATS
from icsgraph.exports.selection import Choice, choose
from icsgraph.model.errors import ExportError
from icsgraph.opening import open_graph

RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def test_a_format_is_a_module_and_nothing_else():
    """The names are those of the modules, and each gives a format of one file or of several."""
    assert {"csv", "dcat", "geojson", "graphml", "jsonld", "nq", "nt", "parquet", "rdfxml", "trig", "ttl", "xlsx"} <= (
        set(names())
    )
    assert [] == [name for name in names() if (get(name).file is None) == (get(name).folder is None)]


def test_an_unknown_format_names_the_near_one():
    """Whoever mistypes a format is told of the one that was meant."""
    with pytest.raises(ExportError, match=r"E940.*\n.*Did you mean geojson"):
        get("geojsn")


def test_graphml_opens_in_networkx_with_every_thing_and_link(boards):
    """Nodes are the things, edges the statements between things, numbers numbers; Frimley has its name and class."""
    import networkx

    links = {t for t in boards.triples() if not isinstance(t.object, ox.Literal) and t.predicate != RDF_TYPE}
    things = {t.subject for t in boards.triples()} | {t.object for t in links}
    graph = networkx.read_graphml(io.BytesIO(as_file("graphml", boards)))
    frimley = graph.nodes["https://w3id.org/icsgraph/id/icb/QNQ"]
    shares = [node["lsoaCount"] for _, node in graph.nodes(data=True) if "lsoaCount" in node]

    assert (len(things), len(links)) == (graph.number_of_nodes(), graph.number_of_edges())
    assert ("NHS Frimley Integrated Care Board", "IntegratedCareBoard") == (frimley["label"], frimley["class"])
    assert {int} == {type(share) for share in shares}


def test_graphml_holds_what_xml_has_no_way_to_write(packaged):
    """Marks, control characters and truth values in names, texts and IRIs do not break the file."""
    import networkx

    subject = ox.NamedNode("http://example.org/?a=1&b='2'")
    made = [ox.Triple(subject, ox.NamedNode("http://example.org/p"), ox.Literal('<"&\x02')),
            ox.Triple(subject, ox.NamedNode("http://example.org/is"), ox.Literal(True))]  # fmt: skip
    graph = networkx.read_graphml(io.BytesIO(as_file("graphml", Content(packaged, made=tuple(made)))))

    assert {"p": '<"&\ufffd', "is": True} == graph.nodes[subject.value]


@pytest.fixture(scope="module")
def bounded():
    return open_graph(as_at=DAY, on_demand=["boundaries"])


def test_geojson_has_the_boards_areas_where_they_are(bounded):
    """Shapely finds areas, outer rings against the clock; the Isle of Wight's area holds Newport and not Leeds."""
    import shapely

    content = choose(bounded, Choice(classes=("BoardArea",)))
    features = json.loads(as_file("geojson", content))["features"]
    shapes = {each["properties"]["onsCode"]: shapely.geometry.shape(each["geometry"]) for each in features}
    bodies = {body["label"]: each for each in features for body in each["properties"]["areaOf"]}
    hampshire = shapes[bodies["NHS Hampshire and Isle of Wight Integrated Care Board"]["properties"]["onsCode"]]
    query = "SELECT (COUNT(DISTINCT ?a) AS ?n) { ?a a ics:BoardArea ; geo:hasGeometry ?g }"
    prefixes = {"ics": "https://w3id.org/icsgraph/def/", "geo": "http://www.opengis.net/ont/geosparql#"}
    parts = [part for shape in shapes.values() for part in getattr(shape, "geoms", [shape])]

    assert len(features) == int(next(iter(bounded.store.query(query, prefixes=prefixes)))["n"].value) > 36
    assert [] == [code for code, shape in shapes.items() if shape.is_empty]
    assert all(part.exterior.is_ccw for part in parts)
    assert hampshire.contains(shapely.Point(-1.292, 50.701))
    assert not hampshire.contains(shapely.Point(-1.549, 53.801))
    assert {"Feature"} == {each["type"] for each in features}


def test_geojson_turns_latitude_first_and_refuses_other_systems():
    """EPSG 4326 has latitude first; national grid coordinates are not written as if they were degrees."""
    wkt = "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT (51.5 -0.1)"

    assert {"type": "Point", "coordinates": [-0.1, 51.5]} == geometry(wkt)
    assert [[[0, 0], [2, 0], [2, 2], [0, 0]]] == geometry("POLYGON ((0 0,2 2,2 0,0 0))")["coordinates"]
    assert [[1, 2], [3, 4]] == geometry("MULTIPOINT ((1 2), (3 4))")["coordinates"]
    with pytest.raises(ExportError, match=r"E946.*27700"):
        geometry("<http://www.opengis.net/def/crs/EPSG/0/27700> POINT (1 2)")
    with pytest.raises(ExportError, match="E946"):
        geometry("POLYGON ((0 0,1")


def test_geojson_of_what_has_no_boundary_is_refused(packaged):
    """An empty map would look like an answer."""
    with pytest.raises(ExportError, match="E942"):
        as_file("geojson", choose(packaged, Choice(classes=("Constraint",))))


def test_dcat_counts_what_is_exported(boards, packaged):
    """rdflib reads it; its counts are those of the statements, of each class and of each named graph."""
    import rdflib

    graph = rdflib.Graph().parse(data=as_file("dcat", boards), format="turtle")
    void, dcat = rdflib.Namespace("http://rdfs.org/ns/void#"), rdflib.Namespace("http://www.w3.org/ns/dcat#")
    dataset = graph.value(predicate=rdflib.RDF.type, object=dcat.Dataset)
    kinds = {str(graph.value(part, void["class"])).rpartition("/")[2]: graph.value(part, void.entities).toPython()
             for part in graph.objects(dataset, void.classPartition)}  # fmt: skip
    parts = sum(graph.value(part, void.triples).toPython() for part in graph.objects(dataset, void.propertyPartition))
    named = sum(graph.value(part, void.triples).toPython() for part in graph.objects(dataset, void.subset))

    assert len(boards.triples()) == graph.value(dataset, void.triples).toPython() == parts
    assert {"IntegratedCareBoard": 48, "AreaOverlap": 1000} == kinds
    assert sum(1 for _ in boards.quads()) == named


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_rdf_of_a_choice_reads_back_whole(form, boards):
    """What is read from each syntax is what was chosen, canonical or streamed."""
    streamed = Content(boards.opened, boards.subjects)
    expected = set(boards.quads()) if form in ("nq", "trig") else {ox.Quad(*triple) for triple in boards.triples()}

    for content in (boards, streamed):
        assert expected == set(ox.parse(as_file(form, content), format=FORMATS[form]))


def test_canonical_output_does_not_depend_on_order_or_labels_of_blank_nodes(packaged):
    """Two graphs that say the same give the same bytes; streamed ones need not."""
    p, q = ox.NamedNode("http://example.org/p"), ox.NamedNode("http://example.org/q")

    def written(form: str, *labels: str) -> bytes:
        nodes = [ox.BlankNode(label) for label in labels]
        made = [ox.Triple(nodes[0], p, nodes[1]), ox.Triple(nodes[1], q, ox.Literal("x"))]
        turned = made if labels[0] < labels[1] else made[::-1]
        return as_file(form, Content(packaged, made=tuple(turned), canonical=True))

    for form in ("nt", "ttl", "nq", "rdfxml", "jsonld", "graphml"):
        assert written(form, "a", "b") == written(form, "z", "y")


def test_jsonld_reads_as_plain_json_and_as_the_same_statements(boards):
    """Keys are names, numbers numbers, several values a list; rdflib reads as many statements as were chosen."""
    import rdflib

    text = as_file("jsonld", boards)
    nodes = {node["id"]: node for node in json.loads(text)["@graph"]}
    frimley = nodes["https://w3id.org/icsgraph/id/icb/QNQ"]
    overlaps = [node for node in nodes.values() if node["type"] == "AreaOverlap"]

    assert ("IntegratedCareBoard", "NHS Frimley Integrated Care Board", "2026-03-31") == (
        frimley["type"], frimley["label"], frimley["lastDay"],
    )  # fmt: skip
    assert {int} == {type(node["lsoaCount"]) for node in overlaps if "lsoaCount" in node}
    assert len(boards.triples()) == len(rdflib.Graph().parse(data=text, format="json-ld"))


def test_jsonld_keeps_what_json_has_no_form_for(packaged):
    """Odd numbers, languages, mixed values, clashing names, rings of blank nodes, IRIs like prefixes come back."""
    a, b, c = (ox.BlankNode(name) for name in "abc")
    s, p, q, r = (ox.NamedNode(f"http://example.org/{name}") for name in ("s", "p", "id", "x/p"))
    integer, date = (ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{name}") for name in ("integer", "date"))
    values = [ox.Literal("01", datatype=integer), ox.Literal("7"), ox.Literal(2.5), ox.Literal("oui", language="fr"), s]
    made = [ox.Triple(s, p, value) for value in values]
    made += [ox.Triple(s, q, ox.Literal("no day", datatype=date)), ox.Triple(s, r, ox.NamedNode("urn:p:q"))]
    made += [ox.Triple(a, r, b), ox.Triple(b, r, a), ox.Triple(s, r, c), ox.Triple(c, p, ox.Literal("x"))]
    made += [ox.Triple(s, ox.NamedNode("http://example.org/n"), ox.Literal("007", datatype=integer))]
    content = Content(packaged, made=tuple(made))
    read = ox.Dataset(ox.parse(as_file("jsonld", content), format=ox.RdfFormat.JSON_LD))
    expected = ox.Dataset(ox.Quad(*triple) for triple in made)
    for each in (read, expected):
        each.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)

    assert expected == read
    assert len(made) == len(read)
