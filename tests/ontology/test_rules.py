# SPDX-License-Identifier: Apache-2.0
"""What the derivation rules draw from overlaps of areas, on an invented county and on the real geography."""

from __future__ import annotations

import csv
import re
from typing import Final

import hermit
import pyoxigraph as ox
import pytest
from rdflib import OWL, Namespace
from rdflib.collection import Collection

from icsgraph.rules import derive, read_rules
from icsgraph.store.bounds import add_bounds

ICS: Final = Namespace("https://w3id.org/icsgraph/def/")
EX: Final = "https://example.org/northshire/"
RDF_NS: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RULES: Final = read_rules(sorted((hermit.ROOT / "ontology" / "rules").glob("*.rq")))
PREFIXES: Final = {
    "ics": str(ICS),
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "prov": "http://www.w3.org/ns/prov#",
}
DAYS: Final = ("firstDay", "earliestFirstDay", "latestFirstDay", "lastDay", "earliestLastDay", "latestLastDay")


def built(*data: str) -> ox.Store:
    """Load the ontology and files of the project, normalise their dates and run the rules."""
    store = ox.Store()
    files = [*hermit.MODULES, *(path for pattern in data for path in sorted(hermit.ROOT.glob(pattern)))]
    for file in files:
        store.bulk_load(path=str(file), format=ox.RdfFormat.TURTLE, base_iri=file.as_uri())
    add_bounds(store, list(store.quads_for_pattern(None, None, None, ox.DefaultGraph())))
    derive(store, RULES)
    return store


