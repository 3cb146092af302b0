# SPDX-License-Identifier: Apache-2.0
"""One page for a board: for each duty the provision, the outcome, what is on record and the next step."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from icsgraph.law.findings import FAILED, OUTCOMES, SEVERITIES, Finding, Report
from icsgraph.reports import standing
from icsgraph.reports.findings import row as markdown_row
from icsgraph.reports.html import render
from icsgraph.reports.terminal import wrapped

_ROWS: Final = 9  # duties told in full, the most severe first; the rest are named, so that the page stays one
_LONG: Final = 260  # characters of a record told
_TELLING: Final = 25  # characters without which what is needed would be but a name
_CITATION: Final = re.compile(r"(?P<act>.+) (?P<year>[0-9]{4}), section (?P<place>.+)")
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
    """The page: rows that need a next step, the duties beyond them, those that records answer, Acts by short name."""

    title: str
    lead: str
    cautions: tuple[str, ...]
    rows: tuple[Row, ...]
    more: tuple[tuple[str, str], ...]
    met: tuple[tuple[str, str], ...]
    rest: str
    acts: tuple[tuple[str, str], ...]
    foot: str


def make(report: Report) -> Sheet:
    """Make the sheet of a report on one system."""
    whose = " and ".join(report.boards) or "the system"
    found = dict(report.limited(len(report.everything)).by_constraint())
    ranked = sorted(found.values(), key=lambda findings: -_weight(report, findings))
    told = [findings for findings in ranked if _weight(report, findings) > 0][:_ROWS]
    named = {findings[0].constraint for findings in told}
    met = [
        (each.constraint, f"{each.outcomes['met']} of {each.looked_at}")
        for each in report.coverage
        if each.outcomes.get("met") and each.constraint not in found
    ]
    others = len([each for each in report.coverage if each.constraint not in found]) - len(met)
    rest = (
        f"{others} more constraints had nothing to judge in these records, {len(report.not_run)} were not run. "
        "icsgraph validate --format html tells the whole."
    )
    foot = "; ".join(f"{label}: {text}" for label, text in standing.facts(report) if label != "Editions known")
    acts = _acts(findings[0] for findings in told)
    steps = [_row(report, findings, acts) for findings in told]
    words = " ".join(row.step for row in steps)
    used = [s for s in standing.abbreviations() if re.search(rf"\b{s.partition(':')[0]}s?\b", words)]
    foot = " ".join([f"{foot}.", *used])
    return Sheet(
        f"{whose}: duties and records as at {report.as_at}", standing.counted(report) + " " + standing.NOT_LAW,
        tuple(standing.cautions(report)), tuple(steps),
        tuple((name, _outcome(report, findings)) for name, findings in found.items() if name not in named), tuple(met),
        rest, tuple(sorted((short, act) for act, short in acts.items())), foot,
    )  # fmt: skip


def _weight(report: Report, findings: list[Finding]) -> int:
    """How much the findings of a constraint ask for: 3 a failed check, 2 a violation, 1 a warning, 0 the rest."""
    open_ones = [f for f in findings if not standing.state(report, f).startswith("accepted")]
    return max((3 if f.outcome == FAILED else SEVERITIES.index(f.severity) for f in open_ones), default=0)


def _acts(heads: Iterable[Finding]) -> dict[str, str]:
    """Give the Acts that are cited, by name, each with a short name: its year, where no other has the same."""
    names = {
        match["act"]: match["year"] for f in heads for p in f.provisions[:1] if (match := _CITATION.match(p.citation))
    }
    years = Counter(names.values())
    return {f"{act} {year}": f"{year} Act" for act, year in names.items() if years[year] == 1}


def _row(report: Report, findings: list[Finding], acts: dict[str, str]) -> Row:
    open_ones = [f for f in findings if not standing.state(report, f).startswith("accepted")]
    head = max(open_ones, key=lambda f: (f.outcome == FAILED, SEVERITIES.index(f.severity)))
    record = textwrap.shorten(head.message, _LONG, placeholder=" …")
    if head.file:
        record += f" [{standing.place(head).rpartition('/')[2]}]"
    if len(findings) > 1:
        record += f" And {len(findings) - 1} more."
    provision = head.provisions[0] if head.provisions else None
    cited = provision.citation if provision else head.guidance or "form of records"
    if (match := _CITATION.match(cited)) and cited.partition(", section ")[0] in acts:
        cited = f"{acts[cited.partition(', section ')[0]]} s{match['place']}"
    return Row(
        head.constraint, head.title, cited, provision.iri if provision else "",
        f"{head.severity}: {_outcome(report, findings)}", record, _step(head),
    )  # fmt: skip


def _outcome(report: Report, findings: list[Finding]) -> str:
    open_ones = [f for f in findings if not standing.state(report, f).startswith("accepted")]
    counts = [f"{number} {name}" for name in OUTCOMES if (number := sum(f.outcome == name for f in open_ones))]
    if len(open_ones) < len(findings):
        counts.append(f"{len(findings) - len(open_ones)} accepted")
    return ", ".join(counts)


def _step(finding: Finding) -> str:
    if finding.outcome == FAILED:
        return "Report this to whoever maintains icsgraph; nothing can be said of the records."
    if not finding.condition:
        return finding.remedy
    parts = finding.remedy.removeprefix("Records that would answer it: ").rstrip(".").split("; ")
    # The first part says what the record is; where that is but a name, those after it say what it must hold.
    number = next((at for at in range(1, len(parts)) if len("; ".join(parts[:at])) >= _TELLING), len(parts))
    return f"Put on record what was done, do it, or correct the record: {'; '.join(parts[:number])}."


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
    if sheet.more:
        yield "Also: " + "; ".join(f"{name} ({text})" for name, text in sheet.more) + "."
    answered = "; ".join(f"{name} ({text})" for name, text in sheet.met)
    yield f"On record: {answered}." if answered else "Nothing that was looked at is answered by the records."
    yield sheet.rest
    if sheet.acts:
        yield "; ".join(f"{short}: {act}" for short, act in sheet.acts) + "."
    yield sheet.foot


FORMATS: Final[dict[str, Callable[[Report], str]]] = {
    "table": _table, "md": _markdown, "html": lambda report: render("sheet.html", sheet=make(report)),
}  # fmt: skip
