# SPDX-License-Identifier: Apache-2.0
"""Every format, opened by a tool of those who use it, holds the same boards; a format is one module and no more."""

from __future__ import annotations

import csv
import io
import json
import sys

import pytest
from exported import as_file

from icsgraph.exports import formats
from icsgraph.exports.formats import get, names
from icsgraph.exports.writing import write

BOARD = "https://w3id.org/icsgraph/def/IntegratedCareBoard"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
SYNTAXES = {"ttl": "turtle", "nt": "nt", "rdfxml": "xml", "jsonld": "json-ld", "trig": "trig", "nq": "nquads"}


def of_rdf(form, content):
    """Read with rdflib: labels of boards, and the number of statements."""
    import rdflib

    read = rdflib.Dataset(default_union=True)
    read.parse(data=as_file(form, content), format=SYNTAXES[form])
    boards = set(read.subjects(rdflib.RDF.type, rdflib.URIRef(BOARD)))
    return {str(label) for board in boards for label in read.objects(board, rdflib.RDFS.label)}, len(
        set(read.triples((None,) * 3))
    )


def of_csv(content):
    files, _ = get("csv").folder(content)
    return {row["label"] for row in csv.DictReader(io.StringIO(files["IntegratedCareBoard.csv"].decode()))}


def of_parquet(content):
    import pandas

    files, _ = get("parquet").folder(content)
    return set(pandas.read_parquet(io.BytesIO(files["IntegratedCareBoard.parquet"]))["label"])


def of_xlsx(content):
    import openpyxl

    rows = openpyxl.load_workbook(io.BytesIO(as_file("xlsx", content)))["IntegratedCareBoard"].values
    at = next(rows).index("label")
    return {row[at] for row in rows}


def of_graphml(content):
    import networkx

    graph = networkx.read_graphml(io.BytesIO(as_file("graphml", content)))
    return {node["label"] for _, node in graph.nodes(data=True) if node.get("class") == "IntegratedCareBoard"}


def of_dcat(content):
    import rdflib

    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    read = rdflib.Graph().parse(data=as_file("dcat", content), format="turtle")
    part = read.value(predicate=void["class"], object=rdflib.URIRef(BOARD))
    return read.value(part, void.entities).toPython()


OPENED = {"csv": of_csv, "parquet": of_parquet, "xlsx": of_xlsx, "graphml": of_graphml}


def labels(content):
    query = f"SELECT ?l {{ ?b a <{BOARD}> ; <{LABEL}> ?l }}"
    return {row["l"].value for row in content.store.query(query)}


def test_each_format_is_opened_here_or_where_areas_are():
    """A format that is added needs a tool that opens it in a test; GeoJSON's, Shapely, has its own."""
    assert {*SYNTAXES, *OPENED, "dcat", "geojson"} == set(names())


@pytest.mark.parametrize("form", sorted(SYNTAXES))
def test_rdf_holds_the_boards_and_as_many_statements(form, boards):
    """rdflib reads each syntax: names and numbers are those of the graph."""
    found, number = of_rdf(form, boards)
    if form in ("trig", "nq"):
        assert number == len({quad.triple for quad in boards.quads()})
    else:
        assert (labels(boards), len(set(boards.triples()))) == (found, number)


@pytest.mark.parametrize("form", sorted(OPENED))
def test_tables_and_networks_hold_the_boards(form, boards):
    """The csv module, pandas, openpyxl and NetworkX find the names that SPARQL finds."""
    assert labels(boards) == OPENED[form](boards)


def test_a_description_counts_the_boards(boards):
    """DCAT and VoID, read by rdflib."""
    assert 48 == len(labels(boards)) == of_dcat(boards)


FORMAT = '''"""Names of what was chosen, a line each."""
from icsgraph.exports.format import Format

def _write(content, stream):
    found = sorted(set(content.labels([t.subject for t in content.triples()]).values()))
    stream.write(chr(10).join(found).encode())
    return f"{len(found)} names"

FORMAT = Format("Names, a line each", file=_write)
'''


def test_a_format_is_added_by_one_module(boards, tmp_path, monkeypatch):
    """It is listed, chosen, and written like all others, and no other file was touched."""
    (tmp_path / "roll.py").write_text(FORMAT)
    monkeypatch.setattr(formats, "__path__", [*formats.__path__, str(tmp_path)])
    monkeypatch.delitem(sys.modules, "icsgraph.exports.formats.roll", raising=False)
    output = tmp_path / "boards.txt"
    told = write(boards, get("roll"), output)

    assert "roll" in names()
    assert labels(boards) <= set(output.read_text(encoding="utf-8").split("\n"))
    assert told == f"{len(output.read_text(encoding='utf-8').splitlines())} names"
    sys.modules.pop("icsgraph.exports.formats.roll")
    del formats.roll


def test_the_same_choice_is_the_same_in_json(boards):
    """Keys are names: a board's own row is found by nobody who has to know a prefix."""
    nodes = json.loads(as_file("jsonld", boards))["@graph"]

    assert labels(boards) == {node["label"] for node in nodes if node["type"] == "IntegratedCareBoard"}
