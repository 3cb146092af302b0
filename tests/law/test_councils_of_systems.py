# SPDX-License-Identifier: Apache-2.0
"""Which systems a check looks at: those that records name or describe, with the councils that lie in their areas."""

from __future__ import annotations

from datetime import date

import pytest

from icsgraph.law import check
from icsgraph.law.shapes import shipped_shapes
from icsgraph.opening import open_graph

DAY = date(2024, 6, 1)
EX = "https://example.org/n/"
HEAD = (
    "PREFIX ics: <https://w3id.org/icsgraph/def/> PREFIX ex: <https://example.org/n/>\n"
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
)
BODIES = (
    "".join(
        f'ex:{n}-board a ics:IntegratedCareBoard ; rdfs:label "{n}" ; ics:hasArea ex:{n}-area ;\n'
        '  ics:firstDay "2022-07-01"^^xsd:date .\n'
        f'ex:{n}-area a ics:BoardArea ; rdfs:label "area of {n}" .\n'
        f'ex:{n}-partnership a ics:IntegratedCarePartnership ; rdfs:label "{n}" ; ics:isPartnershipOf ex:{n}-board ;\n'
        '  ics:firstDay "2022-07-01"^^xsd:date .\n'
        for n in ("north", "south")
    )
    + "".join(
        f'ex:{n} a ics:UnitaryAuthority ; rdfs:label "{n}" ; ics:hasArea ex:{n}-area ;\n'
        '  ics:firstDay "2009-04-01"^^xsd:date .\n'
        f'ex:{n}-area a ics:UpperTierArea ; rdfs:label "area of {n}" .\n'
        for n in ("divided", "northern")
    )
    + "".join(
        f"ex:{n}-in-{b} a ics:AreaOverlap ; ics:overlapsAuthorityArea ex:{n}-area ;\n"
        f"  ics:overlapsBoardArea ex:{b}-area .\n"
        for n, b in (("divided", "north"), ("divided", "south"), ("northern", "north"))
    )
)
RECORD = "ex:seat a ics:Membership ; <http://www.w3.org/ns/org#organization> ex:south-partnership .\n"


def looked_at(folder, records, systems=()):
    """Give the councils without a health and wellbeing board on record, and the systems looked at."""
    (folder / "records.ttl").write_text(HEAD + records, encoding="utf-8")
    opened = open_graph(folder / "records.ttl", as_at=DAY, background=False)
    report = check(opened, shipped_shapes(["HWB-01"]), systems=[EX + each for each in systems])
    found = {f.focus.removeprefix(EX) for f in report.findings if f.constraint == "HWB-01"}
    return found, {each.removeprefix(EX) for each in report.systems}


@pytest.mark.parametrize(
    ("asked", "councils"),
    [("north-board", {"divided", "northern"}), ("south-board", {"divided"}), ("south-partnership", {"divided"})],
)
def test_a_board_that_is_asked_for_brings_the_councils_of_its_area(tmp_path, asked, councils):
    """A divided council is reached from each board that it shares ground with; a neighbour's own council is not."""
    found, systems = looked_at(tmp_path, BODIES + RECORD, [asked])
    name = asked.partition("-")[0]

    assert councils == found
    assert {f"{name}-board", f"{name}-partnership", *councils} == systems


def test_records_of_a_system_bring_the_councils_of_its_area(tmp_path):
    """A seat on the southern partnership names that system: its councils are looked at, the north is not."""
    assert ({"divided"}, {"south-board", "south-partnership", "divided"}) == looked_at(tmp_path, BODIES + RECORD)


def test_files_without_records_keep_those_of_the_boards_that_they_describe(tmp_path):
    """Whoever has written down bodies alone is not told of all England."""
    found, systems = looked_at(tmp_path, BODIES)

    assert {"divided", "northern"} == found
    assert {"north-board", "south-board"} <= systems
    assert all("icsgraph" not in each for each in systems)


def test_a_system_that_is_no_iri_is_passed_over(tmp_path):
    """A name in place of an IRI is a fault of form, told as such, and stops nothing."""
    found, systems = looked_at(tmp_path, BODIES + RECORD.replace("ex:south-partnership", '"the partnership"'))

    assert {"north-board", "south-board"} <= systems
    assert {"divided", "northern"} == found
