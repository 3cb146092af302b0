# SPDX-License-Identifier: Apache-2.0
"""SPARQL as a tree: parse, rewrite, serialise. Runs nothing.

text  --parse_query-->  nodes.Query  --rewrite_exists, pre_bind, rename-->  nodes.Query  --to_text-->  text
                            |
                            +-- in_scope, certain, mentioned, free_variables     sets of variables
                            +-- lonely_variables, cartesian_products, terms,     values with a suggestion
                                outside_uses
"""

from __future__ import annotations

from icsgraph.algebra import nodes
from icsgraph.algebra.checks import (
    CartesianProduct,
    Lonely,
    OutsideUse,
    Role,
    TermUse,
    cartesian_products,
    lonely_variables,
    outside_uses,
    terms,
)
from icsgraph.algebra.errors import PreBindingRefused, QuerySyntaxError, UndeclaredPrefix, UpdateRefused
from icsgraph.algebra.parse import parse_query
from icsgraph.algebra.prebind import pre_bind, pre_binding_refusals
from icsgraph.algebra.rename import rename
from icsgraph.algebra.rewrite import NotRewritten, Rewrite, Rewriting, rewrite_exists
from icsgraph.algebra.scope import certain, free_variables, fresh, in_scope, mentioned
from icsgraph.algebra.visit import map_children, transform, walk
from icsgraph.algebra.write import to_text

__all__ = [
    "CartesianProduct",
    "Lonely",
    "NotRewritten",
    "OutsideUse",
    "PreBindingRefused",
    "QuerySyntaxError",
    "Rewrite",
    "Rewriting",
    "Role",
    "TermUse",
    "UndeclaredPrefix",
    "UpdateRefused",
    "cartesian_products",
    "certain",
    "free_variables",
    "fresh",
    "in_scope",
    "lonely_variables",
    "map_children",
    "mentioned",
    "nodes",
    "outside_uses",
    "parse_query",
    "pre_bind",
    "pre_binding_refusals",
    "rename",
    "rewrite_exists",
    "terms",
    "to_text",
    "transform",
    "walk",
]
