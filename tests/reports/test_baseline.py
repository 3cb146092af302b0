# SPDX-License-Identifier: Apache-2.0
"""Accepted findings: written and read as RDF, told apart in the report, and left out of what fails a run."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from rdflib import Graph, Namespace
from rdflib.namespace import RDF

from icsgraph.law.baseline import hold_against, read_baseline, write_baseline
from icsgraph.law.request import Acceptable
from icsgraph.model.errors import LookupFailed
from icsgraph.reports.findings import FORMATS

ICS = Namespace("https://w3id.org/icsgraph/def/")
DAY = date(2025, 6, 30)


@pytest.fixture
def file(report, tmp_path):
    """A baseline that accepts all that was found, until the end of 2025."""
    path = tmp_path / "accepted.ttl"
    path.write_text(
        write_baseline(report, "known; being traced", "board secretary", date(2025, 12, 31)), encoding="utf-8"
    )
    return path


def test_what_is_accepted_does_not_fail_a_run(report, file):
    """All accepted: nothing reaches Info; one taken out: it is new, and fails."""
    acceptances = read_baseline(file)
    held = hold_against(report, "accepted.ttl", acceptances)
    less = hold_against(report, "accepted.ttl", [a for a in acceptances if a.finding != report.findings[0].id])

    assert report.reaches("Violation")
    assert not held.reaches("Info")
    assert (report.findings[0].id,) == less.baseline.new
    assert less.reaches("Violation")
    assert report.counts() == held.counts()


def test_an_acceptance_holds_through_its_last_day_and_no_longer(report, file):
    """On 31 December it holds, on 1 January it has run out, and the findings fail again."""
    last = hold_against(replace(report, as_at=date(2025, 12, 31)), "a", read_baseline(file))
    after = hold_against(replace(report, as_at=date(2026, 1, 1)), "a", read_baseline(file))

    assert (len(report.findings), 0) == (len(last.baseline.accepted), len(last.baseline.expired))
    assert (0, len(report.findings)) == (len(after.baseline.accepted), len(after.baseline.expired))
    assert after.reaches("Violation")


def test_an_acceptance_does_not_hold_before_its_first_day(report, file):
    """A report as at an earlier day is judged without it."""
    before = hold_against(replace(report, as_at=date(2025, 6, 29)), "a", read_baseline(file))

    assert len(report.findings) == len(before.baseline.new)


def test_what_is_gone_is_told_from_what_was_not_looked_for(report, file):
    """A finding that a constraint no longer makes is gone; one of a constraint that was not run may still be there."""
    first = report.findings[0]
    less = replace(report, findings=report.findings[1:])
    one = replace(less, coverage=tuple(c for c in report.coverage if c.constraint != first.constraint))

    assert [first.id] == [a.finding for a in hold_against(less, "a", read_baseline(file)).baseline.gone]
    assert [first.id] == [a.finding for a in hold_against(one, "a", read_baseline(file)).baseline.not_looked_for]
    elsewhere = replace(less, systems=("https://example.org/other",))
    assert [first.id] == [a.finding for a in hold_against(elsewhere, "a", read_baseline(file)).baseline.not_looked_for]


def test_the_file_says_what_why_who_and_until_when(report, file):
    """Each acceptance stands alone: a reader needs no report to know what was accepted."""
    graph = Graph().parse(file)

    assert len(report.findings) == len(set(graph.subjects(RDF.type, ICS.Acceptance)))
    for node in graph.subjects(RDF.type, ICS.Acceptance):
        assert "known; being traced" == str(graph.value(node, ICS.reason))
        assert "board secretary" == str(graph.value(node, ICS.onAuthorityOf))
        assert "2025-12-31" == str(graph.value(node, ICS.lastDay))
        assert graph.value(graph.value(node, ICS.acceptsFinding), ICS.findingId)


def test_writing_again_keeps_what_was_said_before(report, file):
    """Reason and authority of an acceptance that holds stay; what is new gets the new ones."""
    keep = {report.findings[0].id}
    old = [a for a in read_baseline(file) if a.finding in keep]
    again = write_baseline(hold_against(report, "a", old), "other", "somebody else", None)
    file.write_text(again, encoding="utf-8")
    reasons = {a.finding: (a.reason, a.last) for a in read_baseline(file)}

    assert ("known; being traced", "2025-12-31") == reasons.pop(report.findings[0].id)
    assert {("other", "9999-12-31")} == set(reasons.values())


def test_a_failed_check_cannot_be_accepted(report):
    """It is a fault of the check, and says nothing about records."""
    failed = replace(report, findings=(replace(report.findings[0], outcome="check failed"),))

    assert "ics:Acceptance" not in write_baseline(failed, "x", "y", None)


@pytest.mark.parametrize("lacking", ["ics:reason", "ics:onAuthorityOf", "ics:findingId"])
def test_an_acceptance_without_reason_authority_or_finding_is_refused(file, lacking):
    """Nobody accepts anything without saying what, why and on whose word."""
    lines = file.read_text(encoding="utf-8").splitlines()
    first = next(n for n, line in enumerate(lines) if line.strip().startswith(lacking))
    dot = lines[first].endswith(" .")
    lines[first] = '    ics:note "x" ' + (" ." if dot else " ;")
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(LookupFailed) as caught:
        read_baseline(file)

    assert "E412" == caught.value.code


def test_a_file_without_acceptances_is_refused(tmp_path):
    """A list of nothing would let a misspelt file pass in silence."""
    path = tmp_path / "none.ttl"
    path.write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    with pytest.raises(LookupFailed) as caught:
        read_baseline(path)

    assert "E412" == caught.value.code


@pytest.mark.parametrize(
    "given",
    [("f", None, "who", None), ("f", "why", " ", None), (None, "why", "who", None), ("f", "why", "who", "2025-06-29")],
)
def test_writing_a_baseline_needs_reason_and_authority(given, tmp_path):
    """Both, a file to write, and no end before the beginning."""
    path, reason, authority, expires = given
    with pytest.raises(LookupFailed) as caught:
        Acceptable.read(tmp_path / path if path else None, reason, authority, expires, DAY)

    assert "E413" == caught.value.code


def test_every_form_tells_accepted_ones_apart(report, file):
    """New, still there with reason and authority, gone since: a program and a reader can both tell."""
    first, second = report.findings[:2]
    less = replace(report, findings=report.findings[1:])
    acceptances = [a for a in read_baseline(file) if a.finding in {first.id, second.id}]
    held = hold_against(less, "accepted.ttl", acceptances)
    said = {form: write(held) for form, write in FORMATS.items()}
    document = json.loads(said["json"])

    assert [second.id] == [a["finding"] for a in document["baseline"]["accepted"]]
    assert [first.id] == [a["finding"] for a in document["baseline"]["gone"]]
    assert "accepted" == next(f["baseline"] for f in document["findings"] if f["id"] == second.id)
    for form in ("table", "md", "html", "junit", "sarif"):
        text = " ".join(said[form].split())
        assert (form, True) == (form, "being traced" in text and "board secretary" in text)
        assert (form, True) == (form, first.message.split("'")[0][:40] in text)
    assert 1 == said["ttl"].count("ics:isAccepted true")
    assert len(less.findings) - 1 == said["ttl"].count("ics:isAccepted false")
