# SPDX-License-Identifier: Apache-2.0
"""Facts and rules to everything that follows, each conclusion with its first proof, and to every contradiction.

Semi-naive: facts are taken one by one, and each meets only the rules that can use it, joined with facts known already.
A conclusion remembers the rule and the facts from which it was first drawn, all of them older than itself; so proofs
never go round in circles. Where two names are one thing (owl:sameAs), what is said of one is said of the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from icsgraph.rules.rl import rule as r
from icsgraph.rules.rl.clashes import Clash, ill_typed, in_groups, no_choice
from icsgraph.rules.rl.compile import compile_rules
from icsgraph.rules.rl.rule import Atom, Fact, Rule, Terms, X, Y

_REPLACED = ("eq-rep-s", "eq-rep-p", "eq-rep-o")


@dataclass(frozen=True, slots=True)
class Proof:
    """Why a triple holds: the rule, the axioms it was made from and the proofs of what it needed; none if stated."""

    triple: ox.Triple
    rule: str = ""
    axiom: tuple[ox.Triple, ...] = ()
    because: tuple[Proof, ...] = ()


@dataclass(slots=True)
class Closure:
    """All that follows: ``known`` maps each fact to how it was found, None for one that was given."""

    terms: Terms
    known: dict[Fact, tuple[Rule, tuple[Fact, ...]] | None]
    clashes: list[Clash] = field(default_factory=list)

    def derived(self) -> Iterator[ox.Triple]:
        """Give what was not stated and can be said in names: nothing about class expressions, no literal as subject."""
        for fact, how in self.known.items():
            if how is not None and not any(isinstance(self.terms.terms[n], ox.BlankNode) for n in fact[1:]):
                yield self.terms.triple(fact)

    def why(self, triple: ox.Triple) -> Proof | None:
        """Give the first proof of a triple that holds; None for one that does not."""
        numbers = self.terms.numbers
        fact = tuple(numbers.get(term) for term in triple)
        if None in fact or fact not in self.known:
            return None
        return self.proof(fact)

    def proof(self, fact: Fact) -> Proof:
        """Give the first proof of a known fact."""
        how = self.known.get(fact)
        if how is None:
            return Proof(self.terms.triple(fact))
        rule, used = how
        axiom = tuple(self.terms.triple(each) for each in rule.axiom)
        return Proof(self.terms.triple(fact), rule.name, axiom, tuple(self.proof(each) for each in used))


def close(quads: Iterable[ox.Quad | ox.Triple]) -> Closure:
    """Draw every conclusion of OWL 2 RL from an ontology and data taken together, and find every contradiction."""
    program = compile_rules(quads, _close_schema)
    run = _Run(program.terms, program.rules)
    run.all(program.facts, program.terms.name(r.TYPE))  # so that proofs prefer what things are said to be
    closure = Closure(program.terms, run.known, run.clashes)
    closure.clashes += in_groups(program, run.known, run.types())
    closure.clashes += no_choice(program, run.known, run.types())
    closure.clashes += ill_typed(program, run.known)
    return closure


def _close_schema(terms: Terms, facts: Iterable[Fact], rules: Sequence[Rule]) -> Iterator[tuple[Fact, str]]:
    run = _Run(terms, rules)
    run.all(facts)
    return ((fact, how[0].name) for fact, how in run.known.items() if how is not None)


class _Run:
    """The state of one closing: facts known, those waiting, and the indexes that the rules' joins need."""

    def __init__(self, terms: Terms, rules: Sequence[Rule]) -> None:
        self._literal, self._type, self._same = terms.literal, terms.name(r.TYPE), terms.name(r.SAME)
        self.known: dict[Fact, tuple[Rule, tuple[Fact, ...]] | None] = {}
        self.clashes: list[Clash] = []
        self._waiting: list[Fact] = []
        self._objects: dict[int, dict[int, list[int]]] = {self._type: defaultdict(list)}
        self._subjects: dict[int, dict[int, list[int]]] = {self._type: defaultdict(list)}
        self._others: dict[int, set[int]] = {}
        self._about: dict[int, list[Fact]] | None = None
        self._by_predicate: dict[int, list[_Trigger]] = defaultdict(list)
        self._by_class: dict[int, list[_Trigger]] = defaultdict(list)
        for rule in rules:
            for at, atom in enumerate(rule.body):
                trigger = _Trigger(rule, at)
                if atom[1] == self._type and atom[2] >= 0:
                    self._by_class[atom[2]].append(trigger)
                else:
                    self._by_predicate[atom[1]].append(trigger)
                if len(rule.body) > 1:
                    self._objects.setdefault(atom[1], defaultdict(list))
                    self._subjects.setdefault(atom[1], defaultdict(list))

    def types(self) -> dict[int, list[int]]:
        """Give the classes of each thing."""
        return self._objects[self._type]

    def all(self, facts: Iterable[Fact], first: int | None = None) -> None:
        """Take facts and all that follows from them.

        Args:
            first: a property; facts of it, with what follows from them, are taken before the rest.
        """
        later: list[Fact] = []
        for fact in facts:
            if fact not in self.known:
                self.known[fact] = None
                (self._waiting if first in (None, fact[1]) else later).append(fact)
        for waiting in (self._waiting, later):
            self._waiting = waiting
            at = 0
            while at < len(waiting):  # grows as conclusions are drawn
                self._take(waiting[at])
                at += 1
        self._waiting = []

    def _take(self, fact: Fact) -> None:
        s, p, o = fact
        if p in self._objects:
            self._objects[p][s].append(o)
            self._subjects[p][o].append(s)
        for trigger in self._by_class.get(o, ()) if p == self._type else self._by_predicate.get(p, ()):
            simple = trigger.simple
            if simple is None:
                trigger.fire(self, fact)
                continue
            head = simple[0]
            new = (
                (s if head[0] == X else o) if head[0] < 0 else head[0],
                head[1],
                (s if head[2] == X else o) if head[2] < 0 else head[2],
            )
            if new not in self.known and not self._literal[new[0]] and not (simple[1] and s == o):
                self.known[new] = (trigger.rule, (fact,))
                self._waiting.append(new)
        if p == self._same and s != o:
            self._merge(s, o, fact)
        if self._about is not None:
            self._replace(fact)

    def conclude(self, rule: Rule, used: tuple[Fact, ...], new: Fact | None) -> None:
        """Record what a rule gives: a conclusion not known yet, or a contradiction."""
        if new is None:
            self.clashes.append(Clash(rule.name, rule.axiom, used))
        elif new not in self.known and not self._literal[new[0]]:
            if new[1] == self._same and (new[0] == new[2] or self._literal[new[2]]):
                return
            self.known[new] = (rule, used)
            self._waiting.append(new)

    def matches(self, atom: Atom) -> Iterator[Fact]:
        """Give the facts taken so far that fit an atom whose bound variables are filled in."""
        s, p, o = atom
        if s >= 0 and o >= 0:
            if atom in self.known:
                yield atom
        elif s >= 0:
            for value in tuple(self._objects[p].get(s, ())):
                yield (s, p, value)
        elif o >= 0:
            for subject in tuple(self._subjects[p].get(o, ())):
                yield (subject, p, o)
        else:
            for subject, values in tuple(self._objects[p].items()):
                for value in tuple(values):
                    if s != o or subject == value:
                        yield (subject, p, value)

    def count(self, atom: Atom) -> int:
        """Say how many facts may fit an atom whose bound variables are filled in."""
        s, p, o = atom
        if s >= 0 and o >= 0:
            return int(atom in self.known)
        if s >= 0:
            return len(self._objects[p].get(s, ()))
        return len(self._subjects[p].get(o, ())) if o >= 0 else len(self._waiting)

    def _merge(self, one: int, other: int, why: Fact) -> None:
        if self._about is None:
            self._about = defaultdict(list)
            for fact in self.known:
                for node in set(fact):
                    self._about[node].append(fact)
        self._others.setdefault(one, set()).add(other)
        for fact in tuple(self._about[one]):
            self._replaced(fact, one, other, why)

    def _replace(self, fact: Fact) -> None:
        assert self._about is not None
        for node in set(fact):
            self._about[node].append(fact)
            for other in tuple(self._others.get(node, ())):
                self._replaced(fact, node, other, (node, self._same, other))

    def _replaced(self, fact: Fact, one: int, other: int, why: Fact) -> None:
        for at in range(3):
            if fact[at] == one and fact != why:
                new = (*fact[:at], other, *fact[at + 1 :])
                self.conclude(Rule(_REPLACED[at], (), None), (why, fact), new)  # type: ignore[arg-type]


