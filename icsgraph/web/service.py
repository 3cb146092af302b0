# SPDX-License-Identifier: Apache-2.0
"""The store that is served, its workers, and the change to a newer store while requests go on."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import tempfile
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final, NoReturn

from icsgraph.model.errors import IcsgraphError, LoadError, ServeError
from icsgraph.queries import Library
from icsgraph.store import shipped
from icsgraph.web.context import Context
from icsgraph.web.description import prefixes, stored_query
from icsgraph.web.limits import Limits
from icsgraph.web.pool import Pool
from icsgraph.web.source import Located, Source, held, locate

_LOOK: Final = 1.0  # seconds between looks at the manifest
_RETRY: Final = 15.0  # seconds between attempts to put a store that was damaged in order
_TRIES: Final = 5
_SPARE: Final = 10.0  # seconds
_PREFIX: Final = "icsgraph-serve-"
_LOG: Final = logging.getLogger("uvicorn.error")


class Service:
    """Serves a source until it is stopped.

    Args:
        as_at: the day as at which to answer where a request names none; None is today.
        seen_at: the address by which the outside reaches this service; empty leaves links relative.
    """

    def __init__(self, source: Source, limits: Limits, *, as_at: date | None = None, seen_at: str = "") -> None:
        self._source, self._mark = source, source.mark()
        _clear_up()
        self._folder = tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-", ignore_cleanup_errors=True)
        self._number = 0
        located = self._held()
        self.pool = Pool(located, limits)
        self.context = Context(located, limits, self.pool.work, as_at=as_at, seen_at=seen_at)
        self._watch: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the workers and the watch over the store."""
        await self.pool.start()
        self._watch = asyncio.create_task(self._look())

    async def stop(self) -> None:
        """Stop the workers, and remove what was made for this run."""
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        await self.pool.stop()
        self._folder.cleanup()

    async def reload(self, *, anew: bool = False) -> bool:
        """Change over to the store as it is now; say whether it was done. One that is damaged is left alone.

        Args:
            anew: also where it holds the same data, since the files that are read from have been changed.
        """
        mark = self._source.mark()
        try:
            located = await asyncio.get_running_loop().run_in_executor(None, self._held)
        except IcsgraphError as error:
            self._mark = mark
            _LOG.error("the store stays as it was: %s", error)
            return False
        self._mark = mark
        if located.version == self.context.located.version and not anew:
            return False
        old, limits = self.context.located.path, self.context.limits
        self.context.swap(located)
        self.pool.swap(located)
        after = max(limits.seconds, limits.check_seconds) + _SPARE  # by then nothing can be reading it
        asyncio.get_running_loop().call_later(after, partial(shutil.rmtree, old, ignore_errors=True))
        _LOG.warning("now serving %s", located.version[:12])
        return True

    async def _look(self) -> None:
        loop, tried = asyncio.get_running_loop(), -_RETRY
        while True:
            await asyncio.sleep(_LOOK)
            mark, intact = self._source.mark(), await loop.run_in_executor(None, self.context.located.intact)
            if not intact and loop.time() - tried >= _RETRY:
                tried = loop.time()
                _LOG.error("the files of the store were changed or removed while it is served")
                self.pool.abandon()
                await asyncio.sleep(_LOOK)
                if self.context.reading():
                    _end()
                await self.reload(anew=True)
            elif mark and mark != self._mark:
                await self.reload(anew=not intact)

    def _held(self) -> Located:
        """Find the store, and hold it where a build cannot take it away."""
        library = Library(shipped.files("queries/competency", "*.rq"))
        more = [*prefixes(), *(triple for query in library for triple in stored_query(query))]
        for _ in range(_TRIES):
            located = locate(self._source)
            self._number += 1
            folder = Path(self._folder.name) / str(self._number)
            folder.mkdir(parents=True)  # also where somebody has cleared the folder for such files away
            with contextlib.suppress(FileNotFoundError):  # replaced between the two steps
                return held(located, folder, more)
        what = "the store is replaced as soon as it is found"
        raise LoadError("E131", str(self._source.folder), what, "Let one build finish before the next begins.")


def _end() -> NoReturn:
    """End at once: a thread reads a damaged store, which may never come to an end, and take ever more memory."""
    what, mend = "a page was being read from it as it was damaged, so that the service has ended", "Start it again."
    _LOG.error("%s", ServeError("E543", "store", what, mend))
    os._exit(3)


def _clear_up() -> None:
    """Remove what services that were killed have left behind."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        pid = path.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdigit() and Path("/proc").is_dir() and not Path(f"/proc/{pid}").exists():
            shutil.rmtree(path, ignore_errors=True)
