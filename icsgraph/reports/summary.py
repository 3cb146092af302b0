# SPDX-License-Identifier: Apache-2.0
"""A report without its findings: counts by constraint and outcome, and what the check rests on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

import pyoxigraph as ox

from icsgraph.law.findings import OUTCOMES, Report
from icsgraph.reports import rows, standing
from icsgraph.reports.findings import csv_text, frame, markdown_standing, row
from icsgraph.reports.html import as_html
from icsgraph.reports.terminal import WIDTH, wrapped

_COLUMNS: Final = (
    "constraint",
    "title",
    "looked_at",
    *(name.replace(" ", "_") for name in OUTCOMES),
    "findings",
    "note",
)


def _counts(report: Report) -> Iterator[dict[str, str]]:
    """Give one row for each constraint that ran, and for each other shape that found something."""
    found = Counter(f.constraint for f in report.everything)
    for each in (*report.coverage, *(form for form in report.forms if found[form.constraint])):
        outcomes = {name.replace(" ", "_"): str(each.outcomes.get(name, 0)) for name in OUTCOMES}
        yield {
            "constraint": each.constraint, "title": each.title, "looked_at": str(each.looked_at), **outcomes,
            "findings": str(found[each.constraint]), "note": each.note,
        }  # fmt: skip


def _table(report: Report) -> str:
    lines = wrapped(standing.counted(report))
    for caution in standing.cautions(report):
        lines += wrapped(caution, "! ", "  ")
    body = [
        [ox.Literal(each[name]) for name in ("constraint", "title", "looked_at", "met", "findings")]
        for each in _counts(report)
        if each["looked_at"] != "0" or each["findings"] != "0"
    ]
    drawn = rows.as_table(("constraint", "title", "looked at", "met", "findings"), body, width=WIDTH)
    nothing = [f"Looked at nothing, for {why}: {', '.join(names)}." for why, names in standing.idle(report).items()]
    facts = [f"{label}: {text}" for label, text in standing.facts(report)]
    facts += [f"{label}: {value}" for label, value, _ in standing.periods(report)]
    facts += [f"Not run ({why}): {standing.told(names)}." for why, names in standing.not_run(report).items()]
    tail = [line for text in (*nothing, *facts, standing.NOT_LAW) for line in wrapped(text, "", "  ")]
    return "\n".join([*lines, "", drawn, *tail]) + "\n"


def _markdown(report: Report) -> str:
    lines = [
        "# Summary",
        "",
        standing.counted(report),
        "",
        *(f"> {caution}\n" for caution in standing.cautions(report)),
    ]
    lines += [row(("severity", "findings")), row(("---", "---"))]
    lines += [row((name, str(number))) for name, number in report.counts().items()]
    return "\n".join([*lines, "", *markdown_standing(report)]).rstrip() + "\n"


def _json(report: Report) -> str:
    found = Counter(f.constraint for f in report.everything)
    document = frame(report) | {"by_constraint": dict(sorted(found.items()))}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


FORMATS: Final[dict[str, Callable[[Report], str]]] = {
    "table": _table, "md": _markdown, "json": _json, "html": lambda report: as_html(report, brief=True),
    "jsonl": lambda report: "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in _counts(report)),
    "csv": lambda report: csv_text(_COLUMNS, [[each[name] for name in _COLUMNS] for each in _counts(report)]),
}  # fmt: skip
