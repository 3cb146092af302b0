# SPDX-License-Identifier: Apache-2.0
"""The default graph of a store to a graph of rdflib, term by term: quicker than writing it out and parsing it."""

from __future__ import annotations

import pyoxigraph as ox
import rdflib
from rdflib.term import BNode, Identifier, Literal, URIRef

from icsgraph.model.namespaces import PREFIXES, XSD

_STRING = XSD + "string"


def as_rdflib(store: ox.Store) -> rdflib.Graph:
    """Copy every triple of the default graph; icsgraph's prefixes are bound."""
    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, space in PREFIXES.items():
        graph.bind(prefix, space)
    for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph()):
        graph.add((_term(quad.subject), _term(quad.predicate), _term(quad.object)))
    return graph


def _term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Identifier:
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.Literal):
        if term.language:
            return Literal(term.value, lang=term.language)
        datatype = term.datatype.value
        return Literal(term.value, datatype=None if datatype == _STRING else URIRef(datatype), normalize=False)
    return BNode(str(term).removeprefix("_:"))
