# SPDX-License-Identifier: Apache-2.0
"""A workbook of forty rows with one fault of each kind: one run lists them all, each with its place and what to do."""

from __future__ import annotations

from datetime import date, datetime

import openpyxl
import pytest

from icsgraph.opening import open_graph
from icsgraph.tables.directory import Directory
from icsgraph.tables.faults import Faulty
from icsgraph.tables.importing import import_sheets
from icsgraph.tables.writing import writer_to

ICP = "https://w3id.org/icsgraph/id/icp/QRL"
MEMBERS = ["Of", "Person", "Appointed by", "How appointed", "First day", "Name", "Identifier", "Row", "Telephone"]
MEMBER_ROWS = [  # appointed by, how, first day, identifier, what is said
    ("QRL", "board", "14 July 2022", "seat-1", None),
    ("Hampshire Conty Council", None, "14 July 2022", None, "no body of this name or code is known"),
    ("Dorset", None, "14 July 2022", None, "it can mean 2 things"),
    ("QRL", "by the ministry", "14 July 2022", None, "it is none of the words that this column takes"),
    ("QRL", None, "31/02/2022", None, "there is no such day"),
    ("QRL", None, "04/25/2022", None, "there is no month 25"),
    ("QRL", None, "Jul-22", None, "it may be a day of a month or a month of a year"),
    ("QRL", None, 44756, None, "it is a number, which may be a date that lost its format"),
    ("QRL", None, "spring 2022", None, "'spring' is no month"),
    ("QRL", None, "soon", None, "it is no date, month or year"),
    ("QRL", None, "14 July 1822", None, "the year 1822 is out of range"),
    ("QRL", None, datetime(2022, 7, 14, 9, 30), None, "it has a time of day"),
    ("QRL", None, None, None, "nothing is written here"),
    ("QRL", None, "14 July 2022", "seat-1", "is the same record"),
    ("QRL", None, "14 July 2022", "seat no. 1", "an identifier takes letters, digits and hyphens"),
]
REMARKED = ["QNQ", None, "1 June 2026", None]
NEEDS = ["Kind of need", "Name", "Assessed in", "Age group"]
NEED_ROWS = [
    ("wish", "peace", None, None, "it is none of the kinds that this sheet takes"),
    ("assessed need", "falls", "a report of ours", None, "no record of this name or code is known"),
    ("assessed need", "damp homes", "needs of all", None, "several rows of Assessments have this name"),
    ("assessed need", "waiting", "needs to come", None, "the row that it names is still to be filled in"),
    ("assessed need", "loneliness", None, "older people; the very old", "it is none of the words"),
]
PLANS = ["Plan", "Deals with", "Up to which age", "States that there is none", "Name"]
PLAN_ROWS = [
    ("the plan", "services", "twenty-five", None, "it is no whole number"),
    ("the plan", "services", None, "perhaps", "it is neither yes nor no"),
    ("the plan", "services", "#REF!", None, "the formula in this cell has an error"),
    ("the plan", "services", "=5*5", None, "the formula in this cell was saved without its value"),
]


def put(book, name, headings, rows):
    page = book.create_sheet(name)
    page.append(headings)
    for row in rows:
        page.append(list(row))
    return page


