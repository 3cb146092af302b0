# SPDX-License-Identifier: Apache-2.0
"""Terms, facts and axioms in plain words, by the labels that a store gives them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import pyoxigraph as ox

from icsgraph.model.namespaces import DCTERMS, OWL, RDF, RDFS, SKOS
from icsgraph.rules.rl import rule as r
from icsgraph.rules.rl.expressions import Expressions

_LABELS: Final = (RDFS + "label", SKOS + "prefLabel", DCTERMS + "title")
_LONG: Final = 6
_VOWELS: Final = "aeiou"
_SPELT: Final = "AEFHILMNORSX"
_KINDS: Final = {
    OWL + "FunctionalProperty": "has at most one value",
    OWL + "InverseFunctionalProperty": "belongs to at most one thing for each value",
    OWL + "IrreflexiveProperty": "never relates a thing to itself",
    OWL + "AsymmetricProperty": "never holds both ways",
    OWL + "SymmetricProperty": "holds both ways",
    OWL + "TransitiveProperty": "passes on along a chain of itself",
}


class Words:
    """Words for what one store holds."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._expressions: Expressions | None = None

    def term(self, term: object) -> str:
        """Give a thing's label, else the end of its IRI; the text of a literal; the words of a class expression."""
        if isinstance(term, ox.Literal):
            return term.value
        if isinstance(term, ox.BlankNode):
            return self._expression(term)
        if not isinstance(term, ox.NamedNode):
            return str(term)
        for label in _LABELS:
            quads = self._store.quads_for_pattern(term, ox.NamedNode(label), None, ox.DefaultGraph())
            found = sorted(q.object.value for q in quads if isinstance(q.object, ox.Literal))
            if found:
                return found[0]
        return term.value.rstrip("/#").rpartition("#")[2].rpartition("/")[2]

    def _expression(self, term: ox.BlankNode) -> str:
        if self._expressions is None:
            blank = (q for q in self._store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
            self._expressions = Expressions(blank)
        if self._expressions.read(term).kind == "Class":
            kinds = self._store.quads_for_pattern(term, ox.NamedNode(r.TYPE), None, ox.DefaultGraph())
            kind = next(iter(sorted(self.term(q.object) for q in kinds)), "")
            return f"{_article(kind)} without a name" if kind else "something without a name"
        return self._expressions.words(term, self.term)

    def fact(self, triple: ox.Triple) -> str:
        """Say a triple."""
        subject, value = self.term(triple.subject), self.term(triple.object)
        if triple.predicate.value == r.TYPE:
            named = not isinstance(triple.object, ox.BlankNode)
            return f"{subject} {f'is {_article(value)}' if named else f'fits: {value}'}"
        if triple.predicate.value == r.SAME:
            return f"{subject} and {value} are one thing"
        quoted = f'"{value}"' if isinstance(triple.object, ox.Literal) else value
        return f"{subject}: {self.term(triple.predicate)} {quoted}"

    def axiom(self, triple: ox.Triple, concerned: Collection[object] = ()) -> str:
        """Say an axiom; of a long list of what excludes one another, only the members that are concerned."""
        subject, predicate = self.term(triple.subject), triple.predicate.value
        if predicate in (OWL + "members", OWL + "distinctMembers"):
            members = self._members(triple.object, concerned)
            typed = next((q.object for q in self._of(triple.subject, r.TYPE)), None)
            how = "are all different" if typed == ox.NamedNode(OWL + "AllDifferent") else "exclude one another"
            return f"{_listed(members)} {how}"
        if predicate == OWL + "unionOf":
            return f"a choice: {', '.join(self._members(triple.object))}"
        if predicate == OWL + "intersectionOf":
            return f"all of: {', '.join(self._members(triple.object))}"
        if predicate == OWL + "propertyChainAxiom":
            return f"{' then '.join(self._members(triple.object))} together give {subject}"
        if predicate == OWL + "hasKey":
            return f"{_article(subject)} is known by its {' and '.join(self._members(triple.object))}"
        value = self.term(triple.object)
        kind = f"fits: {value}" if isinstance(triple.object, ox.BlankNode) else f"is {_article(value)}"
        said = {
            r.SUBCLASS: f"every {subject} {kind}",
            OWL + "equivalentClass": f"{subject} means: {value}",
            r.SUBPROPERTY: f'"{subject}" implies "{value}"',
            r.DOMAIN: f'whatever has "{subject}" {kind}',
            r.RANGE: f'every value of "{subject}" {kind}',
            OWL + "inverseOf": f'"{subject}" is "{value}" the other way round',
            OWL + "disjointWith": f"{subject} and {value} exclude one another",
            OWL + "onProperty": f"the condition is about {value}",
            OWL + "someValuesFrom": f"one value at least is {_article(value)}",
            OWL + "allValuesFrom": f"every value is {_article(value)}",
            OWL + "hasValue": f"a value is {value}",
            OWL + "maxCardinality": f"there are at most {value}",
            RDF + "type": f"{subject} {_KINDS.get(getattr(triple.object, 'value', ''), f'is {_article(value)}')}",
        }
        return said.get(predicate, self.fact(triple))

    def _of(self, subject: object, predicate: str) -> list[ox.Quad]:
        assert isinstance(subject, ox.NamedNode | ox.BlankNode)
        return list(self._store.quads_for_pattern(subject, ox.NamedNode(predicate), None, ox.DefaultGraph()))

    def _members(self, head: object, concerned: Collection[object] = ()) -> list[str]:
        members = self._list(head)
        few = [member for member in members if member in concerned] if len(members) > _LONG else []
        left = len(members) - len(few)
        return [self.term(m) for m in few or members] + ([f"{left} more"] if few else [])

    def _list(self, head: object) -> list[object]:
        found: list[object] = []
        while isinstance(head, ox.BlankNode) and (first := self._of(head, RDF + "first")):
            found.append(first[0].object)
            rest = self._of(head, RDF + "rest")
            head = rest[0].object if rest else None
        return found


def _article(noun: str) -> str:
    if not noun or " or " in noun or (noun[:1].isupper() and " " not in noun):
        return noun
    first = noun.split()[0]
    if len(first) > 1 and first.isupper():  # letters that are spelt: an NHS trust, a GP practice
        vowel = first[0] in _SPELT
    else:
        vowel = first[0].lower() in _VOWELS and not first.lower().startswith(("uni", "eu"))
    return f"{'an' if vowel else 'a'} {noun}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else "".join(names)
