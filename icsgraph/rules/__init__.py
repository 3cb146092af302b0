# SPDX-License-Identifier: Apache-2.0
"""What follows from a graph, why, and what is wrong with its form. Knows nothing of integrated care.

rule files --read_rules, derive-->  derived triples in a graph of their own      rl: OWL 2 RL, from axioms
a triple --why.Why-->  steps down to what files state                            hermit: OWL 2 DL, by HermiT
a store --contradiction, contradiction_hermit-->  what clashes, in plain words   hygiene: faults of form
"""

from __future__ import annotations

from icsgraph.rules.derive import DERIVED_GRAPH, Rule, derive, read_rules

__all__ = ["DERIVED_GRAPH", "Rule", "derive", "read_rules"]
