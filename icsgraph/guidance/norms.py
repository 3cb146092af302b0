# SPDX-License-Identifier: Apache-2.0
"""One norm as at a day: who is asked what, how strongly that day, by which edition and Act, tested by what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from icsgraph.guidance.statements import Statement, read_statements, unknown
from icsgraph.model.namespaces import ICSC, ID, NORM
from icsgraph.store.opened import Opened
from icsgraph.store.select import rows, text

_RANK: Final = ("suggestion", "power", "expectation", "duty")
_OPEN: Final = "9999-12-31"


@dataclass(frozen=True, slots=True)
class NormProvision:
    """A provision that lays the norm down, and whether it was in force on the day asked about."""

    id: str
    citation: str
    section: str
    modality: str
    paraphrase: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class Norm:
    """A norm as at a day.

    ``strength`` is empty where nothing asks it on that day; ``binding`` says whether an Act does. ``statements`` are
    those of every edition, ``edition`` the one in force.
    """

    id: str
    label: str
    bearers: tuple[str, ...]
    strength: str
    binding: bool
    edition: str
    statements: tuple[Statement, ...]
    provisions: tuple[NormProvision, ...]
    constraints: tuple[tuple[str, str], ...]
    difference: str
    note: str
    unchecked: str

    @property
    def only_guidance_asks(self) -> bool:
        """Whether no provision lays it down."""
        return not self.provisions


def read_norm(opened: Opened, name: str) -> Norm:
    """Give a norm by its name, such as ``give-copies``, as at the day the graph was opened for.

    Raises:
        LookupFailed: E420, when there is no such norm; near names are told.
    """
    iri = NORM + name
    found = rows(
        opened.store,
        f"""SELECT ?label ?difference ?note ?why WHERE {{ <{iri}> a ics:Norm ; rdfs:label ?label .
            OPTIONAL {{ <{iri}> ics:differenceNumber ?difference ; ics:note ?note }}
            OPTIONAL {{ <{iri}> ics:whyUnchecked ?why }} }}""",
    ) if _plain(name) else []  # fmt: skip
    if not found:
        known = rows(opened.store, "SELECT ?n WHERE { ?n a ics:Norm } ORDER BY ?n")
        raise unknown("norm", name, [text(row["n"]).removeprefix(NORM) for row in known])
    day = opened.as_at.isoformat()
    edition = _edition(opened, day)
    statements = tuple(s for s in read_statements(opened) if s.norm == name)
    provisions = _provisions(opened, iri, day)
    strength, binding = _strength([s for s in statements if s.edition == edition], provisions)
    return Norm(
        name, text(found[0]["label"]), _names(opened, iri, "ics:hasBearer"), strength, binding, edition, statements,
        provisions, _constraints(opened, iri), text(found[0]["difference"]), text(found[0]["note"]),
        text(found[0]["why"]),
    )  # fmt: skip


def _strength(statements: Sequence[Statement], provisions: Sequence[NormProvision]) -> tuple[str, bool]:
    """The strongest of what asks it on the day. A must of the guidance that is no law counts as an expectation."""
    law = [p.modality for p in provisions if p.in_force and p.modality in _RANK]
    said = ["expectation" if s.modality == "duty" and not s.statutory else s.modality for s in statements]
    if not said and not law:
        return "", False
    if "duty" in law:
        return "duty", True
    strongest = max((*law, *said), key=_RANK.index)
    return strongest, strongest == "duty" or strongest in law


def _provisions(opened: Opened, iri: str, day: str) -> tuple[NormProvision, ...]:
    found = rows(
        opened.store,
        f"""SELECT DISTINCT ?p ?label ?section ?kind ?said ?first ?last WHERE {{
            <{iri}> ics:isLaidDownBy ?p . ?p rdfs:label ?label ; ics:atSection ?section ; ics:modality ?kind ;
              ics:paraphrase ?said .
            OPTIONAL {{ ?p ics:firstDay ?first }} OPTIONAL {{ ?p ics:lastDay ?last }} }} ORDER BY ?p""",
    )
    return tuple(
        NormProvision(
            text(row["p"]).removeprefix(ID + "provision/"), text(row["label"]), text(row["section"]),
            text(row["kind"]).rpartition("/")[2], text(row["said"]),
            text(row["first"]) <= day <= (text(row["last"]) or _OPEN),
        )
        for row in found
    )  # fmt: skip


def _edition(opened: Opened, day: str) -> str:
    found = rows(
        opened.store,
        """SELECT ?e ?first ?last WHERE { ?e a ics:GuidanceEdition ; ics:firstDay ?first .
            OPTIONAL { ?e ics:lastDay ?last } }""",
    )
    in_force = [row for row in found if text(row["first"]) <= day <= (text(row["last"]) or _OPEN)]
    return text(in_force[0]["e"]).removeprefix(ID + "guidance/") if in_force else ""


def _constraints(opened: Opened, iri: str) -> tuple[tuple[str, str], ...]:
    found = rows(opened.store, f"SELECT ?c ?t WHERE {{ ?c ics:enforces <{iri}> ; dcterms:title ?t }} ORDER BY ?c")
    return tuple((text(row["c"]).removeprefix(ICSC), text(row["t"])) for row in found)


def _names(opened: Opened, iri: str, property_: str) -> tuple[str, ...]:
    found = rows(opened.store, f"SELECT ?o WHERE {{ <{iri}> {property_} ?o }} ORDER BY ?o")
    return tuple(text(row["o"]).rpartition("/")[2] for row in found)


def _plain(name: str) -> bool:
    """Whether a name can stand in an IRI as it is."""
    return name.replace("-", "").isalnum()
