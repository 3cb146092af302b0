# SPDX-License-Identifier: Apache-2.0
"""A query to the answer of a SPARQL endpoint, in the form that a store here gives it."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox

from icsgraph.model.errors import QueryError
from icsgraph.queries.about import gives_triples
from icsgraph.queries.run import Answer, bound_text, digest_of
from icsgraph.store.endpoint import Endpoint
from icsgraph.store.remote import select


def ask_endpoint(
    endpoint: str | Endpoint, text: str, bindings: Mapping[str, ox.NamedNode | ox.Literal] | None = None,
    *, limit: int | None = None, where: str = "query",
) -> Answer:  # fmt: skip
    """Ask an endpoint; keep at most ``limit`` rows.

    Raises:
        EndpointError: as :func:`icsgraph.store.remote.select`.
        QueryError: E217 for a query whose answer is triples.
    """
    if gives_triples(text):
        raise QueryError(
            "E217", where, "an endpoint is asked for rows only", "Ask with SELECT; --data FILE loads its data here."
        )
    bound = bindings or {}
    columns, rows = select(endpoint, bound_text(text, bound))
    cut = limit is not None and len(rows) > limit
    return Answer(tuple(columns), tuple(tuple(row) for row in rows[:limit]), None, cut, digest_of(text, bound))
