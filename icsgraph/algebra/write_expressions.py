# SPDX-License-Identifier: Apache-2.0
"""Terms, paths and expressions to text, with brackets where the grammar needs them and nowhere else."""

from __future__ import annotations

import re
from typing import assert_never

from icsgraph.algebra import nodes as n
from icsgraph.algebra.tokens import quoted

# How tightly each form holds together: an operand that holds less tightly than its place asks for gets brackets.
_OR, _AND, _RELATION, _SUM, _PRODUCT, _SIGN, _PRIMARY = range(7)
_ALTERNATIVE, _SEQUENCE, _INVERSE, _REPEATED, _STEP = range(5)

_BARE_NUMBERS = {
    n.IRI(n.XSD + "integer"): re.compile(r"0|[1-9][0-9]*"),
    n.IRI(n.XSD + "decimal"): re.compile(r"(0|[1-9][0-9]*)\.[0-9]+"),
    n.IRI(n.XSD + "boolean"): re.compile(r"true|false"),
}
_NOT_IN_AN_IRI = re.compile(r'[<>"{}|^`\\\x00-\x20]')


def term(node: n.Term) -> str:
    match node:
        case n.IRI():
            if bad := _NOT_IN_AN_IRI.search(node.value):
                raise ValueError(f"{bad.group()!r} cannot stand in an IRI: {node.value!r}")
            return f"<{node.value}>"
        case n.Variable():
            return f"?{node.name}"
        case n.BlankNode():
            return f"_:{node.label}"
        case n.Literal():
            return _literal(node)
    assert_never(node)


def _literal(literal: n.Literal) -> str:
    if literal.language is not None:
        return f"{quoted(literal.lexical)}@{literal.language}"
    if literal.datatype is None:
        return quoted(literal.lexical)
    bare = _BARE_NUMBERS.get(literal.datatype)
    if bare is not None and bare.fullmatch(literal.lexical):
        return literal.lexical
    return f"{quoted(literal.lexical)}^^{term(literal.datatype)}"


def path(node: n.Variable | n.Path, least: int = _ALTERNATIVE) -> str:
    match node:
        case n.Variable():
            return term(node)
        case n.IRI():
            return "a" if node == n.TYPE else term(node)
        case n.AlternativePath():
            own, text = _ALTERNATIVE, "|".join(path(part, _SEQUENCE) for part in node.parts)
        case n.SequencePath():
            own, text = _SEQUENCE, "/".join(path(part, _INVERSE) for part in node.parts)
        case n.InversePath():
            own, text = _INVERSE, "^" + path(node.path, _REPEATED)
        case n.RepeatedPath():
            own, text = _REPEATED, path(node.path, _STEP) + node.modifier
        case n.NegatedPath():
            own, text = _STEP, "!(" + "|".join(path(part) for part in node.parts) + ")"
        case _:
            assert_never(node)
    return text if own >= least else f"({text})"


class ExpressionWriter:
    """Writes expressions; a subclass says how the group of EXISTS is written."""

    def group_text(self, group: n.Group) -> str:
        raise NotImplementedError

    def constraint(self, node: n.Expression, bare_variable: bool = False) -> str:
        """What FILTER, HAVING, GROUP BY and ORDER BY take without brackets; anything else in brackets."""
        bare = isinstance(node, n.BuiltIn | n.FunctionCall | n.Exists | n.Aggregate)
        if bare or (bare_variable and isinstance(node, n.Variable)):
            return self.expression(node)
        return f"({self.expression(node)})"

    def expression(self, node: n.Expression, least: int = _OR) -> str:
        own, text = self._with_strength(node)
        return text if own >= least else f"({text})"

    def _with_strength(self, node: n.Expression) -> tuple[int, str]:
        match node:
            case n.Or():
                return _OR, " || ".join(self.expression(operand, _AND) for operand in node.operands)
            case n.And():
                return _AND, " && ".join(self.expression(operand, _RELATION) for operand in node.operands)
            case n.Comparison():
                left, right = self.expression(node.left, _SUM), self.expression(node.right, _SUM)
                return _RELATION, f"{left} {node.operator} {right}"
            case n.In():
                operator = "NOT IN" if node.negated else "IN"
                return _RELATION, f"{self.expression(node.operand, _SUM)} {operator} ({self._list(node.choices)})"
            case n.Arithmetic():
                own = _SUM if node.operator in "+-" else _PRODUCT
                left, right = self.expression(node.left, own), self.expression(node.right, own + 1)
                return own, f"{left} {node.operator} {right}"
            case n.Unary():
                # The space keeps "- 1" an operator with its operand; "-1" is a literal to some parsers.
                space = "" if node.operator == "!" else " "
                return _SIGN, f"{node.operator}{space}{self.expression(node.operand, _PRIMARY)}"
            case n.IRI() | n.Literal() | n.Variable():
                return _PRIMARY, term(node)
            case _:
                return _PRIMARY, self._call(node)

    def _call(self, node: n.BuiltIn | n.FunctionCall | n.Aggregate | n.Exists) -> str:
        match node:
            case n.BuiltIn():
                return f"{node.name}({self._list(node.arguments)})"
            case n.FunctionCall():
                distinct = "DISTINCT " if node.distinct and node.arguments else ""
                return f"{term(node.function)}({distinct}{self._list(node.arguments)})"
            case n.Aggregate():
                distinct = "DISTINCT " if node.distinct else ""
                argument = "*" if node.argument is None else self.expression(node.argument)
                separator = f"; SEPARATOR={quoted(node.separator)}" if node.separator is not None else ""
                return f"{node.name}({distinct}{argument}{separator})"
            case n.Exists():
                return f"{'NOT ' if node.negated else ''}EXISTS {self.group_text(node.group)}"

    def _list(self, expressions: tuple[n.Expression, ...]) -> str:
        return ", ".join(self.expression(each) for each in expressions)
