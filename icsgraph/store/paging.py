# SPDX-License-Identifier: Apache-2.0
"""A SELECT to all of its rows at an endpoint, a page at a time, held against the count that the endpoint itself gives.

The count comes first: it is one row whatever the query finds, so an empty answer never passes for "nothing found".
Rows are asked for in pages, ordered by every column; an endpoint that gives shorter pages than were asked for is
asked for such pages. What does not add up to the count is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pyoxigraph as ox

from icsgraph.model.errors import EndpointError
from icsgraph.model.namespaces import PREFIXES
from icsgraph.store.context import in_context
from icsgraph.store.endpoint import Endpoint, Row

_PROLOGUE: Final = re.compile(r"(?:\s+|#[^\n]*(?:\n|\Z)|(?:PREFIX\s+[\w.-]*:|BASE)\s*<[^<>]*>)*", re.IGNORECASE)
_DECLARED: Final = re.compile(r"PREFIX\s+([\w.-]*):", re.IGNORECASE)
_PREFIX: Final = re.compile(r"PREFIX\s+([\w.-]*):\s*<([^<>]*)>", re.IGNORECASE)
_ROWS: Final = "icsgraphRows"
_TOGETHER: Final = 10


class Paged:
    """Answers SELECT queries from an endpoint: one mapping of variable names to terms for each distinct row."""

    def __init__(self, endpoint: Endpoint, context: Mapping[str, ox.Literal] | None = None) -> None:
        """Take an endpoint and, where the as-at context is not there, what to put in for it (property to value)."""
        self.endpoint, self._context = endpoint, context
        self._counted: dict[str, int] = {}
        self._read: dict[str, tuple[str, str, tuple[str, ...]]] = {}

    def select(self, sparql: str) -> Iterator[Row]:
        """Give every distinct row.

        Raises:
            EndpointError: E613 when the rows do not add up; otherwise as :meth:`Endpoint.ask`.
        """
        wanted = self.count(sparql)
        return iter(self._rows(*self._parts(sparql), wanted) if wanted else ())

    def count(self, sparql: str) -> int:
        """Give the number of distinct rows, which the endpoint counts."""
        if sparql not in self._counted:
            (self._counted[sparql],) = self._numbers([self._parts(sparql)])
        return self._counted[sparql]

    def counts(self, queries: Sequence[str]) -> list[int]:
        """Give the numbers of distinct rows of many queries, several in one request, and remember them."""
        wanted = [query for query in dict.fromkeys(queries) if query not in self._counted]
        with ThreadPoolExecutor(max_workers=2) as pool:
            for _ in pool.map(self._together, [wanted[at : at + _TOGETHER] for at in range(0, len(wanted), _TOGETHER)]):
                pass
        return [self.count(query) for query in queries]

    def _together(self, queries: Sequence[str]) -> None:
        """Count in one request; where the endpoint does not manage that, leave it to a request for each."""
        parts = [self._parts(query) for query in queries]
        prefixes = {tuple(pair) for head, _, _ in parts for pair in _PREFIX.findall(head)}
        if len(prefixes) > len({name for name, _ in prefixes}) or any("BASE" in head.upper() for head, _, _ in parts):
            return
        try:
            self._counted |= dict(zip(queries, self._numbers(parts), strict=True))
        except EndpointError as error:
            if error.code not in ("E601", "E602", "E603"):
                raise

    def _numbers(self, parts: Sequence[tuple[str, str, tuple[str, ...]]]) -> list[int]:
        names = [f"{_ROWS}{number}" for number in range(len(parts))]
        heads = "".join(
            dict.fromkeys(line + "\n" for head, _, _ in parts for line in head.splitlines() if line.strip())
        )
        each = " ".join(
            f"{{ SELECT (COUNT(*) AS ?{name}) WHERE {{ {{ {_distinct(body, columns)} }} }} }}"
            for name, (_, body, columns) in zip(names, parts, strict=True)
        )
        reply = self.endpoint.ask(
            f"{heads}SELECT {' '.join(f'?{name}' for name in names)} WHERE {{ {each} }}", tuple(names)
        )
        if len(reply.rows) != 1:
            raise self._no_number()
        return [self._whole_number(reply.rows[0].get(name)) for name in names]

    def _whole_number(self, term: object) -> int:
        if not isinstance(term, ox.Literal) or not term.value.isdigit():
            raise self._no_number()
        return int(term.value)

    def _no_number(self) -> EndpointError:
        what = "the endpoint counts in a form that is no number"
        return EndpointError("E603", self.endpoint.url, what, "Check that this is a SPARQL 1.1 endpoint.")

    def number(self, sparql: str) -> int:
        """Give the one number that a query with one column counts."""
        reply = self.endpoint.ask(sparql)
        return self._whole_number(
            reply.rows[0].get(reply.columns[0]) if len(reply.rows) == 1 and reply.columns else None
        )

    def _parts(self, sparql: str) -> tuple[str, str, tuple[str, ...]]:
        """The declarations, the query after them, and its columns."""
        if sparql in self._read:
            return self._read[sparql]
        text = sparql if self._context is None else in_context(sparql, self._context)
        head, body = split(text)
        solutions = ox.Store().query(head + body)
        if not isinstance(solutions, ox.QuerySolutions):
            raise ValueError("the query is no SELECT")
        self._read[sparql] = head, body, tuple(variable.value for variable in solutions.variables)
        return self._read[sparql]

    def _rows(self, head: str, body: str, columns: tuple[str, ...], wanted: int) -> list[Row]:
        page, query = self.endpoint.limits.page, head + _distinct(body, columns)
        if wanted <= page:
            got = self.endpoint.ask(query, columns).rows
            if len(got) == wanted:
                return self._whole(got, wanted)
            page = max(len(got), 1)
        order = " ".join(f"?{name}" for name in columns)
        rows: list[Row] = []
        inner = False
        while len(rows) < wanted:
            cut = f"LIMIT {page} OFFSET {len(rows)}"
            try:
                got = self.endpoint.ask(_ordered(query, head, columns, order, cut, inner=inner), columns).rows
            except EndpointError as error:
                if inner or error.code != "E602":
                    raise
                inner = True  # Virtuoso sorts no more than 10,000 rows at the top of a query
                continue
            if not got:
                break
            rows += got
        return self._whole(rows, wanted)

    def _whole(self, rows: list[Row] | tuple[Row, ...], wanted: int) -> list[Row]:
        different = {tuple(sorted((name, str(term)) for name, term in row.items())): row for row in rows}
        if len(different) != wanted or len(rows) != wanted:
            what = f"the endpoint counts {wanted} rows and gave {len(different)} different ones"
            mend = "It cuts answers, or its data changed meanwhile: try again, or raise its limit of rows."
            raise EndpointError("E613", self.endpoint.url, what, mend)
        return list(different.values())


def _ordered(query: str, head: str, columns: tuple[str, ...], order: str, cut: str, *, inner: bool) -> str:
    if not inner:
        return f"{query} ORDER BY {order} {cut}"
    names = " ".join(f"?{name}" for name in columns)
    return f"{head}SELECT {names} WHERE {{ {{ {query.removeprefix(head)} ORDER BY {order} }} }} {cut}"


def split(text: str) -> tuple[str, str]:
    """Give the declarations of a query, with those of icsgraph's prefixes that it uses undeclared; and the rest."""
    match = _PROLOGUE.match(text)
    assert match is not None
    declared = set(_DECLARED.findall(match[0]))
    more = "".join(
        f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items() if name not in declared and f"{name}:" in text
    )
    return more + match[0] + "\n", text[match.end() :]


def _distinct(body: str, columns: tuple[str, ...]) -> str:
    return f"SELECT DISTINCT {' '.join(f'?{name}' for name in columns)} WHERE {{ {{ {body} }} }}"
