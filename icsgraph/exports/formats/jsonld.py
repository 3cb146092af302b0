# SPDX-License-Identifier: Apache-2.0
"""JSON-LD 1.1 with a context of its own: plain JSON with named keys, from which the same statements can be read again.

The context gives each property's and class's name its IRI, and says of a property what its values are where that is the
same for all of them. Whole numbers and truth values are JSON's own; a blank node that is used once is nested there.
With a frame, things of a class are trees: what belongs to them is nested as deep as the frame says.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import IO, Any, Final

import pyoxigraph as ox

from icsgraph.exports.content import Content, Node, plain, short
from icsgraph.exports.format import Format
from icsgraph.exports.frames import Frame, gathered, get
from icsgraph.model.namespaces import RDF, RDFS, XSD
from icsgraph.store.select import Term

_TYPE: Final = ox.NamedNode(RDF + "type")
_LABEL: Final = ox.NamedNode(RDFS + "label")
_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]{0,14}")  # what every reader of JSON holds as it is written
_TRUTH: Final = {"true": True, "false": False}
_OWN: Final = {"id": "@id", "type": "@type"}

Json = Any
_Values = dict[ox.NamedNode, list[Term]]


def _write(content: Content, stream: IO[bytes]) -> str:
    frame = get(content.frame) if content.frame else None
    triples = sorted(gathered(content, frame) if frame else set(content.triples()), key=str)
    document = _Document(triples)
    written = {"@context": document.context(), "@graph": document.nodes()}
    if frame:
        written["@context"] |= frame.reversed_names()
        written["@graph"] = [
            document.tree(root, frame, frame.shape) for root in sorted(content.subjects or (), key=str)
        ]
    stream.write((json.dumps(written, ensure_ascii=False, indent=1) + "\n").encode())
    return f"{len(triples)} statements"


class _Document:
    """Statements by subject, and what each term of the context says of its values."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._by_subject: dict[Node, _Values] = defaultdict(lambda: defaultdict(list))
        values: dict[ox.NamedNode, list[Term]] = defaultdict(list)
        users: dict[Term, list[Node]] = defaultdict(list)
        self._ends: dict[tuple[ox.NamedNode, Term], list[Node]] = defaultdict(list)
        for triple in triples:
            self._by_subject[triple.subject][triple.predicate].append(triple.object)
            values[triple.predicate].append(triple.object)
            self._ends[triple.predicate, triple.object].append(triple.subject)
            if isinstance(triple.object, ox.BlankNode):
                users[triple.object].append(triple.subject)
        kinds = {term for term in values.pop(_TYPE, []) if isinstance(term, ox.NamedNode)}
        self._names = _named([*values, *kinds])
        self._forms = {prop: _form(terms) for prop, terms in values.items()}
        self._kinds = kinds
        self._nested = {node for node, by in users.items() if len(by) == 1 and not _is_in_ring(node, users)}

    def context(self) -> Json:
        """Expanded definitions, of which none can be taken for a prefix."""
        made: dict[str, Json] = {"@version": 1.1, **_OWN}
        for kind in sorted(self._kinds, key=self._names.__getitem__):
            made[self._names[kind]] = {"@id": kind.value}
        for prop in sorted(self._forms, key=self._names.__getitem__):
            made[self._names[prop]] = {"@id": prop.value, **self._forms[prop]}
        return made

    def nodes(self) -> list[Json]:
        return [self._node(subject) for subject in sorted(self._by_subject, key=str) if subject not in self._nested]

    def _node(self, subject: Term) -> Json:
        made: dict[str, Json] = {} if subject in self._nested else {"id": plain(subject)}
        stated: Mapping[ox.NamedNode, list[Term]] = (
            self._by_subject.get(subject, {}) if not isinstance(subject, ox.Literal) else {}
        )
        if _TYPE in stated:
            made["type"] = _one_or_all([self._names.get(t, plain(t)) if isinstance(t, ox.NamedNode) else plain(t)
                                        for t in stated[_TYPE]])  # fmt: skip
        for prop in sorted((p for p in stated if p != _TYPE), key=self._names.__getitem__):
            values = [self._value(term, self._forms[prop]) for term in stated[prop]]
            made[self._names[prop]] = _one_or_all(values)
        return made

    def tree(self, node: Term, frame: Frame, shape: Mapping[str, Json], above: frozenset[Term] = frozenset()) -> Json:
        """Give a thing with what a frame nests below it; what is above it already is only named."""
        above |= {node}
        ahead, back = frame.split(shape)
        made: dict[str, Json] = {} if node in self._nested else {"id": plain(node)}
        stated = self._by_subject.get(node, {}) if isinstance(node, Node) else {}
        if _TYPE in stated:
            made["type"] = _one_or_all([self._names[t] for t in stated[_TYPE] if isinstance(t, ox.NamedNode)])
        for prop in sorted((p for p in stated if p != _TYPE), key=self._names.__getitem__):
            values = [
                self._reference(term, prop) if term in above or (prop not in ahead and isinstance(term, ox.NamedNode))
                else self._value(term, self._forms[prop]) if isinstance(term, ox.Literal)
                else self.tree(term, frame, ahead.get(prop, {}), above)
                for term in stated[prop]
            ]  # fmt: skip
            made[self._names[prop]] = _one_or_all(values)
        for key, prop, below in back:
            found = [s for s in self._ends.get((prop, node), ()) if s not in above]
            if found:
                made[key] = [self.tree(each, frame, below, above) for each in found]
        return made

    def _reference(self, term: Term, prop: ox.NamedNode) -> Json:
        """Give identifier and label of a thing that is not nested."""
        labels = self._by_subject.get(term, {}).get(_LABEL, []) if isinstance(term, Node) else []
        if not labels:
            return self._value(term, self._forms[prop])
        return {
            "id": plain(term),
            self._names[_LABEL]: _one_or_all([self._value(t, self._forms[_LABEL]) for t in labels]),
        }

    def _value(self, term: Term, form: Mapping[str, Json]) -> Json:
        if term in self._nested:
            return self._node(term)
        if not isinstance(term, ox.Literal):
            return plain(term) if form.get("@type") == "@id" else {"id": plain(term)}
        if "@language" in form or form.get("@type", XSD + "string") == term.datatype.value != XSD + "string":
            return _native(term)
        if term.language:
            return {"@value": term.value, "@language": term.language}
        if term.datatype.value == XSD + "string":
            return term.value
        return {"@value": term.value, "@type": term.datatype.value}


