# SPDX-License-Identifier: Apache-2.0
"""One page for a board: for each duty the provision, the outcome, what is on record and the next step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from icsgraph.law.findings import FAILED, OUTCOMES, SEVERITIES, Finding, Report
from icsgraph.reports import standing
from icsgraph.reports.findings import row as markdown_row
from icsgraph.reports.html import render
from icsgraph.reports.terminal import wrapped

_NAMED: Final = 2  # findings told for each duty; the rest are counted, so that the page stays one
_HEAD: Final = ("duty", "provision", "outcome", "record", "next step")


@dataclass(frozen=True, slots=True)
class Row:
    """A duty that needs a next step."""

    constraint: str
    duty: str
    provision: str
    iri: str
    outcome: str
    record: str
    step: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page: rows that need a next step, duties that the records answer, and the rest in a sentence."""

    title: str
    lead: str
    cautions: tuple[str, ...]
    rows: tuple[Row, ...]
    met: tuple[tuple[str, str], ...]
    rest: str
    foot: str


def make(report: Report) -> Sheet:
    """Make the sheet of a report on one system."""
    whose = " and ".join(report.boards) or "the system"
    found = dict(report.limited(len(report.everything)).by_constraint())
    met = [
        (each.constraint, f"{each.outcomes['met']} of {each.looked_at}")
        for each in report.coverage
        if each.outcomes.get("met") and each.constraint not in found
    ]
    others = len([each for each in report.coverage if each.constraint not in found]) - len(met)
    rest = (
        f"{others} more constraints were looked into and had nothing to judge in these records; "
        f"{len(report.not_run)} were not run. icsgraph validate --format html tells the whole."
    )
    foot = "; ".join(f"{label}: {text}" for label, text in standing.facts(report) if label != "Editions known")
    return Sheet(
        f"{whose}: duties and records as at {report.as_at}", standing.counted(report) + " " + standing.NOT_LAW,
        tuple(standing.cautions(report)), tuple(_row(report, findings) for findings in found.values()), tuple(met),
        rest, foot,
    )  # fmt: skip


def _row(report: Report, findings: list[Finding]) -> Row:
    open_ones = [f for f in findings if not standing.state(report, f).startswith("accepted")]
    head = max(open_ones or findings, key=lambda f: (SEVERITIES.index(f.severity), OUTCOMES.index(f.outcome) == 1))
    counts = [f"{number} {outcome}" for outcome in OUTCOMES if (number := sum(f.outcome == outcome for f in open_ones))]
    if len(open_ones) < len(findings):
        counts.append(f"{len(findings) - len(open_ones)} accepted")
    told = [f.message + (f" [{standing.place(f)}]" if f.file else "") for f in findings[:_NAMED]]
    if len(findings) > _NAMED:
        told.append(f"And {len(findings) - _NAMED} more.")
    provision = head.provisions[0] if head.provisions else None
    return Row(
        head.constraint, head.title, provision.citation if provision else head.guidance or "form of records",
        provision.iri if provision else "", f"{standing.worst(findings)}: {', '.join(counts)}", " ".join(told),
        _step(head, bool(open_ones)),
    )  # fmt: skip


def _step(finding: Finding, is_open: bool) -> str:
    if not is_open:
        return "None until the acceptance runs out."
    if finding.outcome == FAILED:
        return "Report this to whoever maintains icsgraph; nothing can be said of the records."
    if finding.outcome == "undecided":
        return "Put the full date on record."
    needed = finding.remedy.removeprefix("Records that would answer it: ")
    if finding.outcome == "not recorded":
        return f"Find out whether it was done; put it on record, or declare the records complete. Needed: {needed}"
    return f"Put on record what was done, or do it. Needed: {needed}" if finding.provisions else finding.remedy


def _cells(row: Row) -> tuple[str, ...]:
    return (f"{row.duty} ({row.constraint})", row.provision, row.outcome, row.record, row.step)


def _table(report: Report) -> str:
    """Write the sheet for a terminal: five columns side by side would be too narrow to read."""
    sheet = make(report)
    lines = [*wrapped(sheet.title), *wrapped(sheet.lead)]
    for caution in sheet.cautions:
        lines += wrapped(caution, "! ", "  ")
    for number, row in enumerate(sheet.rows, 1):
        lines += ["", *wrapped(f"{number}. {_cells(row)[0]}", "", "   ")]
        for heading, text in zip(_HEAD[1:], _cells(row)[1:], strict=True):
            lines += wrapped(f"{heading}: {text}", "   ", "     ")
    return "\n".join([*lines, "", *(line for text in _tail(sheet) for line in wrapped(text, "", "  "))]) + "\n"


def _markdown(report: Report) -> str:
    sheet = make(report)
    lines = [f"# {sheet.title}", "", sheet.lead, "", *(f"> {caution}\n" for caution in sheet.cautions)]
    lines += [markdown_row(_HEAD), markdown_row(["---"] * len(_HEAD))]
    for row in sheet.rows:
        cells = list(_cells(row))
        cells[1] = f"[{row.provision}]({row.iri})" if row.iri else row.provision
        lines.append(markdown_row(cells))
    return "\n".join([*lines, "", *(f"{text}\n" for text in _tail(sheet))]).rstrip() + "\n"


def _tail(sheet: Sheet) -> Iterator[str]:
    answered = "; ".join(f"{name} ({text})" for name, text in sheet.met)
    yield f"On record: {answered}." if answered else "Nothing that was looked at is answered by the records."
    yield sheet.rest
    yield sheet.foot


FORMATS: Final[dict[str, Callable[[Report], str]]] = {
    "table": _table, "md": _markdown, "html": lambda report: render("sheet.html", sheet=make(report)),
}  # fmt: skip
