# SPDX-License-Identifier: Apache-2.0
"""A report of findings in every form: those for programs and Markdown here, the others in modules of their own."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from icsgraph.law.findings import Finding, Report
from icsgraph.reports import standing
from icsgraph.reports.html import as_html
from icsgraph.reports.junit import as_junit
from icsgraph.reports.sarif import as_sarif
from icsgraph.reports.terminal import as_table
from icsgraph.reports.validation import as_jsonld, as_turtle

_COLUMNS: Final = (
    "id", "severity", "outcome", "constraint", "title", "message", "focus", "focus_label", "focus_type", "path",
    "value", "value_label", "judged_on", "reason", "provisions", "guidance", "edition", "remedy", "file", "line",
    "column",
)  # fmt: skip
HOLD_FINDINGS_ALONE: Final = ("jsonl", "csv")
"""Forms with no room for what a report rests on: whoever writes them says it elsewhere."""


def as_object(report: Report, finding: Finding) -> dict[str, Any]:
    """Give a finding as the object that JSON forms hold."""
    made = asdict(finding)
    del made["value_is"]
    made["path"], made["value"] = finding.path or None, finding.value or None
    made["file"], made["column"] = finding.file or None, finding.column or None
    if report.baseline:
        made["baseline"] = report.baseline.state(finding.id)
    return made


def as_json(report: Report) -> str:
    """Write one JSON document: the check's circumstances, coverage by constraint, findings."""
    return json.dumps(frame(report) | {
        "findings": [as_object(report, f) for f in report.findings],
    }, ensure_ascii=False, indent=1) + "\n"  # fmt: skip


def frame(report: Report) -> dict[str, Any]:
    """Give everything that a JSON document says beside the findings."""
    made = {
        "as_at": report.as_at.isoformat(), "edition": report.edition,
        "law_read": asdict(report.law_read) if report.law_read else None, "engine": report.engine,
        "versions": report.versions, "systems": list(report.systems),
        "conforms": not report.everything, "failed": report.failed, "cautions": list(standing.cautions(report)),
        "counts": report.counts(), "parameters": [asdict(p) for p in report.parameters],
        "coverage": [asdict(c) for c in report.coverage], "forms": [asdict(c) for c in report.forms],
        "not_run": [{"constraint": name, "why": why} for name, why in report.not_run],
        "warnings": list(report.warnings), "note": standing.NOT_LAW,
    }  # fmt: skip
    if report.cut:
        made["limit"] = {"shown": len(report.findings), "of": len(report.everything), "left_out": standing.cut(report)}
    if report.baseline:
        made["baseline"] = {
            "name": report.baseline.name, "new": list(report.baseline.new),
            "accepted": [asdict(each) for each in report.baseline.accepted.values()],
            "expired": [asdict(each) for each in report.baseline.expired.values()],
            "gone": [asdict(each) for each in report.baseline.gone],
            "not_looked_for": [asdict(each) for each in report.baseline.not_looked_for],
        }  # fmt: skip
    return made


def as_jsonl(report: Report) -> str:
    """Write one finding a line."""
    return "".join(json.dumps(as_object(report, f), ensure_ascii=False) + "\n" for f in report.findings)


def as_csv(report: Report) -> str:
    """Write one finding a row; provisions as ids with semicolons between."""
    columns = (*_COLUMNS, "baseline") if report.baseline else _COLUMNS
    rows = []
    for finding in report.findings:
        made = as_object(report, finding) | {"provisions": ";".join(p.id for p in finding.provisions)}
        rows.append(["" if made[name] is None else str(made[name]) for name in columns])
    return csv_text(columns, rows)


def csv_text(columns: tuple[str, ...], rows: list[list[str]]) -> str:
    """Write CSV; a text that a spreadsheet takes for a formula gets a quote first."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell for cell in row])
    return out.getvalue()


def as_markdown(report: Report) -> str:
    """Write a page with a section for each constraint that has findings, and one on what the report rests on."""
    lines = ["# Findings", "", standing.counted(report), ""]
    lines += [f"> {caution}\n" for caution in standing.cautions(report)]
    for name, findings in report.by_constraint():
        lines += [f"## {name}: {findings[0].title}", ""]
        lines += [f"- {p.citation}: {p.paraphrase} [{p.id}]({p.iri})" for p in findings[0].provisions]
        lines += [
            f"- Guidance of {s.edition}, {s.modality}: {s.paraphrase} {f'[{s.id}]({s.page})' if s.page else s.id}"
            for s in findings[0].statements
        ]
        columns = (
            "severity",
            "outcome",
            "finding",
            "about",
            "where",
            "id",
            *(("baseline",) if report.baseline else ()),
        )
        lines += ["", row(columns), row(["---"] * len(columns))]
        for f in findings:
            cells = [f.severity, f.outcome, f.message, standing.about(f), standing.place(f), f.id]
            lines.append(row([*cells, standing.state(report, f)] if report.baseline else cells))
        lines += ["", findings[0].remedy, ""]
    if report.baseline and report.baseline.gone:
        lines += ["## Gone since the baseline", ""]
        lines += [
            f"- {each.constraint}: {each.message} ({each.reason}; {each.authority})" for each in report.baseline.gone
        ]
        lines.append("")
    return "\n".join([*lines, *markdown_standing(report)]).rstrip() + "\n"


def markdown_standing(report: Report) -> list[str]:
    """Write the section on what a report rests on."""
    lines = ["## What this rests on", "", *(f"- {label}: {text}" for label, text in standing.facts(report))]
    for label, value, day in standing.periods(report):
        lines.append(f"- {label}: {value}{f' ({day})' if day not in ('', value) else ''}")
    lines += [f"- not run ({why}): {', '.join(names)}" for why, names in standing.not_run(report).items()]
    lines += ["", row(("constraint", "looked at", "outcomes")), row(["---"] * 3)]
    lines += [
        row((f"{each.constraint} {each.title}", str(each.looked_at), standing.outcomes(each)))
        for each in (*report.coverage, *(form for form in report.forms if form.looked_at))
    ]
    return [*lines, "", standing.NOT_LAW, ""]


def row(cells: tuple[str, ...] | list[str]) -> str:
    """Write a row of a Markdown table."""
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


FORMATS: Final[dict[str, Callable[[Report], str]]] = {
    "table": as_table, "json": as_json, "jsonl": as_jsonl, "csv": as_csv, "md": as_markdown, "html": as_html,
    "ttl": as_turtle, "jsonld": as_jsonld, "junit": as_junit, "sarif": as_sarif,
}  # fmt: skip
