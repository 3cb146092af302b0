# SPDX-License-Identifier: Apache-2.0
"""The options of ``icsgraph validate``, through the command."""

from __future__ import annotations

import csv
import io
import json

import pytest
from typer.testing import CliRunner

from icsgraph.cli import app
from icsgraph.reports import sheet, summary

FOLDER = "data/examples/northshire-with-faults"
SOUND = "data/examples/northshire"


@pytest.fixture
def run(checkout):
    """Run ``icsgraph validate`` on the faulty example, over the law alone."""

    def go(*arguments, folder=FOLDER):
        return CliRunner().invoke(
            app, ["--as-at", "2025-06-30", "validate", folder, "--no-background", *arguments], catch_exceptions=False
        )

    return go


def test_a_topic_narrows_a_check_to_what_rests_on_it(run):
    """Copies missing are found, and nothing about seats."""
    done = run("--topic", "copies", "--format", "csv")
    found = {row["constraint"] for row in csv.DictReader(io.StringIO(done.stdout))}

    assert 1 == done.exit_code
    assert {"ICS-19", "ICS-20"} <= found
    assert not any(name.startswith("ICP") for name in found)


def test_a_misspelt_topic_gets_near_ones(run):
    """Nothing is checked, and nothing said to conform."""
    done = run("--topic", "copy")

    assert (2, "") == (done.exit_code, done.stdout)
    assert "E411" in done.stderr and "copies" in done.stderr


def test_a_topic_on_which_no_constraint_named_rests_is_refused(run):
    """A check of nothing would find nothing."""
    done = run("--topic", "copies", "--constraint", "ICP-02")

    assert (2, "") == (done.exit_code, done.stdout)
    assert "E414" in done.stderr


def test_a_limit_does_not_change_the_exit_status(run):
    """What is not shown counts all the same."""
    done = run("--topic", "copies", "--limit", "1", "--format", "json")
    document = json.loads(done.stdout)

    assert 1 == done.exit_code
    assert (1, 1) == (len(document["findings"]), document["limit"]["shown"])
    assert document["limit"]["of"] == sum(document["counts"].values()) > 1


def test_forms_that_hold_findings_alone_say_the_rest_on_stderr(run):
    """CSV on stdout is CSV; how the check stood is on stderr."""
    done = run("--constraint", "ICS-20", "--format", "csv")

    assert list(csv.DictReader(io.StringIO(done.stdout)))
    assert "As at: 2025-06-30" in done.stderr and "Not run (not asked for)" in done.stderr


@pytest.mark.parametrize(("option", "forms"), [("--summary", summary.FORMATS), ("--sheet=XN1", sheet.FORMATS)])
def test_summary_and_sheet_have_their_forms_and_refuse_others(run, option, forms):
    """A form that there is not is refused with those that there are."""
    for form in forms:
        done = run("--constraint", "ICS-20", option, "--format", form)
        assert (form, 1) == (form, done.exit_code)
        assert done.stdout.strip()
    done = run("--constraint", "ICS-20", option, "--format", "sarif")

    assert (2, "") == (done.exit_code, done.stdout)
    assert "E407" in done.stderr


def test_a_sheet_is_a_page_about_one_board(run):
    """Duty, provision, outcome, record and next step; what is on record is told, and what was not looked at counted."""
    text = run("--topic", "copies", "--sheet", "XN1", "--format", "md").stdout

    assert "NHS Northshire Integrated Care Board" in text.splitlines()[0]
    assert "| duty | provision | outcome | record | next step |" in text
    assert "(ICS-20)" in text and "116ZB(7)(b)(ii)" in text and "Put on record what was done" in text
    assert "JFP-06 (" in text.partition("On record: ")[2]


def test_a_sheet_for_a_board_that_is_none_is_refused(run):
    """The message names near ones."""
    assert "E401" in run("--sheet", "Northshore").stderr


