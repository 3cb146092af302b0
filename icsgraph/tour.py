# SPDX-License-Identifier: Apache-2.0
"""The tour: stored queries asked of the packaged graph and the worked example with faults checked, told as text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from textwrap import wrap
from typing import Final

from icsgraph.law import Report, Resolver, check
from icsgraph.opening import open_graph
from icsgraph.queries import Answer, Library, ask, bind
from icsgraph.reports.rows import plain
from icsgraph.reports.standing import counted
from icsgraph.store import shipped
from icsgraph.store.opened import Opened
from icsgraph.store.select import rows, text

FIRST_STRATEGIES: Final = date(2022, 12, 15)  # first strategies were expected by the end of December 2022
EXAMPLE_DAY: Final = date(2025, 6, 30)  # the worked example's story has been told by then


@dataclass(frozen=True, slots=True)
class Tour:
    """What the tour found: figures of the graph, answers by query slug, and the report on the example with faults."""

    triples: int
    boards_then: int
    boards_now: int
    neighbours: Answer
    split: Answer
    recipients: Answer
    report: Report
    example: Path


def take(today: date) -> Tour:
    """Take the tour; the graph's own figures are counted, not quoted."""
    library = Library(shipped.files("queries/competency", "*.rq"))

    def answer(slug: str, day: date, **given: str) -> Answer:
        opened = open_graph(as_at=day, merged=True)
        query = library.get(slug)
        return ask(opened.store, query.text, bind(query, given, day, Resolver(opened.store, day).by_type()), where=slug)

    example = shipped.root() / "data" / "examples" / "northshire-with-faults"
    return Tour(
        triples=_size(open_graph(as_at=today, merged=True)),
        boards_then=len(answer("boards-by-population", FIRST_STRATEGIES).rows),
        boards_now=len(answer("boards-by-population", today).rows),
        neighbours=answer("neighbouring-board-copies", FIRST_STRATEGIES),
        split=answer("authorities-in-several-systems", today),
        recipients=answer("strategy-copy-recipients", date(2024, 6, 1), icb="QNQ"),
        report=check(open_graph(example, as_at=EXAMPLE_DAY)),
        example=example,
    )


def _size(opened: Opened) -> int:
    """Count each statement once, in however many graphs it stands."""
    (row,) = rows(opened.store, "SELECT (COUNT(*) AS ?number) WHERE { ?s ?p ?o }")
    return int(text(row["number"]))


def as_text(tour: Tour) -> str:
    """Write the tour: figures, three answers, one check, three commands to try."""
    owed = {plain(row[tour.neighbours.columns.index("partnership")]) for row in tour.neighbours.rows}
    split = {plain(row[tour.split.columns.index("code")]) for row in tour.split.rows}
    lines = [
        f"icsgraph: England's integrated care systems as a graph of {tour.triples:,} statements.",
        "",
        "1. Who must send what to whom? An Act of 2007, section 116ZB(7), has every",
        "   integrated care partnership give its strategy to each council of its area,",
        "   and to every integrated care board that any of those councils touches.",
        f"   In December 2022 {len(owed)} of the {tour.boards_then} partnerships owed a neighbouring board a copy.",
        "   The publication section of the 2022 guidance does not mention neighbours.",
        "",
        f"2. One council, several systems: {len(split)} councils lie in more than one of",
        f"   today's {tour.boards_now} systems.",
        "",
        f"3. Frimley (QNQ), 1 June 2024: {len(tour.recipients.rows)} bodies had to be given its strategy:",
        *(f"   - {plain(row[0])}  {plain(row[1])}" for row in tour.recipients.rows),
        "",
        "Checking records: the invented county of Northshire, with faults planted.",
        *wrap(counted(tour.report), 77, initial_indent="   ", subsequent_indent="   "),
        "   The first of them:",
    ]
    for name, findings in list(tour.report.by_constraint())[:3]:
        lines += wrap(f"{name}: {findings[0].message}", 77, initial_indent="   - ", subsequent_indent="     ")
    lines += [
        "",
        "Try next:",
        "   icsgraph queries",
        "   icsgraph --as-at 2024-06-01 query strategy-copy-recipients --param icb=QNQ",
        f"   icsgraph --as-at {EXAMPLE_DAY} validate {tour.example.as_posix()}",
    ]
    return "\n".join(lines) + "\n"
