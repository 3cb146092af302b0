# SPDX-License-Identifier: Apache-2.0
"""The ontology is OWL 2 DL, and what of it lies outside OWL 2 RL is written down and used by nothing."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from types import ModuleType

import hermit
import pytest
from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

ICS = Namespace("https://w3id.org/icsgraph/def/")
KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return hermit.merged(hermit.MODULES)


@pytest.fixture(scope="module")
def profile() -> ModuleType:
    spec = importlib.util.spec_from_file_location("profile_page", hermit.ROOT / "tests" / "docs" / "profile.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def lists(graph: Graph, predicate: URIRef) -> Iterator[tuple[Node, list[Node]]]:
    for subject, head in graph.subject_objects(predicate):
        yield subject, list(Collection(graph, head))


def below(graph: Graph, names: set[Node]) -> set[Node]:
    """Give properties with those above them and their inverses, for what makes one composite makes these so."""
    found = set(names)
    while True:
        more = {o for s, o in graph.subject_objects(RDFS.subPropertyOf) if s in found}
        more |= {o for s, o in graph.subject_objects(OWL.inverseOf) if s in found}
        more |= {s for s, o in graph.subject_objects(OWL.inverseOf) if o in found}
        if more <= found:
            return found
        found |= more


def test_composite_properties_are_not_counted_or_forbidden(ontology: Graph) -> None:
    """A property that a chain or transitivity gives has no cardinality and is not functional, irreflexive and so on."""
    chained = {subject for subject, _ in lists(ontology, OWL.propertyChainAxiom)}
    composite = below(ontology, chained | set(ontology.subjects(RDF.type, OWL.TransitiveProperty)))
    simple_only = {
        OWL.FunctionalProperty, OWL.InverseFunctionalProperty, OWL.IrreflexiveProperty, OWL.AsymmetricProperty
    }  # fmt: skip
    counting = (OWL.maxCardinality, OWL.minCardinality, OWL.cardinality, OWL.maxQualifiedCardinality, OWL.hasSelf)
    wrong = {s for kind in simple_only for s in ontology.subjects(RDF.type, kind)} & composite
    wrong |= {
        ontology.value(restriction, OWL.onProperty) for count in counting for restriction in ontology.subjects(count)
    } & composite

    assert len(composite) >= 4
    assert wrong == set()


def test_chains_do_not_feed_on_one_another(ontology: Graph) -> None:
    """No chain gives, through others, a property that it is made of: the hierarchy of properties is regular."""
    uses = {subject: set(links) for subject, links in lists(ontology, OWL.propertyChainAxiom)}

    def reached(name: Node, seen: frozenset[Node] = frozenset()) -> set[Node]:
        parts = uses.get(name, set()) | set(ontology.subjects(RDFS.subPropertyOf, name))
        return parts | {r for part in parts - seen for r in reached(part, seen | parts)}

    assert len(uses) >= 2
    assert {name for name in uses if name in reached(name)} == set()


def test_each_term_is_of_one_kind(ontology: Graph) -> None:
    """No property is of two kinds, no class is a datatype, and axioms relate properties of one kind."""
    kind = {kind: set(ontology.subjects(RDF.type, kind)) for kind in (*KINDS, OWL.Class, RDFS.Datatype)}
    pairs = [
        *ontology.subject_objects(RDFS.subPropertyOf),
        *ontology.subject_objects(OWL.inverseOf),
        *((s, part) for s, parts in lists(ontology, OWL.propertyChainAxiom) for part in parts),
    ]

    assert not kind[OWL.ObjectProperty] & kind[OWL.DatatypeProperty]
    assert not kind[OWL.AnnotationProperty] & (kind[OWL.ObjectProperty] | kind[OWL.DatatypeProperty])
    assert not kind[OWL.Class] & kind[RDFS.Datatype]
    assert [(s, o) for s, o in pairs if not any(s in kind[k] and o in kind[k] for k in KINDS)] == []


def test_axioms_use_datatypes_of_owl_alone(ontology: Graph) -> None:
    """No axiom names a date, which OWL 2 has no datatype for, and no data property has a class for range."""
    allowed = {*hermit.DATATYPES, RDFS.Literal}
    data = set(ontology.subjects(RDF.type, OWL.DatatypeProperty))
    ranges = {o for s, o in ontology.subject_objects(RDFS.range) if s in data}
    used = {o for _, p, o in ontology if p != RDF.type and isinstance(o, URIRef) and o.startswith(str(XSD))}

    assert ranges <= allowed
    assert used <= allowed


def test_keys_are_of_declared_properties_and_their_classes_exist(ontology: Graph) -> None:
    """Codes identify bodies and areas, and a statement is known by its edition and number."""
    keys = {str(s).rpartition("/")[2]: {str(p).rpartition("/")[2] for p in ps} for s, ps in lists(ontology, OWL.hasKey)}
    declared = {p for kind in KINDS[:2] for p in ontology.subjects(RDF.type, kind)}

    assert {"Body": {"odsCode"}, "Area": {"onsCode"}}.items() <= keys.items()
    assert [p for _, ps in lists(ontology, OWL.hasKey) for p in ps if p not in declared] == []


def test_lists_are_whole_and_belong_to_one_axiom(ontology: Graph) -> None:
    """Each list cell has one member and one rest, and is used once; each class expression is used once."""
    cells = set(ontology.subjects(RDF.first))
    broken = {c for c in cells if len(list(ontology.objects(c, RDF.first))) != 1}
    broken |= {c for c in cells if len(list(ontology.objects(c, RDF.rest))) != 1}
    nodes = {o for o in ontology.objects() if isinstance(o, BNode)}

    assert len(cells) > 50
    assert broken == set()
    assert {node for node in nodes if len(list(ontology.subject_predicates(node))) != 1} == set()


def test_the_page_lists_the_axioms_outside_owl_rl(profile: ModuleType) -> None:
    """The reference is what the axioms make it (python tests/docs/profile.py writes it)."""
    assert profile.page() == profile.PAGE.read_text(encoding="utf-8")
    assert "| ics:actor has range ics:Body or foaf:Person |" in profile.page()


def test_queries_and_shapes_are_run_without_owl_reasoning() -> None:
    """No stored query, shape or rule asks for reasoning, and none walks the axioms that lie outside OWL 2 RL."""
    folders = ("queries/competency", "shapes", "ontology/rules", "queries/remedies", "queries/whatif")
    files = [f for folder in folders for f in (hermit.ROOT / folder).rglob("*") if f.suffix in (".rq", ".ttl", ".ru")]
    axiom = re.compile(
        r"owl:(?:unionOf|equivalentClass|someValuesFrom|allValuesFrom|intersectionOf|onProperty)|sh:entailment"
    )

    assert len(files) > 300
    assert [f.name for f in files if axiom.search(f.read_text(encoding="utf-8"))] == []
