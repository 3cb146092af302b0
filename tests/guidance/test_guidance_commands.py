# SPDX-License-Identifier: Apache-2.0
"""The guidance commands as a user runs them."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest
from typer.testing import CliRunner

from icsgraph.cli import guidance
from icsgraph.cli.state import State
from icsgraph.model.errors import IcsgraphError


@pytest.fixture
def run(opened, monkeypatch):
    """Run a command on the small graph; errors that a user can act on are given back."""
    monkeypatch.setattr(State, "open", lambda self: opened)
    return lambda *arguments: CliRunner().invoke(guidance.app, arguments, obj=State((), date(2024, 6, 1)))


def test_list_gives_objects_with_what_the_graph_holds(run):
    """JSON has one object a statement, the section as a list of headings."""
    found = json.loads(run("list", "--edition", "2024", "--format", "json").stdout)
    wanted = {"id", "edition", "section", "start", "end", "digest", "modality", "statutory", "bearers", "topics"}

    assert 352 == len(found)
    assert wanted | {"paraphrase"} <= set(found[0])
    assert ["Introduction", "Purpose of guidance"] == found[0]["section"]


def test_list_filters_by_change(run):
    """Nothing but what was strengthened."""
    rows = list(csv.DictReader(io.StringIO(run("list", "--changed", "strengthened", "--format", "csv").stdout)))

    assert rows
    assert all("strengthened" in row["change_kinds"] for row in rows)


def test_an_unknown_statement_gets_near_ones(run):
    """The error names ids that exist."""
    error = run("show", "2024/999").exception

    assert isinstance(error, IcsgraphError)
    assert "E420" in str(error)
    assert "2024/" in str(error)


def test_show_prints_the_passage_of_a_copy(run, edition, text, tmp_path):
    """The words come from the reader's file, not from the graph."""
    copy = tmp_path / "copy.txt"
    copy.write_text("First line.\n" + text, encoding="utf-8", newline="")
    shown = json.loads(run("show", f"{edition}/001", "--text", str(copy), "--format", "json").stdout)

    assert shown["start"] + len("First line.\n") == shown["text_start"]
    assert shown["words"] == len(shown["text"].split())


def test_show_tells_of_a_norm_with_its_law_or_that_there_is_none(run):
    """Who, how strongly, which Act, which statements of both editions, which constraints; and the twelve points."""
    copies = run("show", "give-copies").stdout
    results = json.loads(run("show", "norm/share-engagement-results", "--format", "json").stdout)

    assert "section 116ZB(7)(b)" in copies
    assert {"2022/208", "2024/256"} <= {
        line.split()[1].rstrip(",") for line in copies.splitlines() if line.startswith("guidance")
    }
    assert "ICS-20: " in copies
    assert "difference 1" in copies
    assert results["only_guidance_asks"]
    assert "only the guidance asks it" in " ".join(run("show", "share-engagement-results").stdout.split())


def test_a_norm_has_no_words_to_print(run, tmp_path):
    """The option is refused, not ignored."""
    copy = tmp_path / "copy.txt"
    copy.write_text("Another text.", encoding="utf-8")

    assert 2 == run("show", "give-copies", "--text", str(copy)).exit_code


def test_show_says_when_a_copy_lacks_the_words(run, tmp_path):
    """Exit status 1 and nothing that looks like the passage."""
    copy = tmp_path / "copy.txt"
    copy.write_text("Another text.", encoding="utf-8")
    done = run("show", "2024/034", "--text", str(copy), "--format", "json")

    assert 1 == done.exit_code
    assert "text" not in json.loads(done.stdout)


def test_a_missing_copy_is_an_input_error(run, tmp_path):
    """E120, before the graph is opened."""
    assert "E120" in str(run("check", str(tmp_path / "none.txt")).exception)


def test_the_briefing_puts_strength_first(run):
    """Headings of the Markdown, in order; the HTML has the same and loads nothing."""
    markdown = run("diff", "2022", "2024", "--format", "md").stdout
    page = run("diff", "2022", "2024", "--format", "html").stdout
    headings = [line.removeprefix("## ") for line in markdown.splitlines() if line.startswith("## ")]

    assert ["In brief", "At a glance", "Who is asked", "Asked more strongly", "Asked less strongly"] == [
        heading.partition(" (")[0] for heading in headings[:5]
    ]
    assert page.count("<h2") == len(headings)
    assert "<script" not in page
    assert "src=" not in page


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_the_other_forms_hold_every_change(run, form):
    """CSV and JSON have a row for each; the table leaves out what reads the same and counts it."""
    written = run("diff", "--format", form).stdout

    if form == "json":
        assert 351 == len(json.loads(written)["changes"])
    elif form == "csv":
        assert 351 == len(list(csv.DictReader(io.StringIO(written))))
    else:
        assert "153 unchanged" in written


def test_check_exits_by_what_it_finds(run, edition, text, tmp_path):
    """0 when all is in place, 1 when a sentence is altered; the statement is named with its line."""
    copy = tmp_path / "copy.txt"
    copy.write_text(text, encoding="utf-8", newline="")
    same = run("check", str(copy))
    copy.write_text(text.replace("must have regard", "has regard", 1), encoding="utf-8", newline="")
    altered = json.loads(run("check", str(copy), "--format", "json").stdout)

    assert 0 == same.exit_code
    assert edition == altered["edition"]
    assert altered["counts"]["changed"] >= 1


@pytest.mark.parametrize("form", ["table", "csv", "json", "md"])
def test_coverage_has_every_form(run, form):
    """Each form names the sections."""
    said = run("coverage", "--edition", "2024", "--format", form).stdout

    assert "Transitional" in said  # "period" may stand on the line below
