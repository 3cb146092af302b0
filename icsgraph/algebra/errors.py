# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with a query before anything runs it.

QueryError                      of the model
├── QuerySyntaxError    E201    the text is no SPARQL 1.1 query
│   └── UndeclaredPrefix        a prefixed name whose prefix nothing declares
├── UpdateRefused       E202    the text is a SPARQL update
└── PreBindingRefused   E203    a variable cannot be given a value in this query
"""

from __future__ import annotations

from icsgraph.model.errors import QueryError


class QuerySyntaxError(QueryError):
    """The text is not a SPARQL 1.1 query; ``line`` and ``column`` count from 1, and ``token`` is what stands there."""

    def __init__(self, line: int, column: int, token: str, what: str, mend: str) -> None:
        super().__init__("E201", f"query:{line}:{column}", what, mend)
        self.line, self.column, self.token = line, column, token


class UndeclaredPrefix(QuerySyntaxError):
    """A prefixed name whose prefix is declared nowhere; ``near`` lists known prefixes that look like it."""

    def __init__(self, line: int, column: int, prefix: str, near: tuple[str, ...], known: tuple[str, ...]) -> None:
        if near:
            mend = f"Did you mean {' or '.join(f'{name}:' for name in near)}? Otherwise add PREFIX {prefix}: <…>."
        elif known:
            mend = f"Add PREFIX {prefix}: <…> at the top; declared are {', '.join(f'{name}:' for name in known)}."
        else:
            mend = f"Add PREFIX {prefix}: <…> at the top of the query."
        super().__init__(line, column, f"{prefix}:", f"the prefix {prefix}: is not declared", mend)
        self.prefix, self.near = prefix, near


class UpdateRefused(QueryError):
    """The text would change data, and only queries are run."""

    def __init__(self, operations: tuple[str, ...]) -> None:
        super().__init__(
            "E202",
            "query",
            f"this is a SPARQL update ({', '.join(operations)}), and data is only read here",
            "Ask with SELECT, ASK, CONSTRUCT or DESCRIBE; to change the data, change its files and build again.",
        )
        self.operations = operations


class PreBindingRefused(QueryError):
    """A value cannot be put in for a variable; ``form`` is what stands in the way.

    Source: https://www.w3.org/TR/shacl/#pre-binding
    """

    def __init__(self, form: str, what: str, mend: str) -> None:
        super().__init__("E203", "query", what, mend)
        self.form = form
