# SPDX-License-Identifier: Apache-2.0
"""OWL 2 RL over triples: axioms compiled to rules of their own, what follows from them, contradictions, and proofs.

quads --compile_rules--> Program --close--> Closure: derived triples, clashes, why(triple)
axioms --outside--> those that OWL 2 RL does not cover

Source of the rules: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
"""

from __future__ import annotations

from icsgraph.rules.rl.clashes import Clash
from icsgraph.rules.rl.compile import Program, compile_rules
from icsgraph.rules.rl.engine import Closure, Proof, close
from icsgraph.rules.rl.profile import Outside, outside

__all__ = ["Clash", "Closure", "Outside", "Program", "Proof", "close", "compile_rules", "outside"]
