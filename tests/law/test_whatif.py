# SPDX-License-Identifier: Apache-2.0
"""What would follow from mergers, splits, moves and patches: members, copies, instruments, findings."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from icsgraph.cli import app
from icsgraph.law.changes import Change, Event, last_common_day, merge, move, read_changes, split
from icsgraph.law.shapes import shipped_shapes
from icsgraph.law.whatif import what_if
from icsgraph.model.errors import IcsgraphError, LookupFailed
from icsgraph.model.namespaces import AREA, ID
from icsgraph.opening import open_graph
from icsgraph.reports.whatif import FORMATS

EXAMPLES = Path(__file__).resolve().parents[2] / "data" / "examples"
EX = "https://example.org/northshire/"
SOME = ("BOD-07", "ICP-02", "ICS-19", "ICS-20")  # the constraints by which these tests check: quicker than all


@pytest.fixture(scope="module")
def england():
    """The packaged graph in the days of 42 boards."""
    return open_graph(as_at=date(2025, 4, 1))


@pytest.fixture(scope="module")
def northshire():
    """The faulty records of Northshire, with no copy of the revised strategy to Midvale's council on record."""
    return open_graph(EXAMPLES / "northshire-with-faults", as_at=date(2025, 6, 30), background=False)


@pytest.fixture(scope="module")
def moved(england):
    """What follows from Waverley passing to Sussex on 1 April 2025."""
    return what_if(england, move(england.store, ["E07000216"], "QNX", date(2025, 4, 1)))


def board(result, code):
    """Give what becomes of a board by its code."""
    return next(affected for affected in result.affected if affected.board.code == code)


def codes(lines, *states):
    """Give the codes of bodies in some states."""
    return {line.body.code for line in lines if line.state in states}


def test_a_district_moved_brings_its_county_into_the_new_partnership(moved):
    """Surrey County Council, not Waverley, becomes a statutory member in Sussex, and stays one where other land is."""
    assert {"E10000030"} == codes(board(moved, "QNX").members, "joins")
    assert {"E10000030"} <= codes(board(moved, "QNQ").members, "stays")
    assert {"E10000030"} == codes(board(moved, "QXU").members, "stays")


def test_a_district_moved_makes_boards_neighbours_that_must_get_copies(moved):
    """Through Surrey, Frimley and Surrey Heartlands become partner boards whose copies Sussex owes, and the reverse."""
    assert {"E10000030", "QNQ", "QXU"} == codes(board(moved, "QNX").copies, "joins")
    assert {"QNX"} == codes(board(moved, "QXU").copies, "joins")


def test_small_areas_of_a_moved_district_come_from_both_boards_that_had_it(moved):
    """Waverley's 82 small areas lay 29 in Frimley's area and 53 in Surrey Heartlands'."""
    assert {("QNQ", 29), ("QXU", 53)} == {(p.origin.code, p.lsoas) for p in moved.passing}
    assert ["changes", "changes", "changes"] == [affected.state for affected in moved.affected]


def test_a_neighbour_is_named_only_for_what_changes_for_it(england):
    """With Hampshire's part of Frimley gone to Hampshire, Surrey Heartlands is told of no change but through Surrey."""
    found = what_if(england, split(england.store, "QNQ", [("QRL", ["E10000014"])], date(2025, 4, 1)))

    assert {"QNQ": "changes", "QRL": "changes"} == {a.board.code: a.state for a in found.affected}
    assert {"E10000014"} == codes(board(found, "QNQ").members, "leaves")
    assert {"QRL"} == codes(board(found, "QNQ").copies, "leaves") & {"QRL"}


def test_a_board_that_splits_wholly_ends(england):
    """Where parts take everything, nothing stays with the old board, and the parts' kind is a split."""
    parts = [
        ("Berkshire East", ["E06000036", "E06000039", "E06000040"]),
        ("QRL", ["E10000014"]),
        ("QXU", ["E10000030"]),
    ]
    found = what_if(england, split(england.store, "QNQ", parts, date(2025, 4, 1)))

    assert ["QNQ"] == [b.code for b in found.ended]
    assert {"Berkshire East": "split", "QRL": "boundary change", "QXU": "boundary change"} == {
        p.result.code or p.result.name: p.kind for p in found.passing
    }