@pytest.fixture(scope="module")
def messy(tmp_path_factory):
    """Write the workbook."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    members = [[ICP, f"Person {n}", by, how, day, f"seat {n}", ident, None, None]
               for n, (by, how, day, ident, _) in enumerate([*MEMBER_ROWS, (*REMARKED, None)], start=1)]  # fmt: skip
    members[0][8] = "01234"
    members.append([f"{ICP}; {ICP}", "Person 17", "QRL", None, "14 July 2022", "seat 17", None, None, None])
    put(book, "Members", MEMBERS, members)
    put(book, "Assessments", ["Authority", "Prepared by", "First day", "Name", "Identifier", "Row"], [
        ["Hampshire County Council", "Hampshire County Council", "3/4/2022", "needs of all", "one", None],
        ["Southampton City Council", "Southampton City Council", "4 May 2022", "needs of all", "two", None],
        ["Hampshire County Council", "Hampshire County Council", None, "needs to come", "three", "to fill in"],
    ])  # fmt: skip
    put(book, "Needs", NEEDS, [row[:4] for row in NEED_ROWS])
    put(book, "Forward plans", ["Board", "Prepared by", "Name", "Carries out which strategy"],
        [["QRL", "QRL", "the plan", None]])  # fmt: skip
    put(book, "Plan sections", PLANS, [[*row[:4], f"part {n}"] for n, row in enumerate(PLAN_ROWS)])
    book["Plan sections"]["C4"].data_type = "e"
    put(book, "Overlaps", ["Area of the council", "Area of the board", "Share of the council's residents", "First day"],
        [["E10000014", "Atlantis", "most", "1 July 2022"]])  # fmt: skip
    put(book, "Documents", ["Kind of document", "Name", "Page", "Under which provision"],
        [["source of evidence", "survey", "our web site", "section 999"]])  # fmt: skip
    put(book, "Settings", ["Setting", "Set to"], [["grace_publsh", "soon"]])
    put(book, "Regard", ["By", "In preparing"], [["QRL", "the plan"]])
    put(
        book,
        "Functions",
        ["Kind of function", "Name", "Side", "Side"],
        [["function", "arranging services", None, None]],
    )
    put(book, "Completeness", ["System", "Topic", "Complete", "Complete from"], [[ICP, "copies", "nearly", "2022"]])
    put(book, "Copies", ["Document", "Given by", "To", "Date"], [
        ["the plan", "QRL", "QNQ", "27 March 2023"], [None, "QRL", "QNQ", "27 March 2023"],
    ]).merge_cells("A2:A3")  # fmt: skip
    put(book, "Receipts", ["Document", "Received by", "Date"], [["one", "QRL", "2022"]]).sheet_state = "hidden"
    put(book, "Notes to self", ["What"], [["ring Ann"]])
    path = tmp_path_factory.mktemp("messy") / "messy.xlsx"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def found(messy):
    """Import it once, and give what was told."""
    store = open_graph(as_at=date(2026, 6, 30)).store
    with pytest.raises(Faulty) as caught, writer_to(messy.with_suffix(".ttl"), "https://example.org/qrl/") as writer:
        import_sheets([(messy, messy.name)], Directory(store), "https://example.org/qrl/", writer)
    assert not messy.with_suffix(".ttl").exists()
    return caught.value.found


def said(faults, sheet, row):
    return [f.reason for f in faults if (f.place.sheet, f.place.row) == (sheet, row)]


def test_the_workbook_has_forty_rows(messy):
    """Below the headings of its sheets."""
    assert 40 == sum(page.max_row - 1 for page in openpyxl.load_workbook(messy))


@pytest.mark.parametrize(
    ("sheet", "row", "reason"),
    [
        *[("Members", n, row[-1]) for n, row in enumerate(MEMBER_ROWS, start=2) if row[-1]],
        *[("Needs", n, row[-1]) for n, row in enumerate(NEED_ROWS, start=2)],
        *[("Plan sections", n, row[-1]) for n, row in enumerate(PLAN_ROWS, start=2)],
        ("Members", 18, "this column takes one value"),
        ("Overlaps", 2, "it is no number"),
        ("Overlaps", 2, "no area of this name or code is known"),
        ("Documents", 2, "no provision or passage of this name or code is known"),
        ("Settings", 2, "no setting of this name or code is known"),
        ("Settings", 2, "it is neither a whole number nor a day"),
        ("Documents", 2, "it is no address of a page"),
        ("Regard", 1, "columns are missing: To, Date"),
        ("Functions", 1, "two columns have this heading"),
        ("Completeness", 2, "it is neither yes nor no"),
        ("Copies", 2, "cells A2:A3 are merged"),
        ("Copies", 3, "nothing is written here"),
        ("Receipts", 0, "the sheet is hidden and holds rows"),
    ],
)
def test_each_fault_is_told_with_its_place(found, sheet, row, reason):
    """One run names every fault, with sheet and row, whatever else is wrong."""
    assert any(text.startswith(reason) or reason in text for text in said(found.faults, sheet, row))


def test_nothing_else_is_told(found):
    """No fault is told twice, and none that is not there: one for each row that has one, two where two are wrong."""
    expected = len([r for r in MEMBER_ROWS if r[-1]]) + len(NEED_ROWS) + len(PLAN_ROWS) + 13

    assert expected == len(found.faults), [str(f) for f in found.faults]


def test_remarks_do_not_stop_an_import(found):
    """An extra column, an unknown sheet, a date that could be another, and a body that had ended are remarked on."""
    assert {
        ("Members", 1, "this sheet has no such column; it was not read"),
        ("Notes to self", 0, "it is none of the sheets that are known, and was not read"),
        ("Assessments", 2, "read as 3 April 2022: days come first"),
        ("Members", 17, "NHS Frimley Integrated Care Board ended on 2026-03-31, before 2026-06-01"),
    } <= {(f.place.sheet, f.place.row, f.reason) for f in found.remarks}


def test_each_fault_says_what_stands_there_and_what_to_do(found):
    """A fault quotes the value, names the column by letter and heading, and says how to mend it."""
    conty = next(f for f in found.faults if f.value == "Hampshire Conty Council")

    assert (
        "messy.xlsx, sheet Members, row 3, column C (Appointed by): 'Hampshire Conty Council': "
        "no body of this name or code is known\n"
        "  Did you mean Hampshire County Council"
    ) in str(conty)
    assert [] == [f for f in found.faults if not f.mend]
