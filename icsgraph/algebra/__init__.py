# SPDX-License-Identifier: Apache-2.0
"""SPARQL as a tree: parse, rewrite, serialise. Runs nothing."""

from __future__ import annotations

from icsgraph.algebra import nodes
from icsgraph.algebra.errors import PreBindingRefused, QuerySyntaxError, UndeclaredPrefix, UpdateRefused
from icsgraph.algebra.parse import parse_query
from icsgraph.algebra.write import to_text

__all__ = [
    "PreBindingRefused",
    "QuerySyntaxError",
    "UndeclaredPrefix",
    "UpdateRefused",
    "nodes",
    "parse_query",
    "to_text",
]
