# SPDX-License-Identifier: Apache-2.0
"""Terms of a query to whether the data have them, how often, and which they have that look like them.

Everything is asked in SPARQL, so it serves a store here and an endpoint alike.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from icsgraph.algebra import Role, TermUse, nodes, terms, walk
from icsgraph.model.namespaces import PREFIXES, RDF, RDFS, XSD
from icsgraph.queries.selecting import Select, Term

_SAFE: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_ALIKE: Final = 0.72  # of difflib's ratio: a slip of the pen, not another word
_SHARED: Final = 0.6  # of the words of two names: one word too many or too few
_INITIALS: Final = 0.9
_OFTEN_MEANT: Final = {  # words of everyday for names that vocabularies have
    "name": ("label", "prefLabel"), "title": ("label", "prefLabel", "title"), "code": ("odsCode", "onsCode"),
    "kind": ("type",), "class": ("type",), "startdate": ("firstDay",), "enddate": ("lastDay",), "date": ("onDate",),
}  # fmt: skip
SAME: Final = 0.97  # of likeness: but for capitals, namespace, or http for https
_DATATYPES: Final = frozenset(
    re.findall(
        r"\w+",
        """string boolean decimal integer double float date time dateTime dateTimeStamp gYear gMonth gDay gYearMonth
        gMonthDay duration yearMonthDuration dayTimeDuration byte short int long unsignedByte unsignedShort unsignedInt
        unsignedLong positiveInteger nonNegativeInteger negativeInteger nonPositiveInteger hexBinary base64Binary
        anyURI language normalizedString token NMTOKEN Name NCName""",
    )
)


@dataclass(frozen=True, slots=True)
class Near:
    """A term that the data have, how often, and how much it is like another: 1 is the same but for its namespace."""

    iri: str
    times: int
    likeness: float


@dataclass
class Vocabulary:
    """What the data hold, asked of them when first needed."""

    select: Select
    _counts: dict[Role, dict[str, int]] = field(default_factory=dict)
    _near: dict[tuple[str, Role], tuple[Near, ...]] = field(default_factory=dict)

    def used(self, iri: str, role: Role) -> bool:
        """Say whether the data use an IRI in a role; of a function or a datatype that is not of XSD nobody can tell."""
        match role:
            case Role.CLASS:
                return self._some(f"?x a <{iri}>")
            case Role.PROPERTY:
                return self._some(f"?x <{iri}> ?y")
            case Role.GRAPH:
                return self._some(f"GRAPH <{iri}> {{ ?s ?p ?o }}")
            case _ if iri.startswith(XSD):
                return iri.removeprefix(XSD) in _DATATYPES
            case Role.DATATYPE:
                return True
            case Role.FUNCTION:
                return True
            case _:
                return self._some(f"<{iri}> ?p ?o") or self._some(f"?s ?p <{iri}>") or self._some(f"?s <{iri}> ?o")

    def declared(self, iri: str, role: Role) -> bool:
        """Say whether the data declare a class or property, whether or not anything uses it."""
        return role in (Role.CLASS, Role.PROPERTY) and self._some(f"<{iri}> a ?kind")

    def instances_below(self, iri: str) -> int:
        """Give how many things belong to a class through its subclasses."""
        query = f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ ?x <{RDF}type>/<{RDFS}subClassOf>* <{iri}> }}"
        rows = self.select(query)
        return _number(rows[0][0]) if rows else 0

    def near(self, iri: str, role: Role, most: int = 3) -> tuple[Near, ...]:
        """Give terms in use that look like an IRI, the likeliest first; with equal likeness the one used most."""
        if (iri, role) not in self._near:
            self._near[iri, role] = self._look_near(iri, role)
        return self._near[iri, role][:most]

    def _look_near(self, iri: str, role: Role) -> tuple[Near, ...]:
        candidates = self._counted(role) if role in (Role.CLASS, Role.PROPERTY) else self._beside(iri)
        if role is Role.INDIVIDUAL and _local(iri) and not any(likeness(iri, other) for other in candidates):
            candidates = self._ending_alike(iri)
        rated = (Near(other, times, likeness(iri, other)) for other, times in candidates.items() if other != iri)
        found = sorted((n for n in rated if n.likeness > 0), key=lambda n: (-n.likeness, -n.times, n.iri))
        return tuple(found)

    def _counted(self, role: Role) -> dict[str, int]:
        if role not in self._counts:
            pattern = "?x a ?t" if role is Role.CLASS else "?x ?t ?y"
            rows = self.select(f"SELECT ?t (COUNT(*) AS ?n) {{ {pattern} }} GROUP BY ?t")
            self._counts[role] = {term.value: _number(n) for term, n in rows if isinstance(term, ox.NamedNode)}
        return self._counts[role]

    def _beside(self, iri: str) -> dict[str, int]:
        """The things whose IRI differs from this one after its last / or # only, or in http for https."""
        space = re.sub(r"^https?", "", iri[: max(iri.rfind("/"), iri.rfind("#")) + 1])
        starts = " || ".join(f'STRSTARTS(STR(?x), "{scheme}{_escaped(space)}")' for scheme in ("http", "https"))
        rows = self.select(f"SELECT ?x (COUNT(*) AS ?n) {{ ?x ?p ?o FILTER(isIRI(?x) && ({starts})) }} GROUP BY ?x")
        return {term.value: _number(n) for term, n in rows if isinstance(term, ox.NamedNode)}

    def _ending_alike(self, iri: str) -> dict[str, int]:
        """The things whose IRI ends as this one does, wherever it begins."""
        end = _escaped(_local(iri).lower())
        named = f"?x <{RDFS}label>|<{PREFIXES['skos']}prefLabel> ?name"
        alike = " || ".join(f'STRENDS(LCASE(STR(?x)), "{mark}{end}")' for mark in "/#")
        inner = f"SELECT DISTINCT ?x {{ {named} FILTER(isIRI(?x) && ({alike})) }}"
        rows = self.select(f"SELECT ?x (COUNT(*) AS ?n) {{ {{ {inner} }} ?x ?p ?o }} GROUP BY ?x")
        return {term.value: _number(n) for term, n in rows if isinstance(term, ox.NamedNode)}

    def _some(self, pattern: str) -> bool:
        return bool(self.select(f"SELECT (1 AS ?one) {{ {pattern} }} LIMIT 1"))


