# SPDX-License-Identifier: Apache-2.0
"""No file of the project names a term that the ontology does not declare: not queries, shapes, data, docs or code.

Hygiene queries look at triples; here the text is looked at, in which a misspelt term silently matches nothing.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

import hermit
import pytest
from rdflib import RDF

DEF: Final = "https://w3id.org/icsgraph/def/"
NAMED: Final = re.compile(r"(?<![\w:/])ics:([A-Za-z]\w*)|" + re.escape(f"<{DEF}") + r"(\w+)>")
PLACES: Final = {
    "ontology": "ontology/**/*.[tr][tq]*",
    "shapes": "shapes/**/*.[tr][tq]*",
    "queries": "queries/**/*.rq",
    "mappings": "data/mappings/*.rq",
    "examples": "data/examples/**/*.ttl",
    "law": "data/law/*.ttl",
    "guidance": "data/guidance/*.ttl",
    "England": "data/england/*.ttl",
    "documentation": "**/*.md",
    "code": "icsgraph/**/*.py",
    "cases": "tests/cases/[!h]*/**/*.ttl",
}
# Misspelt on purpose, to show what happens then.
MEANT: Final = {
    ("docs/how-to/nothing-answered.md", "IntegratedCareBord"),
    ("docs/tutorial/sparql-primer.md", "IntegratedCareBord"),
    ("icsgraph/exports/vocabulary/uses.py", "Not"),
}


@cache
def declared() -> frozenset[str]:
    subjects = hermit.merged(hermit.MODULES).subjects(RDF.type)
    return frozenset(str(s).removeprefix(DEF) for s in subjects if str(s).startswith(DEF))


def unknown(path: Path) -> set[tuple[str, str]]:
    """Give the file with each term in it that is not declared."""
    name = path.relative_to(hermit.ROOT).as_posix()
    named = {one or other for one, other in NAMED.findall(path.read_text(encoding="utf-8"))}
    return {(name, term) for term in named - declared()} - MEANT


@pytest.mark.parametrize("place", PLACES)
def test_every_term_named_is_declared(place: str) -> None:
    """A file names no class or property that is not in a module of the ontology."""
    hidden = (".venv", "node_modules", "build", "_shipped")
    files = [p for p in hermit.ROOT.glob(PLACES[place]) if not set(hidden) & set(p.relative_to(hermit.ROOT).parts)]

    assert files
    assert set() == set().union(*map(unknown, files))


def test_a_misspelt_term_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of writing a term are looked at."""
    monkeypatch.setattr(hermit, "ROOT", tmp_path)
    (tmp_path / "q.rq").write_text(f"?x a ics:Bord ; <{DEF}wrong> ics:Body .", encoding="utf-8")

    assert {("q.rq", "Bord"), ("q.rq", "wrong")} == unknown(tmp_path / "q.rq")
