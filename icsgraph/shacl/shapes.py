# SPDX-License-Identifier: Apache-2.0
"""Turns a shapes graph into :class:`~icsgraph.shacl.model.Shapes`, and says by name which syntax rule one breaks.

Source: https://www.w3.org/TR/shacl/#syntax-rules
"""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from icsgraph.model.namespaces import RDFS, SH
from icsgraph.shacl import declared
from icsgraph.shacl.graph import ShapesGraph, malformed, whole_number
from icsgraph.shacl.model import (
    SPARQL_TARGET,
    Closed,
    Constraint,
    Count,
    HasValue,
    Logic,
    Pair,
    PropertyRef,
    Qualified,
    Shape,
    Shapes,
    SparqlConstraint,
    Target,
    UniqueLang,
    ValueTest,
)
from icsgraph.shacl.terms import RDF_TYPE, Term, sh

TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
IRI_TESTS = ("datatype", "nodeKind")
LITERAL_TESTS = ("minExclusive", "minInclusive", "maxExclusive", "maxInclusive")
NUMBER_TESTS = ("minLength", "maxLength")
PAIRS = ("equals", "disjoint", "lessThan", "lessThanOrEquals")
SHAPE_LISTS = ("and", "or", "xone")
ONLY_ON_PROPERTIES = ("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals", "qualifiedValueShape")
ONCE = (*IRI_TESTS, *LITERAL_TESTS, *NUMBER_TESTS, "minCount", "maxCount", "in", "languageIn", "uniqueLang", "closed")
NODE_KINDS = ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
OUTSIDE = {
    "target": SPARQL_TARGET,
    "expression": "sh:expression (SHACL Advanced Features)",
    "js": "sh:js (SHACL JavaScript)",
}
PARAMETERS = (
    "class", *IRI_TESTS, *LITERAL_TESTS, *NUMBER_TESTS, *PAIRS, *SHAPE_LISTS, "in", "languageIn", "pattern", "hasValue",
    "minCount", "maxCount", "uniqueLang", "node", "not", "property", "qualifiedValueShape", "closed", "sparql",
    *OUTSIDE,
)  # fmt: skip


