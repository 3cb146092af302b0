# SPDX-License-Identifier: Apache-2.0
"""What would follow from a change, as plain text, Markdown or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from icsgraph.law.findings import Finding
from icsgraph.law.whatif import JOINS, STAYS, Affected, Line, Named, WhatIf
from icsgraph.reports.folding import folded, in_columns

_FIRST: Final = 20  # findings of each kind that plain text shows
_STATES: Final = {"begins": "begins", "changes": "its area changes", "neighbour": "its own area is as before"}


@dataclass(frozen=True, slots=True)
class _Part:
    """One heading with a sentence, rows of a table under it, or bullets."""

    heading: str
    level: int
    lead: str = ""
    table: tuple[tuple[str, ...], ...] = ()
    bullets: tuple[str, ...] = ()


def as_table(result: WhatIf) -> str:
    """Write plain text: a heading for each board, one line for each body; findings cut at 20 of each kind."""
    lines: list[str] = []
    for part in _parts(result, _FIRST):
        indent = "  " * (part.level - 1)
        lines += ["", f"{indent}{part.heading}"] if lines else [part.heading]
        if part.lead:
            lines.append(f"{indent}{part.lead}")
        if part.table:
            lines += in_columns(part.table, f"{indent}  ")
        lines += [f"{indent}  - {bullet}" for bullet in part.bullets]
    return folded("\n".join(lines)) + "\n"


def as_markdown(result: WhatIf) -> str:
    """Write Markdown with every finding."""
    lines: list[str] = []
    for part in _parts(result, None):
        lines += [f"{'#' * part.level} {part.heading}", ""] + ([part.lead, ""] if part.lead else [])
        if part.table:
            head, *body = part.table
            lines += [_row(head), _row(["---"] * len(head)), *map(_row, body), ""]
        if part.bullets:
            lines += [*(f"- {bullet}" for bullet in part.bullets), ""]
    return "\n".join(lines).rstrip() + "\n"


def as_json(result: WhatIf) -> str:
    """Write one JSON document with everything; days in ISO form."""
    document = asdict(result) | {"day": result.day.isoformat(), "as_at": result.as_at.isoformat()}
    return json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _parts(result: WhatIf, first: int | None) -> Iterator[_Part]:
    later = f", seen as at {result.as_at}" if result.as_at != result.day else ""
    yield _Part(f"What if, on {result.day}{later}", 1, "Nothing is written.", bullets=result.notes)
    if result.passing:
        rows = tuple((_called(p.origin), _called(p.result), p.kind, _count(p.lsoas)) for p in result.passing)
        ended = "; ".join(_called(board) for board in result.ended)
        lead = f"No longer there: {ended}." if ended else "No board ends."
        yield _Part("What passes", 2, lead, (("from", "to", "kind", "small areas"), *rows))
    for board in result.affected:
        yield from _board(board)
    if result.passing:
        rows = tuple(
            (i.kind, i.name or i.iri, f"{i.role} {_called(i.body)}", "; ".join(map(_called, i.successors)))
            for i in result.instruments
        )
        lead = "" if rows else "None on record."
        table = (("kind", "record", "body that is no more", "who comes after"), *rows) if rows else ()
        yield _Part("Records that lose a body", 2, lead, table)
    if result.checked:
        yield _findings("Findings that appear", result.appeared, first)
        yield _findings("Findings that disappear", result.disappeared, first)


def _board(affected: Affected) -> Iterator[_Part]:
    yield _Part(f"{_called(affected.board)}: {_STATES[affected.state]}", 2)
    relations = (
        ("Statutory members of its partnership, beside the board", affected.members),
        ("Who must be given a copy of its strategy", affected.copies),
        ("Districts in its area", affected.districts),
    )
    for heading, lines in relations:
        shown = lines if affected.state != "neighbour" else [line for line in lines if line.state != STAYS]
        if not shown:
            continue
        count = sum(line.state in (STAYS, JOINS) for line in lines)
        counted = any(line.lsoas is not None for line in shown)
        head = ("code", "name", "", "before", "small areas")
        rows = [(line.body.code, line.body.name, line.state, _via(line), _count(line.lsoas)) for line in shown]
        table = tuple(row if counted else row[:-1] for row in (head, *rows))
        yield _Part(f"{heading}: {count}", 3, table=table)


def _via(line: Line) -> str:
    return ", ".join(board.code or board.name for board in line.via)


def _findings(heading: str, findings: Sequence[Finding], first: int | None) -> _Part:
    shown = findings if first is None else findings[:first]
    bullets = [f"{f.severity}, {f.outcome}, {f.constraint}: {f.message}" for f in shown]
    if len(shown) < len(findings):
        bullets.append(f"and {len(findings) - len(shown)} more (--format json has them all)")
    return _Part(f"{heading}: {len(findings)}", 2, bullets=tuple(bullets))


def _called(body: Named) -> str:
    return f"{body.name} ({body.code})" if body.code else body.name


def _count(number: int | None) -> str:
    return "" if number is None else str(number)


FORMATS: Final[dict[str, Callable[[WhatIf], str]]] = {"table": as_table, "md": as_markdown, "json": as_json}
