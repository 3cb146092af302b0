# SPDX-License-Identifier: Apache-2.0
"""Alignments to other vocabularies: whole, apart from the ontology, and the same in Turtle and in the SSSOM table."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Final

import hermit
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef

FOLDER: Final = hermit.ROOT / "ontology" / "alignments"
FILES: Final = tuple(sorted(FOLDER.glob("*.ttl")))
MAPPINGS: Final = (
    SKOS.exactMatch,
    SKOS.closeMatch,
    SKOS.broadMatch,
    SKOS.narrowMatch,
    SKOS.relatedMatch,
    RDFS.subClassOf,
)


def links(graph: Graph) -> set[tuple[str, str, str]]:
    return {(str(s), str(p), str(o)) for p in MAPPINGS for s, o in graph.subject_objects(p)}


def test_the_six_vocabularies_are_there() -> None:
    """One file for each vocabulary that the ontology is aligned to."""
    assert [file.stem for file in FILES] == ["cccev", "cpov", "foaf", "odrl", "schema", "ukparliament"]


def test_table_and_turtle_hold_the_same_links() -> None:
    """The SSSOM table and the Turtle files never say different things."""
    lines = (FOLDER / "alignments.sssom.tsv").read_text(encoding="utf-8").splitlines()
    prefixes: dict[str, str] = dict(re.findall(r'^#  (\w+): "(.*)"$', "\n".join(lines), re.M))
    rows = list(csv.DictReader([line for line in lines if not line.startswith("#")], delimiter="\t"))

    def full(curie: str) -> str:
        prefix, _, name = curie.partition(":")
        return prefixes[prefix] + name

    said = {(full(r["subject_id"]), full(r["predicate_id"]), full(r["object_id"])) for r in rows}
    assert len(said) == len(rows)
    assert said == links(hermit.merged(FILES))


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_only_declared_terms_are_aligned(file: Path) -> None:
    """A term that was renamed or dropped leaves no link behind."""
    declared = set(hermit.merged(hermit.MODULES).subjects(RDF.type))
    found = links(hermit.merged([file]))

    assert found != set()
    assert {s for s, _, _ in found if URIRef(s) not in declared} == set()


def test_no_module_imports_an_alignment() -> None:
    """Alignments are loaded on request only."""
    imported = set(hermit.merged(hermit.MODULES).objects(None, OWL.imports))
    own = set(hermit.merged(FILES).subjects(RDF.type, OWL.Ontology))

    assert len(own) == len(FILES)
    assert imported.isdisjoint(own)


def test_alignments_leave_the_ontology_consistent() -> None:
    """No class loses its members to an alignment."""
    assert hermit.unsatisfiable(hermit.merged([*hermit.MODULES, *FILES])) == []
