# SPDX-License-Identifier: Apache-2.0
"""rdflib's terms, paths and triples to nodes: prefixes and base resolved, blank nodes labelled as they are met."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from typing import Any, TypeAlias, cast

from icsgraph.algebra import nodes as n
from icsgraph.algebra.iris import is_absolute, resolve

# rdflib's parse tree: of kinds that carry no types.
Raw: TypeAlias = Any

_ANONYMOUS = re.compile(r"N[0-9a-f]{32}")
_ESCAPED_CHARACTER = re.compile(r"\\(.)")


class NotDeclared(ValueError):
    """A prefix is not declared."""

    def __init__(self, prefix: str, known: tuple[str, ...]) -> None:
        super().__init__(prefix)
        self.prefix, self.known = prefix, known


class NoBase(ValueError):
    """An IRI is relative and there is nothing to resolve it against."""

    def __init__(self, iri: str) -> None:
        super().__init__(iri)
        self.iri = iri


class NotStandard(ValueError):
    """A form that rdflib reads beside SPARQL 1.1."""


class TermConverter:
    """Holds what the prologue declares and the labels given to blank nodes so far."""

    def __init__(self, prefixes: Mapping[str, str], base: str | None, labels: Set[str]) -> None:
        """Labels are those that the text itself may use: none of them is given to a ``[]``."""
        self._prefixes = dict(prefixes)
        self._base = base
        self._labels: dict[str, str] = {}
        self._written_labels = labels

    def prologue(self, declarations: Raw) -> None:
        for declaration in declarations:
            if declaration.name == "Base":
                self._base = self._absolute(str(declaration.iri))
            else:
                prefix = str(declaration["prefix"]) if "prefix" in declaration else ""
                self._prefixes[prefix] = self._absolute(str(declaration.iri))

    def iri(self, raw: Raw) -> n.IRI:
        if getattr(raw, "name", None) != "pname":
            return n.IRI(self._absolute(str(raw)))
        prefix = str(raw["prefix"]) if "prefix" in raw else ""
        if prefix not in self._prefixes:
            raise NotDeclared(prefix, tuple(self._prefixes))
        local = str(raw["localname"]) if "localname" in raw else ""
        return n.IRI(self._prefixes[prefix] + _ESCAPED_CHARACTER.sub(r"\1", local))

    def _absolute(self, iri: str) -> str:
        if is_absolute(iri):
            return iri
        if self._base is None:
            raise NoBase(iri)
        return resolve(iri, self._base)

    def term(self, raw: Raw) -> n.Term:
        import rdflib

        if isinstance(raw, rdflib.Variable):
            return n.Variable(str(raw))
        if isinstance(raw, rdflib.BNode):
            return n.BlankNode(self._label(str(raw)))
        if isinstance(raw, rdflib.Literal):
            return n.Literal(str(raw), n.IRI(str(raw.datatype)) if raw.datatype is not None else None)
        if getattr(raw, "name", None) == "literal":
            datatype = self.iri(raw["datatype"]) if "datatype" in raw else None
            return n.Literal(str(raw["string"]), datatype, str(raw["lang"]) if "lang" in raw else None)
        return self.iri(raw)

    def variable(self, raw: Raw) -> n.Variable:
        return n.Variable(str(raw))

    def name(self, raw: Raw) -> n.IRI | n.Variable:
        """What GRAPH, SERVICE and DESCRIBE take."""
        return cast(n.IRI | n.Variable, self.term(raw))

    def _label(self, raw: str) -> str:
        if not _ANONYMOUS.fullmatch(raw):
            return raw
        if raw not in self._labels:
            number = len(self._labels)
            while (label := f"b{number}") in self._written_labels or label in self._labels.values():
                number += 1
            self._labels[raw] = label
        return self._labels[raw]

    def triples(self, blocks: Raw) -> Iterator[n.Triple]:
        """Triples of blocks that rdflib gives as flat lists of subject, predicate, object, subject, …"""
        for block in blocks or ():
            flat = list(block)
            for at in range(0, len(flat), 3):
                subject, predicate, object_ = flat[at : at + 3]
                yield n.Triple(self.term(subject), self.predicate(predicate), self.term(object_))

    def predicate(self, raw: Raw) -> n.Variable | n.Path:
        import rdflib

        return self.variable(raw) if isinstance(raw, rdflib.Variable) else self.path(raw)

    def path(self, raw: Raw) -> n.Path:
        kind = getattr(raw, "name", None)
        if kind == "PathAlternative":
            parts = tuple(self.path(part) for part in raw["part"])
            return parts[0] if len(parts) == 1 else n.AlternativePath(parts)
        if kind == "PathSequence":
            parts = tuple(self.path(part) for part in raw["part"])
            return parts[0] if len(parts) == 1 else n.SequencePath(parts)
        if kind == "PathEltOrInverse":
            return n.InversePath(self.path(raw["part"]))
        if kind == "PathElt":
            part = self.path(raw["part"])
            return n.RepeatedPath(part, cast(Any, str(raw["mod"]))) if "mod" in raw else part
        if kind == "PathNegatedPropertySet":
            return self._negated_set(raw)
        if kind == "DistinctPath":
            raise NotStandard("DISTINCT(path)")
        return self.iri(raw)

    def _negated_set(self, raw: Raw) -> n.Path:
        if "part" not in raw:
            return n.AlternativePath((n.TYPE, n.NegatedPath((n.TYPE,))))
        return n.NegatedPath(tuple(self._negated(part) for part in raw["part"]))

    def _negated(self, raw: Raw) -> n.IRI | n.InversePath:
        if getattr(raw, "name", None) == "InversePath":
            return n.InversePath(self.iri(raw["part"]))
        return self.iri(raw)
