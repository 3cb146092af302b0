# SPDX-License-Identifier: Apache-2.0
"""Every query that the documentation prints with its answer gives that answer."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import icsgraph

sys.path.insert(0, str(Path(__file__).parent))

from sparql_blocks import ROOT, blocks, lines, shown

FOUND = [(page, block) for page in sorted((ROOT / "docs").rglob("*.md")) for block in blocks(page)]


@pytest.fixture(scope="module")
def england():
    """Give what ships."""
    return icsgraph.open(as_at="2024-06-01")


@pytest.mark.parametrize(("page", "block"), FOUND, ids=lambda value: value.name if isinstance(value, Path) else "")
def test_a_query_answers_what_the_page_shows(england, page, block):
    """Answers change with the data; the page must follow (python tests/docs/sparql_blocks.py)."""
    table, cut = shown(block)
    now = lines(england, block["text"])

    assert table[2:] == (now[2 : len(table)] if cut else now[2:]), page.name
    assert table[0] == now[0]


def test_the_primer_has_its_queries():
    """A pattern that finds nothing would prove nothing."""
    assert 8 == len([page for page, _ in FOUND if page.name == "sparql-primer.md"])
