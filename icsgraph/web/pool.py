# SPDX-License-Identifier: Apache-2.0
"""Jobs to worker processes, in lanes: what is quick first, what turns out heavy apart, checks of records by themselves.

A job begins in the quick lane. If it takes more than a slice of processor time while others wait, its worker is killed
and replaced, and the job begins anew in the heavy lane, where as many workers run with low priority; a query that was
heavy before goes there at once. The heavy lane's queue is short: beyond it, jobs are turned away. So what is quick
waits for slices only, however much that is heavy comes in. A worker is killed as well when its job reaches the time
limit, or when whoever asked has gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import multiprocessing
import os
import pickle
import signal
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

from icsgraph.model.errors import IcsgraphError
from icsgraph.web import worker
from icsgraph.web.errors import busy, damaged, failed, problem, too_long, too_much_memory
from icsgraph.web.jobs import Check, Job, Reply
from icsgraph.web.limits import Limits
from icsgraph.web.source import Located

_SLICE: Final = 0.3  # seconds that a job has in the quick lane while others wait
_PATIENCE: Final = 4  # slices that a job may take in all, however little processor time it has had
_REMEMBERED: Final = 2000  # heavy queries
_START: Final = 60.0  # seconds
_PAUSE: Final = 0.2  # seconds
_KILLED: Final = 9
_OUT_OF_MEMORY: Final = (_KILLED, signal.SIGABRT, signal.SIGSEGV)  # SEGV: the stack is at its end
_QUEUED: Final = 8  # heavy jobs that wait, for each heavy worker


@dataclass(slots=True)
class _Ticket:
    job: Job
    mark: bytes
    seconds: float
    reply: asyncio.Future[Reply]
    lost: int = 0  # workers that were gone before it was answered


@dataclass(slots=True)
class _Lane:
    heavy: bool
    memory: int
    queue: asyncio.Queue[_Ticket | None]
    turns: list[asyncio.Task[None]] = field(default_factory=list)


class _Gone(Exception):
    """The process ended before it replied."""


class _Process:
    """A worker process and the pipe to it. Methods that wait are called from threads."""

    def __init__(self, located: Located, limits: Limits, lane: _Lane) -> None:
        self.located = located
        near, far = _methods().Pipe()
        self._pipe: Connection = near
        self._process: BaseProcess = _methods().Process(  # type: ignore[attr-defined]
            target=worker.serve, args=(far, located, limits, lane.memory, lane.heavy), daemon=True
        )
        try:
            self._process.start()
            far.close()
            ready = near.poll(_START) and near.recv() == worker.READY
        except (EOFError, OSError):  # it has ended, or what splits it off has
            ready = False
        if not ready:
            self.kill()
            raise _Gone

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    @property
    def signal(self) -> int:
        """The signal that ended the process; 0 for none."""
        self._process.join(5)
        return max(-(self._process.exitcode or 0), 0)

    def worked(self) -> float | None:
        """Give the processor time that it has had, in seconds; None where the system does not tell."""
        try:
            told = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii", errors="replace")
        except OSError:
            return None
        user, system = told.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def ask(self, job: Job) -> Reply:
        try:
            self._pipe.send(job)
            reply: Reply = self._pipe.recv()
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            raise _Gone from error
        return reply

    def kill(self) -> None:
        with contextlib.suppress(AttributeError, OSError, ValueError):  # it was never started, or has gone already
            self._process.kill()


def _is_heavy(took: float, before: float | None, after: float | None) -> bool:
    """Whether a job has had its slice: of processor time, since on a busy machine every job takes long."""
    if before is None or after is None or took >= _PATIENCE * _SLICE:
        return took >= _SLICE
    return after - before >= _SLICE


def _methods() -> multiprocessing.context.BaseContext:
    """Split processes off one that has imported everything, where the system can; else start them from nothing."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    methods = multiprocessing.get_context("forkserver")
    methods.set_forkserver_preload([worker.__name__])
    return methods


