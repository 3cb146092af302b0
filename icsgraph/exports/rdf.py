# SPDX-License-Identifier: Apache-2.0
"""A graph to RDF files: canonical Turtle, and the other syntaxes as the store writes them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from icsgraph.model.errors import OutputError
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
_WITH_GRAPHS: Final = ("trig", "nq")


def quads_for(store: ox.Store, form: str) -> Iterable[ox.Quad]:
    """Give what a format carries: named graphs alone for TriG and N-Quads, else the merge without graph names."""
    if form in _WITH_GRAPHS:
        return (quad for quad in store if quad.graph_name != ox.DefaultGraph())
    return store.quads_for_pattern(None, None, None, ox.DefaultGraph())


def write(quads: Iterable[ox.Quad], form: str, output: Path) -> int:
    """Write quads to a file, whole or not at all; give the number written. Line-based forms are sorted.

    Raises:
        OutputError: E501, when the file cannot be written.
    """
    statements = list(quads)
    try:
        with tempfile.NamedTemporaryFile("wb", dir=output.parent, prefix=output.name, delete=False) as stream:
            part = Path(stream.name)
            try:
                stream.write(serialise(statements, form))
                stream.close()
                part.replace(output)
            finally:
                part.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(
            "E501", str(output), f"cannot be written: {error.strerror}", "Name another file with --output."
        ) from error
    return len(statements)


def serialise(quads: Iterable[ox.Quad], form: str) -> bytes:
    """Give the bytes of quads in a format of :data:`FORMATS`; equal graphs without blank nodes give equal bytes."""
    if form == "ttl":
        return turtle(ox.Triple(q.subject, q.predicate, q.object) for q in quads).encode()
    ordered = sorted(quads, key=str)
    if form in _WITH_GRAPHS:
        return ox.serialize(ordered, format=FORMATS[form], prefixes=PREFIXES) or b""
    triples = (ox.Triple(q.subject, q.predicate, q.object) for q in ordered)
    return ox.serialize(triples, format=FORMATS[form], prefixes=PREFIXES) or b""
