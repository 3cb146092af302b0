# SPDX-License-Identifier: Apache-2.0
"""Cases of constraints as they stand in ``tests/cases/shapes``: a file each, or a row of ``variants.csv`` beside them.

A row says how a case differs from a file: the triples that it lacks and those that it has beside (Turtle, with the
prefixes of the file), its as-at date where that is another, what is to be found, and why.

The column ``expects`` holds ``none``, or findings separated by " ; ", each ``focus value condition severity outcome``
(``-`` where a finding has no value), in the names of the file; a case of every constraint begins each with its id.
"""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyoxigraph as ox

from icsgraph.model.namespaces import BASE
from icsgraph.opening import derive_all, open_graph
from icsgraph.store.bounds import add_bounds, close_open_ends
from icsgraph.store.context import set_context
from icsgraph.store.load import load_files
from icsgraph.store.opened import Opened, packaged_files

FOLDER = Path(__file__).resolve().parents[1] / "cases" / "shapes"
FILES = sorted(FOLDER.rglob("*.ttl"))
TABLES = sorted(FOLDER.rglob("variants.csv"))
MF = "https://w3id.org/icsgraph/test/"
DEFAULT = ox.DefaultGraph()
COLUMNS = ("name", "base", "without", "with", "as_at", "expects", "why")
NOT_ASKED = tuple(
    BASE + part
    for part in (
        "statement/", "norm/", "id/mention/", "id/change/", "id/section/", "id/case-study/", "id/passage/",
        "id/cross-reference/", "id/summary-point/", "scheme/object/", "scheme/action/",
        "scheme/guidance/", "scheme/glossary/", "scheme/whom-to-involve/",
    )
)  # fmt: skip

Finding = tuple[str, str, str, str, str, str]


@dataclass(frozen=True)
class Case:
    """Records, the day as at which they are looked at, and the findings expected, sorted.

    ``whole`` says that every constraint runs. ``records`` are quads of the default graph.
    """

    constraint: str
    folder: str
    name: str
    day: date
    whole: bool
    expected: tuple[Finding, ...]
    records: tuple[ox.Quad, ...]
    in_file: bool = False

    def __str__(self) -> str:
        return f"{self.folder}/{self.name}"

    def open(self, folder: Path) -> Opened:
        """Open the case: as a user's file, written to a folder, where it is one; a row as :func:`lean` does."""
        if not self.in_file:
            return self.open_lean()
        path = folder / f"{self.name}.nt"
        path.write_text("".join(f"{quad.triple} .\n" for quad in self.records), encoding="utf-8")
        return open_graph(path, as_at=self.day, background=False)

    def open_lean(self) -> Opened:
        """Open the case over what shapes ask for alone, without a file: quicker, and the same findings."""
        return lean(self.records, self.day)


def lean(records: Iterable[ox.Quad], day: date) -> Opened:
    """Open records over what shapes ask for in the ontology and the law."""
    store, loaded = ox.Store(), list(records)
    store.extend(_base())
    store.extend(loaded)
    close_open_ends(store, loaded)
    add_bounds(store, loaded)
    derive_all(store)
    return Opened(store, day, "", (), set_context(store, day))


@functools.cache
def _base() -> tuple[ox.Quad, ...]:
    """The ontology and the law with their dates normalised, without what the guidance says, which no shape asks."""
    store = ox.Store()
    add_bounds(store, load_files(store, packaged_files(england=False)))
    return tuple(
        q for q in store.quads_for_pattern(None, None, None, DEFAULT) if not q.subject.value.startswith(NOT_ASKED)
    )


@functools.cache
def _read(path: Path) -> tuple[ox.Quad, ...]:
    text = path.read_bytes()
    return tuple(ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri="https://example.org/case"))


