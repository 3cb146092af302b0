# SPDX-License-Identifier: Apache-2.0
"""What all pages share: the day asked about and kept through links, templates, stored queries, and errors as pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from threading import RLock
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
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
from icsgraph.web.errors import Refused

GEOGRAPHIES: Final = {
    "2022-07-01": "the first boards",
    "2023-04-01": "counties and Chichester",
    "2026-04-01": "42 boards become 36",
}
_KEPT: Final = 48
_NOT_THERE: Final = ("E401", "E404", "E420", "E422", "E211")
_Made = TypeVar("_Made")
Row = dict[str, str]


class Pages:
    """The pages of one graph: templates, and what is made once for each version of the data."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._kept: dict[tuple[str, str], object] = {}
        self._lock = RLock()
        self._environment = Environment(
            loader=PackageLoader("icsgraph.web.pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip
        self._environment.filters.update(number=_number, percent=_percent, web=_web)

    def kept(self, name: str, make: Callable[[], _Made]) -> _Made:
        """Give what was made under a name from the data that is served now; make it where it was not.

        What was used last is kept longest, and no more than some dozens of things: names may hold what visitors ask.
        """
        key = (self.context.located.version, name)
        with self._lock:
            made = self._kept.pop(key) if key in self._kept else make()
            self._kept[key] = made
            if len(self._kept) > _KEPT:
                del self._kept[next(iter(self._kept))]
        return made  # type: ignore[return-value]  # what ``make`` gave under this name

    def template(self, name: str, values: Mapping[str, Any]) -> str:
        """Fill in a template; every value is escaped."""
        lines = self._environment.get_template(name).render(**values).splitlines()
        return "\n".join(line.strip() if "<" in line else line for line in lines if line.strip()) + "\n"

    def route(self, path: str, view: Callable[[Visit], Response]) -> Route:
        """Give a route for reading a page; an error that a visitor can mend becomes a page that says how."""

        def answer(request: Request) -> Response:
            visit = Visit(self, request)
            try:
                return view(visit)
            except IcsgraphError as error:
                return visit.refused(error)

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
                return await run_in_threadpool(visit.refused, error)

        return Route(path, answer, methods=list(methods))


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
            "geographies": GEOGRAPHIES, "visit": self,
        }  # fmt: skip
        return HTMLResponse(self.pages.template(template, values), status)

    def on_day(self, as_at: str) -> str:
        """Give the address of this page as at another day."""
        given = [(n, v) for n, v in self.request.query_params.multi_items() if n != "as-at" and v]
        return f"{quote(self.request.url.path)}?{urlencode([*given, ('as-at', as_at)])}"

    def refused(self, error: IcsgraphError) -> Response:
        """Give the page that says what is wrong with a request, and what to do."""
        status = error.status if isinstance(error, Refused) else 404 if error.code in _NOT_THERE else 400
        return self.page("refused.html", status, error=error)


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
