# SPDX-License-Identifier: Apache-2.0
"""Boundaries in well-known text to outlines on a sheet, and outlines to paths that a page can draw.

Points are put on a grid of the sheet. Neighbours share the points of their border, and a point falls on the same place
of the grid whichever of them it is taken from, so that no gap opens between them however coarse the grid is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

Ring: TypeAlias = tuple[tuple[float, float], ...]
Outline: TypeAlias = tuple[Ring, ...]
_RING: Final = re.compile(r"\(([-0-9., eE+]+)\)")
_SQUEEZE: Final = math.cos(math.radians(53.0))  # of longitude against latitude, in the middle of England
_SIDE: Final = 1000  # places of the grid along the longer side


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in which outlines lie, its y growing downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Say whether two rectangles have a point in common."""
        return (
            self.left <= other.right
            and other.left <= self.right
            and self.top <= other.bottom
            and other.top <= self.bottom
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """A grid on which outlines are drawn: where it begins, places for each unit, and its size."""

    left: float
    top: float
    scale: float
    width: int
    height: int

    def path(self, outline: Outline) -> str:
        """Give an outline as the data of an SVG path; rings too small for the grid are left out, save the largest."""
        rings = [self._placed(ring) for ring in outline]
        large = [ring for ring in rings if len(ring) > 3]
        kept = large or sorted((ring for ring in rings if len(ring) > 1), key=len)[-1:]
        return "".join(_written(ring) for ring in kept)

    def _placed(self, ring: Ring) -> list[tuple[int, int]]:
        placed: list[tuple[int, int]] = []
        for x, y in ring:
            point = (round((x - self.left) * self.scale), round((y - self.top) * self.scale))
            if placed and placed[-1] == point:
                continue
            if len(placed) > 1 and _straight(placed[-2], placed[-1], point):
                placed.pop()
            placed.append(point)
        return placed


def read_outline(wkt: str) -> Outline:
    """Read a polygon or several, in degrees, to rings in which both axes have the same unit."""
    return tuple(
        tuple((float(x) * _SQUEEZE, -float(y)) for x, y in (point.split()[:2] for point in ring.split(",")))
        for ring in _RING.findall(wkt)
    )


def box_of(outlines: Iterable[Outline]) -> Box:
    """Give the rectangle around outlines, of which there is at least one."""
    points = [point for outline in outlines for ring in outline for point in ring]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def sheet_for(box: Box, side: int = _SIDE) -> Sheet:
    """Give a sheet for a rectangle, with a margin around it."""
    margin = 0.02 * max(box.right - box.left, box.bottom - box.top)
    left, top = box.left - margin, box.top - margin
    width, height = box.right + margin - left, box.bottom + margin - top
    scale = side / max(width, height)
    return Sheet(left, top, scale, math.ceil(width * scale), math.ceil(height * scale))


def classes(values: Mapping[str, float], number: int = 5) -> tuple[dict[str, int], list[tuple[float, float]]]:
    """Put values into classes of about the same number each, the lowest 0; give also the least and most of each."""
    ranked = sorted(set(values.values()))
    parts = min(number, len(ranked))
    found = {value: at * parts // len(ranked) for at, value in enumerate(ranked)}
    bounds = [[value for value in ranked if found[value] == part] for part in range(parts)]
    return {name: found[value] for name, value in values.items()}, [(each[0], each[-1]) for each in bounds]


def _straight(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> bool:
    """Whether b lies on the way from a to c."""
    ahead = (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) > 0
    return ahead and (b[0] - a[0]) * (c[1] - b[1]) == (b[1] - a[1]) * (c[0] - b[0])


def _written(ring: list[tuple[int, int]]) -> str:
    x, y = ring[0]
    said = f"M{x} {y}l"
    for at, (next_x, next_y) in enumerate(ring[1:]):
        dx, dy = next_x - x, next_y - y
        said += f"{'' if at == 0 or dx < 0 else ' '}{dx}{'' if dy < 0 else ' '}{dy}"
        x, y = next_x, next_y
    return said + "z"
