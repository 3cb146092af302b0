# SPDX-License-Identifier: Apache-2.0
"""Records may set a parameter of the checks to a value of their own; the report states the value used."""

from __future__ import annotations

from datetime import date

import pytest

from icsgraph.law import check
from icsgraph.law.shapes import shipped_shapes
from icsgraph.opening import open_graph

SETTING = "<https://w3id.org/icsgraph/id/parameter/grace_publish> <https://w3id.org/icsgraph/def/isSetTo> {} ."


@pytest.mark.parametrize(
    ("value", "stated"),
    [
        ("3", ("3 months", "2024-03-01")),
        ("0", ("0 months", "2024-06-01")),
        ("-1", ("0 months", "2024-06-01")),
        ('"soon"', ("0 months", "2024-06-01")),
    ],
)
def test_a_parameter_has_the_value_that_records_set(tmp_path, value, stated):
    """A whole number takes the place of the shipped one, and the cut-off day follows; nothing else does."""
    (tmp_path / "own.ttl").write_text(SETTING.format(value), encoding="utf-8")
    opened = open_graph(tmp_path / "own.ttl", as_at=date(2024, 6, 1), background=False)

    assert {(p.value, p.cut_off) for p in opened.parameters if p.id == "grace_publish"} == {stated}


@pytest.mark.parametrize(("value", "amiss"), [("3", 0), ("-1", 1), ('"soon"', 1)])
def test_a_value_that_cannot_be_used_is_reported(tmp_path, value, amiss):
    """What is left aside is not left aside in silence: the form of records names it."""
    (tmp_path / "own.ttl").write_text(SETTING.format(value), encoding="utf-8")
    opened = open_graph(tmp_path / "own.ttl", as_at=date(2024, 6, 1), background=False)
    report = check(opened, shipped_shapes(), everything=True)

    assert sum(finding.constraint == "form-Parameter" for finding in report.findings) == amiss
