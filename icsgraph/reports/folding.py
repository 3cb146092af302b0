# SPDX-License-Identifier: Apache-2.0
"""Long lines to lines that fit a terminal of 80 columns, and rows of cells to columns that do.

A word without a blank, such as an IRI or a path, is never broken: it stands on a line of its own and may be longer, so
that it can be copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from textwrap import wrap
from typing import Final

WIDTH: Final = 80
_LEAST: Final = 8  # characters that a column keeps
_GAP: Final = "  "


def folded(text: str, width: int = WIDTH, hang: int | None = None) -> str:
    """Break each line that is too long at blanks.

    Args:
        hang: how far the lines that are put below are indented; two more than the line itself unless given.
    """
    lines: list[str] = []
    for line in text.split("\n"):
        if len(line) <= width:
            lines.append(line)
            continue
        first = len(line) - len(line.lstrip())
        below = " " * (first + 2 if hang is None else hang)
        broken = wrap(line.strip(), width, initial_indent=line[:first], subsequent_indent=below,
                      break_long_words=False, break_on_hyphens=False)  # fmt: skip
        lines += broken or [line]
    return "\n".join(lines)


def in_columns(rows: Sequence[Sequence[str]], indent: str = "", width: int = WIDTH) -> list[str]:
    """Align cells; the widest columns give way, and their cells go on below, until a row fits."""
    if not rows:
        return []
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    room = width - len(indent) - len(_GAP) * (len(widths) - 1)
    while sum(widths) > room and max(widths) > _LEAST:
        widths[widths.index(max(widths))] -= 1
    lines = []
    for row in rows:
        cells = [
            wrap(cell, size, break_long_words=False, break_on_hyphens=False) if len(cell) > size else [cell]
            for cell, size in zip(row, widths, strict=True)
        ]
        for parts in zip_longest(*cells, fillvalue=""):
            line = _GAP.join(part.ljust(size) for part, size in zip(parts, widths, strict=True))
            lines.append(f"{indent}{line}".rstrip())
    return lines
