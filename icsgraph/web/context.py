# SPDX-License-Identifier: Apache-2.0
"""What everything that answers a request is given: the graph as at a day, the workers, limits and documentation.

Questions of icsgraph's own, which are known to be quick, are put to the store in this process (:meth:`Context.opened`,
:meth:`Context.select`), from functions that are no coroutines, so that a thread waits and not the server. What a
visitor can write or lengthen goes to the workers (:meth:`Context.work`).
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Any

import pyoxigraph as ox

from icsgraph.exports.vocabulary import Site
from icsgraph.model.dates import read_day
from icsgraph.queries import Library
from icsgraph.store import shipped
from icsgraph.store.opened import Opened
from icsgraph.store.select import rows
from icsgraph.web.errors import damaged
from icsgraph.web.jobs import Job, Reply
from icsgraph.web.limits import Limits
from icsgraph.web.source import Located

_DAYS_KEPT = 64


@dataclass(frozen=True, slots=True)
class _Current:
    """The store that is served at the moment, with what was made of it."""

    located: Located
    store: ox.Store
    days: dict[date, Opened] = field(default_factory=dict)
    site: list[Site] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)
    site_lock: Lock = field(default_factory=Lock)


class Context:
    """The graph that is served.

    Args:
        located: the store to begin with; :meth:`swap` puts another in its place.
        work: runs a job in a worker process, under limits.
        as_at: the day as at which to answer where a request names none; None is today.
        seen_at: the address by which the outside reaches this service, without a slash at the end; empty where links
            are to stay relative.
    """

    def __init__(
        self, located: Located, limits: Limits, work: Callable[[Job], Coroutine[Any, Any, Reply]], *,
        as_at: date | None = None, seen_at: str = "",
    ) -> None:  # fmt: skip
        self.limits, self.work, self.seen_at = limits, work, seen_at
        self.library = Library(shipped.files("queries/competency", "*.rq"))
        self.reading: Callable[[], int] = lambda: 0  # how many threads read the store in this process
        self._as_at = as_at
        self._current = _Current(located, ox.Store.read_only(str(located.path)))

    def swap(self, located: Located) -> None:
        """Serve another store from now on; whoever has the old one open goes on with it."""
        self._current = _Current(located, ox.Store.read_only(str(located.path)))

    @property
    def located(self) -> Located:
        """Give where the store is, the digest of its data (``version``) and its graphs (``counts``)."""
        return self._current.located

    def make_sure(self) -> None:
        """Make sure, before and after something is read, that the store is as it was.

        Raises:
            Refused: 503 E542, when its files were changed or removed meanwhile.
        """
        if not self._current.located.intact():
            raise damaged()

    def day(self, text: str | None = None) -> date:
        """Read the day that a request names; that of the service where it names none.

        Raises:
            LookupFailed: E403, when the text is no day.
        """
        return read_day(text) if text else self._as_at or date.today()

    def opened(self, day: date | None = None) -> Opened:
        """Give the graph as at a day, read-only; not to be called from a coroutine."""
        current, wanted = self._current, day or self.day()
        with current.lock:
            if wanted not in current.days:
                if len(current.days) >= _DAYS_KEPT:
                    current.days.clear()
                current.days[wanted] = current.located.on_day(current.store, wanted)
            return current.days[wanted]

    def select(self, sparql: str) -> list[ox.QuerySolution]:
        """Give the rows of a SELECT of icsgraph's own, with every known prefix; never one that a visitor wrote."""
        return rows(self._current.store, sparql)

    def site(self) -> Site:
        """Give the documentation of the ontology, made when it is first asked for."""
        current = self._current
        with current.site_lock:
            if not current.site:
                current.site.append(Site(current.store))
            return current.site[0]
