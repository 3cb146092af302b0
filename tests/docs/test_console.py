# SPDX-License-Identifier: Apache-2.0
"""Every command line that the documentation prints does what the page shows."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from console import ROOT, examples, pages

EXAMPLES = [example for page in pages() for example in examples(page)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.page.name}: {e.command}"[:90])
def test_a_command_prints_what_the_page_shows(example):
    """Output changes with the code; the page must follow (python tests/docs/console.py)."""
    printed = example.run()

    assert example.matches(printed), "\n".join(printed)


def test_the_readme_has_examples():
    """A pattern that finds nothing would prove nothing."""
    assert len(examples(ROOT / "README.md")) >= 4


def test_links_inside_the_documentation_lead_somewhere():
    """A relative link names a file that is there."""
    broken = []
    for page in pages():
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")

    assert [] == broken


def test_the_reference_of_commands_is_what_help_says():
    """A command or option that the reference leaves out does not exist for its readers."""
    from reference import PAGE, page

    assert page() == PAGE.read_text(encoding="utf-8")
