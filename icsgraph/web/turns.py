# SPDX-License-Identifier: Apache-2.0
"""Work of the server's own that takes a while, in a few threads by turns, for no longer than it may take.

A thread cannot be stopped. One that takes too long is left behind, and ends with the process: it is nobody's turn.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

from icsgraph.web.errors import busy, too_long

_Made = TypeVar("_Made")


class Turns:
    """Lets so many calls run at once.

    Args:
        number: of calls that run at once.
        waiting: of calls that may be there, running or not, before further ones are turned away.
        seconds: that one may take.
    """

    def __init__(self, number: int, waiting: int, seconds: float) -> None:
        self._free = asyncio.Semaphore(number)
        self._here, self._most, self._seconds = 0, waiting, seconds
        self.running = 0  # threads that have not come to an end, those left behind as well

    async def take(self, call: Callable[[], _Made]) -> _Made:
        """Run a call in a thread when its turn comes, while the server goes on with other things.

        Raises:
            Refused: 503 E808, when as many wait as may; 504 E806, when it takes too long.
        """
        if self._here >= self._most:
            raise busy()
        self._here += 1
        try:
            async with self._free:
                return await self._run(call)
        finally:
            self._here -= 1

    async def _run(self, call: Callable[[], _Made]) -> _Made:
        loop = asyncio.get_running_loop()
        made: asyncio.Future[_Made] = loop.create_future()

        def settle(value: _Made | None, error: BaseException | None) -> None:
            self.running -= 1
            if made.done():  # nobody waits for it any more
                return
            if error is not None:
                made.set_exception(error)
            else:
                made.set_result(value)  # type: ignore[arg-type]  # what the call gave

        def run() -> None:
            value, error = None, None
            try:
                value = call()
            except BaseException as raised:  # noqa: BLE001  whatever it is, it is raised where the call is waited for
                error = raised
            with contextlib.suppress(RuntimeError):  # the server has stopped meanwhile
                loop.call_soon_threadsafe(settle, value, error)

        self.running += 1
        threading.Thread(target=run, name="page", daemon=True).start()
        try:
            async with asyncio.timeout(self._seconds):
                return await made
        except TimeoutError as error:
            raise too_long(self._seconds) from error
