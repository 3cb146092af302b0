# SPDX-License-Identifier: Apache-2.0
"""A store to a way of asking it for rows, the same that an endpoint gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import pyoxigraph as ox

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Select: TypeAlias = Callable[[str], Sequence[Sequence[Term | None]]]


def select_in(store: ox.Store) -> Select:
    """Give a way to ask a store's default graph; texts use no prefixes that they do not declare."""

    def select(text: str) -> Sequence[Sequence[Term | None]]:
        found = store.query(text)
        if not isinstance(found, ox.QuerySolutions):
            raise ValueError("the query is no SELECT")
        names = [variable.value for variable in found.variables]
        return [[row[name] for name in names] for row in found]

    return select
