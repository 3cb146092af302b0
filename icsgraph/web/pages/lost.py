# SPDX-License-Identifier: Apache-2.0
"""An address at which there is nothing to a page that says so, with pages and things of nearly that name."""

from __future__ import annotations

import difflib
import re
from typing import Final
from urllib.parse import unquote

from starlette.responses import Response

from icsgraph.law.find import find
from icsgraph.model.errors import IcsgraphError
from icsgraph.model.namespaces import BASE
from icsgraph.store.select import text
from icsgraph.web.pages.start import address_of
from icsgraph.web.pages.visit import Visit

_PAGES: Final = {
    "/": "First page", "/search": "Search", "/systems": "Systems", "/map": "Map", "/guidance/2024": "Guidance of 2024",
    "/guidance/2022": "Guidance of 2022", "/guidance/changes": "Both editions of the guidance, side by side",
    "/check": "Check your data", "/query": "Query", "/ontology/": "The ontology", "/sparql": "The SPARQL endpoint",
    "/api/queries": "Stored queries as an API", "/.well-known/void": "What the data are, in VoID",
}  # fmt: skip
_FOLDER: Final = re.compile(r"[a-z]+(/[\w.-]+)*", re.ASCII)
_ALIKE: Final = 0.6
_MOST: Final = 5
_LETTERS: Final = 80


def lost(visit: Visit, error: IcsgraphError) -> Response:
    """Draw up the page for an error at an address that names nothing."""
    path = unquote(visit.request.url.path)[:200]
    alike = difflib.get_close_matches(path.lower().rstrip("/"), _PAGES, n=2, cutoff=_ALIKE)
    near = [(each, f"/{each}") for each in _siblings(visit, path)]
    words = re.sub(r"[\W_]+", " ", path.rstrip("/").rpartition("/")[2])[:_LETTERS].strip()
    hits = find(visit.opened, words, limit=_MOST) if words and not near else []
    things = [(f"{hit.entry.label or hit.entry.text} ({hit.entry.kind})", address_of(visit, hit)) for hit in hits]
    return visit.refused(error, [*((_PAGES[each], visit.link(each)) for each in alike), *near, *things])


def _siblings(visit: Visit, path: str) -> list[str]:
    """Give the things below the same folder whose names are much like the one that was asked for."""
    folder, _, name = path.strip("/").rpartition("/")
    if not _FOLDER.fullmatch(folder):
        return []
    begins = f'FILTER(STRSTARTS(STR(?s), "{BASE}{folder}/"))'
    rows = visit.pages.context.select(f"SELECT DISTINCT ?s WHERE {{ ?s a ?kind {begins} }}")
    names = [text(row["s"]).removeprefix(f"{BASE}{folder}/") for row in rows]
    return [f"{folder}/{each}" for each in difflib.get_close_matches(name, names, n=3, cutoff=0.8)]
