# SPDX-License-Identifier: Apache-2.0
"""Modules and their classes to drawings in SVG, whose names are links. They need no script and no other host.

A module is drawn as a tree of its classes, each box with the properties said of it and what they give. A tree of boxes
stays readable where arrows between sixty classes do not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from html import escape
from typing import Final, TypeAlias

from icsgraph.exports.vocabulary.axioms import Ref
from icsgraph.exports.vocabulary.terms import Module, Term, depths, short

Address: TypeAlias = Callable[[str], str]
_ROW: Final = 18
_STEP: Final = 28
_LETTER: Final = 7.3  # the most that a letter of 13-pixel type takes on average
_BOLD: Final = 8.3


def classes(module: Module, every: dict[str, Term], address: Address) -> str:
    """Draw the classes of a module under their superclasses; empty for a module without any.

    Args:
        module: whose classes are drawn.
        every: terms by IRI, for the labels of what other modules hold.
        address: gives the link of a term's IRI, relative to the page that shows the drawing.
    """
    own = {t.iri: t for t in module.terms if t.kind == "class"}
    above = {iri: _refs(t, "kind of") for iri, t in own.items()}
    below: dict[str, list[str]] = defaultdict(list)
    for iri, supers in above.items():
        for each in supers[:1]:
            below[each].append(iri)
    outside = sorted({s[0] for s in above.values() if s and s[0] not in own}, key=short)
    roots = [*outside, *(iri for iri, supers in above.items() if not supers)]
    said = _properties(module)
    boxes: list[tuple[str, int, int, int | None]] = []  # IRI, depth, top, row of the parent
    place = {"top": 8}

    def put(iri: str, depth: int, parent: int | None) -> None:
        top = place["top"]
        boxes.append((iri, depth, top, parent))
        place["top"] = top + _ROW * (1 + len(said.get(iri, ()))) + 14
        for child in sorted(below.get(iri, ()), key=short):
            put(child, depth + 1, top)

    for root in roots:
        put(root, 0, None)
    if not boxes:
        return ""
    parts = [_branch(depth, top, parent) for _, depth, top, parent in boxes]  # below the boxes, so drawn first
    parts += [_box(iri, depth, top, every, said, address) for iri, depth, top, _ in boxes]
    width = max(_STEP * depth + _width(iri, every, said) + 20 for iri, depth, _, _ in boxes)
    return _svg(parts, width, place["top"], f"Classes of the module {module.name}, each with the properties said of it")


def imports(modules: Sequence[Module], address: Address) -> str:
    """Draw which module imports which, the lowest at the bottom; imports that follow from others are left out."""
    graph = {m.name: m.imports for m in modules}
    depth = depths(graph)
    rows: dict[int, list[str]] = defaultdict(list)
    for name in sorted(graph):
        rows[depth[name]].append(name)
    top = max(depth.values())
    wide = {name: len(name) * _LETTER + 24 for name in graph}
    centre: dict[str, tuple[float, float]] = {}
    total = max(sum(wide[n] + 24 for n in names) for names in rows.values())
    for level, names in rows.items():
        x = (total - sum(wide[n] + 24 for n in names)) / 2
        for name in names:
            centre[name] = (x + 12 + wide[name] / 2, 24 + (top - level) * 62)
            x += wide[name] + 24
    parts = []
    for name, others in graph.items():
        for other in _needed(name, others, graph):
            (x1, y1), (x2, y2) = centre[name], centre[other]
            bend = f"C{x1:.0f} {y1 + 36:.0f} {x2:.0f} {y2 - 36:.0f}"
            parts.append(f'<path d="M{x1:.0f} {y1 + 12:.0f} {bend} {x2:.0f} {y2 - 12:.0f}"/>')
    for name, (x, y) in centre.items():
        box = f'x="{x - wide[name] / 2:.0f}" y="{y - 12:.0f}" width="{wide[name]:.0f}" height="24" rx="4"'
        parts.append(
            f'<a href="{escape(address(name))}"><rect {box}/>'
            f'<text x="{x:.0f}" y="{y + 4:.0f}" text-anchor="middle">{escape(name)}</text></a>'
        )
    return _svg(parts, total, 48 + top * 62, "Which module imports which")


def _needed(name: str, others: Sequence[str], graph: dict[str, tuple[str, ...]]) -> list[str]:
    def reach(start: str) -> set[str]:
        found = set(graph.get(start, ()))
        return found.union(*(reach(each) for each in found)) if found else found

    beyond = set[str]().union(*(reach(other) for other in others)) if others else set[str]()
    return [other for other in others if other in graph and other not in beyond and other != name]


def _refs(term: Term, heading: str) -> list[str]:
    said = next((values for head, values in term.facts if head == heading), ())
    return [value[0].iri for value in said if len(value) == 1 and isinstance(value[0], Ref)]


def _named(term: Term, heading: str) -> list[str]:
    said = next((values for head, values in term.facts if head == heading), ())
    return [part.iri for value in said for part in value if isinstance(part, Ref)]


def _properties(module: Module) -> dict[str, list[tuple[Term, str]]]:
    found: dict[str, list[tuple[Term, str]]] = defaultdict(list)
    for term in module.terms:
        if term.kind in ("object property", "datatype property"):
            for owner in _named(term, "said of"):
                found[owner].append((term, next(iter(_refs(term, "gives")), "")))
    return {owner: sorted(each, key=lambda p: p[0].name) for owner, each in found.items()}


def _width(iri: str, every: dict[str, Term], said: dict[str, list[tuple[Term, str]]]) -> float:
    rows = [f"  {prop.label} → {_label(value, every)}" for prop, value in said.get(iri, ())]
    return max(len(_label(iri, every)) * _BOLD, *(len(row) * _LETTER for row in rows), 0) + 24


def _label(iri: str, every: dict[str, Term]) -> str:
    return every[iri].label if iri in every else short(iri) if iri else ""


def _branch(depth: int, top: int, parent: int | None) -> str:
    left = 8 + depth * _STEP
    return "" if parent is None else f'<path d="M{left - _STEP + 12} {parent + _ROW + 6} V{top + 12} H{left}"/>'


def _box(
    iri: str, depth: int, top: int, every: dict[str, Term], said: dict[str, list[tuple[Term, str]]], address: Address
) -> str:
    left, rows = 8 + depth * _STEP, said.get(iri, [])
    height = _ROW * (1 + len(rows)) + 6
    made = [f'<rect x="{left}" y="{top}" width="{_width(iri, every, said):.0f}" height="{height}" rx="4"/>']
    made.append(_linked(iri, left + 10, top + 16, every, address, "name"))
    for number, (prop, value) in enumerate(rows, start=1):
        y = top + 16 + number * _ROW
        made.append(_linked(prop.iri, left + 18, y, every, address, "property", value))
    return "".join(made)


def _linked(iri: str, x: int, y: int, every: dict[str, Term], address: Address, kind: str, value: str = "") -> str:
    def link(each: str) -> str:
        label = escape(_label(each, every))
        return f'<a href="{escape(address(each))}"><tspan>{label}</tspan></a>' if address(each) else label

    after = f' <tspan class="arrow">→</tspan> {link(value)}' if value else ""
    return f'<text x="{x}" y="{y}" class="{kind}">{link(iri)}{after}</text>'


def _svg(parts: Sequence[str], width: float, height: float, title: str) -> str:
    size = f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}"'
    return f'<svg role="group" class="drawing" {size}><title>{escape(title)}</title>{"".join(parts)}</svg>'
