# SPDX-License-Identifier: Apache-2.0
"""Contradictions looked for once all is known: groups that exclude one another, literals of a wrong type."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from icsgraph.model.namespaces import OWL, XSD
from icsgraph.rules.rl import rule as r
from icsgraph.rules.rl.compile import Program
from icsgraph.rules.rl.rule import Fact

_WHOLE: Final = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-128, 127),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 255),
}
_TEXT: Final = frozenset(("string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN"))


@dataclass(frozen=True, slots=True)
class Clash:
    """Facts that cannot all hold, with the rule that says so and the axiom it was made from."""

    rule: str
    axiom: tuple[Fact, ...]
    facts: tuple[Fact, ...]


def in_groups(program: Program, known: Mapping[Fact, object], types: Mapping[int, list[int]]) -> Iterator[Clash]:
    """Find things in two classes that exclude one another, and things that are one though said to be different."""
    is_a, same = program.terms.name(r.TYPE), program.terms.name(r.SAME)
    groups: dict[int, list[int]] = defaultdict(list)
    for at, (members, _, _) in enumerate(program.disjoint):
        for member in members:
            groups[member].append(at)
    for thing, classes in types.items():
        seen: dict[int, int] = {}
        for kind in classes:
            for at in groups.get(kind, ()):
                other = seen.setdefault(at, kind)
                if other != kind:
                    _, axiom, rule = program.disjoint[at]
                    yield Clash(rule, axiom, ((thing, is_a, other), (thing, is_a, kind)))
    for fact in known if program.different else ():
        if fact[1] == same and fact[0] < fact[2]:
            for members, axiom, rule in program.different:
                if fact[0] in members and fact[2] in members:
                    yield Clash(rule, axiom, (fact,))


def no_choice(program: Program, known: Mapping[Fact, object], types: Mapping[int, list[int]]) -> Iterator[Clash]:
    """Find things that must be in one of several classes, and are in classes that exclude each of them.

    This goes beyond OWL 2 RL, whose rules cannot choose, by the one step that mistakes in data commonly need.
    """
    terms = program.terms
    is_a, below = terms.name(r.TYPE), terms.name(r.SUBCLASS)
    above: dict[int, set[int]] = defaultdict(set)
    for fact in known:
        if fact[1] == below:
            above[fact[0]].add(fact[2])
    excludes: dict[int, dict[int, tuple[Fact, ...]]] = defaultdict(dict)
    for members, axiom, _ in program.disjoint:
        for one in members:
            excludes[one] |= dict.fromkeys(members - {one}, axiom)
    unions = {axiom[0][0]: (members, axiom) for members, axiom, _ in program.choices if members}
    for thing, classes in types.items():
        for union in classes:
            if union not in unions:
                continue
            members, axiom = unions[union]
            reasons = [_exclusion({one, *above[one]}, classes, excludes) for one in sorted(members)]
            if all(reasons):
                found = [each for each in reasons if each]
                facts = dict.fromkeys([(thing, is_a, union), *((thing, is_a, kind) for kind, _ in found)])
                yield Clash("choice", (*axiom, *dict.fromkeys(f for _, why in found for f in why)), tuple(facts))


def _exclusion(
    kinds: set[int], classes: Iterable[int], excludes: Mapping[int, Mapping[int, tuple[Fact, ...]]]
) -> tuple[int, tuple[Fact, ...]] | None:
    """Give the first of a thing's classes that excludes one of some kinds, with the axiom that says so."""
    for own in classes:
        for kind in sorted(kinds):
            if kind in excludes.get(own, {}):
                return own, excludes[own][kind]
    return None


def ill_typed(program: Program, known: Iterable[Fact]) -> Iterator[Clash]:
    """Find literals outside the datatype that is the range of their property, or not of the form of their own.

    Only OWL 2's numbers, booleans and text are judged (dt-not-type); other datatypes are left to shapes. Two values of
    a functional property that are not one value are found too (prp-fp with dt-diff).
    """
    terms = program.terms
    ranges: dict[int, list[Fact]] = defaultdict(list)
    functional: dict[int, Fact] = {}
    kind, rng, is_a = terms.name(OWL + "FunctionalProperty"), terms.name(r.RANGE), terms.name(r.TYPE)
    for fact in program.facts:
        if fact[1] == rng and _name(terms.terms[fact[2]]):
            ranges[fact[0]].append(fact)
        elif fact[1] == is_a and fact[2] == kind:
            functional[fact[0]] = fact
    firsts: dict[tuple[int, int], tuple[Fact, object]] = {}
    for fact in known:
        value = terms.terms[fact[2]]
        if not isinstance(value, ox.Literal):
            continue
        own = value.datatype.value
        if value.language is None and _name(value.datatype) and _value(value, own) is None:
            yield Clash("dt-not-type", (), (fact,))
        for axiom in ranges.get(fact[1], ()):
            wanted = terms.terms[axiom[2]]
            assert isinstance(wanted, ox.NamedNode)
            if not _fits(value, wanted.value):
                yield Clash("dt-not-type", (axiom,), (fact,))
        if fact[1] in functional:
            mine = _value(value, own) or (own, value.value, value.language)
            first, theirs = firsts.setdefault((fact[0], fact[1]), (fact, mine))
            if mine != theirs:
                yield Clash("prp-fp", (functional[fact[1]],), (first, fact))


def _name(datatype: object) -> str | None:
    """Give the local name of a datatype that is judged here."""
    iri = datatype.value if isinstance(datatype, ox.NamedNode) else ""
    local = iri.removeprefix(XSD)
    judged = iri.startswith(XSD) and (local in _WHOLE or local in _TEXT or local in ("boolean", "decimal"))
    return local if judged else None


def _fits(value: ox.Literal, wanted: str) -> bool:
    if value.language is not None:
        return False
    own = _name(value.datatype)
    if own is None:
        return False
    local = wanted.removeprefix(XSD)
    if local in _TEXT:
        return own in _TEXT
    return own not in _TEXT and (own == "boolean") == (local == "boolean") and _value(value, wanted) is not None


def _value(literal: ox.Literal, datatype: str) -> tuple[str, object] | None:
    """Give a literal's value in the value space of a datatype, None where its text is none of that datatype."""
    local, text = datatype.removeprefix(XSD), literal.value.strip()
    if local in _TEXT:
        return "text", literal.value
    if local == "boolean":
        return ("boolean", text in ("true", "1")) if text in ("true", "false", "1", "0") else None
    if local == "decimal" or local in _WHOLE:
        digits = text[1:] if text[:1] in ("+", "-") else text
        whole, dot, part = digits.partition(".")
        if not (whole + part).isdecimal() or not (whole + part).isascii():
            return None
        number = whole.lstrip("0"), part.rstrip("0")
        if local in _WHOLE:
            least, most = _WHOLE[local]
            if number[1] or (dot and literal.datatype.value.removeprefix(XSD) in _WHOLE):
                return None
            size = int(text.partition(".")[0] or "0")
            if (least is not None and size < least) or (most is not None and size > most):
                return None
        return "number", (text[:1] == "-" and number != ("", ""), number)
    return None
