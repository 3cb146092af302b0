# SPDX-License-Identifier: Apache-2.0
"""Files to their faults of form: rows of hygiene queries, and terms that queries and pages name and nothing declares.

A hygiene query is a SELECT of ``?term`` and, mostly, ``?value`` in a file with a ``#+`` header (id, title, problem,
solution); ``profile.tsv`` beside the queries gives each its level. Which vocabularies are judged is read from the
ontology: a namespace in which it declares a term is one that it knows.
"""

from __future__ import annotations

import csv
import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

import pyoxigraph as ox
from rdflib.namespace import SH as SHACL

from icsgraph.model.namespaces import OWL, PREFIXES, RDF, RDFS, SH
from icsgraph.rules.sources import Place, Sources
from icsgraph.rules.texts import blocks, named

Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal
Level: TypeAlias = Literal["error", "warning", "info"]
LEVELS: Final[tuple[Level, ...]] = ("error", "warning", "info")
UNDECLARED: Final = "h009"
_KINDS: Final = tuple(
    ox.NamedNode(iri)
    for iri in (
        *(OWL + name for name in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "Ontology")),
        RDFS + "Datatype",
    )
)


@dataclass(frozen=True, slots=True)
class Query:
    """A hygiene query: its id and file's name, title, what is wrong, how to mend it, how grave it is, its text."""

    id: str
    name: str
    title: str
    problem: str
    solution: str
    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the query's id, title and level, the term and value concerned, where, and what would mend it."""

    level: Level
    id: str
    title: str
    term: str
    value: str
    place: Place | None
    mend: str


def read_queries(folder: Path) -> tuple[Query, ...]:
    """Read the hygiene queries of a folder, in the order of their ids, with the levels of its profile."""
    with (folder / "profile.tsv").open(encoding="utf-8", newline="") as file:
        levels = {row["query"]: row["level"] for row in csv.DictReader(file, delimiter="\t")}
    found = []
    for path in sorted(folder.glob("h*.rq")):
        text = path.read_text(encoding="utf-8")
        pairs = (line[2:].partition(":") for line in text.splitlines() if line.startswith("#+"))
        said = {key.strip(): value.strip() for key, _, value in pairs}
        level = next(each for each in LEVELS if each == levels[path.stem])
        found.append(Query(said["id"], path.stem, said["title"], said["problem"], said["solution"], level, text))
    return tuple(found)


