# SPDX-License-Identifier: Apache-2.0
"""Hypothesis strategies for trees that are valid SPARQL: every node kind, small, and unlike what people write."""

from __future__ import annotations

import functools
from itertools import count

from hypothesis import strategies as st

from icsgraph.algebra import nodes as n
from icsgraph.algebra import transform
from icsgraph.algebra.functions import BUILT_INS

BASE = "http://example.org/"
IRIS = st.sampled_from([n.IRI(BASE + name) for name in ("a", "b#c", "d?e=f&g", "é", "")] + [n.TYPE, n.IRI("urn:x:y")])
VARIABLES = st.sampled_from([n.Variable(name) for name in ("a", "b", "s", "value", "x1", "é", "_")])
NAMES = IRIS | VARIABLES
STRINGS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5) | st.sampled_from(
    ["", '"', "'", "\\", "\\u0041", "\\\\U00000041", "\t\n\r\f\b", '"""', "#", "<x>", "u", "\\n"]
)
NUMBERS = st.sampled_from(
    [
        *(n.Literal(each, n.IRI(n.XSD + "integer")) for each in ("0", "1", "-1", "+1", "007", "-0", "x")),
        *(n.Literal(each, n.IRI(n.XSD + "decimal")) for each in ("1.0", "-1.50", ".5", "1.", "00.1")),
        *(n.Literal(each, n.IRI(n.XSD + "double")) for each in ("1e0", "1.0E6", "-1e-7", "INF", "1")),
        n.TRUE, n.FALSE, n.Literal("1", n.IRI(n.XSD + "boolean")),
    ]
)  # fmt: skip
LITERALS = (
    st.builds(n.Literal, STRINGS)
    | st.builds(n.Literal, STRINGS, language=st.sampled_from(["en", "en-GB", "cy"]))
    | st.builds(n.Literal, STRINGS, st.just(n.IRI("http://example.org/type")))
    | NUMBERS
)
BLANK = st.just(n.BlankNode("blank"))


def _several(items, most=3):
    return st.lists(items, min_size=2, max_size=most).map(tuple)


_NEGATED = st.builds(n.NegatedPath, st.lists(IRIS | st.builds(n.InversePath, IRIS), min_size=1, max_size=3).map(tuple))
PATHS = st.recursive(
    IRIS | _NEGATED,
    lambda inner: (
        st.builds(n.InversePath, inner)
        | st.builds(n.SequencePath, _several(inner))
        | st.builds(n.AlternativePath, _several(inner))
        | st.builds(n.RepeatedPath, inner, st.sampled_from("?*+"))
    ),
    max_leaves=5,
)
TRIPLES = st.builds(n.Triple, NAMES | BLANK, VARIABLES | PATHS, NAMES | LITERALS | BLANK)
PLAIN_TRIPLES = st.builds(n.Triple, NAMES | BLANK, NAMES, NAMES | LITERALS | BLANK)


@st.composite
def _built_ins(draw, inner):
    name = draw(st.sampled_from([each for each in BUILT_INS if each != "BOUND"]))
    least, most = BUILT_INS[name]
    return n.BuiltIn(name, draw(st.lists(inner, min_size=least, max_size=3 if most is None else most).map(tuple)))


_CASTS = st.sampled_from([n.IRI(n.XSD + name) for name in ("string", "integer", "dateTime")])


def _expressions(groups=None):
    leaves = NAMES | LITERALS | st.builds(lambda each: n.BuiltIn("BOUND", (each,)), VARIABLES)
    if groups is not None:
        leaves |= st.builds(n.Exists, groups, st.booleans())
    return st.recursive(
        leaves,
        lambda inner: (
            st.builds(n.Or, _several(inner))
            | st.builds(n.And, _several(inner))
            | st.builds(n.Comparison, st.sampled_from(["=", "!=", "<", ">", "<=", ">="]), inner, inner)
            | st.builds(n.Arithmetic, st.sampled_from("+-*/"), inner, inner)
            | st.builds(n.Unary, st.sampled_from("!+-"), inner)
            | st.builds(n.In, inner, st.lists(inner, max_size=3).map(tuple), st.booleans())
            | st.builds(n.FunctionCall, _CASTS, inner.map(lambda each: (each,)))
            | _built_ins(inner)
        ),
        max_leaves=6,
    )


