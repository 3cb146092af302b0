# SPDX-License-Identifier: Apache-2.0
"""The ontology kept tidy: each hygiene query finds nothing in it, and finds something in a file made to be faulty."""

from __future__ import annotations

import csv
import re
import tomllib
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import hermit
import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, URIRef

QUERIES: Final = tuple(sorted((hermit.ROOT / "queries" / "hygiene").glob("h*.rq")))
BAD: Final = hermit.ROOT / "tests" / "cases" / "hygiene"
KEYS: Final = ["id", "title", "problem", "solution", "reference"]
DEF: Final = "https://w3id.org/icsgraph/def/"


def header(query: Path) -> dict[str, str]:
    lines = (line[2:] for line in query.read_text(encoding="utf-8").splitlines() if line.startswith("#+"))
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}


def rows(query: Path, *files: Path) -> list[str]:
    """Give a query's rows over files as text, in the query's order."""
    store = ox.Store()
    for file in files:
        store.bulk_load(path=str(file), format=ox.RdfFormat.TURTLE, base_iri=file.as_uri())
    found = store.query(query.read_text(encoding="utf-8"))
    assert isinstance(found, ox.QuerySolutions)
    return [" ".join(str(value) for value in row if value is not None) for row in found]


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: q.stem)
def test_the_ontology_has_no_such_fault(query: Path) -> None:
    """No module of the ontology has the fault that the query looks for."""
    assert rows(query, *hermit.MODULES) == []


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: q.stem)
def test_the_query_can_find_its_fault(query: Path) -> None:
    """A query that has never found anything proves nothing."""
    assert rows(query, BAD / query.stem / "bad.ttl") != []


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: q.stem)
def test_each_query_says_what_is_wrong_and_how_to_mend_it(query: Path) -> None:
    """A header has the five keys and no other, and its id begins the file's name."""
    found = header(query)

    assert list(found) == KEYS
    assert all(found.values())
    assert query.stem.startswith(found["id"] + "-")


def test_the_profile_gives_every_query_a_level() -> None:
    """How grave a fault is stands in one list, which names each query once."""
    with (hermit.ROOT / "queries" / "hygiene" / "profile.tsv").open(encoding="utf-8", newline="") as file:
        profile = list(csv.DictReader(file, delimiter="\t"))

    assert [row["query"] for row in profile] == [query.stem for query in QUERIES]
    assert {row["level"] for row in profile} == {"error", "warning", "info"}


def test_every_bad_file_belongs_to_a_query() -> None:
    """A faulty file that no query reads would rot."""
    assert sorted(folder.name for folder in BAD.iterdir()) == [query.stem for query in QUERIES]


def test_a_module_uses_only_terms_of_modules_that_it_imports() -> None:
    """Imports point downwards and are complete: what a module uses is declared in it or in what it imports."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in hermit.MODULES}
    declared = {name: set(re.findall(r"^(\w+:\w+) a ", text, re.M)) for name, text in texts.items()}
    prefixes = "|".join(sorted({term.partition(":")[0] for terms in declared.values() for term in terms}))
    imports = {name: set(re.findall(rf"<{DEF}(\w+)>", _header(text))) - {name} for name, text in texts.items()}

    def below(name: str) -> set[str]:
        return {name}.union(*(below(other) for other in imports[name]))

    missing = {}
    for name, text in texts.items():
        bare = re.sub(r'"(?:[^"\\]|\\.)*"|<[^>]*>|^#.*$|^@prefix.*$', " ", text, flags=re.M)
        used = set(re.findall(rf"(?<![\w:])(?:{prefixes}):\w+", bare)) - {"rdf:type"}
        known = set().union(*(declared[other] for other in below(name)))
        missing[name] = sorted(t for t in used - known if not re.match(r"(owl|rdfs?|xsd|icsc):", t))

    assert missing == {name: [] for name in texts}


def test_every_module_has_the_version_of_the_package_and_a_place_in_the_catalogue() -> None:
    """Headers, pyproject.toml and the catalogue by which Protégé finds the files agree."""
    with (hermit.ROOT / "pyproject.toml").open("rb") as file:
        version = tomllib.load(file)["project"]["version"]
    graph = hermit.merged(hermit.MODULES)
    ontologies = set(graph.subjects(RDF.type, OWL.Ontology))
    catalogue = ElementTree.parse(hermit.ROOT / "ontology" / "catalog-v001.xml")
    listed = {uri.get("name"): uri.get("uri") for uri in catalogue.getroot()}

    assert {str(v) for v in graph.objects(None, OWL.versionInfo)} == {version}
    assert {str(v) for v in graph.objects(None, OWL.versionIRI)} == {f"{o}/{version}" for o in ontologies}
    assert listed == {f"{o}{end}": f"{str(o).removeprefix(DEF)}.ttl" for o in ontologies for end in ("", f"/{version}")}
    assert set(graph.objects(URIRef(DEF + "icsgraph"), OWL.imports)) == ontologies - {URIRef(DEF + "icsgraph")}


def test_every_constraint_is_served_by_a_term() -> None:
    """What the register's constraints ask of records can be said with the ontology's terms."""
    with (hermit.ROOT / "data" / "sources" / "law" / "constraints.csv").open(encoding="utf-8", newline="") as file:
        asked = {row["id"] for row in csv.DictReader(file)}
    text = "\n".join(path.read_text(encoding="utf-8") for path in hermit.MODULES)
    served = set(re.findall(r"\bicsc:([A-Z0-9]+-\d+)", text))

    assert served == asked


def _header(text: str) -> str:
    return text[text.index(" a owl:Ontology") : text.index(" .\n", text.index(" a owl:Ontology"))]
