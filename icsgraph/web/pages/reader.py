# SPDX-License-Identifier: Apache-2.0
"""The guidance as a reader meets it: statements by section, filtered; and both editions side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from icsgraph.guidance.diff import KINDS, read_diff
from icsgraph.guidance.statements import (
    SECTION_MARK,
    STRENGTHS,
    Filters,
    Statement,
    editions,
    read_statements,
    role_labels,
    unknown,
)
from icsgraph.model.namespaces import ICSC, ICSS, NORM, SCHEME
from icsgraph.store.select import rows, text
from icsgraph.web.pages.visit import Pages, Visit
from icsgraph.web.things import shapes_store

_TOPICS: Final = f"SELECT ?x ?l WHERE {{ ?x skos:inScheme <{SCHEME}topic> ; skos:prefLabel ?l }}"
_PROVISIONS: Final = """SELECT ?id ?l ?section ?pin WHERE { ?p a ics:Provision ; dcterms:identifier ?id ;
  rdfs:label ?l . OPTIONAL { ?p ics:atSection ?section } OPTIONAL { ?p ics:atPinpoint ?pin } }"""
_SHAPES: Final = "SELECT ?c (MIN(?shape) AS ?s) { ?shape a sh:NodeShape ; dcterms:conformsTo ?c } GROUP BY ?c"
_ENFORCED: Final = "SELECT ?norm ?c WHERE { ?c a ics:Constraint ; ics:enforces ?norm } ORDER BY ?c"


@dataclass(frozen=True, slots=True)
class Sources:
    """What statements lead to: roles and topics by name, provisions by id, constraints by norm, and their shapes."""

    roles: dict[str, str]
    topics: dict[str, str]
    provisions: dict[str, tuple[str, str]]
    constraints: dict[str, list[str]]
    shapes: dict[str, str]


def routes(pages: Pages) -> list[Route]:
    """Give the routes of the editions and of what changed."""
    return [
        pages.route("/guidance", lambda visit: RedirectResponse(visit.link("/guidance/2024"))),
        pages.route("/guidance/changes", _changes),
        pages.route("/guidance/{edition}", _edition),
    ]


def warm(pages: Pages) -> None:
    """Have ready what the first page of the guidance and that of changes need."""
    context = pages.context
    for edition in pages.kept("editions", lambda: editions(context.opened())):
        filters = Filters(edition, "", "", "")
        pages.kept(f"statements {filters}", partial(read_statements, context.opened(), filters))
    pages.kept("changes", lambda: read_diff(context.opened(), "2022", "2024"))
    _sources(pages)


def _sources(pages: Pages) -> Sources:
    def read() -> Sources:
        select = pages.context.select
        constraints: dict[str, list[str]] = {}
        for row in select(_ENFORCED):
            constraints.setdefault(text(row["norm"]).removeprefix(NORM), []).append(text(row["c"]).removeprefix(ICSC))
        pairs = ((text(r["c"]), text(r["s"])) for r in rows(shapes_store(), _SHAPES))
        shapes = {constraint.removeprefix(ICSC): shape.removeprefix(ICSS) for constraint, shape in pairs}
        return Sources(
            role_labels(pages.context.opened()),
            {text(r["x"]).rpartition("/")[2]: text(r["l"]) for r in select(_TOPICS)},
            {text(r["id"]): (text(r["l"]), text(r["pin"] or r["section"])) for r in select(_PROVISIONS)},
            constraints, shapes,
        )  # fmt: skip

    return pages.kept("sources of the guidance", read)


def _edition(visit: Visit) -> Response:
    edition = visit.request.path_params["edition"]
    known = visit.pages.kept("editions", lambda: editions(visit.pages.context.opened()))
    if edition not in known:
        raise unknown("edition", edition, known)
    chosen = {name: visit.given(name) for name in ("modality", "bearer", "topic")}
    filters = Filters(edition, chosen["modality"], chosen["bearer"], chosen["topic"])
    found = visit.pages.kept(f"statements {filters}", lambda: read_statements(visit.opened, filters))
    sections: dict[str, list[Statement]] = {}
    for statement in found:
        sections.setdefault(SECTION_MARK.join(statement.section), []).append(statement)
    sources = _sources(visit.pages)
    return visit.page(
        "edition.html", edition=edition, editions=known, sections=sections, chosen=chosen, sources=sources,
        found=len(found), strengths=STRENGTHS, roles=sorted(sources.roles.items(), key=lambda each: each[1]),
        topics=sorted(sources.topics.items(), key=lambda each: each[1]),
        gravest=lambda statement: min(statement.change_kinds, key=KINDS.index), page=found[0].page if found else "",
    )  # fmt: skip


def _changes(visit: Visit) -> Response:
    told = visit.pages.kept("changes", lambda: read_diff(visit.pages.context.opened(), "2022", "2024"))
    kind = visit.given("kind")
    counts = told.counts()
    kind = kind or next(iter(counts), "")
    if kind not in KINDS:
        raise unknown("kind of change", kind, KINDS)
    sources = _sources(visit.pages)
    return visit.page("changes.html", told=told, kind=kind, counts=counts, changes=told.of(kind), sources=sources)
