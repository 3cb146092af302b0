# SPDX-License-Identifier: Apache-2.0
"""A query to the answer of a SPARQL endpoint, in the form that a store here gives it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import pyoxigraph as ox

from icsgraph.model.errors import QueryError
from icsgraph.queries.about import form_of, gives_triples, own_limit
from icsgraph.queries.run import Answer, bound_text, default_prefixes, digest_of
from icsgraph.store.endpoint import Endpoint
from icsgraph.store.remote import select

_TAIL: Final = re.compile(r"(?i)\bVALUES\b[^{}]*\{[^{}]*\}\s*$")  # after which no LIMIT can stand


def ask_endpoint(
    endpoint: str | Endpoint, text: str, bindings: Mapping[str, ox.NamedNode | ox.Literal] | None = None,
    *, limit: int | None = None, where: str = "query",
) -> Answer:  # fmt: skip
    """Ask an endpoint; keep at most ``limit`` rows.

    Raises:
        EndpointError: as :func:`icsgraph.store.remote.select`.
        QueryError: E201 for a CONSTRUCT that is no SPARQL, E217 for a DESCRIBE.
    """
    bound = bindings or {}
    digest = digest_of(text, bound)
    if gives_triples(text):
        triples = _triples(endpoint, bound_text(text, bound), where)
        cut = limit is not None and len(triples) > limit
        triples = triples[:limit]
        told = tuple((t.subject, t.predicate, t.object) for t in triples)
        return Answer(("subject", "predicate", "object"), told, triples, cut, digest, "triples")
    columns, rows = select(endpoint, with_prefixes(_limited(bound_text(text, bound), limit)))
    cut = limit is not None and len(rows) > limit
    unit = "answers" if form_of(text) == "ASK" else "rows"
    return Answer(tuple(columns), tuple(tuple(row) for row in rows[:limit]), None, cut, digest, unit)


def _limited(text: str, limit: int | None) -> str:
    """Ask for one row more than will be kept, so that an endpoint need not send them all; own limits stay."""
    if limit is None or form_of(text) != "SELECT" or own_limit(text) is not None or _TAIL.search(text):
        return text
    return f"{text.rstrip()}\nLIMIT {limit + 1}\n"


def with_prefixes(text: str) -> str:
    """Declare, on the first line, those of icsgraph's prefixes that a query uses, unless it declares some itself."""
    used = [
        (prefix, space) for prefix, space in default_prefixes(text).items() if re.search(rf"(?<![\w:]){prefix}:", text)
    ]
    return "".join(f"PREFIX {prefix}: <{space}> " for prefix, space in used) + text


def _triples(endpoint: str | Endpoint, text: str, where: str) -> tuple[ox.Triple, ...]:
    from icsgraph.algebra import nodes, to_text
    from icsgraph.queries.check import read
    from icsgraph.queries.template import as_select, instantiated, template_of

    query = read(text, where)
    if not isinstance(query, nodes.Construct):
        what = "what DESCRIBE gives is for each endpoint to say, so it is not asked of one"
        raise QueryError("E217", where, what, "Ask with CONSTRUCT or SELECT for the statements that you want.")
    columns, rows = select(endpoint, to_text(as_select(query)))
    return tuple(instantiated(template_of(query), columns, rows))
