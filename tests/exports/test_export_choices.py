# SPDX-License-Identifier: Apache-2.0
"""What a choice of systems, classes, topics, days, graphs or a query means."""

from __future__ import annotations

from datetime import date

import pyoxigraph as ox
import pytest

from icsgraph.exports.selection import Choice, choose
from icsgraph.model.errors import ExportError

ICB = "https://w3id.org/icsgraph/id/icb/"


def subjects(opened, **choice) -> set[str]:
    return {str(triple.subject).strip("<>") for triple in choose(opened, Choice(**choice)).triples()}


def local(found: set[str]) -> set[str]:
    return {iri.rpartition("#")[2].rpartition("/")[2] for iri in found}


def test_a_class_has_those_below_it_and_may_be_named_by_its_label(packaged):
    """Councils of every kind are local authorities; name, prefixed name, IRI and label mean the same."""
    by_name = subjects(packaged, classes=("LocalAuthority",))
    kinds = packaged.store.query(
        "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a/<http://www.w3.org/2000/01/rdf-schema#subClassOf>* "
        "<https://w3id.org/icsgraph/def/LocalAuthority> }"
    )

    assert len(by_name) == int(next(iter(kinds))["n"].value) > 300
    assert (
        by_name
        == subjects(packaged, classes=("local authority",))
        == subjects(packaged, classes=("ics:LocalAuthority",))
    )
    with pytest.raises(ExportError, match="E945"):
        subjects(packaged, classes=("Bord",))


def test_a_system_is_its_board_partnership_areas_councils_and_what_names_them(packaged):
    """Essex has its own board and facts, its council, and no other board."""
    found = subjects(packaged, systems=("D7T5G",))

    assert {f"{ICB}D7T5G"} == {iri for iri in found if iri.startswith(ICB)}
    assert "https://w3id.org/icsgraph/id/icp/D7T5G" in found
    assert "https://w3id.org/icsgraph/id/authority/E10000012" in found


def test_a_systems_records_come_with_what_hangs_on_them_and_without_a_neighbours(example):
    """All records of the example are Northshire's; the neighbours' boards, partnerships and councils are left out."""
    found = local(subjects(example, systems=("XN1",)))
    everything = local({str(q.subject).strip("<>") for f in example.files
                        for q in example.store.quads_for_pattern(None, None, None, f.graph)})  # fmt: skip
    councils = {"westmarch-council", "borderham-council", "westvale-council"}
    others = {"westmarch-board", "westmarch-partnership", "farfield-board", "farfield-partnership"}

    assert others | councils | {"northshire-police"} == everything - found  # the police are named in no record


def test_a_day_leaves_out_what_had_ended_or_not_begun(packaged):
    """Of the 48 boards 42 held before April 2026 and 36 after; what has no dates stays."""
    before = subjects(packaged, classes=("IntegratedCareBoard",), day=date(2026, 3, 31))
    after = subjects(packaged, classes=("IntegratedCareBoard",), day=date(2026, 4, 1))

    assert (42, 36) == (len(before), len(after))
    assert len(subjects(packaged, classes=("Constraint",), day=date(2026, 4, 1))) == 122


def test_a_day_on_which_everything_held_leaves_out_nothing_without_dates(packaged):
    """Only things with dates go: axioms and lists, which have no names, stay."""
    kept = set(choose(packaged, Choice(day=date(2026, 4, 1))).triples())
    gone = {quad.subject for quad in packaged.store.quads_for_pattern(None, None, None, ox.DefaultGraph())
            if quad.triple not in kept}  # fmt: skip
    bounds = [ox.NamedNode(f"https://w3id.org/icsgraph/def/{name}") for name in ("latestLastDay", "earliestFirstDay")]
    dated = {quad.subject for bound in bounds
             for quad in packaged.store.quads_for_pattern(None, bound, None, ox.DefaultGraph())}  # fmt: skip

    assert set() == gone - dated
    assert 0 < len(gone) < len(dated)


def test_a_topic_has_what_names_it(packaged):
    """Norms and statements of the topic are there, and only such."""
    topic = ox.NamedNode("https://w3id.org/icsgraph/scheme/topic/disparities")
    norms = subjects(packaged, classes=("Norm",), topics=("disparities",))
    expected = {q.subject.value for q in packaged.store.quads_for_pattern(None, None, topic, ox.DefaultGraph())
                if "/norm/" in str(q.subject)}  # fmt: skip

    assert norms == expected != set()


def test_a_named_graph_is_what_its_file_states(packaged):
    """boards.ttl alone, without what was derived."""
    content = choose(packaged, Choice(graph="boards.ttl"))
    graph = ox.NamedNode("https://w3id.org/icsgraph/graph/file/data/england/boards.ttl")

    assert sum(1 for _ in content.triples()) == sum(
        1 for _ in packaged.store.quads_for_pattern(None, None, None, graph)
    )
    with pytest.raises(ExportError, match="E945"):
        choose(packaged, Choice(graph="bords.ttl"))


def test_a_query_says_by_itself_what_to_export(packaged):
    """A CONSTRUCT gives its triples; a SELECT, a broken query, or other choices beside it are refused."""
    query = "CONSTRUCT { ?b rdfs:label ?l } WHERE { ?b a ics:IntegratedCareBoard ; rdfs:label ?l }"

    assert 48 == len(list(choose(packaged, Choice(construct=query)).triples()))
    for text, code in (
        ("SELECT * { ?s ?p ?o }", "E945"),
        ("CONSTRUCT {", "E945"),
        ("CONSTRUCT { ?s ?s ?s } { ?s ?s ?s }", "E941"),
    ):
        with pytest.raises(ExportError, match=code):
            choose(packaged, Choice(construct=text))
    with pytest.raises(ExportError, match="E941"):
        choose(packaged, Choice(construct=query, topics=("disparities",)))


def test_nothing_that_is_all_of_it_is_refused(packaged):
    """An empty file would look like an answer."""
    with pytest.raises(ExportError, match="E941"):
        choose(packaged, Choice(classes=("Constraint",), systems=("D7T5G",)))
