# SPDX-License-Identifier: Apache-2.0
"""What takes longer than a second, said on stderr while it takes: for how long, and how long it took last time.

Nothing is printed where stderr is no terminal, so pipes and logs stay quiet.
"""

from __future__ import annotations

import contextlib
import json
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

_PATIENCE: Final = 1.0  # seconds
_EVERY: Final = 0.2
_KEPT: Final = 200  # things whose time is remembered
_CLEAR: Final = "\r\x1b[K"


@contextlib.contextmanager
def waiting(
    what: str, name: str = "", *, stream: TextIO | None = None, patience: float = _PATIENCE, memory: Path | None = None
) -> Iterator[None]:
    """Say what is being done once it has taken longer than a second, until it is done.

    Args:
        what: what is being done, such as ``opening the graph``.
        name: what it is done to, by which the time of the last run is remembered.
        stream: where to say it; stderr unless given.
        memory: file that remembers times; one of the cache unless given.
    """
    stream = stream or sys.stderr
    start, done = time.monotonic(), threading.Event()
    thread = None
    if stream.isatty():
        thread = threading.Thread(target=_say, args=(what, name, stream, patience, memory, done), daemon=True)
        thread.start()
    try:
        yield
    finally:
        done.set()
        if thread is not None:
            thread.join()
        took = time.monotonic() - start
        if took >= patience:
            _remember(memory, f"{what} {name}", took)


def _say(what: str, name: str, stream: TextIO, patience: float, memory: Path | None, done: threading.Event) -> None:
    start = time.monotonic()
    if done.wait(patience):
        return
    last = _times(memory).get(f"{what} {name}")
    estimate = f" of about {max(last, 1):.0f} s" if last else ""
    while not done.wait(_EVERY):
        elapsed = time.monotonic() - start
        over = ", longer than last time" if last and elapsed > last * 1.2 else ""
        stream.write(f"{_CLEAR}{what}: {elapsed:.0f} s{estimate}{over}")
        stream.flush()
    stream.write(_CLEAR)
    stream.flush()


def _file(memory: Path | None) -> Path:
    from icsgraph.store.opened import cache_folder

    return memory or cache_folder() / "times.json"


def _times(memory: Path | None) -> dict[str, float]:
    try:
        read = json.loads(_file(memory).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # nothing remembered yet, or nothing that can be read
    return {str(k): float(v) for k, v in read.items() if isinstance(v, int | float)} if isinstance(read, dict) else {}


def _remember(memory: Path | None, key: str, took: float) -> None:
    from icsgraph.model.errors import OutputError
    from icsgraph.store.whole import write_whole

    times = _times(memory)
    times.pop(key, None)
    times[key] = round(took, 2)
    kept = dict(list(times.items())[-_KEPT:])
    with contextlib.suppress(OutputError):  # a cache that cannot be written remembers nothing
        write_whole(_file(memory), json.dumps(kept, indent=1).encode())