def test_a_small_area_moved_cuts_its_district(england):
    """One small area of Rutland is enough to make Rutland's council a member in Lincolnshire, and itself stay one."""
    event = Event(ID + "icb/QK1", ID + "icb/QJM", (AREA + "E01013788",))
    found = what_if(england, Change(date(2025, 4, 1), (event,)))

    assert [1] == [p.lsoas for p in found.passing]
    assert {"E06000017"} == codes(board(found, "QJM").members, "joins")
    assert set() == codes(board(found, "QK1").members, "leaves")


def test_a_council_whose_area_has_another_code_now_is_found(england):
    """Barnsley's area was coded anew on 1 April 2025; before that day the earlier code stands for it."""
    found = what_if(england, move(england.store, ["Barnsley"], "QWO", date(2024, 4, 1)))

    assert {"E08000016"} == codes(board(found, "QWO").members, "joins")


def test_a_merger_into_one_that_goes_on(england):
    """Frimley taken in by Surrey Heartlands: one board ends, none begins."""
    found = what_if(england, merge(england.store, ["QNQ"], date(2025, 4, 1), into="QXU"))

    assert ["QNQ"] == [b.code for b in found.ended]
    assert "changes" == board(found, "QXU").state
    assert "merger" == found.passing[0].kind


def test_a_merger_of_boards_with_records(northshire):
    """The new partnership has no strategy, members or parties on record; the old ones' instruments lose their maker."""
    before = len(northshire.store)
    found = what_if(
        northshire,
        merge(northshire.store, ["XN1", "XW1"], date(2025, 7, 1), name="Northmarch"),
        shapes=shipped_shapes(SOME),
    )

    new = found.affected[0]
    assert ("Northmarch", "begins") == (new.board.name, new.state)
    assert {"X10000001", "X10000002", "X06000001", "X06000002", "X06000003"} == codes(new.members, "stays")
    assert {"XF1"} == codes(new.copies, "stays") & {"XF1"}
    assert {"the revised strategy for Northshire", "joint forward plan from April 2025"} <= {
        i.name for i in found.instruments
    }
    assert {"BOD-07", "ICP-02"} <= {f.constraint for f in found.appeared}
    assert all(f.judged_on <= "2025-07-01" for f in found.appeared)
    assert before == len(northshire.store), "what-if wrote into the graph that it was asked of"
    for form, write in FORMATS.items():
        assert "Northmarch" in write(found), form
    assert "stays" == json.loads(FORMATS["json"](found))["affected"][0]["members"][0]["state"]


def test_a_patch_adds_and_takes_away_records(northshire, tmp_path):
    """A copy put on record answers a finding; one taken away makes another."""
    patch = tmp_path / "patch.trig"
    patch.write_text(
        """
        @prefix ex: <https://example.org/northshire/> . @prefix ics: <https://w3id.org/icsgraph/def/> .
        @prefix icsg: <https://w3id.org/icsgraph/graph/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        ex:late-copy a ics:GivingACopy ; ics:ofVersion ex:revised-strategy ; ics:actor ex:northshire-partnership ;
            ics:toRecipient ex:midvale-council ; ics:onDate "2025-06-20"^^xsd:date .
        icsg:removed { ex:copy-of-revised-strategy-to-northshire-board ics:onDate "2024-12-05"^^xsd:date }
        """,
        encoding="utf-8",
    )
    found = what_if(northshire, None, patch, shapes=shipped_shapes(SOME))

    def pairs(findings):
        return {(f.constraint, f.focus.removeprefix(EX), f.value.removeprefix(EX)) for f in findings}

    assert {("ICS-19", "revised-strategy", "midvale-council")} == pairs(found.disappeared)
    assert ("ICS-20", "revised-strategy", "northshire-board") in pairs(found.appeared)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("icsg:removed { ex:nothing ics:onDate '2024-12-05' }", "E434"),
        ("icsg:other { ex:nothing ics:onDate '2024-12-05' }", "E434"),
        ("ex:broken ics:onDate", "E103"),
    ],
)
def test_a_patch_that_does_not_fit_is_refused(northshire, tmp_path, written, code):
    """What no record says cannot be taken away; another graph than icsg:removed means nothing."""
    patch = tmp_path / "patch.trig"
    patch.write_text(
        "@prefix ex: <https://example.org/northshire/> . @prefix ics: <https://w3id.org/icsgraph/def/> . "
        "@prefix icsg: <https://w3id.org/icsgraph/graph/> . " + written,
        encoding="utf-8",
    )
    with pytest.raises(IcsgraphError) as error:
        what_if(northshire, None, patch, shapes=shipped_shapes(SOME))

    assert code == error.value.code


