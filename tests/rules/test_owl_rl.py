# SPDX-License-Identifier: Apache-2.0
"""The OWL 2 RL engine: each rule of the table draws its conclusion, and all of them together draw what owlrl draws."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import owlrl
import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rdflib import OWL, RDF, BNode, Graph, URIRef

from icsgraph.opening import ontology_with, open_graph
from icsgraph.rules.rl import close

CASES: Final = Path(__file__).resolve().parents[1] / "cases" / "ontology" / "rules"
HEAD: Final = """
@prefix : <https://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
# Rule, what is given, what follows. https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
DRAWN: Final = (
    ("eq-sym", ":a owl:sameAs :b", ":b owl:sameAs :a"),
    ("eq-trans", ":a owl:sameAs :b . :b owl:sameAs :c", ":a owl:sameAs :c"),
    ("eq-rep-s", ":a owl:sameAs :b . :a :p :c", ":b :p :c"),
    ("eq-rep-p", ":p owl:sameAs :q . :a :p :c", ":a :q :c"),
    ("eq-rep-o", ":a owl:sameAs :b . :c :p :a", ":c :p :b"),
    ("prp-dom", ":p rdfs:domain :C . :a :p :b", ":a a :C"),
    ("prp-rng", ":p rdfs:range :C . :a :p :b", ":b a :C"),
    ("prp-fp", ":p a owl:FunctionalProperty . :a :p :b , :c", ":b owl:sameAs :c"),
    ("prp-ifp", ":p a owl:InverseFunctionalProperty . :a :p :c . :b :p :c", ":a owl:sameAs :b"),
    ("prp-symp", ":p a owl:SymmetricProperty . :a :p :b", ":b :p :a"),
    ("prp-trp", ":p a owl:TransitiveProperty . :a :p :b . :b :p :c", ":a :p :c"),
    ("prp-spo1", ":p rdfs:subPropertyOf :q . :a :p :b", ":a :q :b"),
    ("prp-spo2", ":r owl:propertyChainAxiom ( :p :q ) . :a :p :b . :b :q :c", ":a :r :c"),
    ("prp-spo2", ":r owl:propertyChainAxiom ( :p :q :p ) . :a :p :b . :b :q :c . :c :p :d", ":a :r :d"),
    ("prp-eqp1", ":p owl:equivalentProperty :q . :a :p :b", ":a :q :b"),
    ("prp-eqp2", ":p owl:equivalentProperty :q . :a :q :b", ":a :p :b"),
    ("prp-inv1", ":p owl:inverseOf :q . :a :p :b", ":b :q :a"),
    ("prp-inv2", ":p owl:inverseOf :q . :a :q :b", ":b :p :a"),
    ("prp-key", ":C owl:hasKey ( :p ) . :a a :C ; :p 'k' . :b a :C ; :p 'k'", ":a owl:sameAs :b"),
    ("prp-key", ":C owl:hasKey ( :p :q ) . :a a :C ; :p 'k' ; :q :x . :b a :C ; :p 'k' ; :q :x", ":b owl:sameAs :a"),
    ("cls-int1", ":C owl:intersectionOf ( :D :E ) . :a a :D , :E", ":a a :C"),
    ("cls-int2", ":C owl:intersectionOf ( :D :E ) . :a a :C", ":a a :E"),
    ("cls-uni", ":C owl:unionOf ( :D :E ) . :a a :E", ":a a :C"),
    ("cls-svf1", ":C owl:onProperty :p ; owl:someValuesFrom :D . :a :p :b . :b a :D", ":a a :C"),
    ("cls-svf2", ":C owl:onProperty :p ; owl:someValuesFrom owl:Thing . :a :p :b", ":a a :C"),
    ("cls-avf", ":C owl:onProperty :p ; owl:allValuesFrom :D . :a a :C ; :p :b", ":b a :D"),
    ("cls-hv1", ":C owl:onProperty :p ; owl:hasValue :b . :a a :C", ":a :p :b"),
    ("cls-hv2", ":C owl:onProperty :p ; owl:hasValue :b . :a :p :b", ":a a :C"),
    ("cls-maxc2", ":C owl:onProperty :p ; owl:maxCardinality 1 . :a a :C ; :p :b , :c", ":b owl:sameAs :c"),
    (
        "cls-maxqc3",
        ":C owl:onProperty :p ; owl:maxQualifiedCardinality 1 ; owl:onClass :D ."
        " :a a :C ; :p :b , :c . :b a :D . :c a :D",
        ":c owl:sameAs :b",
    ),
    (
        "cls-maxqc4",
        ":C owl:onProperty :p ; owl:maxQualifiedCardinality 1 ; owl:onClass owl:Thing . :a a :C ; :p :b , :c",
        ":b owl:sameAs :c",
    ),
    ("cls-oo", ":C owl:oneOf ( :a :b )", ":b a :C"),
    ("cax-sco", ":C rdfs:subClassOf :D . :a a :C", ":a a :D"),
    ("cax-eqc1", ":C owl:equivalentClass :D . :a a :C", ":a a :D"),
    ("cax-eqc2", ":C owl:equivalentClass :D . :a a :D", ":a a :C"),
    ("scm-sco", ":C rdfs:subClassOf :D . :D rdfs:subClassOf :E", ":C rdfs:subClassOf :E"),
    ("scm-eqc1", ":C owl:equivalentClass :D", ":D rdfs:subClassOf :C"),
    ("scm-eqc2", ":C rdfs:subClassOf :D . :D rdfs:subClassOf :C", ":C owl:equivalentClass :D"),
    ("scm-spo", ":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :r", ":p rdfs:subPropertyOf :r"),
    ("scm-eqp1", ":p owl:equivalentProperty :q", ":q rdfs:subPropertyOf :p"),
    ("scm-eqp2", ":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p", ":q owl:equivalentProperty :p"),
    ("scm-dom1", ":p rdfs:domain :C . :C rdfs:subClassOf :D", ":p rdfs:domain :D"),
    ("scm-dom2", ":p rdfs:domain :C . :q rdfs:subPropertyOf :p", ":q rdfs:domain :C"),
    ("scm-rng1", ":p rdfs:range :C . :C rdfs:subClassOf :D", ":p rdfs:range :D"),
    ("scm-rng2", ":p rdfs:range :C . :q rdfs:subPropertyOf :p", ":q rdfs:range :C"),
    (
        "scm-hv",
        ":C owl:hasValue :x ; owl:onProperty :p . :D owl:hasValue :x ; owl:onProperty :q ."
        " :p rdfs:subPropertyOf :q . :a a :C",
        ":a a :D",
    ),
    (
        "scm-svf1",
        ":C owl:someValuesFrom :E ; owl:onProperty :p . :D owl:someValuesFrom :F ; owl:onProperty :p ."
        " :E rdfs:subClassOf :F . :a a :C",
        ":a a :D",
    ),
    (
        "scm-svf2",
        ":C owl:someValuesFrom :E ; owl:onProperty :p . :D owl:someValuesFrom :E ; owl:onProperty :q ."
        " :p rdfs:subPropertyOf :q . :a a :C",
        ":a a :D",
    ),
    (
        "scm-avf1",
        ":C owl:allValuesFrom :E ; owl:onProperty :p . :D owl:allValuesFrom :F ; owl:onProperty :p ."
        " :E rdfs:subClassOf :F . :a a :C",
        ":a a :D",
    ),
    (
        "scm-avf2",
        ":C owl:allValuesFrom :E ; owl:onProperty :p . :D owl:allValuesFrom :E ; owl:onProperty :q ."
        " :p rdfs:subPropertyOf :q . :a a :D",
        ":a a :C",
    ),
    ("scm-int", ":C owl:intersectionOf ( :D :E )", ":C rdfs:subClassOf :E"),
    ("scm-uni", ":C owl:unionOf ( :D :E )", ":E rdfs:subClassOf :C"),
)
CLASHES: Final = (
    ("eq-diff1", ":a owl:sameAs :b ; owl:differentFrom :b"),
    ("eq-diff2", "[] a owl:AllDifferent ; owl:members ( :a :b :c ) . :a owl:sameAs :c"),
    ("eq-diff3", "[] a owl:AllDifferent ; owl:distinctMembers ( :a :b :c ) . :a owl:sameAs :c"),
    ("prp-irp", ":p a owl:IrreflexiveProperty . :a :p :a"),
    ("prp-asyp", ":p a owl:AsymmetricProperty . :a :p :b . :b :p :a"),
    ("prp-pdw", ":p owl:propertyDisjointWith :q . :a :p :b ; :q :b"),
    ("prp-adp", "[] a owl:AllDisjointProperties ; owl:members ( :p :q :r ) . :a :p :b ; :r :b"),
    ("prp-npa1", "[] owl:sourceIndividual :a ; owl:assertionProperty :p ; owl:targetIndividual :b . :a :p :b"),
    ("prp-npa2", "[] owl:sourceIndividual :a ; owl:assertionProperty :p ; owl:targetValue 1 . :a :p 1"),
    ("prp-fp", ":p a owl:FunctionalProperty . :a :p 1 , 2"),
    ("cls-nothing2", ":C rdfs:subClassOf owl:Nothing . :a a :C"),
    ("cls-com", ":C owl:complementOf :D . :a a :C , :D"),
    ("cls-maxc1", ":C owl:onProperty :p ; owl:maxCardinality 0 . :a a :C ; :p :b"),
    (
        "cls-maxqc1",
        ":C owl:onProperty :p ; owl:maxQualifiedCardinality 0 ; owl:onClass :D . :a a :C ; :p :b . :b a :D",
    ),
    (
        "cls-maxqc2",
        ":C owl:onProperty :p ; owl:maxQualifiedCardinality 0 ; owl:onClass owl:Thing . :a a :C ; :p :b",
    ),
    ("cax-dw", ":C owl:disjointWith :D . :a a :C , :D"),
    ("cax-adc", "[] a owl:AllDisjointClasses ; owl:members ( :C :D :E ) . :a a :C , :E"),
    (
        "choice",
        ":p rdfs:range [ owl:unionOf ( :C :D ) ] . :C owl:disjointWith :E . :F owl:disjointWith :E ."
        " :D rdfs:subClassOf :F . :a :p :b . :b a :E",
    ),
    ("dt-not-type", ":p rdfs:range xsd:boolean . :a :p 'yes'"),
    ("dt-not-type", ":p rdfs:range xsd:nonNegativeInteger . :a :p -1"),
    ("dt-not-type", ":a :p 'twelve'^^xsd:integer"),
)
# Near misses: one thing less or other than the case of the same name, and no contradiction.
SOUND: Final = (
    ":a owl:sameAs :b . :a owl:differentFrom :c",
    "[] a owl:AllDifferent ; owl:members ( :a :b ) . :a owl:sameAs :c",
    ":p a owl:IrreflexiveProperty . :a :p :b",
    ":p a owl:AsymmetricProperty . :a :p :b . :b :q :a",
    ":p owl:propertyDisjointWith :q . :a :p :b ; :q :c",
    ":p a owl:FunctionalProperty . :a :p 1 , 01 , '1'^^xsd:nonNegativeInteger",
    ":C owl:onProperty :p ; owl:maxCardinality 1 . :a a :C ; :p :b , :c",
    ":C owl:complementOf :D . :a a :C",
    "[] a owl:AllDisjointClasses ; owl:members ( :C :D ) . :a a :C , :E",
    ":p rdfs:range [ owl:unionOf ( :C :D ) ] . :C owl:disjointWith :E . :a :p :b . :b a :E",
    ":p rdfs:range xsd:boolean . :a :p true , '1'^^xsd:boolean",
    ":p rdfs:range xsd:decimal . :a :p 1 , 1.5",
)


