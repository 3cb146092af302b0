# SPDX-License-Identifier: Apache-2.0
"""Triples to bytes, always the same bytes: canonical Turtle, and sorted N-Triples in gzip for large graphs.

Canonical Turtle has one block of the prefixes that are used, subjects in order of their IRIs, ``rdf:type`` before the
other predicates, one line for each predicate, and blank nodes nested where they are used. Two equal graphs give equal
bytes, so that a difference between two versions of a file is a difference in meaning.
"""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, Triple

from icsgraph.model.namespaces import PREFIXES, RDF, XSD

type_predicate: Final = NamedNode(RDF + "type")
_SAFE_LOCAL: Final = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_\-])?)?")
_INTEGER: Final = re.compile(r"[+-]?[0-9]+")
_DECIMAL: Final = re.compile(r"[+-]?[0-9]*\.[0-9]+")
_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})

Subject = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal | Triple


def turtle(triples: Iterable[Triple], *, prefixes: Mapping[str, str] = PREFIXES, comment: Sequence[str] = ()) -> str:
    """Write triples as canonical Turtle; duplicates are written once, and blank node labels do not matter.

    Args:
        prefixes: prefix to namespace; of two namespaces that fit an IRI the longer is used.
        comment: lines, without ``#``, that open the file.
    """
    return _Writer(_settled(triples), prefixes).text(comment)


def ntriples_gz(triples: Iterable[Triple], *, comment: Sequence[str] = ()) -> bytes:
    """Write triples as sorted N-Triples in gzip without time or file name; for graphs too large to read in an editor.

    The compressed bytes may differ between versions of zlib: compare what they hold.
    """
    lines = [f"# {line}".rstrip() for line in comment]
    lines += sorted(f"{triple} ." for triple in _settled(triples))
    return gzip.compress(("\n".join(lines) + "\n").encode(), compresslevel=9, mtime=0)


def _settled(triples: Iterable[Triple]) -> set[Triple]:
    """Remove duplicates, and give blank nodes labels that follow from the graph alone."""
    unique = set(triples)
    if not any(isinstance(term, BlankNode) for triple in unique for term in (triple.subject, triple.object)):
        return unique
    dataset = Dataset(Quad(*triple) for triple in unique)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {quad.triple for quad in dataset}


class _Writer:
    """One graph and the prefixes found to be used while it is written."""

    def __init__(self, triples: set[Triple], prefixes: Mapping[str, str]) -> None:
        self._namespaces = sorted(prefixes.items(), key=lambda item: (-len(item[1]), item[0]))
        self._used: set[tuple[str, str]] = set()
        self._by_subject: dict[Term, dict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
        users: dict[Term, list[Term]] = defaultdict(list)
        for triple in triples:
            self._by_subject[triple.subject][triple.predicate].append(triple.object)
            if isinstance(triple.object, BlankNode):
                users[triple.object].append(triple.subject)
        self._nested = {node for node, by in users.items() if len(by) == 1 and not _leads_to_itself(node, users)}
        self._iri = lru_cache(maxsize=None)(self._shortened)

    def text(self, comment: Sequence[str]) -> str:
        subjects = sorted((s for s in self._by_subject if s not in self._nested), key=_subject_order)
        blocks = [f"{self._term(s, '')}{self._predicates(s, '    ')} .\n" for s in subjects]
        head = [f"# {line}".rstrip() for line in comment]
        head += [""] if head else []
        head += [f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in sorted(self._used)]
        return "\n".join([*head, "", *blocks]) if blocks else "\n".join(head) + "\n"

    def _predicates(self, subject: Term, indent: str) -> str:
        found = self._by_subject.get(subject, {})
        lines = []
        for predicate in sorted(found, key=lambda p: (p != type_predicate, p.value)):
            verb = "a" if predicate == type_predicate else self._iri(predicate.value)
            lines.append(f"{verb} " + " , ".join(sorted(self._term(o, indent) for o in found[predicate])))
        if len(lines) == 1:
            return " " + lines[0]
        return f"\n{indent}" + f" ;\n{indent}".join(lines)

    def _term(self, term: Term, indent: str) -> str:
        if isinstance(term, NamedNode):
            return self._iri(term.value)
        if isinstance(term, Literal):
            return self._literal(term)
        if term in self._nested:
            return f"[{self._predicates(term, indent + '    ')} ]"
        return str(term)

    def _literal(self, literal: Literal) -> str:
        value, datatype = literal.value, literal.datatype.value
        if (
            (datatype == XSD + "integer" and _INTEGER.fullmatch(value))
            or (datatype == XSD + "decimal" and _DECIMAL.fullmatch(value))
            or (datatype == XSD + "boolean" and value in ("true", "false"))
        ):
            return value
        quoted = f'"{value.translate(_ESCAPES)}"'
        if literal.language:
            return f"{quoted}@{literal.language}"
        return quoted if datatype == XSD + "string" else f"{quoted}^^{self._iri(datatype)}"

    def _shortened(self, iri: str) -> str:
        for prefix, namespace in self._namespaces:
            if iri.startswith(namespace) and _SAFE_LOCAL.fullmatch(iri, len(namespace)):
                self._used.add((prefix, namespace))
                return f"{prefix}:{iri[len(namespace) :]}"
        return f"<{iri}>"


def _leads_to_itself(node: Term, users: Mapping[Term, list[Term]]) -> bool:
    """Whether following the single users of a blank node upwards comes back to it: such a ring cannot be nested."""
    seen: set[Term] = set()
    while node in users and len(users[node]) == 1 and node not in seen:
        seen.add(node)
        node = users[node][0]
    return node in seen


def _subject_order(subject: Term) -> tuple[bool, str]:
    return isinstance(subject, BlankNode), str(subject)
