# SPDX-License-Identifier: Apache-2.0
"""The documentation builds as a site, without a warning: no link leads nowhere, and no page is left out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Build the site; a warning is an error."""
    pytest.importorskip("material")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        capture_output=True, text=True, cwd=ROOT, check=False, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
    )  # fmt: skip
    assert 0 == done.returncode, done.stderr
    return folder


def test_every_page_is_in_the_site(site):
    """A page that is written can be read and found there, and the hooks of the site are not among them."""
    pages = {path.relative_to(ROOT / "docs").with_suffix(".html") for path in (ROOT / "docs").rglob("*.md")}
    built = {path.relative_to(site) for path in site.rglob("*.html")}

    assert set() == pages - built - {page for page in pages if page.name == "README.html"}
    assert not (site / "site.py").exists()


def test_sections_stand_in_the_order_in_which_people_need_them(site):
    """Who comes to learn does not meet the error codes first."""
    tabs = re.search(r'<nav class="md-tabs".*?</nav>', (site / "index.html").read_text("utf-8"), re.DOTALL)
    names = [name.strip() for name in re.findall(r">\s*([A-Z][\w ]+?)\s*</a>", tabs[0])]

    assert ["Tutorial", "How to", "Reference", "Explanation", "Errors"] == names[-5:]


def test_no_link_leads_out_of_the_site_to_files_that_are_not_there(site):
    """A file of the checkout is named, not linked to."""
    outside = [
        (page.relative_to(site).as_posix(), target)
        for page in site.rglob("*.html")
        for target in re.findall(r'<a[^>]* href="(?!https?:|mailto:|#)([^"#]+)', page.read_text("utf-8"))
        if page.name != "404.html" and not (page.parent / target).exists()
    ]

    assert [] == outside
