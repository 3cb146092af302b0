# SPDX-License-Identifier: Apache-2.0
"""The faulty example, checked once for all tests of the forms of a report."""

from __future__ import annotations

import csv
import os
from datetime import date
from pathlib import Path

import pytest

from icsgraph.law import check
from icsgraph.opening import open_graph

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2025, 6, 30)
FAULTY = Path("data/examples/northshire-with-faults")


@pytest.fixture(scope="session")
def checkout():
    """Work in the root of the checkout: reports name files as they were named on the command line."""
    before = Path.cwd()
    os.chdir(ROOT)
    yield ROOT
    os.chdir(before)


@pytest.fixture(scope="session")
def report(checkout):
    """What a check of the faulty example gives."""
    return check(open_graph(FAULTY, as_at=DAY, background=False))


@pytest.fixture(scope="session")
def planted(report):
    """The ids of the findings that the planted faults make."""
    with (ROOT / FAULTY / "faults.csv").open(encoding="utf-8", newline="") as stream:
        faults = {(r["constraint"], r["condition"], r["focus"], r["value"]) for r in csv.DictReader(stream)}
    found = {(f.constraint, f.condition, f.focus, f.value): f.id for f in report.findings}
    assert len(faults) >= 21
    assert faults <= set(found)
    return {found[fault] for fault in faults}
