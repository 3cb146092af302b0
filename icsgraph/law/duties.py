# SPDX-License-Identifier: Apache-2.0
"""The graph to what a report says of itself: the duty behind each constraint, the day the law was read, near topics."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from icsgraph.law.catalogue import Catalogue
from icsgraph.law.findings import Duty, LawRead, Statement
from icsgraph.model.errors import LookupFailed
from icsgraph.model.namespaces import SCHEME
from icsgraph.store.select import rows, text

_TOPICS: Final = SCHEME + "completeness/"


def duties(store: ox.Store, catalogue: Catalogue, names: Iterable[str]) -> dict[str, Duty]:
    """Give the duty behind each constraint that the register has, with the guidance of every edition."""
    said: dict[str, list[Statement]] = {}
    for row in rows(
        store,
        """SELECT DISTINCT ?id ?statement ?modality ?says ?page WHERE {
        ?c a ics:Constraint ; dcterms:identifier ?id ; ics:enforces ?norm . ?norm ics:isStatedBy ?statement .
        ?statement ics:paraphrase ?says ; ics:hasModality ?m . ?m skos:prefLabel ?modality .
        OPTIONAL { ?statement foaf:page ?page } } ORDER BY ?id ?statement ?page""",
    ):
        edition, _, number = text(row["statement"]).partition("/statement/")[2].partition("/")
        found = said.setdefault(text(row["id"]), [])
        if all(other.id != f"{edition}/{number}" for other in found):
            words = (text(row[name]) for name in ("modality", "says", "page"))
            found.append(Statement(f"{edition}/{number}", edition, *words))
    made = {}
    for name in names:
        if (c := catalogue.constraints.get(name)) is not None:
            made[name] = Duty(name, c.title, c.group, c.rule, c.data_needed, c.provisions, tuple(said.get(name, ())))
    return made


def law_read(store: ox.Store) -> LawRead | None:
    """Give the day on which the law was read, or None where no law register is in the graph."""
    found = rows(store, "SELECT ?day ?note WHERE { ?r ics:lawReadOn ?day . OPTIONAL { ?r skos:note ?note } }")
    latest = max(found, key=lambda row: text(row["day"]), default=None)
    return LawRead(text(latest["day"]), text(latest["note"])) if latest is not None else None


def resting_on(store: ox.Store, catalogue: Catalogue, topics: Iterable[str]) -> set[str]:
    """Give the constraints that rest on any of some completeness topics, each named by its last part.

    Raises:
        LookupFailed: E411, when there is no such topic; near ones are named.
    """
    found = rows(store, f"SELECT ?t WHERE {{ ?t skos:inScheme <{_TOPICS.rstrip('/')}> }}")
    known = sorted(text(row["t"]).removeprefix(_TOPICS) for row in found)
    wanted = set()
    for topic in topics:
        if topic not in known:
            near = difflib.get_close_matches(topic.lower(), known, n=3, cutoff=0.4)
            listed = f"Near ones: {', '.join(near)}." if near else f"There are: {', '.join(known)}."
            raise LookupFailed("E411", topic, "records have no topic of that name", listed)
        wanted.add(_TOPICS + topic)
    return {c.id for c in catalogue.constraints.values() if wanted.intersection(c.topics)}
