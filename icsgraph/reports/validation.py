# SPDX-License-Identifier: Apache-2.0
"""A report of findings as a standard ``sh:ValidationReport``, in Turtle and in JSON-LD: the same triples in both.

Results have the IRIs by which acceptances name them; what each constraint looked at, the acceptances and the versions
stand beside the results in terms of the ontology.

Source: https://www.w3.org/TR/shacl/#validation-report
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import pyoxigraph as ox

from icsgraph.law.findings import Coverage, Finding, Report
from icsgraph.model.namespaces import DCTERMS, ICS, ICSC, ID, PREFIXES, RDF, SCHEME, SH, XSD
from icsgraph.reports import standing
from icsgraph.store.canonical import turtle

_REPORT: Final = ox.BlankNode("report")
_SKOS_NOTE: Final = PREFIXES["skos"] + "note"


def as_turtle(report: Report) -> str:
    """Write canonical Turtle."""
    return turtle(triples(report))


def as_jsonld(report: Report) -> str:
    """Write expanded JSON-LD: one object a node, sorted, IRIs in full, so that no context has to be fetched."""
    lines = sorted({str(triple) for triple in triples(report)})
    quads = list(ox.parse("".join(f"{line} .\n" for line in lines), format=ox.RdfFormat.N_TRIPLES))
    written = ox.serialize(quads, format=ox.RdfFormat.JSON_LD)
    return json.dumps(_settled(json.loads(written or b"{}")), ensure_ascii=False, indent=1) + "\n"


def triples(report: Report) -> Iterator[ox.Triple]:
    """Give the triples of the report."""
    yield _triple(_REPORT, RDF + "type", ox.NamedNode(SH + "ValidationReport"))
    yield _triple(_REPORT, RDF + "type", ox.NamedNode(ICS + "CheckReport"))
    yield _triple(_REPORT, SH + "conforms", ox.Literal(not report.everything))
    yield _triple(_REPORT, ICS + "asAt", _day(report.as_at.isoformat()))
    if report.law_read:
        yield _triple(_REPORT, ICS + "lawReadOn", _day(report.law_read.day))
    notes = [f"{label}: {text}" for label, text in standing.facts(report)]
    notes += [f"{label}: {value}{f' ({day})' if day else ''}" for label, value, day in standing.periods(report)]
    notes += [f"Not run ({why}): {', '.join(names)}" for why, names in standing.not_run(report).items()]
    for note in (*standing.cautions(report), *notes, standing.NOT_LAW):
        yield _triple(_REPORT, _SKOS_NOTE, ox.Literal(note, language="en"))
    for finding in report.findings:
        yield from _result(report, finding)
    for each in (*report.coverage, *report.forms):
        yield from _run(report, each)


def _result(report: Report, finding: Finding) -> Iterator[ox.Triple]:
    node = ox.NamedNode(f"{ID}finding/{finding.id}")
    yield _triple(_REPORT, SH + "result", node)
    values: list[tuple[str, ox.NamedNode | ox.BlankNode | ox.Literal | None]] = [
        (RDF + "type", ox.NamedNode(SH + "ValidationResult")), (RDF + "type", ox.NamedNode(ICS + "Finding")),
        (SH + "focusNode", _term(finding.focus)), (SH + "resultSeverity", ox.NamedNode(SH + finding.severity)),
        (SH + "resultMessage", ox.Literal(finding.message, language="en")),
        (SH + "sourceConstraintComponent", ox.NamedNode(finding.component)), (SH + "sourceShape", _iri(finding.shape)),
        (SH + "resultPath", _iri(finding.path[1:-1]) if finding.path.startswith("<") else None),
        (SH + "value", _literal(finding.value_is) if finding.value_is else _term(finding.value)),
        (ICS + "findingId", ox.Literal(finding.id)), (DCTERMS + "identifier", ox.Literal(finding.id)),
        (ICS + "hasOutcome", ox.NamedNode(f"{SCHEME}outcome/{finding.outcome.replace(' ', '-')}")),
        (ICS + "wouldBeMendedBy", ox.Literal(finding.remedy)),
        (ICS + "inRecordsOf", _iri(finding.system)),
        (ICS + "fromFile", ox.Literal(finding.file) if finding.file else None),
        (ICS + "atLine", ox.Literal(finding.line) if finding.line else None),
    ]  # fmt: skip
    if finding.constraint in report.duties:
        values.append((DCTERMS + "conformsTo", ox.NamedNode(ICSC + finding.constraint)))
        values.append((ICS + "forConstraint", ox.NamedNode(ICSC + finding.constraint)))
    if report.baseline:
        values.append((ICS + "isAccepted", ox.Literal(finding.id in report.baseline.accepted)))
    values += [(DCTERMS + "references", ox.NamedNode(p.iri)) for p in finding.provisions if p.iri]
    values += [(DCTERMS + "references", ox.NamedNode(f"{PREFIXES['statement']}{s.id}")) for s in finding.statements]
    for name, value in values:
        if value is not None:
            yield _triple(node, name, value)


def _run(report: Report, each: Coverage) -> Iterator[ox.Triple]:
    node = ox.BlankNode(f"run-{each.constraint}")
    yield _triple(node, RDF + "type", ox.NamedNode(ICS + "ConstraintRun"))
    yield _triple(node, ICS + "inReport", _REPORT)
    if each.constraint in report.duties:
        yield _triple(node, ICS + "forConstraint", ox.NamedNode(ICSC + each.constraint))
    yield _triple(node, DCTERMS + "identifier", ox.Literal(each.constraint))
    yield _triple(node, ICS + "lookedAt", ox.Literal(each.looked_at))
    if each.note:
        yield _triple(node, _SKOS_NOTE, ox.Literal(each.note, language="en"))
    for number, (outcome, times) in enumerate(each.outcomes.items()):
        count = ox.BlankNode(f"run-{each.constraint}-{number}")
        yield _triple(node, ICS + "hasOutcomeCount", count)
        yield _triple(count, RDF + "type", ox.NamedNode(ICS + "OutcomeCount"))
        yield _triple(count, ICS + "hasOutcome", ox.NamedNode(f"{SCHEME}outcome/{outcome.replace(' ', '-')}"))
        yield _triple(count, ICS + "timesReached", ox.Literal(times))


def _triple(
    subject: ox.NamedNode | ox.BlankNode, name: str, value: ox.NamedNode | ox.BlankNode | ox.Literal
) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(name), value)


def _day(text: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + "date"))


def _iri(text: str) -> ox.NamedNode | None:
    try:
        return ox.NamedNode(text) if text else None
    except ValueError:
        return None


def _term(text: str) -> ox.NamedNode | ox.BlankNode | ox.Literal | None:
    if text.startswith("_:"):
        return ox.BlankNode(f"b{text[2:]}")
    return _iri(text) or (ox.Literal(text) if text else None)


def _literal(written: str) -> ox.Literal:
    """Read a literal from its N-Triples form."""
    quad = next(ox.parse(f"<urn:s> <urn:p> {written} .", format=ox.RdfFormat.N_TRIPLES))
    assert isinstance(quad.object, ox.Literal)
    return quad.object


def _settled(value: Any) -> Any:  # noqa: ANN401  whatever JSON holds
    """Sort keys, so that the bytes do not depend on the writer."""
    if isinstance(value, dict):
        return {key: _settled(value[key]) for key in sorted(value)}
    return [_settled(each) for each in value] if isinstance(value, list) else value
