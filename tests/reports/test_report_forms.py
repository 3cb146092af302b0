# SPDX-License-Identifier: Apache-2.0
"""Every form of a report holds every finding, says what the report rests on, and has the same bytes on every run."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import html5lib
import junitparser
import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef
from rdflib.compare import isomorphic

from icsgraph.reports import standing, summary
from icsgraph.reports.findings import FORMATS, HOLD_FINDINGS_ALONE
from icsgraph.reports.terminal import as_table

ROOT = Path(__file__).resolve().parents[2]
SH = "http://www.w3.org/ns/shacl#"
ID = re.compile(r"\b[0-9a-f]{16}\b")


def ids(form, text):
    """Read the ids of the findings from a form, as a program that takes it would."""
    if form == "table":
        return ID.findall("\n".join(line for line in text.splitlines() if line.startswith("    ")))
    if form == "json":
        return [f["id"] for f in json.loads(text)["findings"]]
    if form == "jsonl":
        return [json.loads(line)["id"] for line in text.splitlines()]
    if form == "csv":
        return [row["id"] for row in csv.DictReader(io.StringIO(text))]
    if form == "md":
        return [
            row.split("|")[-2].strip() for row in text.splitlines() if row.startswith(("| Viol", "| Warn", "| Info"))
        ]
    if form == "html":
        return re.findall(r"finding ([0-9a-f]{16})</span>", text)
    if form in ("ttl", "jsonld"):
        kind = ox.RdfFormat.TURTLE if form == "ttl" else ox.RdfFormat.JSON_LD
        quads = list(ox.parse(text.encode(), format=kind))
        return [q.object.value.rpartition("/")[2] for q in quads if q.predicate.value == SH + "result"]
    if form == "junit":
        cases = [case for suite in junitparser.JUnitXml.fromstring(text.encode()) for case in suite]
        return [ID.search(case.name)[0] for case in cases if ID.search(case.name)]
    assert form == "sarif"
    return [r["partialFingerprints"]["findingId/v1"] for r in json.loads(text)["runs"][0]["results"]]


@pytest.mark.parametrize("form", FORMATS)
def test_every_planted_fault_is_in_every_form(form, report, planted):
    """No form leaves out a finding, and none tells one twice."""
    text = as_table(report, first=10_000) if form == "table" else FORMATS[form](report)

    assert Counter(f.id for f in report.findings) == Counter(ids(form, text))
    assert planted <= set(ids(form, text))


def test_every_form_has_the_same_bytes_whatever_the_order_of_sets(report):
    """A run in another process, where texts hash otherwise, writes what this one writes."""
    code = (
        "from datetime import date; from pathlib import Path; import hashlib\n"
        "from icsgraph.law import check; from icsgraph.opening import open_graph\n"
        "from icsgraph.reports.findings import FORMATS\n"
        "folder = Path('data/examples/northshire-with-faults')\n"
        "r = check(open_graph(folder, as_at=date(2025, 6, 30), background=False))\n"
        "print({k: hashlib.sha256(f(r).encode()).hexdigest() for k, f in FORMATS.items()})\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip

    assert str({k: hashlib.sha256(f(report).encode()).hexdigest() for k, f in FORMATS.items()}) == done.stdout.strip()


def test_json_ld_says_what_turtle_says(report):
    """Both libraries read the same graph from both."""
    turtle, jsonld = FORMATS["ttl"](report), FORMATS["jsonld"](report)
    one, other = Graph().parse(data=turtle, format="turtle"), Graph().parse(data=jsonld, format="json-ld")
    sets = [ox.Dataset(ox.parse(t.encode(), format=f)) for t, f in (
        (turtle, ox.RdfFormat.TURTLE), (jsonld, ox.RdfFormat.JSON_LD))]  # fmt: skip
    for each in sets:
        each.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)

    assert isomorphic(one, other)
    assert sets[0] == sets[1]


def test_the_validation_report_uses_terms_that_are_declared(report):
    """Every term of icsgraph's own namespace in the report has a definition in the ontology."""
    space = "https://w3id.org/icsgraph/def/"
    used = {
        t for t in Graph().parse(data=FORMATS["ttl"](report), format="turtle").predicates() if str(t).startswith(space)
    }
    declared = Graph()
    for path in (ROOT / "ontology").glob("*.ttl"):
        declared.parse(path)

    assert set() == used - set(declared.subjects())


def test_values_keep_their_datatype(report):
    """A literal is written as the literal that it is, not as a text that looks like it."""
    finding = replace(report.findings[0], value="7", value_is='"7"^^<http://www.w3.org/2001/XMLSchema#integer>')
    graph = Graph().parse(data=FORMATS["ttl"](replace(report, findings=(finding,))), format="turtle")

    assert [7] == [value.toPython() for value in graph.objects(None, URIRef(SH + "value"))]


def test_junit_counts_what_fails(report):
    """Violations and warnings fail, Info is skipped with its outcome, and every constraint has a suite."""
    read = junitparser.JUnitXml.fromstring(FORMATS["junit"](report).encode())
    counts = report.counts()

    assert counts["Violation"] + counts["Warning"] == read.failures
    assert 0 == read.errors
    assert len(report.coverage) + 2 <= len(list(read))


def test_junit_holds_no_character_that_xml_cannot(report):
    """A control character in a record does not make the file unreadable."""
    finding = replace(report.findings[0], message="bell \x07, surrogate \ud800 and <tag>")
    read = junitparser.JUnitXml.fromstring(FORMATS["junit"](replace(report, findings=(finding,))).encode())

    assert 1 == read.failures


