# SPDX-License-Identifier: Apache-2.0
"""SARIF as code hosts take it: the structure of version 2.1.0, places in files, the state against a baseline."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest

from icsgraph.law.baseline import hold_against, read_baseline, write_baseline
from icsgraph.reports.findings import FORMATS

ROOT = Path(__file__).resolve().parents[2]
# The properties that section 3 of the standard gives each object, so far as icsgraph writes it.
ALLOWED = {
    "log": {"$schema", "version", "runs"},
    "run": {"tool", "invocations", "results", "columnKind", "originalUriBaseIds", "properties"},
    "driver": {"name", "informationUri", "semanticVersion", "rules"},
    "rule": {"id", "shortDescription", "fullDescription", "help", "helpUri", "properties"},
    "result": {
        "ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints", "properties", "baselineState",
        "suppressions",
    },
    "location": {"physicalLocation", "logicalLocations"},
    "invocation": {"executionSuccessful", "toolExecutionNotifications"},
}  # fmt: skip


@pytest.fixture(scope="module")
def log(report):
    """The whole document."""
    return json.loads(FORMATS["sarif"](report))


def test_objects_have_the_properties_of_the_standard(log):
    """A misspelt property would make an upload fail, or be passed over."""
    run = log["runs"][0]
    objects = [("log", log), ("run", run), ("driver", run["tool"]["driver"])]
    objects += [("rule", rule) for rule in run["tool"]["driver"]["rules"]]
    objects += [("result", result) for result in run["results"]]
    objects += [("location", place) for result in run["results"] for place in result["locations"]]
    objects += [("invocation", each) for each in run["invocations"]]

    assert [] == [(kind, set(each) - ALLOWED[kind]) for kind, each in objects if set(each) - ALLOWED[kind]]
    assert "2.1.0" == log["version"]
    assert {"error", "warning", "note"} >= {result["level"] for result in run["results"]}


def test_each_result_points_to_its_rule_and_each_rule_helps(log, report):
    """A rule has the duty in words, the law behind it and what would answer it."""
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    for result in log["runs"][0]["results"]:
        assert result["ruleId"] == rules[result["ruleIndex"]]["id"]
    by_id = {rule["id"]: rule for rule in rules}

    assert {c.constraint for c in report.coverage} <= set(by_id)
    assert len(by_id) == len(rules)
    assert "116ZB/7/b/ii" in by_id["ICS-20"]["helpUri"]
    assert "Records that would answer it" in by_id["ICS-20"]["help"]["text"]


def test_results_stand_at_a_line_of_a_file_of_the_repository(log):
    """The path is that below the folder in which the command ran, so that a pull request can be annotated there."""
    for result in log["runs"][0]["results"]:
        place = result["locations"][0]["physicalLocation"]
        path = ROOT / unquote(place["artifactLocation"]["uri"])

        assert path.is_file()
        assert 1 <= place["region"]["startLine"] <= len(path.read_text(encoding="utf-8").splitlines())


def test_a_finding_about_a_thing_that_no_file_describes_has_a_place_all_the_same(report):
    """Code hosts refuse a result without one."""
    log = json.loads(FORMATS["sarif"](replace(report, findings=(replace(report.findings[0], file="", line=None),))))
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]

    assert 1 == place["region"]["startLine"]
    assert next(iter(report.files.values())) == place["artifactLocation"]["uri"]


def test_fingerprints_are_the_ids_of_findings(log, report):
    """The same finding is known again in the next run, wherever its line has moved."""
    prints = Counter(r["partialFingerprints"]["findingId/v1"] for r in log["runs"][0]["results"])

    assert Counter(f.id for f in report.findings) == prints


def test_a_baseline_is_told_in_the_words_of_the_standard(report, tmp_path):
    """Accepted ones are suppressed with their reason, the rest new, and what is gone is absent."""
    file = tmp_path / "accepted.ttl"
    few = replace(report, findings=report.findings[:3])
    file.write_text(write_baseline(few, "traced", "the secretary", date(2026, 1, 1)), encoding="utf-8")
    held = hold_against(replace(report, findings=report.findings[1:]), "accepted.ttl", read_baseline(file))
    results = json.loads(FORMATS["sarif"](held))["runs"][0]["results"]
    states = Counter(result["baselineState"] for result in results)

    assert {"new": len(report.findings) - 3, "unchanged": 2, "absent": 1} == states
    assert {"traced (the secretary)"} == {
        each["justification"] for result in results for each in result.get("suppressions", ())
    }
