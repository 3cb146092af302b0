# SPDX-License-Identifier: Apache-2.0
"""The process that answers: one job after another over a pipe, until it is told to stop, killed, or left alone.

What is slow to import is imported with this module, before processes are split off; the store is opened after that.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Final

import pyoxigraph as ox

from icsgraph.algebra import parse_query
from icsgraph.model.errors import IcsgraphError
from icsgraph.web.answering import Graph, answer, answer_stored
from icsgraph.web.checking import check
from icsgraph.web.errors import Refused, damaged, problem, too_much_memory
from icsgraph.web.jobs import Ask, AskStored, Describe, Job, Reply
from icsgraph.web.limits import Limits
from icsgraph.web.source import Located
from icsgraph.web.things import thing

_MIB: Final = 1 << 20
_NICE: Final = 10  # of those that do heavy work, so that light work goes before it
_DEPTH: Final = 5000  # of calls, so that some hundred brackets can be read; the process alone would pay for more
READY: Final = "ready"

with contextlib.suppress(IcsgraphError):  # the grammar takes long to build, and is kept from now on
    parse_query("ASK {}")


def serve(pipe: Connection, located: Located, limits: Limits, memory: int, heavy: bool) -> None:
    """Answer jobs from a pipe until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then stops its workers
    if (parent := multiprocessing.parent_process()) is not None:
        threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()
    if heavy and hasattr(os, "nice"):
        os.nice(_NICE)
    sys.setrecursionlimit(_DEPTH)
    graph = _opened(located, limits)
    _bound_memory(memory)
    pipe.send(READY)
    while True:
        try:
            job: Job = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            pipe.send(_reply(graph, job))
        except MemoryError:
            pipe.send(problem(too_much_memory(memory)))
            return  # what is left of it is no process to go on with


def _opened(located: Located, limits: Limits) -> Graph | None:
    """Open the store; nothing where it has been changed under the service, so that nothing can be asked of it."""
    if not located.intact():
        return None
    try:
        return Graph(located, ox.Store.read_only(str(located.path)), limits)
    except OSError:
        return None


def _reply(graph: Graph | None, job: Job) -> Reply:
    """Answer a job, if the store was intact before and is so after: a damaged one may answer wrongly, or never."""
    if graph is None or not graph.located.intact():
        return problem(damaged())
    reply = _worked_out(graph, job)
    return reply if graph.located.intact() else problem(damaged())


def _worked_out(graph: Graph, job: Job) -> Reply:
    try:
        if isinstance(job, Ask):
            return answer(graph, job)
        if isinstance(job, AskStored):
            return answer_stored(graph, job)
        return thing(graph, job) if isinstance(job, Describe) else check(graph, job)
    except IcsgraphError as error:
        return problem(error)
    except RecursionError:
        what, mend = "it is nested too deeply to be answered", "Split it, or write the nested parts side by side."
        return problem(Refused(400, "E805", "query", what, mend))


def _bound_memory(mebibytes: int) -> None:
    """Let the process have so much address space more than it has now; where the system cannot, there is no bound."""
    try:
        import resource

        with open("/proc/self/statm") as told:  # noqa: PTH123  no file, and no path of anybody's
            pages = int(told.read().split()[0])
    except (ImportError, OSError):
        return
    bound = pages * resource.getpagesize() + mebibytes * _MIB
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))


def _leave_with(parent: BaseProcess) -> None:
    """End the process when the one that asked for it has gone, whatever it is doing."""
    parent.join()
    os._exit(1)
