# SPDX-License-Identifier: Apache-2.0
"""The application on a socket: connections that are slow or half open are closed, and signals are heard."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Final
from urllib.parse import urlsplit

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from icsgraph.model.errors import ServeError
from icsgraph.web.app import application
from icsgraph.web.guard import LOOPBACK
from icsgraph.web.service import Service

_IDLE: Final = 5  # seconds that a connection is kept between requests
_ROOM: Final = 10  # connections that are kept free for those that ask at once
_FILES: Final = 65536
_STOPPING: Final = 10  # seconds that requests may go on for once the server is told to stop


@dataclass(frozen=True, slots=True)
class Place:
    """Where the service listens, and who may read it.

    Attributes:
        seen_at: the address by which the outside reaches it, where that is another one.
        origins: sites whose pages may read answers.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    seen_at: str = ""
    origins: tuple[str, ...] = ()

    @property
    def is_loopback(self) -> bool:
        """Whether nobody but this machine reaches it."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def hosts(self) -> frozenset[str]:
        """The names by which it may be called; none for any, where it is open to the outside anyway."""
        if not self.is_loopback:
            return frozenset()
        outside = urlsplit(self.seen_at).hostname
        return frozenset({*LOOPBACK, self.host, *([outside] if outside else [])})


def run(service: Service, place: Place, ready: Callable[[str], None]) -> None:
    """Serve until a signal says to stop.

    Args:
        ready: is told the address once requests are answered there.

    Raises:
        ServeError: E801, when the port cannot be had.
    """
    _allow_files()
    app = application(service, place.hosts, place.origins)
    patience, most = service.context.limits.patience, service.context.limits.connections
    config = uvicorn.Config(
        app, http=_patient(patience, most), ws="none", lifespan="on", access_log=False, log_level="warning",
        server_header=False, proxy_headers=False, limit_concurrency=most, backlog=min(most, 2048),
        timeout_keep_alive=_IDLE, timeout_graceful_shutdown=_STOPPING, h11_max_incomplete_event_size=1 << 16,
    )  # fmt: skip
    bound = _bound(place)
    with contextlib.closing(bound):
        server = _Server(config, service, ready)
        server.run(sockets=[bound])


def _allow_files() -> None:
    """Have as many files and connections open as the system lets a process have, instead of the few it begins with."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, _FILES)), hard))


def _bound(place: Place) -> socket.socket:
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    bound = socket.socket(family)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((place.host, place.port))
    except (OSError, OverflowError) as error:
        bound.close()
        where, mend = f"{place.host}:{place.port}", "Name another with --port, or stop what has it."
        raise ServeError("E801", where, f"cannot be listened on: {error}", mend) from error
    return bound


class _Server(uvicorn.Server):
    """Says where it is once it answers, and renews the store on SIGHUP."""

    def __init__(self, config: uvicorn.Config, service: Service, ready: Callable[[str], None]) -> None:
        super().__init__(config)
        self._service, self._ready = service, ready
        self._renewing: asyncio.Task[bool] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.started:
            return
        if hasattr(signal, "SIGHUP"):
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._renew)
        for each in sockets or ():
            host, port = each.getsockname()[:2]
            self._ready(f"http://{f'[{host}]' if ':' in host else host}:{port}/")

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop; being told to is no fault, so that the exit status stays 0."""
        del frame
        self.force_exit = self.force_exit or (self.should_exit and sig == signal.SIGINT)
        self.should_exit = True

    def _renew(self) -> None:
        self._renewing = asyncio.create_task(self._service.reload())


def _patient(patience: float, most: int) -> type[H11Protocol]:
    """Give a protocol that waits so long for a request's headers, and for a client to take what it is sent.

    Of ``most`` connections, those that have asked for nothing yet make room for new ones, the oldest first.
    """
    waiting: dict[H11Protocol, None] = {}  # in the order in which they began to wait

    class Patient(H11Protocol):
        _headers_by: asyncio.TimerHandle | None = None
        _taken_by: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            if len(self.connections) >= most - _ROOM and waiting:
                oldest = next(iter(waiting))
                del waiting[oldest]
                oldest.transport.abort()
            self._expect()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._expect()

        def on_response_complete(self) -> None:
            super().on_response_complete()
            self._expect()

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            waiting.pop(self, None)
            for timer in (self._headers_by, self._taken_by):
                if timer is not None:
                    timer.cancel()

        def pause_writing(self) -> None:
            super().pause_writing()
            self._await_taking(self.transport.get_write_buffer_size())

        def resume_writing(self) -> None:
            super().resume_writing()
            if self._taken_by is not None:
                self._taken_by.cancel()
                self._taken_by = None

        def _expect(self) -> None:
            """Begin to wait for a request, or go on with that; stop waiting once one is here."""
            working = self.cycle is not None and not self.cycle.response_complete
            if working and self._headers_by is not None:
                self._headers_by.cancel()
                self._headers_by = None
                waiting.pop(self, None)
            elif not working and self._headers_by is None and not self.transport.is_closing():
                waiting[self] = None
                self._headers_by = self.loop.call_later(patience, self.transport.abort)

        def _await_taking(self, before: int) -> None:
            def look() -> None:
                now = self.transport.get_write_buffer_size()
                if now >= before:
                    self.transport.abort()
                else:
                    self._await_taking(now)

            self._taken_by = self.loop.call_later(patience, look)

    return Patient
