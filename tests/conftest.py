# SPDX-License-Identifier: Apache-2.0
"""What every test may use: the checkout's folders, a cache of its own, and the rule that CI skips nothing."""

from __future__ import annotations

import os
import shutil
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session", autouse=True)
def _cache(tmp_path_factory):
    """Keep stores in a folder of the test run, so that no user's cache is read or written."""
    if "ICSGRAPH_CACHE" not in os.environ:
        os.environ["ICSGRAPH_CACHE"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def servers():
    """The module that starts servers of others, which the benchmarks use too."""
    where = spec_from_file_location("icsgraph_servers", ROOT / "benchmarks" / "servers.py")
    module = module_from_spec(where)
    where.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def browser():
    """A browser of this machine, or the one that Playwright installed."""
    sync = pytest.importorskip("playwright.sync_api", reason="needs Playwright: pip install '.[test]'")
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    with sync.sync_playwright() as playwright:
        try:
            opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        except sync.Error as error:
            pytest.skip(f"needs Chromium (apt install chromium, or playwright install chromium): {str(error)[:80]}")
        yield opened
        opened.close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Turn a skip into a failure under CI: there, everything that a test needs is installed."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("ICSGRAPH_NO_SKIPS") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be: {report.longrepr}"
