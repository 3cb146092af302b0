# SPDX-License-Identifier: Apache-2.0
"""The W3C SHACL test suite, every case of Core and SPARQL, on the compiled engine."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest

from icsgraph.model.errors import ShapesError
from icsgraph.shacl import compile_shapes, read_shapes, validate
from icsgraph.shacl.graph import ShapesGraph
from icsgraph.shacl.terms import sh

SUITE = Path(__file__).resolve().parents[3] / "shared" / "suites" / "w3c-shacl"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
EXPECTED = {"core": 98, "sparql": 23}
ONCE = ("core/property/property-001", "core/validation-reports/shared")
"""Cases that expect one result twice, because two ways lead to it; it is one finding here. docs/reference/shacl.md."""


@dataclass(frozen=True)
class Case:
    name: str
    file: Path
    node: ox.NamedNode


def parsed(path: Path) -> list[ox.Quad]:
    return list(ox.parse(path=str(path), base_iri=path.as_uri(), format=ox.RdfFormat.TURTLE))


def cases() -> list[Case]:
    found = []
    for path in sorted(SUITE.rglob("*.ttl")):
        index = ShapesGraph(parsed(path))
        for manifest in index.predicates.get(ox.NamedNode(MF + "entries"), ()):
            for head in index.objects(manifest, ox.NamedNode(MF + "entries")):
                for node in index.members(manifest, head):
                    found.append(Case(f"{path.relative_to(SUITE).parent}/{path.stem}", path, node))
    return found


CASES = cases() if SUITE.is_dir() else []
pytestmark = pytest.mark.skipif(not CASES, reason=f"the W3C SHACL suite is not at {SUITE.name} beside the checkout")


def graph_of(case: Case, index: ShapesGraph, role: str) -> Path:
    (action,) = index.objects(case.node, ox.NamedNode(MF + "action"))
    (iri,) = index.objects(action, ox.NamedNode(SHT + role))
    return Path(iri.value.removeprefix("file://"))


def run(case: Case):
    """The results for a case, its shapes graph held in the same store under its own name."""
    index = ShapesGraph(parsed(case.file))
    name = ox.NamedNode(case.file.as_uri())
    store = ox.Store()
    store.extend(parsed(graph_of(case, index, "dataGraph")))
    shapes = parsed(graph_of(case, index, "shapesGraph"))
    store.extend(ox.Quad(q.subject, q.predicate, q.object, name) for q in shapes)
    compiled = compile_shapes(read_shapes(shapes, graph=name))
    return validate(store, compiled), compiled


def expected(case: Case) -> Counter | None:
    """The results that the suite expects, blank nodes by what kind they are; None for a failure."""
    index = ShapesGraph(parsed(case.file))
    (report,) = index.objects(case.node, ox.NamedNode(MF + "result"))
    if report == ox.NamedNode(SHT + "Failure"):
        return None
    found = Counter()
    for node in index.objects(report, sh("result")):
        path = index.one(node, sh("resultPath"))
        keys = ("focusNode", "value", "sourceConstraintComponent", "sourceConstraint", "sourceShape", "resultSeverity")
        parts = [shown(index.one(node, sh(local))) for local in keys]
        found[(*parts, str(index.path(node, path)) if path is not None else None)] += 1
    return found


def actual(results) -> Counter:
    return Counter(
        (
            *(
                shown(term)
                for term in (r.focus, r.value, ox.NamedNode(r.component), r.source_constraint, r.source_shape)
            ),
            shown(ox.NamedNode(r.severity)),
            str(r.path) if r.path is not None else None,
        )
        for r in results
    )


def shown(term) -> str | None:
    """A term for comparison; the store's canonical form of a literal, since it keeps no other."""
    if isinstance(term, ox.BlankNode):
        return "[]"
    if isinstance(term, ox.Literal):
        store = ox.Store()
        store.add(ox.Quad(ox.BlankNode(), sh("value"), term))
        return str(next(iter(store)).object)
    return None if term is None else str(term)


def test_the_suite_is_whole():
    """The counts are those that the engines were measured on, so that a case that is not found is not passed over."""
    assert Counter(case.name.split("/")[0] for case in CASES) == EXPECTED


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case):
    """The results are those that the suite expects, each as often as it expects."""
    wanted = expected(case)
    if wanted is None:
        with pytest.raises(ShapesError):
            run(case)
        return
    results, compiled = run(case)

    if case.name in ONCE:
        wanted = Counter(set(wanted))
    assert wanted == actual(results)
    assert not compiled.refused
    assert not results.not_compiled