def table(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    """Give a query's rows as text, names of the invented county cut short, sorted."""
    found = store.query(query, prefixes=PREFIXES)
    assert isinstance(found, ox.QuerySolutions)
    return sorted(tuple("" if v is None else v.value.removeprefix(EX) for v in row) for row in found)


@pytest.fixture(scope="module")
def northshire() -> ox.Store:
    return built("tests/cases/ontology/rules/northshire.ttl")


@pytest.fixture(scope="module")
def england() -> ox.Store:
    return built("data/england/boards.ttl", "data/england/authorities.ttl", "data/england/overlaps.ttl")


def days(store: ox.Store, fact: str) -> dict[str, str]:
    """Give the days that a derived fact carries."""
    node = ox.NamedNode(EX + fact)
    found = {d: list(store.quads_for_pattern(node, ox.NamedNode(ICS + d), None, ox.DefaultGraph())) for d in DAYS}
    return {day: quads[0].object.value for day, quads in found.items() if quads}  # type: ignore[union-attr]


def test_a_divided_county_has_each_board_as_partner(northshire: ox.Store) -> None:
    """One small area in common is enough, and each overlap gives one fact that names it."""
    rows = table(
        northshire,
        "SELECT ?a ?b ?o { ?f a ics:PartnerBoard ; ics:ofAuthority ?a ; ics:partnerBoard ?b ; prov:wasDerivedFrom ?o }",
    )

    assert rows == [
        ("eastmere", "eastBoard", "mere-east"),
        ("northshire", "eastBoard", "north-east"),
        ("northshire", "westBoard", "north-west"),
    ]


def test_a_lower_tier_district_lies_in_an_area_and_has_no_partner_board(northshire: ox.Store) -> None:
    """A district under a county gets a fact of its own kind and no other."""
    assert table(
        northshire,
        "SELECT ?d ?p ?b { ?f a ics:DistrictInArea ; ics:ofDistrict ?d ; ics:inAreaOf ?p ; ics:inBoardArea ?b }",
    ) == [("fenland", "eastPartnership", "eastBoard")]
    assert ("fenland",) not in table(northshire, "SELECT DISTINCT ?a { ?f ics:ofAuthority ?a }")


def test_only_responsible_local_authorities_lie_in_the_area_of_a_partnership(northshire: ox.Store) -> None:
    """A combined authority has the county's land and no place in a partnership."""
    rows = table(
        northshire,
        "SELECT ?a ?p ?b { ?f a ics:AuthorityInArea ; ics:ofAuthority ?a ; ics:inBoardArea ?b"
        " OPTIONAL { ?f ics:inAreaOf ?p } }",
    )

    assert rows == [
        ("eastmere", "eastPartnership", "eastBoard"),
        ("northshire", "", "westBoard"),
        ("northshire", "eastPartnership", "eastBoard"),
    ]


def test_a_fact_holds_while_overlap_areas_and_bodies_all_do(northshire: ox.Store) -> None:
    """Its first day is the latest of the five first days, and its last day the earliest of the five last days."""
    assert days(northshire, "north-west/partner-board") == {
        "firstDay": "2023-04-01",
        "earliestFirstDay": "2023-04-01",
        "latestFirstDay": "2023-04-01",
        "lastDay": "2025-12-31",
        "earliestLastDay": "2025-12-31",
        "latestLastDay": "2025-12-31",
    }


def test_a_fact_known_to_the_month_has_bounds_and_no_day(northshire: ox.Store) -> None:
    """A council that began in April 2023 lies in the area from a day of that month that nobody stated."""
    assert days(northshire, "mere-east/authority-in-area") == {
        "earliestFirstDay": "2023-04-01",
        "latestFirstDay": "2023-04-30",
        "earliestLastDay": "9999-12-31",
        "latestLastDay": "9999-12-31",
    }


def test_bodies_that_never_stood_together_give_no_fact(northshire: ox.Store) -> None:
    """A council that ended before the board began is no partner of it."""
    assert days(northshire, "old-east/partner-board") == {}


def test_labels_say_the_fact(northshire: ox.Store) -> None:
    """A derived fact reads as a sentence."""
    labels = {label for (label,) in table(northshire, "SELECT ?l { ?f prov:wasDerivedFrom ?o ; rdfs:label ?l }")}

    assert "Northshire County Council lies in the area of the integrated care partnership for East" in labels
    assert "West Board is a partner board of Northshire County Council" in labels


def test_a_body_is_called_by_its_ods_code_else_by_its_ons_code(northshire: ox.Store) -> None:
    """Each body with a code has exactly one by which it is called."""
    assert table(northshire, "SELECT ?b ?c { ?b ics:code ?c }") == [("eastBoard", "QE"), ("westBoard", "E54W")]


def test_every_real_overlap_gives_one_fact_of_its_kind(england: ox.Store) -> None:
    """No overlap of the shipped geography is lost, and none is counted twice."""
    (overlaps,) = table(england, "SELECT (COUNT(*) AS ?n) { ?o a ics:AreaOverlap }")
    kind = "SELECT (COUNT(*) AS ?n) { ?f a ics:%s }"
    counts = {
        name: int(table(england, kind % name)[0][0]) for name in ("AuthorityInArea", "DistrictInArea", "PartnerBoard")
    }

    assert counts["AuthorityInArea"] == counts["PartnerBoard"]
    assert counts["AuthorityInArea"] + counts["DistrictInArea"] == int(overlaps[0])


def test_essex_had_three_partner_boards_in_2024(england: ox.Store) -> None:
    """The county was divided between three boards until the geography of April 2026."""
    rows = table(
        england,
        'SELECT ?code { ?f a ics:PartnerBoard ; ics:ofAuthority/ics:onsCode "E10000012" ;'
        " ics:partnerBoard/ics:odsCode ?code ;"
        " ics:latestFirstDay ?first ; ics:earliestLastDay ?last ."
        ' FILTER (STR(?first) <= "2024-06-01" && "2024-06-01" <= STR(?last)) }',
    )

    assert rows == [("QH8",), ("QJG",), ("QM7",)]


def test_rules_name_the_kinds_of_council_that_the_ontology_names() -> None:
    """The kinds in the rules are those whose union is the class, and the class itself."""
    graph = hermit.merged(hermit.MODULES)
    union = graph.value(graph.value(ICS.ResponsibleLocalAuthority, OWL.equivalentClass), OWL.unionOf)
    assert union is not None
    kinds = {str(kind).rpartition("/")[2] for kind in (*Collection(graph, union), ICS.ResponsibleLocalAuthority)}
    named = {
        rule.name: set(re.findall(r"ics:(\w+)", rule.text.partition("VALUES ?kind {")[2].partition("}")[0]))
        for rule in RULES
    }

    assert {name: found for name, found in named.items() if found} == {
        "authority-in-area": kinds,
        "partner-board": kinds,
    }


def test_headers_name_the_file_and_provisions_that_exist() -> None:
    """A rule's id is its file's name, and the provisions it rests on stand in the register."""
    with (hermit.ROOT / "data" / "sources" / "law" / "provisions.csv").open(encoding="utf-8", newline="") as file:
        provisions = {row["provision_id"] for row in csv.DictReader(file)}

    for rule in RULES:
        assert rule.header["id"] == rule.name
        assert set(rule.header.get("provisions", "").split()) <= provisions
        assert {"title", "derives", "because", "order"} <= set(rule.header)


DAY_AFTER: Final = {
    "2026-03-31": "2026-04-01",
    "2023-02-28": "2023-03-01",
    "2024-02-28": "2024-02-29",
    "2024-02-29": "2024-03-01",
    "2000-02-28": "2000-02-29",
    "2100-02-28": "2100-03-01",
    "2025-12-31": "2026-01-01",
    "2025-09-30": "2025-10-01",
    "2025-10-09": "2025-10-10",
    "2024": "2025-01-01",
    "9999-12-31": None,
}


@pytest.mark.parametrize(("last", "after"), DAY_AFTER.items())
def test_the_day_after_a_board_ended_is_worked_out(last: str, after: str | None) -> None:
    """Months, leap days and years are counted right, and what has not ended has no day after."""
    kind = "date" if "-" in last else "gYear"
    xsd = "http://www.w3.org/2001/XMLSchema#"
    store = ox.Store()
    for file in hermit.MODULES:
        store.bulk_load(path=str(file), format=ox.RdfFormat.TURTLE, base_iri=file.as_uri())
    board = ox.NamedNode(EX + "board")
    store.add(ox.Quad(board, ox.NamedNode(f"{RDF_NS}type"), ox.NamedNode(ICS + "IntegratedCareBoard")))
    if last != "9999-12-31":
        store.add(ox.Quad(board, ox.NamedNode(ICS + "lastDay"), ox.Literal(last, datatype=ox.NamedNode(xsd + kind))))
    add_bounds(store, list(store.quads_for_pattern(board, None, None, ox.DefaultGraph())))
    derive(store, [rule for rule in RULES if rule.name == "day-after"])

    assert days_of(store, board, "dayAfterLatestLast") == after


def days_of(store: ox.Store, node: ox.NamedNode, name: str) -> str | None:
    """Give a derived day of a node, or None."""
    found = next(store.quads_for_pattern(node, ox.NamedNode(ICS + name), None, ox.DefaultGraph()), None)
    return found.object.value if found else None  # type: ignore[union-attr]
