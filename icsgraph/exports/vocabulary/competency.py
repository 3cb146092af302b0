# SPDX-License-Identifier: Apache-2.0
"""``python -m icsgraph.exports.vocabulary.competency``: in a checkout, renews which term serves which question.

Made are ``queries/competency/questions.csv`` and ``serving.csv``, which ship and which the documentation pages read,
and ``docs/reference/competency.md``. With ``--check`` nothing is written, and where one is out of date the status is 1.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from icsgraph.exports.vocabulary.serving import (
    QUESTIONS,
    SERVING,
    USERS,
    Question,
    Served,
    read_questions,
    serving,
    unserved,
)
from icsgraph.exports.vocabulary.terms import Module, Reader, Term, read_modules
from icsgraph.model.namespaces import ICS
from icsgraph.store import shipped
from icsgraph.store.load import find_files, load_files

PAGE: Final = "docs/reference/competency.md"
CASES: Final = "tests/cases/ontology/entailed"


def made(root: Path) -> dict[str, str]:
    """Give the text of each generated file by its path below a checkout."""
    store = ox.Store()
    load_files(store, find_files([p for p in shipped.files("ontology") if "alignments" not in p.parts]))
    questions = read_questions((root / "queries" / "competency").glob("*.rq"), (root / CASES).glob("*.ttl"), root)
    served = serving(questions, root, store, shipped.files("ontology/rules", "*.rq"))
    modules = read_modules(store)
    own = {t.key for m in modules for t in m.terms if t.key}
    served = [each for each in served if each.term in own]
    return {
        QUESTIONS: _table([f.name for f in fields(Question)], map(astuple, questions)),
        SERVING: _table([f.name for f in fields(Served)], map(astuple, served)),
        PAGE: _page(questions, served, modules, Reader(store)),
    }


def _table(columns: Sequence[str], rows: Iterable[tuple[str, ...]]) -> str:
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows([columns, *rows])
    return lines.getvalue()


def _page(questions: Sequence[Question], served: Sequence[Served], modules: Sequence[Module], reader: Reader) -> str:
    serves: dict[str, list[Served]] = defaultdict(list)
    for each in served:
        serves[each.term].append(each)
    left = unserved(modules, served)
    lines = [
        "# Competency questions, and the terms that serve them",
        "",
        "Made by `python -m icsgraph.exports.vocabulary.competency`; a test fails when it is out of date.",
        "",
        f"{len(questions)} questions say what the ontology is for. A number `cq…` is a stored query, with data and",
        "expected rows in `tests/cases/queries/`; `en…` is a pair of files in `tests/cases/ontology/`: from one the",
        "answer follows, from the other, little different, it does not.",
    ]
    for user, heading in USERS.items():
        asked = [q for q in questions if q.user == user]
        lines += ["", f"## Asked by {heading} ({len(asked)})", "", "| id | question | terms |", "| --- | --- | --- |"]
        lines += [
            f"| [{q.id}](../../{q.file}) | {q.question} | {sum(each.question == q.id for each in served)} |"
            for q in asked
        ]
    lines += ["", "## Terms and the questions they serve", "", *_HOW, ""]
    for module in modules:
        terms = [t for t in module.terms if t.key in serves]
        if terms:
            lines += [f"### {module.name}", "", "| term | questions |", "| --- | --- |"]
            lines += [f"| `{_shown(t)}` | {_said(serves[t.key])} |" for t in terms] + [""]
    lines += [
        f"## Terms that serve no question, and why they exist ({len(left)})",
        "",
        "| term | why |",
        "| --- | --- |",
    ]
    lines += [f"| `ics:{t.name}` | {_why(t, reader)} |" for t in left]
    return "\n".join(lines) + "\n"


_HOW: Final = (
    "A term serves a question that names it. With a mark it is reached from what the question names: *b* a date whose",
    "bound the question reads; *r* a term from which a rule derives what the question reads; *k* one of the kinds,",
    "or of the properties, of a class, where the question asks for all of them.",
)


def _shown(term: Term) -> str:
    return f"ics:{term.name}" if term.iri == ICS + term.name else term.key


def _said(each: Iterable[Served]) -> str:
    marks = {"asks": "", "bound": " *b*", "rule": " *r*", "kind": " *k*"}
    return ", ".join(one.question + marks[one.how] for one in each)


def _why(term: Term, reader: Reader) -> str:
    reasons = reader.texts(ox.NamedNode(term.iri), ICS + "neededFor")
    if reasons:
        return " ".join(reasons)
    return f"asked for by {', '.join(term.checks)}" if term.checks else ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files, or compare them; give the exit status."""
    parser = argparse.ArgumentParser(prog="python -m icsgraph.exports.vocabulary.competency")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is out of date")
    check, root = parser.parse_args(arguments).check, shipped.root()
    if not (root / CASES).is_dir():
        print(f"{root}: there is no {CASES} here\n  Run this in a checkout.", file=sys.stderr)
        return 2
    stale = {name: text for name, text in made(root).items() if _read(root / name) != text}
    for name, text in stale.items():
        if not check:
            (root / name).write_text(text, encoding="utf-8")
        print(f"{name}: {'out of date' if check else 'written'}")
    return 1 if stale and check else 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


if __name__ == "__main__":
    sys.exit(main())
