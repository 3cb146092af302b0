# SPDX-License-Identifier: Apache-2.0
"""A constraint, and a finding, to the whole chain: provision, statements of the guidance, norm, constraint, remedy.

A finding also gets the triples that were looked at, with their places, and why it was judged as it was on its day.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from icsgraph.law.catalogue import Catalogue, Constraint
from icsgraph.law.findings import Finding, Report
from icsgraph.law.places import Places
from icsgraph.law.population import twins
from icsgraph.law.records import PREFIX, Asked, as_constraint, form_names, record_form, why, written
from icsgraph.law.remedies import GENERAL, Remedy, base_of, for_constraint, for_finding
from icsgraph.law.shapes import shipped_shapes
from icsgraph.model.errors import LookupFailed
from icsgraph.model.namespaces import ICS, ICSC, RDF, SH
from icsgraph.rules import DERIVED_GRAPH
from icsgraph.store.bounds import bounded_properties
from icsgraph.store.context import CONTEXT
from icsgraph.store.lines import lines_of
from icsgraph.store.opened import Opened
from icsgraph.store.select import rows, text

OPEN: Final = "9999-12-31"
_TYPE: Final = ox.NamedNode(RDF + "type")
_MOST: Final = 12  # records around a focus that are shown


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
class Looked:
    """A triple that was looked at: its parts as people read them and as terms, and its file and line.

    ``source`` is the name of a user's file; ``derived`` for what rules derived, ``packaged`` for what ships.
    """

    subject: str
    property: str
    value: str
    triple: str
    source: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A constraint with everything behind it; for a finding also the finding, what was looked at, and why it applied.

    ``in_force`` has the first and last day of each provision by id, empty where open or not known. ``asks`` is what the
    form of a record asks; a constraint of the register has none.
    """

    constraint: Constraint
    norms: tuple[Norm, ...]
    in_force: dict[str, tuple[str, str]]
    finding: Finding | None
    looked_at: tuple[Looked, ...]
    why: tuple[str, ...]
    remedies: tuple[Remedy, ...]
    asks: tuple[Asked, ...] = ()


def explain_constraint(opened: Opened, catalogue: Catalogue, name: str) -> Explanation:
    """Explain a constraint by its id, or the form of a record by its name (``form-Adoption``).

    Raises:
        LookupFailed: E408, when the register has no such constraint.
    """
    forms = {each.lower(): each for each in form_names()} if name.lower().startswith(PREFIX) else {}
    if name.lower() in forms:
        return _form(opened, forms[name.lower()], None, "")
    constraint = catalogue.constraints.get(name.upper())
    if constraint is None:
        raise LookupFailed(
            "E408", name, "it is no constraint of the register", "icsgraph validate --coverage lists all."
        )
    norms = _norms(opened.store, constraint.id)
    return Explanation(
        constraint, norms, _in_force(opened.store, constraint.id), None, (), (), for_constraint(constraint.id)
    )


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
    if finding.constraint in form_names():
        return _form(opened, finding.constraint, finding, report.as_at.isoformat())
    if finding.constraint not in catalogue.constraints:
        what = "the finding is of a shape that does not ship"
        raise LookupFailed("E409", identifier, what, f"It says: {finding.message}")
    constraint = catalogue.constraints[finding.constraint]
    in_force = _in_force(opened.store, constraint.id)
    return Explanation(
        constraint, _norms(opened.store, constraint.id), in_force, finding, _looked_at(opened, finding),
        tuple(_why(opened, report, constraint, finding, in_force)), for_finding(opened, finding),
    )  # fmt: skip


def _form(opened: Opened, name: str, finding: Finding | None, as_at: str) -> Explanation:
    """Explain the form of a record, and a finding about one."""
    form = record_form(opened.store, name)
    turtle, adds = written(opened, form, finding, base_of(finding) if finding else GENERAL)
    title = "The record to correct" if finding and not adds else "What the record lacks" if finding else "A record"
    remedies = (Remedy(title, turtle, adds or finding is None),) if turtle else ()
    sentences = tuple(why(finding, form, as_at)) if finding else ()
    looked = _said_of(opened, finding) if finding else ()
    return Explanation(as_constraint(form), (), {}, finding, looked, sentences, remedies, form.asks)


def _said_of(opened: Opened, finding: Finding) -> tuple[Looked, ...]:
    """Give what is said of a finding's focus alone."""
    node = _node(finding.focus)
    quads = opened.store.quads_for_pattern(node, None, None, ox.DefaultGraph()) if node else ()
    return tuple(_placed(opened, quads))


