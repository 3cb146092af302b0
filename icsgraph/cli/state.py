# SPDX-License-Identifier: Apache-2.0
"""What the options before a command say, and the graph they open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from icsgraph.model.dates import read_day

if TYPE_CHECKING:
    from icsgraph.store.opened import Opened


@dataclass(frozen=True, slots=True)
class State:
    """The data paths and the as-at date of a run."""

    data: tuple[Path, ...]
    as_at: date

    def open(self, on_demand: Iterable[str] = (), more: Iterable[Path] = (), *, background: bool = True) -> Opened:
        """Open the packaged graph, with the user's data over it where paths were named."""
        from icsgraph.opening import open_graph

        return open_graph(*self.data, *more, as_at=self.as_at, on_demand=on_demand, background=background)


def read_as_at(text: str | None) -> date:
    """Read ``--as-at``; today when it is not given."""
    return date.today() if text is None else read_day(text)
