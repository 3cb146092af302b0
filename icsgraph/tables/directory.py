# SPDX-License-Identifier: Apache-2.0
"""The names of a graph as people type them: codes, names and aliases of bodies, areas, documents and concepts."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import pyoxigraph as ox

from icsgraph.model.dates import OPEN_END, OPEN_START
from icsgraph.model.namespaces import DCTERMS, ICS, ORG, OWL, RDF, RDFS, SCHEME, SKOS
from icsgraph.store.select import rows

_TYPE: Final = ox.NamedNode(RDF + "type")
_LABEL: Final = ox.NamedNode(RDFS + "label")
_CODES: Final = tuple(ox.NamedNode(ICS + name) for name in ("odsCode", "onsCode"))
_AREA: Final = ox.NamedNode(ICS + "hasArea")
_IDENTIFIER: Final = ox.NamedNode(DCTERMS + "identifier")
_ALIASES: Final = tuple(ox.NamedNode(SKOS + name) for name in ("prefLabel", "altLabel", "hiddenLabel"))
_FIRST: Final = ox.NamedNode(ICS + "latestFirstDay")
_LAST: Final = ox.NamedNode(ICS + "earliestLastDay")
_ROOTS: Final[Mapping[str, tuple[str, ...]]] = {
    "body": (ICS + "Body",),
    "area": (ICS + "Area",),
    "graph": (ICS + "Document", ICS + "Version"),
    "provision": (ICS + "Provision", ICS + "Passage"),
    "setting": (ICS + "Parameter",),
    "term": (OWL + "Class",),
}
KINDS: Final = tuple(_ROOTS)
_IDENTIFIED: Final = ("provision", "setting")  # documents have identifiers too, but of other kinds
_NEAR_LOOKUPS: Final = 300


def key_of(typed: str) -> str:
    """Give a name as names are compared: case, runs of blanks and typographic quotes do not matter."""
    return " ".join(typed.replace("\u2019", "'").casefold().split())


@dataclass(slots=True)
class Known:
    """A thing that the graph knows: its label, a code that means it alone, and the days of its being."""

    label: str
    code: str = ""
    first: str = OPEN_START.isoformat()
    last: str = OPEN_END.isoformat()


@dataclass
class Names:
    """Names of one kind of thing, those that go before others first: codes, labels, aliases."""

    ranks: tuple[dict[str, set[ox.NamedNode]], ...] = field(default_factory=lambda: ({}, {}, {}))
    known: dict[ox.NamedNode, Known] = field(default_factory=dict)

    def add(self, rank: int, name: str, node: ox.NamedNode) -> None:
        """Let a name mean a thing."""
        self.ranks[rank].setdefault(key_of(name), set()).add(node)

    def find(self, typed: str) -> set[ox.NamedNode]:
        """Give everything that a name means in the first rank in which it means anything."""
        key = key_of(typed)
        return next((rank[key] for rank in self.ranks if key in rank), set())


class Directory:
    """Names in one opened graph; each kind is gathered when it is first asked for."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._kinds: dict[str, Names] = {}
        self._concepts: dict[str, dict[str, set[ox.NamedNode]]] = {}
        self._lookups = 0

    def names(self, kind: str) -> Names:
        """Give the names of one of :data:`KINDS`: bodies, areas, documents of the graph (``graph``), law, terms."""
        if kind not in self._kinds:
            self._kinds[kind] = self._gather(kind)
        return self._kinds[kind]

    def _gather(self, kind: str) -> Names:
        found = Names()
        for root in _ROOTS[kind]:
            for group in self._below(root):
                for quad in self._store.quads_for_pattern(None, _TYPE, group, ox.DefaultGraph()):
                    if isinstance(quad.subject, ox.NamedNode) and quad.subject not in found.known:
                        self._describe(found, quad.subject, kind)
        return found

    def _describe(self, found: Names, node: ox.NamedNode, kind: str) -> None:
        known = found.known[node] = Known(node.value.rpartition("/")[2])
        for quad in self._store.quads_for_pattern(node, None, None, ox.DefaultGraph()):
            prop, value = quad.predicate, quad.object
            if prop == _LABEL and isinstance(value, ox.Literal):
                known.label = value.value
                found.add(1, value.value, node)
            elif prop in _CODES and isinstance(value, ox.Literal):
                known.code = known.code or value.value
                found.add(0, value.value, node)
            elif prop in _ALIASES and isinstance(value, ox.Literal):
                found.add(2, value.value, node)
            elif prop == _IDENTIFIER and kind in _IDENTIFIED:
                known.code = value.value  # type: ignore[union-attr]
                found.add(0, known.code, node)
            elif prop == _AREA:
                found.add(0, value.value.rpartition("/")[2], node)  # type: ignore[union-attr]
            elif prop == _FIRST:
                known.first = value.value  # type: ignore[union-attr]
            elif prop == _LAST:
                known.last = value.value  # type: ignore[union-attr]

    @cache  # noqa: B019  a directory lives as long as a run
    def _below(self, root: str) -> tuple[ox.NamedNode, ...]:
        found = rows(self._store, f"SELECT DISTINCT ?c WHERE {{ ?c rdfs:subClassOf* <{root}> }}")
        return tuple(row["c"] for row in found if isinstance(row["c"], ox.NamedNode))

    def concepts(self, scheme: str) -> dict[str, set[ox.NamedNode]]:
        """Give the concepts of a scheme by label, alias and the last part of their IRI."""
        if scheme not in self._concepts:
            found: dict[str, set[ox.NamedNode]] = {}
            inside = ox.NamedNode(SKOS + "inScheme")
            for quad in self._store.quads_for_pattern(None, inside, ox.NamedNode(SCHEME + scheme), ox.DefaultGraph()):
                node = quad.subject
                if not isinstance(node, ox.NamedNode):
                    continue
                found.setdefault(key_of(node.value.rpartition("/")[2]), set()).add(node)
                for name in self._texts(node):
                    found.setdefault(key_of(name), set()).add(node)
            self._concepts[scheme] = found
        return self._concepts[scheme]

    def _texts(self, node: ox.NamedNode) -> Iterable[str]:
        for prop in (*_ALIASES, _LABEL):
            for quad in self._store.quads_for_pattern(node, prop, None, ox.DefaultGraph()):
                if isinstance(quad.object, ox.Literal):
                    yield quad.object.value

    def label(self, node: ox.NamedNode) -> str:
        """Give the preferred label of a concept or class, or its label; the last part of its IRI where it has none."""
        for prop in (_ALIASES[0], _LABEL):
            for quad in self._store.quads_for_pattern(node, prop, None, ox.DefaultGraph()):
                return str(quad.object.value)  # type: ignore[union-attr]
        return node.value.rpartition("/")[2]

    def definition(self, iri: str) -> str:
        """Give the definition of a term of the ontology; empty where it has none."""
        prop = ox.NamedNode(SKOS + "definition")
        for quad in self._store.quads_for_pattern(ox.NamedNode(iri), prop, None, ox.DefaultGraph()):
            return str(quad.object.value)  # type: ignore[union-attr]
        return ""

    @cache  # noqa: B019
    def classes(self) -> dict[str, set[ox.NamedNode]]:
        """Give the classes of bodies by label and by name."""
        found: dict[str, set[ox.NamedNode]] = {}
        for node in self._below(ICS + "Body"):
            for name in (self.label(node), node.value.rpartition("/")[2]):
                found.setdefault(key_of(name), set()).add(node)
        return found

    def partnership(self, board: ox.NamedNode) -> ox.NamedNode | None:
        """Give the partnership of a board; None where the graph has none, or several."""
        of = ox.NamedNode(ICS + "isPartnershipOf")
        found = [q.subject for q in self._store.quads_for_pattern(None, of, board, ox.DefaultGraph())]
        return found[0] if len(found) == 1 and isinstance(found[0], ox.NamedNode) else None

    def successors(self, node: ox.NamedNode) -> list[str]:
        """Give name and code of what came in place of a body."""
        events = (ORG + "originalOrganization", ORG + "resultingOrganization")
        query = f"SELECT DISTINCT ?x WHERE {{ ?e <{events[0]}> <{node.value}> ; <{events[1]}> ?x }}"
        known = self.names("body").known
        found = [row["x"] for row in rows(self._store, query)]
        named = [known[x] for x in found if isinstance(x, ox.NamedNode) and x != node and x in known]
        return sorted(f"{k.label} ({k.code})" if k.code else k.label for k in named)

    def near(self, typed: str, names: Iterable[str]) -> list[str]:
        """Give up to three names like one that was typed; none once very many were asked for, for it takes time."""
        self._lookups += 1
        if self._lookups > _NEAR_LOOKUPS:
            return []
        wanted, every = key_of(typed), list(names)
        found = difflib.get_close_matches(wanted, every, n=3, cutoff=0.6)
        return found + [n for n in every if wanted in n and n not in found][: 3 - len(found)]
