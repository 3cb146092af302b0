# SPDX-License-Identifier: Apache-2.0
"""The rows of one SELECT or ASK of an endpoint, as lists of columns; an answer that is not whole is an error."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox

from icsgraph.model.errors import EndpointError
from icsgraph.store.endpoint import Endpoint


def select(endpoint: str | Endpoint, query: str) -> tuple[tuple[str, ...], list[list[Any]]]:
    """Give the columns and rows of a SELECT; unbound variables are None. An ASK gives one row with the column answer.

    Raises:
        EndpointError: as :meth:`icsgraph.store.endpoint.Endpoint.ask`; E613 when the endpoint says that it cut rows.
    """
    asked = Endpoint(endpoint) if isinstance(endpoint, str) else endpoint
    reply = asked.ask(query)
    if reply.boolean is not None:
        return reply.columns, [[ox.Literal(reply.boolean)]]
    if reply.cut_at is not None:
        what = f"the endpoint gave its {reply.cut_at} rows at most, and there may be more"
        raise EndpointError("E613", asked.url, what, "Ask for fewer rows with LIMIT and OFFSET, or raise its limit.")
    return reply.columns, [[row.get(name) for name in reply.columns] for row in reply.rows]
