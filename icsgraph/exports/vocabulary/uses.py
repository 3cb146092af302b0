# SPDX-License-Identifier: Apache-2.0
"""What uses a term: the checks whose shape or queries name it, and the law and guidance behind it and behind them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from icsgraph.exports.vocabulary.terms import Term, key
from icsgraph.model.namespaces import ICS, SCHEME
from icsgraph.store import shipped
from icsgraph.store.select import rows, text

_TERM: Final = re.compile(r"(?<![\w:])ics:([A-Za-z]\w*)")
_IRI: Final = re.compile(rf"<({ICS}\w+|{SCHEME}[\w/-]+)>")
_COMMENT: Final = re.compile(r"^\s*#.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Provision:
    """A provision of the register: its id, name, address, and what it says in our words."""

    id: str
    label: str
    link: str
    paraphrase: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """What the guidance says at one place, in our words."""

    id: str
    edition: str
    section: str
    modality: str
    paraphrase: str
    link: str


@dataclass(frozen=True, slots=True)
class Check:
    """A constraint of the register, with the ids of the provisions and statements behind it and the terms it names."""

    id: str
    title: str
    rule: str
    provisions: tuple[str, ...]
    statements: tuple[str, ...]
    terms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Uses:
    """What uses one term. ``provisions`` are those that the term is drawn from, then those that its checks rest on."""

    checks: tuple[str, ...]
    provisions: tuple[str, ...]
    statements: tuple[str, ...]


def terms_of(content: str) -> frozenset[str]:
    """Give the keys of icsgraph's terms that a query or Turtle text names, comments left out.

    Example:
        >>> sorted(terms_of("# ics:Not\\nSELECT ?x { ?x a ics:Norm }"))
        ['Norm']
    """
    bare = _COMMENT.sub("", content)
    return frozenset(_TERM.findall(bare)) | frozenset(map(key, _IRI.findall(bare)))


class Register:
    """The checks, provisions and statements of a store, and which of them concern a term."""

    def __init__(self, store: ox.Store, shapes: Iterable[Path] | None = None) -> None:
        self.provisions = {p.id: p for p in _provisions(store)}
        self.statements = {s.id: s for s in _statements(store)}
        self._resting = _pairs(
            store, "SELECT ?a ?b { ?s ics:restsOn ?p . ?p dcterms:identifier ?a . ?s dcterms:identifier ?b }"
        )
        self.checks = {c.id: c for c in _checks(store, shapes or _shipped_shapes())}

    def uses(self, term: Term) -> Uses:
        """Give what concerns a term."""
        checks = tuple(c.id for c in self.checks.values() if term.key in c.terms)
        own = [p.id for p in self.provisions.values() if set(p.places) & set(term.sources)]
        resting = [s for name in own for s in self._resting.get(name, ())]
        behind = [self.checks[name] for name in checks]
        return Uses(
            checks,
            tuple(dict.fromkeys([*own, *(p for check in behind for p in check.provisions)])),
            tuple(sorted({*resting, *(s for check in behind for s in check.statements)})),
        )


def _shipped_shapes() -> list[Path]:
    return [*shipped.files("shapes"), *shipped.files("shapes", "*.rq")]


def _pairs(store: ox.Store, query: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows(store, query + " ORDER BY ?a ?b"):
        if text(row["b"]) not in found[text(row["a"])]:
            found[text(row["a"])].append(text(row["b"]))
    return {name: tuple(values) for name, values in found.items()}


def _provisions(store: ox.Store) -> Iterable[Provision]:
    places = _pairs(
        store,
        "SELECT ?a (STR(?place) AS ?b) { ?p a ics:Provision ; dcterms:identifier ?a ;"
        " ics:atSection|ics:atPinpoint|ics:coversPinpoint ?place }",
    )
    for row in rows(
        store,
        "SELECT ?id ?label ?section ?says { ?p a ics:Provision ; dcterms:identifier ?id ; rdfs:label ?label ;"
        " ics:atSection ?section ; ics:paraphrase ?says } ORDER BY ?id",
    ):
        name = text(row["id"])
        yield Provision(name, text(row["label"]), text(row["section"]), text(row["says"]), places.get(name, ()))


def _statements(store: ox.Store) -> Iterable[Statement]:
    for row in rows(
        store,
        "SELECT ?id ?edition ?section ?modality ?says (SAMPLE(?page) AS ?link) { ?s a ics:Statement ;"
        " dcterms:identifier ?id ; ics:inEdition/rdfs:label ?edition ; ics:inSection ?section ; ics:paraphrase ?says ;"
        " ics:hasModality/skos:prefLabel ?modality . OPTIONAL { ?s foaf:page ?page } }"
        " GROUP BY ?id ?edition ?section ?modality ?says ORDER BY ?id",
    ):
        yield Statement(*(text(row[name]) for name in ("id", "edition", "section", "modality", "says", "link")))


def _checks(store: ox.Store, shapes: Iterable[Path]) -> Iterable[Check]:
    named: dict[str, set[str]] = defaultdict(set)
    for path in shapes:
        named[path.name.split(".")[0]] |= terms_of(path.read_text(encoding="utf-8"))
    head = "?c a ics:Constraint ; dcterms:identifier ?a"
    provisions = _pairs(store, f"SELECT ?a ?b {{ {head} ; ics:basedOn|ics:mainBasis ?p . ?p dcterms:identifier ?b }}")
    statements = _pairs(
        store, f"SELECT ?a ?b {{ {head} ; ics:enforces ?n . ?n ics:isStatedBy ?s . ?s dcterms:identifier ?b }}"
    )
    for row in rows(store, f"SELECT ?a ?title ?rule {{ {head} ; dcterms:title ?title ; ics:rule ?rule }} ORDER BY ?a"):
        name = text(row["a"])
        yield Check(
            name,
            text(row["title"]),
            text(row["rule"]),
            provisions.get(name, ()),
            statements.get(name, ()),
            frozenset(named.get(name, ())),
        )
