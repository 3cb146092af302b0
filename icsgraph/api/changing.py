# SPDX-License-Identifier: Apache-2.0
"""A change that somebody thinks of to what would follow from it; nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from icsgraph.api.data import Data, day_of
from icsgraph.api.told import Told
from icsgraph.model.errors import LookupFailed

if TYPE_CHECKING:
    import pyoxigraph as ox

    from icsgraph.law.changes import Change
    from icsgraph.law.whatif import WhatIf


class Changing(Data):
    """A graph of which it can be asked what would be."""

    def what_if(
        self, *, merge: Sequence[str] = (), name: str = "", split: str = "",
        parts: Mapping[str, Sequence[str]] | None = None, move: Sequence[str] = (), into: str = "",
        events: str | Path | Sequence[str | Path] = (), patch: str | Path | None = None, on: date | str | None = None,
    ) -> Told[WhatIf]:  # fmt: skip
        """Say what would follow from a merger, a split, a move, change events, or a patch to records.

        Args:
            merge: boards to merge, by code or name.
            name: name of the board that a merger begins.
            split: a board to split, with
            parts: for each part, the name of a new board or the code of one that there is, its areas.
            move: codes or names of districts and councils, or codes of any areas, that pass to another board.
            into: a board that takes the others in, and goes on; or to which the areas pass.
            events: files of change events, in place of all these.
            patch: file that says what records would say.
            on: the day of the change; else the graph's, or the day after the boards last stood together.

        Raises:
            LookupFailed: E435 when no change is named, or two, or a part of one is missing; E43x for one that does
                not fit.
        """
        files = [Path(events)] if isinstance(events, str | Path) else [Path(each) for each in events]
        named = [
            word for word, given in (("merge", merge), ("split", split), ("move", move), ("events", files)) if given
        ]
        if len(named) > 1 or not (named or patch):
            what = f"{' and '.join(named)} are named" if named else "no change is named"
            raise LookupFailed("E435", "what_if", what, "Name one change; a patch goes with it or alone.")
        _fitting(named[0] if named else "patch", name=name, parts=parts, into=into)
        boards, change = _asked(merge, name, split, parts or {}, move, into, files)
        return _foreseen(self, boards, change, Path(patch) if patch else None, day_of(on, "on") if on else None)


def _fitting(kind: str, *, name: str, parts: Mapping[str, Sequence[str]] | None, into: str) -> None:
    """Refuse what does not belong to a change, and a change that lacks something.

    Raises:
        LookupFailed: E435.
    """
    goes_with = (("name", name, ("merge",)), ("parts", parts, ("split",)), ("into", into, ("merge", "move")))
    for word, given, kinds in goes_with:
        if given and kind not in kinds:
            raise LookupFailed("E435", word, f"it does not go with {kind}", f"It goes with {' or '.join(kinds)}.")
    lacking = {"split": ("parts", parts), "move": ("into", into)}.get(kind)
    if lacking and not lacking[1]:
        raise LookupFailed("E435", kind, f"{lacking[0]} is not given", f"Give {lacking[0]} as well.")


def _asked(
    merging: Sequence[str], name: str, splitting: str, parts: Mapping[str, Sequence[str]], moving: Sequence[str],
    into: str, files: Sequence[Path],
) -> tuple[list[str], Callable[[ox.Store, date], Change | None]]:  # fmt: skip
    """Give the boards that a change names, and what makes the change of a store and a day."""
    from icsgraph.law.changes import merge, move, read_changes, split

    if merging:
        boards = [*merging, *([into] if into else [])]
        return boards, lambda store, day: merge(store, merging, day, name=name, into=into)
    if splitting:
        return [splitting], lambda store, day: split(store, splitting, list(parts.items()), day)
    if moving:
        return [into], lambda store, day: move(store, moving, into, day)
    return [], lambda _, day: read_changes(files, day) if files else None


def _foreseen(
    graph: Data,
    boards: Sequence[str],
    made: Callable[[ox.Store, date], Change | None],
    patch: Path | None,
    on: date | None,
) -> Told[WhatIf]:
    from icsgraph.law.changes import last_common_day
    from icsgraph.law.whatif import what_if
    from icsgraph.reports.whatif import FORMATS

    opened = graph.opened()
    day, notes = on or opened.as_at, []
    last = None if on else last_common_day(opened.store, boards)
    if last and last < day:
        day = last + timedelta(days=1)
        notes.append(f"The boards named stood together until {last}: the change is made on the day after.")
    return Told(what_if(opened, made(opened.store, day), patch, notes), FORMATS)
