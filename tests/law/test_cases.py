# SPDX-License-Identifier: Apache-2.0
"""Every case file breaks exactly the constraints it says it breaks; ``deep_cases.py`` runs them on pySHACL as well."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest
from case_files import FILES, every_case

from icsgraph.law import check
from icsgraph.law.compiled import compiled
from icsgraph.law.ground import Ground
from icsgraph.law.population import applicable, population
from icsgraph.law.shapes import shipped_shapes
from icsgraph.opening import open_graph
from icsgraph.store import shipped
from icsgraph.store.select import text

SHAPES = sorted(path.stem for path in shipped.files("shapes") if path.stem[0].isupper())


@pytest.mark.parametrize("case", every_case(), ids=str)
def test_a_case_finds_exactly_what_it_says(case, tmp_path):
    """A case breaks exactly the constraints it says it breaks (none, if it passes), and messages have no gaps.

    On any engine a shape's bare results are those of the report: each in one check, and where the constraint applies.
    """
    opened, shapes = case.open(tmp_path), shipped_shapes(None if case.whole else [case.constraint])
    report = check(opened, shapes, everything=True)
    found = [(f.constraint, f.focus, f.value, f.condition, f.severity, f.outcome) for f in report.findings]

    assert bool(case.expected) == case.name.startswith("fail-")
    assert list(case.expected) == sorted(found)
    assert [f.message for f in report.findings if "{?" in f.message] == []
    if not case.whole:
        assert beyond(opened, shapes, case.constraint) == ([], [])


def beyond(opened, shapes, constraint):
    """Give what a shape finds where its constraint does not apply, and what it finds in two checks."""
    everyone = population(opened.store, constraint, shapes.population[constraint])
    applies = applicable(opened.store, constraint, shapes.applicability[constraint])
    raw = Ground(opened).validate(compiled(shapes), "compiled")
    found = {(text(r.focus), text(r.value) if r.value is not None else "", r.source_constraint) for r in raw.results}
    counts = Counter((focus, value) for focus, value, _ in found)
    pairs = [(focus, value) if (focus, value) in everyone else (focus, "") for focus, value in counts]
    return [pair for pair in pairs if pair not in applies], [pair for pair, number in counts.items() if number > 1]


def test_no_two_cases_have_one_name():
    """A case is named by its folder and its own name, whether it is a file or a row of a table."""
    names = [str(case) for case in every_case()]

    assert sorted(set(names)) == sorted(names)


def test_every_constraint_with_a_shape_has_passing_and_failing_cases():
    """A shape that nobody has seen fail proves nothing: at least two cases of each kind."""
    counts = {name: {"pass": 0, "fail": 0} for name in SHAPES}
    for path in FILES:
        counts["-".join(path.parent.name.split("-")[:2])][path.stem.partition("-")[0]] += 1

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
