# SPDX-License-Identifier: Apache-2.0
"""A smallest part of some items that is still contradictory: QuickXplain, with the check given by the caller.

Source: U. Junker, QuickXplain: preferred explanations and relaxations for over-constrained problems, AAAI 2004.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def smallest(items: Sequence[Item], fails: Callable[[Sequence[Item]], bool]) -> tuple[Item, ...]:
    """Give a part of the items that fails, and no part of which without one of its items does; items in their order.

    Args:
        items: together they fail.
        fails: whether some of the items fail; adding items to some that fail never mends them.
    """
    if fails(()):
        return ()
    kept = set(_within((), False, tuple(range(len(items))), lambda chosen: fails([items[i] for i in sorted(chosen)])))
    return tuple(item for i, item in enumerate(items) if i in kept)


def _within(
    held: tuple[int, ...], changed: bool, items: tuple[int, ...], fails: Callable[[Sequence[int]], bool]
) -> tuple[int, ...]:
    if changed and fails(held):
        return ()
    if len(items) == 1:
        return items
    half = len(items) // 2
    first, second = items[:half], items[half:]
    of_second = _within((*held, *first), bool(first), second, fails)
    of_first = _within((*held, *of_second), bool(of_second), first, fails)
    return (*of_first, *of_second)
