# SPDX-License-Identifier: Apache-2.0
"""Axioms that OWL 2 RL does not cover, worked out from the grammar of the profile, each with what is lost.

Source: https://www.w3.org/TR/owl2-profiles/#OWL_2_RL
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import pyoxigraph as ox

from icsgraph.model.namespaces import OWL, RDF
from icsgraph.rules.rl import rule as r
from icsgraph.rules.rl.expressions import Expressions
from icsgraph.rules.rl.rule import Term

Side: TypeAlias = Literal["sub", "super", "equal"]
_ALLOWED: Final[dict[Side, frozenset[str]]] = {
    "sub": frozenset(("intersectionOf", "unionOf", "oneOf", "someValuesFrom", "hasValue")),
    "super": frozenset(
        ("intersectionOf", "complementOf", "allValuesFrom", "hasValue", "maxCardinality", "maxQualifiedCardinality")
    ),
    "equal": frozenset(("intersectionOf", "hasValue")),
}
_SAYS: Final = {
    r.SUBCLASS: "is a kind of",
    OWL + "equivalentClass": "is the same as",
    r.DOMAIN: "has domain",
    r.RANGE: "has range",
    OWL + "disjointWith": "excludes",
}


@dataclass(frozen=True, slots=True)
class Outside:
    """An axiom outside the profile: its subject, the axiom in words, why it is outside, and what rules still draw."""

    subject: str
    axiom: str
    why: str
    kept: str


def outside(quads: Iterable[ox.Quad | ox.Triple], name: Callable[[Term], str]) -> tuple[Outside, ...]:
    """Find the axioms of an ontology that OWL 2 RL does not allow, sorted by subject."""
    quads = list(quads)
    expressions = Expressions(quads)
    found = []
    for quad in quads:
        subject, predicate, value = quad.subject, quad.predicate.value, quad.object
        if isinstance(subject, ox.Triple) or isinstance(value, ox.Triple):
            continue
        for problem, kept in _problems(expressions, subject, predicate, value):
            said = _SAYS.get(predicate, predicate.removeprefix(OWL))
            text = f"{expressions.words(subject, name)} {said} {expressions.words(value, name)}"
            found.append(Outside(name(subject), text, problem, kept))
    return tuple(sorted(set(found), key=lambda each: (each.subject, each.axiom, each.why)))


def _problems(expressions: Expressions, subject: Term, predicate: str, value: Term) -> Iterator[tuple[str, str]]:
    if predicate == r.SUBCLASS:
        for why in (*_bad(expressions, subject, "sub"), *_bad(expressions, value, "super")):
            yield why, "nothing"
    elif predicate in (r.DOMAIN, r.RANGE):
        for why in _bad(expressions, value, "super"):
            yield why, "nothing"
    elif predicate == OWL + "equivalentClass":
        for why in dict.fromkeys((*_bad(expressions, subject, "equal"), *_bad(expressions, value, "equal"))):
            ways = [
                words
                for words, below, above in (
                    ("members by definition", value, subject),
                    ("what a member is", subject, value),
                )
                if not _bad(expressions, below, "sub") and not _bad(expressions, above, "super")
            ]
            if expressions.read(value).kind == "intersectionOf" and len(ways) == 1:
                ways.append("the parts of it by name")
            yield why, ", ".join(ways) or "nothing"
    elif predicate == OWL + "disjointWith":
        for why in (*_bad(expressions, subject, "sub"), *_bad(expressions, value, "sub")):
            yield why, "nothing"
    elif predicate == OWL + "disjointUnionOf":
        yield "a disjoint union is a choice between classes", "nothing"
    elif predicate == RDF + "type" and value == ox.NamedNode(OWL + "ReflexiveProperty"):
        yield "a reflexive property relates everything to itself", "nothing"


def _bad(expressions: Expressions, term: Term, side: Side) -> list[str]:
    each = expressions.read(term)
    if each.kind == "Class":
        return []
    if each.kind not in _ALLOWED[side]:
        return [_why(each.kind, side)]
    if each.kind in ("hasValue", "oneOf"):
        return []
    if each.kind.startswith("max"):
        wrong = [] if each.number in ("0", "1") else ["it allows more than one value"]
        return wrong + [why for part in each.parts for why in _bad(expressions, part, "sub")]
    inner: Side = "sub" if each.kind == "complementOf" else side
    return [why for part in each.parts for why in _bad(expressions, part, inner)]


def _why(kind: str, side: Side) -> str:
    reasons = {
        "unionOf": "it gives a choice between classes, and a rule cannot choose",
        "oneOf": "it gives a choice between things, and a rule cannot choose",
        "someValuesFrom": "it says that something exists without naming it",
        "complementOf": "it asks what something is not",
        "allValuesFrom": "it asks about all values, and data never say that there are no others",
    }
    if side == "equal" and kind in ("someValuesFrom", "unionOf", "oneOf"):
        return reasons[kind]
    return reasons.get(kind, f"{kind} is not allowed there")