def read(text: str) -> list[ox.Quad]:
    return list(ox.parse(HEAD + text + " .", format=ox.RdfFormat.TURTLE))


@pytest.mark.parametrize(("rule", "given_", "follows"), DRAWN, ids=[f"{n}-{r[0]}" for n, r in enumerate(DRAWN)])
def test_a_rule_draws_its_conclusion(rule: str, given_: str, follows: str) -> None:
    """The conclusion is drawn, its proof names the rule, and nothing contradicts anything."""
    closure = close(read(given_))
    (quad,) = read(follows)
    proof = closure.why(quad.triple)

    assert proof is not None
    names = {
        proof.rule,
        *(each.rule for each in proof.because),
        *(how[0].name for how in closure.known.values() if how),
    }
    assert rule in names
    assert closure.clashes == []


@pytest.mark.parametrize(("rule", "given_"), CLASHES, ids=[f"{n}-{r[0]}" for n, r in enumerate(CLASHES)])
def test_a_contradiction_is_found(rule: str, given_: str) -> None:
    """Each rule of the table that ends in false finds its contradiction."""
    assert rule in {clash.rule for clash in close(read(given_)).clashes}


@pytest.mark.parametrize("given_", SOUND)
def test_a_near_miss_is_no_contradiction(given_: str) -> None:
    """What only looks like a contradiction is none."""
    assert close(read(given_)).clashes == []


