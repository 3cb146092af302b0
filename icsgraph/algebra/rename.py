# SPDX-License-Identifier: Apache-2.0
"""Trees with variables renamed, never into one that an inner query already uses for something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from icsgraph.algebra import nodes as n
from icsgraph.algebra.scope import fresh, in_scope, mentioned
from icsgraph.algebra.visit import map_children

_Node = TypeVar("_Node", bound=n.Node)


def rename(node: _Node, names: Mapping[n.Variable, n.Variable]) -> _Node:
    """The tree with variables renamed, all at once.

    A variable of a subselect that is not projected is private to it: it keeps its name, unless a new name would
    become the same as it; then it is renamed out of the way. At one level, two variables become one if ``names``
    says so.
    """
    return _rename(node, {old: new for old, new in names.items() if old != new})


def _rename(node: _Node, names: Mapping[n.Variable, n.Variable]) -> _Node:
    if not names:
        return node
    if isinstance(node, n.Variable):
        return names.get(node, node)  # type: ignore[return-value]
    if isinstance(node, n.SubSelect):
        names = _names_inside(node.query, names)
    return map_children(node, lambda child: _rename(child, names))


def _names_inside(query: n.Select, names: Mapping[n.Variable, n.Variable]) -> dict[n.Variable, n.Variable]:
    public = in_scope(query)
    inside = {old: new for old, new in names.items() if old in public}
    private = mentioned(query) - public
    taken = mentioned(query) | set(names) | set(names.values())
    for variable in sorted(private & set(inside.values()), key=lambda each: each.name):
        inside[variable] = fresh(variable.name, taken)
        taken = taken | {inside[variable]}
    return inside
