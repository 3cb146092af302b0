# SPDX-License-Identifier: Apache-2.0
"""The triples of a CONSTRUCT or DESCRIBE as RDF, with what goes with the answer as comments where there are any."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from icsgraph.model.namespaces import PREFIXES
from icsgraph.queries.about import About
from icsgraph.store.canonical import turtle

FORMATS: Final = ("ttl", "nt", "jsonld", "rdfxml")


def as_rdf(triples: Iterable[ox.Triple], form: str, about: About | None = None) -> bytes:
    """Write triples, each once and in a stable order, in one of :data:`FORMATS`."""
    comment = [f"{name}: {' '.join(value.split())}" for name, value in about.facts().items()] if about else []
    if form == "ttl":
        return turtle(triples, comment=comment).encode()
    ordered = sorted(set(triples), key=str)
    if form == "nt":
        lines = [*(f"# {line}" for line in comment), *(f"{triple} ." for triple in ordered)]
        return "".join(f"{line}\n" for line in lines).encode()
    syntax = {"jsonld": ox.RdfFormat.JSON_LD, "rdfxml": ox.RdfFormat.RDF_XML}[form]
    return (ox.serialize(ordered, format=syntax, prefixes=PREFIXES) or b"").rstrip(b"\n") + b"\n"
