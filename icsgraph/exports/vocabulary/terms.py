# SPDX-License-Identifier: Apache-2.0
"""A store with the ontology in it to modules and terms, each with what a reader is told of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from icsgraph.exports.vocabulary.axioms import Expression, Ref, expression, listed
from icsgraph.model.namespaces import DCTERMS, ICS, OWL, PREFIXES, RDF, RDFS, SCHEME, SKOS

_KINDS: Final = {
    OWL + "Class": "class",
    OWL + "ObjectProperty": "object property",
    OWL + "DatatypeProperty": "datatype property",
    OWL + "AnnotationProperty": "annotation property",
    SKOS + "ConceptScheme": "concept scheme",
    SKOS + "Concept": "concept",
    OWL + "NamedIndividual": "individual",
}
KINDS: Final = tuple(_KINDS.values())
_TRAITS: Final = {
    OWL + "FunctionalProperty": "has at most one value",
    OWL + "InverseFunctionalProperty": "is the value's own",
    OWL + "TransitiveProperty": "reaches on",
    OWL + "SymmetricProperty": "goes both ways",
    OWL + "AsymmetricProperty": "goes one way only",
    OWL + "IrreflexiveProperty": "never leads to itself",
}
_AXIOMS: Final = {
    RDFS + "subClassOf": "kind of",
    RDFS + "subPropertyOf": "special case of",
    OWL + "equivalentClass": "defined as",
    RDFS + "domain": "said of",
    RDFS + "range": "gives",
    OWL + "inverseOf": "inverse of",
    OWL + "disjointWith": "excludes",
    SKOS + "broader": "under",
    SKOS + "inScheme": "in the scheme",
    ICS + "hasEarliestBound": "earliest day in",
    ICS + "hasLatestBound": "latest day in",
    ICS + "resolvesTo": "now",
    ICS + "hasFigureOneMember": "made up of",
    DCTERMS + "isReplacedBy": "replaced by",
}


@dataclass(frozen=True, slots=True)
class Term:
    """A class, property, scheme or concept. ``facts`` pairs a heading with class expressions, in order."""

    iri: str
    name: str
    kind: str
    module: str
    label: str
    definition: str
    examples: tuple[str, ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...]
    facts: tuple[tuple[str, tuple[Expression, ...]], ...]
    checks: tuple[str, ...]

    @property
    def key(self) -> str:
        """The name by which queries, shapes and tables are searched for it; empty for a borrowed term."""
        return key(self.iri)


@dataclass(frozen=True, slots=True)
class Module:
    """One file of the ontology: its header, and its terms sorted by kind and name."""

    name: str
    iri: str
    title: str
    abstract: str
    version: str
    licence: str
    changes: tuple[str, ...]
    imports: tuple[str, ...]
    terms: tuple[Term, ...] = field(default=(), compare=False)


class Reader:
    """Looks up what the default graph of a store says of an IRI."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    def objects(self, node: ox.NamedNode | ox.BlankNode, prop: str) -> list[ox.NamedNode | ox.BlankNode | ox.Literal]:
        """Give the values of a property, sorted by their text."""
        found = self._store.quads_for_pattern(node, ox.NamedNode(prop), None, ox.DefaultGraph())
        values = [q.object for q in found]
        return sorted((v for v in values if not isinstance(v, ox.Triple)), key=str)

    def subjects(self, prop: str, value: str) -> list[ox.NamedNode]:
        """Give the named subjects of a property with a value, sorted."""
        found = self._store.quads_for_pattern(None, ox.NamedNode(prop), ox.NamedNode(value), ox.DefaultGraph())
        return sorted({q.subject for q in found if isinstance(q.subject, ox.NamedNode)}, key=str)

    def texts(self, node: ox.NamedNode, prop: str) -> tuple[str, ...]:
        """Give the literal values of a property."""
        return tuple(v.value for v in self.objects(node, prop) if isinstance(v, ox.Literal))

    def iris(self, node: ox.NamedNode, prop: str) -> tuple[str, ...]:
        """Give the values of a property that are IRIs."""
        return tuple(v.value for v in self.objects(node, prop) if isinstance(v, ox.NamedNode))

    def groups(self, kind: str) -> list[tuple[ox.NamedNode | ox.BlankNode | ox.Literal, ...]]:
        """Give the members of every ``owl:AllDisjointClasses`` and the like."""
        found = self._store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), ox.NamedNode(kind), ox.DefaultGraph())
        return [
            tuple(listed(self.objects, head))
            for q in found
            if isinstance(q.subject, ox.NamedNode | ox.BlankNode)
            for head in self.objects(q.subject, OWL + "members")
        ]


def read_modules(store: ox.Store) -> tuple[Module, ...]:
    """Give the modules of the ontology in the store, what is imported before what imports it."""
    reader = Reader(store)
    excluding = _excluding(reader)
    modules = {}
    for node in reader.subjects(RDF + "type", OWL + "Ontology"):
        if not node.value.startswith(ICS):
            continue
        name = node.value.removeprefix(ICS)
        homes = reader.subjects(RDFS + "isDefinedBy", node.value)
        if name == "borrowed":
            homes = _borrowed(reader)
        terms = (_term(reader, each, name, excluding) for each in homes)
        modules[name] = Module(
            name=name,
            iri=node.value,
            title=" ".join(reader.texts(node, DCTERMS + "title")),
            abstract=" ".join(reader.texts(node, DCTERMS + "abstract")),
            version=" ".join(reader.texts(node, OWL + "versionInfo")),
            licence=" ".join(reader.iris(node, DCTERMS + "license")),
            changes=reader.texts(node, SKOS + "changeNote"),
            imports=tuple(iri.removeprefix(ICS) for iri in reader.iris(node, OWL + "imports")),
            terms=tuple(sorted(filter(None, terms), key=lambda t: (KINDS.index(t.kind), t.name.lower(), t.name))),
        )
    return tuple(modules[name] for name in _downwards({m.name: m.imports for m in modules.values()}))


