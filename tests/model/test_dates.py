# SPDX-License-Identifier: Apache-2.0
"""Dates are intervals."""

from __future__ import annotations

from datetime import date

import pytest

from icsgraph.model.dates import Interval, interval, months_before, read_day
from icsgraph.model.errors import LookupFailed
from icsgraph.model.namespaces import XSD


@pytest.mark.parametrize(
    ("text", "datatype", "first", "last"),
    [
        ("2024-02-29", "date", date(2024, 2, 29), date(2024, 2, 29)),
        ("2024-02", "gYearMonth", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", "gYearMonth", date(2023, 2, 1), date(2023, 2, 28)),
        ("2022", "gYear", date(2022, 1, 1), date(2022, 12, 31)),
        ("2022-07-01T10:30:00Z", "dateTime", date(2022, 7, 1), date(2022, 7, 1)),
    ],
)
def test_a_date_has_an_earliest_and_a_latest_day(text, datatype, first, last):
    """A year or a month is an interval, a day is one day."""
    assert Interval(first, last) == interval(text, XSD + datatype)


@pytest.mark.parametrize(
    ("text", "datatype"),
    [("2023-02-29", "date"), ("2023-13", "gYearMonth"), ("23", "gYear"), ("2022", "date"), ("x", "string")],
)
def test_what_is_no_date_has_no_interval(text, datatype):
    """A day that does not exist, or a text of another datatype, is left to the shapes for the form of records."""
    assert interval(text, XSD + datatype) is None


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 5, 31), 3, date(2024, 2, 29)),
        (date(2024, 1, 15), 6, date(2023, 7, 15)),
        (date(2024, 3, 31), 12, date(2023, 3, 31)),
        (date(1, 2, 1), 6, date(1, 1, 1)),
    ],
)
def test_months_are_counted_back_to_the_same_day_or_the_last(day, months, expected):
    """Three months before 31 May is the last day of February."""
    assert expected == months_before(day, months)


@pytest.mark.parametrize("text", ["2024-02-30", "1.6.2024", "2024", "today", ""])
def test_a_typed_date_must_be_a_day(text):
    """Anything else is refused with the form to use."""
    with pytest.raises(LookupFailed, match="YYYY-MM-DD"):
        read_day(text)
