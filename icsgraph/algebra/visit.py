# SPDX-License-Identifier: Apache-2.0
"""Walking a tree and rebuilding it, whatever its nodes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import TypeVar

from icsgraph.algebra import nodes as n

_Node = TypeVar("_Node", bound=n.Node)
_FIELDS: dict[type[n.Node], tuple[str, ...]] = {}


def children(node: n.Node) -> Iterator[n.Node]:
    """The nodes directly inside, in the order of the fields."""
    for name in _fields(type(node)):
        yield from _nodes(getattr(node, name))


def walk(node: n.Node) -> Iterator[n.Node]:
    """The node and every node inside it, outermost first, in the order in which the fields hold them."""
    stack = [node]
    while stack:
        at = stack.pop()
        yield at
        stack += reversed(list(children(at)))


def map_children(node: _Node, change: Callable[[n.Node], n.Node]) -> _Node:
    """The node with each node directly inside replaced; the node itself where nothing changed."""
    changes: dict[str, object] = {}
    for name in _fields(type(node)):
        old = getattr(node, name)
        new = _changed(old, change)
        if new is not old:
            changes[name] = new
    return dataclasses.replace(node, **changes) if changes else node


def transform(node: _Node, change: Callable[[n.Node], n.Node]) -> _Node:
    """The tree with every node replaced, the innermost first. A replacement must fit where it is put."""
    return change(map_children(node, lambda inner: transform(inner, change)))  # type: ignore[return-value]


def _fields(kind: type[n.Node]) -> tuple[str, ...]:
    names = _FIELDS.get(kind)
    if names is None:
        names = _FIELDS[kind] = tuple(field.name for field in dataclasses.fields(kind))
    return names


def _nodes(value: object) -> Iterator[n.Node]:
    if isinstance(value, n.Node):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _nodes(each)


def _changed(value: object, change: Callable[[n.Node], n.Node]) -> object:
    if isinstance(value, n.Node):
        return change(value)
    if isinstance(value, tuple):
        new = tuple(_changed(each, change) for each in value)
        return value if all(a is b for a, b in zip(value, new, strict=True)) else new
    return value
