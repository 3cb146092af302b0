# SPDX-License-Identifier: Apache-2.0
"""The tour as plain text."""

from __future__ import annotations

from icsgraph.reports.findings import summary
from icsgraph.reports.rows import plain
from icsgraph.tour import Tour


def as_text(tour: Tour) -> str:
    """Write the tour: figures, three answers, one check, three commands to try."""
    owed = {plain(row[tour.neighbours.columns.index("partnership")]) for row in tour.neighbours.rows}
    split = {plain(row[tour.split.columns.index("authority")]) for row in tour.split.rows}
    reasons = [plain(row[1]) for row in tour.recipients.rows]
    lines = [
        f"icsgraph: England's integrated care systems as a graph of {tour.triples:,} statements.",
        "",
        "1. Who must send what to whom? An Act of 2007 (section 116ZB(7)) has every integrated care partnership give",
        "   its strategy to each council of its area, and to every integrated care board that any of those councils",
        f"   touches. In December 2022 {len(owed)} of the {tour.boards_then} partnerships owed a copy to a neighbouring board.",
        "   The publication section of the 2022 guidance names only a partnership's own board.",
        "",
        f"2. One council, several systems: {len(split)} lie in more than one of the {tour.boards_now} systems of today.",
        "",
        f"3. Frimley (QNQ) on 1 June 2024: {len(reasons)} bodies had to be given its strategy:",
        *(f"   - {name}" for name in reasons),
        "",
        "Checking records: the invented county of Northshire keeps records with faults in them.",
        f"   {summary(tour.report)}",
    ]
    lines += [f"   - {name}: {findings[0].message}" for name, findings in list(tour.report.by_constraint())[:5]]
    lines += [
        "",
        "Try next:",
        "   icsgraph queries",
        "   icsgraph --as-at 2024-06-01 query strategy-copy-recipients --param icb=QNQ",
        f"   icsgraph --as-at 2025-06-30 validate {tour.example.as_posix()}",
    ]
    return "\n".join(lines) + "\n"