def unused(query: nodes.Query, vocabulary: Vocabulary) -> list[TermUse]:
    """Give the terms of a query that the data do not use in their role; a class asked for by way of its subclasses
    need only be there.
    """
    direct = {node.object for node in walk(query) if isinstance(node, nodes.Triple) and node.predicate == nodes.TYPE}
    found = []
    for use in terms(query):
        through = use.role is Role.CLASS and use.iri not in direct
        if not vocabulary.used(use.iri.value, Role.INDIVIDUAL if through else use.role):
            found.append(use)
    return found


def likeness(iri: str, other: str) -> float:
    """Give how much the last parts of two IRIs are alike, by letters or by words: from 0, not at all, to 1."""
    if re.sub(r"^https?", "", iri) == re.sub(r"^https?", "", other):
        return 1.0
    one, two = _local(iri), _local(other)
    if not one or not two:
        return 0.0
    same_space = 0.02 if iri[: -len(one)] == other[: -len(two)] else 0.0
    if one.lower() == two.lower():
        return SAME + same_space
    if len(one) > 1 and one.isupper() and one == "".join(word[0] for word in _WORDS.findall(two)).upper():
        return _INITIALS + same_space
    if two in _OFTEN_MEANT.get(one.lower(), ()):
        return _INITIALS
    letters = difflib.SequenceMatcher(None, one.lower(), two.lower()).ratio()
    mine, theirs = ({word.lower() for word in _WORDS.findall(name)} for name in (one, two))
    words = len(mine & theirs) / len(mine | theirs) if mine and theirs else 0.0
    best = max(letters if letters >= _ALIKE else 0.0, words if words >= _SHARED else 0.0)
    return best and min(best, 0.95) + same_space


def _local(iri: str) -> str:
    return iri[max(iri.rfind("/"), iri.rfind("#")) + 1 :]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _number(term: Term | None) -> int:
    return int(term.value) if isinstance(term, ox.Literal) else 0


def shortened(iri: str, prefixes: Mapping[str, str] = PREFIXES) -> str:
    """Give an IRI by its prefix where a prefixed name can be written for it, else in angle brackets."""
    for prefix, space in sorted(prefixes.items(), key=lambda item: -len(item[1])):
        if iri.startswith(space) and _SAFE.fullmatch(iri.removeprefix(space)):
            return f"{prefix}:{iri.removeprefix(space)}"
    return f"<{iri}>"