class _Trigger:
    """One atom of a rule's body, waiting for a fact with which the others are joined."""

    __slots__ = ("_at", "rule", "simple")

    def __init__(self, rule: Rule, at: int) -> None:
        self.rule, self._at = rule, at
        atom, head = rule.body[at], rule.head
        plain = len(rule.body) == 1 and atom[0] == X and (atom[2] == Y or atom[2] >= 0)
        self.simple: tuple[Atom, bool] | None = None
        if head is not None and plain and (atom[1:] if atom[2] < 0 else atom[1:2]) and atom[2] < 0:
            self.simple = (head, rule.apart is not None)
        elif head is not None and plain and rule.apart is None and rule.name.startswith(("cax", "cls-int2", "cls-uni")):
            self.simple = (head, False)

    def fire(self, run: _Run, fact: Fact) -> None:
        """Join a fact that may fit this atom with the rest of the body."""
        bound: dict[int, int] = {}
        if _bind(self.rule.body[self._at], fact, bound):
            left = tuple(i for i in range(len(self.rule.body)) if i != self._at)
            self._join(run, left, bound, [fact] * len(self.rule.body))

    def _join(self, run: _Run, left: tuple[int, ...], bound: dict[int, int], used: list[Fact]) -> None:
        rule = self.rule
        if rule.apart and bound.get(rule.apart[0], -1) == bound.get(rule.apart[1], -2):
            return
        if not left:
            run.conclude(rule, tuple(used), None if rule.head is None else _filled(rule.head, bound))
            return
        at = left[0]
        if len(left) > 1:  # the atom with the fewest facts first
            at = min(left, key=lambda i: run.count(_filled(rule.body[i], bound)))
        rest = tuple(i for i in left if i != at)
        for fact in run.matches(_filled(rule.body[at], bound)):
            further = dict(bound)
            if _bind(rule.body[at], fact, further):
                used[at] = fact
                self._join(run, rest, further, used)


def _filled(atom: Atom, bound: dict[int, int]) -> Atom:
    s, p, o = atom
    return (bound.get(s, s), bound.get(p, p), bound.get(o, o))


def _bind(atom: Atom, fact: Fact, bound: dict[int, int]) -> bool:
    for wanted, got in zip(atom, fact, strict=True):
        if wanted >= 0:
            if wanted != got:
                return False
        elif bound.setdefault(wanted, got) != got:
            return False
    return True
