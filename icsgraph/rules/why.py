# SPDX-License-Identifier: Apache-2.0
"""Why a triple holds: a tree of steps from it down to triples that files state.

A triple is *stated* by a file; or *derived* by one of the CONSTRUCT rules; or *worked out* as a bound of a date or as
part of the context of the as-at date; or *inferred* from axioms by the OWL 2 RL rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import pyoxigraph as ox

from icsgraph.model.dates import interval
from icsgraph.rules.derive import DERIVED_GRAPH, Rule
from icsgraph.rules.premises import premises
from icsgraph.rules.rl import Closure, Proof
from icsgraph.rules.rl.rule import Term
from icsgraph.rules.sources import Place, Sources
from icsgraph.store.bounds import DATES_GRAPH, BoundedProperty, bounded_properties
from icsgraph.store.context import CONTEXT

Kind: TypeAlias = Literal["stated", "derived", "worked out", "inferred", "repeated"]
_DEEPEST: Final = 40


@dataclass(frozen=True, slots=True)
class Step:
    """A triple, how it came about, by which rule, what that rule says, and the steps that it rests on.

    ``axiom`` holds the axioms behind an inferred triple. A triple that was explained above is *repeated*.
    """

    triple: ox.Triple
    kind: Kind
    rule: str = ""
    words: str = ""
    axiom: tuple[ox.Triple, ...] = ()
    because: tuple[Step, ...] = ()

    def walk(self) -> Iterator[Step]:
        """Give this step and all below it."""
        yield self
        for step in self.because:
            yield from step.walk()


@dataclass(frozen=True, slots=True)
class Explained:
    """A step with the places of every triple and axiom in it that a file states."""

    step: Step
    places: dict[ox.Triple, Place]


class Why:
    """Explains triples of one graph.

    Args:
        store: the graph, its default graph holding what files state and what was derived from them.
        sources: where its triples are stated.
        rules: the CONSTRUCT rules that were run over it.
        name: words for a term, for what rules say.
        close: draws what follows by OWL 2 RL; called once, and only when a triple needs it.
    """

    def __init__(
        self,
        store: ox.Store,
        sources: Sources,
        rules: Sequence[Rule],
        name: Callable[[object], str],
        close: Callable[[], Closure],
    ) -> None:
        self._store, self._sources, self._rules, self._name, self._close = store, sources, rules, name, close
        self._closure: Closure | None = None
        self._bounds: dict[ox.NamedNode, tuple[ox.NamedNode, BoundedProperty]] | None = None

    def explain(self, triple: ox.Triple) -> Explained | None:
        """Explain one triple; None for one that does not hold."""
        step = self._step(triple, set(), 0)
        if step is None:
            return None
        told = dict.fromkeys(t for each in step.walk() for t in (each.triple, *each.axiom))
        return Explained(step, self._sources.places(told))

    @property
    def closure(self) -> Closure:
        """What follows from the graph by OWL 2 RL."""
        if self._closure is None:
            self._closure = self._close()
        return self._closure

    def objects(self, subject: ox.NamedNode, predicate: ox.NamedNode) -> list[Term]:
        """Give the values that a property of a thing has by inference or otherwise."""
        terms, known = self.closure.terms, self.closure.known
        wanted = terms.numbers.get(subject), terms.numbers.get(predicate)
        return [terms.terms[fact[2]] for fact in known if fact[:2] == wanted]

    def _step(self, triple: ox.Triple, seen: set[ox.Triple], depth: int) -> Step | None:
        held = (
            next(
                self._store.quads_for_pattern(triple.subject, triple.predicate, triple.object, ox.DefaultGraph()), None
            )
            is not None
        )
        if held and self._sources.file(triple):
            return Step(triple, "stated")
        if triple in seen or depth > _DEEPEST:
            return Step(triple, "repeated")
        seen.add(triple)
        if held:
            made = self._derived(triple, seen, depth) or self._bound(triple, seen, depth) or self._context(triple)
            return made or Step(triple, "stated")
        proof = self.closure.why(triple)
        return self._inferred(proof, seen, depth) if proof else None

    def _steps(self, triples: Sequence[ox.Triple], seen: set[ox.Triple], depth: int) -> tuple[Step, ...]:
        steps = (self._step(triple, seen, depth + 1) for triple in triples)
        return tuple(step for step in steps if step is not None)

    def _inferred(self, proof: Proof, seen: set[ox.Triple], depth: int) -> Step:
        steps = []
        for each in proof.because:
            if each.because and each.triple not in seen:
                seen.add(each.triple)
                steps.append(self._inferred(each, seen, depth + 1))
            else:
                steps += self._steps((each.triple,), seen, depth)
        return Step(proof.triple, "inferred", proof.rule, "", proof.axiom, tuple(steps))

    def _derived(self, triple: ox.Triple, seen: set[ox.Triple], depth: int) -> Step | None:
        if DERIVED_GRAPH.value not in self._sources.graphs(triple):
            return None
        for rule in self._rules:
            if found := premises(self._store, rule, triple):
                because = self._steps([f for f in found.facts if f != triple], seen, depth)
                words = rule.header.get("because", "")
                for variable, term in found.bound.items():
                    words = words.replace(f"{{{variable}}}", self._name(term))
                return Step(triple, "derived", rule.name, words, (), because)
        return None

    def _bound(self, triple: ox.Triple, seen: set[ox.Triple], depth: int) -> Step | None:
        if self._bounds is None:
            self._bounds = {
                prop: (dated, bounds)
                for dated, bounds in bounded_properties(self._store).items()
                for prop in (bounds.earliest, bounds.latest)
            }
        if triple.predicate not in self._bounds or not isinstance(triple.object, ox.Literal):
            return None
        dated, bounds = self._bounds[triple.predicate]
        for quad in self._store.quads_for_pattern(triple.subject, dated, None, ox.DefaultGraph()):
            value = quad.object
            days = interval(value.value, value.datatype.value) if isinstance(value, ox.Literal) else None
            if days and triple.object.value in (days.earliest.isoformat(), days.latest.isoformat()):
                end = "earliest" if triple.predicate == bounds.earliest else "latest"
                words = f"the {end} day that {self._name(value)} can mean"
                return Step(
                    triple, "worked out", DATES_GRAPH.value, words, (), self._steps((quad.triple,), seen, depth)
                )
        if bounds.open_means == triple.object.value:
            return Step(triple, "worked out", DATES_GRAPH.value, f"no {self._name(dated)} is stated, so it is open")
        return None

    def _context(self, triple: ox.Triple) -> Step | None:
        if CONTEXT.value not in self._sources.graphs(triple):
            return None
        return Step(triple, "worked out", CONTEXT.value, "from the as-at date and the parameters of the checks")
