# SPDX-License-Identifier: Apache-2.0
"""Frames of JSON-LD: things of a class as trees, with what belongs to them nested under names.

A frame is a file of ``data/frames``, which any processor of JSON-LD can use as it stands. Here the statements of the
trees are gathered, from the graph itself and as far as the frame goes; of whatever else is named come identifier and
label. The algorithm of the standard would nest all that can be reached from a thing, again and again.

Source: https://www.w3.org/TR/json-ld11-framing/
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import pyoxigraph as ox

from icsgraph.exports.content import MERGED, Content, Node
from icsgraph.exports.frame_names import names
from icsgraph.model.errors import ExportError
from icsgraph.model.namespaces import RDF, RDFS
from icsgraph.store import shipped

_LABEL, _TYPE = ox.NamedNode(RDFS + "label"), ox.NamedNode(RDF + "type")
_KEYWORDS: Final = ("@context", "@type")
Json = Any


@dataclass(frozen=True)
class Frame:
    """A frame: its name, the classes of its things, its context, and below them what is nested, by name."""

    name: str
    classes: tuple[str, ...]
    context: Mapping[str, Json]
    shape: Mapping[str, Json]

    def property(self, key: str) -> tuple[ox.NamedNode, bool]:
        """Give the property that a name stands for, and whether it is read from its end."""
        said = self.context[key]
        return (ox.NamedNode(said["@reverse"]), True) if "@reverse" in said else (ox.NamedNode(said["@id"]), False)

    def split(self, shape: Mapping[str, Json]) -> tuple[dict[ox.NamedNode, Json], list[tuple[str, ox.NamedNode, Json]]]:
        """Give what is nested below a thing by property, and what is read from the other end, with its name."""
        ahead: dict[ox.NamedNode, Json] = {}
        back: list[tuple[str, ox.NamedNode, Json]] = []
        for key, below in shape.items():
            prop, is_reverse = self.property(key)
            if is_reverse:
                back.append((key, prop, below))
            else:
                ahead[prop] = below
        return ahead, back

    def reversed_names(self) -> dict[str, Json]:
        """Give the names for what is read from its other end, as a context defines them."""
        return {key: said for key, said in self.context.items() if isinstance(said, dict) and "@reverse" in said}


@cache
def get(name: str) -> Frame:
    """Give a frame.

    Raises:
        ExportError: E948 when there is none of that name.
    """
    path = next((path for path in shipped.files("data/frames", "*.jsonld") if path.stem == name), None)
    if path is None:
        near = difflib.get_close_matches(name, names(), n=1, cutoff=0.5)
        mend = f"Did you mean {near[0]}? " if near else ""
        raise ExportError("E948", name, "there is no such frame", f"{mend}There are: {', '.join(names())}.")
    raw = json.loads(path.read_text(encoding="utf-8"))
    classes = tuple(raw["@context"][kind]["@id"] for kind in raw["@type"])
    shape = {key: below for key, below in raw.items() if key not in _KEYWORDS}
    return Frame(name, classes, raw["@context"], shape)


def gathered(content: Content, frame: Frame) -> set[ox.Triple]:
    """Give what the trees of the chosen things hold."""
    return set(_Gatherer(content, frame).run())


class _Gatherer:
    def __init__(self, content: Content, frame: Frame) -> None:
        self._content, self._frame = content, frame
        self._store, self._graph = content.store, content.graph or MERGED
        self._seen: set[tuple[Node, int]] = set()
        self._named: set[ox.NamedNode] = set()

    def run(self) -> Iterator[ox.Triple]:
        for root in sorted(self._content.subjects or (), key=str):
            yield from self._tree(root, self._frame.shape)
        for node in self._named:
            for quad in self._store.quads_for_pattern(node, _LABEL, None, MERGED):
                yield quad.triple

    def _tree(self, node: Node, shape: Mapping[str, Json]) -> Iterator[ox.Triple]:
        if (node, id(shape)) in self._seen or node in self._content.not_held:
            return
        self._seen.add((node, id(shape)))
        below, back = self._frame.split(shape)
        for _, prop, sub in back:
            for quad in self._store.quads_for_pattern(None, prop, node, self._graph):
                yield from self._tree(quad.subject, sub)
        for quad in self._store.quads_for_pattern(node, None, None, self._graph):
            yield quad.triple
            if isinstance(quad.object, ox.NamedNode) and quad.predicate != _TYPE:
                self._named.add(quad.object)
            if isinstance(quad.object, ox.BlankNode):
                yield from self._tree(quad.object, {})
            elif quad.predicate in below and isinstance(quad.object, Node):
                yield from self._tree(quad.object, below[quad.predicate])
