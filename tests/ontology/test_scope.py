# SPDX-License-Identifier: Apache-2.0
"""The whole of the field has terms: each body, arrangement and role that the guidance or the register names, and more.

``scope.csv`` says by which terms each thing named is said. Where a thing is a sort of provider, a post or a group of
people, that is a concept; where it is a body, a class.
"""

from __future__ import annotations

import csv
from typing import Final

import hermit
import pytest
from rdflib import RDF, RDFS, SKOS, URIRef

CASES: Final = hermit.ROOT / "tests" / "cases" / "ontology" / "scope.csv"
SOURCES: Final = hermit.ROOT / "data" / "sources"


def table(path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


SCOPE: Final = table(CASES)


def listed(source: str) -> set[str]:
    return {row["item"] for row in SCOPE if row["source"] == source}


def test_every_item_of_annex_a_has_a_term() -> None:
    """No line of the register's list of whom to involve and what to consider is left without words for it."""
    named = {f"{row['category']}: {row['item']}" for row in table(SOURCES / "law" / "annex_a.csv")}

    assert named == listed("annex_a")


@pytest.mark.parametrize("scheme", ["involved-organisation", "joint-working-mechanism"])
def test_every_body_and_arrangement_named_in_either_edition_has_a_term(scheme: str) -> None:
    """What the reading of both editions found named is what the table has, neither less nor more."""
    named = {
        row["slug"]
        for year in ("2022", "2024")
        for row in table(SOURCES / "guidance" / f"vocabulary-{year}.csv")
        if row["scheme"] == scheme
    }

    assert named == listed(scheme)


def test_every_role_that_the_guidance_addresses_has_a_term() -> None:
    """Whoever is asked to act can be named in records."""
    assert {row["slug"] for row in table(SOURCES / "guidance" / "roles.csv")} == listed("role")


def test_the_terms_are_declared_and_defined() -> None:
    """A term of the table is a class, a property or a concept of the ontology, with a definition and a source."""
    graph = hermit.merged(hermit.MODULES)
    dcterms_source = URIRef("http://purl.org/dc/terms/source")
    for row in SCOPE:
        assert row["terms"], row
        for name in row["terms"].split():
            term = URIRef("https://w3id.org/icsgraph/" + (f"scheme/{name}" if "/" in name else f"def/{name}"))
            assert (term, RDF.type, None) in graph, (row["item"], name)
            assert all((term, p, None) in graph for p in (RDFS.label, SKOS.definition, dcterms_source)), name


def test_kinds_of_body_have_an_example_each() -> None:
    """Every class below body tells of one such body."""
    graph = hermit.merged(hermit.MODULES)
    kinds = set(graph.transitive_subjects(RDFS.subClassOf, URIRef("https://w3id.org/icsgraph/def/Body")))

    assert len(kinds) > 50
    assert [] == sorted(str(kind) for kind in kinds if isinstance(kind, URIRef) and not graph.value(kind, SKOS.example))
