# SPDX-License-Identifier: Apache-2.0
"""The pages on Python say what is so: their examples run, and the reference is that of the docstrings."""

from __future__ import annotations

import doctest
import sys
from pathlib import Path

import icsgraph

sys.path.insert(0, str(Path(__file__).parent))

from python_reference import PAGE, page

ROOT = Path(__file__).resolve().parents[2]


def test_examples_print_what_the_page_shows(monkeypatch):
    """What stands after >>> is run, and prints what stands below."""
    monkeypatch.chdir(ROOT)
    found = doctest.testfile(
        str(ROOT / "docs" / "how-to" / "python.md"), module_relative=False,
        optionflags=doctest.ELLIPSIS,
    )  # fmt: skip

    assert 0 == found.failed
    assert 30 < found.attempted


def test_the_reference_is_what_the_docstrings_say():
    """A name or argument that the reference leaves out does not exist for its readers."""
    assert page() == PAGE.read_text(encoding="utf-8")
    assert [] == [name for name in icsgraph.__all__ if f"## icsgraph.{name}\n" not in page()]
