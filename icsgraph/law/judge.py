# SPDX-License-Identifier: Apache-2.0
"""Raw results of shapes to outcomes and findings: the one mechanism for severity, completeness and applicability.

A shape only detects. Here its results meet the population of its constraint, the completeness that the data declare and
the dated severities of the register; *met* is the population less everything else. What could not be checked is *check
failed*, and a finding: a constraint whose shape did not run, has no population query, or was never proved by cases.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pyoxigraph as ox

from icsgraph import shacl
from icsgraph.law.catalogue import Catalogue, Constraint
from icsgraph.law.completeness import Completeness
from icsgraph.law.findings import FAILED, OUTCOMES, SEVERITIES, Coverage, Duty, Finding
from icsgraph.law.ground import Ground
from icsgraph.law.places import Places
from icsgraph.law.population import Member, Pair
from icsgraph.law.records import TERMS
from icsgraph.law.shapes import Check, ShapeSet
from icsgraph.model.namespaces import ICSS, RDFS, SCHEME, SH
from icsgraph.shacl.labels import stable_labels
from icsgraph.store.select import Term
from icsgraph.store.select import text as term_text

_TITLES: Final = (RDFS + "label", SH + "name")
_UNPROVED: Final = "no case files have proved its shape, so that what it does not find says nothing"


@dataclass(slots=True)
class _Draft:
    """A result on its way to a finding."""

    result: shacl.Result
    check: Check | None
    pair: Pair
    member: Member | None
    outcome: str
    severity: str
    reason: str


class Judge:
    """Judges the raw results of one check over one graph."""

    def __init__(
        self,
        ground: Ground,
        shapes: ShapeSet,
        catalogue: Catalogue,
        complete: Completeness,
        scope: set[str],
        duties: Mapping[str, Duty],
        proved: Collection[str] | None,
    ) -> None:
        self.shapes, self.catalogue, self.complete, self.scope = shapes, catalogue, complete, scope
        self.ground, self.opened = ground, ground.opened
        self.duties, self.proved = duties, proved
        self.as_at = self.opened.as_at.isoformat()
        self.places = Places(self.opened)
        self.edition_years = {label: first[:4] for label, first, _ in catalogue.editions}
        self._blank: dict[str, str] = {}
        self._titles = {term_text(q.subject): term_text(q.object) for q in shapes.quads if q.predicate.value in _TITLES}
        self._titles[ICSS + TERMS] = "form of icsgraph's own terms"

    def judge(self, raw: shacl.Results) -> tuple[tuple[Finding, ...], tuple[Coverage, ...], tuple[Coverage, ...]]:
        """Give the findings, what each constraint looked at, and what each shape without a constraint looked at."""
        by_constraint: dict[str, list[tuple[shacl.Result, Check | None]]] = {}
        plain: list[shacl.Result] = []
        for result in raw.results:
            source = result.source_constraint
            found = self.shapes.checks.get(term_text(source)) if source is not None else None
            if found and self._is_judged(found.constraint):
                by_constraint.setdefault(found.constraint, []).append((result, found))
            else:
                plain.append(result)
        self._blank = self._stable(raw.results)
        stopped = {self._name(term_text(run.shape)): run for run in raw.undecided}
        drafts, coverage = self._form(plain), []
        judged = [name for name in sorted(set(self.shapes.shapes.values())) if self._is_judged(name)]
        self.ground.prepare(judged, self.shapes, self.scope)
        for name in judged:
            more, looked = self._constraint(name, by_constraint.get(name, []))
            why = f"its shape could not be run: {stopped[name].reason}" if name in stopped else ""
            if not why and self.proved is not None and name not in self.proved:
                why = _UNPROVED
            if why:
                more.append(self._failure(name, why))
                looked = replace(looked, outcomes={FAILED: looked.looked_at} if looked.looked_at else {}, note=why)
            drafts += more
            coverage.append(looked)
        forms = tuple(self._looked(run, plain) for run in raw.shapes if not self._is_judged(self._name(run.shape)))
        drafts += [self._failure(self._name(run.shape), f"it could not be run: {run.reason}") for run in raw.undecided
                   if not self._is_judged(self._name(run.shape))]  # fmt: skip
        return self._findings(drafts), tuple(coverage), forms

    def _is_judged(self, name: str) -> bool:
        """Whether the register has the constraint, and the shapes have its population: else findings are plain."""
        return name in self.catalogue.constraints and name in self.shapes.population

    def _name(self, shape: Term | str) -> str:
        iri = shape if isinstance(shape, str) else term_text(shape)
        return self.shapes.shapes.get(iri, _local(iri))

    def _title(self, shape: Term) -> str:
        """The label that a shape has in its own file, or in the data."""
        iri = term_text(shape)
        return self._titles.get(iri) or self.places.label(iri)

    def _looked(self, run: shacl.ShapeRun, plain: Sequence[shacl.Result]) -> Coverage:
        """What became of the focus nodes of a shape without a constraint."""
        amiss = len({result.focus for result in plain if result.target_shape == run.shape})
        outcomes = {"met": max(run.focus_nodes - amiss, 0), "not met": amiss}
        if run.engine is None:
            outcomes = {FAILED: run.focus_nodes}
        note = "" if run.focus_nodes else "its target matches nothing in the data"
        counts = {name: number for name, number in outcomes.items() if number}
        return Coverage(self._name(run.shape), self._title(run.shape), run.focus_nodes, counts, note)

    def _failure(self, name: str, why: str) -> _Draft:
        """A finding that says that a check itself could not be made."""
        iri = next((shape for shape, of in self.shapes.shapes.items() if of == name), ICSS + name)
        node = ox.NamedNode(iri)
        message = ox.Literal(f"{name} cannot be relied on: {why}.", language="en")
        result = shacl.Result(
            id="", focus=node, path=None, value=None, component=SCHEME + "outcome/check-failed", source_shape=node,
            source_constraint=None, severity=SH + "Warning", messages=(message,), target_shape=node,
        )  # fmt: skip
        return _Draft(result, None, (iri, ""), None, FAILED, "Warning", why)

    def _stable(self, results: Iterable[shacl.Result]) -> dict[str, str]:
        """Labels of blank nodes that are the same on every run; worked out only where a result names a blank node."""
        if not any(isinstance(term, ox.BlankNode) for r in results for term in (r.focus, r.value)):
            return {}
        quads = self.opened.store.quads_for_pattern(None, None, None, ox.DefaultGraph())
        blank = (q for q in quads if isinstance(q.subject, ox.BlankNode) or isinstance(q.object, ox.BlankNode))
        return stable_labels((q.subject, q.predicate, q.object) for q in blank)  # type: ignore[misc]

    def _written(self, text: str) -> str:
        """The text of a term as a report has it: a blank node by its stable label."""
        return f"_:{self._blank.get(text[2:], text[2:])}" if text.startswith("_:") else text

    def _form(self, results: Iterable[shacl.Result]) -> list[_Draft]:
        """Results of shapes without a constraint of the register: forms of records, and users' own shapes.

        Only what users' files speak of is reported: the packaged graph under them is checked when it is made.
        """
        return [
            _Draft(r, None, (term_text(r.focus), term_text(r.value) if r.value is not None else ""), None, "not met",
                   _local(r.severity) if _local(r.severity) in SEVERITIES else "Violation", "")
            for r in results
            if self.ground.tells_of(r.focus)
        ]  # fmt: skip

    def _constraint(self, name: str, results: list[tuple[shacl.Result, Check | None]]) -> tuple[list[_Draft], Coverage]:
        constraint = self.catalogue.constraints[name]
        focus_nodes = {result.focus for result, _ in results if isinstance(result.focus, ox.NamedNode)}
        looked = self.ground.looked_at(name, self.shapes, focus_nodes, self.scope)
        outcomes: dict[Pair, str] = {}
        drafts = []
        for result, found in results:
            assert found is not None
            focus = term_text(result.focus)
            value = term_text(result.value) if result.value is not None else ""
            pair = next((p for p in ((focus, value), (focus, "")) if p in looked.everyone), None)
            if pair is not None and pair not in looked.members:
                continue
            draft = self._draft(constraint, result, found, pair, looked.members)
            if draft is None or (pair is not None and pair not in looked.applies):
                continue
            drafts.append(draft)
            if pair is not None:
                outcomes[pair] = _worse(outcomes.get(pair, "met"), draft.outcome)
        counts = Counter(outcomes.values())
        counts["met"] += looked.applying - len(outcomes)
        counts["not applicable"] += looked.size - looked.applying
        note = ""
        if not looked.size:
            note = (
                "nothing of this kind in the systems looked at"
                if looked.anyone
                else "nothing of this kind is on record"
            )
        elif not looked.applying:
            note = "applies to none of them on these days"
        return drafts, Coverage(
            name, constraint.title, looked.size, {o: counts[o] for o in OUTCOMES if counts[o]}, note
        )

    def _draft(
        self,
        constraint: Constraint,
        result: shacl.Result,
        found: Check,
        pair: Pair | None,
        members: Mapping[Pair, Member],
    ) -> _Draft | None:
        focus, value = term_text(result.focus), term_text(result.value) if result.value is not None else ""
        if pair is None:
            why = "the shape reported something that its population query does not list"
            return _Draft(result, found, (focus, value), None, FAILED, "Warning", why)
        member = members[pair]
        row = constraint.severity(found.condition, member.judged_on or self.as_at)
        if row is None:
            return None
        shown = (focus, "" if value == focus else value)
        if found.undecided:
            return _Draft(result, found, shown, member, "undecided", "Info", "dates on record leave it open")
        if found.finds_absence and not self.complete.declared(
            constraint.topics, member.system, member.judged_on, self.as_at
        ):
            topics = ", ".join(_local(topic) for topic in constraint.topics)
            why = f"the data do not declare that their records of {topics} are complete"
            return _Draft(result, found, shown, member, "not recorded", "Info", why)
        return _Draft(result, found, shown, member, "not met", row.severity, row.reason)

    def _findings(self, drafts: list[_Draft]) -> tuple[Finding, ...]:
        unique: dict[str, Finding] = {}
        for made_one in (self._finding(draft) for draft in drafts):
            kept = unique.setdefault(made_one.id, made_one)
            if made_one.message < kept.message:  # one pair, told in two ways: the choice must not depend on the engine
                unique[made_one.id] = made_one
        made = list(unique.values())
        order = {name: -i for i, name in enumerate(SEVERITIES)}
        made.sort(key=lambda f: (order[f.severity], f.constraint, f.focus, f.value, f.path, f.condition, f.id))
        lines = self.places.lines(f.focus for f in made)
        return tuple(
            replace(f, file=lines[f.focus][0], line=lines[f.focus][1], column=self.places.column(f))
            if f.focus in lines else f for f in made
        )  # fmt: skip

    def _finding(self, draft: _Draft) -> Finding:
        result, (focus, value), places = draft.result, draft.pair, self.places
        condition = draft.check.condition if draft.check else ""
        # A property shape inside a form has no name of its own: the shape that led to it speaks for it.
        shape = result.target_shape if isinstance(result.source_shape, ox.BlankNode) else result.source_shape
        name = draft.check.constraint if draft.check else self._name(shape)
        constraint = self.catalogue.constraints.get(name)
        duty = self.duties.get(name)
        path = result.path_text or ""
        day = draft.member.judged_on if draft.member and draft.member.judged_on else self.as_at
        edition = self.catalogue.edition_on(day)
        year = self.edition_years.get(edition)
        digest = hashlib.sha256(
            "\n".join((name, self._written(focus), path, self._written(value), condition or result.component)).encode()
        )
        shown = result.value if value and result.value is not None and term_text(result.value) == value else None
        return Finding(
            id=digest.hexdigest()[:16], constraint=name,
            title=constraint.title if constraint else self._title(shape),
            severity=draft.severity, outcome=draft.outcome, condition=condition,
            message=result.messages[0].value if result.messages else f"A value breaks {_local(result.component)}.",
            focus=self._written(focus), focus_label=places.label(self._written(focus)), focus_type=places.kind(focus),
            path=path, value=self._written(value), value_label=places.label(self._written(value)) if value else "",
            value_is=_syntax(shown), system=draft.member.system if draft.member else "", judged_on=day,
            reason=draft.reason,
            remedy=f"Records that would answer it: {constraint.data_needed}." if constraint else "Correct the record.",
            provisions=constraint.provisions if constraint else (), guidance=constraint.guidance if constraint else "",
            statements=tuple(s for s in duty.statements if s.edition == year) if duty else (),
            edition=edition, shape=term_text(shape), component=result.component, file="", line=None,
        )  # fmt: skip


def _worse(one: str, other: str) -> str:
    ranks = ("met", "not applicable", "undecided", "not recorded", "not met", FAILED)
    return max(one, other, key=ranks.index)


def _local(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]


def _syntax(term: Term | None) -> str:
    """The term in N-Triples, so that a report can write a literal with its datatype; nothing for other terms."""
    return str(term) if isinstance(term, ox.Literal) else ""
