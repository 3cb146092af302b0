# SPDX-License-Identifier: Apache-2.0
"""The snippets that would answer findings: valid, of declared terms, and filled in they do answer."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from datetime import date, timedelta
from functools import cache

import pyoxigraph as ox
import pytest
from case_files import FILES, from_file

from icsgraph.law import check, read_catalogue
from icsgraph.law.forms import read_form
from icsgraph.law.remedies import answered, for_constraint, for_finding
from icsgraph.law.shapes import shipped_shapes
from icsgraph.model.namespaces import OWL, RDFS, SCHEME
from icsgraph.opening import open_graph
from icsgraph.store import shipped
from icsgraph.store.select import rows, text

FORMS = shipped.files("queries/remedies", "*.rq")
ANSWERED = sorted(answered())
# The duties of partnerships and strategies that faults are planted for in the worked example, where a record answers.
CORE = {
    "ICP-01", "ICP-02", "ICP-03", "ICP-04", "ICP-06", "ICS-01", "ICS-02", "ICS-03", "ICS-05", "ICS-06",
    "ICS-08", "ICS-09", "ICS-10", "ICS-11", "ICS-12", "ICS-15", "ICS-16", "ICS-18", "ICS-19", "ICS-20",
    "JSNA-01", "JSNA-03", "JSNA-04", "JSNA-05", "JSNA-06", "JSNA-07", "HWB-01", "HWB-02", "HWB-03", "JLH-01",
    "JLH-04", "JLH-05", "JLH-06", "JLH-07", "JFP-01", "JFP-02", "JFP-04", "JFP-05", "JFP-06", "JFP-07",
    "JFP-09", "S75-01", "S75-02", "BCF-01", "REG-01", "REG-02", "REG-03",
}  # fmt: skip


def filled(turtle, day, opened):
    """Do what a person does: put in days, the years of a plan, names, and bodies that there are."""
    for place, kind in (("my:THE-BOARD", "IntegratedCareBoard"), ("my:THE-AUTHORITY", "UnitaryAuthority")):
        there = (
            rows(opened.store, f"SELECT ?b WHERE {{ ?b a ics:{kind} }} ORDER BY ?b LIMIT 1") if place in turtle else []
        )
        turtle = turtle.replace(place, f"<{text(there[0]['b'])}>") if there else turtle
    numbers = itertools.count()
    turtle = turtle.replace('periodFrom "YYYY-MM-DD"', f'periodFrom "{day[:4]}-04-01"')
    turtle = turtle.replace('periodTo "YYYY-MM-DD"', f'periodTo "{int(day[:4]) + 5}-03-31"')
    turtle = re.sub(r"WHO-(ELSE-)?SITS-THERE", lambda _: f"person-{next(numbers)}", turtle)
    return turtle.replace("YYYY-MM-DD", day)


def findings_of(constraint, *paths, day):
    """Give the findings of one constraint in some files, those that dates leave open left out."""
    opened = open_graph(*paths, as_at=day, background=False)
    report = check(opened, shapes_of(constraint), everything=True)
    return opened, [f for f in report.findings if f.outcome != "undecided" and f.constraint == constraint]


@cache
def shapes_of(constraint):
    """The shape of one constraint, read once."""
    return shipped_shapes([constraint])


def is_answered(finding, case, remedies, folder, opened):
    """Say whether the snippets, filled in with a day that fits, leave the case without the finding."""
    judged, day = date.fromisoformat(finding.judged_on), opened.as_at
    for on in dict.fromkeys((judged, day, judged - timedelta(days=40), date(2022, 9, 1), date(2022, 7, 1))):
        paths = []
        for number, remedy in enumerate(remedies):
            paths.append(folder / f"answer-{number}.ttl")
            paths[-1].write_text(filled(remedy.turtle, on.isoformat(), opened), encoding="utf-8")
        _, left = findings_of(finding.constraint, case, *paths, day=day)
        if (finding.id, finding.message) not in {(f.id, f.message) for f in left}:  # another may be about the same pair
            return True
    return False


@pytest.mark.parametrize("constraint", ANSWERED)
def test_the_filled_snippet_makes_the_finding_go_away(constraint, tmp_path):
    """Of each condition, the findings of a failing case that forms fit are answered by them."""
    seen, tried, not_answered = set(), Counter(), []
    for case in (c for c in FILES if c.parent.name.startswith(f"{constraint}-") and c.stem.startswith("fail-")):
        told = from_file(case)
        day, expected = told.day, told.expected
        if seen and all(tried[condition] for _, _, _, condition, _, _ in expected):
            continue
        tried.update({condition for _, _, _, condition, _, _ in expected})
        opened, found = findings_of(constraint, case, day=day)
        for finding in found:
            remedies = [remedy for remedy in for_finding(opened, finding) if remedy.adds]
            kind = (finding.condition, tuple(remedy.title for remedy in remedies))
            if not remedies or kind in seen:
                continue
            seen.add(kind)
            if not is_answered(finding, case, remedies, tmp_path, opened):
                not_answered.append(f"{case.stem}: {finding.message}")

    assert seen, "no failing case has a finding that the forms fit"
    assert [] == not_answered


def test_the_statutory_core_is_answered():
    """Every constraint of the core has a form."""
    assert set() == CORE - set(ANSWERED)


@pytest.mark.parametrize("constraint", ANSWERED)
def test_the_general_form_is_valid_turtle(constraint):
    """With nothing filled in, what stands in the places can be parsed, and says what to put there."""
    for remedy in for_constraint(constraint):
        assert list(ox.parse(remedy.turtle.encode(), format=ox.RdfFormat.TURTLE))


def test_forms_name_conditions_and_constraints_of_the_register():
    """A form for a condition that the register has not would never be used."""
    catalogue = read_catalogue(open_graph(as_at=date(2024, 6, 1)).store)
    shapes = shipped_shapes()
    known = {f"{c.constraint}/{c.condition}" for c in shapes.checks.values()} | set(catalogue.constraints)
    named = {answer for path in FORMS for answer in read_form(path).header.get("answers", "").split()}

    assert set() == named - known


def test_every_term_and_concept_of_the_answers_is_declared():
    """A misspelt class, property or concept would make records that nothing looks at."""
    store = open_graph(as_at=date(2024, 6, 1)).store
    asked = f"SELECT DISTINCT ?t WHERE {{ ?t a ?k FILTER(STRSTARTS(STR(?k), '{OWL}') || ?k = skos:Concept) }}"
    declared = {text(row["t"]) for row in rows(store, asked)}
    used = set()
    for path in FORMS:
        form = read_form(path)
        used |= set(re.findall(rf"<({SCHEME}[^>]+)>", path.read_text(encoding="utf-8")))
        for line in (line for _, _, lines in form.blocks for line in lines):
            terms = re.findall(r"(?<![\w<])(?:ics|org|rdfs):\w+", f"{line.predicate} {line.object}")
            used |= {form.prefixes[t.partition(":")[0]] + t.partition(":")[2] for t in terms}

    assert set() == {term for term in used if not term.startswith(RDFS)} - declared