def depths(imports: dict[str, tuple[str, ...]]) -> dict[str, int]:
    """Give for each module the length of the longest chain of imports below it."""
    found: dict[str, int] = {}

    def depth(name: str) -> int:
        if name not in found:
            found[name] = 0
            found[name] = 1 + max((depth(other) for other in imports.get(name, ())), default=-1)
        return found[name]

    for name in imports:
        depth(name)
    return found


def _downwards(imports: dict[str, tuple[str, ...]]) -> list[str]:
    found = depths(imports)
    return sorted(imports, key=lambda name: (found[name], name))


def _borrowed(reader: Reader) -> list[ox.NamedNode]:
    kinds = [kind for kind in _KINDS if kind.startswith(OWL)]
    every = {node for kind in kinds for node in reader.subjects(RDF + "type", kind)}
    homes = {node: reader.iris(node, RDFS + "isDefinedBy") for node in every}
    return sorted((n for n, home in homes.items() if home and not home[0].startswith(ICS)), key=str)


def _excluding(reader: Reader) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    for members in reader.groups(OWL + "AllDisjointClasses"):
        names = {m.value for m in members if isinstance(m, ox.NamedNode)}
        for name in names:
            found[name] |= names - {name}
    return {name: tuple(sorted(others)) for name, others in found.items()}


def _term(reader: Reader, node: ox.NamedNode, module: str, excluding: dict[str, tuple[str, ...]]) -> Term | None:
    types = reader.iris(node, RDF + "type")
    kind = next((word for iri, word in _KINDS.items() if iri in types), None)
    if kind is None:
        return None
    return Term(
        iri=node.value,
        name=short(node.value),
        kind=kind,
        module=module,
        label=next(iter(reader.texts(node, RDFS + "label")), short(node.value)),
        definition=" ".join(reader.texts(node, SKOS + "definition")),
        examples=reader.texts(node, SKOS + "example"),
        notes=(
            *reader.texts(node, SKOS + "scopeNote"),
            *reader.texts(node, SKOS + "editorialNote"),
            *(f"Why it exists: {text}" for text in reader.texts(node, ICS + "neededFor")),
        ),
        sources=reader.iris(node, DCTERMS + "source") or reader.iris(node, RDFS + "isDefinedBy"),
        facts=tuple(_facts(reader, node, types, excluding)),
        checks=tuple(iri.rpartition("/")[2] for iri in reader.iris(node, ICS + "servesConstraint")),
    )


def _facts(
    reader: Reader, node: ox.NamedNode, types: Iterable[str], excluding: dict[str, tuple[str, ...]]
) -> Iterable[tuple[str, tuple[Expression, ...]]]:
    for prop, heading in _AXIOMS.items():
        said = [expression(reader.objects, value) for value in reader.objects(node, prop)]
        if prop == OWL + "disjointWith":
            said += [(Ref(iri),) for iri in excluding.get(node.value, ())]
        if said:
            yield heading, tuple(said)
    for prop, heading, joint in (
        (OWL + "hasKey", "known by", " with "),
        (OWL + "propertyChainAxiom", "chain", ", then "),
    ):
        for head in reader.objects(node, prop):
            parts: list[str | Ref] = []
            for member in listed(reader.objects, head):
                parts += [*([joint] if parts else []), *expression(reader.objects, member)]
            yield heading, (tuple(parts),)
    below = reader.subjects(RDFS + "subClassOf", node.value) + reader.subjects(RDFS + "subPropertyOf", node.value)
    below += reader.subjects(SKOS + "topConceptOf", node.value) + reader.subjects(SKOS + "broader", node.value)
    if below:
        yield "kinds", tuple((Ref(each.value),) for each in below if each != node)
    inverse = reader.subjects(OWL + "inverseOf", node.value)
    if inverse:
        yield "inverse", tuple((Ref(each.value),) for each in inverse)
    traits = tuple((word,) for iri, word in _TRAITS.items() if iri in types)
    if traits:
        yield "behaviour", traits


def key(iri: str) -> str:
    """Give ``GivingACopy`` for a class or property, ``scheme/status/draft`` for a concept, nothing for other IRIs."""
    if iri.startswith(ICS):
        return iri.removeprefix(ICS)
    return f"scheme/{iri.removeprefix(SCHEME)}" if iri.startswith(SCHEME) else ""


def short(iri: str) -> str:
    """Give the name that is a term's anchor: ``GivingACopy``, ``topic/housing``, ``org:Membership``."""
    if iri.startswith(SCHEME):
        return iri.removeprefix(SCHEME)
    if iri.startswith(ICS):
        return iri.removeprefix(ICS)
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and iri != namespace:
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri
