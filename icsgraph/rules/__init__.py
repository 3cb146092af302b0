# SPDX-License-Identifier: Apache-2.0
"""Derivation: CONSTRUCT rules kept as files, run over a store until done, their results in a graph of their own."""

from __future__ import annotations

from icsgraph.rules.derive import DERIVED_GRAPH, Rule, derive, read_rules

__all__ = ["DERIVED_GRAPH", "Rule", "derive", "read_rules"]
