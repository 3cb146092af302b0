# SPDX-License-Identifier: Apache-2.0
"""Competency questions: enough of them for each user, none twice, and every term serves one or says why it exists."""

from __future__ import annotations

import csv
import re
from difflib import SequenceMatcher
from itertools import combinations
from typing import Final

import hermit
import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, URIRef

from icsgraph.exports.vocabulary import competency, serving
from icsgraph.exports.vocabulary.uses import terms_of
from icsgraph.model.errors import QueryError
from icsgraph.store.load import find_files, load_files

ICS: Final = "https://w3id.org/icsgraph/def/"
KINDS: Final = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)


@pytest.fixture(scope="module")
def generated() -> dict[str, str]:
    return competency.made(hermit.ROOT)


@pytest.fixture(scope="module")
def questions(generated) -> list[dict[str, str]]:
    return list(csv.DictReader(generated[serving.QUESTIONS].splitlines()))


@pytest.fixture(scope="module")
def served(generated) -> list[dict[str, str]]:
    return list(csv.DictReader(generated[serving.SERVING].splitlines()))


def test_the_tables_are_what_their_sources_make(generated):
    """`python -m icsgraph.exports.vocabulary.competency` would change none of its files."""
    now = {name: (hermit.ROOT / name).read_text(encoding="utf-8") for name in generated}

    assert generated == now


def test_the_check_tells_of_a_file_that_is_out_of_date(tmp_path, monkeypatch, capsys, generated):
    """With --check a stale file is named and left as it is, exit 1; without it, it is renewed, exit 0."""
    for name, text in generated.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / competency.CASES).mkdir(parents=True)
    (tmp_path / competency.PAGE).write_text("old", encoding="utf-8")
    monkeypatch.setattr(competency.shipped, "root", lambda: tmp_path)
    monkeypatch.setattr(competency, "made", lambda root: generated)

    assert 1 == competency.main(["--check"])
    assert f"{competency.PAGE}: out of date\n" == capsys.readouterr().out
    assert "old" == (tmp_path / competency.PAGE).read_text(encoding="utf-8")
    assert 0 == competency.main([])
    assert 0 == competency.main(["--check"])


def test_outside_a_checkout_nothing_is_made(tmp_path, monkeypatch):
    """An installed package has no cases, and its tables are not overwritten without them."""
    monkeypatch.setattr(competency.shipped, "root", lambda: tmp_path)

    assert 2 == competency.main([])
    assert [] == list(tmp_path.iterdir())


def test_a_question_without_a_user_is_refused(tmp_path):
    """Nobody's question belongs to no group, and is named with its file."""
    case = tmp_path / "001-x.ttl"
    case.write_text("#+ question: Why?\n", encoding="utf-8")

    with pytest.raises(QueryError, match=r"001-x\.ttl"):
        serving.read_questions([], [case], tmp_path)


def test_there_are_enough_questions_for_each_user(questions):
    """Eighty and more in all, and a good number for each of the three."""
    users = [row["user"] for row in questions]

    assert len(questions) >= 80
    assert {"researcher", "validator", "exporter"} == set(users)
    assert min(users.count(user) for user in set(users)) >= 20
    assert len({row["id"] for row in questions}) == len(questions)


def test_each_question_is_one_in_plain_words_and_asked_once(questions):
    """It ends in a question mark, names no term or variable, and no other is nearly the same."""
    said = [row["question"] for row in questions]

    assert [] == [q for q in said if not q.endswith("?") or re.search(r"[?$]\w|\bics:|[a-z][A-Z]", q)]
    assert [] == [pair for pair in combinations(said, 2) if SequenceMatcher(None, *pair).quick_ratio() > 0.97]


def test_each_question_has_its_answer_on_file(questions):
    """A stored query has a case with rows; an entailment case has its counterpart."""
    for row in questions:
        file = hermit.ROOT / row["file"]
        if file.suffix == ".rq":
            case = hermit.ROOT / "tests" / "cases" / "queries" / file.stem.partition("-")[2]
            assert len((case / "expected.csv").read_text(encoding="utf-8").splitlines()) > 1, row
        else:
            assert (file.parent.parent / "not-entailed" / file.name).is_file(), row


def test_every_term_serves_a_question_or_says_why_it_exists(served):
    """A class or property that nothing asks for names the check that needs it, or tells in words what it is for."""
    graph = hermit.merged(hermit.MODULES)
    terms = {str(s) for kind in KINDS for s in graph.subjects(RDF.type, kind) if str(s).startswith(ICS)}
    asked = {ICS + row["term"] for row in served if not row["term"].startswith("scheme/")}
    reasons = {str(s) for p in ("neededFor", "servesConstraint") for s in graph.subjects(URIRef(ICS + p))}

    assert set() == asked - terms
    assert [] == sorted(terms - asked - reasons)


def test_a_check_that_is_a_terms_only_reason_does_use_it(served):
    """The shape, the population or the applicability of the check names the term."""
    graph = hermit.merged(hermit.MODULES)
    asked = {ICS + row["term"] for row in served if not row["term"].startswith("scheme/")}
    used: dict[str, set[str]] = {}
    for path in [*(hermit.ROOT / "shapes").rglob("*.ttl"), *(hermit.ROOT / "shapes").rglob("*.rq")]:
        used.setdefault(path.name.split(".")[0], set()).update(terms_of(path.read_text(encoding="utf-8")))
    unused = []
    for term, check in graph.subject_objects(URIRef(ICS + "servesConstraint")):
        name = str(check).rpartition("/")[2]
        if str(term).startswith(ICS) and str(term) not in asked and str(term).removeprefix(ICS) not in used[name]:
            unused.append((str(term), name))

    assert [] == sorted(unused)


def test_the_ways_of_serving_are_told_apart(served):
    """A term that a query names, a date behind a bound, an overlap behind a derived fact, and a kind of body."""
    found = {(row["term"], row["question"]): row["how"] for row in served}

    assert "asks" == found["AuthorityInArea", "cq002"]
    assert "rule" == found["AreaOverlap", "cq002"]
    assert "bound" == found["firstDay", "cq002"]
    assert "kind" == found["NHSTrust", "cq120"]
    assert ("Need", "cq002") not in found


def test_a_term_that_nothing_asks_for_is_found():
    """The table is able to show that a term serves nothing."""
    store = ox.Store()
    load_files(store, find_files(hermit.MODULES))
    text = f"<{ICS}Useless> a <{OWL.Class}> ; <http://www.w3.org/2000/01/rdf-schema#isDefinedBy> <{ICS}time> ."
    store.load(text.encode(), format=ox.RdfFormat.TURTLE)
    modules = serving_modules(store)

    assert ["Useless"] == [t.name for t in serving.unserved(modules, everything(modules))]


def serving_modules(store: ox.Store):
    from icsgraph.exports.vocabulary.terms import read_modules

    return read_modules(store)


def everything(modules) -> list[serving.Served]:
    """Pretend that every term but one serves a question."""
    return [serving.Served(t.name, "cq001", "asks") for m in modules for t in m.terms if t.name != "Useless"]
