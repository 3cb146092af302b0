# SPDX-License-Identifier: Apache-2.0
"""Dates as people type them into sheets, turned into a day, a month or a year; what is doubtful is said, not guessed.

Days come before months, as in England. ``03/04/2022`` is therefore 3 April 2022, with a remark; ``04/25/2022`` is
refused, because no month has the number 25.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from icsgraph.model.namespaces import XSD

_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_BY_NAME: Final = {name[:length]: n for n, name in enumerate(_MONTHS, start=1) for length in range(3, len(name) + 1)}
_BY_NAME["sept"] = 9
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[t ]00:00(?::00)?(?:\.0+)?)?")
_DIGITS: Final = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{2}|\d{4})")
_MONTH_YEAR: Final = re.compile(r"(\d{1,2})\s*[/.]\s*(\d{4})")
_DAY_NAME: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?[\s\-]+([a-z]+)\.?,?[\s\-]+(\d{2}|\d{4})")
_NAME_DAY: Final = re.compile(r"([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_NAME_YEAR: Final = re.compile(r"([a-z]+)\.?[\s\-]+(\d{2}|\d{4})")
_WEEKDAY: Final = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+")
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2100
_SERIAL: Final = range(20000, 80001)
_FORMS: Final = "Write a day as 14/07/2022 or 14 July 2022, a month as July 2022, a year as 2022."


@dataclass(frozen=True, slots=True)
class Typed:
    """A date that was read: its text and datatype for a literal, and a remark where it could have meant another."""

    text: str
    datatype: str
    remark: str = ""

    @property
    def first(self) -> date:
        """The first day that the date can mean."""
        return date.fromisoformat((self.text + "-01-01")[:10])


class Doubtful(ValueError):
    """A text that is no date, or could be several; ``reason`` says why and ``mend`` what to write."""

    def __init__(self, reason: str, mend: str = _FORMS) -> None:
        super().__init__(reason)
        self.reason, self.mend = reason, mend


def read_typed(value: str | date | datetime | int | float) -> Typed:
    """Read a date from a cell.

    Raises:
        Doubtful: when it is none, or nobody could tell which.
    """
    if isinstance(value, datetime):
        if (value.hour, value.minute, value.second) != (0, 0, 0):
            raise Doubtful("it has a time of day", "Give the day alone.")
        value = value.date()
    if isinstance(value, date):
        return _day(value.year, value.month, value.day)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    words = " ".join(str(value).lower().split())
    if isinstance(value, int | float) and value in _SERIAL:
        meant = date(1899, 12, 30) + timedelta(days=int(value))
        mend = (
            f"If {meant.day} {_MONTHS[meant.month - 1].capitalize()} {meant.year} is meant, format the cell as a date."
        )
        raise Doubtful("it is a number, which may be a date that lost its format", mend)
    if not words.isascii():
        raise Doubtful("it is no date, month or year")
    return _from_words(_WEEKDAY.sub("", words, count=1))


def _from_words(words: str) -> Typed:
    if re.fullmatch(r"\d{4}", words):
        return Typed(_year(words), XSD + "gYear")
    if match := _ISO.fullmatch(words):
        year, month, day = match.groups()
        return _day(int(_year(year)), int(month), int(day)) if day else _month(year, int(month))
    if match := _DIGITS.fullmatch(words):
        return _day_first(int(match[1]), int(match[2]), match[3])
    if match := _MONTH_YEAR.fullmatch(words):
        return _month(match[2], int(match[1]))
    if match := _DAY_NAME.fullmatch(words):
        return _day(int(_year(match[3])), _named(match[2]), int(match[1]), _century(match[3]))
    if match := _NAME_DAY.fullmatch(words):
        return _day(int(match[3]), _named(match[1]), int(match[2]))
    if match := _NAME_YEAR.fullmatch(words):
        if len(match[2]) == 2:
            reason = "it may be a day of a month or a month of a year"
            raise Doubtful(reason, f"Write {match[1].capitalize()} 20{match[2]}, or the day with its year.")
        return _month(match[2], _named(match[1]))
    raise Doubtful("it is no date, month or year")


def _day_first(day: int, month: int, year: str) -> Typed:
    full = int(_year(year))
    if month > 12 and 1 <= day <= 12:
        mend = f"Days come first: if {month} {_MONTHS[day - 1].capitalize()} is meant, write {month}/{day}/{full}."
        raise Doubtful(f"there is no month {month}", mend)
    remark = _century(year)
    if day <= 12 and day != month and 1 <= month <= 12:
        remark = f"read as {day} {_MONTHS[month - 1].capitalize()} {full}: days come first"
    return _day(full, month, day, remark)


def _year(text: str) -> str:
    full = int(text) + (2000 if len(text) == 2 else 0)
    if not _FIRST_YEAR <= full <= _LAST_YEAR:
        raise Doubtful(f"the year {full} is out of range", f"Give a year from {_FIRST_YEAR} to {_LAST_YEAR}.")
    return str(full)


def _century(year: str) -> str:
    return f"read as the year 20{year}" if len(year) == 2 else ""


def _named(name: str) -> int:
    if name not in _BY_NAME:
        raise Doubtful(f"{name!r} is no month")
    return _BY_NAME[name]


def _month(year: str, month: int) -> Typed:
    if not 1 <= month <= 12:
        raise Doubtful(f"there is no month {month}")
    return Typed(f"{_year(year)}-{month:02}", XSD + "gYearMonth")


def _day(year: int, month: int, day: int, remark: str = "") -> Typed:
    _year(str(year))
    try:
        return Typed(date(year, month, day).isoformat(), XSD + "date", remark)
    except ValueError as error:
        raise Doubtful("there is no such day") from error
