# SPDX-License-Identifier: Apache-2.0
"""A graph that cannot be true, to the statements and axioms that already cannot, in plain words and with their proofs.

These are the contradictions that the rules see, without Java; for those that only HermiT sees there is
:mod:`icsgraph.rules.contradiction_hermit`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from icsgraph.model.namespaces import OWL
from icsgraph.rules.rl import Clash, Closure, close
from icsgraph.rules.rl.rule import SUBCLASS, Fact
from icsgraph.rules.sources import Place, Sources
from icsgraph.rules.why import Step, Why
from icsgraph.rules.words import Words

MOST: Final = 20
UNION: Final = OWL + "unionOf"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What cannot all hold: a sentence, the axioms that forbid it in words, and the steps to what files state."""

    sentence: str
    axioms: tuple[tuple[ox.Triple, str], ...]
    steps: tuple[Step, ...]
    places: dict[ox.Triple, Place]


def contradictions(
    store: ox.Store, own: Sequence[ox.Quad], sources: Sources, words: Words
) -> tuple[list[Contradiction], int]:
    """Explain what contradicts what in a store, at most :data:`MOST` contradictions; give them and how many there are.

    Of several contradictions between the same statements the one with the shortest proof is given.

    Args:
        own: the quads of the store that are the user's; the rest is the ontology, which is taken as it is.
    """
    everything = list(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    mine = {quad.triple for quad in own}
    ontology = [quad for quad in everything if quad.triple not in mine]
    closure = close(everything)
    about: dict[frozenset[ox.Triple], Clash] = {}
    for clash in sorted(closure.clashes, key=lambda each: sum(_size(closure, fact) for fact in each.facts)):
        stated = [t for fact in clash.facts for t in _leaves(closure, fact)]
        about.setdefault(frozenset(t for t in stated if t in mine) or frozenset(stated), clash)
    found = []
    for clash in list(about.values())[:MOST]:
        proved, proved_clash = _fewest(ontology, mine, closure, clash)
        why = Why(store, sources, (), words.term, lambda proved=proved: proved)  # type: ignore[misc]
        explained = [e for f in proved_clash.facts if (e := why.explain(proved.terms.triple(f)))]
        axioms = tuple(proved.terms.triple(fact) for fact in proved_clash.axiom)
        places = sources.places(axioms)
        concerned = _concerned(proved, proved_clash)
        for each in explained:
            places |= each.places
        sentence = _sentence(proved, proved_clash, words)
        said = tuple((axiom, words.axiom(axiom, concerned)) for axiom in axioms)
        found.append(Contradiction(sentence, said, tuple(each.step for each in explained), places))
    return found, len(about)


def _fewest(ontology: list[ox.Quad], mine: set[ox.Triple], closure: Closure, clash: Clash) -> tuple[Closure, Clash]:
    """Prove a clash of the same rule anew from as few of the user's statements as will do."""
    used = [t for fact in clash.facts for t in _leaves(closure, fact) if t in mine]
    kept = list(dict.fromkeys(used))
    best = closure, clash
    if len(kept) > 2:
        for statement in tuple(kept):
            fewer = [t for t in kept if t != statement]
            again = close([*ontology, *fewer])
            same = [c for c in again.clashes if c.rule == clash.rule]
            if same:
                kept, best = fewer, (again, same[0])
    return best


def _size(closure: Closure, fact: Fact) -> int:
    how = closure.known.get(fact)
    return 1 if how is None else 1 + sum(_size(closure, used) for used in how[1])


def _leaves(closure: Closure, fact: Fact) -> Iterable[ox.Triple]:
    how = closure.known.get(fact)
    if how is None:
        yield closure.terms.triple(fact)
    else:
        for used in how[1]:
            yield from _leaves(closure, used)


def _concerned(closure: Closure, clash: Clash) -> set[object]:
    """Give the terms of a clash and the classes above them, to shorten long axioms to what matters."""
    numbers = {n for fact in clash.facts for n in fact}
    for fact in closure.known:
        if fact[1] == closure.terms.name(UNION) and fact[0] in numbers:
            numbers |= set(closure.terms.members(closure.known, fact[2]))
    below = closure.terms.name(SUBCLASS)
    numbers |= {fact[2] for fact in closure.known if fact[1] == below and fact[0] in numbers}
    return {closure.terms.terms[n] for n in numbers}


def _as_what(closure: Closure, clash: Clash, words: Words) -> str:
    """Say by what a thing came to stand before a choice: its class, or the property that it is a value of."""
    how = closure.known.get(clash.facts[0])
    if how is None:
        return ""
    cause = closure.terms.triple(how[1][0])
    if how[0].name.startswith("cax"):
        return f", {words.fact(cause).removeprefix(words.term(cause.subject)).replace(' is ', 'as ', 1).strip()},"
    return f', for it is a value of "{words.term(cause.predicate)}",' if how[0].name == "prp-rng" else ""


def _sentence(closure: Closure, clash: Clash, words: Words) -> str:
    triples = [closure.terms.triple(fact) for fact in clash.facts]
    subject = words.term(triples[0].subject)
    kinds = [words.fact(t).removeprefix(f"{subject} is ").removeprefix(f"{subject} fits: ") for t in triples]
    if clash.rule in ("cax-dw", "cax-adc", "cls-com"):
        return f"{subject} is {kinds[0]} and {kinds[1]}, and nothing can be both."
    if clash.rule == "choice":
        options = words.term(triples[0].object).replace(" or ", ", ")
        subject += _as_what(closure, clash, words)
        return f"{subject} must be one of: {options}; and is {' and '.join(kinds[1:])}, which excludes each of them."
    if clash.rule.startswith("eq-diff"):
        return f"{subject} and {words.term(triples[0].object)} are one thing, and are said to be different."
    if clash.rule == "cls-nothing2":
        return f"{subject} is of a kind that nothing can be."
    if clash.rule == "dt-not-type":
        wanted = words.term(closure.terms.triple(clash.axiom[0]).object) if clash.axiom else ""
        value = triples[0].object
        own = value.datatype.value.rpartition("#")[2] if isinstance(value, ox.Literal) else ""
        return f'{words.fact(triples[0])}: "{words.term(value)}" is no value of type {wanted or own}.'
    if clash.rule == "prp-fp":
        values = " and ".join(words.term(t.object) for t in triples)
        return f"{subject} has two values of {words.term(triples[0].predicate)}, {values}, and can have one only."
    return f"These cannot all hold: {'; '.join(words.fact(t) for t in triples)}."
