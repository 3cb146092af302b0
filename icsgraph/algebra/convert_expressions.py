# SPDX-License-Identifier: Apache-2.0
"""rdflib's expressions to nodes: the levels of the grammar that hold one operand only are taken away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from icsgraph.algebra import nodes as n
from icsgraph.algebra.convert_terms import Raw, TermConverter
from icsgraph.algebra.functions import BUILT_INS

# The parameters of a built-in call, in the order in which rdflib's grammar names them.
_PARAMETERS = ("arg", "arg1", "arg2", "arg3", "text", "pattern", "start", "length", "replacement", "flags")
_AGGREGATES = {
    f"Aggregate_{name.title().replace('_', '')}": name
    for name in ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")
}
_SIGNS = {"UnaryNot": "!", "UnaryPlus": "+", "UnaryMinus": "-"}


class ExpressionConverter(TermConverter):
    """Makes expressions; a subclass says how a group is made."""

    def group(self, raw: Raw) -> n.Group:
        raise NotImplementedError

    def expression(self, raw: Raw) -> n.Expression:
        kind = str(getattr(raw, "name", ""))
        if reader := self._readers().get(kind):
            return reader(raw)
        if kind.startswith("Builtin_"):
            return n.BuiltIn(_spelling(kind), self._arguments(raw))
        if kind in _AGGREGATES:
            return self._aggregate(raw, _AGGREGATES[kind])
        if kind in _SIGNS:
            return n.Unary(cast(Any, _SIGNS[kind]), self.expression(raw["expr"]))
        return cast(n.Expression, self.term(raw))

    def _readers(self) -> dict[str, Callable[[Any], n.Expression]]:
        return {
            "ConditionalOrExpression": lambda raw: self._joined(n.Or, raw),
            "ConditionalAndExpression": lambda raw: self._joined(n.And, raw),
            "RelationalExpression": self._relation,
            "AdditiveExpression": self._arithmetic,
            "MultiplicativeExpression": self._arithmetic,
            "Function": self._function,
            "Builtin_EXISTS": lambda raw: n.Exists(self.group(raw["graph"])),
            "Builtin_NOTEXISTS": lambda raw: n.Exists(self.group(raw["graph"]), negated=True),
        }

    def _joined(self, kind: type[n.Or] | type[n.And], raw: Raw) -> n.Expression:
        first = self.expression(raw["expr"])
        if "other" not in raw:
            return first
        return kind((first, *(self.expression(other) for other in raw["other"])))

    def _relation(self, raw: Raw) -> n.Expression:
        left = self.expression(raw["expr"])
        if "op" not in raw:
            return left
        operator = str(raw["op"])
        if operator in ("IN", "NOT IN"):
            return n.In(left, self._list(raw["other"]), negated=operator == "NOT IN")
        return n.Comparison(cast(Any, operator), left, self.expression(raw["other"]))

    def _arithmetic(self, raw: Raw) -> n.Expression:
        result = self.expression(raw["expr"])
        if "op" in raw:
            for operator, operand in zip(raw["op"], raw["other"], strict=True):
                result = n.Arithmetic(cast(Any, str(operator)), result, self.expression(operand))
        return result

    def _function(self, raw: Raw) -> n.Expression:
        arguments = tuple(self.expression(each) for each in raw["expr"]) if "expr" in raw else ()
        return n.FunctionCall(self.iri(raw["iri"]), arguments, distinct=_is_distinct(raw))

    def _aggregate(self, raw: Raw, name: str) -> n.Expression:
        argument = None if isinstance(raw["vars"], str) and str(raw["vars"]) == "*" else self.expression(raw["vars"])
        separator = str(raw["separator"]) if "separator" in raw else None
        return n.Aggregate(cast(Any, name), argument, _is_distinct(raw), separator)

    def _arguments(self, raw: Raw) -> tuple[n.Expression, ...]:
        if "arg" in raw and raw.name in ("Builtin_CONCAT", "Builtin_COALESCE"):
            return self._list(raw["arg"])
        return tuple(self.expression(raw[name]) for name in _PARAMETERS if name in raw)

    def _list(self, raw: Raw) -> tuple[n.Expression, ...]:
        """An expression list; rdflib gives the empty one as ``rdf:nil``, without a list around it."""
        import rdflib

        return () if isinstance(raw, rdflib.URIRef) else tuple(self.expression(each) for each in raw)


def _is_distinct(raw: Raw) -> bool:
    return "distinct" in raw and str(raw["distinct"]) == "DISTINCT"


def _spelling(kind: str) -> str:
    name = kind.removeprefix("Builtin_")
    if name not in BUILT_INS:
        raise AssertionError(f"rdflib's grammar has a built-in that SPARQL 1.1 has not: {name}")
    return name
