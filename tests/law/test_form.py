# SPDX-License-Identifier: Apache-2.0
"""The forms of records: each case file finds exactly what it says, on both engines, and no weakened form does."""

from __future__ import annotations

import logging

import pytest
from form_cases import CASES, FOLDER, compiled, forms, found, opened, quads, said
from form_mutants import living, unknown


@pytest.fixture(scope="module")
def shapes():
    """Every form, compiled: a case must break none but its own."""
    return compiled(quads())


@pytest.mark.parametrize("case", CASES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_a_case_finds_exactly_what_it_says(case, shapes):
    """A file breaks exactly the components it says it breaks: none, for a pass file."""
    expected = said(case)

    assert bool(expected) == case.stem.startswith("fail-")
    assert expected == found(opened(case), shapes)


@pytest.mark.parametrize("form", forms())
def test_pyshacl_finds_the_same(form, shapes, caplog):
    """The reference engine finds in each case of a form what the case says."""
    caplog.set_level(logging.CRITICAL, logger="rdflib")
    cases = [case for case in CASES if case.parent.name == form]

    assert [said(case) for case in cases] == [found(opened(case), shapes, "pyshacl") for case in cases]


def test_every_form_has_cases_and_every_case_a_form():
    """A form that nobody has seen fail proves nothing, and nor does one that fails whatever it is shown."""
    kinds = {form: {case.stem.partition("-")[0] for case in (FOLDER / form).glob("*.ttl")} for form in forms()}

    assert {form: {"pass", "fail"} for form in forms()} == kinds
    assert {folder.name for folder in FOLDER.iterdir()} == set(forms())


@pytest.mark.parametrize("form", forms())
def test_no_component_of_a_form_can_be_left_out_unnoticed(form):
    """Each target, number, kind, class, pattern and branch is needed by some case."""
    count, alive = living(form)

    assert count
    assert [] == alive


def test_every_component_in_use_is_weakened():
    """A component that the test of mutants does not know would be left alone by it."""
    assert set() == unknown()
