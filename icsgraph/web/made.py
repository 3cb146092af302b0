# SPDX-License-Identifier: Apache-2.0
"""Documents that follow from the data alone, made once for each version of them, whatever the service is called."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Final

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool

from icsgraph.queries.about import About
from icsgraph.store.canonical import turtle
from icsgraph.web import api, description
from icsgraph.web.context import Context
from icsgraph.web.forms import triples_as

_ROOT: Final = "http://root.invalid"  # stands for the address of the service until a document is sent
_ADDRESS: Final = re.compile(r"https?://[\w.:\[\]-]+")


class Made:
    """Gives the documents. Making one takes part of a second, so it is done in a thread."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._kept: dict[tuple[str, str], tuple[str, bytes]] = {}

    async def service(self, form: str, root: str) -> bytes:
        """Give the description of the service in a form of RDF."""
        return await self._give("service", form, root, self._service)

    async def void(self, form: str, root: str) -> bytes:
        """Give the description of the data in a form of RDF."""
        return await self._give("void", form, root, self._void)

    async def openapi(self, root: str) -> bytes:
        """Give the description of the API."""
        return await self._give("openapi", "json", root, lambda _: _json(api.openapi(self._context, _ROOT)))

    async def queries(self) -> bytes:
        """Give the list of stored queries."""
        return await self._give("queries", "json", "", self._queries)

    async def _give(self, name: str, form: str, root: str, make: Callable[[str], bytes]) -> bytes:
        version = self._context.located.version
        have = self._kept.get((name, form))
        if have is None or have[0] != version:
            have = (version, await run_in_threadpool(make, form))
            self._context.make_sure()
            self._kept[name, form] = have
        told = root if _ADDRESS.fullmatch(root) else ""
        return have[1].replace(_ROOT.encode(), told.encode()) if told else have[1]

    def _service(self, form: str) -> bytes:
        context = self._context
        return self._written(form, list(description.service(f"{_ROOT}/sparql", context.located, context.library)))

    def _void(self, form: str) -> bytes:
        return self._written(form, list(description.void(_ROOT, self._context.located)))

    def _queries(self, _: str) -> bytes:
        return _json(api.listed(self._context.library, self._context.located.on_demand))

    def _written(self, form: str, triples: list[ox.Triple]) -> bytes:
        if form == "ttl":
            return turtle(triples).encode()
        whole = About(len(triples), "triples", True, "", "", self._context.located.version, self._context.day())
        return triples_as(form, triples, whole)


def _json(told: object) -> bytes:
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