def read_shapes(source: ox.Store | Iterable[ox.Quad], *, graph: ox.NamedNode | None = None) -> Shapes:
    """Read every shape of a shapes graph.

    Args:
        source: the shapes graph: a store (its default graph, or the named graph ``graph``) or quads.
        graph: the name under which the store that will be validated holds the shapes graph too, if it does;
            needed only by queries that use ``$shapesGraph``.

    Raises:
        ShapesError: E301, a syntax rule of SHACL is broken; names the shape and the rule.
    """
    if isinstance(source, ox.Store):
        quads = list(source.quads_for_pattern(None, None, None, graph or ox.DefaultGraph()))
    else:
        quads = [quad for quad in source if graph is None or quad.graph_name in (graph, ox.DefaultGraph())]
    index = ShapesGraph(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    components = declared.read_components(index)
    nodes = _shape_nodes(index, {name for component in components for name in component.parameters})
    reader = _Reader(index, components)
    by_node = {node: reader.shape(node) for node in nodes}
    return Shapes(by_node, index.quads, graph.value if graph else None)


def _shape_nodes(index: ShapesGraph, custom: set[str]) -> list[Term]:
    """Every node that is a shape: by type, by target, by parameter, or because a shape refers to it."""
    found: set[Term] = {*index.instances(sh("NodeShape")), *index.instances(sh("PropertyShape"))}
    for predicate in (*map(sh, (*TARGETS, *PARAMETERS)), *map(ox.NamedNode, custom)):
        found.update(index.predicates.get(predicate, ()))
    found -= set(index.instances(sh("Parameter")))
    found -= {
        value for node in index.predicates.get(sh("parameter"), ()) for value in index.objects(node, sh("parameter"))
    }
    for local in ("node", "not", "property", "qualifiedValueShape"):
        for node in index.predicates.get(sh(local), ()):
            found.update(index.objects(node, sh(local)))
    for local in SHAPE_LISTS:
        for node in index.predicates.get(sh(local), ()):
            for head in index.objects(node, sh(local)):
                found.update(index.members(node, head))
    return sorted(found, key=str)


class _Reader:
    def __init__(self, index: ShapesGraph, components: list[declared.Component]) -> None:
        self.index, self.components = index, components
        self.classes = index.subclasses(ox.NamedNode(RDFS + "Class"))

    def shape(self, node: Term) -> Shape:
        index = self.index
        if isinstance(node, ox.Literal):
            raise malformed(node, "a shape is an IRI or a blank node, not a literal")
        paths = index.objects(node, sh("path"))
        if len(paths) > 1:
            raise malformed(node, f"sh:path has {len(paths)} values; a property shape has one")
        if not paths and sh("PropertyShape") in index.objects(node, RDF_TYPE):
            raise malformed(node, "a property shape has no sh:path")
        if paths and sh("NodeShape") in index.objects(node, RDF_TYPE):
            raise malformed(node, "a node shape has sh:path, which makes it a property shape")
        severity = index.one(node, sh("severity"))
        if severity is not None and not isinstance(severity, ox.NamedNode):
            raise malformed(node, f"sh:severity is {severity}, not an IRI")
        deactivated = index.flag(node, "deactivated")
        return Shape(
            node,
            index.path(node, paths[0]) if paths else None,
            self._targets(node),
            () if deactivated else self._constraints(node, bool(paths)),
            severity.value if severity is not None else SH + "Violation",
            index.texts(node, "message"),
            deactivated,
            tuple(name for local, name in OUTSIDE.items() if index.objects(node, sh(local))),
        )

    def _targets(self, node: Term) -> tuple[Target, ...]:
        found = [Target(kind, term) for kind in TARGETS for term in self.index.objects(node, sh(kind))]  # type: ignore[arg-type]
        for target in found:
            if target.kind != "targetNode" and not isinstance(target.term, ox.NamedNode):
                raise malformed(node, f"sh:{target.kind} is {target.term}, not an IRI")
            if target.kind == "targetNode" and isinstance(target.term, ox.BlankNode):
                raise malformed(node, "sh:targetNode is a blank node; it must be an IRI or a literal")
        types = set(self.index.objects(node, RDF_TYPE))
        is_shape = {sh("NodeShape"), sh("PropertyShape")} & types
        if is_shape and isinstance(node, ox.NamedNode) and types & self.classes:
            found.append(Target("targetClass", node))
        return tuple(dict.fromkeys(found))

    def _constraints(self, node: Term, has_path: bool) -> tuple[Constraint, ...]:
        for local in ONCE:
            self.index.one(node, sh(local))
        for local in ONLY_ON_PROPERTIES:
            if not has_path and self.index.objects(node, sh(local)):
                raise malformed(node, f"sh:{local} stands on a node shape; only a property shape may have it")
        return (
            *self._value_tests(node),
            *self._counts(node),
            *self._logic(node),
            *self._pairs(node),
            *self._closed(node),
            *(SparqlConstraint(query) for query in declared.sparql_queries(self.index, node)),
            *(found for component in self.components for found in component.constraints(self.index, node, has_path)),
        )

    def _value_tests(self, node: Term) -> list[Constraint]:
        found: list[Constraint] = [
            ValueTest("Class", (self._iri(node, "class", v),)) for v in self._values(node, "class")
        ]
        for local in IRI_TESTS:
            found += [ValueTest(_component(local), (self._iri(node, local, v),)) for v in self._values(node, local)]
        for kind in self._values(node, "nodeKind"):
            if kind not in tuple(map(sh, NODE_KINDS)):
                raise malformed(node, f"sh:nodeKind is {kind}, which is not one of {', '.join(NODE_KINDS)}")
        for local in LITERAL_TESTS:
            for value in self._values(node, local):
                if not isinstance(value, ox.Literal):
                    raise malformed(node, f"sh:{local} is {value}, not a literal")
                found.append(ValueTest(_component(local), (value,)))
        for local in NUMBER_TESTS:
            for value in self._values(node, local):
                whole_number(node, local, value)
                found.append(ValueTest(_component(local), (value,)))
        flags = self.index.texts(node, "flags")
        for pattern in self.index.texts(node, "pattern"):
            found.append(ValueTest("Pattern", (pattern,), flags[0].value if flags else None))
        for local in ("languageIn", "in"):
            for head in self._values(node, local):
                found.append(ValueTest(_component(local), self.index.members(node, head)))
        return found

    def _counts(self, node: Term) -> list[Constraint]:
        found: list[Constraint] = [HasValue(value) for value in self._values(node, "hasValue")]
        if (least := self.index.number(node, "minCount")) is not None:
            found.append(Count("MinCount", least))
        if (most := self.index.number(node, "maxCount")) is not None:
            found.append(Count("MaxCount", most))
        if self._values(node, "uniqueLang") and self.index.flag(node, "uniqueLang"):
            found.append(UniqueLang())
        least, most = self.index.number(node, "qualifiedMinCount"), self.index.number(node, "qualifiedMaxCount")
        for shape in self._values(node, "qualifiedValueShape"):
            if least is not None or most is not None:
                found.append(Qualified(shape, least, most, self._siblings(node)))
        return found

    def _siblings(self, node: Term) -> tuple[Term, ...]:
        """The qualified value shapes beside this one's, where they are declared disjoint."""
        if not self.index.flag(node, "qualifiedValueShapesDisjoint"):
            return ()
        own = set(self._values(node, "qualifiedValueShape"))
        beside = {
            shape
            for parent in self.index.subjects(sh("property"), node)
            for other in self._values(parent, "property")
            for shape in self._values(other, "qualifiedValueShape")
        }
        return tuple(sorted(beside - own, key=str))

    def _logic(self, node: Term) -> list[Constraint]:
        found: list[Constraint] = [Logic("Node", (shape,)) for shape in self._values(node, "node")]
        found += [Logic("Not", (shape,)) for shape in self._values(node, "not")]
        for local in SHAPE_LISTS:
            for head in self._values(node, local):
                found.append(Logic(_component(local), self.index.members(node, head)))  # type: ignore[arg-type]
        found += [PropertyRef(shape) for shape in self._values(node, "property")]
        for shape in self._values(node, "property"):
            if not self.index.objects(shape, sh("path")):
                raise malformed(node, f"sh:property leads to {shape}, which has no sh:path")
        return found

    def _pairs(self, node: Term) -> list[Constraint]:
        return [
            Pair(_component(local), self._iri(node, local, value).value)  # type: ignore[arg-type]
            for local in PAIRS
            for value in self._values(node, local)
        ]

    def _closed(self, node: Term) -> list[Constraint]:
        if not self.index.flag(node, "closed"):
            return []
        ignored = self.index.one(node, sh("ignoredProperties"))
        allowed = list(self.index.members(node, ignored)) if ignored is not None else []
        for shape in self._values(node, "property"):
            allowed += self.index.objects(shape, sh("path"))
        return [Closed(tuple(dict.fromkeys(term.value for term in allowed if isinstance(term, ox.NamedNode))))]

    def _values(self, node: Term, local: str) -> list[Term]:
        return self.index.objects(node, sh(local))

    def _iri(self, node: Term, local: str, value: Term) -> ox.NamedNode:
        if not isinstance(value, ox.NamedNode):
            raise malformed(node, f"sh:{local} is {value}, not an IRI")
        return value


def _component(local: str) -> str:
    return local[0].upper() + local[1:]
