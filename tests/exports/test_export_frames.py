# SPDX-License-Identifier: Apache-2.0
"""Frames of JSON-LD as PyLD reads them: trees with named keys, from which the same statements come back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest
from exported import as_file
from pyld import jsonld

from icsgraph.exports.frame_names import names
from icsgraph.exports.frames import gathered, get
from icsgraph.exports.selection import Choice, choose
from icsgraph.model.errors import ExportError
from icsgraph.opening import open_graph

NORTHSHIRE = Path(__file__).resolve().parents[2] / "data" / "examples" / "northshire"
DATA = Path(__file__).resolve().parents[2] / "data" / "frames"
MAIN = {"system", "board", "partnership", "authority", "strategy", "assessment", "norm", "statement", "constraint"}


def framed(opened, name, most=None, **choice):
    """Give the content of a frame, of so many things at most, and the document that is written for it."""
    content = choose(opened, Choice(frame=name, **choice))
    content = replace(content, subjects=frozenset(sorted(content.subjects, key=str)[:most]))
    return content, json.loads(as_file("jsonld", content))


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """The worked example with a local strategy, which it has none of."""
    path = tmp_path_factory.mktemp("local") / "local.ttl"
    path.write_text(
        "@prefix ics: <https://w3id.org/icsgraph/def/> . @prefix ex: <https://example.org/northshire/> .\n"
        "ex:local a ics:JointLocalHealthAndWellbeingStrategyVersion ; ics:forAuthority ex:eastmere-council .\n"
        "ex:adopted a ics:Adoption ; ics:ofVersion ex:local ; ics:actor ex:eastmere-council .\n"
    )
    return open_graph(NORTHSHIRE, path, as_at=date(2025, 6, 30))


def read_back(document):
    """Give the statements that PyLD reads from a document."""
    quads = jsonld.to_rdf(document, {"format": "application/n-quads"})
    return {q.triple for q in ox.parse(quads.encode(), format=ox.RdfFormat.N_QUADS)}


def as_values(triples):
    """Give triples with numbers as values, blank nodes by fixed names."""
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in triples)
    found = ox.Dataset(store)
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(found)


def test_there_is_a_frame_for_each_main_class():
    """Their names are those that the command lists."""
    assert set(names()) >= MAIN
    assert {path.stem for path in DATA.iterdir()} == set(names())


@pytest.mark.parametrize("name", names())
def test_a_frame_gives_back_what_it_was_made_of(full, name):
    """A tree for each thing of the class, and in the trees just the statements that were gathered for them."""
    content, document = framed(full, name, most=30)

    assert {node["id"] for node in document["@graph"]} == {node.value for node in content.subjects}
    assert as_values(gathered(content, get(name))) == as_values(read_back(document))


@pytest.mark.parametrize("name", names())
def test_whatever_a_frame_names_is_a_property_of_the_ontology(example, name):
    """A name that the ontology does not have would give nothing, without a word."""
    frame = get(name)
    declared = {q.subject for kind in ("ObjectProperty", "AnnotationProperty", "SymmetricProperty")
                for q in example.store.quads_for_pattern(
                    None, None, ox.NamedNode(f"http://www.w3.org/2002/07/owl#{kind}"), ox.DefaultGraph())}  # fmt: skip
    annotated = {"http://www.w3.org/ns/org#member", "http://www.w3.org/ns/org#organization"}

    def keys(shape):
        for key, below in shape.items():
            yield key
            yield from keys(below)

    used = {key: frame.property(key)[0] for key in keys(frame.shape)}
    assert {} == {key: iri.value for key, iri in used.items() if iri not in declared and iri.value not in annotated}


def test_a_system_is_one_tree_with_names_for_keys(example):
    """Board, partnership, seats and strategies are reached by names alone, from the top."""
    _, document = framed(example, "system", systems=("XN1",))
    board = document["@graph"][0]
    partnership = board["partnerships"][0]
    seats, strategies = partnership["seats"], partnership["strategies"]
    query = f"SELECT (COUNT(?m) AS ?n) WHERE {{ ?m org:organization <{partnership['id']}> }}"

    found = next(iter(example.store.query(query, prefixes={"org": "http://www.w3.org/ns/org#"})))

    assert "Northshire Integrated Care Partnership" == partnership["label"]
    assert len(seats) == int(found["n"].value) > 3
    assert all(seat["appointedBy"]["label"] for seat in seats if "appointedBy" in seat)
    assert 2 == len(strategies)


def test_a_frame_can_be_used_as_it_stands(boards):
    """PyLD frames the flat export with the file that ships: a board has its area below it."""
    flat = json.loads(as_file("jsonld", boards))
    frame = json.loads((DATA / "board.jsonld").read_text(encoding="utf-8"))
    made = jsonld.frame(flat, frame, {"omitGraph": False})

    assert 48 == len(made["@graph"])
    assert {"id", "type", "label", "hasArea"} <= set(made["@graph"][0])


def test_a_day_holds_for_what_is_nested(packaged):
    """Of the overlaps of a board's area only those of the day are in its tree."""
    _, document = framed(packaged, "authority", day=date(2026, 6, 1))
    areas = [tree["hasArea"] for tree in document["@graph"] if isinstance(tree.get("hasArea"), dict)]
    days = {overlap["firstDay"] for area in areas for overlap in area.get("overlaps", [])}

    assert {"2026-04-01"} == days


def test_an_unknown_frame_names_the_near_one(packaged):
    """Whoever mistypes a frame is told of the one that was meant."""
    with pytest.raises(ExportError, match=r"E948.*\n.*Did you mean strategy"):
        choose(packaged, Choice(frame="strategi"))
