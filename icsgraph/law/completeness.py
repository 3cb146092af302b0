# SPDX-License-Identifier: Apache-2.0
"""Completeness statements: for which topics, systems and days a missing record may be taken as missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from icsgraph.model.namespaces import SCHEME
from icsgraph.store.select import rows
from icsgraph.store.select import text as term_text


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, from its first certain to its last certain day; one of national scope is for every system."""

    topic: str
    system: str
    first: str
    last: str
    is_national: bool


class Completeness:
    """Answers whether records were declared complete, over an open world: what is not declared is not known."""

    def __init__(self, store: ox.Store, same: Mapping[str, set[str]]) -> None:
        self._same = same
        graphs = {quad.value for quad in store.named_graphs() if isinstance(quad, ox.NamedNode)}
        found = rows(
            store,
            f"""SELECT ?topic ?system ?first ?last ?graph ?national WHERE {{
            ?s a ics:CompletenessStatement ; ics:forTopic ?topic ;
               ics:latestFirstDay ?first ; ics:earliestLastDay ?last .
            OPTIONAL {{ ?s ics:forSystem ?system }} OPTIONAL {{ ?s ics:inGraph ?graph }}
            BIND(EXISTS {{ ?s ics:hasScope <{SCHEME}scope/national> }} AS ?national) }}""",
        )
        self.statements = tuple(
            Statement(
                term_text(row["topic"]),
                term_text(row["system"]),
                term_text(row["first"]),
                term_text(row["last"]),
                is_national=term_text(row["national"]) == "true",
            )
            for row in found
            if row["graph"] is None or term_text(row["graph"]) in graphs
        )
        held = rows(
            store,
            """SELECT DISTINCT ?authority ?system WHERE { ?a ics:ofAuthority ?authority .
            { ?a ics:inAreaOf ?system } UNION { ?a ics:inBoardArea ?system } }""",
        )
        self._around: dict[str, set[str]] = {}
        for row in held:
            self._around.setdefault(term_text(row["authority"]), set()).add(term_text(row["system"]))

    def declared(self, topics: Iterable[str], system: str, first: str, last: str) -> bool:
        """Say whether every topic is declared complete for the system over all days from first to last (ISO)."""
        systems = (self._same.get(system, {system}) | self._around.get(system, set())) - {""}
        return all(
            any(
                s.topic == topic and (s.is_national or s.system in systems) and s.first <= first and last <= s.last
                for s in self.statements
            )
            for topic in topics
        )
