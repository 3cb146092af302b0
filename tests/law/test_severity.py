# SPDX-License-Identifier: Apache-2.0
"""Severity comes from the first row of the register whose dates and condition fit."""

from __future__ import annotations

from datetime import date

import pytest

from icsgraph.law import read_catalogue
from icsgraph.opening import open_graph


@pytest.fixture(scope="module")
def constraints():
    return read_catalogue(open_graph(as_at=date(2024, 6, 1)).store).constraints


@pytest.mark.parametrize(
    ("constraint", "condition", "day", "severity"),
    [
        ("GUI-24", "unexplained", "2024-01-31", "Info"),
        ("GUI-24", "reasoned-departure", "2024-01-31", "Info"),
        ("GUI-24", "unexplained", "2024-02-01", "Warning"),
        ("GUI-24", "reasoned-departure", "2024-02-01", "Info"),
        ("ICS-03", "interim-unanswered", "2022-12-31", "Warning"),
        ("ICS-03", "interim-unanswered", "2023-01-01", "Violation"),
        ("ICS-20", "pending", "2024-06-01", "Info"),
        ("ICS-20", "overdue", "2024-06-01", "Violation"),
    ],
)
def test_a_row_without_a_condition_fits_whatever_is_left(constraints, constraint, condition, day, severity):
    """A row of the register with no condition is for every condition that no row above it is for."""
    row = constraints[constraint].severity(condition, day)

    assert row is not None
    assert row.severity == severity


@pytest.mark.parametrize(
    ("constraint", "condition", "day"),
    [
        ("ICS-24", "topics-missing", "2023-04-01"),  # each row has a condition, and this one had ended
        ("GUI-24", "unexplained", "2022-07-28"),
        ("ICS-20", "overdue", "2022-06-30"),
    ],
)
def test_where_no_row_fits_there_is_no_severity(constraints, constraint, condition, day):
    """Before the first day of every row, and after the last of one with its own condition, nothing is found."""
    assert constraints[constraint].severity(condition, day) is None
