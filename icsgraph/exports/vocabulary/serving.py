# SPDX-License-Identifier: Apache-2.0
"""Competency questions to the terms that serve them: named by the question, or reached from what it names.

A question is a stored query, or a pair of entailment cases whose first file carries the question. From a query a term
is reached in four ways, each of which is how the term gets into the answer:

- ``asks``: the query, or a case's file, names it;
- ``bound``: it is a date, and the query names the bound that the loader makes of it;
- ``rule``: it stands in the condition of a rule that makes what the query names;
- ``kind``: the query asks for all kinds of a class, or for every property said of a class, and it is one.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from icsgraph.exports.vocabulary.terms import KINDS, Module, Reader, Term
from icsgraph.exports.vocabulary.uses import terms_of
from icsgraph.model.errors import QueryError
from icsgraph.model.namespaces import ICS, RDFS
from icsgraph.queries import read_query
from icsgraph.store import shipped

USERS: Final = {"researcher": "the policy researcher", "validator": "the validator", "exporter": "the exporter"}
QUESTIONS: Final = "queries/competency/questions.csv"
SERVING: Final = "queries/competency/serving.csv"
_KINDS_OF: Final = re.compile(r"subClassOf\*?\s+ics:(\w+)")
_SAID_OF: Final = re.compile(r"domain\s+ics:(\w+)")
_HEADER: Final = re.compile(r"^#\+ (question|user): (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Question:
    """A competency question: who asks it, and the file that answers it, below the checkout."""

    id: str
    user: str
    question: str
    file: str


@dataclass(frozen=True, slots=True)
class Served:
    """That a term serves a question, and how (see this module's first page)."""

    term: str
    question: str
    how: str


def read_questions(queries: Iterable[Path], cases: Iterable[Path], root: Path) -> list[Question]:
    """Read the questions of stored queries and of entailment cases, in order of id.

    Raises:
        QueryError: E210, when a header lacks the question or who asks it.
    """
    found = []
    for path in sorted(queries):
        query = read_query(path)
        found.append(Question(query.id, _header(path)["user"], query.question, path.relative_to(root).as_posix()))
    for path in sorted(cases):
        header = _header(path)
        number = "en" + path.stem.partition("-")[0]
        found.append(Question(number, header["user"], header["question"], path.relative_to(root).as_posix()))
    return found


def serving(questions: Iterable[Question], root: Path, store: ox.Store, rules: Iterable[Path]) -> list[Served]:
    """Give every pair of term and question, the first way that fits, sorted by question and term.

    Args:
        questions: their files are read below ``root``.
        root: the checkout.
        store: holds the ontology.
        rules: files of the rules that derive facts.
    """
    made = [_rule(path) for path in rules]
    found = []
    for question in questions:
        asked = _asked(root / question.file)
        how = dict.fromkeys(sorted(asked), "asks")
        for name in _bounded(store, asked):
            how.setdefault(name, "bound")
        for name in _behind(made, asked):
            how.setdefault(name, "rule")
        if question.file.endswith(".rq"):
            content = (root / question.file).read_text(encoding="utf-8")
            for name in (*_kinds(store, _KINDS_OF.findall(content)), *_said_of(store, _SAID_OF.findall(content))):
                how.setdefault(name, "kind")
        found += [Served(name, question.id, way) for name, way in sorted(how.items())]
    return found


def shipped_serving() -> tuple[dict[str, Question], dict[str, tuple[str, ...]]]:
    """Give the questions by id and, for each term's name, the ids of the questions it serves, as they ship."""
    root = shipped.root()
    with (root / QUESTIONS).open(encoding="utf-8", newline="") as lines:
        questions = {row["id"]: Question(**row) for row in csv.DictReader(lines)}
    serves: dict[str, list[str]] = defaultdict(list)
    with (root / SERVING).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            serves[row["term"]].append(row["question"])
    return questions, {name: tuple(ids) for name, ids in serves.items()}


def unserved(modules: Iterable[Module], served: Sequence[Served]) -> list[Term]:
    """Give icsgraph's own classes and properties that serve no question, sorted by name."""
    have = {each.term for each in served}
    kinds = KINDS[: KINDS.index("annotation property") + 1]
    terms = (t for module in modules for t in module.terms if t.key and t.kind in kinds)
    return sorted((t for t in terms if t.key not in have), key=lambda t: t.name)


def _header(path: Path) -> dict[str, str]:
    found = {key: value.strip() for key, value in _HEADER.findall(path.read_text(encoding="utf-8"))}
    if not {"question", "user"} <= set(found) or found["user"] not in USERS:
        mend = f"Write both as lines that begin #+; a user is one of {', '.join(USERS)}."
        raise QueryError("E210", path.name, "the header lacks a question or a user", mend)
    return found


def _asked(path: Path) -> frozenset[str]:
    """The terms of a query, or of both files of a pair of cases."""
    pair = [path, path.parent.parent / "not-entailed" / path.name] if path.suffix == ".ttl" else [path]
    return frozenset().union(*(terms_of(each.read_text(encoding="utf-8")) for each in pair))


def _bounded(store: ox.Store, asked: frozenset[str]) -> list[str]:
    reader = Reader(store)
    found = [
        node.value.removeprefix(ICS)
        for prop in ("hasEarliestBound", "hasLatestBound")
        for name in asked
        for node in reader.subjects(ICS + prop, ICS + name)
    ]
    if {"hasEarliestBound", "hasLatestBound"} & asked:  # the query asks for every date by what the ontology says of it
        for prop in ("hasEarliestBound", "hasLatestBound"):
            pairs = store.quads_for_pattern(None, ox.NamedNode(ICS + prop), None, ox.DefaultGraph())
            both = [node for pair in pairs for node in (pair.subject, pair.object)]
            found += [node.value.removeprefix(ICS) for node in both if isinstance(node, ox.NamedNode)]
    return sorted(set(found))


def _rule(path: Path) -> tuple[frozenset[str], frozenset[str]]:
    """What a rule makes (the classes of its facts, or the properties where it names no class), and all its terms."""
    content = path.read_text(encoding="utf-8")
    head = content[content.index("CONSTRUCT") : content.index("WHERE")]
    classes = frozenset(re.findall(r"\ba ics:(\w+)", head))
    return classes or terms_of(head), terms_of(content)


def _behind(rules: Sequence[tuple[frozenset[str], frozenset[str]]], asked: frozenset[str]) -> list[str]:
    reached, before = set(asked), 0
    while len(reached) != before:
        before = len(reached)
        for made, terms in rules:
            if made & reached:
                reached |= terms
    return sorted(reached - asked)


def _kinds(store: ox.Store, names: Iterable[str]) -> list[str]:
    reader, found, waiting = Reader(store), set(), [ICS + name for name in names]
    while waiting:
        for node in reader.subjects(RDFS + "subClassOf", waiting.pop()):
            if node.value not in found:
                found.add(node.value)
                waiting.append(node.value)
    return sorted(iri.removeprefix(ICS) for iri in found)


def _said_of(store: ox.Store, names: Iterable[str]) -> list[str]:
    reader = Reader(store)
    return sorted({p.value.removeprefix(ICS) for name in names for p in reader.subjects(RDFS + "domain", ICS + name)})
