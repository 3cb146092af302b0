# SPDX-License-Identifier: Apache-2.0
"""Each of the 122 constraints has all that a report and an explanation tell of it."""

from __future__ import annotations

from datetime import date

import pyoxigraph as ox
import pytest

from icsgraph.law import read_catalogue
from icsgraph.law.coverage import coverage, with_shape
from icsgraph.law.remedies import for_constraint
from icsgraph.law.shapes import shipped_shapes
from icsgraph.model.namespaces import OWL, RDFS, SCHEME, SH
from icsgraph.opening import open_graph
from icsgraph.store.select import rows, text

STATUTE_ALONE = {"BOD-03", "BOD-04", "JSNA-09", "TMP-05"}
"""Definitions of Acts, and names they abolished: the guidance states nothing of its own that they would enforce."""


@pytest.fixture(scope="module")
def store():
    """The law and the guidance."""
    return open_graph(as_at=date(2024, 6, 1)).store


@pytest.fixture(scope="module")
def catalogue(store):
    """The register."""
    return read_catalogue(store)


def test_every_constraint_is_checked_or_says_why_not(catalogue):
    """122, none missing, each with a reason for what cannot be checked."""
    found = coverage(catalogue, with_shape())

    assert 122 == len(found) == len(catalogue.constraints)
    assert [] == [each.constraint for each in found if each.state == "no shape yet" or not each.why]


def test_every_constraint_has_words_law_and_severities(catalogue):
    """Title, description in plain words, data needed, what it rests on, and dated severities."""
    lacking = {
        name: [field for field in ("title", "group", "rule", "data_needed", "rows") if not getattr(each, field)]
        for name, each in catalogue.constraints.items()
    }

    assert {} == {name: fields for name, fields in lacking.items() if fields}
    assert [] == [name for name, each in catalogue.constraints.items() if not each.provisions and not each.guidance]


def test_every_constraint_enforces_a_norm_or_rests_on_statute_alone(store, catalogue):
    """The chain from the guidance to the check is whole, and the exceptions are still exceptions."""
    asked = "SELECT DISTINCT ?c WHERE { ?c a ics:Constraint ; ics:enforces ?n }"
    enforcing = {text(row["c"]).rpartition("/")[2] for row in rows(store, asked)}

    assert STATUTE_ALONE == set(catalogue.constraints) - enforcing


def test_every_constraint_has_messages_queries_and_the_topics_it_rests_on(catalogue):
    """What finds an absence names the topics that have to be complete for it to count; the first day of a
    provision (TMP-01) is the law's to give and nobody's to declare complete.
    """
    shapes = shipped_shapes()
    said = {text(q.subject) for q in shapes.quads if q.predicate.value == SH + "message"}
    checks = {name: [n for n, c in shapes.checks.items() if c.constraint == name] for name in catalogue.constraints}
    absent = {c.constraint for c in shapes.checks.values() if c.finds_absence and not c.undecided}

    assert [] == [name for name, nodes in checks.items() if not nodes or not set(nodes) <= said]
    assert set(catalogue.constraints) == set(shapes.population) == set(shapes.applicability)
    assert ["TMP-01"] == [name for name in absent if not catalogue.constraints[name].topics]


def test_every_constraint_shows_a_record_that_answers_or_corrects(store, catalogue):
    """Valid Turtle, ready to be filled in, of terms that are declared."""
    asked = f"SELECT DISTINCT ?t WHERE {{ ?t a ?k FILTER(STRSTARTS(STR(?k), '{OWL}') || ?k = skos:Concept) }}"
    declared = {text(row["t"]) for row in rows(store, asked)}
    for name in catalogue.constraints:
        remedies = for_constraint(name)
        assert remedies, name
        for remedy in remedies:
            quads = list(ox.parse(remedy.turtle.encode(), format=ox.RdfFormat.TURTLE))
            used = {q.predicate.value for q in quads} | {q.object.value for q in quads}
            ours = {term for term in used if term.startswith(("https://w3id.org/icsgraph/def/", SCHEME))}

            assert quads
            assert set() == {term for term in ours if not term.startswith(RDFS)} - declared, name