EVENT = """@prefix ex: <https://example.org/e/> . @prefix ics: <https://w3id.org/icsgraph/def/> .
@prefix org: <http://www.w3.org/ns/org#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix north: <https://example.org/northshire/> .
"""


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("ex:e a ics:SuccessionEvent ; <from> north:northshire-board .", "E431"),
        ("ex:e ics:note 'nothing' .", "E431"),
        ("ex:e a ics:SuccessionEvent ; <from> north:northshire-board ; <to> north:westmarch-board ;"
         " ics:onDate '2025'^^xsd:gYear .", "E431"),
        ("ex:e a ics:SuccessionEvent ; <from> north:eastmere-council ;"
         " <to> north:westmarch-board .", "E432"),
        ("ex:e a ics:SuccessionEvent ; <from> north:northshire-board ; <to> north:westmarch-board . "
         "ex:f a ics:SuccessionEvent ; <from> north:northshire-board ;"
         " <to> north:farfield-board .", "E432"),
        ("ex:e a ics:SuccessionEvent ; <from> north:northshire-board ; <to> north:westmarch-board ;"
         " ics:movesArea north:area-borderham .", "E432"),
        ("ex:e a ics:SuccessionEvent ; <from> north:northshire-board ; <to> north:westmarch-board ;"
         " ics:onDate '2020-01-01'^^xsd:date .", "E433"),
    ],
)  # fmt: skip
def test_a_change_that_does_not_fit_is_refused(northshire, tmp_path, body, code):
    """An event without both boards, of a partial date, of ground that the board has not, of a day without boards."""
    path = tmp_path / "events.ttl"
    body = body.replace("<from>", "org:originalOrganization").replace("<to>", "org:resultingOrganization")
    path.write_text(EVENT + body, encoding="utf-8")
    with pytest.raises(LookupFailed) as error:
        what_if(northshire, read_changes([path], date(2025, 4, 1)), shapes=shipped_shapes(SOME))

    assert code == error.value.code


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda s, d: merge(s, ["QNQ"], d), "E430"),
        (lambda s, d: merge(s, ["QNQ", "Frimley"], d), "E430"),
        (lambda s, d: split(s, "QNQ", [("New", [])], d), "E430"),
        (lambda s, d: move(s, [], "QNX", d), "E430"),
        (lambda s, d: move(s, ["Atlantis"], "QNX", d), "E401"),
        (lambda s, d: merge(s, ["QNQ", "S9B9J"], d), "E404"),
    ],
)
def test_a_command_that_names_too_little_is_refused(england, make, code):
    """Fewer than two boards, no area, a board that does not stand on the day before."""
    with pytest.raises(LookupFailed) as error:
        make(england.store, date(2025, 4, 1))

    assert code == error.value.code


def test_the_last_day_on_which_boards_stood_together(england):
    """QRV and QMJ both ended on 31 March 2026; a board that goes on has no such day."""
    assert date(2026, 3, 31) == last_common_day(england.store, ["QRV", "QMJ", "QYG"])
    assert last_common_day(england.store, ["QYG"]) is None


def test_boards_that_have_ended_are_merged_on_the_day_after():
    """Asked today, the command says that it goes back to the day after the boards' last, and why."""
    done = CliRunner().invoke(
        app, ["--as-at", "2026-11-25", "whatif", "merge", "QRV", "QMJ", "--name", "North", "--format", "md"]
    )

    assert 0 == done.exit_code
    assert "# What if, on 2026-04-01" in done.stdout
    assert "stood together until 2026-03-31" in done.stdout
    assert "Statutory members of its partnership, beside the board: 13" in done.stdout


@pytest.mark.parametrize(
    "arguments", [["whatif", "--on", "2025-04-01", "merge", "QNQ", "QXU"], ["whatif", "--on", "2025-04-01"]]
)
def test_options_in_the_wrong_place_are_refused(arguments):
    """Options before merge would otherwise be lost; without a change there is nothing to say."""
    done = CliRunner().invoke(app, arguments)

    assert 2 == done.exit_code
    assert "E435" in done.stderr
