# SPDX-License-Identifier: Apache-2.0
"""Contradictions: found with the fewest statements, said in plain words, each statement with its file and line."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icsgraph.opening import ontology_store
from icsgraph.rules.contradiction import Contradiction, contradictions
from icsgraph.rules.contradiction_hermit import by_hermit
from icsgraph.rules.justify import smallest
from icsgraph.rules.words import Words

CASES: Final = Path(__file__).resolve().parents[1] / "cases" / "ontology" / "inconsistent"


def explained(*paths: Path) -> tuple[list[Contradiction], int]:
    store, own, sources = ontology_store(*paths)
    quads = [quad for file in own for quad in store.quads_for_pattern(None, None, None, file.graph)]
    return contradictions(store, quads, sources, Words(store))


def statements(found: Contradiction) -> set[str]:
    """Give the places of the statements at the ends of the proof."""
    return {
        f"{Path(found.places[step.triple].file).name}:{found.places[step.triple].line}"
        for each in found.steps
        for step in each.walk()
        if step.kind == "stated"
    }


def test_a_service_of_two_kinds_is_explained() -> None:
    """Both types are named, with the line of each and the axiom that keeps the kinds apart."""
    (found,), total = explained(CASES / "service-of-two-kinds.ttl")

    assert total == 1
    assert found.sentence.startswith("Advice on damp homes is a health")
    assert found.sentence.endswith("and nothing can be both.")
    assert statements(found) == {"service-of-two-kinds.ttl:6", "service-of-two-kinds.ttl:11"}
    assert [said for _, said in found.axioms] == [
        "health service, social care service and health-related service exclude one another"
    ]


def test_a_district_typed_responsible_is_explained() -> None:
    """The type and the county above are named; what makes the district lower-tier is inferred from the latter."""
    (found,), _ = explained(CASES / "district-typed-responsible.ttl")

    assert found.sentence.startswith("Fenland District Council, as a responsible local authority, must be one of: ")
    assert found.sentence.endswith("and is a lower-tier district council, which excludes each of them.")
    assert statements(found) == {"district-typed-responsible.ttl:12", "district-typed-responsible.ttl:14"}


def test_a_thing_that_can_be_none_of_several_kinds_is_explained() -> None:
    """A value outside both classes of a range is found without HermiT."""
    (found,), _ = explained(CASES / "area-that-acts.ttl")

    assert found.sentence == (
        'Northshire, for it is a value of "actor", must be one of: body, person;'
        " and is an area, which excludes each of them."
    )


def test_statements_that_play_no_part_are_not_named(tmp_path: Path) -> None:
    """Of several ways to the same type, one is kept."""
    extra = tmp_path / "more.ttl"
    extra.write_text(
        "@prefix ics: <https://w3id.org/icsgraph/def/> . @prefix ex: <https://example.org/northshire/> .\n"
        "ex:s a ics:HealthService .\nex:s a ics:SocialCareService .\n"
        "ex:s ics:mayAffectHealth true .\nex:s ics:commissionedBy ex:b .\n",
        encoding="utf-8",
    )
    (found,), _ = explained(extra)

    assert statements(found) == {"more.ttl:2", "more.ttl:3"}


@pytest.mark.skipif(shutil.which("java") is None, reason="HermiT needs Java")
def test_what_only_hermit_sees_is_narrowed_down() -> None:
    """A cardinality of unnamed things: the statements and the axioms that clash are found by leaving others out."""
    path = CASES / "seat-of-two-bases.ttl"
    store, own, sources = ontology_store(path)
    quads = [quad for file in own for quad in store.quads_for_pattern(None, None, None, file.graph)]
    words = Words(store)
    told: list[str] = []
    assert contradictions(store, quads, sources, words) == ([], 0)
    found = by_hermit(store, quads, sources, words, told.append)

    assert "every membership fits: has basis max 1" in [said for _, said in found.axioms]
    assert len(found.axioms) == 2
    assert statements(found) == {f"seat-of-two-bases.ttl:{line}" for line in (11, 13)}
    assert len(told) == 2


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.frozensets(st.integers(0, 8), min_size=1, max_size=4), min_size=1, max_size=4))
def test_a_smallest_part_fails_and_none_of_its_parts_does(culprits: list[frozenset[int]]) -> None:
    """Whatever sets of items clash, what is kept clashes, and does not once any one item is taken away."""
    items = list(range(9))

    def fails(chosen: object) -> bool:
        return any(culprit <= set(chosen) for culprit in culprits)  # type: ignore[call-overload]

    kept = smallest(items, fails)

    assert fails(kept)
    assert not any(fails(part) for part in itertools.combinations(kept, len(kept) - 1))


def test_items_that_fail_without_any_need_none() -> None:
    """Where nothing at all fails already, nothing is kept."""
    assert smallest([1, 2, 3], lambda _: True) == ()
