# SPDX-License-Identifier: Apache-2.0
"""The tour: stored queries asked of the packaged graph, and the worked example with faults checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from icsgraph.law import Report, Resolver, check
from icsgraph.opening import open_graph
from icsgraph.queries import Answer, Library, ask, bind
from icsgraph.store import shipped

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
        opened = open_graph(as_at=day)
        query = library.get(slug)
        return ask(opened.store, query.text, bind(query, given, day, Resolver(opened.store, day).by_type()), where=slug)

    example = shipped.root() / "data" / "examples" / "northshire-with-faults"
    return Tour(
        triples=len(open_graph(as_at=today).store),
        boards_then=len(answer("boards-by-population", FIRST_STRATEGIES).rows),
        boards_now=len(answer("boards-by-population", today).rows),
        neighbours=answer("strategies-owed-to-neighbouring-boards", FIRST_STRATEGIES),
        split=answer("authorities-in-several-systems", today),
        recipients=answer("strategy-copy-recipients", date(2024, 6, 1), icb="QNQ"),
        report=check(open_graph(example, as_at=EXAMPLE_DAY)),
        example=example,
    )
