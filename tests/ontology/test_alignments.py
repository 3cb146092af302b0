# SPDX-License-Identifier: Apache-2.0
"""Alignments to other vocabularies: whole, apart from the ontology, and the same in Turtle and in the SSSOM table."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any, Final

import hermit
import pytest
import yaml
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef
from rdflib.namespace import FOAF, ODRL2, ORG

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


# Slots of https://w3id.org/sssom/ that the table uses, and those without which it would be no mapping set.
SLOTS: Final = (
    "subject_id", "subject_label", "predicate_id", "object_id", "mapping_justification", "confidence",
    "object_source", "object_source_version", "mapping_date", "comment",
)  # fmt: skip
NEEDED: Final = {"curie_map", "license", "mapping_set_id"}
SET_SLOTS: Final = NEEDED | {"mapping_set_title", "mapping_set_version", "comment"}


def sssom() -> tuple[dict[str, Any], list[dict[str, str]]]:
    """Read the metadata and the rows of the SSSOM table."""
    lines = (FOLDER / "alignments.sssom.tsv").read_text(encoding="utf-8").splitlines()
    metadata = yaml.safe_load("\n".join(line[1:] for line in lines if line.startswith("#")))
    return metadata, list(csv.DictReader([line for line in lines if not line.startswith("#")], delimiter="\t"))


def links(graph: Graph) -> set[tuple[str, str, str]]:
    return {(str(s), str(p), str(o)) for p in MAPPINGS for s, o in graph.subject_objects(p)}


def test_the_six_vocabularies_are_there() -> None:
    """One file for each vocabulary that the ontology is aligned to."""
    assert [file.stem for file in FILES] == ["cccev", "cpov", "foaf", "odrl", "schema", "ukparliament"]


def test_table_and_turtle_hold_the_same_links() -> None:
    """The SSSOM table and the Turtle files never say different things."""
    metadata, rows = sssom()

    def full(curie: str) -> str:
        prefix, _, name = curie.partition(":")
        return metadata["curie_map"][prefix] + name

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


def test_the_table_keeps_the_rules_of_sssom() -> None:
    """Metadata and columns are slots of SSSOM, nothing needed is missing, and every CURIE has a prefix that is used."""
    metadata, rows = sssom()
    curies = ("subject_id", "predicate_id", "object_id", "mapping_justification", "object_source")
    used = {row[slot].partition(":")[0] for row in rows for slot in curies}

    assert NEEDED <= set(metadata) <= SET_SLOTS
    assert {SLOTS} == {tuple(row) for row in rows}
    assert [] == [row for row in rows if not all(row[slot] for slot in SLOTS if slot != "comment")]
    assert set(metadata["curie_map"]) == used
    assert {"semapv:ManualMappingCuration"} == {row["mapping_justification"] for row in rows}
    assert [] == [row for row in rows if not re.fullmatch(r"2\d{3}-\d\d-\d\d", row["mapping_date"])]


def test_confidence_is_a_share_and_says_something() -> None:
    """Between nought and one, and a loose relation is not surer than a tight one can be."""
    rows = sssom()[1]

    assert [] == [row for row in rows if not 0 < float(row["confidence"]) <= 1]
    assert max(float(r["confidence"]) for r in rows if r["predicate_id"] == "skos:relatedMatch") < 0.7
    assert min(float(r["confidence"]) for r in rows if r["predicate_id"] == "rdfs:subClassOf") > 0.9


def test_labels_are_those_of_the_ontology() -> None:
    """A term whose label has changed shows its old one nowhere."""
    metadata, rows = sssom()
    graph = hermit.merged(hermit.MODULES)
    for row in rows:
        prefix, _, name = row["subject_id"].partition(":")
        term = URIRef(metadata["curie_map"][prefix] + name)
        assert row["subject_label"] in {
            str(label) for p in (RDFS.label, SKOS.prefLabel) for label in graph.objects(term, p)
        }


@pytest.mark.parametrize(("prefix", "known"), [("odrl", ODRL2), ("foaf", FOAF), ("org", ORG)])
def test_terms_aligned_to_are_in_their_vocabulary(prefix: str, known: Any) -> None:
    """Of three vocabularies a list is at hand, and has every term that is named; the others were looked up by hand."""
    named = {row["object_id"].partition(":")[2] for row in sssom()[1] if row["object_id"].startswith(f"{prefix}:")}

    assert named
    assert [] == sorted(name for name in named if name not in known)
