# SPDX-License-Identifier: Apache-2.0
"""The list of systems, and one system: its parties, plans on record, recipients of copies, duties, figures, history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from icsgraph.law.bodies import find_body
from icsgraph.model.dates import OPEN_END
from icsgraph.model.namespaces import ICS, RDFS, SCHEME, SKOS
from icsgraph.store.select import text
from icsgraph.web.pages.grounds import boards_on, figures, measures
from icsgraph.web.pages.visit import Pages, Row, Visit

_ROLES: Final = {
    "The partnership": "integrated-care-partnership",
    "The board": "integrated-care-board",
    "Councils of the area": "responsible-local-authority",
    "Health and wellbeing boards": "health-and-wellbeing-board",
}


@dataclass(frozen=True, slots=True)
class Duty:
    """What is asked of a role, by which provisions (name and address), and which statements of the guidance say it."""

    norm: str
    provisions: tuple[tuple[str, str], ...]
    statements: tuple[str, ...]


def routes(pages: Pages) -> list[Route]:
    """Give the routes of the list and of each system."""
    return [pages.route("/systems", _systems), pages.route("/system/{code}", _system)]


def _systems(visit: Visit) -> Response:
    parties = {row["code"]: row for row in visit.rows("authorities-of-each-system")}
    strategies = {row["code"] for row in visit.rows("published-strategies")}
    return visit.page(
        "systems.html", boards=sorted(visit.rows("boards-by-population"), key=lambda row: row["board"]),
        parties=parties, strategies=strategies,
    )  # fmt: skip


def _system(visit: Visit) -> Response:
    board = find_body(visit.opened.store, visit.request.path_params["code"], "board")
    facts = _facts(visit, board.value)
    first, last = (date.fromisoformat(facts[name]) for name in ("first", "last"))
    asked = min(max(visit.day, first), last)  # a board that is gone is shown as it was on its last day
    code = board.value

    def rows(slug: str) -> list[Row]:
        return visit.rows(slug, asked, icb=code)

    members = rows("statutory-members")
    councils = {row["name"] for row in members}
    local = [row for row in visit.rows("local-strategies-seen", asked) if row["authority"] in councils]
    return visit.page(
        "system.html", facts=facts, iri=code, asked=asked.isoformat(), open_end=OPEN_END.isoformat(),
        there=first <= visit.day <= last, members=members, recipients=rows("strategy-copy-recipients"),
        receives=[row for row in rows("strategies-a-board-receives") if row["code"] != facts["ods"]],
        plans=[row for row in visit.rows("published-strategies", asked) if row["code"] == facts["ods"]],
        local=local, requirements=rows("requirements-of-a-system"), trusts=rows("trusts-of-a-board"),
        ages=rows("population-by-age"), duties=_duties(visit, asked),
        figures=_figures(visit, code, asked),
        history=[r for r in visit.rows("successions-as-edges") if facts["label"] in (r["from"], r["to"])],
    )  # fmt: skip


def _facts(visit: Visit, board: str) -> Row:
    found = visit.pages.context.select(
        f"""SELECT * WHERE {{ <{board}> <{RDFS}label> ?label ; <{ICS}latestFirstDay> ?first ;
        <{ICS}earliestLastDay> ?last . OPTIONAL {{ <{board}> <{ICS}odsCode> ?ods }}
        OPTIONAL {{ <{board}> <{SKOS}altLabel> ?short }} OPTIONAL {{ ?partnership <{ICS}isPartnershipOf> <{board}> ;
        <{RDFS}label> ?name }} }} ORDER BY ?short LIMIT 1"""
    )[0]
    return {name: text(found[name]) for name in ("label", "first", "last", "ods", "short", "partnership", "name")}


def _duties(visit: Visit, day: date) -> dict[str, list[Duty]]:
    """What Acts ask of each role on the day, by role; each norm with the provisions that ask it."""

    def read() -> dict[str, list[Duty]]:
        found: dict[str, list[Duty]] = {}
        for title, role in _ROLES.items():
            by_norm: dict[tuple[str, str], list[tuple[str, str]]] = {}
            for row in visit.rows("duties-of-a-role", day, role=f"{SCHEME}role/{role}"):
                places = by_norm.setdefault((row["norm"], row["statements"]), [])
                places.append((row["provision"], row["section"]))
            if by_norm:
                found[title] = [
                    Duty(norm, tuple(places), tuple(filter(None, statements.split(", "))))
                    for (norm, statements), places in by_norm.items()
                ]
        return found

    return visit.pages.kept(f"duties {day}", read)


def _figures(visit: Visit, board: str, day: date) -> list[tuple[str, str]]:
    """Name and value of each indicator that the area of the board on the day has."""
    context = visit.pages.context
    area = next((place.area for place in boards_on(context, day) if place.code == board.rpartition("/")[2]), "")
    labels = visit.pages.kept("measures", lambda: measures(context))
    known = figures(context, area) if area else {}
    return [(label, f"{known[name]:,.10g}") for name, label in labels.items() if name in known]
