# SPDX-License-Identifier: Apache-2.0
"""Any tree to SPARQL 1.1 text that pyoxigraph and rdflib both read, and that reads back as the same tree.

The spelling is the plainest one: whole IRIs, one triple a line, labelled blank nodes. Numbers are written bare only
where every parser reads them as the same literal; rdflib changes ``1e0`` and cannot read ``-1.0`` in a triple.
"""

from __future__ import annotations

from collections.abc import Iterable

from icsgraph.algebra import nodes as n
from icsgraph.algebra.write_expressions import ExpressionWriter, path, term

_INDENT = "  "


def to_text(node: n.Node) -> str:
    """Write a query, a pattern, an expression, a path or a term.

    Only a query is a text of its own; the text of a part is what stands for it inside one.

    Example:
        >>> to_text(n.Triple(n.Variable("s"), n.TYPE, n.Variable("c")))
        '?s a ?c .'
    """
    writer = _Writer()
    if isinstance(node, n.Query):
        return "\n".join(writer.query(node)) + "\n"
    if isinstance(node, n.Group):
        return "\n".join(writer.braced(node))
    if isinstance(node, _ELEMENTS):
        return "\n".join(writer.element(node))
    if isinstance(node, _PATHS):
        return path(node)
    if isinstance(node, n.BlankNode):
        return term(node)
    if isinstance(node, n.Assignment):
        return writer.assignment(node)
    if isinstance(node, n.OrderCondition):
        return writer.order(node)
    if isinstance(node, n.DatasetClause):
        return writer.source(node)
    return writer.expression(node)  # type: ignore[arg-type]  # the only nodes left are expressions


_ELEMENTS = (
    n.Triple, n.Optional, n.Minus, n.Union, n.GraphPattern, n.Service, n.Filter, n.Bind, n.InlineData, n.SubSelect,
)  # fmt: skip
_PATHS = (n.InversePath, n.SequencePath, n.AlternativePath, n.RepeatedPath, n.NegatedPath)


class _Writer(ExpressionWriter):
    """Patterns and queries, as lines; each level indents the lines of the levels within."""

    def query(self, query: n.Query) -> list[str]:
        lines = self._head(query)
        lines += [self.source(clause) for clause in query.dataset]
        lines += _led_by("WHERE", self.braced(query.where))
        return lines + self._modifiers(query)

    def _head(self, query: n.Query) -> list[str]:
        match query:
            case n.Select():
                columns = [self.column(column) for column in query.projection] or ["*"]
                return [" ".join(["SELECT", *([query.modifier] if query.modifier else []), *columns])]
            case n.Ask():
                return ["ASK"]
            case n.Construct(template=None):
                return ["CONSTRUCT"]
            case n.Construct():
                return _led_by("CONSTRUCT", _in_braces(self._triple(each) for each in query.template or ()))
            case n.Describe():
                return [" ".join(["DESCRIBE", *([term(subject) for subject in query.subjects] or ["*"])])]
        raise TypeError(f"not a form of query: {type(query).__name__}")

    def column(self, column: n.Variable | n.Assignment) -> str:
        return term(column) if isinstance(column, n.Variable) else self.assignment(column)

    def assignment(self, assignment: n.Assignment) -> str:
        return f"({self.expression(assignment.expression)} AS {term(assignment.variable)})"

    def source(self, clause: n.DatasetClause) -> str:
        return f"FROM {'NAMED ' if clause.named else ''}{term(clause.iri)}"

    def order(self, condition: n.OrderCondition) -> str:
        if condition.descending:
            return f"DESC({self.expression(condition.expression)})"
        return self.constraint(condition.expression, bare_variable=True)

    def _modifiers(self, query: n.Query) -> list[str]:
        lines = []
        if query.group_by:
            lines.append("GROUP BY " + " ".join(self._group_key(key) for key in query.group_by))
        if query.having:
            lines.append("HAVING " + " ".join(self.constraint(condition) for condition in query.having))
        if query.order_by:
            lines.append("ORDER BY " + " ".join(self.order(condition) for condition in query.order_by))
        if query.limit is not None:
            lines.append(f"LIMIT {query.limit}")
        if query.offset is not None:
            lines.append(f"OFFSET {query.offset}")
        return lines + (self.element(query.values) if query.values is not None else [])

    def _group_key(self, key: n.Expression | n.Assignment) -> str:
        if isinstance(key, n.Assignment):
            return self.assignment(key)
        return self.constraint(key, bare_variable=True)

    def braced(self, group: n.Group) -> list[str]:
        return _in_braces(line for element in group.elements for line in self.element(element))

    def group_text(self, group: n.Group) -> str:
        return "\n".join(self.braced(group))

    def element(self, element: n.Element) -> list[str]:
        match element:
            case n.Triple():
                return [self._triple(element)]
            case n.Group():
                return self.braced(element)
            case n.Optional():
                return _led_by("OPTIONAL", self.braced(element.group))
            case n.Minus():
                return _led_by("MINUS", self.braced(element.group))
            case n.Union():
                first, *others = (self.braced(branch) for branch in element.branches)
                return first + [line for branch in others for line in _led_by("UNION", branch)]
            case n.GraphPattern():
                return _led_by(f"GRAPH {term(element.name)}", self.braced(element.group))
            case n.Service():
                silent = "SILENT " if element.silent else ""
                return _led_by(f"SERVICE {silent}{term(element.name)}", self.braced(element.group))
            case n.SubSelect():
                return _in_braces(self.query(element.query))
            case n.InlineData():
                return self._values(element)
            case n.Filter():
                return f"FILTER {self.constraint(element.condition)}".split("\n")
            case n.Bind():
                return f"BIND({self.expression(element.expression)} AS {term(element.variable)})".split("\n")

    def _triple(self, triple: n.Triple) -> str:
        return f"{term(triple.subject)} {path(triple.predicate)} {term(triple.object)} ."

    def _values(self, data: n.InlineData) -> list[str]:
        rows = ("(" + " ".join("UNDEF" if value is None else term(value) for value in row) + ")" for row in data.rows)
        return _led_by("VALUES (" + " ".join(term(variable) for variable in data.variables) + ")", _in_braces(rows))


def _in_braces(lines: Iterable[str]) -> list[str]:
    inner = [_INDENT + line for line in lines]
    return ["{", *inner, "}"] if inner else ["{ }"]


def _led_by(keyword: str, lines: list[str]) -> list[str]:
    return [f"{keyword} {lines[0]}", *lines[1:]]
