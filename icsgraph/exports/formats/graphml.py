# SPDX-License-Identifier: Apache-2.0
"""GraphML for drawing and network analysis: a node for each thing, an edge for each statement between two things.

A node has its IRI as id, its label, the names of its classes, and its literals as attributes: a property whose values
are all numbers, and at most one for a thing, is a number there; several values of one property stand behind each other
in one text. Edges have the property's name and IRI.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import IO, Final
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from icsgraph.exports.content import Content, Node, plain, short
from icsgraph.exports.format import Format
from icsgraph.model.namespaces import RDF
from icsgraph.queries.values import Kind, column
from icsgraph.store.select import Term

_TYPE: Final = ox.NamedNode(RDF + "type")
_BETWEEN: Final = " | "
_TYPES: Final = {Kind.INTEGER: "long", Kind.NUMBER: "double", Kind.BOOLEAN: "boolean"}
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML has no way to write them
_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
)  # fmt: skip
_FIXED: Final = (
    ("label", "node", "label"), ("class", "node", "class"), ("property", "edge", "label"), ("iri", "edge", "iri"),
)  # fmt: skip


def _write(content: Content, stream: IO[bytes]) -> str:
    classes: dict[Node, list[ox.NamedNode]] = defaultdict(list)
    literals: dict[ox.NamedNode, dict[Node, list[Term]]] = defaultdict(lambda: defaultdict(list))
    edges: list[tuple[Node, ox.NamedNode, Node]] = []
    things: set[Node] = set()
    for triple in sorted(set(content.triples()), key=str):
        things.add(triple.subject)
        if isinstance(triple.object, ox.Literal):
            literals[triple.predicate][triple.subject].append(triple.object)
        elif triple.predicate == _TYPE and isinstance(triple.object, ox.NamedNode):
            classes[triple.subject].append(triple.object)
        else:
            things.add(triple.object)
            edges.append((triple.subject, triple.predicate, triple.object))
    labels = content.labels(things)
    keys, values = _attributes(literals)
    stream.write(_HEAD.encode())
    for line in keys:
        stream.write(line.encode())
    stream.write(b'<graph edgedefault="directed">\n')
    for thing in sorted(things, key=str):
        kinds = _BETWEEN.join(sorted(short(kind.value) for kind in classes[thing]))
        own = [("label", labels.get(thing, "") if isinstance(thing, ox.NamedNode) else ""), ("class", kinds)]
        stream.write(_element(f"<node id={_id(thing)}>", [*own, *values[thing]], "</node>"))
    for number, (start, prop, end) in enumerate(edges):
        head = f'<edge id="e{number}" source={_id(start)} target={_id(end)}>'
        stream.write(_element(head, [("property", short(prop.value)), ("iri", prop.value)], "</edge>"))
    stream.write(b"</graph>\n</graphml>\n")
    return f"{len(things):,} nodes and {len(edges):,} edges"


def _attributes(
    literals: dict[ox.NamedNode, dict[Node, list[Term]]],
) -> tuple[Iterator[str], dict[Node, list[tuple[str, str]]]]:
    """Give the declarations of attributes, and each thing's values of them."""
    lines = [_key(name, of, title, "string") for name, of, title in _FIXED]
    values: dict[Node, list[tuple[str, str]]] = defaultdict(list)
    for number, prop in enumerate(sorted(literals, key=lambda each: short(each.value))):
        found = literals[prop]
        single = all(len(terms) == 1 for terms in found.values())
        kind, typed = column(terms[0] for terms in found.values()) if single else (Kind.TEXT, [])
        lines.append(_key(f"p{number}", "node", short(prop.value), _TYPES.get(kind, "string")))
        for at, (thing, terms) in enumerate(found.items()):
            value = typed[at] if kind in _TYPES else _BETWEEN.join(plain(term) for term in terms)
            values[thing].append((f"p{number}", str(value).lower() if isinstance(value, bool) else str(value)))
    return iter(lines), values


def _key(name: str, of: str, title: str, kind: str) -> str:
    return f'<key id="{name}" for="{of}" attr.name={quoteattr(title)} attr.type="{kind}"/>\n'


def _id(thing: Node) -> str:
    return quoteattr(_CONTROL.sub("\ufffd", plain(thing)))


def _element(head: str, data: list[tuple[str, str]], tail: str) -> bytes:
    inside = (f'<data key="{key}">{escape(_CONTROL.sub(chr(0xFFFD), value))}</data>' for key, value in data if value)
    return f"{head}{''.join(inside)}{tail}\n".encode()


FORMAT: Final = Format("GraphML: a network for Gephi, yEd or NetworkX", file=_write)
