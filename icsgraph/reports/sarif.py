# SPDX-License-Identifier: Apache-2.0
"""A report of findings as SARIF 2.1.0, which code hosts and editors show at the line of the file concerned.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import quote

from icsgraph.law.findings import FAILED, Acceptance, Duty, Finding, Report
from icsgraph.reports import standing

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {"Violation": "error", "Warning": "warning", "Info": "note"}
_STATES: Final = {"new": "new", "accepted": "unchanged", "expired": "unchanged"}


def as_sarif(report: Report) -> str:
    """Write one run: a rule for each constraint that ran, a result for each finding."""
    rules = _rules(report)
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    driver: dict[str, Any] = {"name": "icsgraph", "informationUri": "https://w3id.org/icsgraph/", "rules": rules}
    if (version := report.versions.get("icsgraph", ""))[:1].isdigit():
        driver["semanticVersion"] = version
    results = [_result(report, finding, index[finding.constraint]) for finding in report.findings]
    results += [_gone(each, index) for each in report.baseline.gone] if report.baseline else []
    run = {
        "tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "invocations": [_invocation(report)],
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The folder in which icsgraph was run."}}},
        "results": results,
        "properties": _properties(report),
    }  # fmt: skip
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1) + "\n"


def _rules(report: Report) -> list[dict[str, Any]]:
    ran = {each.constraint: each.title for each in (*report.coverage, *report.forms)}
    ran |= {f.constraint: f.title for f in report.findings}
    if report.baseline:
        ran |= {each.constraint: each.constraint for each in report.baseline.gone if each.constraint not in ran}
    return [_rule(name, ran[name], report.duties.get(name)) for name in sorted(ran)]


def _rule(name: str, title: str, duty: Duty | None) -> dict[str, Any]:
    rule: dict[str, Any] = {"id": name, "shortDescription": {"text": title}}
    if duty is None:
        return rule | {"help": {"text": "Correct the record."}, "properties": {"tags": ["form of records"]}}
    law = [f"{p.citation}: {p.paraphrase} {p.iri}" for p in duty.provisions]
    said = [f"Guidance {s.id} ({s.modality}): {s.paraphrase} {s.page}".rstrip() for s in duty.statements]
    needed = f"Records that would answer it: {duty.data_needed}."
    linked = [f"- [{p.citation}]({p.iri}): {p.paraphrase}" for p in duty.provisions]
    linked += [
        f"- Guidance {f'[{s.id}]({s.page})' if s.page else s.id} ({s.modality}): {s.paraphrase}"
        for s in duty.statements
    ]
    rule |= {
        "fullDescription": {"text": duty.rule},
        "help": {
            "text": "\n".join([duty.rule, *law, *said, needed]),
            "markdown": "\n".join([duty.rule, "", *linked, "", needed]),
        },
        "properties": {"tags": [duty.group]},
    }
    if duty.provisions and duty.provisions[0].iri:
        rule["helpUri"] = duty.provisions[0].iri
    return rule


def _result(report: Report, finding: Finding, rule: int) -> dict[str, Any]:
    name = f"{finding.focus_label}" + (f": {finding.value_label}" if finding.value_label else "")
    made: dict[str, Any] = {
        "ruleId": finding.constraint, "ruleIndex": rule,
        "level": "error" if finding.outcome == FAILED else _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [_location(report, finding) | {"logicalLocations": [{"name": name, "kind": "object"}]}],
        "partialFingerprints": {"findingId/v1": finding.id, "primaryLocationLineHash": f"{finding.id}:1"},
        "properties": {
            "outcome": finding.outcome, "severity": finding.severity, "focus": finding.focus, "path": finding.path,
            "value": finding.value, "judgedOn": finding.judged_on, "edition": finding.edition,
            "provisions": [p.id for p in finding.provisions], "remedy": finding.remedy,
        },
    }  # fmt: skip
    if report.baseline:
        state = report.baseline.state(finding.id)
        made["baselineState"] = _STATES[state]
        if state == "accepted":
            held = report.baseline.accepted[finding.id]
            why = f"{held.reason} ({held.authority})"
            made["suppressions"] = [{"kind": "external", "status": "accepted", "justification": why}]
    return made


def _location(report: Report, finding: Finding) -> dict[str, Any]:
    """The place of a finding; one about a thing that no file describes is shown at the head of the first file."""
    name = finding.file or next(iter(report.files), "")
    if not name:
        return {}
    file = name.partition(standing.SHEET)[0]
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(report.files.get(name) or file), "uriBaseId": "SRCROOT"}}
    if finding.line or not finding.file:
        place["region"] = {"startLine": finding.line or 1}
    if finding.column:
        place["region"]["startColumn"] = _number(finding.column.partition(" ")[0])
        place["region"]["message"] = {"text": standing.place(finding)}
    return {"physicalLocation": place}


def _number(letters: str) -> int:
    """Give the number of a column of a sheet: A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _gone(each: Acceptance, index: dict[str, int]) -> dict[str, Any]:
    return {
        "ruleId": each.constraint, "ruleIndex": index[each.constraint], "message": {"text": each.message},
        "baselineState": "absent", "partialFingerprints": {"findingId/v1": each.finding},
    }  # fmt: skip


def _invocation(report: Report) -> dict[str, Any]:
    notices = [{"level": "error" if report.failed else "warning", "message": {"text": t}}
               for t in standing.cautions(report)]  # fmt: skip
    notices += [
        {"level": "note", "message": {"text": f"Looked at nothing, for {why}: {', '.join(names)}."}}
        for why, names in standing.idle(report).items()
    ]
    notices += [
        {"level": "note", "message": {"text": f"Not run ({why}): {', '.join(names)}."}}
        for why, names in standing.not_run(report).items()
    ]
    return {"executionSuccessful": not report.failed, "toolExecutionNotifications": notices}


def _properties(report: Report) -> dict[str, Any]:
    return {
        "about": dict(standing.facts(report)),
        "settings": {label: f"{value} ({day})" if day else value for label, value, day in standing.periods(report)},
        "lookedAt": {each.constraint: each.outcomes for each in (*report.coverage, *report.forms) if each.looked_at},
        "note": standing.NOT_LAW,
    }
