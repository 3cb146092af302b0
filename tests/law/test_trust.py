# SPDX-License-Identifier: Apache-2.0
"""A check that could not be made never counts as records that conform, and a report says what it rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from proved import PAGE, page
from typer.testing import CliRunner

from icsgraph import shacl
from icsgraph.cli import app
from icsgraph.law import check, read_catalogue
from icsgraph.law.coverage import coverage, with_shape
from icsgraph.law.duties import law_read, resting_on
from icsgraph.law.explain import explain_finding
from icsgraph.law.shapes import own_shapes, shipped_shapes
from icsgraph.model.errors import LookupFailed
from icsgraph.opening import open_graph

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2025, 6, 30)


@pytest.fixture(scope="module")
def opened():
    """The sound example over the law alone."""
    return open_graph(ROOT / "data" / "examples" / "northshire", as_at=DAY, background=False)


def test_the_list_of_proved_shapes_is_what_the_cases_prove():
    """A shape without two passing and two failing files is not on it (python tests/law/proved.py renews it)."""
    assert page() == PAGE.read_text(encoding="utf-8")
    assert with_shape() == set(page().split()[1:])


def test_a_shape_without_cases_is_a_failed_check(opened, monkeypatch):
    """What such a shape does not find says nothing, so that the report does not conform."""
    module = __import__("icsgraph.law.check", fromlist=["proved"])
    monkeypatch.setattr(module, "proved", lambda _: frozenset({"ICS-19"}))
    report = check(opened, shipped_shapes(["ICS-19", "ICS-20"]))

    assert [("ICS-20", "check failed")] == [(f.constraint, f.outcome) for f in report.findings]
    assert report.failed
    assert {"check failed"} == set(report.coverage[1].outcomes)


def test_a_shape_that_did_not_run_is_a_failed_check(opened, monkeypatch):
    """A shape that no engine decided has not found that all is well."""
    sound = shacl.validate

    def broken(*arguments, **options):
        raw = sound(*arguments, **options)
        return replace(raw, shapes=tuple(replace(r, engine=None, reason="it broke") for r in raw.shapes))

    monkeypatch.setattr(shacl, "validate", broken)
    report = check(opened, shipped_shapes(["ICS-20"]))

    assert [("ICS-20", "check failed")] == [(f.constraint, f.outcome) for f in report.findings]
    assert "it broke" in report.findings[0].message


def test_an_internal_error_gives_no_report(monkeypatch, tmp_path):
    """Nothing is written, on stdout or into a file, that somebody could take for records that conform."""

    def broken(*arguments, **options):
        raise RuntimeError("a slip of ours")

    monkeypatch.setattr(shacl, "validate", broken)
    records, output = ROOT / "data" / "examples" / "northshire" / "01-bodies-and-areas.ttl", tmp_path / "report"
    for more in (["--format", "ttl"], ["--output", str(output)]):
        done = CliRunner().invoke(app, ["--as-at", str(DAY), "validate", str(records), *more])

        assert 0 != done.exit_code
        assert "" == done.stdout
        assert isinstance(done.exception, RuntimeError)
    assert not output.exists()


@pytest.mark.parametrize(
    ("records", "term", "near"),
    [
        ("ex:it a ics:Adoptoin", "ics:Adoptoin", "ics:Adoption"),
        ("ex:it a ics:Adoption ; ics:actr ex:board", "ics:actr", "ics:actor"),
        ("ex:it ics:hasStatus <https://w3id.org/icsgraph/scheme/status/darft>", "status/darft", "status/draft"),
    ],
    ids=["class", "property", "concept"],
)
def test_a_misspelt_term_of_a_record_is_a_finding(tmp_path, records, term, near):
    """Every check would pass over it, so whatever is asked, the report does not conform; the near terms are named."""
    file = tmp_path / "records.ttl"
    file.write_text(
        f"PREFIX ics: <https://w3id.org/icsgraph/def/> PREFIX ex: <https://example.org/>\n{records} .\n",
        encoding="utf-8",
    )
    there = open_graph(file, as_at=DAY, background=False)
    report = check(there, shipped_shapes(["ICS-20"]))
    explained = explain_finding(there, read_catalogue(there.store), report, report.findings[0].id)

    assert [("form-Terms", "Violation", "not met", 2)] == [
        (f.constraint, f.severity, f.outcome, f.line) for f in report.findings
    ]
    assert term in report.findings[0].message
    assert near in report.findings[0].message
    assert report.reaches("violation".capitalize())
    assert "passed over" in " ".join(explained.why)


def test_a_term_that_the_records_declare_is_known(tmp_path):
    """Who adds to the vocabulary in a file beside the records is not told that there is no such term."""
    file = tmp_path / "records.ttl"
    file.write_text(
        "PREFIX ics: <https://w3id.org/icsgraph/def/> PREFIX owl: <http://www.w3.org/2002/07/owl#>\n"
        "PREFIX ex: <https://example.org/>\nics:Charter a owl:Class . ex:it a ics:Charter .\n", encoding="utf-8",
    )  # fmt: skip
    report = check(open_graph(file, as_at=DAY, background=False), shipped_shapes(["ICS-20"]))

    assert () == report.findings


def test_own_shapes_are_listed_with_what_they_looked_at(opened, tmp_path):
    """A target that matches nothing is listed as such, and one that matches says how many it looked at."""
    file = tmp_path / "own.ttl"
    file.write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX ex: <https://example.org/> PREFIX ics: "
        "<https://w3id.org/icsgraph/def/> PREFIX icsc: <https://w3id.org/icsgraph/constraint/>\n"
        "PREFIX dcterms: <http://purl.org/dc/terms/>\n"
        "ex:none a sh:NodeShape ; sh:targetClass ex:Nothing ; sh:nodeKind sh:IRI .\n"
        "ex:some a sh:NodeShape ; sh:targetClass ics:IntegratedCareStrategyVersion ; sh:nodeKind sh:BlankNode ;\n"
        " dcterms:conformsTo icsc:ICS-20 .\n", encoding="utf-8",
    )  # fmt: skip
    report = check(opened, own_shapes([file]), everything=True)

    assert {"none": 0, "ICS-20": len(report.findings)} == {c.constraint: c.looked_at for c in report.coverage}
    assert ["its target matches nothing in the data", ""] == [
        c.note for c in sorted(report.coverage, key=lambda c: c.looked_at)
    ]
    assert len(report.findings) > 1


def test_findings_about_blank_nodes_have_the_same_ids_in_every_run(tmp_path):
    """The label that a parser gives a blank node is not part of what makes a finding the finding it is."""
    data, shape = tmp_path / "data.ttl", tmp_path / "shape.ttl"
    data.write_text('PREFIX ex: <https://example.org/> [] a ex:A ; ex:p 1 . [] a ex:A ; ex:p "x" .', encoding="utf-8")
    shape.write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX ex: <https://example.org/>\n"
        "ex:s a sh:NodeShape ; sh:targetClass ex:A ; sh:property [ sh:path ex:q ; sh:minCount 1 ] .", encoding="utf-8",
    )  # fmt: skip
    ids = [
        [f.id for f in check(open_graph(data, as_at=DAY, background=False), own_shapes([shape])).findings]
        for _ in range(2)
    ]

    assert 2 == len(ids[0])
    assert ids[0] == ids[1]


def test_a_constraint_not_run_says_why(opened):
    """One that was not asked for is told from one that no data could show."""
    report = check(opened, shipped_shapes(["ICS-20"]))
    why = dict(report.not_run)

    assert 121 == len(why)
    assert "not asked for" == why["ICS-19"]
    assert set(why) - with_shape() == {name for name, reason in why.items() if reason != "not asked for"}


def test_the_day_the_law_was_read_is_data(opened):
    """A report as at a later day knows that it is one."""
    read = law_read(opened.store)
    report = check(opened, shipped_shapes(["ICS-20"]))

    assert "2026-11-21" == read.day
    assert not report.past_reading
    assert replace(report, as_at=date(2026, 11, 22)).past_reading


def test_topics_choose_the_constraints_that_rest_on_them(opened):
    """Copies are what ICS-19 and ICS-20 rest on; a misspelt topic is answered with the near ones."""
    catalogue = read_catalogue(opened.store)

    assert {"ICS-19", "ICS-20"} <= resting_on(opened.store, catalogue, ["copies"])
    with pytest.raises(LookupFailed, match="copies") as caught:
        resting_on(opened.store, catalogue, ["copy"])
    assert "E411" == caught.value.code


def test_every_constraint_of_the_register_has_a_state(opened):
    """All of them, each once, with a reason."""
    found = coverage(read_catalogue(opened.store), with_shape())

    assert 122 == len({c.constraint for c in found}) == len(found)
    assert {"checked", "partly", "not checkable", "no shape yet"} >= {c.state for c in found}
    assert all(c.why for c in found)
