# SPDX-License-Identifier: Apache-2.0
"""What a report rests on, for every form to show: dates, law, versions, grace periods, what was looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from icsgraph.law.findings import SEVERITIES, Coverage, Finding, Report

SHEET: Final = ", sheet "  # stands between the names of a file and of its sheet
_LISTED: Final = 25
ABBREVIATIONS: Final = (
    "ICB: integrated care board. ICP: integrated care partnership. RLA: responsible local authority, the councils that "
    "the Act gives these duties. HWB: health and wellbeing board. JSNA: joint strategic needs assessment. JLHWS: joint "
    "local health and wellbeing strategy. JFP: joint forward plan. BCF: Better Care Fund."
)
NOT_LAW: Final = (
    "A finding says what is not on record. It does not say that anything was not done, or that a body broke the law."
)


def counted(report: Report) -> str:
    """Write one sentence of counts, with the as-at date and what was checked."""
    counts = ", ".join(
        f"{n} {name.lower()}{'s' if n != 1 and name != 'Info' else ''}" for name, n in report.counts().items()
    )
    said = (
        f"{_many(len(report.everything), 'finding')} as at {report.as_at}: {counts}. "
        f"{_many(len(report.coverage), 'constraint')} checked, {len(report.not_run)} not."
    )
    if report.baseline:
        held = report.baseline
        said += (
            f" Against {held.name}: {len(held.new)} new, {len(held.accepted)} accepted, {len(held.expired)} with an"
            f" acceptance that has run out, {len(held.gone)} gone."
        )
    return said


def cut(report: Report) -> str:
    """Say what a limit left out, by constraint; nothing where it left out nothing."""
    if not report.cut:
        return ""
    numbers: dict[str, int] = {}
    for finding in report.cut:
        numbers[finding.constraint] = numbers.get(finding.constraint, 0) + 1
    listed = ", ".join(f"{name} {number}" for name, number in numbers.items())
    return f"The first {len(report.findings)} of {len(report.everything)} findings are shown; left out: {listed}."


def cautions(report: Report) -> Iterator[str]:
    """Give what a reader must know before anything else; nothing where all is well."""
    if report.failed:
        names = sorted({f.constraint for f in report.everything if f.outcome == "check failed"})
        yield f"Some checks failed, so that this report does not say that records conform: {', '.join(names)}."
    if report.law_read is None:
        yield "No law register was loaded: what the law asks was not looked at."
    elif report.past_reading:
        yield (
            f"The law was read on {report.law_read.day}. This report is as at {report.as_at}, a later day: "
            f"check at legislation.gov.uk whether the law has changed since. {report.law_read.note}"
        )
    if left := cut(report):
        yield left
    yield from report.warnings


def facts(report: Report) -> Iterator[tuple[str, str]]:
    """Give label and text of everything that decided the outcome apart from the records."""
    yield "As at", report.as_at.isoformat()
    yield "Guidance then in force", report.edition or "none"
    yield "Law read on", report.law_read.day if report.law_read else "no law register loaded"
    named = report.boards or tuple(report.labels.get(iri, iri) for iri in report.systems)
    yield "Systems", ", ".join(named) or "all in the data"
    yield "Versions", "; ".join(f"{name} {text}" for name, text in report.versions.items() if name != "editions")
    yield "Editions known", report.versions.get("editions", "") or "none"


def periods(report: Report) -> Iterator[tuple[str, str, str]]:
    """Give label, value and resulting day of each grace period and other parameter that was used."""
    for parameter in report.parameters:
        yield parameter.label, parameter.value, parameter.cut_off or ""


def idle(report: Report) -> dict[str, list[str]]:
    """Give the constraints that looked at nothing, by why."""
    found: dict[str, list[str]] = {}
    for each in report.coverage:
        if not each.looked_at:
            found.setdefault(each.note, []).append(each.constraint)
    return found


def not_run(report: Report) -> dict[str, list[str]]:
    """Give the constraints that were not run, by why."""
    found: dict[str, list[str]] = {}
    for name, why in report.not_run:
        found.setdefault(why, []).append(name)
    return found


def told(names: list[str]) -> str:
    """Write ids, or only how many there are where a list would hide the rest of the report."""
    return ", ".join(names) if len(names) <= _LISTED else f"{len(names)} constraints"


def outcomes(each: Coverage) -> str:
    """Write how many of what a constraint looked at had each outcome."""
    return ", ".join(f"{number} {name}" for name, number in each.outcomes.items()) or each.note


def abbreviations() -> list[str]:
    """Give the abbreviations of the register, each with its meaning, one by one."""
    return [f"{each.rstrip('.')}." for each in ABBREVIATIONS.split(". ")]


def place(finding: Finding) -> str:
    """Write file and line of a finding, or sheet, row and column; nothing where no file describes what it is about."""
    if SHEET in finding.file and finding.line:
        return f"{finding.file}, row {finding.line}" + (f", column {finding.column}" if finding.column else "")
    return f"{finding.file}:{finding.line}" if finding.line else finding.file


def about(finding: Finding) -> str:
    """Write what a finding is about: the thing's label and kind."""
    return f"{finding.focus_label} ({finding.focus_type})" if finding.focus_type else finding.focus_label


def state(report: Report, finding: Finding) -> str:
    """Write what the baseline says of a finding; nothing without one."""
    held = report.baseline
    if held is None:
        return ""
    if finding.id in held.accepted:
        each = held.accepted[finding.id]
        until = f" until {each.last}" if each.last < "9999" else ""
        return f"accepted{until}: {each.reason} ({each.authority})"
    if finding.id in held.expired:
        each = held.expired[finding.id]
        return f"acceptance ran out on {each.last}: {each.reason} ({each.authority})"
    return "new"


def worst(findings: list[Finding]) -> str:
    """Give the highest severity among findings."""
    return max((f.severity for f in findings), key=SEVERITIES.index)


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def aside(report: Report) -> list[str]:
    """Give what a form that holds findings alone leaves unsaid, a line each."""
    lines = [counted(report), *cautions(report), *(f"{label}: {text}" for label, text in facts(report))]
    lines += [
        f"{label}: {value}{f' ({day})' if day not in ('', value) else ''}" for label, value, day in periods(report)
    ]
    lines.append("Looked at: " + ", ".join(f"{c.constraint} {c.looked_at}" for c in report.coverage if c.looked_at))
    lines += [f"Looked at nothing, for {why}: {', '.join(names)}" for why, names in idle(report).items()]
    return [*lines, *(f"Not run ({why}): {', '.join(names)}" for why, names in not_run(report).items()), NOT_LAW]
