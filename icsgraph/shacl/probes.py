# SPDX-License-Identifier: Apache-2.0
"""A query to a shorter one that has a row whenever the query has one: it tells at once where nothing is found.

What only fills in a message (labels, codes, names) is looked up by OPTIONAL and BIND, which never take a row away.
Oxigraph 0.5 reads every label of the store for such an OPTIONAL before it looks whether there is a row at all.
"""

from __future__ import annotations

from collections.abc import Sequence

from icsgraph.algebra.nodes import Aggregate, Bind, Element, Group, Optional, Select, Variable
from icsgraph.algebra.scope import Variables, bound_by_patterns, in_scope, mentioned
from icsgraph.algebra.visit import walk


def probe_of(select: Select) -> Select | None:
    """The query without what nothing in it needs but its columns; None where that is nothing, or rows are counted."""
    if select.group_by or select.having or select.limit is not None or select.offset is not None or select.values:
        return None
    if any(isinstance(node, Aggregate) for column in select.projection for node in walk(column)):
        return None
    needed = _needed(select.where.elements)
    if len(needed) == len(select.where.elements):
        return None
    return Select(where=Group(needed), dataset=select.dataset, projection=(Variable("this"),), limit=1)


def _needed(elements: Sequence[Element]) -> tuple[Element, ...]:
    """The elements less each OPTIONAL and BIND whose variables no other element mentions, as long as there is one."""
    left = list(elements)
    uses = [mentioned(each) for each in left]
    while True:
        for at in reversed(range(len(left))):
            if not isinstance(left[at], Optional | Bind):
                continue
            others: Variables = frozenset().union(*uses[:at], *uses[at + 1 :])
            if not (in_scope(left[at]) - _before(left, at)) & others:
                del left[at], uses[at]
                break
        else:
            return tuple(left)


def _before(elements: Sequence[Element], at: int) -> Variables:
    """What the elements before one certainly bind: an OPTIONAL gives these no other value."""
    return bound_by_patterns(Group(tuple(elements[:at])))
