# SPDX-License-Identifier: Apache-2.0
"""A query and values for some of its variables to the query with the values in it, or to what stands in the way.

What is refused is what SHACL refuses, named by the form that makes it so: with values put in, those forms would mean
something else, or their meaning is not settled.

Source: https://www.w3.org/TR/shacl/#pre-binding
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from icsgraph.algebra import nodes as n
from icsgraph.algebra.errors import PreBindingRefused
from icsgraph.algebra.scope import Variables, fresh, in_scope, mentioned, projected
from icsgraph.algebra.visit import map_children, walk

_Node = TypeVar("_Node", bound=n.Node)
_Query = TypeVar("_Query", bound=n.Query)


def pre_binding_refusals(
    query: n.Query, variables: Collection[n.Variable], optional: Collection[n.Variable] = ()
) -> tuple[PreBindingRefused, ...]:
    """Everything in the query that forbids pre-binding, in the order in which it stands there; empty if nothing does.

    Args:
        query: The query as its author wrote it.
        variables: Those that may be given a value.
        optional: Those among them that a subselect need not return, such as ``$shapesGraph`` in SHACL.
    """
    return tuple(_refusals(query, frozenset(variables), frozenset(optional)))


def pre_bind(
    query: _Query, values: Mapping[n.Variable, n.IRI | n.Literal], optional: Collection[n.Variable] = ()
) -> _Query:
    """Put the values in for the variables, at every depth; columns keep their names and carry the value.

    Raises:
        PreBindingRefused: The first of :func:`pre_binding_refusals`, if there is any.
    """
    for refusal in pre_binding_refusals(query, values.keys(), optional):
        raise refusal
    binder = _Binder(values, set(mentioned(query)) | set(values))
    bound = binder.put_in(query)
    if isinstance(query, n.Select) and isinstance(bound, n.Select):
        columns = query.projection or _in_order(query)
        return replace(bound, projection=tuple(binder.column(column) for column in columns))
    return bound


def _refusals(query: n.Query, variables: Variables, optional: Variables) -> Iterator[PreBindingRefused]:
    for node in walk(query):
        match node:
            case n.Minus():
                yield _refused("MINUS", "Use FILTER NOT EXISTS { … } instead.")
            case n.Service():
                yield _refused("SERVICE", "Ask the other endpoint beforehand and load what it says.")
            case n.InlineData():
                yield _refused("VALUES", "Write FILTER (?x IN (…)) instead.")
            case n.Bind() | n.Assignment() if node.variable in variables:
                yield _refused(f"AS ?{node.variable.name}", "Give the new value a variable of its own.")
            case n.SubSelect():
                for variable in sorted(variables - optional - in_scope(node.query), key=str):
                    yield _refused(
                        f"a subselect without ?{variable.name}", f"Add ?{variable.name} to the SELECT of the subselect."
                    )
            case _:
                pass


def _refused(form: str, mend: str) -> PreBindingRefused:
    return PreBindingRefused(form, f"a query whose variables are given values beforehand cannot have {form}", mend)


class _Binder:
    def __init__(self, values: Mapping[n.Variable, n.IRI | n.Literal], used: set[n.Variable]) -> None:
        self._values, self._used = values, used

    def put_in(self, node: _Node) -> _Node:
        return map_children(node, self._changed)

    def _changed(self, node: n.Node) -> n.Node:
        match node:
            case n.Variable():
                return self._values.get(node, node)
            case n.BuiltIn(name="BOUND") if node.arguments[0] in self._values:
                return n.TRUE
            case n.Group():
                return n.Group(tuple(element for each in node.elements for element in self._element(each)))
            case n.SubSelect():
                return n.SubSelect(self._subselect(node.query))
            case _:
                return self.put_in(node)

    def _element(self, element: n.Element) -> Iterator[n.Element]:
        """The element with values; a triple that can never match becomes a filter that never passes."""
        if isinstance(element, n.GraphPattern) and isinstance(self._value(element.name), n.Literal):
            yield n.Filter(n.FALSE)
        elif isinstance(element, n.Triple):
            yield from self._triple(element)
        else:
            yield self._changed(element)  # type: ignore[misc]  # an element stays one

    def _triple(self, triple: n.Triple) -> Iterator[n.Element]:
        subject, predicate = self._value(triple.subject), self._value(triple.predicate)
        if isinstance(predicate, n.Literal) or (isinstance(subject, n.Literal) and _is_plain(predicate)):
            yield n.Filter(n.FALSE)
        elif isinstance(subject, n.Literal):
            # The grammar has no literal as a subject, and a path of no steps leads from a literal to itself.
            stands_for = fresh("literal", self._used)
            self._used.add(stands_for)
            yield n.InlineData((stands_for,), ((subject,),))
            yield self.put_in(replace(triple, subject=stands_for))
        else:
            yield self.put_in(triple)

    def _value(self, node: n.Node) -> n.Node:
        return self._values.get(node, node) if isinstance(node, n.Variable) else node

    def _subselect(self, query: n.Select) -> n.Select:
        """The inner query with those values that it returns; the columns of those are left out."""
        returned = in_scope(query)
        inner = _Binder({key: value for key, value in self._values.items() if key in returned}, self._used)
        bound = inner.put_in(replace(query, projection=()))
        columns = tuple(
            column if isinstance(column, n.Variable) else inner.put_in(column)
            for column in query.projection
            if projected(column) not in inner._values
        )
        if query.projection and not columns:
            columns = (n.Assignment(n.TRUE, fresh("row", self._used)),)
        return replace(bound, projection=columns)

    def column(self, column: n.Variable | n.Assignment) -> n.Variable | n.Assignment:
        if isinstance(column, n.Assignment):
            return self.put_in(column)
        return n.Assignment(self._values[column], column) if column in self._values else column


def _is_plain(predicate: n.Node) -> bool:
    return isinstance(predicate, n.IRI | n.Variable)


def _in_order(query: n.Query) -> tuple[n.Variable, ...]:
    scope = in_scope(query)
    return tuple(dict.fromkeys(each for each in walk(query) if isinstance(each, n.Variable) and each in scope))
