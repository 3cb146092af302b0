# SPDX-License-Identifier: Apache-2.0
"""Shapes as values: what reading a shapes graph gives, and what the compiler turns into queries.

A constraint names the shapes that it refers to by their term; :class:`Shapes` looks them up, so that a shape that
refers to itself can be read (and then refused by name) rather than followed for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal as OneOf
from typing import TypeAlias

import pyoxigraph as ox

from icsgraph.algebra.nodes import Path
from icsgraph.model.namespaces import SH
from icsgraph.shacl.terms import Term

SPARQL_TARGET = "sh:target (SHACL Advanced Features)"

# Targets


@dataclass(frozen=True, slots=True)
class Target:
    """One way to choose focus nodes; ``kind`` is the local name of its property, ``class`` for an implicit one too."""

    kind: OneOf["targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf"]
    term: Term


# Constraints. ``name`` is the local name of the component without "ConstraintComponent".


@dataclass(frozen=True, slots=True)
class ValueTest:
    """A constraint on one value alone: sh:class, sh:datatype, sh:nodeKind, sh:in, ranges, lengths, patterns, languages.

    ``terms`` holds the parameter: one term, or the members of the list of sh:in and sh:languageIn.
    """

    name: str
    terms: tuple[Term, ...]
    flags: str | None = None


@dataclass(frozen=True, slots=True)
class HasValue:
    """sh:hasValue"""

    value: Term
    name: str = "HasValue"


@dataclass(frozen=True, slots=True)
class Count:
    """sh:minCount and sh:maxCount"""

    name: OneOf["MinCount", "MaxCount"]
    number: int


@dataclass(frozen=True, slots=True)
class UniqueLang:
    """sh:uniqueLang true"""

    name: str = "UniqueLang"


@dataclass(frozen=True, slots=True)
class Pair:
    """A constraint between the values of the path and those of another property."""

    name: OneOf["Equals", "Disjoint", "LessThan", "LessThanOrEquals"]
    property: str


@dataclass(frozen=True, slots=True)
class Logic:
    """sh:node, sh:not, sh:and, sh:or and sh:xone: how many of the shapes a value must conform to."""

    name: OneOf["Node", "Not", "And", "Or", "Xone"]
    shapes: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class PropertyRef:
    """sh:property"""

    shape: Term
    name: str = "Property"


@dataclass(frozen=True, slots=True)
class Qualified:
    """sh:qualifiedValueShape with its bounds; ``siblings`` is empty unless the shapes are to be disjoint."""

    shape: Term
    least: int | None
    most: int | None
    siblings: tuple[Term, ...] = ()
    name: str = "Qualified"


@dataclass(frozen=True, slots=True)
class Closed:
    """sh:closed true, with every property that is allowed."""

    allowed: tuple[str, ...]
    name: str = "Closed"


@dataclass(frozen=True, slots=True)
class UserQuery:
    """A query written by the author of the shapes, with the node that holds it."""

    node: Term
    form: OneOf["select", "ask"]
    text: str
    prefixes: Mapping[str, str] = field(hash=False)
    messages: tuple[ox.Literal, ...] = ()


@dataclass(frozen=True, slots=True)
class SparqlConstraint:
    """sh:sparql"""

    query: UserQuery
    name: str = "SPARQL"


@dataclass(frozen=True, slots=True)
class CustomConstraint:
    """A constraint of a component that the shapes graph declares: the validator that fits, and its parameters."""

    component: str
    query: UserQuery
    parameters: tuple[tuple[str, Term | None], ...]
    name: str = ""


Constraint: TypeAlias = (
    ValueTest
    | HasValue
    | Count
    | UniqueLang
    | Pair
    | Logic
    | PropertyRef
    | Qualified
    | Closed
    | SparqlConstraint
    | CustomConstraint
)


def component_iri(constraint: Constraint) -> str:
    """The IRI that a result names as sh:sourceConstraintComponent."""
    if isinstance(constraint, CustomConstraint):
        return constraint.component
    return f"{SH}{constraint.name}ConstraintComponent"


@dataclass(frozen=True, slots=True)
class Shape:
    """A node shape (no path) or a property shape."""

    node: Term
    path: Path | None
    targets: tuple[Target, ...]
    constraints: tuple[Constraint, ...]
    severity: str
    messages: tuple[ox.Literal, ...] = ()
    deactivated: bool = False
    unsupported: tuple[str, ...] = ()
    """What the shape asks for that is outside SHACL Core and SHACL-SPARQL, by name."""


@dataclass(frozen=True)
class Shapes:
    """Every shape of a shapes graph.

    ``graph`` is the named graph under which the data's store holds the shapes too, if it does: only then can a query
    that uses ``$shapesGraph`` be answered.
    """

    by_node: Mapping[Term, Shape]
    quads: tuple[ox.Quad, ...] = field(repr=False, default=())
    graph: str | None = None

    @property
    def with_targets(self) -> tuple[Shape, ...]:
        """The shapes that start validation: those with a target, of whatever kind, that are not deactivated."""
        has_target = (each for each in self.by_node.values() if each.targets or SPARQL_TARGET in each.unsupported)
        return tuple(shape for shape in has_target if not shape.deactivated)

    def __getitem__(self, node: Term) -> Shape:
        return self.by_node[node]

    def references(self, shape: Shape) -> tuple[Term, ...]:
        """The shapes that a shape's constraints refer to, in order."""
        found: list[Term] = []
        for constraint in shape.constraints:
            match constraint:
                case PropertyRef(shape=node):
                    found.append(node)
                case Logic(shapes=nodes):
                    found += nodes
                case Qualified(shape=node, siblings=siblings):
                    found += (node, *siblings)
                case _:
                    pass
        return tuple(found)

    def cycle(self, start: Shape) -> tuple[Term, ...] | None:
        """A way from the shape, over its references, back to one already passed; None if there is none."""
        return self._cycle(start.node, (), set())

    def _cycle(self, node: Term, passed: tuple[Term, ...], safe: set[Term]) -> tuple[Term, ...] | None:
        if node in passed:
            return (*passed[passed.index(node) :], node)
        if node in safe or self.by_node[node].deactivated:
            return None
        for other in self.references(self.by_node[node]):
            if found := self._cycle(other, (*passed, node), safe):
                return found
        safe.add(node)
        return None
