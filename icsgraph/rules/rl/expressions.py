# SPDX-License-Identifier: Apache-2.0
"""Class expressions read from triples, and written in words as in the Manchester syntax."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from icsgraph.model.namespaces import OWL, RDF
from icsgraph.rules.rl.rule import Term

_LISTS: Final = {"intersectionOf": " and ", "unionOf": " or ", "oneOf": ", "}
_FILLERS: Final = {"someValuesFrom": "some", "allValuesFrom": "only", "hasValue": "value"}
_NUMBERS: Final = {
    "maxCardinality": "max",
    "minCardinality": "min",
    "cardinality": "exactly",
    "maxQualifiedCardinality": "max",
    "minQualifiedCardinality": "min",
    "qualifiedCardinality": "exactly",
}


@dataclass(frozen=True, slots=True)
class Expression:
    """A class expression: what OWL calls its kind, its property if it restricts one, and its parts.

    The kind of a named class is ``Class``. ``number`` is that of a cardinality.
    """

    kind: str
    parts: tuple[Term, ...]
    on: Term | None = None
    number: str = ""


class Expressions:
    """The class expressions among some triples."""

    def __init__(self, quads: Iterable[ox.Quad | ox.Triple]) -> None:
        self._by: dict[Term, dict[str, Term]] = defaultdict(dict)
        for quad in quads:
            if isinstance(quad.subject, ox.BlankNode) and not isinstance(quad.object, ox.Triple):
                self._by[quad.subject][quad.predicate.value] = quad.object

    def members(self, head: Term) -> tuple[Term, ...]:
        """Give the members of a list."""
        found: list[Term] = []
        seen: set[Term] = set()
        while head in self._by and RDF + "first" in self._by[head] and head not in seen:
            seen.add(head)
            found.append(self._by[head][RDF + "first"])
            head = self._by[head].get(RDF + "rest", head)
        return tuple(found)

    def read(self, term: Term) -> Expression:
        """Read one expression; anything that is none is a class by name."""
        said = self._by.get(term, {})
        for kind in _LISTS:
            if OWL + kind in said:
                return Expression(kind, self.members(said[OWL + kind]))
        if OWL + "complementOf" in said:
            return Expression("complementOf", (said[OWL + "complementOf"],))
        on = said.get(OWL + "onProperty")
        for kind in _FILLERS:
            if OWL + kind in said:
                return Expression(kind, (said[OWL + kind],), on)
        for kind in _NUMBERS:
            if OWL + kind in said:
                of = said.get(OWL + "onClass")
                return Expression(kind, (of,) if of else (), on, str(getattr(said[OWL + kind], "value", "")))
        return Expression("hasSelf" if OWL + "hasSelf" in said else "Class", (term,), on)

    def words(self, term: Term, name: Callable[[Term], str]) -> str:
        """Write an expression, with names given by ``name``."""
        each = self.read(term)
        if each.kind == "Class":
            return name(term)
        parts = [self._inner(part, name) for part in each.parts]
        on = name(each.on) if each.on is not None else ""
        if each.kind in _LISTS:
            text = _LISTS[each.kind].join(parts)
            return f"{{{text}}}" if each.kind == "oneOf" else text
        if each.kind == "complementOf":
            return f"not {parts[0]}"
        if each.kind in _FILLERS:
            return f"{on} {_FILLERS[each.kind]} {parts[0]}"
        if each.kind in _NUMBERS:
            return " ".join((on, _NUMBERS[each.kind], each.number, *parts))
        return f"{on} Self"

    def _inner(self, term: Term, name: Callable[[Term], str]) -> str:
        text = self.words(term, name)
        return text if self.read(term).kind in ("Class", "oneOf") else f"({text})"