class Pool:
    """Worker processes over one store, which may be swapped for another."""

    def __init__(self, located: Located, limits: Limits) -> None:
        self.located, self.limits = located, limits
        self.replaced = 0  # workers killed at a limit, or lost
        number = max(limits.workers, 1)
        self._threads = ThreadPoolExecutor(2 * (2 * number + 1) + 2, "worker")
        self._quick = _Lane(False, limits.memory, asyncio.Queue(limits.waiting))
        self._heavy = _Lane(True, limits.memory, asyncio.Queue(_QUEUED * number))
        self._checks = _Lane(True, limits.check_memory, asyncio.Queue(_QUEUED))
        self._numbers = ((self._quick, number), (self._heavy, number), (self._checks, 1))
        self._known: OrderedDict[bytes, None] = OrderedDict()
        self._processes: set[_Process] = set()

    async def start(self) -> None:
        """Start the workers; they are ready when this returns."""
        ready: list[asyncio.Event] = []
        for lane, number in self._numbers:
            for _ in range(number):
                ready.append(asyncio.Event())
                lane.turns.append(asyncio.create_task(self._serve(lane, ready[-1])))
        turns = [turn for lane, _ in self._numbers for turn in lane.turns]
        waits = [asyncio.create_task(event.wait()) for event in ready]
        started = asyncio.ensure_future(asyncio.wait(waits))
        await asyncio.wait({started, *turns}, return_when=asyncio.FIRST_COMPLETED)
        for turn in turns:
            if turn.done():  # one that could not start
                started.cancel()
                turn.result()

    async def stop(self) -> None:
        """Stop every worker, whatever it is doing."""
        turns = [turn for lane, _ in self._numbers for turn in lane.turns]
        for turn in turns:
            turn.cancel()
        for process in list(self._processes):
            process.kill()
        await asyncio.gather(*turns, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)

    def swap(self, located: Located) -> None:
        """Put what comes from now on to another store; jobs that run go on with the old one."""
        self.located = located
        for lane, number in self._numbers:
            for _ in range(number):
                if not lane.queue.full():
                    lane.queue.put_nowait(None)  # wakes a worker that has nothing to do, so that it changes over

    def abandon(self) -> None:
        """Kill every worker, for the store that they read is damaged; those that follow find that out at once."""
        for process in list(self._processes):
            process.kill()

    @property
    def pids(self) -> tuple[int, ...]:
        """The ids of the worker processes."""
        return tuple(process.pid for process in self._processes)

    async def work(self, job: Job) -> Reply:
        """Have a job done; what goes wrong with it is told in the reply.

        When the caller is cancelled, its job is stopped.
        """
        mark = hashlib.sha256(pickle.dumps(job)).digest()
        check = isinstance(job, Check)
        seconds = self.limits.check_seconds if check else self.limits.seconds
        ticket = _Ticket(job, mark, seconds, asyncio.get_running_loop().create_future())
        lane = self._checks if check else self._heavy if mark in self._known else self._quick
        try:
            lane.queue.put_nowait(ticket)
        except asyncio.QueueFull:
            return problem(busy())
        return await ticket.reply

    async def _serve(self, lane: _Lane, ready: asyncio.Event) -> None:
        process: _Process | None = await self._started(lane)
        ready.set()
        while True:
            ticket = await lane.queue.get()
            if process is not None and process.located is not self.located:
                self._end(process)
                process = None
            if process is None:
                process = await self._again(lane)
            if ticket is None or ticket.reply.done():
                continue
            if process is None:
                ticket.reply.set_result(problem(failed() if self.located.intact() else damaged()))
                continue
            if not await self._turn(lane, process, ticket):
                self._end(process)
                self.replaced += 1
                process = None

    async def _again(self, lane: _Lane) -> _Process | None:
        """Start a process in place of one that has ended; None where it cannot be, after a while for things to mend."""
        try:
            return await self._started(lane)
        except _Gone:
            await asyncio.sleep(_PAUSE)
            return None

    async def _started(self, lane: _Lane) -> _Process:
        loop = asyncio.get_running_loop()
        process = await loop.run_in_executor(self._threads, _Process, self.located, self.limits, lane)
        self._processes.add(process)
        return process

    def _end(self, process: _Process) -> None:
        process.kill()
        self._processes.discard(process)

    async def _turn(self, lane: _Lane, process: _Process, ticket: _Ticket) -> bool:
        """Have a process do a job; say whether the process can go on."""
        loop = asyncio.get_running_loop()
        begun, worked = loop.time(), process.worked()
        working = asyncio.ensure_future(loop.run_in_executor(self._threads, process.ask, ticket.job))
        waits: set[asyncio.Future[Reply]] = {working, ticket.reply}
        while True:
            left = begun + ticket.seconds - loop.time()
            await asyncio.wait(waits, timeout=min(_SLICE, max(left, 0)), return_when=asyncio.FIRST_COMPLETED)
            took = loop.time() - begun
            if working.done():
                return self._finished(lane, process, ticket, working, took)
            crowded = not lane.heavy and not lane.queue.empty() and _is_heavy(took, worked, process.worked())
            if ticket.reply.done() or left <= 0 or crowded:
                break
        process.kill()
        await asyncio.wait({working})
        working.exception()  # looked at, so that nobody complains
        if ticket.reply.done():  # whoever asked has gone
            return False
        self._remember(ticket.mark)
        if left <= 0:
            ticket.reply.set_result(problem(too_long(ticket.seconds)))
        else:
            self._hand_over(ticket)
        return False

    def _finished(
        self, lane: _Lane, process: _Process, ticket: _Ticket, working: asyncio.Future[Reply], took: float
    ) -> bool:
        try:
            reply = working.result()
        except _Gone:
            return self._lost(lane, process, ticket)
        if took < _SLICE:
            self._known.pop(ticket.mark, None)
        if not ticket.reply.done():
            ticket.reply.set_result(reply)
        return reply.status != too_much_memory(0).status  # such a process ends by itself

    def _lost(self, lane: _Lane, process: _Process, ticket: _Ticket) -> bool:
        """Tell by how a process ended what came in its way: somebody's kill, which is made good once, or its limits."""
        if ticket.reply.done():
            return False
        ticket.lost += 1
        ended_by = process.signal
        if ended_by == _KILLED and ticket.lost == 1 and not lane.queue.full():
            lane.queue.put_nowait(ticket)
            return False
        self._remember(ticket.mark)
        error = too_much_memory(lane.memory) if ended_by in _OUT_OF_MEMORY else failed()
        ticket.reply.set_result(problem(error))
        return False

    def _hand_over(self, ticket: _Ticket) -> None:
        try:
            self._heavy.queue.put_nowait(ticket)
        except asyncio.QueueFull:
            error: IcsgraphError = busy()
            ticket.reply.set_result(problem(error))

    def _remember(self, mark: bytes) -> None:
        self._known[mark] = None
        self._known.move_to_end(mark)
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
