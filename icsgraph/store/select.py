# SPDX-License-Identifier: Apache-2.0
"""The rows of a SELECT that icsgraph itself asks, with its prefixes; and terms as text."""

from __future__ import annotations

from typing import TypeAlias

import pyoxigraph as ox

from icsgraph.model.namespaces import PREFIXES

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def rows(store: ox.Store, query: str) -> list[ox.QuerySolution]:
    """Give the rows of a SELECT over the default graph; the query may use every prefix of icsgraph undeclared.

    Raises:
        SyntaxError, ValueError: when the query is wrong.
    """
    solutions = store.query(query, prefixes=PREFIXES)
    if not isinstance(solutions, ox.QuerySolutions):
        raise ValueError("the query is no SELECT")
    return list(solutions)


def text(term: Term | None) -> str:
    """Give an IRI, or the text of a literal; a blank node with ``_:`` before its label; nothing for an unbound one."""
    if term is None:
        return ""
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)
