# SPDX-License-Identifier: Apache-2.0
"""Class expressions of OWL to words and references, in the order in which one reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import pyoxigraph as ox

from icsgraph.model.namespaces import OWL, RDF

Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal
Objects: TypeAlias = Callable[[ox.NamedNode | ox.BlankNode, str], list[Node]]


@dataclass(frozen=True, slots=True)
class Ref:
    """A term that an expression names."""

    iri: str


Expression: TypeAlias = tuple[str | Ref, ...]
_JOINED: Final = {OWL + "unionOf": " or ", OWL + "intersectionOf": " and ", OWL + "oneOf": " or "}
_FILLED: Final = {
    OWL + "someValuesFrom": " some ",
    OWL + "allValuesFrom": " only ",
    OWL + "hasValue": " value ",
    OWL + "maxCardinality": " at most ",
    OWL + "minCardinality": " at least ",
    OWL + "cardinality": " exactly ",
}


def listed(objects: Objects, head: Node) -> Iterator[Node]:
    """Give the members of an RDF list."""
    while isinstance(head, ox.BlankNode):
        yield from objects(head, RDF + "first")[:1]
        rest = objects(head, RDF + "rest")
        if not rest:
            return
        head = rest[0]


def expression(objects: Objects, node: Node) -> Expression:
    """Put a class expression into words, as the Manchester syntax does; what it does not know is left as it is."""
    if isinstance(node, ox.NamedNode):
        return (Ref(node.value),)
    if isinstance(node, ox.Literal):
        return (node.value,)
    for prop, word in _JOINED.items():
        for head in objects(node, prop):
            parts: list[str | Ref] = []
            for member in listed(objects, head):
                inner = expression(objects, member)
                parts += [*([word] if parts else []), *(inner if len(inner) == 1 else ("(", *inner, ")"))]
            return tuple(parts)
    for other in objects(node, OWL + "complementOf"):
        return ("not ", *expression(objects, other))
    for prop, word in _FILLED.items():
        for value in objects(node, prop):
            on = [part for each in objects(node, OWL + "onProperty") for part in expression(objects, each)]
            return (*on, word, *expression(objects, value))
    return (str(node),)