def _native(term: ox.Literal) -> Json:
    if term.datatype.value == XSD + "integer" and _INTEGER.fullmatch(term.value):
        return int(term.value)
    if term.datatype.value == XSD + "boolean" and term.value in _TRUTH:
        return _TRUTH[term.value]
    return term.value


def _form(terms: Iterable[Term]) -> dict[str, Json]:
    """What a definition says of values, where all are things, or all of one datatype or language."""
    found = {
        ("@language", t.language) if isinstance(t, ox.Literal) and t.language
        else ("@type", t.datatype.value if isinstance(t, ox.Literal) else "@id") for t in terms
    }  # fmt: skip
    if len(found) != 1 or ("@type", XSD + "string") in found:
        return {}
    key, value = found.pop()
    return {key: value}


def _named(terms: Iterable[ox.NamedNode]) -> dict[ox.NamedNode, str]:
    """Give each term its local name, or a longer one where another term has that too; else its IRI."""
    listed = sorted(set(terms), key=str)
    local = {term: re.split("[/#]", term.value)[-1] for term in listed}
    often = Counter(local.values())
    names: dict[ox.NamedNode, str] = {}
    for term in listed:
        fitting = [local[term]] if often[local[term]] == 1 else []
        taken = {*names.values(), *_OWN, ""}
        names[term] = next((n for n in (*fitting, short(term.value)) if n not in taken and ":" not in n), term.value)
    return names


def _one_or_all(values: list[Json]) -> Json:
    return values[0] if len(values) == 1 else values


def _is_in_ring(node: Term, users: Mapping[Term, list[Node]]) -> bool:
    """Whether following single users upwards comes back: such a ring cannot be nested."""
    seen: set[Term] = set()
    while node in users and len(users[node]) == 1 and node not in seen:
        seen.add(node)
        node = users[node][0]
    return node in seen


FORMAT: Final = Format("JSON-LD: JSON with named keys, and RDF at once", file=_write)
