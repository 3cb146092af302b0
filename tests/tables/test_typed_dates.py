# SPDX-License-Identifier: Apache-2.0
"""Dates as people type them: read where they are clear, refused where they are not."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icsgraph.model.typed_dates import Doubtful, read_typed

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("14/07/2022", "2022-07-14"), ("14.7.2022", "2022-07-14"), ("14 July 2022", "2022-07-14"),
        ("14th of July, 2022", "2022-07-14"), ("Thursday 14 July 2022", "2022-07-14"), ("July 14, 2022", "2022-07-14"),
        ("14-Jul-2022", "2022-07-14"), ("2022-07-14", "2022-07-14"), ("2022-07-14T00:00:00", "2022-07-14"),
        ("JULY 2022", "2022-07"), ("07/2022", "2022-07"), ("2022-07", "2022-07"), ("Sept 2022", "2022-09"),
        ("2022", "2022"), (2022, "2022"), (2022.0, "2022"), (datetime(2022, 7, 14), "2022-07-14"),
    ],
)  # fmt: skip
def test_clear_dates_are_read(typed, text):
    """A day, a month or a year, in the ways in which people in England write them."""
    assert (text, "") == (read_typed(typed).text, read_typed(typed).remark)


@pytest.mark.parametrize(
    "typed",
    ["", "soon", "spring 2022", "31/02/2022", "04/25/2022", "13/2022", "Jul-22", "14 Juli 2022", "Q1 2022", "1822",
     "2022/23", "14/07", 44756, 3, 2.5, datetime(2022, 7, 14, 9), "1e400", "2022-13-01", "٢٠٢٢"],
)  # fmt: skip
def test_doubtful_dates_are_refused_with_what_to_write(typed):
    """Nothing is guessed."""
    with pytest.raises(Doubtful) as caught:
        read_typed(typed)
    assert caught.value.reason
    assert caught.value.mend


@given(DAYS)
def test_days_come_before_months(day):
    """Every day is read as itself in every form; where day and month could change places, a remark says how."""
    swapped = read_typed(f"{day.day}/{day.month}/{day.year}")

    assert {day.isoformat()} == {
        swapped.text, read_typed(day).text, read_typed(f"{day.day} {day:%B} {day.year}").text,
        read_typed(day.isoformat()).text,
    }  # fmt: skip
    assert bool(swapped.remark) == (day.day <= 12 and day.day != day.month)


@given(st.one_of(st.text(max_size=14), st.integers(), st.floats()))
def test_anything_is_read_or_refused(typed):
    """No text and no number makes the reader fail in another way."""
    try:
        assert 1900 <= read_typed(typed).first.year <= 2100
    except Doubtful as error:
        assert error.mend
