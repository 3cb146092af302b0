# SPDX-License-Identifier: Apache-2.0
"""Shape files to what a check runs: the shapes graph, and for each constraint its population and applicability queries.

A constraint's ``sh:sparql`` nodes each carry a condition (the slug of a severity row), whether they find an absence,
and whether their results mean that dates leave the matter open. They get IRIs here, made of shape and condition, so
that a result says which of them it came from on every engine.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

import pyoxigraph as ox

from icsgraph.law.planned import planned
from icsgraph.model.errors import ShapesError
from icsgraph.model.namespaces import DCTERMS, ICS, ICSC, ICSS, OWL, RDF, RDFS, SH
from icsgraph.store import shipped
from icsgraph.store.load import DataFile, find_files, read
from icsgraph.store.select import text

_SPARQL: Final = ox.NamedNode(SH + "sparql")
_CONDITION: Final = ox.NamedNode(ICS + "condition")
_TERMS: Final = tuple(SH + name for name in ("targetClass", "targetSubjectsOf", "targetObjectsOf", "class", "path"))


@dataclass(frozen=True, slots=True)
class Check:
    """One ``sh:sparql`` node: the constraint whose check it is, and what its results mean."""

    constraint: str
    condition: str
    finds_absence: bool
    undecided: bool


@dataclass(frozen=True, slots=True)
class ShapeSet:
    """Shapes ready to run; ``checks`` is by the IRI of the ``sh:sparql`` node, ``shapes`` maps shape to constraint.

    ``shipped`` says whether they are the whole catalogue that ships, or some of it.
    """

    quads: tuple[ox.Quad, ...]
    checks: dict[str, Check]
    shapes: dict[str, str]
    population: dict[str, str]
    applicability: dict[str, str]
    shipped: Literal["all", "some"] | None = None


def shipped_shapes(only: Iterable[str] | None = None) -> ShapeSet:
    """Read the shapes that ship with icsgraph: of all constraints with the forms of records, or of some constraints.

    Raises:
        ShapesError: E312, when a constraint of ``only`` has no shape.
    """
    root = shipped.root()
    paths = list(shipped.files("shapes"))
    if only is not None:
        wanted = set(only)
        have = {path.stem for path in paths}
        for name in sorted(wanted - have):
            near = difflib.get_close_matches(name, have, n=3, cutoff=0.3)
            raise ShapesError("E312", name, "no shape checks a constraint of that id", f"Near ones: {', '.join(near)}.")
        paths = [path for path in paths if path.stem in wanted or path.stem == "prefixes"]
    files = [DataFile(path, path.relative_to(root).as_posix()) for path in paths]
    found = _shape_set(files, {path.stem: path.parent for path in paths})
    return replace(found, shipped="all" if only is None else "some")


def own_shapes(paths: Iterable[Path]) -> ShapeSet:
    """Read a user's own shapes; they have no population queries, so their findings are plain."""
    return _shape_set(find_files(paths), {})


def _shape_set(files: Iterable[DataFile], folders: dict[str, Path]) -> ShapeSet:
    quads = [quad for file in files for quad in read(file)]
    shapes = {
        q.subject.value: text(q.object).removeprefix(ICSC)
        for q in quads
        if q.predicate.value == DCTERMS + "conformsTo"
        and isinstance(q.subject, ox.NamedNode)
        and text(q.object).startswith(ICSC)
    }
    named = _names(quads)
    renamed = tuple(_renamed(q, named) for q in quads)
    checks = {}
    owner = {text(q.object): text(q.subject) for q in renamed if q.predicate == _SPARQL}
    said = {(text(q.subject), q.predicate.value): text(q.object) for q in renamed if q.predicate.value.startswith(ICS)}
    for node, shape in owner.items():
        if shape in shapes and (node, ICS + "condition") in said:
            checks[node] = Check(
                shapes[shape], said[node, ICS + "condition"],
                said.get((node, ICS + "findsAbsence")) == "true", said.get((node, ICS + "undecided")) == "true",
            )  # fmt: skip
    queries = {
        kind: {
            name: planned(path.read_text(encoding="utf-8"))
            for name, folder in folders.items()
            if (path := folder / f"{name}.{kind}.rq").is_file()
        }
        for kind in ("population", "applicability")
    }
    return ShapeSet(renamed, checks, shapes, queries["population"], queries["applicability"])


def _names(quads: Iterable[ox.Quad]) -> dict[ox.BlankNode, ox.NamedNode]:
    quads = list(quads)
    condition = {q.subject: text(q.object) for q in quads if q.predicate == _CONDITION}
    owners = [(q.subject, q.object) for q in quads if q.predicate == _SPARQL and isinstance(q.object, ox.BlankNode)]
    return {
        node: ox.NamedNode(f"{shape.value}/{condition[node]}")
        for shape, node in owners
        if node in condition and isinstance(shape, ox.NamedNode)
    }


def _renamed(quad: ox.Quad, named: dict[ox.BlankNode, ox.NamedNode]) -> ox.Quad:
    subject, obj = named.get(quad.subject, quad.subject), named.get(quad.object, quad.object)  # type: ignore[arg-type]
    return ox.Quad(subject, quad.predicate, obj)


def refuse_unknown_terms(shapes: ShapeSet, store: ox.Store) -> None:
    """Refuse shapes that target or constrain a term which a loaded ontology's namespace should have, and has not.

    Raises:
        ShapesError: E311, naming the term and near ones: a misspelt target would otherwise look at nothing.
    """
    types = store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), None, ox.DefaultGraph())
    declared = {q.subject.value for q in types
                if text(q.object).startswith((OWL, RDFS)) and isinstance(q.subject, ox.NamedNode)}  # fmt: skip
    spaces = {_space(term) for term in declared}
    for quad in shapes.quads:
        if quad.predicate.value not in _TERMS or not isinstance(quad.object, ox.NamedNode):
            continue
        term = quad.object.value
        if _space(term) in spaces | {ICS, ICSS} and term not in declared:
            local = {d.removeprefix(_space(term)): d for d in declared if _space(d) == _space(term)}
            near = difflib.get_close_matches(term.removeprefix(_space(term)), local, n=3, cutoff=0.5)
            mend = f"Did you mean {', '.join(near)}?" if near else "Declare the term, or use one that is declared."
            subject = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else "a shape"
            raise ShapesError("E311", subject, f"<{term}> is not declared in its namespace", mend)


def _space(iri: str) -> str:
    head, mark, _ = iri.rpartition("#")
    if mark:
        return head + mark
    head, mark, _ = iri.rpartition("/")
    return head + mark