def test_a_missing_key_value_makes_nothing_equal() -> None:
    """Two things that both lack a key property are not one thing."""
    closure = close(read(":C owl:hasKey ( :p :q ) . :a a :C ; :p 'k' . :b a :C ; :p 'k'"))

    assert [t for t in closure.derived() if t.predicate.value == str(OWL.sameAs)] == []


def with_owlrl(quads: list[ox.Quad]) -> set[tuple[str, ...]]:
    """Give what owlrl adds to some quads that can be said in names.

    owlrl 7 compares all properties of a key but the last (``range(0, len(pis) - 1)`` in its prp-key), so that a key of
    one property makes everything equal: each key's last property is named twice for it, which means the same.
    """
    data = ox.serialize([q.triple for q in quads], format=ox.RdfFormat.N_TRIPLES)
    graph = Graph().parse(data=data, format="nt")
    for _, at in list(graph.subject_objects(OWL.hasKey)):
        while (further := graph.value(at, RDF.rest)) not in (RDF.nil, None):
            at = further
        more = BNode()
        graph.set((at, RDF.rest, more))
        graph.add((more, RDF.first, graph.value(at, RDF.first)))
        graph.add((more, RDF.rest, RDF.nil))
    before = set(graph)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    added = {t for t in graph if t not in before and isinstance(t[0], URIRef) and not isinstance(t[2], BNode)}
    return {tuple(term.n3() for term in t) for t in added if not _is_trivial(*(str(term) for term in t))}


