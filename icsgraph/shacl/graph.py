# SPDX-License-Identifier: Apache-2.0
"""A shapes graph as an index in memory, with what reading shapes asks of it; every answer in a stable order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from icsgraph.algebra.nodes import IRI, AlternativePath, InversePath, Path, RepeatedPath, SequencePath
from icsgraph.model.errors import ShapesError
from icsgraph.model.namespaces import RDFS, XSD
from icsgraph.shacl.paths import REPEATED
from icsgraph.shacl.terms import RDF_FIRST, RDF_NIL, RDF_REST, RDF_TYPE, Term, sh

SUBCLASS = ox.NamedNode(RDFS + "subClassOf")
TEXT = (XSD + "string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString")


def malformed(node: Term, what: str, mend: str = "Correct the shape; nothing was validated.") -> ShapesError:
    """The error for a shapes graph that breaks a syntax rule of SHACL."""
    return ShapesError("E301", str(node), what, mend)


class ShapesGraph:
    """Triples by subject and property."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self.quads = tuple(sorted(quads, key=str))
        self._objects: dict[Term, dict[ox.NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
        self._subjects: dict[tuple[ox.NamedNode, Term], list[Term]] = defaultdict(list)
        self.predicates: dict[ox.NamedNode, list[Term]] = defaultdict(list)
        for quad in self.quads:
            if isinstance(quad.subject, ox.Triple) or isinstance(quad.object, ox.Triple):
                continue
            self._objects[quad.subject][quad.predicate].append(quad.object)
            self._subjects[quad.predicate, quad.object].append(quad.subject)
            self.predicates[quad.predicate].append(quad.subject)

    def objects(self, node: Term, predicate: ox.NamedNode) -> list[Term]:
        return list(dict.fromkeys(self._objects[node][predicate])) if node in self._objects else []

    def subjects(self, predicate: ox.NamedNode, value: Term) -> list[Term]:
        return list(dict.fromkeys(self._subjects.get((predicate, value), ())))

    def properties(self, node: Term) -> set[ox.NamedNode]:
        return set(self._objects[node]) if node in self._objects else set()

    def one(self, node: Term, predicate: ox.NamedNode) -> Term | None:
        """The value of a property that has one value at most."""
        values = self.objects(node, predicate)
        if len(values) > 1:
            raise malformed(node, f"{predicate} has {len(values)} values, and may have one")
        return values[0] if values else None

    def flag(self, node: Term, local: str) -> bool:
        """Whether a boolean property is ``true``; only that form counts, as the W3C suite has it, and not ``1``."""
        value = self.one(node, sh(local))
        if value is None:
            return False
        if not isinstance(value, ox.Literal) or value.datatype.value != XSD + "boolean":
            raise malformed(node, f"sh:{local} is {value}, not a boolean")
        return value.value == "true"

    def number(self, node: Term, local: str) -> int | None:
        """A whole-number property; None when absent."""
        value = self.one(node, sh(local))
        return None if value is None else whole_number(node, local, value)

    def texts(self, node: Term, local: str) -> tuple[ox.Literal, ...]:
        """The values of a property whose values are text."""
        found = self.objects(node, sh(local))
        for value in found:
            if not isinstance(value, ox.Literal) or value.datatype.value not in TEXT:
                raise malformed(node, f"sh:{local} is {value}, not text")
        return tuple(value for value in found if isinstance(value, ox.Literal))

    def members(self, node: Term, head: Term) -> tuple[Term, ...]:
        """The members of a list that ``node`` names."""
        found: list[Term] = []
        passed = set()
        while head != RDF_NIL:
            first, rest = self.objects(head, RDF_FIRST), self.objects(head, RDF_REST)
            if len(first) != 1 or len(rest) != 1 or head in passed:
                raise malformed(node, f"{head} is not a well-formed list")
            passed.add(head)
            found.append(first[0])
            head = rest[0]
        return tuple(found)

    def subclasses(self, cls: ox.NamedNode) -> set[Term]:
        """The class and everything below it, as this graph says."""
        found: set[Term] = set()
        todo: list[Term] = [cls]
        while todo:
            if (node := todo.pop()) not in found:
                found.add(node)
                todo += self.subjects(SUBCLASS, node)
        return found

    def instances(self, cls: ox.NamedNode) -> Iterator[Term]:
        """The SHACL instances of a class."""
        for each in sorted(self.subclasses(cls), key=str):
            yield from self.subjects(RDF_TYPE, each)

    def path(self, shape: Term, node: Term, inside: frozenset[Term] = frozenset()) -> Path:
        """The property path that a node stands for."""
        if isinstance(node, ox.NamedNode) and node != RDF_NIL:
            return IRI(node.value)
        if not isinstance(node, ox.BlankNode) or node in inside:
            raise malformed(shape, f"sh:path leads to {node}, which is no property path")
        inside |= {node}
        if self.objects(node, RDF_FIRST):
            return SequencePath(self._parts(shape, node, inside))
        if (head := self.one(node, sh("alternativePath"))) is not None:
            return AlternativePath(self._parts(shape, head, inside))
        if (inner := self.one(node, sh("inversePath"))) is not None:
            return InversePath(self.path(shape, inner, inside))
        for keyword, modifier in REPEATED.items():
            if (inner := self.one(node, sh(keyword))) is not None:
                return RepeatedPath(self.path(shape, inner, inside), modifier)
        raise malformed(shape, "sh:path leads to a blank node that describes no property path")

    def _parts(self, shape: Term, head: Term, inside: frozenset[Term]) -> tuple[Path, ...]:
        members = self.members(shape, head)
        if len(members) < 2:
            raise malformed(shape, f"a path list has {len(members)} members, and needs two or more")
        return tuple(self.path(shape, member, inside) for member in members)


def whole_number(node: Term, local: str, value: Term) -> int:
    """The value of a property that takes an xsd:integer of zero or more."""
    text = value.value if isinstance(value, ox.Literal) and value.datatype.value == XSD + "integer" else ""
    if not text.lstrip("+").isascii() or not text.lstrip("+").isdigit():
        raise malformed(node, f"sh:{local} is {value}, not a whole number")
    return int(text)
