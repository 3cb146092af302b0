# SPDX-License-Identifier: Apache-2.0
"""Codes and names that people type, to bodies in the graph: ODS code, ONS code, name or alias, old or new."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from datetime import date
from typing import Final

import pyoxigraph as ox

from icsgraph.model.errors import LookupFailed
from icsgraph.model.namespaces import SCHEME
from icsgraph.store.select import rows

KINDS: Final = {"board": "IntegratedCareBoard", "authority": "LocalAuthority", "body": "Body"}
_WORDS: Final = {"board": "integrated care board", "authority": "local authority", "body": "body"}


class Resolver:
    """Resolves typed names against one store, as they stand on one day."""

    def __init__(self, store: ox.Store, as_at: date) -> None:
        self._store, self._as_at = store, as_at

    def board(self, typed: str) -> ox.NamedNode:
        """Find a board that exists on the day (see :func:`board_on`)."""
        return board_on(self._store, typed, self._as_at)

    def authority(self, typed: str) -> ox.NamedNode:
        """Find a local authority, of whatever day."""
        return find_body(self._store, typed, "authority")

    def body(self, typed: str) -> ox.NamedNode:
        """Find any body, of whatever day."""
        return find_body(self._store, typed, "body")

    def topic(self, typed: str) -> ox.NamedNode:
        """Find a topic of the guidance by its short name."""
        node = ox.NamedNode(f"{SCHEME}topic/{typed}")
        if next(self._store.quads_for_pattern(node, None, None, ox.DefaultGraph()), None):
            return node
        found_rows = rows(self._store, f"SELECT ?t WHERE {{ ?t skos:inScheme <{SCHEME}topic> }}")
        names = [row["t"].value.rpartition("/")[2] for row in found_rows]
        near = ", ".join(difflib.get_close_matches(typed, names, n=3, cutoff=0.4)) or "see icsgraph queries"
        raise LookupFailed("E401", typed, "there is no topic of that name", f"Near ones: {near}.")

    def by_type(self) -> dict[str, Callable[[str], ox.NamedNode]]:
        """Give the resolver of each parameter type."""
        return {"board": self.board, "authority": self.authority, "body": self.body, "topic": self.topic}


def find_body(store: ox.Store, typed: str, kind: str) -> ox.NamedNode:
    """Find the one body of a kind (board, authority, body) that a code or name means, whatever its dates.

    Raises:
        LookupFailed: E401 when there is none, naming near ones; E402 when there are several.
    """
    wanted = typed.strip()
    candidates = _matches(store, wanted, kind)
    if len(candidates) == 1:
        return candidates.popitem()[0]
    if candidates:
        listed = ", ".join(
            sorted(f"{label} ({node.value.rpartition('/')[2]})" for node, label in candidates.items())[:6]
        )
        raise LookupFailed(
            "E402", typed, f"more than one {_WORDS[kind]} is meant: {listed}", "Give the code of one of them."
        )
    raise LookupFailed("E401", typed, f"no {_WORDS[kind]} has this code or name", _near(store, wanted, kind))


def board_on(store: ox.Store, typed: str, day: date) -> ox.NamedNode:
    """Find a board by code or name, and make sure that it existed on a day.

    Raises:
        LookupFailed: E401, E402 as :func:`find_body`; E404 when it did not exist on the day, naming those that did:
            its successors after its end, its predecessors before its start.
    """
    board = find_body(store, typed, "board")
    row = rows(
        store,
        f"""SELECT ?label ?first ?last WHERE {{ <{board.value}> rdfs:label ?label ;
        ics:latestFirstDay ?first ; ics:earliestLastDay ?last }}""",
    )[0]
    first, last, label = row["first"].value, row["last"].value, row["label"].value
    if first <= day.isoformat() <= last:
        return board
    ended = day.isoformat() > last
    path = (
        "org:originalOrganization <{0}> ; org:resultingOrganization ?other"
        if ended
        else "org:resultingOrganization <{0}> ; org:originalOrganization ?other"
    )
    others = rows(
        store,
        f"""SELECT DISTINCT ?name ?code WHERE {{ ?event {path.format(board.value)} .
        ?other rdfs:label ?name ; ics:odsCode ?code FILTER(?other != <{board.value}>) }} ORDER BY ?name""",
    )
    listed = " or ".join(f"{r['code'].value} ({r['name'].value})" for r in others)
    state = f"ended on {last}" if ended else f"began on {first}"
    word = "successors" if ended else "predecessors"
    mend = f"Its {word}: {listed}." if listed else "Give another day with --as-at."
    raise LookupFailed(
        "E404", f"{typed} on {day}", f"{label} {state}", f"{mend} Or ask as at another day with --as-at."
    )


def _matches(store: ox.Store, wanted: str, kind: str) -> dict[ox.NamedNode, str]:
    literal = ox.Literal(wanted.lower())  # its text form is SPARQL, escaped
    found: dict[ox.NamedNode, str] = {}
    for condition in (
        "{{ ?x ics:odsCode ?c }} UNION {{ ?x ics:onsCode ?c }} UNION {{ ?x ics:hasArea/ics:onsCode ?c }} FILTER(LCASE(STR(?c)) = {0})",
        "?x rdfs:label ?n FILTER(LCASE(STR(?n)) = {0})",
        "?x skos:altLabel ?n FILTER(LCASE(STR(?n)) = {0})",
        "?x skos:hiddenLabel ?n FILTER(LCASE(STR(?n)) = {0})",
    ):
        for row in rows(
            store,
            f"""SELECT DISTINCT ?x ?label WHERE {{ {condition.format(literal)}
            ?x a/rdfs:subClassOf* ics:{KINDS[kind]} ; rdfs:label ?label }}""",
        ):
            found[row["x"]] = row["label"].value
        if found:
            break
    return found


def _near(store: ox.Store, wanted: str, kind: str) -> str:
    found_rows = rows(
        store,
        f"""SELECT DISTINCT ?x ?n WHERE {{ ?x a/rdfs:subClassOf* ics:{KINDS[kind]} .
        {{ ?x rdfs:label ?n }} UNION {{ ?x skos:altLabel ?n }} UNION {{ ?x ics:odsCode ?n }} }}""",
    )
    names = {row["n"].value.lower(): row["n"].value for row in found_rows}
    near = difflib.get_close_matches(wanted.lower(), names, n=3, cutoff=0.6)
    near += [n for n in names if wanted.lower() in n and n not in near][: 3 - len(near)]
    return f"Did you mean {'; '.join(names[n] for n in near)}?" if near else "Give an ODS code, an ONS code or a name."
