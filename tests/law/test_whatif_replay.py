# SPDX-License-Identifier: Apache-2.0
"""The real changes of boards, replayed from the world before them as change-event files, give the world after them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pyoxigraph as ox
import pytest

from icsgraph.law.changes import Change, Event, query, read_changes
from icsgraph.law.world import change_world, copy_of
from icsgraph.model.namespaces import AREA, ICS, ID, PREFIXES
from icsgraph.opening import open_graph
from icsgraph.store import shipped
from icsgraph.store.load import DataFile, read
from icsgraph.store.select import rows, text

DAY, EVE = date(2026, 4, 1), date(2026, 3, 31)
RELATIONS = {"members": ("board", "body"), "partner-boards": ("authority", "body"), "districts": ("board", "body")}


@pytest.fixture(scope="module")
def packaged():
    """The packaged graph, opened."""
    return open_graph(as_at=DAY)


@pytest.fixture(scope="module")
def england(packaged):
    """The store of the packaged graph."""
    return packaged.store


@pytest.fixture(scope="module")
def around():
    """Small areas, each with the areas that it lies in before and after."""
    found = defaultdict(set)
    for path in set(shipped.graph_files(frozenset({"small-areas"}))) - set(shipped.graph_files()):
        for quad in read(DataFile(path, path.name)):
            if quad.predicate.value == ICS + "withinArea":
                found[quad.subject.value].add(quad.object.value)
    return found


def events_of(store, around, by_small_areas=False):
    """Write the graph's own events of the day as a change-event file, with the areas that each moves.

    Whole districts are named as such, unless everything is to be said in small areas.
    """
    area_on = {
        day: {text(row["board"]): text(row["area"]) for row in rows(store, query("boards.rq", day))}
        for day in (EVE, DAY)
    }
    found = [
        (text(row["event"]), text(row["old"]), text(row["new"]), text(row["label"]), text(row["code"]))
        for row in rows(store, f"""SELECT * WHERE {{ ?event a ics:SuccessionEvent ; ics:onDate "{DAY}"^^xsd:date ;
            org:originalOrganization ?old ; org:resultingOrganization ?new . ?new a ics:IntegratedCareBoard ;
            rdfs:label ?label ; ics:odsCode ?code }} ORDER BY ?event""")
    ]  # fmt: skip
    of_old = defaultdict(lambda: defaultdict(set))
    for small, areas in around.items():
        for place in (a for a in areas if a.rpartition("/")[2][:3] in ("E06", "E07", "E08", "E09")):
            for old, area in area_on[EVE].items():
                if area in areas:
                    of_old[old][place].add(small)
    lines = [f"@prefix {prefix}: <{PREFIXES[prefix]}> ." for prefix in ("ics", "org", "rdfs", "xsd")]
    for event, old, new, label, code in found:
        moved = []
        if by_small_areas or sum(o == old for _, o, *_ in found) > 1 or old in area_on[DAY]:
            for place, smalls in sorted(of_old[old].items()):
                going = {small for small in smalls if area_on[DAY][new] in around[small]}
                moved += [place] if going == smalls and not by_small_areas else sorted(going)
        areas = f"ics:movesArea {' , '.join(f'<{a}>' for a in moved)} ;" if moved else ""
        lines.append(f"""<{event}> a ics:SuccessionEvent ; org:originalOrganization <{old}> ; {areas}
            org:resultingOrganization <{new}> ; ics:onDate "{DAY}"^^xsd:date .""")
        if new not in area_on[EVE]:
            lines.append(f'<{new}> a ics:IntegratedCareBoard ; rdfs:label "{label}"@en ; ics:odsCode "{code}" .')
    return "\n".join(lines)


def relations(store, day):
    """Give each relation as a set of pairs of bodies."""
    return {
        name: {(text(row[one]), text(row[other])) for row in rows(store, query(f"{name}.rq", day))}
        for name, (one, other) in RELATIONS.items()
    }


@pytest.fixture(scope="module", params=["by district", "by small area"])
def replayed(request, packaged, around, tmp_path_factory):
    """The world before 1 April 2026 with that day's events made in it, and the outcome."""
    written = events_of(packaged.store, around, request.param == "by small area")
    path = tmp_path_factory.mktemp("events") / "april-2026.ttl"
    path.write_text(written, encoding="utf-8")
    store = copy_of(packaged).store
    outcome = change_world(store, read_changes([path], EVE))
    return store, outcome


