# SPDX-License-Identifier: Apache-2.0
"""Terms as numbers, and rules over them: what the compiler makes and the engine runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import pyoxigraph as ox

from icsgraph.model.namespaces import OWL, RDF, RDFS

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal
Fact: TypeAlias = tuple[int, int, int]
Atom: TypeAlias = tuple[int, int, int]  # a number below zero is a variable: -1, -2, …

X, Y, Z, U, V, W = -1, -2, -3, -4, -5, -6
TYPE: Final = RDF + "type"
SAME: Final = OWL + "sameAs"
DIFFERENT: Final = OWL + "differentFrom"
SUBCLASS: Final = RDFS + "subClassOf"
SUBPROPERTY: Final = RDFS + "subPropertyOf"
DOMAIN: Final = RDFS + "domain"
RANGE: Final = RDFS + "range"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the OWL 2 RL table made special to one axiom; without a head it is one that finds a contradiction.

    Where all atoms of the body hold, the head does. ``axiom`` holds the triples that the rule was made from;
    ``apart`` names two variables that must not stand for one thing.
    """

    name: str
    body: tuple[Atom, ...]
    head: Atom | None
    axiom: tuple[Fact, ...] = ()
    apart: tuple[int, int] | None = None


@dataclass(slots=True)
class Terms:
    """Terms by number and numbers by term; ``literal[n]`` says whether term ``n`` is a literal."""

    numbers: dict[Term, int] = field(default_factory=dict)
    terms: list[Term] = field(default_factory=list)
    literal: list[bool] = field(default_factory=list)

    def number(self, term: Term) -> int:
        """Give a term's number, a new one where it has none."""
        found = self.numbers.get(term)
        if found is None:
            found = self.numbers[term] = len(self.terms)
            self.terms.append(term)
            self.literal.append(isinstance(term, ox.Literal))
        return found

    def name(self, iri: str) -> int:
        """Give the number of an IRI."""
        return self.number(ox.NamedNode(iri))

    def facts(self, quads: Iterable[ox.Quad | ox.Triple]) -> dict[Fact, None]:
        """Give quads as facts, each once and in their order; quoted triples are left out."""
        number = self.number
        return {
            (number(q.subject), number(q.predicate), number(q.object)): None
            for q in quads
            if not isinstance(q.subject, ox.Triple) and not isinstance(q.object, ox.Triple)
        }

    def members(self, facts: Iterable[Fact], head: int) -> list[int]:
        """Give the members of a list among some facts."""
        first, rest = self.name(RDF + "first"), self.name(RDF + "rest")
        firsts, rests = ({f[0]: f[2] for f in facts if f[1] == p} for p in (first, rest))
        found: list[int] = []
        while head in firsts and len(found) <= len(firsts):
            found.append(firsts[head])
            head = rests.get(head, head)
        return found

    def triple(self, fact: Fact) -> ox.Triple:
        """Give a fact as a triple."""
        subject, predicate, value = (self.terms[n] for n in fact)
        assert isinstance(predicate, ox.NamedNode) and not isinstance(subject, ox.Literal)
        return ox.Triple(subject, predicate, value)
