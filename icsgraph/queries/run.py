# SPDX-License-Identifier: Apache-2.0
"""A query and its parameters to an answer. Parameters are bound as terms, never pasted into text."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final, TypeAlias

import pyoxigraph as ox

from icsgraph.model.dates import read_day
from icsgraph.model.errors import QueryError
from icsgraph.model.namespaces import PREFIXES, XSD
from icsgraph.queries.allowed import Allowed, value_of
from icsgraph.queries.stored import AS_AT, Parameter, StoredQuery

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Resolver: TypeAlias = Callable[[str], ox.NamedNode]
_TOKEN: Final = re.compile(
    r"""#[^\n\r]*|<[^<>"{}|^`\\\x00-\x20]*>|\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}"""
    r"""|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*'|[?$](?P<name>\w+)""",
    re.DOTALL,
)
_GRAPHS: Final = re.compile(r"(?i)(?<![\w:-])(GRAPH|FROM)(?![\w:-])")
_DECLARES: Final = re.compile(r"(?im)^\s*PREFIX\b")
_IRI: Final = re.compile(r"<?([a-z][a-z0-9+.-]*://[^\s<>\"{}|\\^`]+)>?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query answered: rows of a SELECT, one row of an ASK, or the triples of a CONSTRUCT or DESCRIBE.

    ``cut`` is true when rows beyond a limit were left out; ``digest`` is the SHA-256 of query text and bindings;
    ``unit`` is what is counted: rows, triples, or answers (yes or no).
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    triples: tuple[ox.Triple, ...] | None
    cut: bool
    digest: str
    unit: str = "rows"


def bind(
    query: StoredQuery,
    given: Mapping[str, str],
    as_at: date,
    resolvers: Mapping[str, Resolver],
    allowed: Allowed | None = None,
) -> dict[str, ox.NamedNode | ox.Literal]:
    """Turn what a user typed for each parameter into terms, by the declared types.

    Args:
        allowed: looks up which values the graph has, where the header says how; without it any will do.

    Raises:
        QueryError: E204 for an unknown parameter, E205 for a missing one, E206 for a value of the wrong type;
            and whatever a resolver raises for a name that it does not know.
    """
    known = {parameter.name: parameter for parameter in query.parameters}
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
            names = ", ".join(known) or "none"
            mend = f"Did you mean {near[0]}?" if near else f"Its parameters: {names}."
            raise QueryError("E204", query.slug, f"the query has no parameter {name!r}", mend)
    bound = {}
    for parameter in query.parameters:
        value = given.get(parameter.name, parameter.default)
        if value is None:
            raise QueryError(
                "E205",
                query.slug,
                f"parameter {parameter.name} is missing ({parameter.description or parameter.type})",
                f"Give it with --param {parameter.name}=VALUE.",
            )
        if parameter.values and allowed:
            where = f"{query.slug}: --param {parameter.name}"
            bound[parameter.name] = value_of(value, parameter.values, allowed, where)
            continue
        bound[parameter.name] = _term(query, parameter, value, as_at, resolvers)
    return bound


def _term(
    query: StoredQuery, parameter: Parameter, value: str, as_at: date, resolvers: Mapping[str, Resolver]
) -> ox.NamedNode | ox.Literal:
    where = f"{query.slug}: --param {parameter.name}"
    if parameter.type == "date":
        day = as_at if value == AS_AT else read_day(value, where)
        return ox.Literal(day.isoformat(), datatype=ox.NamedNode(XSD + "date"))
    if parameter.type == "integer":
        if not re.fullmatch(r"[+-]?\d+", value):
            raise QueryError("E206", where, f"{value!r} is not a whole number", "Give a whole number, such as 10.")
        return ox.Literal(value, datatype=ox.NamedNode(XSD + "integer"))
    if parameter.type == "string":
        return ox.Literal(value)
    if match := _IRI.fullmatch(value):
        return ox.NamedNode(match[1])
    if parameter.type == "iri":
        prefix, colon, local = value.partition(":")
        if colon and prefix in PREFIXES:
            return ox.NamedNode(PREFIXES[prefix] + local)
        raise QueryError(
            "E206",
            where,
            f"{value!r} is not an IRI",
            "Give a full IRI, or one with a known prefix, such as icsc:ICS-20.",
        )
    return resolvers[parameter.type](value)


def ask(
    store: ox.Store,
    text: str,
    bindings: Mapping[str, ox.NamedNode | ox.Literal] | None = None,
    *,
    limit: int | None = None,
    where: str = "query",
    rewrite: Callable[[str], str] = str,
) -> Answer:
    """Run a query over the default graph; keep at most ``limit`` rows.

    ``rewrite`` gives the form to run of a query whose parameters are bound (see ``icsgraph.queries.rewriting``); of one
    that is not SPARQL, errors are told of the text itself.

    Raises:
        QueryError: E201 with line and column for a syntax error, E207 when the store cannot run it.
    """
    bindings = dict(bindings or {})
    digest = digest_of(text, bindings)
    try:
        results = store.query(rewrite(bound_text(text, bindings)), prefixes=default_prefixes(text))
        if isinstance(results, ox.QueryBoolean):
            return Answer(("answer",), ((ox.Literal(bool(results)),),), None, False, digest, "answers")
        if isinstance(results, ox.QueryTriples):
            return _of_triples(results, limit, digest)
        columns = tuple(v.value for v in results.variables)
        rows: list[tuple[Term | None, ...]] = []
        cut = False
        for solution in results:
            if limit is not None and len(rows) == limit:
                cut = True
                break
            rows.append(tuple(solution[name] for name in columns))
    except SyntaxError as error:
        raise _syntax(error, text, where) from error
    except (ValueError, OSError, RuntimeError) as error:
        raise QueryError(
            "E207", where, f"the query cannot be run: {error}", "Change the query and run it again."
        ) from error
    return Answer(columns, tuple(rows), None, cut, digest)


def default_prefixes(text: str) -> dict[str, str]:
    """Give the prefixes that a query has without declaring them: icsgraph's, or none where it declares any itself."""
    return {} if _DECLARES.search(text) else dict(PREFIXES)


def names_graphs(text: str) -> bool:
    """Say whether a query asks for graphs by name; strings, comments, IRIs and variables do not."""
    return _GRAPHS.search(_TOKEN.sub(" ", text)) is not None


def digest_of(text: str, bindings: Mapping[str, ox.NamedNode | ox.Literal]) -> str:
    """Give the SHA-256 of a query and its bindings."""
    return hashlib.sha256("\n".join([text, *(f"{k}={v}" for k, v in sorted(bindings.items()))]).encode()).hexdigest()


def _of_triples(results: Iterable[ox.Triple], limit: int | None, digest: str) -> Answer:
    triples = tuple(islice(results, None if limit is None else limit + 1))
    cut = limit is not None and len(triples) > limit
    triples = triples[:limit]
    rows = tuple((t.subject, t.predicate, t.object) for t in triples)
    return Answer(("subject", "predicate", "object"), rows, triples, cut, digest, "triples")


def bound_text(text: str, bindings: Mapping[str, ox.NamedNode | ox.Literal]) -> str:
    """Give the query with each bound variable's tokens replaced by its term, escaped as SPARQL has it.

    Comments, strings and IRIs are left alone. A bound variable must not be projected: there a term cannot stand.
    (pyoxigraph's own substitution reaches only variables that the query projects.)
    """

    def put(token: re.Match[str]) -> str:
        term = bindings.get(token["name"]) if token["name"] else None
        return token[0] if term is None else str(term)

    return _TOKEN.sub(put, text)


def _syntax(error: SyntaxError, text: str, where: str) -> QueryError:
    """Give the error of the one place that words them; the store's own where only the store refuses the query."""
    from icsgraph.algebra import QuerySyntaxError
    from icsgraph.queries.check import read

    try:
        read(text, where)
    except QueryError as worded:
        return worded
    message = str(error.msg or error)
    match = re.search(r"(\d+):(\d+): (.*)", message, re.DOTALL)
    line, column = (int(match[1]), int(match[2])) if match else (1, 1)
    what = (match[3] if match else message).strip().replace("\n", " ")
    refused = QuerySyntaxError(line, column, "", f"the store cannot read the query: {what}", "Write it another way.")
    refused.where = f"{where}:{line}:{column}"
    return refused
