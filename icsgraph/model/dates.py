# SPDX-License-Identifier: Apache-2.0
"""Dates as people and files give them, turned into the earliest and latest day they can mean."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from icsgraph.model.errors import LookupFailed
from icsgraph.model.namespaces import XSD

OPEN_START: Final = date(1, 1, 1)
OPEN_END: Final = date(9999, 12, 31)

_FORMS: Final = {
    XSD + "date": re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:Z|[+-]\d\d:\d\d)?"),
    XSD + "dateTime": re.compile(r"(\d{4})-(\d\d)-(\d\d)T.*"),
    XSD + "gYearMonth": re.compile(r"(\d{4})-(\d\d)(?:Z|[+-]\d\d:\d\d)?"),
    XSD + "gYear": re.compile(r"(\d{4})(?:Z|[+-]\d\d:\d\d)?"),
}


@dataclass(frozen=True, slots=True)
class Interval:
    """The days a date can mean, first and last both included."""

    earliest: date
    latest: date


def interval(lexical: str, datatype: str) -> Interval | None:
    """Give the interval of a date literal, or None where the literal is no date, month or year of that datatype.

    Args:
        lexical: as written, for example ``2023-04``. A time zone is accepted and ignored: law counts days.
        datatype: the IRI of xsd:date, xsd:dateTime, xsd:gYearMonth or xsd:gYear.
    """
    form = _FORMS.get(datatype)
    match = form.fullmatch(lexical) if form else None
    if match is None:
        return None
    year, *rest = (int(part) for part in match.groups())
    try:
        if not rest:
            return Interval(date(year, 1, 1), date(year, 12, 31))
        if len(rest) == 1:
            return Interval(date(year, rest[0], 1), date(year, rest[0], calendar.monthrange(year, rest[0])[1]))
        day = date(year, rest[0], rest[1])
    except (ValueError, calendar.IllegalMonthError):
        return None
    return Interval(day, day)


def months_before(day: date, months: int) -> date:
    """Give the same day of the month that many months earlier, or that month's last day where it has no such day."""
    total = day.year * 12 + day.month - 1 - months
    year, month = divmod(total, 12)
    if year < 1:
        return OPEN_START
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def read_day(text: str, where: str = "--as-at") -> date:
    """Read an ISO date that a user typed.

    Raises:
        LookupFailed: E403, when the text is no ISO date of a day that exists.
    """
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError as error:
        raise LookupFailed(
            "E403", where, f"{text!r} is not a date", "Write the day as YYYY-MM-DD, for example 2024-06-01."
        ) from error
