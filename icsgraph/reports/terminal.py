# SPDX-License-Identifier: Apache-2.0
"""A report of findings for a terminal: grouped by constraint with counts and first examples, 80 columns, no colour."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import Final

from icsgraph.law.findings import Acceptance, Finding, Report
from icsgraph.reports import standing

WIDTH: Final = 80
_LOOKED: Final = 12  # constraints for each of which the table says how much it looked at
_FIRST: Final = 3  # examples of each constraint: a hundred constraints stay within some hundred lines


def as_table(report: Report, *, first: int = _FIRST) -> str:
    """Write findings grouped by constraint, the most severe first, with the first examples of each."""
    lines = [*wrapped(standing.counted(report))]
    for caution in standing.cautions(report):
        lines += wrapped(caution, "! ", "  ")
    lines.append("")
    for name, findings in report.by_constraint():
        lines += [*_group(report, name, findings, first), ""]
    lines += [*_baseline(report), *_standing(report)]
    return "\n".join(lines).rstrip() + "\n"


def wrapped(text: str, begin: str = "", rest: str | None = None) -> list[str]:
    """Break a text into lines of the width; a word that is longer, such as a link, keeps its line."""
    return textwrap.wrap(
        text, WIDTH, initial_indent=begin, subsequent_indent=begin if rest is None else rest, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def _group(report: Report, name: str, findings: list[Finding], first: int) -> Iterator[str]:
    head = findings[0]
    yield from wrapped(f"{head.severity.upper()}  {name}  {head.title}  ({len(findings)})", "", "    ")
    for finding in findings[:first]:
        yield from wrapped(finding.message, "  - ", "    ")
        yield from wrapped(standing.about(finding), "    ")
        yield from _place(standing.place(finding), f"id {finding.id}")
        if finding.severity != head.severity or finding.outcome != "not met":
            yield from wrapped(f"{finding.severity}, {finding.outcome}: {finding.reason}", "    ")
        if report.baseline:
            yield from wrapped(standing.state(report, finding), "    ")
    if len(findings) > first:
        yield from wrapped(f"… and {len(findings) - first} more (--constraint {name} --format csv lists all)", "  ")
    for provision in head.provisions[:1]:
        yield from wrapped(f"Law: {provision.citation}.", "  ", "    ")
        yield f"    {provision.iri}"
    if not head.provisions and head.guidance:
        yield from wrapped(f"Guidance: {head.guidance}", "  ", "    ")
    yield from wrapped(f"To mend: {head.remedy}", "  ", "    ")


def _place(where: str, name: str) -> Iterator[str]:
    """Where a finding is and how it is called, on one line or two: neither is ever broken."""
    line = f"    {where}  {name}"
    yield from [line] if where and len(line) <= WIDTH else [f"    {each}" for each in (where, name) if each]


def _baseline(report: Report) -> Iterator[str]:
    held = report.baseline
    if held is None:
        return
    for heading, listed in (
        ("Gone since the baseline", held.gone), ("Accepted, and not looked for this time", held.not_looked_for)
    ):  # fmt: skip
        if listed:
            yield f"{heading} ({len(listed)})"
            yield from _accepted(listed)
            yield ""


def _accepted(listed: Iterable[Acceptance]) -> Iterator[str]:
    for each in listed:
        yield from wrapped(f"{each.constraint}  {each.message} ({each.reason}; {each.authority})", "  - ", "    ")


def _standing(report: Report) -> Iterator[str]:
    yield "What this rests on"
    for label, text in standing.facts(report):
        yield from wrapped(f"{label}: {text}", "  ", "    ")
    settings = sum(1 for _ in standing.periods(report))
    yield from wrapped(f"Grace periods and other settings: {settings}; --format md or json lists them.", "  ", "    ")
    looked = [f"{each.constraint} {each.looked_at}" for each in report.coverage if each.looked_at]
    if len(looked) > _LOOKED:
        looked = [f"{len(looked)} of them found something to look at; --summary counts it"]
    yield from wrapped(f"Looked at, by constraint: {', '.join(looked) or 'nothing'}.", "  ", "    ")
    if report.forms:
        forms = ", ".join(f"{each.constraint} {each.looked_at}" for each in report.forms if each.looked_at)
        yield from wrapped(f"Looked at for the form of records: {forms or 'nothing'}.", "  ", "    ")
    for why, names in standing.idle(report).items():
        yield from wrapped(f"Looked at nothing, for {why}: {', '.join(names)}.", "  ", "    ")
    for why, names in standing.not_run(report).items():
        yield from wrapped(f"Not run ({why}): {standing.told(names)}.", "  ", "    ")
    yield from wrapped(standing.NOT_LAW, "  ", "  ")
