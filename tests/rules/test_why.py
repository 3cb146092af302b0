# SPDX-License-Identifier: Apache-2.0
"""Why a triple holds: steps from it, by rules of both kinds, down to statements with file and line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pyoxigraph as ox
import pytest

from icsgraph.model.namespaces import ICSG
from icsgraph.rules import derive, read_rules
from icsgraph.rules.rl import close
from icsgraph.rules.sources import Sources
from icsgraph.rules.why import Step, Why
from icsgraph.rules.words import Words
from icsgraph.store.bounds import add_bounds
from icsgraph.store.load import find_files, load_files

ONTOLOGY: Final = """\
@prefix : <https://example.org/> .
@prefix ics: <https://w3id.org/icsgraph/def/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

:Board rdfs:subClassOf :Body ; rdfs:label "board"@en .
:Body rdfs:label "body"@en .
:neighbourOf a owl:SymmetricProperty ; rdfs:label "is a neighbour of"@en .
ics:firstDay ics:hasEarliestBound ics:earliestFirstDay ; ics:hasLatestBound ics:latestFirstDay .
ics:firstDay rdfs:label "first day"@en .
"""
DATA: Final = """\
@prefix : <https://example.org/> .
@prefix ics: <https://w3id.org/icsgraph/def/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

:north a :Board ; rdfs:label "North"@en ;
    :covers :hill ;
    ics:firstDay "2022-07"^^xsd:gYearMonth .
:hill :within :vale .
:vale :within :plain .
:east a :Board ; rdfs:label "East"@en ; :covers :moor , :hill .
"""
NEIGHBOUR: Final = """\
#+ id: neighbour
#+ because: {one} and {other} both cover {land}.
#+ order: 1
PREFIX : <https://example.org/>
CONSTRUCT { ?one :neighbourOf ?other }
WHERE {
  ?one :covers ?land . ?other :covers ?land FILTER (STR(?one) < STR(?other))
  FILTER NOT EXISTS { ?one :shuns ?other }
}
"""
REACH: Final = """\
#+ id: reach
#+ because: {one} covers what lies in {far}.
#+ order: 2
PREFIX : <https://example.org/>
CONSTRUCT { ?one :reaches ?far ; :landCount ?n }
WHERE { ?one :covers/:within+ ?far { SELECT ?one (COUNT(?l) AS ?n) WHERE { ?one :covers ?l } GROUP BY ?one } }
"""


@pytest.fixture
def explain(tmp_path: Path) -> Callable[[str, str, str], tuple[Step, dict[str, str]] | None]:
    """Give a function that explains a triple of the small graph above."""
    for name, text in (("terms.ttl", ONTOLOGY), ("data.ttl", DATA), ("neighbour.rq", NEIGHBOUR), ("reach.rq", REACH)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    files = find_files([tmp_path / "terms.ttl", tmp_path / "data.ttl"])
    store = ox.Store()
    add_bounds(store, load_files(store, files))
    rules = read_rules([tmp_path / "neighbour.rq", tmp_path / "reach.rq"])
    derive(store, rules)
    why = Why(
        store, Sources([(store, files)]), rules, Words(store).term,
        lambda: close(store.quads_for_pattern(None, None, None, ox.DefaultGraph())),
    )  # fmt: skip

    def ask(subject: str, predicate: str, value: str) -> tuple[Step, dict[str, str]] | None:
        (quad,) = ox.parse(
            f"{DATA[: DATA.index(':north')]} {subject} {predicate} {value} .", format=ox.RdfFormat.TURTLE
        )
        found = why.explain(quad.triple)
        return found and (found.step, {words(triple): str(place) for triple, place in found.places.items()})

    return ask


def words(triple: ox.Triple) -> str:
    return " ".join(str(getattr(term, "value", term)).rpartition("/")[2].rpartition("#")[2] for term in triple)


def tree(step: Step) -> list[object]:
    return [step.kind, words(step.triple), *(tree(inner) for inner in step.because)]


def test_a_stated_triple_says_where_it_stands(explain) -> None:
    """A statement is explained by its file and the line that ends it."""
    step, places = explain(":hill", ":within", ":vale")

    assert (step.kind, places) == ("stated", {"hill within vale": "data.ttl:9"})


def test_an_inferred_triple_leads_to_axiom_and_statement(explain) -> None:
    """The axiom and the statement are named with their places."""
    step, places = explain(":north", "a", ":Body")

    assert tree(step) == ["inferred", "north type Body", ["stated", "north type Board"]]
    assert step.rule == "cax-sco"
    assert places == {"Board subClassOf Body": "terms.ttl:6", "north type Board": "data.ttl:6"}


def test_a_derived_triple_leads_to_what_its_rule_used(explain) -> None:
    """The pattern of the rule is filled in, and what must not be there is not shown."""
    step, places = explain(":east", ":neighbourOf", ":north")

    assert tree(step) == [
        "derived",
        "east neighbourOf north",
        ["stated", "east covers hill"],
        ["stated", "north covers hill"],
    ]
    assert (step.rule, step.words) == ("neighbour", "East and North both cover hill.")
    assert places == {"east covers hill": "data.ttl:11", "north covers hill": "data.ttl:7"}


def test_inference_over_a_derived_triple_leads_through_it(explain) -> None:
    """Axioms are applied to what rules derived, and the explanation goes on below."""
    step, _ = explain(":north", ":neighbourOf", ":east")

    assert [each.kind for each in step.walk()] == ["inferred", "derived", "stated", "stated"]


def test_a_path_is_shown_by_the_triples_along_it(explain) -> None:
    """A property path of any length is explained by one way through it."""
    step, _ = explain(":north", ":reaches", ":plain")

    assert [words(each.triple) for each in step.because][:3] == [
        "north covers hill",
        "hill within vale",
        "vale within plain",
    ]


def test_what_a_subselect_gathered_is_shown_whole(explain) -> None:
    """A count rests on everything that was counted."""
    step, _ = explain(":east", ":landCount", "2")

    assert {"east covers moor", "east covers hill"} <= {words(each.triple) for each in step.because}


def test_a_bound_is_worked_out_from_a_date(explain) -> None:
    """The earliest day of a month leads to the month that a file states."""
    step, places = explain(":north", "ics:latestFirstDay", '"2022-07-31"^^xsd:date')

    assert tree(step) == ["worked out", "north latestFirstDay 2022-07-31", ["stated", "north firstDay 2022-07"]]
    assert (step.rule, places) == (ICSG + "dates", {"north firstDay 2022-07": "data.ttl:8"})


@pytest.mark.parametrize(
    "typed", [(":north", "a", ":Area"), (":north", ":neighbourOf", ":north"), (":no", ":such", ":thing")]
)
def test_what_does_not_hold_is_not_explained(explain, typed) -> None:
    """A triple that is neither stated nor implied has no explanation."""
    assert explain(*typed) is None
