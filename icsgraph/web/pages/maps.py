# SPDX-License-Identifier: Apache-2.0
"""The map of boards and councils on a day: the whole country, one system with its councils, or one council."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from icsgraph.law.bodies import board_on
from icsgraph.model.errors import LookupFailed
from icsgraph.web.pages import grounds
from icsgraph.web.pages.grounds import Place
from icsgraph.web.pages.outlines import Outline, Sheet, box_of, classes, sheet_for
from icsgraph.web.pages.visit import Pages, Row, Visit

CHANGE: Final = date(2026, 4, 1)
_KINDS: Final = ("boards", "councils")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the map is about: ``shown`` are places to colour and list, ``lines`` those whose outlines lie over them."""

    title: str
    shown: Sequence[Place]
    focus: Sequence[Place]
    lines: Sequence[Place]
    shares: dict[str, str]
    councils: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """A place as map and table show it; ``style`` names its class of colour, ``value`` is the measure's."""

    place: Place
    path: str
    address: str
    style: str
    value: str
    share: str


def routes(pages: Pages) -> list[Route]:
    """Give the one route."""
    return [pages.route("/map", _map)]


def _map(visit: Visit) -> Response:
    context = visit.pages.context
    boards, councils = grounds.boards_on(context, visit.day), grounds.councils_on(context, visit.day)
    known, lent = visit.pages.kept("outlines", lambda: grounds.outlines(context))
    chosen = _chosen(visit, boards, councils)
    measures = visit.pages.kept("measures", lambda: grounds.measures(context))
    measure = visit.given("colour")
    if measure and measure not in measures:
        raise LookupFailed("E420", measure, "there is no measure of that name", f"There are: {', '.join(measures)}.")
    values = visit.pages.kept(f"measure {measure}", lambda: grounds.values(context, measure)) if measure else {}
    drawable = [place for place in chosen.focus if place.area in known]
    sheet = sheet_for(box_of(known[place.area] for place in drawable)) if drawable else None
    ranks, bounds = classes({p.area: values[p.area] for p in chosen.shown if p.area in values})
    plain = "in" if not measure and (visit.given("system") or visit.given("council")) else ""
    drawn = [
        Drawn(
            place, _path(sheet, known, place), _address(visit, place, chosen.councils),
            f"c{ranks[place.area]}" if place.area in ranks else plain,
            f"{values[place.area]:,.10g}" if place.area in values else "", chosen.shares.get(place.name, ""),
        )
        for place in chosen.shown
    ]  # fmt: skip
    return visit.page(
        "map.html", boards=boards, councils=councils, chosen=chosen, drawn=drawn, sheet=sheet,
        lines=[(place, path) for place in chosen.lines if (path := _path(sheet, known, place))],
        shorts=visit.pages.kept("short names", lambda: grounds.short_names(context)),
        measures=measures, measure=measure, bounds=bounds, changes=_changes(visit),
        missing=[place.name for place in chosen.shown if place.area not in known],
        lent=[place.name for place in (*chosen.shown, *chosen.lines) if place.area in lent],
        before=(CHANGE - timedelta(days=1)).isoformat(), after=CHANGE.isoformat(),
    )  # fmt: skip


def _chosen(visit: Visit, boards: Sequence[Place], councils: Sequence[Place]) -> Chosen:
    system, council, show = visit.given("system"), visit.given("council"), visit.given("show") or "boards"
    if council:
        here = [place for place in councils if council.lower() in (place.code.lower(), place.name.lower())]
        if not here:
            mend = "Choose one from the list, or another day: councils come, go, and are given new codes."
            raise LookupFailed("E401", council, f"no responsible local authority has this code on {visit.day}", mend)
        around = [board for board in boards if board.code in here[0].boards]
        partners = visit.rows("partner-boards-of-a-council", authority=here[0].code)
        shares = {row["board"]: row["share"] for row in partners}
        return Chosen(here[0].name, around, around, here, shares, councils=False)
    if system:
        iri = board_on(visit.opened.store, system, visit.day).value
        board = [place for place in boards if place.code == iri.rpartition("/")[2]]
        within = [place for place in councils if board and board[0].code in place.boards]
        weights = visit.rows("weights-of-overlaps", icb=iri)
        shares = {row["council"]: row["residents"] for row in weights if row["first"] <= visit.day.isoformat()}
        return Chosen(board[0].name if board else system, within, within, board, shares, councils=True)
    if show not in _KINDS:
        raise LookupFailed("E420", show, "the map does not show that", f"It shows: {', '.join(_KINDS)}.")
    if show == "councils":
        return Chosen("Councils and the boards' areas", councils, councils, boards, {}, councils=True)
    return Chosen("Integrated care boards", boards, boards, (), {}, councils=False)


def _changes(visit: Visit) -> list[Row]:
    """Of a council: its partner boards before and after the change; of the country, what became of the boards."""
    if council := visit.given("council"):
        days = (CHANGE - timedelta(days=1), CHANGE)
        before, after = (
            {row["board"]: row["share"] for row in visit.rows("partner-boards-of-a-council", day, authority=council)}
            for day in days
        )
        return [
            {"board": name, "before": before.get(name, ""), "after": after.get(name, "")}
            for name in sorted({*before, *after})
        ]
    if visit.given("system"):
        return []
    return visit.rows("boards-ended-and-successors", max(visit.day, CHANGE))


def _path(sheet: Sheet | None, known: dict[str, Outline], place: Place) -> str:
    if sheet is None or place.area not in known:
        return ""
    return sheet.path(known[place.area])


def _address(visit: Visit, place: Place, council: bool) -> str:
    colour = visit.given("colour")
    if council:
        return visit.link("/map", council=place.code, colour=colour)
    return visit.link("/map", system=place.code, colour=colour)
