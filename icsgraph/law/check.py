# SPDX-License-Identifier: Apache-2.0
"""A graph and shapes to a report: runs the engine, has the results judged, and adds what the report says of itself."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Literal, TypeAlias

import pyoxigraph as ox

from icsgraph.law.catalogue import Catalogue, read_catalogue
from icsgraph.law.compiled import compiled
from icsgraph.law.completeness import Completeness
from icsgraph.law.coverage import coverage, with_shape
from icsgraph.law.duties import duties, law_read
from icsgraph.law.findings import Report
from icsgraph.law.ground import Ground
from icsgraph.law.judge import Judge
from icsgraph.law.places import Places
from icsgraph.law.population import twins, with_twins
from icsgraph.law.shapes import ShapeSet, refuse_unknown_terms, shipped_shapes
from icsgraph.law.terms import with_terms
from icsgraph.model.namespaces import ICS, RDF
from icsgraph.store import shipped
from icsgraph.store.opened import Opened
from icsgraph.store.select import text as term_text

Engine: TypeAlias = Literal["compiled", "pyshacl"]


def check(
    opened: Opened,
    shapes: ShapeSet | None = None,
    *,
    systems: Sequence[str] = (),
    engine: Engine = "compiled",
    everything: bool = False,
    ground: Ground | None = None,
) -> Report:
    """Check a graph against shapes, the shipped ones unless others are given.

    Args:
        systems: IRIs of the boards or partnerships to look at, with the councils that lie in their areas on the
            as-at date; without any, those of which the users' files keep records; and where these name and describe
            none, or with ``everything``, all in the graph.
        engine: ``compiled`` or ``pyshacl``; both give the same findings.
        ground: where the records are, if not in ``opened`` itself: an endpoint.

    Raises:
        ShapesError: when a shape names an unknown term or cannot be run.
    """
    shapes = shapes or shipped_shapes()
    refuse_unknown_terms(shapes, opened.store)
    ground = ground or Ground(opened)
    same = twins(opened.store)
    if systems:
        scope = ground.with_authorities(with_twins(systems, same))
    else:
        scope = set() if everything else ground.systems(same)
    queries = compiled(shapes)
    raw = ground.validate(queries, engine)
    if shapes.shipped is not None:
        raw = with_terms(raw, ground)
    catalogue = read_catalogue(opened.store)
    behind = duties(opened.store, catalogue, shapes.shapes.values())
    judge = Judge(ground, shapes, catalogue, Completeness(opened.store, same), scope, behind, proved(shapes))
    findings, looked, forms = judge.judge(raw)
    own = shapes.shipped is None
    read = law_read(opened.store)
    places, edition = Places(opened), catalogue.edition_on(opened.as_at.isoformat())
    return Report(
        as_at=opened.as_at, findings=findings, coverage=(*looked, *forms) if own else looked,
        not_run=_not_run(catalogue, shapes), systems=tuple(sorted(scope)), parameters=opened.parameters,
        engine=raw.engine, forms=() if own else forms, duties=behind, law_read=read,
        edition=edition, edition_id=judge.edition_years.get(edition, ""),
        boards=tuple(sorted(places.label(iri) for iri in scope if _is_board(opened, iri))),
        files={file.name: "" if file.path.is_absolute() else file.path.as_posix() for file in opened.files},
        labels={iri: places.label(iri) for iri in scope},
        warnings=ground.notes() + tuple(
            f"{_local(term_text(r.shape))} ran on {r.engine or 'no engine'}: {r.reason}" for r in raw.shapes if r.reason
        ),
        versions={
            "icsgraph": _version("icsgraph"), "engine": _engine(raw.engine),
            "law": shipped.digest(shipped.files("data/law"))[:12], "shapes": queries.digest[:12],
            "data": opened.version[:12], "editions": "; ".join(label for label, _, _ in catalogue.editions),
        },
    )  # fmt: skip


def proved(shapes: ShapeSet) -> frozenset[str] | None:
    """Give the constraints that case files of both kinds prove; None for shapes that do not ship, which have none."""
    if shapes.shipped is None:
        return None
    with (shipped.root() / "shapes" / "proved.csv").open(encoding="utf-8", newline="") as stream:
        return frozenset(row["constraint"] for row in csv.DictReader(stream))


def _is_board(opened: Opened, iri: str) -> bool:
    board = ox.NamedNode(ICS + "IntegratedCareBoard")
    quads = opened.store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(RDF + "type"), board, ox.DefaultGraph())
    return any(True for _ in quads)


def _not_run(catalogue: Catalogue, shapes: ShapeSet) -> tuple[tuple[str, str], ...]:
    ran, have = set(shapes.shapes.values()), with_shape()
    return tuple(
        (c.constraint, "not asked for" if c.constraint in have else f"{c.state}: {c.why}")
        for c in coverage(catalogue, have)
        if c.constraint not in ran
    )


def _engine(name: str) -> str:
    libraries = {"compiled": ("pyoxigraph",), "pyshacl": ("pyshacl", "rdflib")}.get(name, ())
    return ", ".join((name, *(f"{each} {_version(each)}" for each in libraries)))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "unknown"


def _local(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]