@pytest.mark.parametrize("name", RELATIONS)
def test_the_changes_of_april_2026_replayed_give_the_relations_of_36_boards(england, replayed, name):
    """Statutory members, partner boards and districts in areas come out as the lookups of that day have them."""
    store, _ = replayed
    expected = relations(england, DAY)[name]

    assert expected == relations(store, DAY)[name]
    assert expected != relations(england, EVE)[name], "nothing would have had to change"


def test_36_boards_stand_afterwards(england, replayed):
    """42 boards become 36, the same ones, each with a partnership of its own, as in the packaged graph."""
    store, outcome = replayed

    def boards(of, day):
        return {text(row["board"]) for row in rows(of, query("boards.rq", day))}

    def partnerships(of):
        asked = f"""SELECT ?p ?b WHERE {{ ?p ics:isPartnershipOf ?b ; ics:latestFirstDay ?f ; ics:earliestLastDay ?l
            FILTER(?f <= "{DAY}"^^xsd:date && "{DAY}"^^xsd:date <= ?l) }}"""
        return {(text(r["p"]), text(r["b"])) for r in rows(of, asked)}

    assert (42, 36) == (len(boards(england, EVE)), len(boards(store, DAY)))
    assert boards(england, DAY) == boards(store, DAY)
    assert partnerships(england) == partnerships(store)
    assert boards(england, EVE) - boards(england, DAY) == outcome.ended


def test_copy_recipients_are_those_of_36_boards(england, replayed):
    """The recipients of each board's strategy, asked of both worlds by the stored query, are the same."""
    store, _ = replayed
    asked = (shipped.root() / "queries/competency/cq002-strategy-copy-recipients.rq").read_text(encoding="utf-8")
    from icsgraph.queries.run import bound_text

    day = ox.Literal(DAY.isoformat(), datatype=ox.NamedNode(PREFIXES["xsd"] + "date"))
    for row in rows(england, query("boards.rq", DAY)):
        text_of = bound_text(asked, {"icb": row["board"], "asAt": day})
        answers = [{tuple(text(r[c]) for c in ("name", "kind")) for r in rows(of, text_of)} for of in (england, store)]

        assert answers[0] == answers[1]
        assert answers[0]


def test_counts_of_small_areas_come_out_as_the_lookup_has_them(england, replayed):
    """The small areas that each authority shares with each board, summed along pieces, are those of the new lookup."""
    store, _ = replayed

    def counts(of):
        return {(text(r["board"]), text(r["body"])): text(r["lsoas"]) for r in rows(of, query("members.rq", DAY))}

    assert counts(england) == counts(store)


def test_moved_small_areas_are_those_of_the_graphs_own_events(england, replayed):
    """Each event passes on as many small areas as the graph's event of that day says."""
    _, outcome = replayed
    said = {text(r["e"]): int(text(r["n"])) for r in rows(england, f"""SELECT ?e ?n WHERE {{ ?e ics:movedLSOAs ?n ;
        ics:onDate "{DAY}"^^xsd:date }}""")}  # fmt: skip

    assert said == {event.iri: count for event, count in outcome.events}


@pytest.mark.parametrize("name", RELATIONS)
def test_the_boundary_change_of_april_2023_replayed_gives_that_days_relations(packaged, name):
    """Four small areas of Chichester pass to Sussex; the councils reorganised on that day come in of themselves."""
    day = date(2023, 4, 1)
    chichester = Event(ID + "icb/QXU", ID + "icb/QNX", (AREA + "E07000225",))
    store = copy_of(packaged).store
    outcome = change_world(store, Change(day, (chichester,)))
    expected = relations(packaged.store, day)[name]

    assert expected == relations(store, day)[name]
    assert expected != relations(packaged.store, date(2023, 3, 31))[name]
    assert [4] == [count for _, count in outcome.events]
