# SPDX-License-Identifier: Apache-2.0
"""What follows from the ontology and what does not, proved by HermiT on small invented cases.

Each question has two files: one from which it follows, and one, little different, from which it does not.
Cases without a contradiction are put to the reasoner together; each contradiction needs a run of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final, TypeAlias

import hermit
import owlready2
import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from icsgraph.rules.rl import close

MF: Final = Namespace("https://w3id.org/icsgraph/test/")
CASES: Final = hermit.ROOT / "tests" / "cases" / "ontology"
ENTAILED: Final = tuple(sorted((CASES / "entailed").glob("*.ttl")))
NOT_ENTAILED: Final = tuple(sorted((CASES / "not-entailed").glob("*.ttl")))

NOT_SAID: Final = "https://example.org/entailed/032-health-related-by-the-statutes-test"

Triple: TypeAlias = tuple[Node, Node, Node]
Found: TypeAlias = set[Triple]


def case(path: Path) -> tuple[Graph, Triple | None, bool]:
    """Read a case: its data under names of its own, the triple it asks about, and whether it claims a contradiction."""
    own = f"https://example.org/{path.parent.name}/{path.stem}/"
    text = path.read_text(encoding="utf-8").replace("https://example.org/northshire/", own)
    graph = Graph().parse(data=text, format="turtle", publicID=path.as_uri())
    this = URIRef(path.as_uri())
    asked = graph.value(this, MF.entails) or graph.value(this, MF.doesNotEntail)
    triple: Triple | None = None
    if asked is not None:
        subject, predicate, value = (graph.value(asked, p) for p in (RDF.subject, RDF.predicate, RDF.object))
        assert subject is not None and predicate is not None and value is not None, path
        triple = (subject, predicate, value)
        graph.remove((asked, None, None))
    clash = graph.value(this, MF.contradicts) == Literal(True)
    graph.remove((this, None, None))
    return graph, triple, clash


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return hermit.merged(hermit.MODULES)


@pytest.fixture(scope="module")
def realised(ontology: Graph) -> Found:
    """Give what HermiT finds in all the cases without a contradiction, taken together."""
    graph = Graph()
    for path in (*ENTAILED, *NOT_ENTAILED):
        data, triple, clash = case(path)
        if clash or (triple is not None and triple[1] == OWL.sameAs and path in ENTAILED):
            continue
        graph += data
    found = hermit.realise(ontology + graph)

    assert found is not None, "a case that claims to be free of contradictions has one"
    return found


def test_ontology_is_consistent_and_every_class_can_have_a_member(ontology: Graph) -> None:
    """No axiom contradicts another, and no class is empty by definition."""
    found = hermit.unsatisfiable(ontology)

    assert found == []
    assert hermit.is_consistent(ontology)


def test_the_law_and_the_real_boards_agree_with_the_ontology(ontology: Graph) -> None:
    """No shipped fact about provisions, instruments, boards or partnerships contradicts an axiom."""
    files = [*sorted((hermit.ROOT / "data" / "law").glob("*.ttl")), hermit.ROOT / "data" / "england" / "boards.ttl"]

    assert len(files) > 3
    assert hermit.is_consistent(ontology + hermit.merged(files))


def test_every_question_has_both_kinds_of_case() -> None:
    """A question that is only ever answered one way proves little."""
    assert len(ENTAILED) >= 20
    assert [p.name for p in ENTAILED] == [p.name for p in NOT_ENTAILED]


@pytest.mark.parametrize("path", ENTAILED, ids=lambda p: p.stem)
def test_it_follows(path: Path, ontology: Graph, realised: Found) -> None:
    """What the case says follows from it and the ontology does."""
    data, triple, clash = case(path)
    if clash:
        assert not hermit.is_consistent(ontology + data)
        return
    assert triple is not None, path
    if triple[1] == OWL.sameAs:
        data.add((triple[0], OWL.differentFrom, triple[2]))
        assert not hermit.is_consistent(ontology + data)
    else:
        assert triple not in data
        assert triple in realised


@pytest.mark.parametrize("path", NOT_ENTAILED, ids=lambda p: p.stem)
def test_it_does_not_follow(path: Path, realised: Found) -> None:
    """What the case says does not follow from it does not; a case without a question is only free of contradiction."""
    data, triple, clash = case(path)

    assert not clash
    if triple is not None:
        assert triple[1] == OWL.sameAs or any(triple[0] in each for each in data)
        assert triple not in realised


def test_the_rules_find_what_hermit_finds_in_the_cases(ontology: Graph, realised: Found) -> None:
    """Axioms outside OWL 2 RL give one fact that the rules do not: that what is of no other kind is of this one."""
    data = Graph()
    for path in (*ENTAILED, *NOT_ENTAILED):
        more, triple, clash = case(path)
        if not clash and not (triple is not None and triple[1] == OWL.sameAs and path in ENTAILED):
            data += more
    closure = close(ox.parse((ontology + data).serialize(format="nt"), format=ox.RdfFormat.N_TRIPLES))
    drawn = {tuple(str(getattr(term, "value", term)) for term in triple) for triple in closure.derived()}
    things = {s for s in data.subjects() if isinstance(s, URIRef)}
    of_owl = (str(OWL), str(RDF) + "Property")
    by_hermit = {
        triple
        for triple in realised - set(data)
        if triple[0] in things and isinstance(triple[2], URIRef)
        and not str(triple[2]).startswith(of_owl) and not str(triple[1]).startswith(of_owl)
    }  # fmt: skip

    assert closure.clashes == []
    assert len(by_hermit) > 100
    assert {triple for triple in by_hermit if tuple(str(term) for term in triple) not in drawn} == {
        (URIRef(f"{NOT_SAID}/housing-desk"), RDF.type, URIRef("https://w3id.org/icsgraph/def/HealthRelatedService"))
    }


def test_the_reasoner_is_the_one_that_ships() -> None:
    """HermiT is found beside owlready2, so that no other copy gives the verdict."""
    assert hermit.JARS.is_relative_to(Path(owlready2.__file__).parent)
