# SPDX-License-Identifier: Apache-2.0
"""Content to tidy tables: one for each class, and one for each relation; each statement of a thing is in one of them.

A property with at most one value for every thing is a column of the tables of its things' classes; where its values
are things, a column with their names follows. A property with several values for some thing is a relation, a table of
its own with a row for each statement. A thing of two classes has a row in the table of each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from icsgraph.exports.content import MERGED, Content, Node, short
from icsgraph.model.namespaces import DCTERMS, RDF, RDFS, SKOS
from icsgraph.queries.values import Kind, Value, column
from icsgraph.store.select import Term, text

_TYPE: Final = ox.NamedNode(RDF + "type")
_MEANING: Final = tuple(ox.NamedNode(iri) for iri in (SKOS + "definition", DCTERMS + "description", RDFS + "comment"))
_NO_CLASS: Final = "Thing"
_Values = dict[Node, list[Term]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``property`` is the IRI that it stands for, empty for what helps a reader; ``what`` documents it."""

    name: str
    kind: Kind
    values: list[Value]
    property: str
    what: str
    is_iri: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a class or of a relation: its IRI (empty for things without a class), and what it means."""

    name: str
    iri: str
    what: str
    is_relation: bool
    columns: list[Column] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return len(self.columns[0].values)


def tables(content: Content) -> list[Table]:
    """Give the tables, classes before relations, each sorted by name; rows are sorted by what they tell of."""
    return _Tabler(content).tables()


def counted(made: Iterable[Table]) -> str:
    """Say how many tables and rows there are."""
    listed = list(made)
    return f"{len(listed)} tables with {sum(table.rows for table in listed):,} rows"


class _Tabler:
    def __init__(self, content: Content) -> None:
        self._store = content.store
        self._classes: dict[ox.NamedNode | None, set[Node]] = defaultdict(set)
        self._values: dict[ox.NamedNode, _Values] = defaultdict(lambda: defaultdict(list))
        typed: set[Node] = set()
        for triple in set(content.triples()):
            if triple.predicate == _TYPE and isinstance(triple.object, ox.NamedNode):
                self._classes[triple.object].add(triple.subject)
                typed.add(triple.subject)
            else:
                self._values[triple.predicate][triple.subject].append(triple.object)
        untyped = {subject for found in self._values.values() for subject in found} - typed
        if untyped:
            self._classes[None] = untyped
        things = [node for found in self._values.values() for node in (*found, *(o for v in found.values() for o in v))]
        self._labels = content.labels([*things, *typed])
        self._relations = {p for p, found in self._values.items() if any(len(v) > 1 for v in found.values())}
        self._names: set[str] = set()

    def tables(self) -> list[Table]:
        classes = sorted(self._classes, key=lambda c: (c is None, "" if c is None else short(c.value).lower()))
        made = [self._of_class(each) for each in classes]
        return made + [self._of_relation(p) for p in sorted(self._relations, key=lambda p: short(p.value).lower())]

    def _of_class(self, kind: ox.NamedNode | None) -> Table:
        iri = kind.value if kind else ""
        things = sorted(self._classes[kind], key=str)
        what = self._meaning(kind) if kind else "things whose class is not among what was exported"
        made = Table(self._name(short(iri) if kind else _NO_CLASS), iri, what, False, self._named("iri", things))
        singles = [
            p for p, found in self._values.items() if p not in self._relations and any(t in found for t in things)
        ]
        for prop in sorted(singles, key=lambda p: short(p.value).lower()):
            found = self._values[prop]
            name, number = short(prop.value), 1
            while {name, f"{name}Label"} & {column.name for column in made.columns}:
                number += 1
                name = f"{short(prop.value)}-{number}"
            made.columns.extend(self._column(prop, [found[t][0] if t in found else None for t in things], name))
        return made

    def _of_relation(self, prop: ox.NamedNode) -> Table:
        pairs = sorted(
            ((s, o) for s, objects in self._values[prop].items() for o in objects), key=lambda p: (str(p[0]), str(p[1]))
        )
        made = Table(self._name("relation-" + short(prop.value)), prop.value, self._meaning(prop), True)
        made.columns.extend(self._named("subject", [s for s, _ in pairs]))
        objects: list[Term | None] = [o for _, o in pairs]
        made.columns.extend(self._column(prop, objects, "value"))
        languages = [o.language or "" if isinstance(o, ox.Literal) else "" for o in objects]
        if len(set(languages)) > 1:
            made.columns.append(Column("language", Kind.TEXT, list(languages), "", "language of the text"))
        return made

    def _column(self, prop: ox.NamedNode, terms: list[Term | None], name: str) -> list[Column]:
        kind, values = column(terms)
        there = [term for term in terms if term is not None]
        languages = {term.language or "" if isinstance(term, ox.Literal) else "" for term in there}
        iris = all(isinstance(term, ox.NamedNode) for term in there)
        language = languages.pop() if len(languages) == 1 else ""
        made = [Column(name, kind, values, prop.value, self._meaning(prop), iris, language)]
        if any(not isinstance(term, ox.Literal) for term in there):
            made.append(self._label_column(name, terms))
        return made

    def _named(self, name: str, things: list[Node]) -> list[Column]:
        iris: list[Value] = [text(thing) for thing in things]
        all_iris = all(isinstance(thing, ox.NamedNode) for thing in things)
        own = Column(name, Kind.TEXT, iris, "", "identifier of the thing that the row tells of", all_iris)
        return [own, self._label_column("" if name == "iri" else name, things)]

    def _label_column(self, name: str, terms: Iterable[Term | None]) -> Column:
        labels: list[Value] = [self._labels.get(t) if isinstance(t, ox.NamedNode) else None for t in terms]
        return Column(f"{name}Label" if name else "label", Kind.TEXT, labels, "", f"what {name or 'it'} is called")

    def _meaning(self, term: ox.NamedNode) -> str:
        for prop in _MEANING:
            for quad in self._store.quads_for_pattern(term, prop, None, MERGED):
                return text(quad.object) if isinstance(quad.object, ox.Literal) else ""
        return ""

    def _name(self, wanted: str) -> str:
        """A name that no other table has, on file systems that pass over case as well."""
        safe = "".join(c if c.isalnum() or c in "._-" else "_" for c in wanted)
        name, number = safe, 1
        while name.lower() in self._names:
            number += 1
            name = f"{safe}-{number}"
        self._names.add(name.lower())
        return name
