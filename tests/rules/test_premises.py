# SPDX-License-Identifier: Apache-2.0
"""Every derivation rule that ships can be explained: what it derives leads back to facts that hold."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import pyoxigraph as ox
import pytest

from icsgraph.opening import derivation_rules, open_graph
from icsgraph.rules import Rule
from icsgraph.rules.premises import premises

DATA: Final = Path(__file__).resolve().parents[2] / "data"
RULES: Final = derivation_rules()


@pytest.fixture(scope="module")
def store() -> ox.Store:
    return open_graph(
        DATA / "examples" / "northshire", DATA / "england" / "boards.ttl", as_at=date(2025, 6, 30), background=False
    ).store


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_a_rule_derives_leads_back_to_what_holds(rule: Rule, store: ox.Store) -> None:
    """The first and the last triple that it gives have premises, all in the graph, none of them itself."""
    made = store.query(rule.text)
    assert isinstance(made, ox.QueryTriples)
    triples = sorted(made, key=str)
    assert triples, "the worked example and the real boards do not use the rule"

    for triple in (triples[0], triples[-1]):
        found = premises(store, rule, triple)
        assert found is not None
        assert found.facts
        assert triple not in found.facts
        for fact in found.facts:
            assert next(store.quads_for_pattern(fact.subject, fact.predicate, fact.object, ox.DefaultGraph()), None)


def test_what_a_rule_did_not_derive_has_no_premises(store: ox.Store) -> None:
    """A triple that fits the template of a rule and is not so is not explained by it."""
    (rule,) = [rule for rule in RULES if rule.name == "code"]
    triple = ox.Triple(
        ox.NamedNode("https://example.org/northshire/northshire-board"),
        ox.NamedNode("https://w3id.org/icsgraph/def/code"),
        ox.Literal("not its code"),
    )

    assert premises(store, rule, triple) is None