_STANDARD: Final = tuple(
    f"http://www.w3.org/{each}#"
    for each in ("2002/07/owl", "2000/01/rdf-schema", "1999/02/22-rdf-syntax-ns", "2001/XMLSchema")
)


def _is_trivial(subject: str, predicate: str, value: str) -> bool:
    """Say whether a triple is one of those that the engine leaves out because they say nothing about the domain."""
    return (
        subject == value  # everything is itself; each class and property is below itself
        or value in (str(OWL.Thing), "http://www.w3.org/2000/01/rdf-schema#Resource")  # everything is a thing
        or subject.startswith(_STANDARD)  # the vocabulary of OWL and the datatypes themselves
        or (predicate == str(RDF.type) and value.startswith(_STANDARD))  # a class is a class
    )


def with_ours(quads: list[ox.Quad]) -> set[tuple[str, ...]]:
    added = (t for t in close(quads).derived() if isinstance(t.subject, ox.NamedNode))
    return {
        tuple(str(term) for term in t)
        for t in added
        if not _is_trivial(*(str(getattr(term, "value", term)) for term in t))
    }


def test_the_engine_draws_what_owlrl_draws_from_the_ontology_and_a_county() -> None:
    """The same triples, in our namespaces and the borrowed ones, from the whole ontology with data under it."""
    quads = ontology_with(CASES / "northshire.ttl")
    ours = with_ours(quads)

    assert len(ours) > 500
    assert ours == with_owlrl(quads)


