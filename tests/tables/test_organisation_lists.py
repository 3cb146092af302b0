# SPDX-License-Identifier: Apache-2.0
"""Lists of the NHS Organisation Data Service, as its reports come and with headings.

``ods/`` holds rows of etr.csv of February 2022 and of epraccur.csv of 2020 as the service gave them out (Open
Government Licence 3.0); all other rows are invented.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest

from icsgraph.model.errors import TableError
from icsgraph.model.namespaces import ICS, ID
from icsgraph.opening import open_graph
from icsgraph.tables.registers import KINDS, read_ods

ROWS = Path(__file__).parent / "ods"


@pytest.fixture(scope="module")
def store():
    return open_graph(as_at=date(2026, 6, 30)).store


def facts(triples, iri):
    about = [t for t in triples if t.subject == ox.NamedNode(iri)]
    return {tuple(re.split("[/#]", term.value)[-1] for term in (t.predicate, t.object)) for t in about}


def row_27(code, name, opened="", closed="", board="", place="", setting=""):
    """Give an invented row in the same layout."""
    cells = [""] * 27
    cells[0], cells[1], cells[3], cells[9], cells[10], cells[11] = code, name, board, "PO1 1AA", opened, closed
    cells[14], cells[25] = place, setting
    return ",".join(f'"{cell}"' for cell in cells) + "\n"


def test_a_report_of_trusts_is_read_by_its_27_columns(tmp_path, store):
    """A new trust is described with its board; of one that is known only what is new is said; Wales is left out."""
    path = tmp_path / "etr.csv"
    path.write_text(
        (ROWS / "etr.csv").read_text() + row_27("XX1", "NOWHERE NHS FOUNDATION TRUST", "20270401", "", "QRL")
        + row_27("R0B", "SOUTH TYNESIDE NHS FT", "20190401", "20270331", "QHM")
    )  # fmt: skip
    found = read_ods(path, "trust", store)

    assert 4 == found.rows
    assert ("1 rows are left out: they are of Wales",) == found.remarks
    assert {
        ("type", "NHSFoundationTrust"), ("label", "NOWHERE NHS FOUNDATION TRUST"), ("odsCode", "XX1"),
        ("postcode", "PO1 1AA"), ("parentBoard", "QRL"), ("firstDay", "2027-04-01"), ("source", "etr.csv"),
    } == facts(found.triples, f"{ID}trust/XX1")  # fmt: skip
    assert {("source", "etr.csv")} == facts(found.triples, f"{ID}trust/R0A")
    assert {("hiddenLabel", "SOUTH TYNESIDE NHS FT"), ("lastDay", "2027-03-31"), ("source", "etr.csv")} == facts(
        found.triples, f"{ID}trust/R0B"
    )


def test_a_report_of_practices_is_read_without_what_only_prescribes(tmp_path, store):
    """Settings are numbers in the older reports and roles in the later; the commissioner is a sub-ICB location."""
    path = tmp_path / "epraccur.csv"
    path.write_text(
        (ROWS / "epraccur.csv").read_text()
        + row_27("A99001", "A NEW SURGERY", "2027-04-01", "", "QHM", "16C", "RO76")
        + row_27("A99002", "A WALK-IN CENTRE", "20270401", "", "QHM", "16C", "RO80|RO87")
        + row_27("A99003", "BOTH", "20270401", "", "QHM", "16C", "RO76|RO80")
    )
    found = read_ods(path, "practice", store)

    assert 4 == found.rows
    assert ("1 rows are left out: they prescribe, and are no GP practices",) == found.remarks
    assert {"A81001", "A81003", "A99001", "A99003"} == {
        t.subject.value.rpartition("/")[2] for t in found.triples if t.predicate.value == ICS + "odsCode"
    }
    densham = facts(found.triples, f"{ID}practice/A81001")
    assert {("type", "GPPractice"), ("parentBoard", "QHM"), ("inSubICBLocation", "E38000247")} <= densham
    assert ("lastDay", "2017-10-31") in facts(found.triples, f"{ID}practice/A81003")
    assert ("firstDay", "2027-04-01") in facts(found.triples, f"{ID}practice/A99001")


def test_networks_and_their_members_are_read(tmp_path, store):
    """Reports of 12 and 11 columns; a membership that has ended is kept with its days, and is no present one."""
    (tmp_path / "epcn.csv").write_text(
        "U99999,NEW PCN,16C,NHS NORTH EAST ICB - 16C,20270401,,THE HEALTH CENTRE,,,STOCKTON,,TS18 1HU\n"
    )
    (tmp_path / "epcncorepartnerdetails.csv").write_text(
        "A81001,THE DENSHAM SURGERY,16C,x,U89141,OLD PCN,16C,x,20191001,20270331,Yes\n"
        "A81001,THE DENSHAM SURGERY,16C,x,U99999,NEW PCN,16C,x,20270401,,Yes\n"
    )
    network = read_ods(tmp_path / "epcn.csv", KINDS["epcn"], store)
    members = read_ods(tmp_path / "epcncorepartnerdetails.csv", KINDS["epcncorepartnerdetails"], store)

    assert {("type", "PrimaryCareNetwork"), ("firstDay", "2027-04-01"), ("postcode", "TS18 1HU")} <= facts(
        network.triples, f"{ID}pcn/U99999"
    )
    assert {("inPrimaryCareNetwork", "U99999")} == facts(members.triples, f"{ID}practice/A81001")
    old = facts(members.triples, f"{ID}practice/A81001/in/U89141")
    assert {("type", "Membership"), ("organization", "U89141"), ("lastDay", "2027-03-31")} <= old


@pytest.mark.parametrize(
    "headings",
    [
        "ORGANISATIONCODE,NAME,NATIONAL GROUPING,HIGH LEVEL HEALTH GEOGRAPHY,POSTCODE,OPEN DATE",
        "OrganisationCode,OrgName,NHSER_code,ICB_code,Postcode,Open Date",
        "Organisation Code,Organisation Name,National Grouping,High Level Health Geography Code,Post Code,Open date",
    ],
)
def test_headings_are_known_however_they_are_spelt(tmp_path, store, headings):
    """Capitals, blanks and marks do not matter, nor does the order of columns."""
    path = tmp_path / "list.csv"
    path.write_text(f"{headings}\nXX2,NOWHERE NHS TRUST,Y59,QRL,PO1 1AA,20270401\n")
    turned = tmp_path / "turned.csv"
    turned.write_text("\n".join(",".join(reversed(line.split(","))) for line in path.read_text().splitlines()))
    found = facts(read_ods(path, "trust", store).triples, f"{ID}trust/XX2") - {("source", "list.csv")}

    assert {("parentBoard", "QRL"), ("firstDay", "2027-04-01"), ("postcode", "PO1 1AA")} <= found
    assert found == facts(read_ods(turned, "trust", store).triples, f"{ID}trust/XX2") - {("source", "turned.csv")}


def test_a_list_in_a_later_sheet_of_a_workbook_is_found(tmp_path, store):
    """The service's workbook of networks begins with a page of notes."""
    book = openpyxl.Workbook()
    book.active.append(["Primary care networks"])
    page = book.create_sheet("PCNDetails")
    page.append(["PCN Code", "PCN Name", "Current Sub ICB Loc Code", "Sub ICB Location", "Open Date", "Close Date"])
    page.append(["U99999", "NEW PCN", "16C", "NHS NORTH EAST ICB - 16C", 20270401, None])
    book.save(tmp_path / "ePCN.xlsx")

    assert ("inSubICBLocation", "E38000247") in facts(
        read_ods(tmp_path / "ePCN.xlsx", "network", store).triples, f"{ID}pcn/U99999"
    )


def test_a_list_with_headings_is_read_by_them(tmp_path, store):
    """The order of columns does not matter where they have headings."""
    path = tmp_path / "practices.csv"
    path.write_text("Name,Organisation Code,Open Date\nTHE SURGERY,J99999,1 April 2020\n")
    found = read_ods(path, "practice", store)

    assert ("firstDay", "2020-04-01") in facts(found.triples, f"{ID}practice/J99999")
    assert ox.NamedNode(ICS + "GPPractice") in {t.object for t in found.triples}


def test_another_table_is_refused(tmp_path, store):
    """It is told how many columns it has, and how many the list should have."""
    (tmp_path / "etr.csv").write_text("one,two\n1,2\n")
    with pytest.raises(TableError, match=r"no list of this kind .trust.: its first row has 2 columns"):
        read_ods(tmp_path / "etr.csv", "trust", store)
    (tmp_path / "epcn.csv").write_text((ROWS / "etr.csv").read_text())
    with pytest.raises(TableError, match="of 12 columns"):
        read_ods(tmp_path / "epcn.csv", "network", store)
