# SPDX-License-Identifier: Apache-2.0
"""Rule files to derived triples.

A rule is one SPARQL CONSTRUCT in a file that opens with ``#+ key: value`` lines (id, what it derives, order).
Rules run in the order they name, each over the default graph with what earlier rules derived.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from icsgraph.model.errors import LoadError
from icsgraph.model.namespaces import ICSG
from icsgraph.store.load import add_lines

DERIVED_GRAPH: Final = ox.NamedNode(ICSG + "derived")


@dataclass(frozen=True, slots=True)
class Rule:
    """A CONSTRUCT query with the header of its file."""

    name: str
    header: dict[str, str]
    text: str

    @property
    def order(self) -> tuple[int, str]:
        """When the rule runs: lower first, then by name."""
        return int(self.header.get("order", "0")), self.name


def read_rules(paths: Iterable[Path]) -> tuple[Rule, ...]:
    """Read rule files, in the order in which they run."""
    rules = []
    for path in paths:
        text = path.read_text(encoding="utf-8")
        pairs = (line[2:].partition(":") for line in text.splitlines() if line.startswith("#+"))
        rules.append(Rule(path.stem, {key.strip(): value.strip() for key, _, value in pairs}, text))
    return tuple(sorted(rules, key=lambda rule: rule.order))


def derive(store: ox.Store, rules: Sequence[Rule], graph: ox.NamedNode = DERIVED_GRAPH) -> dict[str, int]:
    """Add what the rules derive to the default graph and to ``graph``; give the number of triples by rule name.

    Raises:
        LoadError: E106, when a rule is not a CONSTRUCT query that the store can run.
    """
    counts = {}
    for rule in rules:
        try:
            made = store.query(rule.text)
            if not isinstance(made, ox.QueryTriples):
                raise ValueError("it is no CONSTRUCT")
            lines = made.serialize(format=ox.RdfFormat.N_TRIPLES) or b""
        except (SyntaxError, ValueError) as error:
            raise LoadError(
                "E106", rule.name, f"the rule cannot be run: {error}", "Correct the rule's file."
            ) from error
        add_lines(store, lines, (ox.DefaultGraph(), graph))
        counts[rule.name] = lines.count(b"\n")
    return counts
