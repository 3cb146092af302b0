# SPDX-License-Identifier: Apache-2.0
"""The query page: stored queries with a form for their parameters, SPARQL of one's own, and the answer as a table."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from icsgraph.law.bodies import Resolver
from icsgraph.model.namespaces import BASE, PREFIXES
from icsgraph.queries import StoredQuery, bind
from icsgraph.queries.run import bound_text
from icsgraph.queries.stored import AS_AT, Parameter
from icsgraph.web.jobs import Ask, AskStored, Reply
from icsgraph.web.pages.statics import has_editor
from icsgraph.web.pages.visit import Pages, Visit

_ACCEPT: Final = "application/sparql-results+json, text/turtle;q=0.5"
_FORMS: Final = {"csv": "csv", "json": "json", "xml": "srx", "ttl": "ttl"}
_ROWS: Final = 500
_WORDS: Final = 200  # letters that are looked for among questions
_LETTERS: Final = 120_000  # of an answer that a page shows; the rest is for a download
_FIRST: Final = (
    "SELECT ?code ?board {\n  ?b a ics:IntegratedCareBoard ; ics:odsCode ?code ; rdfs:label ?board\n} LIMIT 50"
)
_TAKEN: Final = ("stored", "query", "run", "edit", "editor", "format", "words", "as-at")


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of an answer, and where it leads: empty where it is no address."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as the page shows it: rows of a table, the text of triples, or an error with what to do."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    number: int = 0
    whole: bool = True
    triples: str = ""
    wrong: str = ""
    mend: str = ""


def routes(pages: Pages) -> list[Route]:
    """Give the one route."""
    return [pages.waiting("/query", _query)]


async def _query(visit: Visit) -> Response:
    work, day = visit.pages.context.work, visit.day
    stored = await visit.pages.drawn_up(_stored, visit) if visit.given("stored") else None
    given = {name: value for name, value in visit.request.query_params.items() if name not in _TAKEN and value.strip()}
    text = visit.request.query_params.get("query", "")
    form = visit.given("format")
    shown = None
    if stored and visit.given("edit"):
        text, stored = await visit.pages.drawn_up(_as_text, visit, stored, given), None
    elif stored and (visit.given("run") or form):
        reply = await work(AskStored(stored.slug, given, form or "json", day, labels=True))
        if form:
            return _download(reply, stored.slug, form)
        shown = _shown(visit, reply)
    elif text.strip() and not visit.given("editor"):
        reply = await work(Ask(text, form, day, accept=_ACCEPT))
        if form:
            return _download(reply, "answer", form)
        shown = _shown(visit, reply)
    return await visit.pages.drawn_up(_page, visit, stored, given, text, shown)


def _stored(visit: Visit) -> StoredQuery:
    return visit.pages.context.library.get(visit.given("stored"))


def _as_text(visit: Visit, stored: StoredQuery, given: dict[str, str]) -> str:
    """The text of a stored query with its parameters put in, to go on from; as it is where some are missing."""
    lines = "\n".join(line for line in stored.text.splitlines() if not line.startswith("#"))
    if any(each.default is None and each.name not in given for each in stored.parameters):
        return lines
    resolvers = Resolver(visit.opened.store, visit.day).by_type()
    return bound_text(lines, bind(stored, given, visit.day, resolvers))


def _page(visit: Visit, stored: StoredQuery | None, given: dict[str, str], text: str, shown: Shown | None) -> Response:
    words = visit.given("words")[:_WORDS]
    library = visit.pages.kept("library", lambda: list(visit.pages.context.library))
    found = library if not words else visit.pages.context.library.search(words)
    families: dict[str, list[StoredQuery]] = {}
    for each in found:
        families.setdefault(each.family, []).append(each)
    status = 400 if shown and shown.wrong else 200
    return visit.page(
        "query.html", status, stored=stored, given=given, text=text or _FIRST, shown=shown, families=families,
        words=words, has_editor=has_editor(), editor=has_editor() and stored is None and bool(visit.given("editor")),
        prefixes=json.dumps(PREFIXES), terms=_terms(visit) if visit.given("editor") else "{}",
        fields=[_field(visit, each, given) for each in _asked(stored)],
        running=visit.request.query_params.multi_items(),
    )  # fmt: skip


def _terms(visit: Visit) -> str:
    """The classes and properties of the ontology, for completion."""
    terms = visit.pages.context.site().terms.values()
    kinds = {"class": ("class",), "property": ("object property", "datatype property", "annotation property")}
    return json.dumps({name: sorted(t.iri for t in terms if t.kind in kind) for name, kind in kinds.items()})


def _asked(stored: StoredQuery | None) -> list[Parameter]:
    """The parameters that a form asks for: the day is that of the page."""
    return [each for each in stored.parameters if each.default != AS_AT] if stored else []


def _field(visit: Visit, parameter: Parameter, given: dict[str, str]) -> dict[str, Any]:
    """A parameter as a field: its kind of input, what stands in it, and what may be chosen."""
    listed: dict[str, str] = {}
    if parameter.type == "board":
        listed = {row["code"]: row["board"] for row in visit.rows("boards-by-population")}
    elif parameter.type == "authority":
        listed = {row["code"]: row["name"] for row in _councils(visit, visit.day)}
    kinds = {"date": "date", "integer": "number"}
    return {
        "name": parameter.name, "type": kinds.get(parameter.type, "text"),
        "value": given.get(parameter.name, parameter.default or ""),
        "label": parameter.description or parameter.name, "listed": sorted(listed.items(), key=lambda each: each[1]),
    }  # fmt: skip


def _councils(visit: Visit, day: date) -> list[dict[str, str]]:
    from icsgraph.web.pages.grounds import councils_on

    return [{"code": place.code, "name": place.name} for place in councils_on(visit.pages.context, day)]


def _download(reply: Reply, name: str, form: str) -> Response:
    headers = dict(reply.headers)
    if reply.status == 200:
        headers["Content-Disposition"] = f'attachment; filename="{name}.{_FORMS.get(form, form)}"'
    return Response(reply.body, reply.status, headers, media_type=reply.media)


def _shown(visit: Visit, reply: Reply) -> Shown:
    if reply.status != 200:
        told = json.loads(reply.body)
        return Shown(wrong=f"{told['code']} {told['where']}: {told['title']}", mend=told["mend"])
    if "json" not in reply.media:
        body = reply.body.decode()
        return Shown(triples=body[:_LETTERS], whole=len(body) <= _LETTERS)
    document = json.loads(reply.body)
    if "boolean" in document:
        return Shown(("answer",), ((Cell("yes" if document["boolean"] else "no", ""),),), 1)
    columns, bindings = tuple(document["head"]["vars"]), document["results"]["bindings"]
    rows: list[tuple[Cell, ...]] = []
    letters = 0
    for binding in bindings[:_ROWS]:
        row = tuple(_cell(visit, binding.get(name)) for name in columns)
        letters += sum(len(cell.text) + len(cell.address) for cell in row)
        if rows and letters > _LETTERS:
            break
        rows.append(row)
    whole = len(rows) == len(bindings) and reply.headers.get("X-Icsgraph-Complete") != "false"
    return Shown(columns, tuple(rows), len(bindings), whole)


def _cell(visit: Visit, term: dict[str, str] | None) -> Cell:
    if term is None:
        return Cell("", "")
    value = str(term["value"])
    if term["type"] != "uri":
        return Cell(value, "")
    address = visit.here(value)
    if value.startswith(BASE):
        return Cell(value.removeprefix(BASE), address)
    return Cell(value, address)
