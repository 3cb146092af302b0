# SPDX-License-Identifier: Apache-2.0
"""A report of findings as one HTML page that needs nothing else: sections by duty, print style, no script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from icsgraph.law.findings import FAILED, Coverage, Finding, Provision, Report, Statement
from icsgraph.reports import standing

if TYPE_CHECKING:
    from jinja2 import Environment

_HEADINGS: Final = {
    FAILED: "The check failed", "not met": "Not on record, or wrongly on record",
    "not recorded": "Not recorded, and the records are not declared complete here", "undecided": "Left open by dates",
}  # fmt: skip
_FORMS: Final = "The form of records"


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding as the page shows it."""

    id: str
    mark: str
    style: str
    message: str
    about: str
    place: str
    judged_on: str
    reason: str
    state: str


@dataclass(frozen=True, slots=True)
class ShownDuty:
    """A duty with its sources, its findings by outcome, and how much was looked at."""

    id: str
    title: str
    rule: str
    provisions: tuple[Provision, ...]
    statements: tuple[Statement, ...]
    findings: tuple[tuple[str, tuple[Shown, ...]], ...]
    looked_at: int | None
    outcomes: str
    note: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Group:
    """Duties under one heading of the register."""

    heading: str
    anchor: str
    duties: tuple[ShownDuty, ...]

    @property
    def number(self) -> str:
        """How many findings there are under the heading, in words."""
        number = sum(len(findings) for duty in self.duties for _, findings in duty.findings)
        return f"{number} finding{'' if number == 1 else 's'}" if number else "nothing found"


def as_html(report: Report, *, brief: bool = False) -> str:
    """Write the page; ``brief`` leaves the findings out and gives counts alone."""
    return render(
        "report.html", title=_title(report), counted=standing.counted(report), note=standing.NOT_LAW,
        cautions=tuple(standing.cautions(report)), groups=tuple(_groups(report)), baseline=report.baseline,
        facts=tuple(standing.facts(report)), periods=tuple(standing.periods(report)), idle=standing.idle(report),
        not_run=standing.not_run(report), forms=[form for form in report.forms if form.looked_at], brief=brief,
        short=standing.ABBREVIATIONS,
    )  # fmt: skip


def render(template: str, **values: Any) -> str:  # noqa: ANN401  whatever a template shows
    """Fill in a template of this room; every value is escaped."""
    lines = _environment().get_template(template).render(**values).splitlines()
    return "\n".join(line.rstrip() for line in lines if line.strip()) + "\n"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # of no use to the other forms of a report

    return Environment(
        loader=PackageLoader("icsgraph.reports"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip


def _title(report: Report) -> str:
    few = 0 < len(report.boards) <= 3
    whose = f"Records of {' and '.join(report.boards)}" if few else "Records of integrated care systems"
    return f"{whose}, as at {report.as_at}"


def _groups(report: Report) -> Iterator[Group]:
    findings = dict(report.by_constraint())
    coverage = {each.constraint: each for each in report.coverage}
    headings: dict[str, list[ShownDuty]] = {}
    for name in sorted({*coverage, *findings}, key=lambda each: (each not in report.duties, each)):
        heading = report.duties[name].group if name in report.duties else _FORMS
        headings.setdefault(heading, []).append(_duty(report, name, coverage.get(name), findings.get(name, [])))
    found = sorted(headings.items(), key=lambda group: not any(duty.findings for duty in group[1]))
    for number, (heading, duties) in enumerate(found):  # what asks for something stands first
        yield Group(heading, f"group-{number}", tuple(duties))


def _duty(report: Report, name: str, looked: Coverage | None, findings: list[Finding]) -> ShownDuty:
    duty = report.duties.get(name)
    cited = {s.id for finding in findings for s in finding.statements}
    by_outcome: dict[str, list[Shown]] = {}
    for outcome in _HEADINGS:
        for finding in findings:
            if finding.outcome == outcome:
                by_outcome.setdefault(_HEADINGS[outcome], []).append(_shown(report, finding))
    head = findings[0] if findings else None
    return ShownDuty(
        id=name, title=duty.title if duty else head.title if head else looked.title if looked else name,
        rule=duty.rule if duty else "", provisions=duty.provisions if duty else (),
        statements=tuple(
            s for s in (duty.statements if duty else ()) if s.edition == report.edition_id or s.id in cited
        ),
        findings=tuple((heading, tuple(shown)) for heading, shown in by_outcome.items()),
        looked_at=looked.looked_at if looked else None, outcomes=standing.outcomes(looked) if looked else "",
        note=looked.note if looked else "",
        remedy=head.remedy.removeprefix("Records that would answer it: ") if head else "",
    )  # fmt: skip


def _shown(report: Report, finding: Finding) -> Shown:
    failed = finding.outcome == FAILED
    return Shown(
        finding.id, "Check failed" if failed else finding.severity, "failed" if failed else finding.severity.lower(),
        finding.message, standing.about(finding), standing.place(finding), finding.judged_on, finding.reason,
        standing.state(report, finding),
    )  # fmt: skip
