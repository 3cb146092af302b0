# SPDX-License-Identifier: Apache-2.0
"""Raw results of shapes to outcomes and findings: the one mechanism for severity, completeness and applicability.

A shape only detects. Here its results meet the population of its constraint, the completeness that the data declare and
the dated severities of the register; *met* is the population less everything else.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

import pyoxigraph as ox

from icsgraph import shacl
from icsgraph.law.catalogue import Catalogue, Constraint, read_catalogue
from icsgraph.law.compiled import compiled
from icsgraph.law.completeness import Completeness
from icsgraph.law.findings import OUTCOMES, SEVERITIES, Coverage, Finding, Report
from icsgraph.law.places import Places
from icsgraph.law.population import Member, Pair, applicable, population, systems_of, twins
from icsgraph.law.shapes import Check, ShapeSet, refuse_unknown_terms, shipped_shapes
from icsgraph.store.opened import Opened
from icsgraph.store.select import Term
from icsgraph.store.select import text as term_text

Engine: TypeAlias = Literal["compiled", "pyshacl"]
_FAILED: Final = "check failed"


def check(
    opened: Opened,
    shapes: ShapeSet | None = None,
    *,
    systems: Sequence[str] = (),
    engine: Engine = "compiled",
    everything: bool = False,
) -> Report:
    """Check a graph against shapes, the shipped ones unless others are given.

    Args:
        systems: IRIs of the boards or partnerships to look at; without any, those of which the users' files keep
            records; and where these name none, or with ``everything``, all in the graph.
        engine: ``compiled`` or ``pyshacl``; both give the same findings.

    Raises:
        ShapesError: when a shape names an unknown term or cannot be run.
    """
    shapes = shapes or shipped_shapes()
    refuse_unknown_terms(shapes, opened.store)
    same = twins(opened.store)
    scope = {twin for one in systems for twin in same.get(one, {one})} or (
        set() if everything else systems_of(opened.store, same)
    )
    queries = compiled(shapes)
    raw = shacl.validate(opened.store, queries, engine=engine)
    judge = _Judge(opened, shapes, read_catalogue(opened.store), Completeness(opened.store, same), scope)
    findings, coverage = judge.judge(raw.results)
    not_run = tuple(
        (c.id, c.checkability) for c in judge.catalogue.constraints.values() if c.id not in set(shapes.shapes.values())
    )
    return Report(
        as_at=opened.as_at, findings=findings, coverage=coverage, not_run=not_run, systems=tuple(sorted(scope)),
        parameters=opened.parameters, engine=raw.engine,
        warnings=tuple(
            f"{_local(term_text(r.shape))} ran on {r.engine or 'no engine'}: {r.reason}" for r in raw.shapes if r.reason
        ),
        versions={
            "data": opened.version[:12], "shapes": queries.digest[:12],
            "editions": "; ".join(label for label, _, _ in judge.catalogue.editions),
        },
    )  # fmt: skip


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


class _Judge:
    def __init__(
        self, opened: Opened, shapes: ShapeSet, catalogue: Catalogue, complete: Completeness, scope: set[str]
    ) -> None:
        self.opened, self.shapes, self.catalogue, self.complete, self.scope = opened, shapes, catalogue, complete, scope
        self.as_at = opened.as_at.isoformat()

    def judge(self, results: Iterable[shacl.Result]) -> tuple[tuple[Finding, ...], tuple[Coverage, ...]]:
        by_constraint: dict[str, list[tuple[shacl.Result, Check | None]]] = {}
        plain: list[shacl.Result] = []
        for result in results:
            found = (
                self.shapes.checks.get(term_text(result.source_constraint))
                if result.source_constraint is not None
                else None
            )
            if found:
                by_constraint.setdefault(found.constraint, []).append((result, found))
            else:
                plain.append(result)
        drafts, coverage = self._form(plain), []
        for name in sorted(set(self.shapes.shapes.values())):
            more, looked = self._constraint(name, by_constraint.get(name, []))
            drafts += more
            coverage.append(looked)
        return self._findings(drafts), tuple(coverage)

    def _form(self, results: Iterable[shacl.Result]) -> list[_Draft]:
        """Results of shapes without a constraint of the register: forms of records, and users' own shapes.

        Only what users' files speak of is reported: the packaged graph under them is checked when it is made.
        """
        graphs = {file.graph for file in self.opened.files}
        return [
            _Draft(r, None, (term_text(r.focus), term_text(r.value) if r.value is not None else ""), None, "not met",
                   _local(r.severity) if _local(r.severity) in SEVERITIES else "Violation", "")
            for r in results
            if not graphs or self._is_told_in(r.focus, graphs)
        ]  # fmt: skip

    def _is_told_in(self, focus: Term, graphs: set[ox.NamedNode]) -> bool:
        if isinstance(focus, ox.Literal | ox.Triple):
            return True
        return any(q.graph_name in graphs for q in self.opened.store.quads_for_pattern(focus, None, None, None))

    def _constraint(self, name: str, results: list[tuple[shacl.Result, Check | None]]) -> tuple[list[_Draft], Coverage]:
        constraint = self.catalogue.constraints[name]
        everyone = population(self.opened.store, name, self.shapes.population[name])
        members = {pair: m for pair, m in everyone.items() if not self.scope or m.system in self.scope}
        applies = applicable(self.opened.store, name, self.shapes.applicability[name])
        outcomes: dict[Pair, str] = {pair: "met" if pair in applies else "not applicable" for pair in members}
        drafts = []
        for result, found in results:
            assert found is not None
            focus = term_text(result.focus)
            value = term_text(result.value) if result.value is not None else ""
            pair = next((p for p in ((focus, value), (focus, "")) if p in everyone), None)
            if pair is not None and pair not in members:
                continue
            draft = self._draft(constraint, result, found, pair, members)
            if draft is None or (pair is not None and outcomes[pair] == "not applicable"):
                continue
            drafts.append(draft)
            if pair is not None and OUTCOMES.index(draft.outcome) >= OUTCOMES.index("met"):
                outcomes[pair] = _worse(outcomes[pair], draft.outcome)
        counts = Counter(outcomes.values())
        note = ""
        if not members:
            note = (
                "nothing of this kind is on record" if not everyone else "nothing of this kind in the systems looked at"
            )
        elif not any(pair in applies for pair in members):
            note = "applies to none of them on these days"
        return drafts, Coverage(
            name, constraint.title, len(members), {o: counts[o] for o in OUTCOMES if counts[o]}, note
        )

    def _draft(
        self, constraint: Constraint, result: shacl.Result, found: Check, pair: Pair | None, members: dict[Pair, Member]
    ) -> _Draft | None:
        focus, value = term_text(result.focus), term_text(result.value) if result.value is not None else ""
        if pair is None:
            why = "the shape reported something that its population query does not list"
            return _Draft(result, found, (focus, value), None, _FAILED, "Warning", why)
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
        places = Places(self.opened)
        unique: dict[str, Finding] = {}
        for made_one in (self._finding(draft, places) for draft in drafts):
            kept = unique.setdefault(made_one.id, made_one)
            if made_one.message < kept.message:  # one pair, told in two ways: the choice must not depend on the engine
                unique[made_one.id] = made_one
        made = list(unique.values())
        order = {name: -i for i, name in enumerate(SEVERITIES)}
        made.sort(key=lambda f: (order[f.severity], f.constraint, f.focus, f.value, f.path, f.condition, f.id))
        lines = places.lines(f.focus for f in made)
        return tuple(
            replace(f, file=lines[f.focus][0], line=lines[f.focus][1]) if f.focus in lines else f for f in made
        )

    def _finding(self, draft: _Draft, places: Places) -> Finding:
        result, (focus, value) = draft.result, draft.pair
        constraint = self.catalogue.constraints[draft.check.constraint] if draft.check else None
        name = constraint.id if constraint else _local(term_text(result.source_shape))
        path = result.path_text or ""
        day = draft.member.judged_on if draft.member and draft.member.judged_on else self.as_at
        digest = hashlib.sha256(
            "\n".join((name, focus, path, value, draft.check.condition if draft.check else result.component)).encode()
        )
        return Finding(
            id=digest.hexdigest()[:16], constraint=name,
            title=constraint.title if constraint else places.label(term_text(result.source_shape)),
            severity=draft.severity, outcome=draft.outcome, condition=draft.check.condition if draft.check else "",
            message=result.messages[0].value if result.messages else f"A value breaks {_local(result.component)}.",
            focus=focus, focus_label=places.label(focus), focus_type=places.kind(focus), path=path, value=value,
            value_label=places.label(value) if value else "", system=draft.member.system if draft.member else "",
            judged_on=day, reason=draft.reason,
            remedy=f"Records that would answer it: {constraint.data_needed}." if constraint else "Correct the record.",
            provisions=constraint.provisions if constraint else (), guidance=constraint.guidance if constraint else "",
            edition=self.catalogue.edition_on(day), file="", line=None,
        )  # fmt: skip


def _worse(one: str, other: str) -> str:
    ranks = ("met", "not applicable", "undecided", "not recorded", "not met", _FAILED)
    return max(one, other, key=ranks.index)


def _local(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]
