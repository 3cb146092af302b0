# SPDX-License-Identifier: Apache-2.0
"""Values that people write otherwise than the data: part of a name, other capitals, a year for a day, text for a thing.

Each is given with the part as it was likely meant, as the slips of ``slips`` are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from icsgraph.algebra import nodes, to_text, transform, walk
from icsgraph.model.namespaces import PREFIXES
from icsgraph.queries.vocabulary import Vocabulary

_MOST: Final = 3  # values that are tried
_SHORT: Final = 3  # letters below which a part of a text says too little
_SEARCHES: Final = ("CONTAINS", "STRSTARTS", "STRENDS")
_INTEGER: Final = nodes.IRI(f"{nodes.XSD}integer")
_YEAR: Final = re.compile(r"[12]\d{3}")


def alike(part: nodes.Triple, vocabulary: Vocabulary) -> Iterator[ox.Literal]:
    """Give values of a property that hold the text of a triple, or have its letters and figures; so of an IRI's end."""
    written = part.object
    if not isinstance(written, nodes.Literal | nodes.IRI) or not isinstance(part.predicate, nodes.IRI):
        return
    said = _said(written).lower()
    bare = re.sub(r"[^a-z0-9]", "", said)
    if len(bare) < _SHORT:
        return
    value = nodes.Variable("value")
    thing = part.subject if isinstance(part.subject, nodes.IRI) else nodes.Variable("thing")
    pattern = to_text(nodes.Triple(thing, part.predicate, value))
    rule = f"""CONTAINS(?low, {ox.Literal(said)}) || REPLACE(?low, "[^a-z0-9]", "") = "{bare}\""""
    found = f"{pattern} BIND(LCASE(STR(?value)) AS ?low) FILTER(isLITERAL(?value) && ({rule}))"
    for row in vocabulary.select(f"SELECT DISTINCT ?value {{ {found} }} LIMIT {_MOST}"):
        if isinstance(row[0], ox.Literal):
            yield row[0]


def in_any_case(part: nodes.Filter) -> nodes.Filter | None:
    """Give a condition that looks for a text in small and capital letters alike; None where it does already."""

    def anyhow(node: nodes.Node) -> nodes.Node:
        if not isinstance(node, nodes.BuiltIn):
            return node
        if node.name in _SEARCHES and isinstance(node.arguments[1], nodes.Literal):
            sought = nodes.Literal(node.arguments[1].lexical.lower())
            text = nodes.BuiltIn("LCASE", (nodes.BuiltIn("STR", (node.arguments[0],)),))
            return node if node.arguments[0] == text else nodes.BuiltIn(node.name, (text, sought))
        if node.name == "REGEX" and len(node.arguments) == 2:  # a third would be its flags
            return nodes.BuiltIn("REGEX", (*node.arguments, nodes.Literal("i")))
        return node

    meant = transform(part, anyhow)
    return meant if isinstance(meant, nodes.Filter) and meant != part else None


def years(part: nodes.Filter) -> Iterator[tuple[nodes.Comparison, nodes.Comparison]]:
    """Give each comparison of a variable with a year, and the comparison of the year of its day."""
    for node in walk(part):
        if not isinstance(node, nodes.Comparison):
            continue
        year, other = (node.right, node.left) if isinstance(node.right, nodes.Literal) else (node.left, node.right)
        if isinstance(year, nodes.Literal) and isinstance(other, nodes.Variable) and _YEAR.fullmatch(year.lexical):
            number, made = nodes.Literal(year.lexical, _INTEGER), nodes.BuiltIn("YEAR", (other,))
            left, right = (made, number) if year is node.right else (number, made)
            yield node, nodes.Comparison(node.operator, left, right)


def things_called(part: nodes.Triple, vocabulary: Vocabulary) -> Iterator[ox.NamedNode]:
    """Give the things among the values of a property that a text or an unknown IRI names: by name, or by its end."""
    written = part.object
    if not isinstance(part.predicate, nodes.IRI) or not isinstance(written, nodes.Literal | nodes.IRI):
        return
    said = _said(written)
    if not said:
        return
    thing = part.subject if isinstance(part.subject, nodes.IRI) else nodes.Variable("thing")
    pattern = to_text(nodes.Triple(thing, part.predicate, nodes.Variable("x")))
    text, end = ox.Literal(said.lower()), ox.Literal(f"/{said.lower().replace(' ', '-')}")
    called = f"OPTIONAL {{ ?x ?p ?name FILTER(LCASE(STR(?name)) = {text}) }}"
    rule = f"FILTER(isIRI(?x) && (BOUND(?name) || STRENDS(LCASE(STR(?x)), {end})))"
    query = f"SELECT DISTINCT ?x {{ {pattern} {called} {rule} }} LIMIT {_MOST}"
    for row in vocabulary.select(query):
        if isinstance(row[0], ox.NamedNode):
            yield row[0]


def _said(written: nodes.Literal | nodes.IRI) -> str:
    """The text of a literal, or the end of an IRI."""
    return written.lexical.strip() if isinstance(written, nodes.Literal) else re.split(r"[/#]", written.value)[-1]


def with_part(part: nodes.Triple, text: str) -> nodes.Group:
    """Give a triple whose value holds a text, whatever its letters."""
    value = nodes.Variable("text")
    lower = nodes.BuiltIn("LCASE", (nodes.BuiltIn("STR", (value,)),))
    sought = nodes.BuiltIn("CONTAINS", (lower, nodes.Literal(text.strip().lower())))
    return nodes.Group((nodes.Triple(part.subject, part.predicate, value), nodes.Filter(sought)))


def iri_in_quotes(written: nodes.Term) -> nodes.IRI | None:
    """Give the IRI that stands in quotation marks, whole or by one of icsgraph's prefixes."""
    if not isinstance(written, nodes.Literal):
        return None
    prefix, colon, local = written.lexical.strip("<> ").partition(":")
    if colon and prefix in PREFIXES and re.fullmatch(r"[\w./-]+", local):
        return nodes.IRI(PREFIXES[prefix] + local)
    return nodes.IRI(written.lexical.strip("<> ")) if re.match(r"https?://\S+$", written.lexical.strip("<> ")) else None
