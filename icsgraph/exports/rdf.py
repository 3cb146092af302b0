# SPDX-License-Identifier: Apache-2.0
"""Content to RDF syntaxes: streamed as the store gives it, or canonical, so that equal graphs give equal bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Final, TypeVar

import pyoxigraph as ox

from icsgraph.exports.content import Content
from icsgraph.model.namespaces import PREFIXES
from icsgraph.store.canonical import turtle

FORMATS: Final[dict[str, ox.RdfFormat]] = {
    "ttl": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
T = TypeVar("T")
_WITH_GRAPHS: Final = ("trig", "nq")


def write(form: str, content: Content, stream: IO[bytes]) -> str:
    """Write content in a syntax of :data:`FORMATS`; TriG and N-Quads name the graphs, the others do not."""
    counted = _Counted()
    if form in _WITH_GRAPHS:
        quads = counted(_settled(content.quads()) if content.canonical else content.quads())
        ox.serialize(quads, stream, format=FORMATS[form], prefixes=PREFIXES)
    elif form == "ttl" and content.canonical:
        stream.write(turtle(counted(content.triples())).encode())
    else:
        ox.serialize(counted(content.triples()), stream, format=FORMATS[form], prefixes=PREFIXES)
    return f"{counted.number} statements"


def _settled(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    dataset = ox.Dataset(quads)
    if any(isinstance(node, ox.BlankNode) for quad in dataset for node in (quad.subject, quad.object)):
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(dataset, key=lambda quad: (str(quad.graph_name), str(quad)))


class _Counted:
    """Passes statements through and counts them."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, statements: Iterable[T]) -> Iterator[T]:
        for each in statements:
            self.number += 1
            yield each
