# SPDX-License-Identifier: Apache-2.0
"""What an explanation holds: why a finding applied, what was looked at and where, the law and guidance, the answer."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from icsgraph.cli import app
from icsgraph.law import check, read_catalogue
from icsgraph.law.explain import explain_constraint, explain_finding
from icsgraph.law.shapes import shipped_shapes
from icsgraph.model.errors import LookupFailed
from icsgraph.opening import open_graph
from icsgraph.reports.explanation import FORMATS

FAULTY = Path(__file__).resolve().parents[2] / "data" / "examples" / "northshire-with-faults"
EX = "https://example.org/northshire/"


@pytest.fixture(scope="module")
def opened():
    """Northshire's records with faults, over the law alone."""
    return open_graph(FAULTY, as_at=date(2025, 6, 30), background=False)


@pytest.fixture(scope="module")
def catalogue(opened):
    """The register."""
    return read_catalogue(opened.store)


@pytest.fixture(scope="module")
def report(opened):
    """Findings of two constraints: one of an absence, one of something wrong."""
    return check(opened, shipped_shapes(["ICS-20", "ICS-04"]))


@pytest.fixture(scope="module")
def copy_missing(opened, catalogue, report):
    """The finding that Westmarch's board has no copy of the first strategy, explained."""
    found = next(f for f in report.findings if f.constraint == "ICS-20" and f.value == EX + "westmarch-board")
    return explain_finding(opened, catalogue, report, found.id[:10])


def test_the_triples_looked_at_have_file_and_line(copy_missing):
    """The copy wrongly recorded as given to the partnership is among them, at the very line of its recipient."""
    looked = next(
        t for t in copy_missing.looked_at
        if t.subject == "copy of the first strategy to the Westmarch board" and t.property == "to recipient"
    )  # fmt: skip
    line = (FAULTY.parent / looked.source).read_text(encoding="utf-8").splitlines()[looked.line - 1]

    assert "Westmarch Integrated Care Partnership" == looked.value
    assert "06-publishing-and-giving-copies.ttl" == Path(looked.source).name
    assert "ex:westmarch-partnership" in line
    assert looked.triple.startswith(f"<{EX}")


def test_derived_facts_are_told_from_stated_ones(copy_missing):
    """That Westmarch's board is a partner board of Midvale's council follows by rule, and says so."""
    sources = {t.source for t in copy_missing.looked_at if "is a partner board of" in t.subject}

    assert {"derived"} == sources
    assert not any(t.property.startswith(("earliest", "latest")) for t in copy_missing.looked_at)


def test_why_it_applied_names_day_law_guidance_severity_and_grace(copy_missing):
    """Each sentence says one thing: the day, the provision in force, the edition, the register's row, the parameter."""
    why = " ".join(copy_missing.why)

    assert "judged by the law of 2023-01-18, and seen as at 2025-06-30" in why
    assert "116ZB(7)(b)(ii) was in force from 2022-07-01 on" in why
    assert "Guidance in force on 2023-01-18: Guidance on the preparation of integrated care strategies" in why
    assert "The register's severity is Violation from 2022-07-01 on" in why
    assert "3 months; cut-off day 2025-03-30" in why


def test_statements_of_both_editions_are_told(copy_missing):
    """What 2022 and 2024 say on copies, and where they differ from the Act."""
    said = {s.edition for norm in copy_missing.norms for s in norm.statements}

    assert {"2022", "2024"} == said
    assert any("Follow the Act" in norm.note for norm in copy_missing.norms)


def test_the_answer_names_the_real_version_giver_and_recipient(copy_missing):
    """The snippet is in the records' own namespace, with names in comments and a place for the date."""
    (remedy,) = copy_missing.remedies

    assert remedy.adds
    for part in ("my:first-strategy", "my:northshire-partnership", "my:westmarch-board", '"YYYY-MM-DD"^^xsd:date',
                 "# NHS Westmarch Integrated Care Board", f"@prefix my: <{EX}> ."):  # fmt: skip
        assert part in remedy.turtle


def test_of_something_wrong_the_record_is_shown_as_it_stands(opened, catalogue, report):
    """A finding that nothing added could answer shows the record to correct."""
    found = next(f for f in report.findings if f.constraint == "ICS-04")
    (remedy,) = explain_finding(opened, catalogue, report, found.id).remedies

    assert not remedy.adds
    assert "ics:metBy my:westmarch-board" in remedy.turtle
    assert "Correct what is wrong" in remedy.turtle


def test_a_constraint_is_explained_in_general_form(opened, catalogue):
    """The same snippet, with names that say what to put in their places."""
    explained = explain_constraint(opened, catalogue, "ics-20")

    assert explained.finding is None
    assert "my:THE-PARTNERSHIP" in explained.remedies[0].turtle
    assert "# A copy of … to …" in explained.remedies[0].turtle
    assert "2022-07-01" == explained.in_force["ICS-COPY-ICB"][0]


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_has_the_whole_chain(copy_missing, form):
    """Plain text, Markdown and JSON hold finding, reason, law, guidance, triples and answer."""
    written = FORMATS[form](copy_missing)
    if form == "json":
        entry = json.loads(written)
        assert copy_missing.finding.id == entry["finding"]["id"]
        assert {"constraint", "norms", "in_force", "finding", "looked_at", "why", "remedies", "asks"} == set(entry)
    else:
        flat = " ".join(written.split())
        for part in ("Why it applied", "section/116ZB/7/b/ii", "2024/059", "What was looked at",
                     "06-publishing-and-giving-copies.ttl:", "What would answer it", "a ics:GivingACopy"):  # fmt: skip
            assert part in flat


@pytest.mark.parametrize(("name", "code"), [("ffffffffffffffff", "E409"), ("", "E409")])
def test_an_id_that_fits_none_or_several_is_refused(opened, catalogue, report, name, code):
    """The beginning of an id must fit one finding."""
    with pytest.raises(LookupFailed) as error:
        explain_finding(opened, catalogue, report, name)

    assert code == error.value.code


def test_a_constraint_that_there_is_not_is_refused(opened, catalogue):
    """ICS-99 is no constraint."""
    with pytest.raises(LookupFailed) as error:
        explain_constraint(opened, catalogue, "ICS-99")

    assert "E408" == error.value.code


@pytest.mark.parametrize("name", ["norm/give-copies", "give-copies"])
def test_a_norm_is_explained_by_its_name(name):
    """The command tells who is asked what by a norm, by Act and by both editions."""
    done = CliRunner().invoke(app, ["--as-at", "2024-06-01", "explain", name, "--format", "json"])

    assert 0 == done.exit_code
    assert {"2022", "2024"} <= {s["edition"][:4] for s in json.loads(done.stdout)["statements"]}


def test_the_command_explains_a_finding_of_the_constraint_named(report):
    """Only the constraint named is checked again; the beginning of the id is enough."""
    found = next(f for f in report.findings if f.constraint == "ICS-20")
    done = CliRunner().invoke(
        app,
        ["--as-at", "2025-06-30", "--data", str(FAULTY), "explain", found.id[:8], "--constraint", "ics-20"],
    )

    assert 0 == done.exit_code
    assert f"Finding {found.id}" in done.stdout
    assert "a ics:GivingACopy" in done.stdout
