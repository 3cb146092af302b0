# SPDX-License-Identifier: Apache-2.0
"""The text of a query to what is likely wrong in it, before it runs: each with its place and the way to mend it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Final

from icsgraph.algebra import (
    QuerySyntaxError,
    Role,
    cartesian_products,
    lonely_variables,
    nodes,
    outside_uses,
    parse_query,
    walk,
)  # fmt: skip
from icsgraph.algebra.tokens import line_and_column
from icsgraph.model.dates import interval
from icsgraph.model.errors import QueryError
from icsgraph.queries.run import default_prefixes
from icsgraph.queries.vocabulary import SAME, Near, Vocabulary, shortened, unused

_PREFIX: Final = re.compile(r"(?i)\bPREFIX\s+([\w.-]*):\s*<([^<>\s]*)>")
_A_DAY: Final = "Write a day that there is as 2024-06-01: year, month, day."
_NOT_CODE: Final = re.compile(r"""#[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""")
_ROLES: Final = {
    Role.CLASS: "no thing is of the class", Role.PROPERTY: "nothing has the property",
    Role.INDIVIDUAL: "the data say nothing of", Role.GRAPH: "there is no graph", Role.DATATYPE: "there is no datatype",
    Role.FUNCTION: "there is no function",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Advice:
    """What is likely wrong, where (``query:2:5``), and what would mend it."""

    where: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"warning: {self.where}: {self.what}\n  {self.mend}"


def read(text: str, where: str = "query") -> nodes.Query:
    """Parse a query, in which icsgraph's prefixes need no declaration unless it declares some itself.

    Raises:
        QueryError: E201 with line, column and the token that cannot stand there; E202 for an update.
    """
    try:
        return parse_query(text, prefixes=default_prefixes(text))
    except QuerySyntaxError as error:
        error.where = f"{where}:{error.line}:{error.column}"
        raise
    except QueryError as error:
        error.where = where
        raise


def prefixes_of(text: str) -> dict[str, str]:
    """Give every prefix that a query can use."""
    return default_prefixes(text) | dict(_PREFIX.findall(text))


def check(
    text: str, vocabulary: Vocabulary, *, bound: Collection[str] = (), where: str = "query"
) -> tuple[Advice, ...]:
    """Look a query over; ``bound`` are variables that get a value from outside.

    Raises:
        QueryError: E201, E202 as :func:`read`.
    """
    query = read(text, where)
    found = [
        *_unknown(query, text, vocabulary), *_no_days(query), *_lonely(query, text, bound), *_products(query),
        *_outside(query),
    ]  # fmt: skip
    return tuple(Advice(_place(where, text, tokens), what, mend) for tokens, what, mend in found)


_Found = tuple[tuple[str, ...], str, str]


def _unknown(query: nodes.Query, text: str, vocabulary: Vocabulary) -> Iterator[_Found]:
    declared = prefixes_of(text)
    for use in unused(_asked(query), vocabulary):
        iri, name = use.iri.value, shortened(use.iri.value)
        tokens = (f"<{iri}>", *(f"{p}:{iri.removeprefix(s)}" for p, s in declared.items() if iri.startswith(s)))
        if use.role is Role.CLASS and (number := vocabulary.instances_below(iri)):
            mend = f"{number} things are, through its subclasses: write a/rdfs:subClassOf* {name}"
            yield tokens, f"no thing is said to be {name} itself", mend
        else:
            yield tokens, f"{_ROLES[use.role]} {name}", suggestion(vocabulary, iri, use.role)


def _asked(query: nodes.Query) -> nodes.Query:
    """The query without the template of a CONSTRUCT, which may name what does not exist yet."""
    return replace(query, template=()) if isinstance(query, nodes.Construct) and query.template else query


def suggestion(vocabulary: Vocabulary, iri: str, role: Role) -> str:
    """Say which terms in use look like one that is not, and how often each occurs."""
    near = vocabulary.near(iri, role)
    if near:
        near = tuple(each for each in near if each.likeness >= SAME) or near
        return f"Did you mean {' or '.join(told(each, role) for each in near)}?"
    if vocabulary.declared(iri, role):
        return "It is declared, but nothing in this data uses it."
    return "Look it up with icsgraph find, or leave it out."


def told(near: Near, role: Role) -> str:
    """Give a near term with how often it occurs."""
    unit = "thing" if role is Role.CLASS else "statement"
    return f"{shortened(near.iri)} ({near.times} {unit}{'' if near.times == 1 else 's'})"


def _lonely(query: nodes.Query, text: str, bound: Collection[str]) -> Iterator[_Found]:
    projection = query.projection if isinstance(query, nodes.Select) else ()
    made = {column.variable for column in projection if isinstance(column, nodes.Assignment)}
    any_will_do = []
    for lonely in lonely_variables(query):
        name = lonely.variable.name
        if lonely.variable in made or name in bound:
            continue
        tokens = (f"?{name}", f"${name}")
        near = " or ".join(f"?{each.name}" for each in lonely.near)
        if lonely.variable in projection:
            mend = f"Did you mean {near}?" if near else "Use it in a pattern, or do not select it."
            yield tokens, f"?{name} is selected, and nothing gives it a value", mend
        elif near:
            yield tokens, f"?{name} occurs once, and so joins nothing", f"Did you mean {near}?"
        else:
            any_will_do.append(name)
    # ASK and COUNT(*) ask for nothing but whether there is any, and how many.
    counts = any(isinstance(node, nodes.Aggregate) and node.argument is None for node in walk(query))
    if any_will_do and not isinstance(query, nodes.Ask) and not counts:
        names = ", ".join(f"?{name}" for name in any_will_do)
        several = len(any_will_do) > 1
        yield (
            (f"?{any_will_do[0]}", f"${any_will_do[0]}"),
            f"{names} {'occur once each' if several else 'occurs once'}",
            f"Write [] in {'their places' if several else 'its place'} if any value will do.",
        )


def _no_days(query: nodes.Query) -> Iterator[_Found]:
    """Days that no calendar has, written with their datatype or turned into one."""
    date = nodes.IRI(f"{nodes.XSD}date")
    written = [node for node in walk(query) if isinstance(node, nodes.Literal) and node.datatype == date]
    casts = [node for node in walk(query) if isinstance(node, nodes.FunctionCall) and node.function == date]
    written += [argument for cast in casts for argument in cast.arguments if isinstance(argument, nodes.Literal)]
    for literal in dict.fromkeys(written):
        if not interval(literal.lexical, f"{nodes.XSD}date"):
            yield (f'"{literal.lexical}"', f"'{literal.lexical}'"), f"{literal.lexical!r} is no day", _A_DAY


def _products(query: nodes.Query) -> Iterator[_Found]:
    for product in cartesian_products(query):
        names = [sorted({v.name for element in part for v in _variables(element)}) for part in product.parts]
        listed = " and ".join(", ".join(f"?{name}" for name in part) or "no variable" for part in names)
        yield (
            tuple(f"?{name}" for name in names[-1][:1]),
            f"nothing joins {listed}: each row of one is paired with every row of the other",
            "Add a pattern or a filter with a variable of each.",
        )


def _variables(node: nodes.Node) -> Iterator[nodes.Variable]:
    return (each for each in walk(node) if isinstance(each, nodes.Variable))


def _outside(query: nodes.Query) -> Iterator[_Found]:
    for use in outside_uses(query):
        yield (use.keyword,), f"{use.keyword} asks for other data than those that are open here", use.suggestion


def _place(where: str, text: str, tokens: Collection[str]) -> str:
    """Give the place where one of the tokens first stands, outside comments and strings and declarations."""
    bare = _NOT_CODE.sub(lambda match: " " * len(match[0]), text)
    bare = _PREFIX.sub(lambda match: " " * len(match[0]), bare)
    starts = [
        found.start()
        for token in tokens
        if (found := re.search(rf"{re.escape(token)}(?![\w-])", text if token[0] in "\"'" else bare)) is not None
    ]
    if not starts:
        return where
    line, column = line_and_column(text, min(starts))
    return f"{where}:{line}:{column}"
