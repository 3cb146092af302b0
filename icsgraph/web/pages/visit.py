# SPDX-License-Identifier: Apache-2.0
"""What all pages share: the day asked about and kept through links, templates, stored queries, and errors as pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from threading import Lock, RLock
from typing import Any, Final, TypeVar, TypeVarTuple
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from icsgraph.law.bodies import Resolver
from icsgraph.model.errors import IcsgraphError, LookupFailed
from icsgraph.model.namespaces import BASE
from icsgraph.queries import ask, bind
from icsgraph.queries.values import text
from icsgraph.store.opened import Opened
from icsgraph.web.context import Context
from icsgraph.web.days import GEOGRAPHIES, in_words
from icsgraph.web.errors import Refused
from icsgraph.web.turns import Turns

_KEPT: Final = 48
_SECONDS: Final = 30.0  # that drawing up a page may take: a part of one, unless the machine has much else to do
_NOT_THERE: Final = ("E401", "E404", "E420", "E422", "E211")
_Made = TypeVar("_Made")
_Given = TypeVarTuple("_Given")
Row = dict[str, str]


class Pages:
    """The pages of one graph: templates, and what is made once for each version of the data."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._kept: dict[tuple[str, str], object] = {}
        self._making: dict[tuple[str, str], RLock] = {}
        self._lock = Lock()
        limits = context.limits
        self._turns = Turns(max(limits.workers, 2), limits.waiting, _SECONDS)
        context.reading = lambda: self._turns.running
        self._environment = Environment(
            loader=PackageLoader("icsgraph.web.pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip
        self._environment.filters.update(number=_number, percent=_percent, web=_web, day=in_words)

    def kept(self, name: str, make: Callable[[], _Made]) -> _Made:
        """Give what was made under a name from the data that is served now; make it where it was not.

        What was used last is kept longest, and no more than some dozens of things: names may hold what visitors ask.
        Of those who want one thing at once, one makes it; nobody waits who wants another.
        """
        key = (str(self.context.located.path), name)
        with self._lock:
            if key in self._kept:
                return self._used(key)  # type: ignore[return-value]  # what ``make`` gave under this name
            making = self._making.setdefault(key, RLock())
        with making:
            with self._lock:
                if key in self._kept:
                    return self._used(key)  # type: ignore[return-value]
            made = make()
            with self._lock:
                self._kept[key] = made
                self._making.pop(key, None)
                if len(self._kept) > _KEPT:
                    del self._kept[next(iter(self._kept))]
        return made

    def _used(self, key: tuple[str, str]) -> object:
        self._kept[key] = self._kept.pop(key)
        return self._kept[key]

    def template(self, name: str, values: Mapping[str, Any]) -> str:
        """Fill in a template; every value is escaped."""
        lines = self._environment.get_template(name).render(**values).splitlines()
        return "\n".join(line.strip() if "<" in line else line for line in lines if line.strip()) + "\n"

    def route(self, path: str, view: Callable[[Visit], Response]) -> Route:
        """Give a route for reading a page; an error that a visitor can mend becomes a page that says how."""

        async def answer(request: Request) -> Response:
            return await self.drawn_up(_answered, Visit(self, request), view)

        return Route(path, answer, methods=["GET"])

    def waiting(
        self, path: str, view: Callable[[Visit], Awaitable[Response]], methods: tuple[str, ...] = ("GET",)
    ) -> Route:
        """Give a route for a page that waits for a worker."""

        async def answer(request: Request) -> Response:
            visit = Visit(self, request)
            try:
                return await view(visit)
            except IcsgraphError as error:
                return await self.drawn_up(visit.refused, error)

        return Route(path, answer, methods=list(methods))

    async def drawn_up(self, draw: Callable[[*_Given], _Made], *given: *_Given) -> _Made:
        """Draw up a page or a part of it in one of a few threads; the server goes on with others meanwhile.

        There are as many threads as workers, so that pages take turns among themselves and leave the rest of the
        machine to queries; beyond a number that wait, further ones are turned away.

        Raises:
            Refused: 503, E808 when as many wait as may, E542 when the store was changed under the service; 504 E806.
        """
        self.context.make_sure()
        made = await self._turns.take(partial(draw, *given))
        self.context.make_sure()
        return made


def _answered(visit: Visit, view: Callable[[Visit], Response]) -> Response:
    try:
        return view(visit)
    except IcsgraphError as error:
        return visit.refused(error)


@dataclass
class Visit:
    """One request for a page."""

    pages: Pages
    request: Request

    @cached_property
    def day(self) -> date:
        """The day as at which to answer."""
        return self.pages.context.day(self.given("as-at") or None)

    @cached_property
    def opened(self) -> Opened:
        """The graph as at the day; not to be asked for from a coroutine."""
        return self.pages.context.opened(self.day)

    def given(self, name: str) -> str:
        """Give a parameter of the address, without blanks around it; empty where there is none."""
        return self.request.query_params.get(name, "").strip()

    def rows(self, slug: str, day: date | None = None, **parameters: str) -> list[Row]:
        """Run a stored query as at the day, and give its rows as text; what is unbound is empty."""
        as_at = day or self.day
        opened = self.pages.context.opened(as_at)
        query = self.pages.context.library.get(slug)
        bound = bind(query, parameters, as_at, Resolver(opened.store, as_at).by_type())
        answer = ask(opened.store, query.text, bound, where=slug)
        return [{n: text(t) or "" for n, t in zip(answer.columns, row, strict=True)} for row in answer.rows]

    def link(self, path: str, **parameters: str) -> str:
        """Give the address of a page with the day that this visit is for; ``as_at`` sets another day."""
        as_at = parameters.pop("as_at", self.given("as-at"))
        given = {name: value for name, value in parameters.items() if value} | ({"as-at": as_at} if as_at else {})
        return quote(path) + (f"?{urlencode(given)}" if given else "")

    def here(self, iri: str) -> str:
        """Give the address at which a thing is shown: here for things of icsgraph, else its own."""
        if iri.startswith(BASE):
            return self.link("/" + iri.removeprefix(BASE))
        return _web(iri)

    def page(self, template: str, status: int = 200, **values: Any) -> Response:  # noqa: ANN401
        """Give a page made of a template of this folder."""
        try:
            day = self.day
        except LookupFailed:  # the page that says so is as at the usual day
            day = self.pages.context.day()
        kept = [(n, v) for n, v in self.request.query_params.multi_items() if n != "as-at" and v]
        values |= {
            "link": self.link, "here": self.here, "day": day.isoformat(), "path": self.request.url.path, "kept": kept,
            "geographies": GEOGRAPHIES, "on_day": self.on_day, "visit": self,
        }  # fmt: skip
        return HTMLResponse(self.pages.template(template, values), status)

    def on_day(self, as_at: str) -> str:
        """Give the address of this page as at another day."""
        given = [(n, v) for n, v in self.request.query_params.multi_items() if n != "as-at" and v]
        return f"{quote(self.request.url.path)}?{urlencode([*given, ('as-at', as_at)])}"

    def refused(self, error: IcsgraphError, near: Sequence[tuple[str, str]] = ()) -> Response:
        """Give the page that says what is wrong with a request, and what to do; ``near`` are names and addresses."""
        status = error.status if isinstance(error, Refused) else 404 if error.code in _NOT_THERE else 400
        headers = error.headers if isinstance(error, Refused) else {}
        answer = self.page("refused.html", status, error=error, near=near, found=status != 404)
        answer.headers.update({"Cache-Control": "no-store", **headers})
        return answer


def _number(value: str | int | float) -> str:
    return f"{round(float(value)):,}" if value != "" else ""


def _web(iri: str) -> str:
    """An address of the web as it is; nothing for any other, which a link must not lead to."""
    return iri if iri.startswith(("http://", "https://")) else ""


def _percent(value: str | float) -> str:
    if value == "":
        return ""
    share = float(value) * 100
    return f"{share:.0f}%" if share >= 1 or share == 0 else f"{share:.2f}%"
