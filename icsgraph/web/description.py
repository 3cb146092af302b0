# SPDX-License-Identifier: Apache-2.0
"""The service, its data, its prefixes and its stored queries, described in RDF where clients and editors look.

Sources: https://www.w3.org/TR/sparql11-service-description/ , https://www.w3.org/TR/void/ ; stored queries as
SPARQL editors read them: https://www.w3.org/TR/shacl/#sparql-prefixes , https://sib-swiss.github.io/sparql-examples/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox

from icsgraph.model.namespaces import BASE, DCTERMS, ICS, ICSG, ICSQ, PREFIXES, RDF, RDFS, SH, XSD
from icsgraph.queries import StoredQuery
from icsgraph.queries.about import form_of
from icsgraph.web.source import Located

_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_VOID: Final = "http://rdfs.org/ns/void#"
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_SCHEMA: Final = "https://schema.org/"
_RESULTS: Final = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_RDF: Final = ("Turtle", "N-Triples", "N-Quads", "TriG", "RDF_XML", "JSON-LD")
_TITLE: Final = "icsgraph: a knowledge graph of England's integrated care systems"


def service(address: str, located: Located, queries: Iterable[StoredQuery]) -> Iterator[ox.Triple]:
    """Describe the service at an address: what it reads and writes, its graphs, prefixes and stored queries."""
    node, data = ox.NamedNode(address), ox.NamedNode(f"{address}#dataset")
    default = ox.NamedNode(f"{address}#default-graph")
    yield from _all(node, {
        RDF + "type": [_iri(_SD + "Service")], _SD + "endpoint": [node], _SD + "defaultDataset": [data],
        _SD + "supportedLanguage": [_iri(_SD + "SPARQL11Query")],
        _SD + "resultFormat": [_iri(_FORMATS + name) for name in (*_RESULTS, *_RDF)],
        DCTERMS + "title": [ox.Literal(_TITLE, language="en")], DCTERMS + "hasVersion": [ox.Literal(located.version)],
    })  # fmt: skip
    yield from _all(data, {RDF + "type": [_iri(_SD + "Dataset")], _SD + "defaultGraph": [default]})
    yield from _all(default, {
        RDF + "type": [_iri(_SD + "Graph"), _iri(_VOID + "Dataset")],
        _VOID + "triples": [_number(located.counts.get("", 0))],
        RDFS + "comment": [ox.Literal("all that the named graphs state, and what follows from it", language="en")],
    })  # fmt: skip
    for number, (name, triples) in enumerate(item for item in sorted(located.counts.items()) if item[0]):
        named, graph = ox.NamedNode(f"{address}#named-{number}"), ox.NamedNode(f"{address}#graph-{number}")
        yield ox.Triple(data, _iri(_SD + "namedGraph"), named)
        yield from _all(
            named, {RDF + "type": [_iri(_SD + "NamedGraph")], _SD + "name": [_iri(name)], _SD + "graph": [graph]}
        )
        yield from _all(graph, {RDF + "type": [_iri(_SD + "Graph")], _VOID + "triples": [_number(triples)]})
    yield from prefixes()
    for query in queries:
        yield from stored_query(query, node)


def void(root: str, located: Located) -> Iterator[ox.Triple]:
    """Describe the data for https://www.w3.org/TR/void/ : where they are asked, how many, and how IRIs look."""
    data = ox.NamedNode(f"{root}/.well-known/void#data")
    examples = [_iri(BASE + "constraint/ICS-20"), _iri(ICS + "IntegratedCareBoard")]
    yield from _all(data, {
        RDF + "type": [_iri(_VOID + "Dataset")], DCTERMS + "title": [ox.Literal(_TITLE, language="en")],
        _VOID + "sparqlEndpoint": [_iri(f"{root}/sparql")], _VOID + "uriSpace": [ox.Literal(BASE)],
        _VOID + "triples": [_number(located.counts.get("", 0))], _VOID + "exampleResource": examples,
        _VOID + "vocabulary": [_iri(space) for space in sorted(set(PREFIXES.values()) - _OWN)],
        _VOID + "feature": [_iri(_FORMATS + name) for name in _RDF],
        DCTERMS + "hasVersion": [ox.Literal(located.version)],
        "http://xmlns.com/foaf/0.1/homepage": [_iri(f"{root}/")],
    })  # fmt: skip
    yield from _all(_iri(f"{root}/.well-known/void"), {
        RDF + "type": [_iri(_VOID + "DatasetDescription")], "http://xmlns.com/foaf/0.1/primaryTopic": [data],
    })  # fmt: skip
    for number, (name, triples) in enumerate(item for item in sorted(located.counts.items()) if item[0]):
        part = ox.NamedNode(f"{root}/.well-known/void#graph-{number}")
        yield ox.Triple(data, _iri(_VOID + "subset"), part)
        yield from _all(part, {
            RDF + "type": [_iri(_VOID + "Dataset")], _VOID + "triples": [_number(triples)],
            DCTERMS + "identifier": [ox.Literal(name)],
        })  # fmt: skip


_OWN: Final = {space for space in PREFIXES.values() if space.startswith(BASE) and space != ICS}


def prefixes() -> Iterator[ox.Triple]:
    """Declare every prefix that a query has without declaring it."""
    for prefix, space in PREFIXES.items():
        node = _iri(f"{ICSG}prefix/{prefix}")
        yield ox.Triple(_iri(ICS), _iri(SH + "declare"), node)
        yield from _all(node, {
            RDF + "type": [_iri(SH + "PrefixDeclaration")], SH + "prefix": [ox.Literal(prefix)],
            SH + "namespace": [ox.Literal(space, datatype=_iri(XSD + "anyURI"))],
        })  # fmt: skip


def stored_query(query: StoredQuery, endpoint: ox.NamedNode | None = None) -> Iterator[ox.Triple]:
    """Describe one stored query: its question, text, words, and the constraints it is about."""
    node = _iri(ICSQ + query.slug)
    form = form_of(query.text)
    kinds = {"SELECT": "SPARQLSelectExecutable", "ASK": "SPARQLAskExecutable", "CONSTRUCT": "SPARQLConstructExecutable"}
    text = "\n".join(line for line in query.text.splitlines() if not line.startswith("#+"))
    yield from _all(node, {
        RDF + "type": [_iri(SH + "SPARQLExecutable"), *([_iri(SH + kinds[form])] if form in kinds else [])],
        RDFS + "label": [ox.Literal(query.slug)], RDFS + "comment": [ox.Literal(query.question, language="en")],
        DCTERMS + "identifier": [ox.Literal(query.id)], SH + "prefixes": [_iri(ICS)],
        SH + form.lower(): [ox.Literal(text)] if form in kinds else [],
        _SCHEMA + "keywords": [ox.Literal(word) for word in query.keywords],
        _SCHEMA + "target": [endpoint] if endpoint else [],
        DCTERMS + "subject": [_iri(f"{BASE}constraint/{name}") for name in query.constraints],
    })  # fmt: skip


def _all(
    node: ox.NamedNode, told: dict[str, list[ox.NamedNode] | list[ox.Literal]]
) -> Iterator[ox.Triple]:  # fmt: skip
    for name, values in told.items():
        for value in values:
            yield ox.Triple(node, _iri(name), value)


def _iri(text: str) -> ox.NamedNode:
    return ox.NamedNode(text)


def _number(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=_iri(XSD + "integer"))
