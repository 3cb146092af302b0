# SPDX-License-Identifier: Apache-2.0
"""Where data lies and a day to an opened store: what ships, files over it, a built store, or an endpoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Self

from icsgraph.api.progress import Progress, telling
from icsgraph.api.sources import open_built
from icsgraph.model.dates import read_day
from icsgraph.model.errors import LookupFailed
from icsgraph.opening import open_graph
from icsgraph.store.endpoint import Endpoint
from icsgraph.store.opened import Opened


def day_of(given: date | str | None, name: str = "as_at") -> date:
    """Give a day that was written as a date or as YYYY-MM-DD; today for none.

    Raises:
        LookupFailed: E403 for a day that is none.
    """
    return date.today() if given is None else read_day(given, name) if isinstance(given, str) else given


class Data:
    """The data of a graph, opened when they are first needed."""

    def __init__(
        self, paths: tuple[Path, ...], as_at: date, store: Path | None, endpoint: Endpoint | None, *,
        background: bool = True, progress: Progress | None = None,
    ) -> None:  # fmt: skip
        """Take what :func:`icsgraph.open` makes of its arguments."""
        self.paths, self.as_at = paths, as_at
        self._store, self._endpoint, self._background, self._progress = store, endpoint, background, progress
        self._opened: dict[tuple[str, ...], Opened] = {}

    def __repr__(self) -> str:
        data = [str(path) for path in self.paths] or ([] if self._endpoint or self._store else ["what ships"])
        named = [self._endpoint.url] if self._endpoint else [str(self._store)] if self._store else []
        return f"<Graph: {', '.join((*named, *data))}, as at {self.as_at}>"

    @property
    def version(self) -> str:
        """SHA-256 of everything loaded; empty for an endpoint."""
        return "" if self._endpoint else self.opened().version

    def at(self, day: date | str) -> Self:
        """Give the same data as at another day."""
        graph = type(self)(
            self.paths, day_of(day), self._store, self._endpoint, background=self._background, progress=self._progress
        )
        if not self.paths and self._store is None:  # nothing of what ships alone depends on the day
            graph._opened = {graphs: replace(opened, as_at=graph.as_at) for graphs, opened in self._opened.items()}
        return graph

    def opened(self, graphs: Sequence[str] = ()) -> Opened:
        """Give the store behind the graph, with large graphs of these names as well.

        Raises:
            LookupFailed: E405 for a large graph that there is not, E440 for an endpoint, whose store is elsewhere, or a
                built store that lacks one.
        """
        wanted = tuple(sorted(set(graphs)))
        if self._endpoint:
            what = "an endpoint can be asked with query and validate alone"
            raise LookupFailed("E440", self._endpoint.url, what, "Open data or a store for this.")
        if wanted not in self._opened:
            with telling(self._progress, "opening the graph"):
                self._opened[wanted] = self._open(wanted)
        return self._opened[wanted]

    def _open(self, wanted: tuple[str, ...]) -> Opened:
        if self._store is None:
            return open_graph(*self.paths, as_at=self.as_at, on_demand=wanted, background=self._background)
        return open_built(self._store, self.as_at, wanted, self.paths)

    @property
    def _has_records(self) -> bool:
        """Whether there is more than what ships."""
        return bool(self.paths or self._store)
