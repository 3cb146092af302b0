# SPDX-License-Identifier: Apache-2.0
"""SPARQL blocks of the documentation: asks each that a table follows, and writes the table anew.

A block is fenced ``sparql``; what it answers is the Markdown table next to it. A last row of ``…`` stands for any rows.
Renew the tables with ``python tests/docs/sparql_blocks.py``, and read the difference.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import icsgraph

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```sparql\n(?P<text>(?:(?!```).)*)^```\n\n(?P<table>(?:^\|[^\n]*\n)+)", re.MULTILINE | re.DOTALL)


def lines(graph: icsgraph.Graph, text: str) -> list[str]:
    """Give the answer to a query as the lines of a Markdown table."""
    answer = graph.query(text)
    rows = [["" if value is None else str(value) for value in row] for row in answer.rows]
    return [f"| {' | '.join(row)} |" for row in (list(answer.columns), ["---"] * len(answer.columns), *rows)]


def shown(block: re.Match[str]) -> tuple[list[str], bool]:
    """Give the lines of a table as the page has them, and whether they are only the first."""
    table = block["table"].splitlines()
    cut = "…" in table[-1]
    return (table[:-1] if cut else table), cut


def blocks(page: Path) -> list[re.Match[str]]:
    """Give the blocks of a page that a table follows."""
    return list(BLOCK.finditer(page.read_text(encoding="utf-8")))


def renewed(graph: icsgraph.Graph, text: str) -> str:
    """Give a page with its tables as they are now, cut where they were cut."""

    def anew(block: re.Match[str]) -> str:
        table, cut = shown(block)
        now = lines(graph, block["text"])
        if cut:
            now = [*now[: max(len(table), 3)], f"| {' | '.join(['…'] * (now[0].count('|') - 1))} |"]
        return f"```sparql\n{block['text']}```\n\n" + "".join(f"{line}\n" for line in now)

    return BLOCK.sub(anew, text)


if __name__ == "__main__":
    england = icsgraph.open(as_at="2024-06-01")
    for each in [Path(name) for name in sys.argv[1:]] or sorted((ROOT / "docs").rglob("*.md")):
        old = each.read_text(encoding="utf-8")
        new = renewed(england, old)
        if new != old:
            each.write_text(new, encoding="utf-8")
            print(f"renewed {each}")
