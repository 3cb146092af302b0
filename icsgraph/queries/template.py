# SPDX-License-Identifier: Apache-2.0
"""A CONSTRUCT to the SELECT of what its template needs, and the rows of that to the triples of the CONSTRUCT.

So an endpoint is asked for rows only, and its answer is seen to be whole in one way alone.
Source: https://www.w3.org/TR/sparql11-query/#construct
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyoxigraph as ox

from icsgraph.algebra import mentioned, nodes
from icsgraph.queries.selecting import Term

_Subject = ox.NamedNode | ox.BlankNode


def as_select(query: nodes.Construct) -> nodes.Select:
    """Give the SELECT of the variables of the template; order and limits stay those of the query."""
    names = sorted({v for triple in template_of(query) for v in mentioned(triple)}, key=lambda v: v.name)
    one = nodes.Assignment(nodes.Literal("1", nodes.IRI(nodes.XSD + "integer")), nodes.Variable("icsgraph_one"))
    return nodes.Select(
        projection=tuple(names) or (one,), where=query.where, dataset=query.dataset, group_by=query.group_by,
        having=query.having, order_by=query.order_by, limit=query.limit, offset=query.offset, values=query.values,
    )  # fmt: skip


def template_of(query: nodes.Construct) -> tuple[nodes.Triple, ...]:
    """Give the template; that of ``CONSTRUCT WHERE`` is its pattern."""
    if query.template is not None:
        return query.template
    return tuple(element for element in query.where.elements if isinstance(element, nodes.Triple))


def instantiated(
    template: Sequence[nodes.Triple], columns: Sequence[str], rows: Iterable[Sequence[Term | None]]
) -> Iterator[ox.Triple]:
    """Give the triples that the rows make, each once, in the order of the rows.

    What is no triple, for a variable is unbound or stands for a literal where none may be, is left out. Each row has
    blank nodes of its own.
    """
    seen: set[ox.Triple] = set()
    for row in rows:
        values = dict(zip(columns, row, strict=True))
        own: dict[str, ox.BlankNode] = {}
        for pattern in template:
            triple = _triple(pattern, values, own)
            if triple is not None and triple not in seen:
                seen.add(triple)
                yield triple


def _triple(pattern: nodes.Triple, values: Mapping[str, Term | None], own: dict[str, ox.BlankNode]) -> ox.Triple | None:
    subject, predicate, value = (
        _term(part, values, own) for part in (pattern.subject, pattern.predicate, pattern.object)
    )
    if isinstance(subject, _Subject) and isinstance(predicate, ox.NamedNode) and value is not None:
        return ox.Triple(subject, predicate, value)
    return None


def _term(part: nodes.Node, values: Mapping[str, Term | None], own: dict[str, ox.BlankNode]) -> Term | None:
    match part:
        case nodes.Variable():
            return values.get(part.name)
        case nodes.IRI():
            return ox.NamedNode(part.value)
        case nodes.BlankNode():
            return own.setdefault(part.label, ox.BlankNode())
        case nodes.Literal(language=str() as language):
            return ox.Literal(part.lexical, language=language)
        case nodes.Literal(datatype=nodes.IRI() as datatype):
            return ox.Literal(part.lexical, datatype=ox.NamedNode(datatype.value))
        case nodes.Literal():
            return ox.Literal(part.lexical)
        case _:
            return None  # a path, which a template cannot hold
