# SPDX-License-Identifier: Apache-2.0
"""A graph that only HermiT sees to be contradictory, to a smallest set of its statements and axioms that is.

Statements, then axioms, are left out by halves until no more can go; each question to HermiT takes a second or so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import pyoxigraph as ox

from icsgraph.model.namespaces import OWL, RDF, RDFS, XSD
from icsgraph.rules.contradiction import Contradiction
from icsgraph.rules.hermit import extract, is_consistent
from icsgraph.rules.justify import smallest
from icsgraph.rules.sources import Sources
from icsgraph.rules.why import Step
from icsgraph.rules.words import Words

Unit: TypeAlias = tuple[ox.Triple, ...]


def by_hermit(
    store: ox.Store, own: Sequence[ox.Quad], sources: Sources, words: Words, told: Callable[[str], None]
) -> Contradiction:
    """Explain a contradiction that the rules do not see.

    Args:
        own: the quads of the store that are the user's; the rest is the ontology.
        told: takes lines of progress.
    """
    ours = {quad.triple for quad in own}
    statements = _units(extract(own)[0])
    rest, _ = extract(q for q in store.quads_for_pattern(None, None, None, ox.DefaultGraph()) if q.triple not in ours)
    told(f"looking for the statements that clash, among {len(statements)}")
    few = _flat(smallest(statements, lambda chosen: not is_consistent([*rest, *_flat(chosen)])))
    declared = [t for t in rest if t.predicate.value == RDF + "type" and isinstance(t.subject, ox.NamedNode)]
    axioms = _units([t for t in rest if t not in set(declared)])
    base = [*declared, *few]
    if is_consistent([*base, *_flat(near := _near(few, axioms))]):
        near = axioms
    told(f"looking for the axioms that forbid it, among {len(near)}")
    forbidding = smallest(near, lambda chosen: not is_consistent([*base, *_flat(chosen)]))
    heads = tuple(unit[0] for unit in forbidding)
    shown = [t for t in few if not isinstance(t.subject, ox.BlankNode)]
    sentence = "These statements cannot all hold. HermiT found it by the axioms below, and gives no proof."
    said = tuple((axiom, words.axiom(axiom)) for axiom in heads)
    steps = tuple(Step(triple, "stated") for triple in shown)
    return Contradiction(sentence, said, steps, sources.places((*heads, *shown)))


def _flat(units: Iterable[Unit]) -> Unit:
    return tuple(triple for unit in units for triple in unit)


def _units(triples: list[ox.Triple]) -> list[Unit]:
    """Group triples to axioms: each begins with a name or a lone blank node, and has the blank nodes below it."""
    below: dict[ox.BlankNode, list[ox.Triple]] = defaultdict(list)
    inner = {t.object for t in triples if isinstance(t.object, ox.BlankNode)}
    for triple in triples:
        if isinstance(triple.subject, ox.BlankNode):
            below[triple.subject].append(triple)

    def whole(triple: ox.Triple) -> Unit:
        further = below.get(triple.object, []) if isinstance(triple.object, ox.BlankNode) else []
        return (triple, *(t for each in further for t in whole(each)))

    units = [whole(t) for t in triples if isinstance(t.subject, ox.NamedNode)]
    for node, said in below.items():
        if node not in inner:
            said = sorted(said, key=lambda t: t.predicate.value == RDF + "type")
            units.append(tuple(t for each in said for t in whole(each)))
    return units


def _near(few: Sequence[ox.Triple], axioms: Sequence[Unit]) -> list[Unit]:
    """Give the axioms about the terms of some statements, and about the terms of those axioms, and so on."""
    known = _names(few)
    chosen: set[int] = set()
    while True:
        found = {
            at
            for at, unit in enumerate(axioms)
            if (
                unit[0].subject in known if isinstance(unit[0].subject, ox.NamedNode) else len(_names(unit) & known) > 1
            )
        } - chosen
        if not found:
            return [unit for at, unit in enumerate(axioms) if at in chosen]
        chosen |= found
        known |= set().union(*(_names(axioms[at]) for at in found if isinstance(axioms[at][0].subject, ox.NamedNode)))


def _names(triples: Iterable[ox.Triple]) -> set[object]:
    terms = {term for t in triples for term in (t.subject, t.predicate, t.object) if isinstance(term, ox.NamedNode)}
    return {term for term in terms if not term.value.startswith((OWL, RDF, RDFS, XSD))}
