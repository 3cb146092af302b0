# SPDX-License-Identifier: Apache-2.0
"""Turtle text to what the tests of this room start from."""

from __future__ import annotations

import pyoxigraph as ox

from icsgraph.shacl import compile_shapes, read_shapes

PREFIXES = """PREFIX ex: <http://example.org/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
ex: sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] .
"""


def store_of(text: str) -> ox.Store:
    store = ox.Store()
    store.load((PREFIXES + text).encode(), format=ox.RdfFormat.TURTLE)
    return store


def shapes_of(text: str):
    return read_shapes(ox.parse((PREFIXES + text).encode(), format=ox.RdfFormat.TURTLE))


def compiled(text: str):
    return compile_shapes(shapes_of(text))


def local(term) -> str:
    return str(term.value).removeprefix("http://example.org/")