EXPRESSIONS = _expressions()
_AGGREGATES = (
    st.builds(n.Aggregate, st.sampled_from(["COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE"]), EXPRESSIONS, st.booleans())
    | st.builds(n.Aggregate, st.just("COUNT"), st.none(), st.booleans())
    | st.builds(n.Aggregate, st.just("GROUP_CONCAT"), EXPRESSIONS, st.booleans(), st.none() | STRINGS)
)


@st.composite
def inline_data(draw):
    variables = draw(st.lists(VARIABLES, max_size=3, unique=True).map(tuple))
    row = st.tuples(*(st.none() | IRIS | LITERALS for _ in variables))
    return n.InlineData(variables, tuple(draw(st.lists(row, max_size=2))))


@st.composite
def _selects(draw, groups, top=False):
    shared = {
        "where": draw(groups),
        "modifier": draw(st.sampled_from([None, "DISTINCT", "REDUCED"])),
        "limit": draw(st.none() | st.integers(0, 10**6)),
        "offset": draw(st.none() | st.integers(0, 9)),
        "values": draw(st.none() | inline_data()),
        "dataset": draw(_DATASETS) if top else (),
    }
    if not draw(st.booleans()):
        columns = VARIABLES | st.builds(n.Assignment, EXPRESSIONS, VARIABLES)
        order = st.lists(st.builds(n.OrderCondition, EXPRESSIONS, st.booleans()), max_size=2).map(tuple)
        return n.Select(
            projection=tuple(draw(st.lists(columns, max_size=3, unique=True))), order_by=draw(order), **shared
        )
    keys = draw(st.lists(VARIABLES, min_size=1, max_size=2, unique=True))
    computed = draw(st.lists(st.builds(n.Assignment, EXPRESSIONS, VARIABLES) | EXPRESSIONS, max_size=1))
    columns = (*keys, *draw(st.lists(st.builds(n.Assignment, _AGGREGATES, VARIABLES), max_size=2)))
    having = draw(st.lists(st.builds(n.Comparison, st.just(">"), _AGGREGATES, NUMBERS) | _AGGREGATES, max_size=1))
    return n.Select(projection=columns, group_by=(*keys, *computed), having=tuple(having), **shared)


_DATASETS = st.lists(st.builds(n.DatasetClause, IRIS, st.booleans()), max_size=2).map(tuple)


@st.composite
def groups(draw, depth=2, service=False):
    """Group graph patterns nested to a depth."""
    return draw(_groups(depth, service))


@functools.cache
def _groups(depth, service):
    elements = TRIPLES | inline_data() | st.builds(n.Filter, EXPRESSIONS) | st.builds(n.Bind, EXPRESSIONS, VARIABLES)
    if depth:
        inner = groups(depth - 1, service)
        elements |= (
            inner
            | st.builds(n.Optional, inner)
            | st.builds(n.Minus, inner)
            | st.builds(n.Union, _several(inner))
            | st.builds(n.GraphPattern, NAMES, inner)
            | st.builds(n.SubSelect, _selects(inner))
            | st.builds(n.Filter, _expressions(inner))
        )
        if service:
            elements |= st.builds(n.Service, NAMES, inner, st.booleans())
    return st.builds(n.Group, st.lists(elements, max_size=3).map(tuple))


def queries(service=False):
    """Queries of the four forms."""
    inner = groups(service=service)
    rest = {"where": inner, "dataset": _DATASETS, "values": st.none() | inline_data(), "limit": st.none() | st.just(0)}
    short = st.builds(n.Group, st.lists(PLAIN_TRIPLES, max_size=3).map(tuple))
    return (
        _selects(inner, top=True)
        | st.builds(n.Ask, **rest)
        | st.builds(n.Construct, template=st.lists(PLAIN_TRIPLES, max_size=3).map(tuple), **rest)
        | st.builds(n.Construct, template=st.none(), where=short, dataset=_DATASETS)
        | st.builds(n.Describe, subjects=st.lists(NAMES, max_size=2, unique=True).map(tuple), **rest)
    ).map(made_valid)


def made_valid(query):
    """Give each assigned variable and each blank node a name of its own, as SPARQL's rules of scope ask."""
    numbers = count()

    def change(node):
        if isinstance(node, n.Bind | n.Assignment):
            return type(node)(node.expression, n.Variable(f"new{next(numbers)}"))
        if isinstance(node, n.BlankNode):
            return n.BlankNode(f"n{next(numbers)}")
        return node

    return transform(query, change)
