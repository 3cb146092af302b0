# SPDX-License-Identifier: Apache-2.0
"""``validate --system``: a board's system has in it the councils that lie in its area on the as-at date."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from icsgraph.cli import app

RECORDS = """
@prefix ics: <https://w3id.org/icsgraph/def/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <https://example.org/march/> .

ex:east a ics:IntegratedCareBoard ; rdfs:label "Eastmarch board"@en ; ics:odsCode "XE1" ; ics:hasArea ex:eastArea ;
    ics:firstDay "2022-07-01"^^xsd:date .
ex:west a ics:IntegratedCareBoard ; rdfs:label "Westmarch board"@en ; ics:odsCode "XW1" ; ics:hasArea ex:westArea ;
    ics:firstDay "2022-07-01"^^xsd:date .
ex:eastArea a ics:BoardArea . ex:westArea a ics:BoardArea .
ex:eastPartnership a ics:IntegratedCarePartnership ; ics:isPartnershipOf ex:east ; ics:firstDay "2022-07-01"^^xsd:date .
ex:westPartnership a ics:IntegratedCarePartnership ; ics:isPartnershipOf ex:west ; ics:firstDay "2022-07-01"^^xsd:date .

# Midmarch moved from the east to the west on 1 April 2024; Longmarch is divided between the two.
ex:midmarch a ics:UnitaryAuthority ; rdfs:label "Midmarch council"@en ; ics:onsCode "X06000001" ;
    ics:hasArea ex:midArea .
ex:longmarch a ics:CountyCouncil ; rdfs:label "Longmarch council"@en ; ics:onsCode "X10000001" ;
    ics:hasArea ex:longArea .
ex:midArea a ics:UpperTierArea . ex:longArea a ics:UpperTierArea .
ex:o1 a ics:AreaOverlap ; ics:overlapsAuthorityArea ex:midArea ; ics:overlapsBoardArea ex:eastArea ;
    ics:lastDay "2024-03-31"^^xsd:date .
ex:o2 a ics:AreaOverlap ; ics:overlapsAuthorityArea ex:midArea ; ics:overlapsBoardArea ex:westArea ;
    ics:firstDay "2024-04-01"^^xsd:date .
ex:o3 a ics:AreaOverlap ; ics:overlapsAuthorityArea ex:longArea ; ics:overlapsBoardArea ex:eastArea .
ex:o4 a ics:AreaOverlap ; ics:overlapsAuthorityArea ex:longArea ; ics:overlapsBoardArea ex:westArea .
"""
MID, LONG = "https://example.org/march/midmarch", "https://example.org/march/longmarch"


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    path = tmp_path_factory.mktemp("march") / "records.ttl"
    path.write_text(RECORDS, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("day", "board", "councils"),
    [
        ("2024-03-31", "XE1", {MID, LONG}),
        ("2024-03-31", "XW1", {LONG}),
        ("2024-04-01", "XE1", {LONG}),
        ("2024-04-01", "XW1", {MID, LONG}),
    ],
)
@pytest.mark.parametrize("constraint", ["JSNA-01", "HWB-01"])
def test_a_board_brings_in_the_councils_of_its_area_on_the_day(records, day, board, councils, constraint):
    """What a council has to answer for is found when its system is asked for: by area and day, a divided one twice."""
    arguments = ["--as-at", day, "validate", records, "--no-background", "--constraint", constraint]
    result = CliRunner().invoke(app, [*arguments, "--system", board, "--format", "json", "--fail-on", "never"])

    assert result.exit_code == 0, result.output
    assert {finding["focus"] for finding in json.loads(result.stdout)["findings"]} == councils