def prefixes_of(path: Path) -> dict[str, str]:
    found = re.findall(r"^@prefix\s+([\w-]*):\s*<([^>]*)>", path.read_text(encoding="utf-8"), re.MULTILINE)
    usual = {"provision": BASE + "id/provision/", "guidance": BASE + "id/guidance/"}
    return usual | dict(found)


def _constraint(folder: str) -> str:
    return "-".join(folder.split("-")[:2])


def from_file(path: Path) -> Case:
    """Read a case file."""
    quads = _read(path)
    told = {q.predicate.value.removeprefix(MF): q.object.value for q in quads if q.predicate.value.startswith(MF)}
    expected = sorted(_expected(quads, q.object) for q in quads if q.predicate.value == MF + "expects")
    return Case(
        _constraint(path.parent.name), path.parent.name, path.stem, date.fromisoformat(told["asAt"]),
        "allConstraints" in told, tuple(expected), tuple(q for q in quads if not q.predicate.value.startswith(MF)),
        True,
    )  # fmt: skip


def _expected(quads: Iterable[ox.Quad], node: object) -> Finding:
    told = {q.predicate.value.removeprefix(MF): q.object.value for q in quads if q.subject == node}
    for name in ("constraint", "severity"):
        told[name] = told[name].rpartition("/")[2].rpartition("#")[2]
    return (
        told["constraint"], told["focus"], told.get("value", ""), told["condition"], told["severity"], told["outcome"],
    )  # fmt: skip


def from_table(path: Path) -> Iterator[Case]:
    """Read the rows of a table of cases.

    Raises:
        ValueError: when a row takes away a triple that its file does not have, or adds one that it has.
    """
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            yield _variant(path, row)


def _variant(path: Path, row: dict[str, str]) -> Case:
    base = path.with_name(f"{row['base']}.ttl")
    file, prefixes = from_file(base), prefixes_of(base)
    without, more = (_turtle(row[name], prefixes) for name in ("without", "with"))
    records = set(file.records)
    if not without <= records or more & records:
        wrong = sorted(str(q.triple) for q in (without - records) | (more & records))
        raise ValueError(f"{path.parent.name}, {row['name']}: not in {base.name}, or already there: {wrong}")
    day = date.fromisoformat(row["as_at"]) if row["as_at"] else file.day
    kept = (*(q for q in file.records if q not in without), *sorted(more, key=str))
    expected = sorted(_findings(row["expects"], file, prefixes))
    return Case(file.constraint, file.folder, row["name"], day, file.whole, tuple(expected), kept)


def _turtle(text: str, prefixes: dict[str, str]) -> set[ox.Quad]:
    head = "".join(f"@prefix {name}: <{space}> .\n" for name, space in prefixes.items())
    return set(ox.parse(head + text, format=ox.RdfFormat.TURTLE))


def _findings(text: str, file: Case, prefixes: dict[str, str]) -> Iterator[Finding]:
    for one in text.split(" ; ") if text != "none" else ():
        constraint, focus, value, condition, severity, outcome = (
            one.split(maxsplit=5) if file.whole else (file.constraint, *one.split(maxsplit=4))
        )
        yield constraint, _iri(focus, prefixes), _iri(value, prefixes), condition, severity, outcome


def _iri(name: str, prefixes: dict[str, str]) -> str:
    if name == "-":
        return ""
    if name.startswith("<"):
        return name[1:-1]
    prefix, _, local = name.partition(":")
    return prefixes[prefix] + local


def of_constraint(constraint: str) -> list[Case]:
    """Give the cases of a constraint: its files, then its rows."""
    files = [path for path in FILES if path.parent.name.startswith(f"{constraint}-")]
    tables = [path for path in TABLES if path.parent.name.startswith(f"{constraint}-")]
    return [*map(from_file, files), *(case for table in tables for case in from_table(table))]


@functools.cache
def every_case() -> tuple[Case, ...]:
    """Give every case: the files, then the rows of tables."""
    return (*map(from_file, FILES), *(case for table in TABLES for case in from_table(table)))
