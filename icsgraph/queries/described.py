# SPDX-License-Identifier: Apache-2.0
"""The header of a stored query to triples, so that a shape can check it (``queries/header-shape.ttl``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from icsgraph.model.namespaces import DCTERMS, ICSC, ICSQ, NORM, RDF, RDFS, SH
from icsgraph.queries.stored import StoredQuery

_CSVW: Final = "http://www.w3.org/ns/csvw#"
_DCAT: Final = "http://www.w3.org/ns/dcat#"


def described(query: StoredQuery) -> Iterator[ox.Triple]:
    """Say what the header of a query says; what it leaves out is left out."""
    node = ox.NamedNode(ICSQ + query.slug)
    yield ox.Triple(node, ox.NamedNode(RDF + "type"), ox.NamedNode(SH + "SPARQLExecutable"))
    texts = [
        (DCTERMS + "identifier", query.id), (RDFS + "label", query.question), (DCTERMS + "isPartOf", query.family),
        (DCTERMS + "audience", query.user), *((_DCAT + "keyword", word) for word in query.keywords),
        *((DCTERMS + "requires", name) for name in query.graphs),
    ]  # fmt: skip
    yield from _said(node, texts)
    for iri in (*(ICSC + name for name in query.constraints), *(NORM + n for n in query.norms)):
        yield ox.Triple(node, ox.NamedNode(DCTERMS + "references"), ox.NamedNode(iri))
    for number, (name, meaning) in enumerate(query.columns.items()):
        column = ox.BlankNode(f"{query.id}c{number}")
        yield ox.Triple(node, ox.NamedNode(_CSVW + "column"), column)
        yield from _said(column, [(_CSVW + "name", name), (DCTERMS + "description", meaning)])
    for number, parameter in enumerate(query.parameters):
        blank = ox.BlankNode(f"{query.id}p{number}")
        yield ox.Triple(node, ox.NamedNode(SH + "parameter"), blank)
        yield from _said(blank, [
            (SH + "name", parameter.name), (DCTERMS + "type", parameter.type),
            (SH + "defaultValue", parameter.default or ""), (SH + "description", parameter.description),
            (DCTERMS + "source", parameter.values),
        ])  # fmt: skip


def _said(node: ox.NamedNode | ox.BlankNode, texts: list[tuple[str, str]]) -> Iterator[ox.Triple]:
    for predicate, text in texts:
        if text:
            yield ox.Triple(node, ox.NamedNode(predicate), ox.Literal(text))
