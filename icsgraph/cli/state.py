# SPDX-License-Identifier: Apache-2.0
"""What the options before a command say, and the graph they open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from icsgraph.model.dates import read_day
from icsgraph.model.errors import LookupFailed

if TYPE_CHECKING:
    from icsgraph.store.endpoint import Endpoint
    from icsgraph.store.opened import Opened


@dataclass(frozen=True, slots=True)
class There:
    """An endpoint as the options name it: its address, the graphs that make up its data, and limits."""

    url: str | None = None
    graphs: tuple[str, ...] = ()
    requests: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class State:
    """The data paths and the as-at date of a run, and the store or endpoint that is asked in place of what ships."""

    data: tuple[Path, ...]
    as_at: date
    store: Path | None = None
    there: There = There()

    def open(
        self, on_demand: Iterable[str] = (), more: Iterable[Path] = (), *, background: bool = True, merged: bool = False
    ) -> Opened:
        """Open the packaged graph, or a built store, with the user's data over it where paths were named.

        Args:
            merged: whether nobody will ask which file of the packaged graph states what (it opens sooner then).

        Raises:
            LookupFailed: E440, when an endpoint is named, or the store lacks what is asked for.
        """
        if self.there.url:
            raise LookupFailed(
                "E440", "--endpoint", "only query and validate ask an endpoint", "Use --data or --store, or neither."
            )
        if self.there != There():
            what = "they say how to ask an endpoint, and none is named"
            raise LookupFailed("E440", "--graph, --max-requests, --max-seconds", what, "Name it with --endpoint URL.")
        if self.store is not None:
            return self._open_store(self.store, tuple(on_demand), (*self.data, *more), background=background)
        from icsgraph.opening import open_graph

        return open_graph(
            *self.data, *more, as_at=self.as_at, on_demand=on_demand, background=background, merged=merged
        )

    def _open_store(
        self, folder: Path, on_demand: tuple[str, ...], paths: tuple[Path, ...], *, background: bool
    ) -> Opened:
        from icsgraph.opening import derive_all
        from icsgraph.store.building import open_store
        from icsgraph.store.built import read_manifest

        options = read_manifest(folder).options
        lacking = sorted(set(on_demand) - set(options.get("on_demand", ())))
        if lacking:
            mend = f"Build it again with {' '.join(f'--graph {name}' for name in lacking)}."
            raise LookupFailed("E440", str(folder), f"the store was built without {', '.join(lacking)}", mend)
        if not background and options.get("background"):
            mend = "Build another with --no-background."
            raise LookupFailed("E440", str(folder), "the store was built with England in it", mend)
        return open_store(folder, self.as_at, derive_all, paths)

    def packaged(self) -> State:
        """Give the same day over what ships alone: where names are looked up for an endpoint."""
        return replace(self, data=(), store=None, there=There())

    def endpoint(self, url: str | None = None) -> Endpoint | None:
        """Give the endpoint to ask, that of an option after the command before the one of all commands.

        Raises:
            EndpointError: E610, when the address cannot be used.
            LookupFailed: E440, when data or a store is named as well.
        """
        from icsgraph.store.endpoint import Endpoint, Limits

        address = url or self.there.url
        if address is None:
            return None
        if self.data or self.store:
            what = "an endpoint is named, and data or a store as well"
            raise LookupFailed("E440", "--endpoint", what, "Name one of them: an endpoint has its own data.")
        limits = Limits()
        if self.there.requests is not None:
            limits = replace(limits, requests=self.there.requests)
        if self.there.seconds is not None:
            limits = replace(limits, total=self.there.seconds, request=min(limits.request, self.there.seconds))
        return Endpoint(address, self.there.graphs, limits)


def read_as_at(text: str | None) -> date:
    """Read ``--as-at``; today when it is not given."""
    return date.today() if text is None else read_day(text)
