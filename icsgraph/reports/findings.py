# SPDX-License-Identifier: Apache-2.0
"""A report of findings as a table, JSON, JSON Lines, CSV, Markdown or a standard validation report in Turtle."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

import pyoxigraph as ox

from icsgraph.law.findings import Finding, Report
from icsgraph.model.namespaces import DCTERMS, ICS, ICSC, RDF, SH, XSD
from icsgraph.store.canonical import turtle

_FIRST: Final = 5  # examples of each constraint in the terminal table
_COLUMNS: Final = (
    "id", "severity", "outcome", "constraint", "title", "message", "focus", "focus_label", "focus_type", "path",
    "value",    "value_label", "judged_on", "reason", "provisions", "guidance", "edition", "remedy", "file", "line",
)  # fmt: skip


def as_table(report: Report, *, first: int = _FIRST) -> str:
    """Write findings grouped by constraint, with counts and the first examples of each; 80 columns or so."""
    lines = [summary(report), ""]
    for name, findings in report.by_constraint():
        head = findings[0]
        lines.append(f"{head.severity.upper()}  {name}  {head.title}  ({len(findings)})")
        for finding in findings[:first]:
            place = f"{finding.file}:{finding.line}" if finding.line else finding.file
            lines.append(f"  - {finding.message}")
            lines.append(f"    {finding.focus_label} ({finding.focus_type}){'  ' + place if place else ''}")
            if finding.severity != head.severity or finding.outcome != "not met":
                lines.append(f"    {finding.severity}, {finding.outcome}: {finding.reason}")
        if len(findings) > first:
            lines.append(f"  … and {len(findings) - first} more (--format csv lists all)")
        for provision in head.provisions[:1]:
            lines.append(f"  Law: {provision.citation}. {provision.iri}")
        if head.provisions or head.guidance:
            lines.append(f"  To mend: {head.remedy}")
        lines.append("")
    lines.append(_coverage_line(report))
    return "\n".join(lines).rstrip() + "\n"


def summary(report: Report) -> str:
    """Write one line of counts, with the as-at date and what was checked."""
    counts = ", ".join(
        f"{n} {name.lower()}{'s' if n != 1 and name != 'Info' else ''}" for name, n in report.counts().items()
    )
    checked = len(report.coverage)
    found = len(report.findings)
    return f"{found} findings as at {report.as_at}: {counts}. {checked} constraints checked, {len(report.not_run)} not."


def _coverage_line(report: Report) -> str:
    idle = [c.constraint for c in report.coverage if not c.looked_at]
    text = f"Looked at nothing: {', '.join(idle)} (nothing of their kind on record)." if idle else ""
    warned = " ".join(report.warnings)
    return " ".join(part for part in (text, warned, f"Engine: {report.engine}.") if part)


def as_object(finding: Finding) -> dict[str, Any]:
    """Give a finding as the object that JSON forms hold."""
    made = asdict(finding)
    made["provisions"] = [dict(p) for p in made["provisions"]]
    del made["value_is"]
    made["path"], made["value"] = finding.path or None, finding.value or None
    made["file"] = finding.file or None
    return made


def as_json(report: Report) -> str:
    """Write one JSON document: the check's circumstances, coverage by constraint, findings."""
    document = {
        "as_at": report.as_at.isoformat(), "engine": report.engine, "versions": report.versions,
        "systems": list(report.systems),
        "counts": report.counts(), "parameters": [asdict(p) for p in report.parameters],
        "findings": [as_object(f) for f in report.findings], "coverage": [asdict(c) for c in report.coverage],
        "not_run": [{"constraint": name, "why": why} for name, why in report.not_run],
        "warnings": list(report.warnings),
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def as_jsonl(report: Report) -> str:
    """Write one finding a line."""
    return "".join(json.dumps(as_object(f), ensure_ascii=False) + "\n" for f in report.findings)


def as_csv(report: Report) -> str:
    """Write one finding a row; provisions as ids with semicolons between."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for finding in report.findings:
        made = as_object(finding) | {"provisions": ";".join(p.id for p in finding.provisions)}
        cells = ["" if made[name] is None else str(made[name]) for name in _COLUMNS]
        writer.writerow([f"'{cell}" if cell[:1] in ("=", "+", "@") else cell for cell in cells])
    return out.getvalue()


def as_markdown(report: Report) -> str:
    """Write a page with a section for each constraint that has findings."""
    lines = ["# Findings", "", summary(report), ""]
    for name, findings in report.by_constraint():
        lines += [f"## {name}: {findings[0].title}", ""]
        lines += [f"- {p.citation}: {p.paraphrase} [{p.id}]({p.iri})" for p in findings[0].provisions]
        lines += ["", "| severity | outcome | finding | about | where |", "| --- | --- | --- | --- | --- |"]
        for f in findings:
            place = f"{f.file}:{f.line}" if f.line else f.file
            cells = (f.severity, f.outcome, f.message, f.focus_label, place)
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
        lines += ["", findings[0].remedy, ""]
    return "\n".join(lines).rstrip() + "\n"


def as_turtle(report: Report) -> str:
    """Write a standard ``sh:ValidationReport`` in canonical Turtle, with the outcome and constraint of each result."""
    node = ox.BlankNode("report")
    triples = [
        ox.Triple(node, ox.NamedNode(RDF + "type"), ox.NamedNode(SH + "ValidationReport")),
        ox.Triple(node, ox.NamedNode(SH + "conforms"), ox.Literal(not report.findings)),
        ox.Triple(
            node, ox.NamedNode(ICS + "asAt"), ox.Literal(report.as_at.isoformat(), datatype=ox.NamedNode(XSD + "date"))
        ),
    ]
    for number, f in enumerate(report.findings):
        result = ox.BlankNode(f"result{number}")
        values: list[tuple[str, ox.NamedNode | ox.Literal]] = [
            (RDF + "type", ox.NamedNode(SH + "ValidationResult")), (SH + "focusNode", _term(f.focus)),
            (SH + "resultSeverity", ox.NamedNode(SH + f.severity)),
            (SH + "resultMessage", ox.Literal(f.message, language="en")),
            (ICS + "outcomeText", ox.Literal(f.outcome)), (DCTERMS + "identifier", ox.Literal(f.id)),
            (SH + "sourceConstraintComponent", ox.NamedNode(SH + "SPARQLConstraintComponent")),
        ]  # fmt: skip
        if f.condition:
            values.append((DCTERMS + "conformsTo", ox.NamedNode(ICSC + f.constraint)))
        if f.value:
            values.append((SH + "value", _term(f.value)))
        triples.append(ox.Triple(node, ox.NamedNode(SH + "result"), result))
        triples += [ox.Triple(result, ox.NamedNode(prop), term) for prop, term in values]
    return turtle(triples)


def _term(text: str) -> ox.NamedNode | ox.Literal:
    try:
        return ox.NamedNode(text)
    except ValueError:
        return ox.Literal(text)


FORMATS: Final[dict[str, Callable[[Report], str]]] = {
    "table": as_table, "json": as_json, "jsonl": as_jsonl, "csv": as_csv, "md": as_markdown, "ttl": as_turtle,
}  # fmt: skip
