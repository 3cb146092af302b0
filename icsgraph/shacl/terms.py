# SPDX-License-Identifier: Apache-2.0
"""RDF terms between their forms: pyoxigraph's (data and results), the syntax tree's (queries) and JSON (cache)."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import pyoxigraph as ox

from icsgraph.algebra.nodes import IRI, Literal
from icsgraph.model.namespaces import RDF, SH, XSD

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal

RDF_TYPE: Final = ox.NamedNode(RDF + "type")
RDF_NIL: Final = ox.NamedNode(RDF + "nil")
RDF_FIRST: Final = ox.NamedNode(RDF + "first")
RDF_REST: Final = ox.NamedNode(RDF + "rest")
TRUE: Final = ox.Literal("true", datatype=ox.NamedNode(XSD + "boolean"))


class Refused(Exception):
    """What cannot be compiled faithfully; the message says what and why, to the person who wrote the shape."""


def sh(local: str) -> ox.NamedNode:
    """The term of the SHACL vocabulary with this local name."""
    return ox.NamedNode(SH + local)


def to_tree(term: Term) -> IRI | Literal:
    """The term as it stands in a query.

    Raises:
        Refused: for a blank node, which has no name that a query could use.
    """
    if isinstance(term, ox.NamedNode):
        return IRI(term.value)
    if isinstance(term, ox.BlankNode):
        raise Refused("it names a blank node of the data, and a query has no way to name one")
    if term.language:
        return Literal(term.value, language=term.language)
    return Literal(term.value, IRI(term.datatype.value))


def to_json(term: Term | None) -> dict[str, str] | None:
    """The term as the SPARQL 1.1 JSON results format writes it."""
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    if term.datatype.value == XSD + "string":
        return {"type": "literal", "value": term.value}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}


def from_json(value: dict[str, Any]) -> Term:
    """The inverse of :func:`to_json`."""
    if value["type"] == "uri":
        return ox.NamedNode(value["value"])
    if value["type"] == "bnode":
        return ox.BlankNode(value["value"])
    if "xml:lang" in value:
        return ox.Literal(value["value"], language=value["xml:lang"])
    datatype = value.get("datatype")
    return ox.Literal(value["value"], datatype=ox.NamedNode(datatype) if datatype else None)


def plain(term: Term) -> str:
    """The term as a sentence shows it: text without its datatype, an IRI as it is."""
    return f"_:{term.value}" if isinstance(term, ox.BlankNode) else str(term.value)
