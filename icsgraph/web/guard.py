# SPDX-License-Identifier: Apache-2.0
"""What stands around every request: whom it may come from, how slow and how large it may be, and headers for safety."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from icsgraph.web.errors import Refused, problem
from icsgraph.web.forms import STRICT
from icsgraph.web.jobs import Reply
from icsgraph.web.limits import Limits
from icsgraph.web.protocol import too_large

_SAFE: Final = {
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}  # fmt: skip
_EXPOSED: Final = (
    "ETag, Link, Content-Location, X-Icsgraph-Rows, X-Icsgraph-Triples, X-Icsgraph-Answers, X-Icsgraph-Findings, "
    "X-Icsgraph-Complete, X-Icsgraph-Why-Cut, X-Icsgraph-Query, X-Icsgraph-Data, X-Icsgraph-As-At"
)
_METHODS: Final = "GET, HEAD, POST, OPTIONS"
_TIMES: Final = 4  # as long as one piece of a body may take, the whole may take this many times
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1", "[::1]")


def response(reply: Reply) -> Response:
    """Give a reply as what Starlette sends."""
    return Response(reply.body, reply.status, dict(reply.headers), reply.media)


class Guard:
    """Wraps an application.

    Args:
        hosts: names by which the service may be called; none for any. A page elsewhere whose name leads to this
            machine cannot then read what is served here.
        origins: sites whose pages may read answers; ``*`` for any.
    """

    def __init__(self, app: ASGIApp, limits: Limits, hosts: Iterable[str], origins: Iterable[str]) -> None:
        self._app, self._limits = app, limits
        self._hosts, self._origins = frozenset(hosts), frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        guarded = _Guarded(self._limits, receive, send, self._headers(scope))
        host = Headers(scope=scope).get("host", "")
        if self._hosts and _name(host) not in self._hosts:
            mend = "Call it by the name it was started with, or start it with --address."
            refused = Refused(421, "E813", "Host", f"this service is not called {host[:80]!r}", mend)
            await response(problem(refused))(scope, receive, guarded.send)
        elif scope["method"] == "OPTIONS":
            await Response(status_code=204, headers={"Allow": _METHODS})(scope, receive, guarded.send)
        elif len(scope["raw_path"]) + len(scope["query_string"]) > self._limits.query_body:
            await response(problem(too_large(self._limits.query_body)))(scope, receive, guarded.send)
        else:
            await self._app(scope, guarded.receive, guarded.send)

    def _headers(self, scope: Scope) -> dict[str, str]:
        origin = Headers(scope=scope).get("origin", "")
        if not origin or not self._origins & {"*", origin}:
            return dict(_SAFE)
        allowed = "*" if "*" in self._origins else origin
        return _SAFE | {
            "Access-Control-Allow-Origin": allowed, "Access-Control-Allow-Methods": _METHODS,
            "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
            "Access-Control-Expose-Headers": _EXPOSED, "Access-Control-Max-Age": "86400", "Vary": "Origin",
        }  # fmt: skip


def _name(host: str) -> str:
    """The name of a host without its port."""
    return host if host.endswith("]") or ":" not in host else host.rpartition(":")[0]


class _Guarded:
    """One request: how much of its body has come, and since when."""

    def __init__(self, limits: Limits, receive: Receive, send: Send, headers: dict[str, str]) -> None:
        self._limits, self._receive, self._send, self._added = limits, receive, send, headers
        self._size, self._whole = 0, False
        self._until = asyncio.get_running_loop().time() + _TIMES * limits.patience

    async def receive(self) -> Message:
        """Give the next piece of the body; once it is whole, wait for the client to go.

        Raises:
            Refused: 408 when it does not come in time, 413 when it is too large.
        """
        if self._whole:
            return await self._receive()
        left = self._until - asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(max(min(self._limits.patience, left), 0)):
                message = await self._receive()
        except TimeoutError as error:
            what, mend = "what is posted does not come in time", "Send it at once."
            raise Refused(408, "E811", "body", what, mend, {"Connection": "close"}) from error
        self._whole = not message.get("more_body", False)
        self._size += len(message.get("body", b""))
        if self._size > self._limits.data_body:
            raise too_large(self._limits.data_body)
        return message

    async def send(self, message: Message) -> None:
        """Send a piece of the answer, with the headers that every answer has."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in self._added.items():
                if name == "Vary":
                    headers.add_vary_header(value)
                else:
                    headers.setdefault(name, value)
            headers.setdefault("Content-Security-Policy", STRICT)
        await self._send(message)
