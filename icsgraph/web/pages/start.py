# SPDX-License-Identifier: Apache-2.0
"""The first page: what this is, three questions answered from the graph, its figures; and the search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from icsgraph.guidance.diff import KINDS
from icsgraph.law.find import find
from icsgraph.model.dates import OPEN_END, OPEN_START
from icsgraph.queries.search import Hit
from icsgraph.store.select import text
from icsgraph.web.days import in_words
from icsgraph.web.negotiate import THINGS, choose
from icsgraph.web.pages.visit import Pages, Row, Visit

_CHANGES: Final = "SELECT ?change ?kind WHERE { ?change a ics:Change ; ics:hasNormChange ?kind }"
_CONSTRAINTS: Final = "SELECT DISTINCT ?c WHERE { ?c a ics:Constraint }"
_STATEMENTS: Final = "SELECT DISTINCT ?s WHERE { ?s a ics:Statement }"
_VALID: Final = """SELECT ?x ?first ?last WHERE {{ VALUES ?x {{ {0} }}
  ?x ics:latestFirstDay ?first ; ics:earliestLastDay ?last }}"""
_MOST: Final = 30
_SHOWN: Final = ("integrated care board", "integrated care partnership", "NHS trust", "NHS foundation trust")


def routes(pages: Pages) -> list[Route]:
    """Give the routes of the first page and of the search."""
    return [pages.route("/", _start), pages.route("/search", _search)]


def _start(visit: Visit) -> Response:
    accept = visit.request.headers.get("accept", "")
    if accept and choose(THINGS, accept) != "html":  # whoever follows the IRI of the whole for data
        return RedirectResponse("/.well-known/void", 303)
    shared: dict[str, list[Row]] = {}
    for row in visit.rows("authorities-in-several-systems"):
        shared.setdefault(row["authority"], []).append(row)
    copies = next(iter(visit.rows("neighbouring-copies-counted")), None)
    kinds = {row["kind"]: row["bodies"] for row in visit.rows("bodies-by-kind")}
    most = max(shared.items(), key=lambda each: len(each[1]), default=None)
    return visit.page(
        "start.html", copies=copies, shared=shared, most=most,
        changes=_changes(visit.pages), kinds={kind: kinds[kind] for kind in _SHOWN if kind in kinds},
        triples=len(visit.opened.store), constraints=len(visit.pages.context.select(_CONSTRAINTS)),
        questions=len(visit.pages.context.library), statements=len(visit.pages.context.select(_STATEMENTS)),
    )  # fmt: skip


def _changes(pages: Pages) -> Counter[str]:
    """How many changes of the guidance have each kind as their gravest."""
    kinds: dict[str, list[str]] = {}
    for row in pages.context.select(_CHANGES):
        kinds.setdefault(text(row["change"]), []).append(text(row["kind"]).rpartition("/")[2])
    return Counter(min(each, key=KINDS.index) for each in kinds.values())


def _search(visit: Visit) -> Response:
    words = visit.given("words")[:200]
    hits = find(visit.opened, words, limit=_MOST + 1) if words else []
    held = _held(visit, [hit.entry.iri for hit in hits[:_MOST]])
    shown = [(hit, address_of(visit, hit), held.get(hit.entry.iri, "")) for hit in hits[:_MOST]]
    return visit.page("search.html", words=words, shown=shown, more=len(hits) > _MOST)


def _held(visit: Visit, iris: Sequence[str]) -> dict[str, str]:
    """Say of things that begin or end from when to when they hold: that tells those of one name apart."""
    values = " ".join(f"<{iri}>" for iri in iris)
    found = {}
    for row in visit.pages.context.select(_VALID.format(values)):
        first, last = text(row["first"]), text(row["last"])
        parts = (f"from {in_words(first)}" if first != OPEN_START.isoformat() else "",
                 f"to {in_words(last)}" if last != OPEN_END.isoformat() else "")  # fmt: skip
        found[text(row["x"])] = " ".join(filter(None, parts))
    return found


def address_of(visit: Visit, hit: Hit) -> str:
    """Give where a thing is shown: the system's page for a board and its partnership, else the thing's own."""
    kind, _, code = hit.entry.iri.rpartition("/")
    if kind.endswith(("/id/icb", "/id/icp")):
        return visit.link(f"/system/{code}")
    return visit.here(hit.entry.iri)
