# SPDX-License-Identifier: Apache-2.0
"""Which constraints of the register are checked, which in part, and which not, with the reason."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from icsgraph.law.catalogue import Catalogue
from icsgraph.store import shipped


@dataclass(frozen=True, slots=True)
class Checked:
    """A constraint's state: ``checked``, ``partly``, ``not checkable``, or ``no shape yet``; and why."""

    constraint: str
    title: str
    state: str
    why: str


def with_shape() -> frozenset[str]:
    """Give the constraints that a shipped shape checks."""
    return frozenset(path.name.partition(".")[0] for path in shipped.files("shapes", "*.population.rq"))


def coverage(catalogue: Catalogue, have: Collection[str]) -> tuple[Checked, ...]:
    """Give the state of every constraint of the register, sorted by id; none is left out.

    Args:
        have: the ids of those that a shape checks.
    """
    made = []
    for constraint in catalogue.constraints.values():
        word, _, why = constraint.checkability.partition(":")
        if word.startswith("no"):
            state = "not checkable"
        elif constraint.id not in have:
            state, why = "no shape yet", "no shape has been written"
        else:
            state = "partly" if word.startswith("partly") or "partly" in constraint.checkability else "checked"
            why = why or constraint.checkability
        made.append(Checked(constraint.id, constraint.title, state, why.strip()))
    return tuple(made)
