# SPDX-License-Identifier: Apache-2.0
"""The description of one thing as a drawing of what it is linked to: what points to it, itself, what it points to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from textwrap import wrap

from icsgraph.law.describe import Description, Link

_EACH = 4  # things drawn for one property; the others are counted
_MOST = 41  # letters in a line of a label, which has two


@dataclass(frozen=True, slots=True)
class _Box:
    property: str
    label: str
    iri: str


def _boxes(links: Sequence[Link]) -> list[_Box]:
    boxes = []
    for prop, together in groupby((link for link in links if link.other), key=lambda link: link.property_label):
        listed = list(together)
        boxes += [_Box(prop, link.label, link.other) for link in listed[:_EACH]]
        if len(listed) > _EACH:
            boxes.append(_Box(prop, f"and {len(listed) - _EACH} more", ""))
    return boxes


def as_mermaid(thing: Description) -> str:
    """Write a Mermaid flowchart, for pages that draw it themselves."""
    lines = ["flowchart LR", f'  thing["{_quoted(thing.label)}"]']
    for at, box in enumerate(_boxes(thing.incoming)):
        lines.append(f'  in{at}["{_quoted(box.label)}"] -- "{_quoted(box.property)}" --> thing')
    for at, box in enumerate(_boxes(thing.outgoing)):
        lines.append(f'  thing -- "{_quoted(box.property)}" --> out{at}["{_quoted(box.label)}"]')
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    flat = " ".join(text.split()).replace("#", "#35;")
    return flat.replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")


_ROW, _WIDE, _TALL, _GAP, _MARGIN = 52, 300, 40, 190, 20
_INK, _LINE = "#1b1b1b", "#5a5a5a"


def as_svg(thing: Description) -> str:
    """Draw three columns; words say what the lines mean, and boxes link to what they name."""
    left, right = _boxes(thing.incoming), _boxes(thing.outgoing)
    height = max(len(left), len(right), 2) * _ROW + 2 * _MARGIN
    columns = (_MARGIN, _MARGIN + _WIDE + _GAP, _MARGIN + 2 * (_WIDE + _GAP))
    width, middle = columns[2] + _WIDE + _MARGIN, height / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img" aria-labelledby="title about" font-family="sans-serif" font-size="13">',
        f'<title id="title">{escape(thing.label)}</title>',
        f'<desc id="about">{len(left)} links to it at the left, {len(right)} from it at the right.</desc>',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        f'<path d="M0 0L8 4L0 8z" fill="{_LINE}"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for boxes, x, incoming in ((left, columns[0], True), (right, columns[2], False)):
        top = middle - len(boxes) * _ROW / 2
        for at, box in enumerate(boxes):
            y = top + at * _ROW + _ROW / 2
            if incoming:
                ends = (x + _WIDE, y, columns[1], middle)
                text_at, anchor = x + _WIDE + 6, "start"
            else:
                ends = (columns[1] + _WIDE, middle, x, y)
                text_at, anchor = x - 12, "end"
            parts.append(
                f'<line x1="{ends[0]}" y1="{ends[1]:g}" x2="{ends[2]}" y2="{ends[3]:g}" stroke="{_LINE}" '
                'marker-end="url(#tip)"/>'
            )
            parts.append(
                f'<text x="{text_at}" y="{y - 5:g}" text-anchor="{anchor}" font-size="11" fill="{_INK}" '
                f'stroke="#ffffff" stroke-width="3" paint-order="stroke">{escape(box.property)}</text>'
            )
            parts.append(_drawn(box, x, y, "#f2f4f7"))
    parts.append(_drawn(_Box("", thing.label, thing.iri), columns[1], middle, "#dbe8f7"))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _drawn(box: _Box, x: float, y: float, fill: str) -> str:
    lines = wrap(box.label, _MOST, max_lines=2, placeholder=" …", break_on_hyphens=False) or [""]
    first = y + 4 - (len(lines) - 1) * 8
    spans = "".join(f'<tspan x="{x + 8}" y="{first + n * 16:g}">{escape(line)}</tspan>' for n, line in enumerate(lines))
    drawn = (
        f'<rect x="{x}" y="{y - _TALL / 2:g}" width="{_WIDE}" height="{_TALL}" rx="4" fill="{fill}" stroke="{_LINE}"/>'
        f'<text fill="{_INK}">{spans}</text><title>{escape(box.label)}</title>'
    )
    inside = f"<g>{drawn}</g>"
    return f'<a href="{escape(box.iri)}">{inside}</a>' if box.iri.startswith(("http://", "https://")) else inside
