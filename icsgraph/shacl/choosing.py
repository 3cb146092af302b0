# SPDX-License-Identifier: Apache-2.0
"""The numbers of focus nodes to the queries that are run in their wide form (see ``icsgraph.shacl.wide``)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from icsgraph.shacl.compiled import CompiledQuery
from icsgraph.shacl.terms import Term

MANY = 500
"""With fewer focus nodes, either way takes a millisecond, and so does finding out which is the shorter."""
SHARE = 8
"""So many triples of a property are read in the time in which something is looked up for one focus node."""


def wide_ones(
    queries: Sequence[CompiledQuery],
    counts: Mapping[Term, int],
    number: Callable[[str, int], int],
) -> Collection[int]:
    """The places of the queries for which all triples of their properties are soon read.

    ``number`` counts the triples of a property, up to a limit.
    """
    wanted = {
        at: counts.get(query.target, 0)
        for at, query in enumerate(queries)
        if query.wide and counts.get(query.target, 0) >= MANY
    }
    limits: dict[str, int] = {}
    for at, nodes in wanted.items():
        for name in queries[at].properties:
            limits[name] = max(limits.get(name, 0), SHARE * nodes)
    # One more than the limit tells that there are more.
    numbers = {name: number(name, limit + 1) for name, limit in limits.items()}
    return {
        at for at, nodes in wanted.items() if all(numbers[name] <= SHARE * nodes for name in queries[at].properties)
    }
