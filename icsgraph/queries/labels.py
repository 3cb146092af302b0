# SPDX-License-Identifier: Apache-2.0
"""Rows to rows with names: beside each column that holds IRIs, one with what they are called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeAlias

import pyoxigraph as ox

from icsgraph.model.namespaces import DCTERMS, RDFS, SKOS

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Rows: TypeAlias = Sequence[Sequence[Term | None]]
Select: TypeAlias = Callable[[str], Rows]
NAMING: Final = (SKOS + "prefLabel", RDFS + "label", DCTERMS + "title")
_AT_ONCE: Final = 200  # IRIs asked for in one query of an endpoint


def labels_in(store: ox.Store, iris: Iterable[ox.NamedNode]) -> dict[ox.NamedNode, ox.Literal]:
    """Give the name of each IRI that has one in the store's default graph: in English, else without language, else any.

    Of several properties the first of :data:`NAMING` counts.
    """
    properties = [ox.NamedNode(name) for name in NAMING]
    found = {}
    for iri in set(iris):
        for prop in properties:
            names = [quad.object for quad in store.quads_for_pattern(iri, prop, None, ox.DefaultGraph())]
            literals = [name for name in names if isinstance(name, ox.Literal)]
            if literals:
                found[iri] = min(literals, key=_preference)
                break
    return found


def labels_by(select: Select, iris: Iterable[ox.NamedNode]) -> dict[ox.NamedNode, ox.Literal]:
    """Give the same by asking a remote store, some hundred IRIs at a time."""
    found: dict[ox.NamedNode, dict[str, ox.Literal]] = {}
    naming = " ".join(f"<{name}>" for name in NAMING)
    wanted_iris = sorted(set(iris), key=str)
    for start in range(0, len(wanted_iris), _AT_ONCE):
        listed = " ".join(map(str, wanted_iris[start : start + _AT_ONCE]))
        wanted = f"SELECT ?x ?p ?name WHERE {{ VALUES ?x {{ {listed} }} VALUES ?p {{ {naming} }} ?x ?p ?name }}"
        for thing, prop, name in select(wanted):
            if isinstance(thing, ox.NamedNode) and isinstance(prop, ox.NamedNode) and isinstance(name, ox.Literal):
                kept = found.setdefault(thing, {})
                kept[prop.value] = min((name, kept.get(prop.value, name)), key=_preference)
    return {thing: next(names[prop] for prop in NAMING if prop in names) for thing, names in found.items()}


def _preference(name: ox.Literal) -> tuple[int, str]:
    language = name.language or ""
    return (0 if language.split("-")[0] == "en" else 1 if not language else 2), name.value


def with_labels(
    columns: Sequence[str], rows: Rows, labels: Mapping[ox.NamedNode, ox.Literal]
) -> tuple[tuple[str, ...], list[tuple[Term | None, ...]]]:
    """Put a column ``nameLabel`` after each column in which an IRI has a name."""
    named = {at for row in rows for at, term in enumerate(row) if isinstance(term, ox.NamedNode) and term in labels}
    wide: list[str] = []
    for at, name in enumerate(columns):
        wide.append(name)
        if at in named:
            wide.append(_free(f"{name}Label", {*columns, *wide}))
    return tuple(wide), [tuple(_widened(row, named, labels)) for row in rows]


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _widened(
    row: Sequence[Term | None], named: set[int], labels: Mapping[ox.NamedNode, ox.Literal]
) -> Iterable[Term | None]:
    for at, term in enumerate(row):
        yield term
        if at in named:
            yield labels.get(term) if isinstance(term, ox.NamedNode) else None


def iris_of(rows: Rows) -> set[ox.NamedNode]:
    """Give every IRI in the rows."""
    return {term for row in rows for term in row if isinstance(term, ox.NamedNode)}


def naming_triples(labels: Mapping[ox.NamedNode, ox.Literal]) -> tuple[ox.Triple, ...]:
    """Give names as triples, for an answer of triples."""
    return tuple(ox.Triple(thing, ox.NamedNode(RDFS + "label"), name) for thing, name in labels.items())
