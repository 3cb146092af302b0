# SPDX-License-Identifier: Apache-2.0
"""A change that somebody thinks of to what would follow from it; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from icsgraph.api.showing import Told
from icsgraph.law.changes import last_common_day, merge, read_changes
from icsgraph.law.whatif import WhatIf, what_if
from icsgraph.model.errors import LookupFailed
from icsgraph.reports.whatif import as_markdown, as_table
from icsgraph.store.opened import Opened


def foreseen(
    opened: Opened,
    merged: Sequence[str],
    name: str,
    into: str,
    events: Path | None,
    patch: Path | None,
    on: date | None,
) -> Told[WhatIf]:  # fmt: skip
    """Say what would follow from a merger or a file of change events, from a patch to records, or from both.

    A merger is made on the graph's day; where the boards did not stand together then, on the day after they last did.

    Raises:
        LookupFailed: E435 when no change is named, or two of them; E4xx for a change that does not fit.
    """
    if not (merged or events or patch) or (merged and events):
        mend = "Name boards to merge, or a file of events; a patch goes with either or alone."
        raise LookupFailed("E435", "what_if", "not one change is named" if not merged else "two are named", mend)
    day, notes = on or opened.as_at, []
    named = [*merged, *([into] if into else [])]
    last = None if on else last_common_day(opened.store, named)
    if last and last < day:
        day = last + timedelta(days=1)
        notes.append(f"The boards named stood together until {last}: the change is made on the day after.")
    change = read_changes([events], day) if events else None
    if merged:
        change = merge(opened.store, merged, day, name=name, into=into)
    found = what_if(opened, change, patch, notes)
    return Told(found, as_table(found), as_markdown(found))
