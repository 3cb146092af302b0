# SPDX-License-Identifier: Apache-2.0
"""Axioms to rules of their own: each becomes the rules of the OWL 2 RL table with its classes and properties filled in.

Only what is said of individuals is then left to join. Rules are made from the axioms as they stand and from the class
axioms that the schema rules add; compositions of axioms are left to the chain of rules, so that a proof ends in axioms
that somebody wrote. Left out, for they say nothing: everything is itself (eq-ref), annotation properties and datatypes
are such (prp-ap, dt-type1), a literal is of its datatype (dt-type2), everything is a thing (cls-thing).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, TypeAlias

import pyoxigraph as ox

from icsgraph.model.namespaces import OWL, RDF
from icsgraph.rules.rl import rule as r
from icsgraph.rules.rl.rule import Fact, Rule, Terms, X, Y, Z
from icsgraph.rules.rl.schema import COMPOSED, schema_rules

Group: TypeAlias = tuple[frozenset[int], tuple[Fact, ...], str]
CloseSchema: TypeAlias = Callable[[Terms, Iterable[Fact], Sequence[Rule]], Iterable[tuple[Fact, str]]]
_KINDS: Final = {
    "FunctionalProperty": "prp-fp",
    "InverseFunctionalProperty": "prp-ifp",
    "IrreflexiveProperty": "prp-irp",
    "SymmetricProperty": "prp-symp",
    "AsymmetricProperty": "prp-asyp",
    "TransitiveProperty": "prp-trp",
}


@dataclass(frozen=True, slots=True)
class Program:
    """Rules for one ontology, and groups: of classes that exclude one another, of things that are all different.

    A group is its members with the axiom that says so and the name of the rule that a clash goes by. ``choices`` are
    unions: what is in one is in a member, which no rule of the profile can use, but a contradiction can.
    """

    terms: Terms
    facts: dict[Fact, None]
    rules: tuple[Rule, ...]
    disjoint: tuple[Group, ...]
    different: tuple[Group, ...]
    choices: tuple[Group, ...]


def compile_rules(quads: Iterable[ox.Quad | ox.Triple], close_schema: CloseSchema) -> Program:
    """Compile the axioms among some quads; data among them are kept as facts.

    Args:
        quads: ontology and data together.
        close_schema: gives the facts that rules add to facts, each with the name of its rule (the engine's own).
    """
    terms = Terms()
    facts = terms.facts(quads)
    compiler = _Compiler(terms, facts)
    schema = (*schema_rules(terms), *compiler.schema_lists())
    vocabulary = compiler.schema_facts()
    added = dict.fromkeys(f for f, name in close_schema(terms, vocabulary, schema) if name not in COMPOSED)
    rules = (*compiler.rules(), *(_subclass(terms, fact) for fact in added if fact[1] == terms.name(r.SUBCLASS)))
    return Program(terms, facts, (*schema, *rules), compiler.disjoint(), compiler.different(), compiler.choices())


def _subclass(terms: Terms, fact: Fact) -> Rule:
    is_a = terms.name(r.TYPE)
    return Rule("cax-sco", ((X, is_a, fact[0]),), (X, is_a, fact[2]), (fact,))


class _Compiler:
    """Reads axioms by predicate and writes rules; what it cannot read (a broken list, say) it passes over."""

    def __init__(self, terms: Terms, facts: Iterable[Fact]) -> None:
        self._terms, self._is_a = terms, terms.name(r.TYPE)
        self._same = terms.name(r.SAME)
        self._by: dict[int, list[Fact]] = defaultdict(list)
        self._first: dict[int, Fact] = {}
        self._rest: dict[int, Fact] = {}
        first, rest = terms.name(RDF + "first"), terms.name(RDF + "rest")
        nil = terms.name(RDF + "nil")
        self._nil = nil
        owl = {n for t, n in terms.numbers.items() if isinstance(t, ox.NamedNode) and t.value.startswith(OWL)}
        rdfs = {terms.name(p) for p in (r.SUBCLASS, r.SUBPROPERTY, r.DOMAIN, r.RANGE)}
        for fact in facts:
            if fact[1] == first:
                self._first[fact[0]] = fact
            elif fact[1] == rest:
                self._rest[fact[0]] = fact
            elif fact[1] in owl or fact[1] in rdfs or (fact[1] == self._is_a and fact[2] in owl):
                self._by[fact[1]].append(fact)

    def _said(self, iri: str) -> list[Fact]:
        return self._by.get(self._terms.name(iri), [])

    def _value(self, subject: int, name: str) -> Fact | None:
        return next((f for f in self._said(OWL + name) if f[0] == subject), None)

    def _list(self, head: int) -> tuple[int, ...]:
        members, seen = [], set()
        while head != self._nil and head in self._first and head in self._rest and head not in seen:
            seen.add(head)
            members.append(self._first[head][2])
            head = self._rest[head][2]
        return tuple(members)

    def schema_facts(self) -> list[Fact]:
        """Give what is said of classes and properties, as the schema rules read it."""
        kinds = ("equivalentClass", "equivalentProperty", "onProperty", "hasValue", "someValuesFrom", "allValuesFrom")
        names = (r.SUBCLASS, r.SUBPROPERTY, r.DOMAIN, r.RANGE, *(OWL + kind for kind in kinds))
        names = (*names, OWL + "intersectionOf", OWL + "unionOf")
        return [fact for name in names for fact in self._said(name)]

    def schema_lists(self) -> Iterator[Rule]:
        """Give scm-int and scm-uni: an intersection is below its parts, a union above them."""
        sub = self._terms.name(r.SUBCLASS)
        for name, rule in (("intersectionOf", "scm-int"), ("unionOf", "scm-uni")):
            for fact in self._said(OWL + name):
                for part in self._list(fact[2]):
                    head = (fact[0], sub, part) if rule == "scm-int" else (part, sub, fact[0])
                    yield Rule(rule, (fact,), head)

    def rules(self) -> Iterator[Rule]:
        """Give the rules for individuals."""
        yield from self._subsumption()
        yield from self._characteristics()
        yield from self._chains_and_keys()
        yield from self._denials()
        yield from self._lists()
        yield from self._restrictions()
        yield Rule("eq-sym", ((X, self._same, Y),), (Y, self._same, X))
        yield Rule("eq-trans", ((X, self._same, Y), (Y, self._same, Z)), (X, self._same, Z), apart=(X, Z))
        yield Rule("eq-diff1", ((X, self._same, Y), (X, self._terms.name(r.DIFFERENT), Y)), None)
        yield Rule("cls-nothing2", ((X, self._is_a, self._terms.name(OWL + "Nothing")),), None)

    def _subsumption(self) -> Iterator[Rule]:
        is_a = self._is_a
        for fact in self._said(r.SUBCLASS):
            yield Rule("cax-sco", ((X, is_a, fact[0]),), (X, is_a, fact[2]), (fact,))
        for fact in self._said(OWL + "equivalentClass"):
            yield Rule("cax-eqc1", ((X, is_a, fact[0]),), (X, is_a, fact[2]), (fact,))
            yield Rule("cax-eqc2", ((X, is_a, fact[2]),), (X, is_a, fact[0]), (fact,))
        for fact in self._said(r.DOMAIN):
            yield Rule("prp-dom", ((X, fact[0], Y),), (X, is_a, fact[2]), (fact,))
        for fact in self._said(r.RANGE):
            yield Rule("prp-rng", ((X, fact[0], Y),), (Y, is_a, fact[2]), (fact,))
        for fact in self._said(r.SUBPROPERTY):
            yield Rule("prp-spo1", ((X, fact[0], Y),), (X, fact[2], Y), (fact,))
        for fact in self._said(OWL + "equivalentProperty"):
            yield Rule("prp-eqp1", ((X, fact[0], Y),), (X, fact[2], Y), (fact,))
            yield Rule("prp-eqp2", ((X, fact[2], Y),), (X, fact[0], Y), (fact,))
        for fact in self._said(OWL + "inverseOf"):
            yield Rule("prp-inv1", ((X, fact[0], Y),), (Y, fact[2], X), (fact,))
            yield Rule("prp-inv2", ((X, fact[2], Y),), (Y, fact[0], X), (fact,))

    def _characteristics(self) -> Iterator[Rule]:
        kinds = {self._terms.name(OWL + kind): rule for kind, rule in _KINDS.items()}
        for fact in self._by.get(self._is_a, []):
            p, rule = fact[0], kinds.get(fact[2])
            if rule == "prp-fp":
                yield Rule(rule, ((X, p, Y), (X, p, Z)), (Y, self._same, Z), (fact,), apart=(Y, Z))
            elif rule == "prp-ifp":
                yield Rule(rule, ((X, p, Z), (Y, p, Z)), (X, self._same, Y), (fact,), apart=(X, Y))
            elif rule == "prp-irp":
                yield Rule(rule, ((X, p, X),), None, (fact,))
            elif rule == "prp-asyp":
                yield Rule(rule, ((X, p, Y), (Y, p, X)), None, (fact,))
            elif rule == "prp-symp":
                yield Rule(rule, ((X, p, Y),), (Y, p, X), (fact,))
            elif rule == "prp-trp":
                yield Rule(rule, ((X, p, Y), (Y, p, Z)), (X, p, Z), (fact,))

    def _chains_and_keys(self) -> Iterator[Rule]:
        for fact in self._said(OWL + "propertyChainAxiom"):
            if links := self._list(fact[2]):
                at = range(-1, -len(links) - 2, -1)
                body = tuple((at[i], p, at[i + 1]) for i, p in enumerate(links))
                yield Rule("prp-spo2", body, (at[0], fact[0], at[-1]), (fact,))
        for fact in self._said(OWL + "hasKey"):
            if keys := self._list(fact[2]):
                of_class = ((X, self._is_a, fact[0]), (Y, self._is_a, fact[0]))
                equal = ((each, p, -3 - i) for i, p in enumerate(keys) for each in (X, Y))
                yield Rule("prp-key", (*of_class, *equal), (X, self._same, Y), (fact,), apart=(X, Y))

    def _denials(self) -> Iterator[Rule]:
        for fact in self._said(OWL + "propertyDisjointWith"):
            yield Rule("prp-pdw", ((X, fact[0], Y), (X, fact[2], Y)), None, (fact,))
        for fact in self._said(OWL + "members"):
            if (fact[0], self._is_a, self._terms.name(OWL + "AllDisjointProperties")) in self._by[self._is_a]:
                for one, other in combinations(self._list(fact[2]), 2):
                    yield Rule("prp-adp", ((X, one, Y), (X, other, Y)), None, (fact,))
        for source in self._said(OWL + "sourceIndividual"):
            prop = self._value(source[0], "assertionProperty")
            for number, kind in ((1, "targetIndividual"), (2, "targetValue")):
                target = self._value(source[0], kind)
                if prop and target:
                    axiom = (source, prop, target)
                    yield Rule(f"prp-npa{number}", ((source[2], prop[2], target[2]),), None, axiom)

    def _lists(self) -> Iterator[Rule]:
        is_a = self._is_a
        for fact in self._said(OWL + "intersectionOf"):
            parts = self._list(fact[2])
            if parts:
                yield Rule("cls-int1", tuple((X, is_a, part) for part in parts), (X, is_a, fact[0]), (fact,))
            for part in parts:
                yield Rule("cls-int2", ((X, is_a, fact[0]),), (X, is_a, part), (fact,))
        for fact in self._said(OWL + "unionOf"):
            for part in self._list(fact[2]):
                yield Rule("cls-uni", ((X, is_a, part),), (X, is_a, fact[0]), (fact,))
        for fact in self._said(OWL + "oneOf"):
            for part in self._list(fact[2]):
                yield Rule("cls-oo", (fact,), (part, is_a, fact[0]), (fact,))
        for fact in self._said(OWL + "complementOf"):
            yield Rule("cls-com", ((X, is_a, fact[0]), (X, is_a, fact[2])), None, (fact,))

    def _restrictions(self) -> Iterator[Rule]:
        is_a, same, thing = self._is_a, self._same, self._terms.name(OWL + "Thing")
        for on in self._said(OWL + "onProperty"):
            c, p = on[0], on[2]
            if fact := self._value(c, "someValuesFrom"):
                if fact[2] == thing:
                    yield Rule("cls-svf2", ((X, p, Y),), (X, is_a, c), (on, fact))
                else:
                    yield Rule("cls-svf1", ((X, p, Y), (Y, is_a, fact[2])), (X, is_a, c), (on, fact))
            if fact := self._value(c, "allValuesFrom"):
                yield Rule("cls-avf", ((X, is_a, c), (X, p, Y)), (Y, is_a, fact[2]), (on, fact))
            if fact := self._value(c, "hasValue"):
                yield Rule("cls-hv1", ((X, is_a, c),), (X, p, fact[2]), (on, fact))
                yield Rule("cls-hv2", ((X, p, fact[2]),), (X, is_a, c), (on, fact))
            if (fact := self._value(c, "maxCardinality")) and self._is_small(fact[2], 0):
                yield Rule("cls-maxc1", ((X, is_a, c), (X, p, Y)), None, (on, fact))
            elif fact and self._is_small(fact[2], 1):
                body = ((X, is_a, c), (X, p, Y), (X, p, Z))
                yield Rule("cls-maxc2", body, (Y, same, Z), (on, fact), apart=(Y, Z))
            yield from self._qualified(on, thing)

    def _qualified(self, on: Fact, thing: int) -> Iterator[Rule]:
        is_a, c, p = self._is_a, on[0], on[2]
        most, of = self._value(c, "maxQualifiedCardinality"), self._value(c, "onClass")
        if most is None or of is None:
            return
        axiom, anything = (on, most, of), of[2] == thing
        if self._is_small(most[2], 0):
            body = ((X, is_a, c), (X, p, Y), *(() if anything else ((Y, is_a, of[2]),)))
            yield Rule("cls-maxqc2" if anything else "cls-maxqc1", body, None, axiom)
        elif self._is_small(most[2], 1):
            kinds = () if anything else ((Y, is_a, of[2]), (Z, is_a, of[2]))
            body = ((X, is_a, c), (X, p, Y), (X, p, Z), *kinds)
            name = "cls-maxqc4" if anything else "cls-maxqc3"
            yield Rule(name, body, (Y, self._same, Z), axiom, apart=(Y, Z))

    def _is_small(self, number: int, value: int) -> bool:
        term = self._terms.terms[number]
        return isinstance(term, ox.Literal) and term.value.strip().lstrip("+0") == ("1" if value else "")

    def disjoint(self) -> tuple[Group, ...]:
        """Give the groups of classes that exclude one another (cax-dw, cax-adc)."""
        found: list[Group] = [(frozenset((f[0], f[2])), (f,), "cax-dw") for f in self._said(OWL + "disjointWith")]
        found += self._groups("AllDisjointClasses", "members", "cax-adc")
        return tuple(found)

    def different(self) -> tuple[Group, ...]:
        """Give the groups of things that are all different (eq-diff2, eq-diff3)."""
        found = self._groups("AllDifferent", "members", "eq-diff2")
        return (*found, *self._groups("AllDifferent", "distinctMembers", "eq-diff3"))

    def choices(self) -> tuple[Group, ...]:
        """Give the unions."""
        return tuple((frozenset(self._list(f[2])), (f,), "choice") for f in self._said(OWL + "unionOf"))

    def _groups(self, kind: str, of: str, rule: str) -> list[Group]:
        typed = {f[0] for f in self._by.get(self._is_a, []) if f[2] == self._terms.name(OWL + kind)}
        return [(frozenset(self._list(fact[2])), (fact,), rule) for fact in self._said(OWL + of) if fact[0] in typed]
