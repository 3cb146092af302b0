# SPDX-License-Identifier: Apache-2.0
"""Every error code that the package raises has a page, and every page an error."""

from __future__ import annotations

import re
from pathlib import Path

import icsgraph

PACKAGE = Path(icsgraph.__file__).parent
DOCS = Path(__file__).resolve().parent.parent / "docs" / "errors"


def test_codes_and_pages_pair():
    """A user who meets a code finds its page, and no page speaks of a code that is gone."""
    raised = {code for path in PACKAGE.rglob("*.py") for code in re.findall(r'"(E\d{3})"', path.read_text("utf-8"))}
    pages = {path.stem for path in DOCS.glob("E*.md")}

    assert raised == pages


def test_a_page_says_when_and_how_to_mend():
    """Each page has the two headings."""
    lacking = [
        path.name
        for path in DOCS.glob("E*.md")
        if not {"## When it occurs", "## How to mend it"} <= set(path.read_text("utf-8").splitlines())
    ]

    assert [] == lacking
