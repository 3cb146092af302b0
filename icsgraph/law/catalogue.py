# SPDX-License-Identifier: Apache-2.0
"""The catalogue of constraints, read from the graph: titles, provisions, completeness topics, dated severities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import pyoxigraph as ox

from icsgraph.law.findings import Provision
from icsgraph.store.select import rows, text

ABSENT: Final = "9999-12-31"


@dataclass(frozen=True, slots=True)
class SeverityRow:
    """One dated severity; the first row of a constraint whose dates and condition fit gives the severity.

    ``slug`` names its condition, in the words of a shape; ``condition`` is the register's text. A row without a text
    fits any condition: the register has it for whatever the rows above it leave.
    """

    order: int
    slug: str
    condition: str
    first: str
    last: str
    severity: str
    reason: str

    def fits(self, slug: str, day: str) -> bool:
        """Say whether the row is for a condition on a day (ISO)."""
        return self.first <= day <= self.last and (self.slug == slug or not self.condition)


@dataclass(frozen=True, slots=True)
class Constraint:
    """A constraint as the register has it."""

    id: str
    title: str
    group: str
    rule: str
    checkability: str
    data_needed: str
    guidance: str
    take_care: str
    topics: tuple[str, ...]
    provisions: tuple[Provision, ...]
    rows: tuple[SeverityRow, ...]

    def severity(self, slug: str, day: str) -> SeverityRow | None:
        """Give the row for a condition on a day (ISO), or None where the register asks for no finding then."""
        return next((row for row in self.rows if row.fits(slug, day)), None)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every constraint by id, the editions of the guidance with their days, and the day to which the law was read."""

    constraints: dict[str, Constraint]
    editions: tuple[tuple[str, str, str], ...]

    def edition_on(self, day: str) -> str:
        """Give the label of the guidance edition in force on a day (ISO); empty when none was."""
        return next((label for label, first, last in self.editions if first <= day <= last), "")


def read_catalogue(store: ox.Store) -> Catalogue:
    """Read the catalogue from the default graph; empty when the law register is not in it."""
    provisions = _provisions(store)
    severities = _severities(store)
    topics: dict[str, list[str]] = {}
    for row in rows(store, "SELECT ?c ?t WHERE { ?c a ics:Constraint ; ics:needsTopic ?t } ORDER BY ?c ?t"):
        topics.setdefault(row["c"].value, []).append(row["t"].value)
    based: dict[str, list[Provision]] = {}
    for row in rows(
        store,
        """SELECT ?c ?p ?main WHERE { ?c a ics:Constraint ; ics:basedOn ?p
            BIND(EXISTS { ?c ics:mainBasis ?p } AS ?main) } ORDER BY ?c DESC(?main) ?p""",
    ):
        if row["p"].value in provisions:
            based.setdefault(row["c"].value, []).append(provisions[row["p"].value])
    found = {}
    for row in rows(
        store,
        """SELECT * WHERE { ?c a ics:Constraint ; dcterms:identifier ?id ; dcterms:title ?title ;
            ics:constraintGroup ?group ; ics:rule ?rule ; ics:checkability ?check ; ics:dataNeeded ?data .
            OPTIONAL { ?c ics:guidanceText ?guidance } OPTIONAL { ?c ics:takeCare ?care } }""",
    ):
        iri = row["c"].value
        found[row["id"].value] = Constraint(
            id=row["id"].value, title=row["title"].value, group=row["group"].value, rule=row["rule"].value,
            checkability=row["check"].value, data_needed=row["data"].value,
            guidance=text(row["guidance"]), take_care=text(row["care"]), topics=tuple(topics.get(iri, ())),
            provisions=tuple(based.get(iri, ())), rows=tuple(severities.get(iri, ())),
        )  # fmt: skip
    editions = rows(
        store,
        """SELECT ?label ?first ?last WHERE { ?e a ics:GuidanceEdition ; rdfs:label ?label ;
        ics:latestFirstDay ?first ; ics:earliestLastDay ?last } ORDER BY ?first""",
    )
    return Catalogue(
        dict(sorted(found.items())), tuple((r["label"].value, r["first"].value, r["last"].value) for r in editions)
    )


def _provisions(store: ox.Store) -> dict[str, Provision]:
    made = {}
    for row in rows(
        store,
        """SELECT * WHERE { ?p a ics:Provision ; dcterms:identifier ?id ; rdfs:label ?label ;
            ics:paraphrase ?text . OPTIONAL { ?p ics:atSection ?section } OPTIONAL { ?p ics:atPinpoint ?pin }
            OPTIONAL { ?p ics:bearerText ?bearer } OPTIONAL { ?p ics:confidence ?sure } }""",
    ):
        iri = row["pin"] or row["section"]
        made[row["p"].value] = Provision(
            row["id"].value, iri.value if iri else "", row["label"].value, row["text"].value,
            row["bearer"].value if row["bearer"] else "", _last(row["sure"].value) if row["sure"] else "",
        )  # fmt: skip
    return made


def _severities(store: ox.Store) -> dict[str, list[SeverityRow]]:
    made: dict[str, list[SeverityRow]] = {}
    for row in rows(
        store,
        """SELECT * WHERE { ?c ics:hasSeverityRow ?r . ?r ics:order ?order ; sh:severity ?severity ;
            ics:reason ?why ; ics:conditionSlug ?slug . OPTIONAL { ?r ics:conditionText ?text }
            OPTIONAL { ?r ics:firstDay ?first } OPTIONAL { ?r ics:lastDay ?last } } ORDER BY ?c ?order""",
    ):
        made.setdefault(row["c"].value, []).append(SeverityRow(
            int(row["order"].value), row["slug"].value, row["text"].value if row["text"] else "",
            row["first"].value if row["first"] else date.min.isoformat(), row["last"].value if row["last"] else ABSENT,
            _last(row["severity"].value), row["why"].value,
        ))  # fmt: skip
    return made


def _last(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]