_PHASES: Final = (Phase.explicit, Phase.generate)  # shrinking would run owlrl for minutes
_THINGS = st.sampled_from([f":i{n}" for n in range(4)])
_CLASSES = st.sampled_from([f":C{n}" for n in range(4)])
_PROPS = st.sampled_from([f":p{n}" for n in range(3)])
_KINDS = st.sampled_from(["Functional", "InverseFunctional", "Symmetric", "Transitive"])
_STATEMENTS = st.one_of(
    st.builds("{} a {} .".format, _THINGS, _CLASSES),
    st.builds("{} {} {} .".format, _THINGS, _PROPS, _THINGS),
    st.builds("{} rdfs:subClassOf {} .".format, _CLASSES, _CLASSES),
    st.builds("{} owl:equivalentClass {} .".format, _CLASSES, _CLASSES),
    st.builds("{} rdfs:subPropertyOf {} .".format, _PROPS, _PROPS),
    st.builds("{} owl:inverseOf {} .".format, _PROPS, _PROPS),
    st.builds("{} rdfs:domain {} .".format, _PROPS, _CLASSES),
    st.builds("{} rdfs:range {} .".format, _PROPS, _CLASSES),
    st.builds("{} a owl:{}Property .".format, _PROPS, _KINDS),
    st.builds("{} owl:propertyChainAxiom ( {} {} ) .".format, _PROPS, _PROPS, _PROPS),
    st.builds("{} owl:hasKey ( {} {} ) .".format, _CLASSES, _PROPS, _PROPS),
    st.builds("{} owl:equivalentClass [ owl:intersectionOf ( {} {} ) ] .".format, _CLASSES, _CLASSES, _CLASSES),
    st.builds("{} owl:equivalentClass [ owl:unionOf ( {} {} ) ] .".format, _CLASSES, _CLASSES, _CLASSES),
    st.builds(
        "{} owl:equivalentClass [ owl:onProperty {} ; owl:someValuesFrom {} ] .".format, _CLASSES, _PROPS, _CLASSES
    ),
    st.builds("{} rdfs:subClassOf [ owl:onProperty {} ; owl:allValuesFrom {} ] .".format, _CLASSES, _PROPS, _CLASSES),
    st.builds("{} owl:equivalentClass [ owl:onProperty {} ; owl:hasValue {} ] .".format, _CLASSES, _PROPS, _THINGS),
    st.builds("{} rdfs:subClassOf [ owl:onProperty {} ; owl:maxCardinality 1 ] .".format, _CLASSES, _PROPS),
)


@settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], phases=_PHASES
)
@given(st.lists(_STATEMENTS, min_size=3, max_size=14))
def test_the_engine_draws_what_owlrl_draws_from_anything(statements: list[str]) -> None:
    """The same triples from small ontologies put together at random."""
    quads = list(ox.parse(HEAD + "\n".join(statements), format=ox.RdfFormat.TURTLE))

    assert with_ours(quads) == with_owlrl(quads)


def test_a_proof_ends_in_what_was_stated() -> None:
    """Each step of a proof leads to facts that were given and axioms that were written."""
    closure = close(read(":C rdfs:subClassOf :D . :p rdfs:domain :C . :q rdfs:subPropertyOf :p . :a :q :b"))
    (quad,) = read(":a a :D")
    proof = closure.why(quad.triple)
    assert proof is not None
    steps = []
    while proof.because:
        steps.append((proof.rule, [str(a.predicate.value).rpartition("#")[2] for a in proof.axiom]))
        (proof,) = proof.because

    assert steps == [("cax-sco", ["subClassOf"]), ("prp-dom", ["domain"]), ("prp-spo1", ["subPropertyOf"])]
    assert str(proof.triple.predicate.value) == "https://example.org/q"


def test_what_does_not_follow_has_no_proof() -> None:
    """There is no proof of a triple that does not hold."""
    (quad,) = read(":a a :C")

    assert close(read(":C rdfs:subClassOf :D . :a a :D")).why(quad.triple) is None


def test_nothing_that_ships_contradicts_the_ontology() -> None:
    """The whole packaged graph, with the derived facts in it, is free of the contradictions that the rules see."""
    store = open_graph().store
    closure = close(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))

    assert len(closure.known) > 100_000
    assert closure.clashes == []
