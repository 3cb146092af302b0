# SPDX-License-Identifier: Apache-2.0
"""The packaged graph and the worked example, and what a format makes of a choice from them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from exported import DAY

from icsgraph.exports.selection import Choice, choose
from icsgraph.opening import open_graph

NORTHSHIRE = Path(__file__).resolve().parents[2] / "data" / "examples" / "northshire"


@pytest.fixture(scope="session")
def packaged():
    return open_graph(as_at=DAY)


@pytest.fixture(scope="session")
def example():
    return open_graph(NORTHSHIRE, as_at=date(2025, 6, 30))


@pytest.fixture(scope="session")
def boards(packaged):
    """Boards and the facts of who is in whose area: dates, numbers, links and several values."""
    return choose(packaged, Choice(classes=("IntegratedCareBoard", "AreaOverlap")), canonical=True)
