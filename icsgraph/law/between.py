# SPDX-License-Identifier: Apache-2.0
"""Two days to what holds on one and not on the other: bodies, areas, relations, laws and rows of severity."""

from __future__ import annotations

from datetime import date

from icsgraph.law.places import Places
from icsgraph.model.dates import OPEN_END, OPEN_START
from icsgraph.queries.compare import Change, Kind
from icsgraph.queries.vocabulary import shortened
from icsgraph.store.opened import Opened
from icsgraph.store.select import rows, text

_DATED = """SELECT DISTINCT ?x ?first ?last WHERE {
  ?x ics:latestFirstDay ?first ; ics:earliestLastDay ?last FILTER(isIRI(?x)) }"""


def between(opened: Opened, one: date, other: date, kind: str = "") -> list[Change]:
    """Give what certainly holds on one day and not on the other, sorted by kind and name.

    Args:
        kind: only things of this kind, by its name or a part of it.
    """
    places, changes = Places(opened), []
    for row in rows(opened.store, _DATED):
        thing, first, last = text(row["x"]), text(row["first"]), text(row["last"])
        before, after = (first <= day.isoformat() <= last for day in (one, other))
        if before == after:
            continue
        of_kind = places.kind(thing)
        if kind.lower() not in of_kind.lower():
            continue
        held = _held(first, last)
        became, old, new = (Kind.REMOVED, held, "") if before else (Kind.ADDED, "", held)
        changes.append(Change(became, shortened(thing), places.label(thing), of_kind, old, new))
    return sorted(changes, key=lambda change: (change.what, change.label, change.thing))


def _held(first: str, last: str) -> str:
    start = "" if first == OPEN_START.isoformat() else f"from {first}"
    end = "" if last == OPEN_END.isoformat() else f"to {last}"
    return " ".join(part for part in (start, end) if part) or "always"