def test_the_table_keeps_to_80_columns_and_groups_by_constraint(report):
    """Only a link or a path is ever longer; each constraint stands once, with its count."""
    text = FORMATS["table"](report)
    long = [line for line in text.splitlines() if len(line) > 80 and " " in line.strip()]

    assert [] == long
    for name, findings in report.by_constraint():
        assert 1 == len(re.findall(rf"^[A-Z]+  {name}  ", text, re.MULTILINE))
        assert f"({len(findings)})" in text


def test_tens_of_thousands_of_findings_stay_readable(report):
    """The table of thirty thousand findings is as long as its constraints need, and says how many more there are."""
    many = tuple(replace(f, id=f"{n:016x}") for n, f in enumerate(report.findings * (30_000 // len(report.findings))))
    text = FORMATS["table"](replace(report, findings=tuple(sorted(many, key=lambda f: f.constraint))))

    assert len(text.splitlines()) < 30 * len({f.constraint for f in many}) + 100
    assert "more (--constraint" in text


def test_the_page_is_valid_html_in_which_records_are_text(report):
    """A strict parser reads it, and markup in a record stays a text."""
    hostile = "<script>alert(1)</script> & \"quotes\" 'too'"
    finding = replace(report.findings[0], message=hostile, focus_label=hostile, reason=hostile, title=hostile)
    page = FORMATS["html"](replace(report, findings=(finding, *report.findings[1:])))
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)

    assert [] == list(tree.iter("script"))
    assert "&lt;script&gt;" in page
    assert not re.search(r"(?:src|href)=\"(?!https?://|#|data:,)", page)
    assert not re.search(r"@import|url\(", page)


def test_the_page_links_to_the_act_and_to_the_guidance(report):
    """A reader gets from each duty to its sources."""
    page = FORMATS["html"](report)
    links = set(re.findall(r'href="(http[^"]+)"', page))

    assert any(link.startswith("http://www.legislation.gov.uk/") for link in links)
    assert any(link.startswith("https://www.gov.uk/") for link in links)
    assert {p.iri for f in report.findings for p in f.provisions} <= links


def said(report):
    """Everything that a report says, by form; what stands on stderr for those with no room."""
    for form, write in FORMATS.items():
        text = "\n".join(standing.aside(report)) if form in HOLD_FINDINGS_ALONE else write(report)
        yield form, " ".join(text.split())


def test_every_form_says_what_the_report_rests_on(report):
    """As-at date, edition, versions, grace periods, what was looked at and what was not; a terminal says where to read
    the longest of them.
    """
    idle = next(c for c in report.coverage if not c.looked_at)
    looked = next(c for c in report.coverage if c.looked_at)
    for form, text in said(report):
        parts = ["2025-06-30", report.versions["law"], report.versions["shapes"], report.versions["data"], "6 months",
                 idle.constraint, looked.constraint, "broke the law"]  # fmt: skip
        if form == "table":
            elsewhere = {"6 months": "--format md or json", looked.constraint: "--summary"}
            parts = [elsewhere.get(part, part) for part in parts]
        lacking = [part for part in parts if part not in text]

        assert (form, []) == (form, lacking)
        if form != "json":
            assert "updated version" in text


def test_every_form_says_so_when_the_law_was_read_before_the_as_at_date(report):
    """The day to which the law was read stands in the report, and a later report says what that means."""
    later = replace(report, as_at=date(2026, 12, 1))
    for form, text in said(later):
        assert (form, True) == (form, "The law was read on 2026-11-21" in text)
    for form, text in said(report):
        assert (form, False) == (form, "The law was read on 2026-11-21" in text)


def test_a_failed_check_is_told_in_every_form(report):
    """Such a report never says that records conform."""
    failed = replace(report.findings[0], outcome="check failed", severity="Warning")
    broken = replace(report, findings=(failed,))
    for form, text in said(broken):
        assert (form, True) == (form, "Some checks failed" in text)

    assert not json.loads(FORMATS["json"](broken))["conforms"]
    assert not json.loads(FORMATS["sarif"](broken))["runs"][0]["invocations"][0]["executionSuccessful"]
    assert 1 == junitparser.JUnitXml.fromstring(FORMATS["junit"](broken).encode()).errors


def test_a_limit_says_what_it_cut(report):
    """Counts stay those of the whole; the constraints whose findings were left out are named with numbers."""
    few = report.limited(3)
    left = report.findings[-1].constraint
    for form, text in said(few):
        assert (form, True) == (form, f"The first 3 of {len(report.findings)} findings are shown" in text)
        assert (form, True) == (form, f"{left} " in text)

    assert report.counts() == few.counts()
    assert 3 == len(ids("sarif", FORMATS["sarif"](few)))
    assert report.findings == few.limited(10_000).findings


def test_a_summary_has_counts_and_no_findings(report):
    """One row a constraint, with the numbers of the whole report."""
    rows = list(csv.DictReader(io.StringIO(summary.FORMATS["csv"](report))))
    found = Counter(f.constraint for f in report.findings)

    assert {c.constraint: c.looked_at for c in report.coverage} == {r["constraint"]: int(r["looked_at"]) for r in rows}
    assert dict(found) == {r["constraint"]: int(r["findings"]) for r in rows if r["findings"] != "0"}
    for form, write in summary.FORMATS.items():
        assert (form, []) == (form, [f.id for f in report.findings if f.id in write(report)])


def test_a_finding_object_has_what_programs_count_on(report):
    """The names that the documentation promises are there, with the place in a file."""
    for line in FORMATS["jsonl"](report).splitlines():
        found = json.loads(line)

        assert {
            "id",
            "constraint",
            "severity",
            "focus",
            "path",
            "value",
            "message",
            "provisions",
            "file",
            "line",
        } <= set(found)
        assert found["provisions"] is not None and found["statements"] is not None
