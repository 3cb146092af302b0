# SPDX-License-Identifier: Apache-2.0
"""A constraint, and a finding, to the whole chain: provision, statements of the guidance, norm, constraint, remedy."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from icsgraph.law.catalogue import Catalogue, Constraint
from icsgraph.law.findings import Finding, Report
from icsgraph.model.errors import LookupFailed
from icsgraph.model.namespaces import ICS, ICSC
from icsgraph.store.opened import Opened
from icsgraph.store.select import rows, text


@dataclass(frozen=True, slots=True)
class Said:
    """What one edition says at one place, in our words: id, edition, section, modality, paraphrase, link."""

    id: str
    edition: str
    section: str
    modality: str
    paraphrase: str
    page: str


@dataclass(frozen=True, slots=True)
class Norm:
    """A norm that a constraint enforces, with the statements that state it, in order of edition and place."""

    label: str
    note: str
    statements: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A constraint with everything behind it; for a finding also the finding and the triples about its focus."""

    constraint: Constraint
    norms: tuple[Norm, ...]
    finding: Finding | None
    triples: tuple[str, ...]


def explain_constraint(opened: Opened, catalogue: Catalogue, name: str) -> Explanation:
    """Explain a constraint by its id.

    Raises:
        LookupFailed: E408, when the register has no such constraint.
    """
    constraint = catalogue.constraints.get(name.upper())
    if constraint is None:
        raise LookupFailed(
            "E408", name, "it is no constraint of the register", "icsgraph validate --coverage lists all."
        )
    return Explanation(constraint, _norms(opened.store, constraint.id), None, ())


def explain_finding(opened: Opened, catalogue: Catalogue, report: Report, identifier: str) -> Explanation:
    """Explain a finding of a report by its id, or by the beginning of it.

    Raises:
        LookupFailed: E409, when the report has no such finding, or several.
    """
    found = [f for f in report.findings if f.id.startswith(identifier)]
    if len(found) != 1:
        what = "the data named give no such finding" if not found else "more than one finding begins so"
        raise LookupFailed("E409", identifier, what, "icsgraph validate --format csv lists findings with their ids.")
    finding = found[0]
    if finding.constraint not in catalogue.constraints:
        raise LookupFailed(
            "E409", identifier, "the finding is about the form of a record", f"It says: {finding.message}"
        )
    node = ox.NamedNode(finding.focus)
    looked_at = opened.store.quads_for_pattern(node, None, None, ox.DefaultGraph())
    pointing = opened.store.quads_for_pattern(None, None, node, ox.DefaultGraph())
    triples = sorted(f"{q.subject} {q.predicate} {q.object} ." for q in (*looked_at, *pointing))
    constraint = catalogue.constraints[finding.constraint]
    return Explanation(constraint, _norms(opened.store, constraint.id), finding, tuple(triples))


def _norms(store: ox.Store, constraint: str) -> tuple[Norm, ...]:
    found: dict[str, tuple[str, str, list[Said]]] = {}
    for row in rows(
        store,
        f"""SELECT DISTINCT ?norm ?label ?note ?s ?id ?edition ?section ?modality ?says ?page WHERE {{
        <{ICSC}{constraint}> ics:enforces ?norm . ?norm rdfs:label ?label . OPTIONAL {{ ?norm ics:note ?note }}
        OPTIONAL {{ ?norm ics:isStatedBy ?s . ?s ics:inEdition ?e ; ics:paraphrase ?says ; <{ICS}hasModality> ?m .
          ?m skos:prefLabel ?modality . OPTIONAL {{ ?s dcterms:identifier ?id }} OPTIONAL {{ ?s foaf:page ?page }}
          OPTIONAL {{ ?s ics:inSection ?section }} OPTIONAL {{ ?e rdfs:label ?edition }} }} }} ORDER BY ?norm ?s""",
    ):
        norm = found.setdefault(text(row["norm"]), (text(row["label"]), text(row["note"]), []))
        if row["s"] is not None:
            identifier = text(row["s"]).partition("/statement/")[2]
            names = ("section", "modality", "says", "page")
            section, modality, says, page = (text(row[name]) for name in names)
            said = Said(identifier, identifier[:4], section, modality, says, page)
            if all(other.id != said.id for other in norm[2]):
                norm[2].append(said)
    return tuple(Norm(label, note, tuple(said)) for label, note, said in found.values())
