# SPDX-License-Identifier: Apache-2.0
"""The application: addresses to what answers them."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import hashlib
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from icsgraph.model.errors import IcsgraphError
from icsgraph.model.namespaces import BASE
from icsgraph.web import api, pages, protocol
from icsgraph.web.checking import SYNTAXES
from icsgraph.web.context import Context
from icsgraph.web.errors import PROBLEM, Refused, failed, problem, refusal, status_of
from icsgraph.web.guard import Guard, response
from icsgraph.web.jobs import AskStored, Check, Describe, Job, Reply
from icsgraph.web.made import Made
from icsgraph.web.negotiate import REPORTS, THINGS, TRIPLES, choose
from icsgraph.web.pages.lost import lost
from icsgraph.web.pages.visit import Pages, Visit
from icsgraph.web.sent import MOST_FILES, Sent, ending, looked_over, safe_name
from icsgraph.web.service import Service

_KINDS: Final = ("id", "def", "scheme", "statement", "norm", "constraint", "shape", "query", "graph")
_ENDINGS: Final = {"html": "html", "ttl": "ttl", "jsonld": "jsonld", "nt": "nt", "rdf": "rdfxml"}
_CHECK: Final = ("format", "as-at", "constraint", "kind", "background", "name")
_FOR_PROGRAMS: Final = ("/api/", "/validate", "/healthz", "/.well-known/")
_JSON: Final = "application/json"
_LARGE: Final = 1 << 16  # bytes from which on compressing is left to a thread
_LEVEL: Final = 5  # of gzip
_NEW: Final = "no-cache"  # may be kept, and is to be asked about before it is used again


def application(service: Service, hosts: Iterable[str], origins: Iterable[str]) -> ASGIApp:
    """Put the application together.

    Args:
        hosts: names by which it may be called; none for any.
        origins: sites whose pages may read answers.
    """
    drawn = Pages(service.context)
    answers = _Answers(service, drawn)

    @contextlib.asynccontextmanager
    async def running(_: Starlette) -> AsyncIterator[None]:
        await service.start()
        warming = asyncio.create_task(_warm(drawn))
        try:
            yield
        finally:
            warming.cancel()
            await service.stop()

    app = Starlette(
        routes=[*answers.routes(), *pages.routes(drawn)], lifespan=running,
        middleware=[Middleware(GZipMiddleware, minimum_size=800, compresslevel=_LEVEL)],
        exception_handlers={IcsgraphError: answers.told, HTTPException: answers.told, 500: _failed},
    )  # fmt: skip
    return Guard(app, service.context.limits, hosts, origins)


class _Answers:
    """What answers each address that is no page."""

    def __init__(self, service: Service, drawn: Pages) -> None:
        self._service, self._context, self._pages = service, service.context, drawn
        self._made = Made(service.context)

    def routes(self) -> list[Route]:
        things = [Route(f"/{kind}/{{rest:path}}", self.thing) for kind in _KINDS]
        return [
            Route("/sparql", self.sparql, methods=["GET", "POST"]),
            Route("/.well-known/void", self.void),
            Route("/healthz", self.health),
            Route("/api/openapi.json", self.openapi),
            Route("/api/queries", self.queries),
            Route("/api/queries/{slug}", self.query),
            Route("/validate", self.validate, methods=["POST"]),
            *things,
        ]

    async def sparql(self, request: Request) -> Response:
        """The SPARQL protocol."""
        job = await protocol.asked(request, self._context)
        if job is not None:
            return await self._answered(request, job)
        accept, named = request.headers.get("accept", ""), request.query_params.get("format", "")
        if not named and "text/html" in accept and choose(THINGS, accept) == "html":
            return RedirectResponse("/query", 303)
        form = choose(TRIPLES, accept, named)
        return self._kept(request, await self._made.service(form, self._root(request)), TRIPLES[form])

    async def void(self, request: Request) -> Response:
        """What the data are, in VoID."""
        form = choose(TRIPLES, request.headers.get("accept", ""), request.query_params.get("format", ""))
        return self._kept(request, await self._made.void(form, self._root(request)), TRIPLES[form])

    async def health(self, request: Request) -> Response:
        """Whether the service answers, and with which data."""
        del request
        pool = self._service.pool
        told = {
            "status": "ok", "data": self._context.located.version, "workers": len(pool.pids), "replaced": pool.replaced
        }  # fmt: skip
        return Response(f"{json.dumps(told, indent=1)}\n", headers={"Cache-Control": "no-store"}, media_type=_JSON)

    async def openapi(self, request: Request) -> Response:
        """The description of the API."""
        return self._kept(request, await self._made.openapi(self._root(request)), _JSON)

    async def queries(self, request: Request) -> Response:
        """The list of stored queries."""
        return self._kept(request, await self._made.queries(), _JSON)

    async def query(self, request: Request) -> Response:
        """The answer of a stored query."""
        given = protocol.read_pairs(request.url.query)
        own = {name: value for name, value in given if name not in api.RESERVED}
        named = {name: value for name, value in given if name in api.RESERVED}
        if len(own) + len(named) != len(given):
            raise Refused(400, "E805", "parameters", "one of them is given twice", "Give each once.")
        labels = _yes(named, "labels", "no")
        job = AskStored(
            request.path_params["slug"], own, named.get("format", ""), self._context.day(named.get("as-at")),
            request.headers.get("accept", ""), labels,
        )  # fmt: skip
        return await self._answered(request, job)

    async def validate(self, request: Request) -> Response:
        """The report on posted records, of which nothing is kept."""
        given = protocol.read_pairs(request.url.query)
        named = {name: value for name, value in given if name != "constraint"}
        unknown = sorted(set(named) - set(_CHECK))
        if unknown:
            raise Refused(400, "E805", unknown[0][:40], "there is no such parameter", f"Use {', '.join(_CHECK)}.")
        kind = named.get("kind", "report")
        if kind not in ("report", "summary", "sheet"):
            raise Refused(400, "E805", "kind", f"there is no kind {kind[:40]!r}", "Use report, summary or sheet.")
        form = choose(REPORTS, request.headers.get("accept", ""), named.get("format", ""))
        day, background = self._context.day(named.get("as-at")), _yes(named, "background", "yes")
        constraints = tuple(value for name, value in given if name == "constraint")
        files = await self._posted(request, named.get("name", ""))
        job = Check(files, form, day, constraints, background, kind == "sheet", kind == "summary")
        return response(await self._done(request, job))

    async def _posted(self, request: Request, name: str) -> Sent:
        """The files that a request brings: a form of them, or one as the body, called what ``name`` says."""
        syntax, most = protocol.media_type(request), self._context.limits.data_body
        if syntax == "multipart/form-data":
            try:
                async with request.form(max_files=MOST_FILES, max_fields=0) as form:
                    files = await protocol.sent_files(form, most)
            except HTTPException as error:
                raise Refused(400, "E830", "the form", error.detail, "Send files alone, each as a part.") from error
            if not files:
                raise Refused(400, "E830", "the form", "no file came with it", "curl -F file=@records.ttl sends one.")
            return looked_over(files)
        if syntax not in SYNTAXES:
            what = f"records are not posted as {syntax[:80] or 'nothing in particular'}"
            mend = f"Use multipart/form-data, or one of {', '.join(SYNTAXES)}."
            raise Refused(415, "E805", "Content-Type", what, mend)
        suffix = SYNTAXES[syntax]
        if suffix in (".csv", ".tsv") and not name:
            mend = "Add name=members.csv, or what else the sheet is called, or send a form: curl -F file=@members.csv."
            raise Refused(400, "E541", "name", "the name of a table says which sheet it is, and none is given", mend)
        called = safe_name(name or "posted")
        called += "" if ending(called) == suffix else suffix
        return ((called, await protocol.read_bytes(request, most)),)

    async def thing(self, request: Request) -> Response:
        """What an IRI names."""
        path = request.scope["raw_path"].decode("ascii", "replace").partition("?")[0].lstrip("/")
        ending = path.rpartition(".")[2] if "." in path.rpartition("/")[2] and not path.startswith("graph/") else ""
        named = request.query_params.get("format", "")
        if ending in _ENDINGS:
            path, named = path.removesuffix(f".{ending}"), named or _ENDINGS[ending]
        form = choose(THINGS, request.headers.get("accept", "") or "text/turtle", named)
        as_at = request.query_params.get("as-at")
        job = Describe(BASE + path, form, self._context.day(as_at), dated=bool(as_at))
        answer = await self._answered(request, job)
        if answer.status_code == 200:
            answer.headers["Link"] = f'<{BASE}{path}>; rel="about", <{self._root(request)}/sparql>; rel="service"'
            if not path.startswith("graph/"):
                answer.headers["Content-Location"] = f"/{path}.{form if form != 'rdfxml' else 'rdf'}"
        return answer

    async def _answered(self, request: Request, job: Job) -> Response:
        """Have a job done, unless the client has the answer already."""
        tag = _tag(self._context, repr(job))
        if _has(request, tag):
            return Response(status_code=304, headers={"ETag": tag, "Vary": "Accept"})
        reply = await self._done(request, job)
        if reply.media == PROBLEM and _reads_pages(request):
            return await self.told(request, refusal(reply))
        answer = response(reply)
        if answer.status_code == 200 and answer.headers.get("cache-control") != "no-store":
            if answer.headers.get("x-icsgraph-data") == self._context.located.version:
                answer.headers["ETag"] = tag
            answer.headers.setdefault("Cache-Control", _NEW)
        answer.headers.add_vary_header("Accept")
        return await _packed(request, answer)

    async def _done(self, request: Request, job: Job) -> Reply:
        """Have a job done while the client waits; it is stopped when the client goes."""
        working = asyncio.create_task(self._context.work(job))
        leaving = asyncio.create_task(_gone(request))
        try:
            await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                return working.result()
            return Reply(499, "text/plain", b"")  # nobody reads it
        finally:
            for task in (working, leaving):
                task.cancel()
            await asyncio.gather(working, leaving, return_exceptions=True)

    async def told(self, request: Request, error: Exception) -> Response:
        """Turn an error into its document, and for a browser into a page."""
        if isinstance(error, HTTPException):
            error = _as_refused(error)
        if not isinstance(error, IcsgraphError):
            raise error
        if not _reads_pages(request):
            return response(problem(error))
        visit = Visit(self._pages, request)
        try:
            draw = lost if status_of(error) == 404 else Visit.refused
            return await self._pages.drawn_up(draw, visit, error)
        except IcsgraphError:  # a day that is none, or too many who wait
            return response(problem(error))

    def _kept(self, request: Request, body: bytes, media: str) -> Response:
        """Give what follows from the data alone, unless the client has it already."""
        tag = _tag(self._context, hashlib.sha256(body).hexdigest())
        if _has(request, tag):
            return Response(status_code=304, headers={"ETag": tag, "Vary": "Accept"})
        headers = {
            "ETag": tag, "Cache-Control": _NEW, "X-Icsgraph-Data": self._context.located.version, "Vary": "Accept",
            "X-Icsgraph-Complete": "true", "X-Icsgraph-As-At": self._context.day().isoformat(),
        }  # fmt: skip
        return Response(body, headers=headers, media_type=media)

    def _root(self, request: Request) -> str:
        return self._context.seen_at or f"{request.url.scheme}://{request.url.netloc}"


async def _packed(request: Request, answer: Response) -> Response:
    """Compress a large answer in a thread, so that others do not wait for it; small ones are left to the middleware."""
    if len(answer.body) < _LARGE or "gzip" not in request.headers.get("accept-encoding", ""):
        return answer
    answer.body = await run_in_threadpool(gzip.compress, bytes(answer.body), _LEVEL, mtime=0)
    answer.headers.update({"Content-Encoding": "gzip", "Content-Length": str(len(answer.body))})
    answer.headers.add_vary_header("Accept-Encoding")
    return answer


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _reads_pages(request: Request) -> bool:
    """Whether whoever asks reads pages: a browser, at an address that is not for programs alone."""
    accept = request.headers.get("accept", "")
    if "text/html" not in accept or request.url.path.startswith(_FOR_PROGRAMS):
        return False
    with contextlib.suppress(Refused):
        return choose(THINGS, accept) == "html"
    return False


def _as_refused(error: HTTPException) -> Refused:
    headers = dict(error.headers or {})
    if error.status_code == 405:
        mend = "Use GET, or POST where it says so."
        return Refused(405, "E815", "method", "there is no such method here", mend, headers)
    what = "there is nothing at this address" if error.status_code == 404 else error.detail
    mend = "Look at /sparql, /api/queries or the start page."
    return Refused(error.status_code, "E812", "address", what, mend, headers)


async def _warm(drawn: Pages) -> None:
    """Make what takes longest to make before the first visitor asks for it."""
    with contextlib.suppress(IcsgraphError):
        await drawn.drawn_up(pages.warm, drawn)


def _tag(context: Context, what: str) -> str:
    """A weak tag: the same question to the same data has the same answer, in whatever order or encoding."""
    told = f"{context.located.version} {context.limits.rows} {what}"
    return f'W/"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


def _has(request: Request, tag: str) -> bool:
    if request.method not in ("GET", "HEAD"):
        return False
    return tag in [each.strip() for each in request.headers.get("if-none-match", "").split(",")]


def _yes(named: Mapping[str, str], name: str, usual: str) -> bool:
    value = named.get(name, usual)
    if value not in ("yes", "no"):
        raise Refused(400, "E805", name, f"{value[:40]!r} is neither yes nor no", "Say yes or no.")
    return value == "yes"


async def _failed(request: Request, error: Exception) -> Response:
    """Say that the service failed, and nothing of how: that goes to its log."""
    del request, error
    return response(problem(failed()))
