# SPDX-License-Identifier: Apache-2.0
"""Days as people write them, and the days from which other boundaries hold."""

from __future__ import annotations

from datetime import date
from typing import Final

GEOGRAPHIES: Final = {
    "2022-07-01": "the first 42 boards",
    "2023-04-01": "counties reorganised",
    "2026-04-01": "42 boards become 36",
}


def in_words(day: str | date) -> str:
    """Give a day as in "1 April 2026"; any other text as it is.

    Example:
        >>> in_words("2026-04-01")
        '1 April 2026'
    """
    try:
        found = date.fromisoformat(day) if isinstance(day, str) else day
    except ValueError:
        return str(day)
    return f"{found.day} {found:%B} {found.year}"
