# SPDX-License-Identifier: Apache-2.0
"""What is explained of the form of a record: what it asks, who reads that, and a record that has it."""

from __future__ import annotations

from datetime import date

import pyoxigraph as ox
import pytest
from form_cases import CASES, RECORDS, compiled, forms, found, opened, quads

from icsgraph.law import check, read_catalogue
from icsgraph.law.explain import explain_constraint, explain_finding
from icsgraph.law.shapes import shipped_shapes
from icsgraph.opening import open_graph
from icsgraph.reports.explanation import FORMATS
from icsgraph.store import shipped
from icsgraph.store.bounds import add_bounds

DAY = date(2025, 6, 30)
FORMS = ("GivingACopy", "CompletenessStatement", "OnDate", "AreaOverlap", "OdsCode", "DaysInOrder")
SOME = [c for c in CASES if c.stem.startswith("fail-") and c.parent.name.removeprefix("form-") in FORMS]


@pytest.fixture(scope="module")
def law():
    """The law alone."""
    return open_graph(as_at=DAY)


@pytest.fixture(scope="module")
def shapes():
    """Every form, compiled."""
    return compiled(quads())


@pytest.mark.parametrize("form", forms())
def test_a_form_is_explained_by_its_name(form, law, shapes):
    """It says of each thing how many and which kind; its record, filled in, breaks no form."""
    explained = explain_constraint(law, read_catalogue(law.store), form)
    turtle = (
        explained.remedies[0]
        .turtle.replace("YYYY-MM-DD", "2024-02-01")
        .replace("https://example.org/records/", RECORDS)
    )
    turtle = turtle.replace('"CODE"', '"QX1"' if form == "form-OdsCode" else '"E54999001"')
    records = list(ox.parse(turtle.encode(), format=ox.RdfFormat.TURTLE))
    store = ox.Store()
    store.extend(opened(CASES[0]))
    for quad in list(store.quads_for_pattern(None, None, None, None)):
        if str(quad.subject).startswith(f"<{RECORDS}"):
            store.remove(quad)
    store.extend(records)
    add_bounds(store, records)

    assert form == explained.constraint.id
    assert explained.asks and all(
        asked.name and asked.message and (asked.number or asked.kind) for asked in explained.asks
    )
    assert [] == found(store, shapes)


@pytest.fixture(scope="module")
def form_shapes():
    """The forms as a check runs them."""
    return shipped_shapes(sorted(path.stem for path in shipped.files("shapes/form")))


@pytest.mark.parametrize("case", SOME, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_findings_about_a_form_are_explained(case, form_shapes):
    """Each says where it stands, what the form asks, what was looked at, and what to write."""
    there = open_graph(case, as_at=DAY, background=False)
    report = check(there, form_shapes)
    catalogue = read_catalogue(there.store)
    about = [f for f in report.findings if f.constraint == case.parent.name]

    assert about
    for finding in about:
        explained = explain_finding(there, catalogue, report, finding.id)
        said = FORMATS["text"](explained)
        for part in ("What was found", "Why it applied", "What the form asks", "What was looked at", finding.id):
            assert part in said
        assert f"{finding.file}:{finding.line}" in said
        turtle = explained.remedies[0].turtle.replace("YYYY-MM-DD", "2024-02-01")
        assert list(ox.parse(turtle.encode(), format=ox.RdfFormat.TURTLE))