class Hygiene:
    """Judges the files in a store against the ontology in it.

    Args:
        store: ontology and files, merged in the default graph, each file in its own graph too.
        sources: where its triples are stated.
        queries: what to ask.
    """

    def __init__(self, store: ox.Store, sources: Sources, queries: Sequence[Query]) -> None:
        self._store, self._sources, self._queries = store, sources, queries
        self._declared: dict[str, set[str]] = defaultdict(set)
        for kind in _KINDS:
            for quad in store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), kind, ox.DefaultGraph()):
                if isinstance(quad.subject, ox.NamedNode):
                    space, local = split(quad.subject.value)
                    self._declared[space].add(local)
        self._undeclared = next((query for query in queries if query.id == UNDECLARED), None)

    def faults(self) -> list[Fault]:
        """Ask every query; give the faults, the gravest first, then by place."""
        rows = [(query, *row) for query in self._queries for row in self._rows(query.text)]
        evidence = [self._evidence(query, term, value) for query, term, value in rows]
        places = self._sources.places(triple for triple in evidence if triple)
        faults = [
            self._fault(query, term, value, places.get(triple) if triple else None)
            for (query, term, value), triple in zip(rows, evidence, strict=True)
        ]
        return ordered(dict.fromkeys([*faults, *self._shacl_terms(), *self._in_shapes()]))

    def _rows(self, query: str) -> Iterator[tuple[Node, Node | None]]:
        rows = self._store.query(query)
        assert isinstance(rows, ox.QuerySolutions)
        has_value = "value" in [variable.value for variable in rows.variables]
        for row in rows:
            term, value = row["term"], row["value"] if has_value else None
            if term is not None and not isinstance(term, ox.Triple) and not isinstance(value, ox.Triple):
                yield term, value

    def in_text(self, name: str, text: str) -> list[Fault]:
        """Find terms that a query (``.rq``, ``.ru``) or code blocks of a page (``.md``) name and nothing declares."""
        parts = blocks(text) if name.endswith(".md") else [(text, 1)]
        faults = []
        for part, first in parts:
            for iri, line in named(part, PREFIXES, first):
                if self.is_unknown(iri):
                    faults.append(self._unknown(iri, Place(name, line)))
        return ordered(dict.fromkeys(faults))

    def is_unknown(self, iri: str) -> bool:
        """Say whether an IRI is in a namespace in which the ontology declares terms, and is none of them."""
        space, local = split(iri)
        if space == SH:
            return bool(local) and local not in _shacl()
        return bool(local) and space in self._declared and local not in self._declared[space]

    def near(self, iri: str) -> str:
        """Name the declared terms whose names are nearest to an IRI's."""
        space, local = split(iri)
        names = _shacl() if space == SH else self._declared.get(space, set())
        by_lower = {name.lower(): name for name in names}
        close = difflib.get_close_matches(local.lower(), by_lower, n=3, cutoff=0.6)
        prefix = next((f"{p}:" for p, s in PREFIXES.items() if s == space), space)
        return ", ".join(prefix + by_lower[name] for name in close)

    def _unknown(self, iri: str, place: Place | None) -> Fault:
        query = self._undeclared
        title = query.title if query else "Undeclared term"
        near = self.near(iri)
        mend = f"Did you mean {near}?" if near else query.solution if query else ""
        return Fault(query.level if query else "error", UNDECLARED, title, iri, "", place, mend)

    def _fault(self, query: Query, term: Node, value: Node | None, place: Place | None) -> Fault:
        name = _text(term)
        if query.id == UNDECLARED:
            if split(name)[0] in self._declared:
                return self._unknown(name, place)
            mend = "Nothing to mend if it is the vocabulary that you want; icsgraph does not know it."
            return Fault("info", query.id, "Term of another vocabulary", name, _text(value), place, mend)
        return Fault(query.level, query.id, query.title, name, _text(value), place, query.solution)

    def _evidence(self, query: Query, term: Node, value: Node | None) -> ox.Triple | None:
        """Give a triple to which a row can be traced."""
        if isinstance(term, ox.Literal):
            return None
        about = (self._first(term, None, value) if value is not None else None) or self._first(term, None, None)
        uses = (self._first(None, term, None) if isinstance(term, ox.NamedNode) else None) or self._first(
            None, None, term
        )
        return uses or about if query.id == UNDECLARED else about or uses

    def _first(self, subject: Node | None, predicate: ox.NamedNode | None, value: Node | None) -> ox.Triple | None:
        if isinstance(subject, ox.Literal):
            return None
        found = self._store.quads_for_pattern(subject, predicate, value, ox.DefaultGraph())
        return next((quad.triple for quad in found), None)

    def _shacl_terms(self) -> list[Fault]:
        """Find misspelt terms of SHACL, whose vocabulary no module declares, among predicates and classes."""
        used = f"{{ ?s ?term ?o }} UNION {{ ?s a ?term }} FILTER(STRSTARTS(STR(?term), '{SH}'))"
        faults = []
        for term, _ in self._rows(f"SELECT DISTINCT ?term WHERE {{ {used} }}"):
            if isinstance(term, ox.NamedNode) and self.is_unknown(term.value):
                triple = self._first(None, term, None) or self._first(None, None, term)
                places = self._sources.places([triple] if triple else [])
                faults.append(self._unknown(term.value, places.get(triple) if triple else None))
        return faults

    def _in_shapes(self) -> list[Fault]:
        """Find terms that queries inside shapes name and nothing declares."""
        found = [
            (quad.triple, iri)
            for name in ("select", "ask", "construct", "update")
            for quad in self._store.quads_for_pattern(None, ox.NamedNode(SH + name), None, ox.DefaultGraph())
            if isinstance(quad.object, ox.Literal)
            for iri, _ in named(quad.object.value, PREFIXES)
            if self.is_unknown(iri)
        ]
        places = self._sources.places(triple for triple, _ in found)
        return [self._unknown(iri, places.get(triple)) for triple, iri in found]


def ordered(faults: Iterable[Fault]) -> list[Fault]:
    """Sort faults: the gravest first, then by file and line, then by id and term."""

    def key(fault: Fault) -> tuple[int, str, int, str, str, str]:
        place = fault.place or Place("", None)
        return LEVELS.index(fault.level), place.file, place.line or 0, fault.id, fault.term, fault.value

    return sorted(faults, key=key)


def split(iri: str) -> tuple[str, str]:
    """Split an IRI into its namespace and its local name."""
    at = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:at], iri[at:]


def _shacl() -> set[str]:
    return {*SHACL.__annotations__, *SHACL._extras}  # the latter are keywords of Python, such as or


def _text(term: Node | None) -> str:
    return str(getattr(term, "value", term)) if term is not None else ""
