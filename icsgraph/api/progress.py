# SPDX-License-Identifier: Apache-2.0
"""Long work to calls of a function of the user's own: what has begun, how far it is, and what has ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Step:
    """What is going on.

    ``seconds`` is None while it goes on, and how long it took once it has ended. ``done`` and ``total`` count where
    there is something to count, such as the queries that an endpoint has answered.
    """

    what: str
    seconds: float | None = None
    done: int | None = None
    total: int | None = None


Progress: TypeAlias = Callable[[Step], object]


@contextmanager
def telling(progress: Progress | None, what: str) -> Iterator[None]:
    """Tell a function, if there is one, that something begins and, unless it fails, that it has ended."""
    if progress is None:
        yield
        return
    progress(Step(what))
    start = time.monotonic()
    yield
    progress(Step(what, time.monotonic() - start))
