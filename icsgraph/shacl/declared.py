# SPDX-License-Identifier: Apache-2.0
"""SHACL-SPARQL in a shapes graph: sh:sparql constraints, the prefixes they declare, and constraint components.

Source: https://www.w3.org/TR/shacl/#sparql-constraints and https://www.w3.org/TR/shacl/#sparql-constraint-components
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from icsgraph.model.namespaces import OWL, SH
from icsgraph.shacl.graph import ShapesGraph, malformed
from icsgraph.shacl.model import CustomConstraint, UserQuery
from icsgraph.shacl.terms import Term, sh

IMPORTS = ox.NamedNode(OWL + "imports")


@dataclass(frozen=True, slots=True)
class Component:
    """A constraint component that the shapes graph declares."""

    node: ox.NamedNode
    parameters: dict[str, bool]
    """Each parameter's property, and whether it is optional."""

    def constraints(self, index: ShapesGraph, shape: Term, has_path: bool) -> Iterator[CustomConstraint]:
        """The constraints of this component that a shape declares: one for each value of a single parameter."""
        values = {path: index.objects(shape, ox.NamedNode(path)) for path in self.parameters}
        required = [path for path, optional in self.parameters.items() if not optional]
        if not all(values[path] for path in required) or not any(values.values()):
            return
        query = self._validator(index, has_path)
        if query is None:
            return
        if len(self.parameters) == 1:
            ((path, found),) = values.items()
            for value in found:
                yield CustomConstraint(self.node.value, query, ((local_name(path), value),))
            return
        if many := [path for path, found in values.items() if len(found) > 1]:
            raise malformed(shape, f"{many[0]} has several values, and its component has several parameters")
        bound = tuple((local_name(path), found[0] if found else None) for path, found in sorted(values.items()))
        yield CustomConstraint(self.node.value, query, bound)

    def _validator(self, index: ShapesGraph, has_path: bool) -> UserQuery | None:
        """The validator for this kind of shape: the particular one, or else the general ASK; None: no constraint."""
        particular = index.objects(self.node, sh("propertyValidator" if has_path else "nodeValidator"))
        for node in particular:
            return read_query(index, node, "select")
        for node in index.objects(self.node, sh("validator")):
            return read_query(index, node, "ask")
        return None


def read_components(index: ShapesGraph) -> list[Component]:
    """The constraint components that the shapes graph declares, SHACL's own left out."""
    found = []
    for node in dict.fromkeys(index.instances(sh("ConstraintComponent"))):
        if isinstance(node, ox.NamedNode) and not node.value.startswith(SH):
            parameters = {}
            for parameter in index.objects(node, sh("parameter")):
                path = index.one(parameter, sh("path"))
                if not isinstance(path, ox.NamedNode):
                    raise malformed(node, f"sh:path of the parameter {parameter} is not an IRI")
                parameters[path.value] = index.flag(parameter, "optional")
            if not parameters:
                raise malformed(node, "the constraint component declares no parameter")
            found.append(Component(node, parameters))
    return found


def sparql_queries(index: ShapesGraph, shape: Term) -> Iterator[UserQuery]:
    """The queries of the sh:sparql constraints of a shape that are not deactivated."""
    for node in index.objects(shape, sh("sparql")):
        if not index.flag(node, "deactivated"):
            yield read_query(index, node, "select")


def read_query(index: ShapesGraph, node: Term, form: str) -> UserQuery:
    """The query that a constraint or validator holds, with its prefixes and messages."""
    texts = index.texts(node, form)
    if len(texts) != 1:
        raise malformed(node, f"it has {len(texts)} values of sh:{form}, and needs one")
    messages = index.texts(node, "message")
    return UserQuery(node, "ask" if form == "ask" else "select", texts[0].value, prefixes(index, node), messages)


def prefixes(index: ShapesGraph, node: Term) -> dict[str, str]:
    """The prefixes that a query may use: those its sh:prefixes declare, and those of the ontologies these import."""
    found: dict[str, str] = {}
    todo, passed = index.objects(node, sh("prefixes")), set()
    while todo:
        if (ontology := todo.pop()) in passed:
            continue
        passed.add(ontology)
        todo += index.objects(ontology, IMPORTS)
        for declaration in index.objects(ontology, sh("declare")):
            prefix, namespace = index.one(declaration, sh("prefix")), index.one(declaration, sh("namespace"))
            if not isinstance(prefix, ox.Literal) or not isinstance(namespace, ox.Literal):
                raise malformed(ontology, "sh:declare needs one sh:prefix and one sh:namespace, both literals")
            if found.get(prefix.value, namespace.value) != namespace.value:
                raise malformed(node, f"the prefix {prefix.value}: is declared for two namespaces")
            found[prefix.value] = namespace.value
    return found


def local_name(iri: str) -> str:
    """The name that a parameter has as a variable: what follows the last character that no name can hold."""
    at = len(iri)
    while at and (iri[at - 1].isalnum() or iri[at - 1] == "_"):
        at -= 1
    return iri[at:]