def _why(
    opened: Opened, report: Report, constraint: Constraint, finding: Finding, in_force: dict[str, tuple[str, str]]
) -> Iterator[str]:
    """Say, sentence by sentence, why it was judged as it was."""
    day = finding.judged_on
    yield f"It is judged by the law of {day}, and seen as at {report.as_at}."
    for provision in constraint.provisions:
        first, last = in_force.get(provision.id, ("", ""))
        if first or last:
            yield f"{provision.citation} was in force {_span(first, last)}."
    yield f"Guidance in force on {day}: {finding.edition or 'none'}."
    row = constraint.severity(finding.condition, day)
    if row:
        days = _span(row.first if row.first > "0001-01-01" else "", row.last if row.last < OPEN else "")
        told = f", for this condition: {row.condition}" if row.condition else ""
        yield f"The register's severity is {row.severity} {days}{told}. Reason: {row.reason}."
    if finding.outcome != "not met":
        yield f"The outcome is {finding.outcome}: {finding.reason}."
    asked = f"SELECT ?id WHERE {{ <{ICSC}{constraint.id}> ics:hasParameter ?p . ?p dcterms:identifier ?id }}"
    used = {text(row["id"]) for row in rows(opened.store, asked)}
    for use in opened.parameters:
        if use.id in used:
            cut = f"; cut-off day {use.cut_off}" if use.cut_off else ""
            yield f"Parameter {use.id}, {use.label}: {use.value}{cut}."


def _span(first: str, last: str) -> str:
    if not first and not last:
        return "on every day"
    return f"from {first or 'the beginning'}" + (f" to {last}" if last else " on")


def _in_force(store: ox.Store, constraint: str) -> dict[str, tuple[str, str]]:
    found = rows(
        store,
        f"""SELECT ?id ?first ?last WHERE {{ <{ICSC}{constraint}> ics:basedOn ?p . ?p dcterms:identifier ?id .
        OPTIONAL {{ ?p ics:firstDay ?first }} OPTIONAL {{ ?p ics:lastDay ?last }} }} ORDER BY ?id""",
    )
    return {text(row["id"]): (text(row["first"]), text(row["last"])) for row in found}


def _looked_at(opened: Opened, finding: Finding) -> tuple[Looked, ...]:
    """Give what is said of focus and value, and of the records round them of the classes that the constraint names."""
    store, ends = opened.store, [n for n in map(_node, (finding.focus, finding.value)) if n]
    both = [*ends, *(n for n in map(_node, (finding.system, *twins(store).get(finding.system, ()))) if n)]
    subjects: list[ox.NamedNode | ox.BlankNode] = [*ends[:1]]
    graphs = {file.graph.value for file in opened.files}
    subjects += [n for n in ends[1:] if any(_in_files(q, graphs) for q in store.quads_for_pattern(n, None, None, None))]
    kinds = _kinds(finding.constraint)
    pointing: Counter[ox.NamedNode | ox.BlankNode] = Counter()
    for end, weight in ((end, _MOST if end in ends else 1) for end in dict.fromkeys(both)):
        for subject in {quad.subject for quad in store.quads_for_pattern(None, None, end, ox.DefaultGraph())}:
            if not isinstance(subject, ox.Triple):
                pointing[subject] += weight
    around = [
        subject for subject in sorted(pointing, key=lambda each: (-pointing[each], str(each)))
        if pointing[subject] >= _MOST and any(
            quad.object in kinds or quad.graph_name == DERIVED_GRAPH
            for quad in store.quads_for_pattern(subject, _TYPE, None, None)
        )
    ]  # fmt: skip
    quads = [
        quad
        for subject in dict.fromkeys([*subjects, *around[:_MOST]])
        for quad in store.quads_for_pattern(subject, None, None, ox.DefaultGraph())
    ]
    return tuple(_placed(opened, quads))


def _kinds(constraint: str) -> set[ox.NamedNode]:
    """Give the classes that the queries of a constraint's shape name."""
    shapes = shipped_shapes([constraint])
    asked = [text(q.object) for q in shapes.quads if q.predicate.value == SH + "select"]
    asked += [shapes.population.get(constraint, "")]
    return {ox.NamedNode(ICS + name) for name in re.findall(r"\bics:([A-Z]\w+)", " ".join(asked))}


def _placed(opened: Opened, quads: Iterable[ox.Quad]) -> Iterator[Looked]:
    places, bounds = Places(opened), _bounds(opened.store)
    kept = [quad for quad in quads if quad.predicate not in bounds]
    wanted: dict[ox.NamedNode, list[ox.Triple]] = {}
    derived = set()
    for quad in kept:
        for held in opened.store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None):
            if isinstance(held.graph_name, ox.NamedNode):
                wanted.setdefault(held.graph_name, []).append(quad.triple)
                derived |= {quad.triple} if held.graph_name in (DERIVED_GRAPH, CONTEXT) else set()
    at: dict[ox.Triple, tuple[str, int | None]] = {}
    for file in opened.files:
        lines = lines_of(file, wanted.get(file.graph, []))
        at |= {triple: (file.name, lines.get(triple)) for triple in wanted.get(file.graph, [])}
    for quad in kept:
        source, line = at.get(quad.triple, ("derived" if quad.triple in derived else "packaged", None))
        subject, value = (places.label(text(term)) for term in (quad.subject, quad.object))
        prop = "is a" if quad.predicate.value == RDF + "type" else places.label(quad.predicate.value)
        yield Looked(subject, prop, value, str(quad.triple), source, line)


def _bounds(store: ox.Store) -> set[ox.NamedNode]:
    return {bound for each in bounded_properties(store).values() for bound in (each.earliest, each.latest)}


def _in_files(quad: ox.Quad, graphs: set[str]) -> bool:
    return isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value in graphs


def _node(iri: str) -> ox.NamedNode | None:
    try:
        return ox.NamedNode(iri) if "://" in iri else None
    except ValueError:
        return None


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
