# SPDX-License-Identifier: Apache-2.0
"""The modules as files: whole headers, imports that point down, and a catalogue by which tools open them offline."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import hermit
import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, VANN, Graph, Literal, URIRef

FOLDER: Final = hermit.ROOT / "ontology"
DEF: Final = "https://w3id.org/icsgraph/def/"
ALIGNMENTS: Final = tuple(sorted((FOLDER / "alignments").glob("*.ttl")))
ROOT_MODULE: Final = URIRef(DEF + "icsgraph")


def catalogue() -> dict[str, Path]:
    """Read where the catalogue says that each ontology is."""
    tree = ElementTree.parse(FOLDER / "catalog-v001.xml").getroot()
    assert tree.tag == "{urn:oasis:names:tc:entity:xmlns:xml:catalog}catalog"
    return {uri.attrib["name"]: FOLDER / uri.attrib["uri"] for uri in tree}


def opened(iri: URIRef, places: dict[str, Path], done: dict[URIRef, Graph]) -> dict[URIRef, Graph]:
    """Load an ontology and what it imports as Protégé and ROBOT do, by the catalogue and nothing else."""
    if iri not in done:
        done[iri] = Graph().parse(places[str(iri)])
        for other in done[iri].objects(iri, OWL.imports):
            opened(URIRef(other), places, done)
    return done


def test_the_catalogue_opens_every_module_offline() -> None:
    """From the one file that imports all, every import is found in the folder, and is the ontology it was asked for."""
    found = opened(ROOT_MODULE, catalogue(), {})

    assert {DEF + path.stem for path in hermit.MODULES} == {str(iri) for iri in found}
    assert all((iri, RDF.type, OWL.Ontology) in graph for iri, graph in found.items())
    assert {URIRef(DEF + "borrowed")} == {
        iri for iri, graph in found.items() if not list(graph.objects(iri, OWL.imports))
    }


def test_version_addresses_lead_to_the_same_files() -> None:
    """Both addresses of a module, with and without its version, lead to the file that declares them."""
    places = catalogue()
    for path in hermit.MODULES:
        graph = Graph().parse(path)
        (iri,) = graph.subjects(RDF.type, OWL.Ontology)
        (version,) = graph.objects(iri, OWL.versionIRI)
        assert {path} == {places[str(iri)], places[str(version)]}


@pytest.mark.parametrize("path", [*hermit.MODULES, *ALIGNMENTS], ids=lambda p: p.stem)
def test_each_header_is_whole(path: Path) -> None:
    """Title, abstract, licence, creator, version address and number, change note, prefix and namespace, each once."""
    graph = Graph().parse(path)
    (iri,) = graph.subjects(RDF.type, OWL.Ontology)
    wanted = (DCTERMS.title, DCTERMS.abstract, DCTERMS.license, DCTERMS.creator, DCTERMS.created)
    wanted += (OWL.versionIRI, OWL.versionInfo, VANN.preferredNamespacePrefix, VANN.preferredNamespaceUri)

    assert [] == [p for p in wanted if len(list(graph.objects(iri, p))) != 1]
    assert list(graph.objects(iri, SKOS.changeNote))
    assert Literal("the icsgraph project") == graph.value(iri, DCTERMS.creator)
    assert DEF == str(graph.value(iri, VANN.preferredNamespaceUri))


def test_imports_point_down() -> None:
    """No module is imported by one that it imports, however far away."""
    found = opened(ROOT_MODULE, catalogue(), {})
    imports = {iri: {URIRef(o) for o in graph.objects(iri, OWL.imports)} for iri, graph in found.items()}

    def below(iri: URIRef, path: tuple[URIRef, ...]) -> set[URIRef]:
        assert iri not in path, (*path, iri)
        return imports[iri].union(*(below(other, (*path, iri)) for other in imports[iri]))

    assert set(imports) - {ROOT_MODULE} == below(ROOT_MODULE, ())
    assert all(str(iri).startswith(DEF) for iri in found)


def test_each_term_stands_in_the_module_that_it_names() -> None:
    """What a file describes names that file as its home; borrowed terms say where they come from."""
    for path in hermit.MODULES:
        graph = Graph().parse(path)
        homes = {str(o) for s, o in graph.subject_objects(RDFS.isDefinedBy)}
        assert path.stem == "icsgraph" or path.stem == "borrowed" or {DEF + path.stem} == homes
        assert path.stem != "borrowed" or not any(home.startswith(DEF) for home in homes)


def test_the_reference_lists_modules_in_an_order_in_which_imports_point_up() -> None:
    """The page on the ontology lists every module once, each below those that it imports."""
    page = (hermit.ROOT / "docs" / "reference" / "ontology.md").read_text(encoding="utf-8")
    order = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    found = opened(ROOT_MODULE, catalogue(), {})

    assert sorted(order) == sorted(str(iri).removeprefix(DEF) for iri in found if iri != ROOT_MODULE)
    for name in order:
        iri = URIRef(DEF + name)
        above = order[: order.index(name)]
        assert {str(o).removeprefix(DEF) for o in found[iri].objects(iri, OWL.imports)} <= set(above), name
