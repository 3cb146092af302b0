# SPDX-License-Identifier: Apache-2.0
"""rdflib's parse tree to a query: the four forms, their modifiers, and group graph patterns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypedDict, cast

from icsgraph.algebra import nodes as n
from icsgraph.algebra.convert_expressions import ExpressionConverter
from icsgraph.algebra.convert_terms import Raw


class _Modifiers(TypedDict):
    where: n.Group
    dataset: tuple[n.DatasetClause, ...]
    group_by: tuple[n.Expression | n.Assignment, ...]
    having: tuple[n.Expression, ...]
    order_by: tuple[n.OrderCondition, ...]
    limit: int | None
    offset: int | None
    values: n.InlineData | None


class Converter(ExpressionConverter):
    """Makes one query; of no use for a second one, since blank node labels go on counting."""

    def query(self, raw: Raw) -> n.Query:
        declarations, body = raw
        self.prologue(declarations)
        if body.name == "SelectQuery":
            return self._select(body)
        shared = self._shared(body)
        if body.name == "AskQuery":
            return n.Ask(**shared)
        if body.name == "ConstructQuery":
            return n.Construct(template=self._template(body), **shared)
        subjects = tuple(self.name(each) for each in body["var"]) if "var" in body else ()
        return n.Describe(subjects=subjects, **shared)

    def _select(self, raw: Raw) -> n.Select:
        projection = tuple(self._column(column) for column in raw["projection"]) if "projection" in raw else ()
        modifier = cast(Any, str(raw["modifier"])) if "modifier" in raw else None
        return n.Select(projection=projection, modifier=modifier, **self._shared(raw))

    def _column(self, raw: Raw) -> n.Variable | n.Assignment:
        if "evar" in raw:
            return n.Assignment(self.expression(raw["expr"]), self.variable(raw["evar"]))
        return self.variable(raw["var"])

    def _template(self, raw: Raw) -> tuple[n.Triple, ...] | None:
        if "template" in raw:
            return tuple(self.triples(raw["template"]))
        # CONSTRUCT WHERE is told from an empty template by the pattern's own kind in rdflib's tree.
        short = "where" not in raw or raw["where"].name == "FakeGroupGraphPatten"
        return None if short else ()

    def _shared(self, raw: Raw) -> _Modifiers:
        limits: Raw = raw["limitoffset"] if "limitoffset" in raw else {}  # noqa: SIM401
        return {
            "where": self.group(raw["where"]) if "where" in raw else n.Group(),
            "dataset": tuple(self._dataset(raw)),
            "group_by": tuple(self._group_key(key) for key in raw["groupby"]["condition"]) if "groupby" in raw else (),
            "having": tuple(self.expression(each) for each in raw["having"]["condition"]) if "having" in raw else (),
            "order_by": tuple(self._order(each) for each in raw["orderby"]["condition"]) if "orderby" in raw else (),
            "limit": int(limits["limit"]) if "limit" in limits else None,
            "offset": int(limits["offset"]) if "offset" in limits else None,
            "values": self._values(raw["valuesClause"]) if "valuesClause" in raw else None,
        }

    def _dataset(self, raw: Raw) -> Iterator[n.DatasetClause]:
        # rdflib's own get() takes no default.
        for clause in raw["datasetClause"] if "datasetClause" in raw else ():  # noqa: SIM401
            named = "named" in clause
            yield n.DatasetClause(self.iri(clause["named" if named else "default"]), named)

    def _group_key(self, raw: Raw) -> n.Expression | n.Assignment:
        if getattr(raw, "name", None) != "GroupAs":
            return self.expression(raw)
        expression = self.expression(raw["expr"])
        return n.Assignment(expression, self.variable(raw["var"])) if "var" in raw else expression

    def _order(self, raw: Raw) -> n.OrderCondition:
        return n.OrderCondition(self.expression(raw["expr"]), descending="order" in raw and str(raw["order"]) == "DESC")

    def _values(self, raw: Raw) -> n.InlineData:
        variables = tuple(self.variable(each) for each in raw["var"]) if "var" in raw else ()
        rows = tuple(self._row(row) for row in raw["value"]) if "value" in raw else ()
        return n.InlineData(variables, rows)

    def _row(self, raw: Raw) -> tuple[n.IRI | n.Literal | None, ...]:
        from pyparsing import ParseResults

        # The short form, VALUES ?x { 1 2 }, has values where the full form has lists of values.
        return tuple(self._datum(each) for each in raw) if isinstance(raw, ParseResults) else (self._datum(raw),)

    def _datum(self, raw: Raw) -> n.IRI | n.Literal | None:
        import rdflib

        if isinstance(raw, str) and not isinstance(raw, rdflib.term.Identifier):
            return None
        return cast(n.IRI | n.Literal, self.term(raw))

    def group(self, raw: Raw) -> n.Group:
        if raw.name == "SubSelect":
            return n.Group((n.SubSelect(self._select(raw)),))
        return n.Group(
            tuple(element for part in raw["part"] for element in self._elements(part)) if "part" in raw else ()
        )

    def _elements(self, raw: Raw) -> Iterator[n.Element]:
        match raw.name:
            case "TriplesBlock":
                yield from self.triples(raw["triples"])
            case "GroupOrUnionGraphPattern":
                yield self._groups(raw["graph"])
            case "OptionalGraphPattern":
                yield n.Optional(self.group(raw["graph"]))
            case "MinusGraphPattern":
                yield n.Minus(self.group(raw["graph"]))
            case "GraphGraphPattern":
                yield n.GraphPattern(self.name(raw["term"]), self.group(raw["graph"]))
            case "Service":
                yield n.Service(self.name(raw["term"]), self.group(raw["graph"]), silent="silent" in raw)
            case "Filter":
                yield n.Filter(self.expression(raw["expr"]))
            case "Bind":
                yield n.Bind(self.expression(raw["expr"]), self.variable(raw["var"]))
            case "InlineData":
                yield self._values(raw)
            case other:
                raise AssertionError(f"rdflib's grammar has a pattern that SPARQL 1.1 has not: {other}")

    def _groups(self, raw: Raw) -> n.Element:
        if len(raw) > 1:
            return n.Union(tuple(self.group(branch) for branch in raw))
        # A subselect in braces of its own is the element; a group that holds nothing else is a group around it.
        return n.SubSelect(self._select(raw[0])) if raw[0].name == "SubSelect" else self.group(raw[0])
