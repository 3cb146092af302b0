# SPDX-License-Identifier: Apache-2.0
"""``icsgraph query``: a stored query by its slug, a file, text, or standard input, answered in a chosen form."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from icsgraph.cli.state import State

if TYPE_CHECKING:
    from pyoxigraph import Literal, NamedNode

    from icsgraph.queries import StoredQuery


class Format(StrEnum):
    """Forms of an answer."""

    TABLE = "table"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    JSONL = "jsonl"
    MD = "md"


def slugs(incomplete: str) -> list[str]:
    """Complete the names of stored queries."""
    from icsgraph.cli.queries import library

    return [slug for slug in library().slugs() if slug.startswith(incomplete)]


def command(
    ctx: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            help="A stored query (see icsgraph queries), a .rq file, SPARQL text, or - for standard input.",
            autocompletion=slugs,
        ),
    ],
    param: Annotated[
        list[str] | None,
        typer.Option("--param", "-p", metavar="NAME=VALUE", help="A parameter of the query; may be repeated."),
    ] = None,
    form: Annotated[Format, typer.Option("--format", "-f", help="Form of the answer.")] = Format.TABLE,
    endpoint: Annotated[
        str | None, typer.Option(metavar="URL", help="Ask this SPARQL 1.1 endpoint instead of the packaged graph.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Give at most this many rows.")] = None,
) -> None:
    """Answer a question with SPARQL.

    Examples:

      icsgraph --as-at 2024-06-01 query strategy-copy-recipients --param icb=QNQ

      icsgraph query 'SELECT ?board WHERE { ?board a ics:IntegratedCareBoard }' --format csv
    """
    from icsgraph.law import Resolver
    from icsgraph.queries import ask, bind
    from icsgraph.queries.run import bound_text
    from icsgraph.reports.rows import FORMATS

    state: State = ctx.obj
    given = _given(param or [])
    stored, text = _find(name)
    if endpoint:
        _ask_endpoint(endpoint, text if not stored else bound_text(text, _bound_there(stored, given, state)), form)
        return
    opened = state.open(stored.graphs if stored else ())
    bindings = (
        bind(stored, given, state.as_at, Resolver(opened.store, state.as_at).by_type()) if stored else _free(given)
    )
    answer = ask(opened.store, text, bindings, limit=limit, where=stored.slug if stored else "query")
    typer.echo(FORMATS[form.value](answer.columns, answer.rows), nl=False)
    cut = f", cut at --limit {limit}: there are more" if answer.cut else ", complete"
    footer = (
        f"{len(answer.rows)} rows{cut} | as at {state.as_at} | data {opened.version[:12]} | query {answer.digest[:12]}"
    )
    typer.echo(footer, err=True)


def _bound_there(stored: StoredQuery, given: dict[str, str], state: State) -> dict[str, NamedNode | Literal]:
    """Bind the parameters of a stored query by the packaged graph's names; the endpoint is asked with the terms."""
    from icsgraph.law import Resolver
    from icsgraph.queries import bind

    return bind(stored, given, state.as_at, Resolver(state.open().store, state.as_at).by_type())


def _ask_endpoint(endpoint: str, text: str, form: Format) -> None:
    from icsgraph.reports.rows import FORMATS
    from icsgraph.store.remote import select

    columns, rows = select(endpoint, text)
    typer.echo(FORMATS[form.value](columns, rows), nl=False)
    typer.echo(f"{len(rows)} rows from {endpoint}; whether it cut them, it does not say", err=True)


def _given(pairs: list[str]) -> dict[str, str]:
    from icsgraph.model.errors import QueryError

    given = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise QueryError("E206", "--param", f"{pair!r} has no =", "Write --param NAME=VALUE.")
        given[name] = value
    return given


def _find(name: str):  # type: ignore[no-untyped-def]  # noqa: ANN202  imports are lazy
    from icsgraph.cli.queries import library
    from icsgraph.model.errors import QueryError

    if name == "-":
        return None, sys.stdin.read()
    if any(mark in name for mark in "{}\n"):
        return None, name
    if name.endswith((".rq", ".sparql")) and ("/" in name or "\\" in name or Path(name).is_file()):
        path = Path(name)
        if not path.is_file():
            raise QueryError("E208", name, "there is no such file", "Check the path and run the command again.")
        try:
            return None, path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise QueryError(
                "E208", name, "the file is not in UTF-8", "Save it in UTF-8 and run the command again."
            ) from error
    stored = library().get(name)
    return stored, stored.text


def _free(given: dict[str, str]):  # type: ignore[no-untyped-def]  # noqa: ANN202
    """Parameters of a query that has no header: IRIs where they look like one, dates, else text."""
    import pyoxigraph as ox

    from icsgraph.model.dates import interval
    from icsgraph.model.namespaces import PREFIXES, XSD

    bound: dict[str, ox.NamedNode | ox.Literal] = {}
    for name, value in given.items():
        prefix, colon, local = value.partition(":")
        if "://" in value:
            bound[name] = ox.NamedNode(value.strip("<>"))
        elif colon and prefix in PREFIXES:
            bound[name] = ox.NamedNode(PREFIXES[prefix] + local)
        elif interval(value, XSD + "date"):
            bound[name] = ox.Literal(value, datatype=ox.NamedNode(XSD + "date"))
        else:
            bound[name] = ox.Literal(value)
    return bound
