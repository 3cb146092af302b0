# SPDX-License-Identifier: Apache-2.0
"""The examples of the reference page and of the docstrings do what they show, and the page names what there is."""

from __future__ import annotations

import doctest
import importlib
import re
from pathlib import Path

import pytest

from icsgraph import algebra

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "algebra.md"


def test_the_reference_page_shows_what_happens():
    """Each example of the page gives the output printed beneath it."""
    tried = doctest.testfile(str(PAGE), module_relative=False)

    assert (0, True) == (tried.failed, tried.attempted > 0)


@pytest.mark.parametrize("name", ["parse", "write", "iris"])
def test_docstrings_show_what_happens(name):
    """Each example in a docstring gives the output printed beneath it."""
    module = importlib.import_module(f"icsgraph.algebra.{name}")
    tried = doctest.testmod(module)

    assert (0, True) == (tried.failed, tried.attempted > 0)


def test_the_page_names_every_public_function():
    """No public function or error is missing from the page."""
    written = set(re.findall(r"\w+", PAGE.read_text(encoding="utf-8")))
    functions = {name for name in algebra.__all__ if name[0].islower() or name.endswith(("Error", "Refused", "Prefix"))}

    assert set() == functions - written


def test_what_is_public_is_there():
    """Every name in ``__all__`` is an attribute of the package."""
    assert [] == [name for name in algebra.__all__ if not hasattr(algebra, name)]
