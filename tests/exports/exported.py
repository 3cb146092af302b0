# SPDX-License-Identifier: Apache-2.0
"""What a format makes of a choice, and the day as at which it is asked."""

from __future__ import annotations

import io
from datetime import date

from icsgraph.exports.formats import get

DAY = date(2026, 6, 1)


def as_file(form: str, content) -> bytes:
    """Give the bytes that a format of one file writes."""
    stream = io.BytesIO()
    get(form).file(content, stream)
    return stream.getvalue()
