# SPDX-License-Identifier: Apache-2.0
"""Every case file breaks exactly the constraints it says it breaks; ``deep_cases.py`` runs them on pySHACL as well."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from icsgraph.law import check
from icsgraph.law.shapes import shipped_shapes
from icsgraph.opening import open_graph
from icsgraph.store import shipped

CASES = sorted((Path(__file__).parents[1] / "cases" / "shapes").rglob("*.ttl"))
MF = "https://w3id.org/icsgraph/test/"
SHAPES = sorted(path.stem for path in shipped.files("shapes") if path.stem[0].isupper())


def said(case: Path) -> tuple[date, bool, list[tuple[str, str, str, str, str, str]]]:
    """Read from a case its as-at date, whether every constraint runs, and the findings that it expects, sorted."""
    store = ox.Store()
    store.load(path=str(case), format=ox.RdfFormat.TURTLE, base_iri="https://example.org/case")
    day = next(q.object.value for q in store.quads_for_pattern(None, ox.NamedNode(MF + "asAt"), None, None))
    whole = any(True for _ in store.quads_for_pattern(None, ox.NamedNode(MF + "allConstraints"), None, None))

    def value(node, name):
        found = next(store.quads_for_pattern(node, ox.NamedNode(MF + name), None, None), None)
        text = found.object.value if found else ""
        return text.rpartition("/")[2].rpartition("#")[2] if name in ("constraint", "severity") else text

    names = ("constraint", "focus", "value", "condition", "severity", "outcome")
    expected = [
        tuple(value(quad.object, name) for name in names)
        for quad in store.quads_for_pattern(None, ox.NamedNode(MF + "expects"), None, None)
    ]
    return date.fromisoformat(day), whole, sorted(expected)


def found(case: Path, day: date, whole: bool, engine: str) -> list[tuple[str, str, str, str, str, str]]:
    """Run the case's constraint, or all, and give the findings in the same form."""
    constraint = "-".join(case.parent.name.split("-")[:2])
    shapes = shipped_shapes(None if whole else [constraint])
    report = check(open_graph(case, as_at=day, background=False), shapes, engine=engine, everything=True)
    return sorted((f.constraint, f.focus, f.value, f.condition, f.severity, f.outcome) for f in report.findings)


@pytest.mark.parametrize("case", CASES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_a_case_finds_exactly_what_it_says(case):
    """A file breaks exactly the constraints it says it breaks: none, for a pass file."""
    day, whole, expected = said(case)

    assert bool(expected) == case.stem.startswith("fail-")
    assert expected == found(case, day, whole, "compiled")


def test_every_constraint_with_a_shape_has_passing_and_failing_cases():
    """A shape that nobody has seen fail proves nothing: at least two cases of each kind."""
    counts = {name: {"pass": 0, "fail": 0} for name in SHAPES}
    for case in CASES:
        counts["-".join(case.parent.name.split("-")[:2])][case.stem.partition("-")[0]] += 1

    assert {name: c for name, c in counts.items() if min(c.values()) < 2} == {}


def test_every_shape_has_its_population_and_applicability():
    """A constraint without the two queries could not say what it looked at."""
    shapes = shipped_shapes()

    assert set(SHAPES) == set(shapes.population) == set(shapes.applicability)


def test_every_condition_of_a_shape_is_a_row_of_the_register():
    """A condition that no severity row has would never be reported."""
    from icsgraph.law import read_catalogue

    catalogue = read_catalogue(open_graph(as_at=date(2024, 6, 1)).store)
    shapes = shipped_shapes()
    unknown = {
        (c.constraint, c.condition)
        for c in shapes.checks.values()
        if c.condition not in {row.slug for row in catalogue.constraints[c.constraint].rows} and not c.undecided
    }

    assert set() == unknown


def test_no_query_of_a_shape_looks_federated():
    """pySHACL refuses a query with the letters of SERVICE before a blank or an IRI, in a name or a text as well."""
    selects = {
        str(quad.subject): quad.object.value
        for quad in shipped_shapes().quads
        if quad.predicate.value == "http://www.w3.org/ns/shacl#select"
    }

    assert [name for name, text in selects.items() if re.search(r"service[\s<]", text, re.IGNORECASE)] == []
