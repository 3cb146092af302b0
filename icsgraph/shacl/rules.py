# SPDX-License-Identifier: Apache-2.0
"""A query of a shapes graph to its tree, once it is known to keep the rules of SHACL-SPARQL; constants and path put in.

Source: https://www.w3.org/TR/shacl/#pre-binding and https://www.w3.org/TR/shacl/#sparql-constraints-variables
"""

from __future__ import annotations

from collections.abc import Mapping

from icsgraph.algebra import parse_query, pre_bind, pre_binding_refusals
from icsgraph.algebra.nodes import IRI, Ask, Literal, Node, Path, Query, Select, Triple, Variable
from icsgraph.algebra.scope import in_scope, mentioned
from icsgraph.algebra.visit import transform
from icsgraph.model.errors import QueryError, ShapesError
from icsgraph.shacl.model import UserQuery
from icsgraph.shacl.terms import Refused

THIS, VALUE, PATH = Variable("this"), Variable("value"), Variable("PATH")
SHAPES_GRAPH, CURRENT_SHAPE = Variable("shapesGraph"), Variable("currentShape")
OPTIONAL = frozenset({SHAPES_GRAPH, CURRENT_SHAPE})


def read_user_query(query: UserQuery, prebound: frozenset[Variable]) -> Select | Ask:
    """The tree of a query of the shapes graph.

    Raises:
        ShapesError: E302, it is no query, or breaks a rule; names the node that holds it.
    """
    try:
        tree = parse_query(query.text, query.prefixes)
        for refusal in pre_binding_refusals(tree, prebound | OPTIONAL, OPTIONAL):
            raise refusal
    except QueryError as error:
        what = f"sh:{query.form}, {error.where}: {error.what}" if error.where else f"sh:{query.form}: {error.what}"
        raise ShapesError("E302", str(query.node), what, error.mend) from error
    if not isinstance(tree, Select if query.form == "select" else Ask):
        what = f"sh:{query.form} holds a query of another form"
        raise ShapesError("E302", str(query.node), what, f"Write {query.form.upper()}.")
    if isinstance(tree, Select) and THIS not in in_scope(tree):
        raise ShapesError("E302", str(query.node), "sh:select does not select $this", "Add $this to the SELECT.")
    assert isinstance(tree, Select | Ask)
    return tree


def put_in(tree: Query, values: Mapping[Variable, IRI | Literal], path: Path | None) -> Query:
    """The tree with constants in place of variables that have one value for the whole constraint, and with its path."""

    def placed(node: Node) -> Node:
        if isinstance(node, Triple) and node.predicate == PATH and path is not None:
            return Triple(node.subject, path, node.object)
        return node

    done = pre_bind(transform(tree, placed), values, OPTIONAL)
    if PATH in mentioned(done):
        raise Refused("it uses $PATH elsewhere than as the property of a triple, or on a node shape")
    return done
