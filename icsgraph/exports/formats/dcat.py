# SPDX-License-Identifier: Apache-2.0
"""A description of what would be exported, in DCAT 3 and VoID, as Turtle; not the statements themselves.

It has the dataset with its version, the sources that its things name with their licences and rights, counts for the
whole, for each class and each property, and a subset for each named graph.

Sources: https://www.w3.org/TR/vocab-dcat-3/, https://www.w3.org/TR/void/
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import IO, Final

import pyoxigraph as ox

from icsgraph.exports.content import MERGED, Content, Node
from icsgraph.exports.format import Format
from icsgraph.model.namespaces import BASE, DCTERMS, ICS, ICSG, PREFIXES, RDF, XSD
from icsgraph.store.canonical import turtle

_DCAT, _VOID = PREFIXES["dcat"], PREFIXES["void"]
_TYPE: Final = ox.NamedNode(RDF + "type")
_SOURCE: Final = ox.NamedNode(DCTERMS + "source")
_OF_SOURCE: Final = [ox.NamedNode(DCTERMS + name) for name in ("title", "license", "rights", "publisher", "issued")]
_NOTE: Final = (
    "Ontology, law, statutory guidance, bodies, areas and records of England's integrated care systems, with what "
    "follows from them by rule."
)


def _write(content: Content, stream: IO[bytes]) -> str:
    made = list(_Describer(content).triples())
    stream.write(turtle(made).encode())
    return f"{len(set(made))} statements of description"


class _Describer:
    def __init__(self, content: Content) -> None:
        self._content = content
        part = f"/{hashlib.sha256(content.choice.encode()).hexdigest()[:16]}" if content.choice else ""
        self._dataset = ox.NamedNode(f"{ICSG}version/{content.opened.version[:32]}{part}")
        self._statements = set(content.triples())

    def triples(self) -> Iterator[ox.Triple]:
        yield from self._dataset_itself()
        yield from self._counts()
        yield from self._partitions()
        yield from self._sources()
        yield from self._graphs()

    def _dataset_itself(self) -> Iterator[ox.Triple]:
        content = self._content
        title = "icsgraph: England's integrated care systems" + (f" ({content.choice})" if content.choice else "")
        for space, name in ((_DCAT, "Dataset"), (_VOID, "Dataset")):
            yield ox.Triple(self._dataset, _TYPE, ox.NamedNode(space + name))
        yield self._say(DCTERMS + "title", ox.Literal(title, language="en"))
        yield self._say(DCTERMS + "description", ox.Literal(_NOTE, language="en"))
        yield self._say(DCTERMS + "identifier", ox.Literal(content.opened.version))
        yield self._say(_DCAT + "version", ox.Literal(content.opened.version[:12]))
        yield self._say(DCTERMS + "conformsTo", ox.NamedNode(ICS.rstrip("/")))
        day = ox.Literal(content.opened.as_at.isoformat(), datatype=ox.NamedNode(XSD + "date"))
        yield self._say(DCTERMS + "valid", day)
        yield self._say(_VOID + "uriSpace", ox.Literal(BASE))
        for space in sorted(PREFIXES[name] for name in self._prefixes()):
            yield self._say(_VOID + "vocabulary", ox.NamedNode(space))

    def _prefixes(self) -> set[str]:
        terms = {t.predicate.value for t in self._statements}
        terms |= {
            t.object.value for t in self._statements if t.predicate == _TYPE and isinstance(t.object, ox.NamedNode)
        }
        return {prefix for prefix, space in PREFIXES.items() if any(term.startswith(space) for term in terms)}

    def _counts(self) -> Iterator[ox.Triple]:
        subjects = {t.subject for t in self._statements}
        yield self._say(_VOID + "triples", ox.Literal(len(self._statements)))
        yield self._say(_VOID + "distinctSubjects", ox.Literal(len(subjects)))
        yield self._say(_VOID + "distinctObjects", ox.Literal(len({t.object for t in self._statements})))
        yield self._say(_VOID + "properties", ox.Literal(len({t.predicate for t in self._statements})))
        kinds = {t.object for t in self._statements if t.predicate == _TYPE}
        yield self._say(_VOID + "classes", ox.Literal(len(kinds)))

    def _partitions(self) -> Iterator[ox.Triple]:
        things: dict[ox.NamedNode, set[Node]] = defaultdict(set)
        for t in self._statements:
            if t.predicate == _TYPE and isinstance(t.object, ox.NamedNode):
                things[t.object].add(t.subject)
        for kind, found in things.items():
            yield from self._part("classPartition", "class", kind, "entities", len(found))
        for prop, number in Counter(t.predicate for t in self._statements).items():
            yield from self._part("propertyPartition", "property", prop, "triples", number)

    def _part(self, part: str, of: str, term: ox.NamedNode, counted: str, number: int) -> Iterator[ox.Triple]:
        node = ox.BlankNode()
        yield self._say(_VOID + part, node)
        yield ox.Triple(node, ox.NamedNode(_VOID + of), term)
        yield ox.Triple(node, ox.NamedNode(_VOID + counted), ox.Literal(number))

    def _sources(self) -> Iterator[ox.Triple]:
        store = self._content.store
        for source in {t.object for t in self._statements if t.predicate == _SOURCE}:
            if isinstance(source, ox.NamedNode):
                yield self._say(DCTERMS + "source", source)
                for prop in _OF_SOURCE:
                    for quad in store.quads_for_pattern(source, prop, None, MERGED):
                        yield ox.Triple(source, prop, quad.object)

    def _graphs(self) -> Iterator[ox.Triple]:
        numbers = Counter(quad.graph_name for quad in self._content.quads())
        for graph, number in numbers.items():
            if isinstance(graph, ox.NamedNode):
                yield self._say(_VOID + "subset", graph)
                yield ox.Triple(graph, _TYPE, ox.NamedNode(_VOID + "Dataset"))
                yield ox.Triple(graph, ox.NamedNode(_VOID + "triples"), ox.Literal(number))

    def _say(self, prop: str, value: ox.NamedNode | ox.BlankNode | ox.Literal) -> ox.Triple:
        return ox.Triple(self._dataset, ox.NamedNode(prop), value)


FORMAT: Final = Format("DCAT and VoID: what the data are, whence, and how much, in Turtle", file=_write)
