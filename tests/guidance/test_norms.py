# SPDX-License-Identifier: Apache-2.0
"""A norm's strength on a day is that of the Act or the edition then in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from icsgraph.guidance.norms import read_norm
from icsgraph.model.errors import LookupFailed


@pytest.mark.parametrize(
    ("name", "day", "strength", "binding"),
    [
        ("appoint-additional-members", date(2023, 6, 1), "power", True),
        ("appoint-additional-members", date(2024, 6, 1), "expectation", False),
        ("give-copies", date(2023, 6, 1), "duty", True),
        ("serve-whole-population", date(2023, 6, 1), "expectation", False),
        ("share-engagement-results", date(2023, 6, 1), "", False),
        ("share-engagement-results", date(2024, 6, 1), "expectation", False),
        ("give-copies", date(2022, 6, 30), "", False),
    ],
)
def test_strength_follows_the_day(opened, name, day, strength, binding):
    """May rose to should in 2024; law binds from its commencement; a must that is no law is an expectation."""
    found = read_norm(replace(opened, as_at=day), name)

    assert (strength, binding) == (found.strength, found.binding)


def test_a_norm_carries_the_whole_chain(opened):
    """Provisions with their place, statements of both editions, constraints with their titles."""
    found = read_norm(opened, "give-copies")

    assert {"ICS-COPY-LA", "ICS-COPY-ICB"} == {p.id for p in found.provisions}
    assert {"2022", "2024"} == {s.edition for s in found.statements}
    assert "ICS-20" in dict(found.constraints)
    assert "1" == found.difference
    assert "2024" == found.edition


@pytest.mark.parametrize("name", ["give-copy", "no such > thing"])
def test_an_unknown_norm_gets_near_names(opened, name):
    """Also where the name could not stand in an IRI."""
    with pytest.raises(LookupFailed, match="E420"):
        read_norm(opened, name)
