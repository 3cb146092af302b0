# SPDX-License-Identifier: Apache-2.0
"""What reasoning concludes, as values: a verdict, a hierarchy, what follows, and why a triple holds."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from icsgraph.rules.contradiction import Contradiction
from icsgraph.rules.why import Explained
from icsgraph.rules.words import Words


@dataclass(frozen=True, slots=True)
class Consistency:
    """Whether files can be true together with the ontology, and what contradicts what; ``total`` counts contradictions.

    ``statements`` and ``left_out`` say what HermiT read; they are 0 where the rules had already found a contradiction.
    """

    contradictions: tuple[Contradiction, ...]
    total: int
    unsatisfiable: tuple[str, ...]
    statements: int
    left_out: int
    words: Words

    @property
    def is_sound(self) -> bool:
        """Whether nothing contradicts anything and every class can have an instance."""
        return not self.contradictions and not self.unsatisfiable


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Classes with those right above them, and the links among these that HermiT added to what is stated."""

    parents: dict[str, tuple[str, ...]]
    added: tuple[tuple[str, str], ...]
    words: Words


@dataclass(frozen=True, slots=True)
class Materialised:
    """Triples that follow and are stated nowhere, sorted, and their number by rule of the OWL 2 RL table."""

    triples: tuple[ox.Triple, ...]
    by_rule: dict[str, int]
    clashes: int


@dataclass(frozen=True, slots=True)
class Question:
    """A triple that was asked about, and why it holds; None where it does not."""

    triple: ox.Triple
    explained: Explained | None
    words: Words