def test_a_baseline_is_written_then_used(run, tmp_path):
    """What was accepted no longer fails the run; the file is not written without reason and authority."""
    file = tmp_path / "accepted.ttl"
    bare = run("--topic", "copies", "--write-baseline", str(file))
    assert (2, False) == (bare.exit_code, file.exists())

    wrote = run(
        "--topic", "copies", "--write-baseline", str(file), "--reason", "being traced", "--authority", "secretary"
    )
    again = run("--topic", "copies", "--baseline", str(file), "--fail-on", "info", "--format", "json")
    other = run("--constraint", "ICP-02", "--baseline", str(file), "--format", "json")

    assert (0, 0) == (wrote.exit_code, again.exit_code)
    assert "accepted.ttl" in wrote.stderr
    assert [] == json.loads(again.stdout)["baseline"]["new"]
    assert 1 == other.exit_code
    assert len(json.loads(other.stdout)["baseline"]["not_looked_for"]) == len(json.loads(again.stdout)["findings"])


def test_what_was_accepted_and_mended_is_gone(run, tmp_path):
    """The baseline of the faulty records, held against the sound ones."""
    file = tmp_path / "accepted.ttl"
    run("--constraint", "ICS-20", "--write-baseline", str(file), "--reason", "being traced", "--authority", "secretary")
    done = run("--constraint", "ICS-20", "--baseline", str(file), "--format", "json", folder=SOUND)

    assert 0 == done.exit_code
    assert ["ICS-20"] == [a["constraint"] for a in json.loads(done.stdout)["baseline"]["gone"]]


def test_a_report_is_written_whole_or_not_at_all(run, tmp_path):
    """The file has what stdout would have; a folder that is not there is refused and not made."""
    file = tmp_path / "report.html"
    shown = run("--constraint", "ICS-20", "--format", "html")
    wrote = run("--constraint", "ICS-20", "--format", "html", "--output", str(file))
    missed = run("--constraint", "ICS-20", "--output", str(tmp_path / "none" / "report.html"))

    assert (1, "") == (wrote.exit_code, wrote.stdout)
    assert shown.stdout == file.read_text(encoding="utf-8")
    assert 2 == missed.exit_code and "E501" in missed.stderr
    assert [file] == list(tmp_path.iterdir())


@pytest.mark.parametrize("fail_on", ["violation", "never"])
def test_a_failed_check_exits_3_whatever_fails_a_run(run, monkeypatch, fail_on):
    """A shape that nothing proves is a failed check: not even --fail-on never makes that a success."""
    import sys

    monkeypatch.setattr(sys.modules["icsgraph.law.check"], "proved", lambda _: frozenset())
    done = run("--constraint", "ICS-20", "--fail-on", fail_on, folder=SOUND)

    assert 3 == done.exit_code
    assert "does not say that records conform" in " ".join(done.stdout.split())


def test_own_shapes_that_look_at_nothing_fail_a_strict_run(run, tmp_path):
    """A target that matches nothing is listed; with --strict it fails the run."""
    shape = tmp_path / "shape.ttl"
    shape.write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX ex: <https://example.org/>\n"
        "ex:lonely a sh:NodeShape ; sh:targetClass ex:Nothing ; sh:nodeKind sh:IRI .", encoding="utf-8",
    )  # fmt: skip
    loose, strict = run("--shapes", str(shape)), run("--shapes", str(shape), "--strict")

    assert (0, 1) == (loose.exit_code, strict.exit_code)
    assert "Looked at nothing, for its target matches nothing in the data: lonely." in " ".join(loose.stdout.split())


def test_coverage_has_no_form_for_findings(checkout):
    """It is about constraints, so that SARIF and the like are refused."""
    done = CliRunner().invoke(app, ["validate", "--coverage", "--format", "junit"], catch_exceptions=False)

    assert 2 == done.exit_code
    assert "E407" in done.stderr
