# SPDX-License-Identifier: Apache-2.0
"""``icsgraph query``: a stored query by its slug, a file, text, or standard input, answered in a chosen form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from icsgraph.cli.advice import say_why_empty, warn
from icsgraph.cli.answering import Format, chosen, deliver, rendered
from icsgraph.cli.asked import Asked, find, free, large_graphs, read_pairs
from icsgraph.cli.queries import library, names_of, slugs
from icsgraph.cli.saying import say
from icsgraph.cli.state import State
from icsgraph.cli.waiting import waiting
from icsgraph.model.errors import QueryError

if TYPE_CHECKING:
    from pyoxigraph import Literal, NamedNode

    from icsgraph.queries import Answer
    from icsgraph.queries.about import About
    from icsgraph.queries.labels import Rows
    from icsgraph.queries.selecting import Select
    from icsgraph.store.endpoint import Endpoint

    Labels: TypeAlias = Callable[[set[NamedNode]], dict[NamedNode, Literal]]


@dataclass(frozen=True, slots=True)
class _Asking:
    """Whom to ask: a store or an endpoint, with the parameters bound."""

    bindings: dict[str, NamedNode | Literal]
    ask: Callable[..., Answer]
    select: Select
    labels: Labels
    data: str = ""
    endpoint: str = ""


@dataclass(frozen=True, slots=True)
class _Reply:
    """An answer, what goes with it, and who knows what its IRIs are called."""

    answer: Answer
    about: About
    labels: Labels


def parameters(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete the names of the parameters of the stored query that was named, and the values that the graph has."""
    # An option that still lacks its value leaves the arguments before it unread.
    words = (ctx.params.get("name"), ctx.params.get("query"), *ctx.args)
    name = next((word for word in words if word in library().slugs()), None)
    if name is None:
        return []
    stored = library().get(name)
    known, equals, begun = incomplete.partition("=")
    if equals:
        values = next((each.values for each in stored.parameters if each.name == known), "")
        return [f"{known}={value}" for value in names_of(values, stored.graphs) if value.startswith(begun)]
    return [f"{each.name}=" for each in stored.parameters if each.name.startswith(incomplete)]


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
        typer.Option(
            "--param",
            "-p",
            metavar="NAME=VALUE",
            help="A parameter of the query; may be repeated.",
            autocompletion=parameters,
        ),
    ] = None,
    form: Annotated[
        Format | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORM",
            help="Form of the answer: table, csv, tsv, json, jsonl, md, html, xlsx or parquet; ttl, nt, jsonld or "
            "rdfxml for triples. Unless given, that of --output's ending.",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write, whole or not at all, instead of printing.")
    ] = None,
    labels: Annotated[bool, typer.Option("--labels", help="Put a column with names beside each of IRIs.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Give at most this many rows.")] = None,
    page: Annotated[
        bool | None, typer.Option("--page/--no-page", help="Show a page at a time; by itself on a terminal.")
    ] = None,
    cite: Annotated[
        bool, typer.Option("--cite", help="Say on stderr how to cite the answer and get it again.")
    ] = False,
    why_empty: Annotated[
        bool, typer.Option("--why-empty", help="Say on stderr which part loses the rows, and what was likely meant.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check/--no-check", help="Look a query of your own over before it runs.")
    ] = True,
    graph: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Have this large graph as well, such as boundaries; may be repeated. Stored queries name theirs.",
            autocompletion=large_graphs,
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show the form in which the query would run, and why; run nothing.")
    ] = False,
    rewrite: Annotated[
        bool, typer.Option(help="Replace EXISTS where the answers are proved to stay the same, or run what was typed.")
    ] = True,
    endpoint: Annotated[
        str | None, typer.Option(metavar="URL", help="Ask this SPARQL 1.1 endpoint instead of the packaged graph.")
    ] = None,
) -> None:
    """Answer a question with SPARQL.

    Examples:

      icsgraph --as-at 2024-06-01 query strategy-copy-recipients --param icb=QNQ

      icsgraph query 'SELECT ?b { ?b a ics:IntegratedCareBoard }' --output b.xlsx
    """
    from icsgraph.queries.about import gives_triples
    from icsgraph.reports.beside import write_beside

    state: State = ctx.obj
    given = read_pairs(param or [])
    asked = find(name)
    if graph:
        asked = replace(asked, graphs=tuple(dict.fromkeys((*asked.graphs, *graph))))
    wanted = chosen(form, output, gives_triples(asked.text))
    there = state.endpoint(endpoint)
    if there and graph:
        raise QueryError("E221", "--graph", "an endpoint has its own graphs", "Leave --graph out, or ask here.")
    asking = _there(asked, given, state, there) if there else _here(asked, given, state, rewrite=rewrite)
    if explain:
        typer.echo(_explained(asked, asking, rewrite=rewrite and not there), nl=False)
        return
    if check and not asked.stored:
        warn(asked.text, asking.select, asking.bindings, asked.name)
    reply = _ask(asked, asking, state, limit)
    answer, columns, rows = _labelled(reply) if labels else (reply.answer, reply.answer.columns, reply.answer.rows)
    about = reply.about
    with waiting("writing the answer", asked.name):
        written = rendered(wanted, columns, rows, answer, about)
    deliver(written, wanted, output, page)
    beside = write_beside(output, wanted.value, columns, about) if output else None
    also = f", what goes with it to {beside}" if beside else ""
    say(about.line() + (f" | written to {output}{also}" if output else ""))
    say_why_empty(
        reply.answer, asked.text, asking.bindings, asking.select,
        asked=why_empty, own=not asked.stored and not there, checked=check and not asked.stored,
    )  # fmt: skip
    if cite:
        say(_cited(about, asked, state, given, limit))


def _explained(asked: Asked, asking: _Asking, *, rewrite: bool) -> str:
    """The query with its parameters, as it would be run."""
    from icsgraph.queries.rewriting import Rewritten, rewritten
    from icsgraph.queries.run import bound_text

    text = bound_text(asked.text, asking.bindings)
    if rewrite:
        return rewritten(text).explained()
    where = "sent to the endpoint" if asking.endpoint else "run"
    return Rewritten(text, (f"{where} as it stands: nothing is replaced",)).explained()


def _here(asked: Asked, given: dict[str, str], state: State, *, rewrite: bool = True) -> _Asking:
    from icsgraph.law import Resolver
    from icsgraph.queries import ask, bind
    from icsgraph.queries.allowed import allowed_in
    from icsgraph.queries.labels import labels_in
    from icsgraph.queries.rewriting import rewritten
    from icsgraph.queries.run import names_graphs
    from icsgraph.queries.selecting import select_in

    stored = asked.stored
    with waiting("opening the graph", " ".join(asked.graphs)):
        opened = state.open(asked.graphs, merged=not names_graphs(asked.text))
    resolvers = Resolver(opened.store, state.as_at).by_type()
    store = opened.store
    bindings = bind(stored, given, state.as_at, resolvers, allowed_in(store)) if stored else free(given)
    form = (lambda text: rewritten(text).text) if rewrite else str
    put = partial(ask, store, rewrite=form)
    return _Asking(bindings, put, select_in(store), partial(labels_in, store), data=opened.version)


def _there(asked: Asked, given: dict[str, str], state: State, endpoint: Endpoint) -> _Asking:
    """Ask an endpoint; parameters of a stored query are bound by the packaged graph's names."""
    from icsgraph.law import Resolver
    from icsgraph.queries import bind
    from icsgraph.queries.endpoint import ask_endpoint
    from icsgraph.queries.labels import labels_by
    from icsgraph.store.remote import select

    def rows(text: str) -> Rows:
        return select(endpoint, text)[1]

    if asked.stored:
        names = Resolver(state.packaged().open(merged=True).store, state.as_at).by_type()
        bindings = bind(asked.stored, given, state.as_at, names)
    else:
        bindings = free(given)
    return _Asking(bindings, partial(ask_endpoint, endpoint), rows, partial(labels_by, rows), endpoint=endpoint.url)


def _ask(asked: Asked, asking: _Asking, state: State, limit: int | None) -> _Reply:
    from icsgraph.queries.about import about

    with waiting("asking", asked.name):
        answer = asking.ask(asked.text, asking.bindings, limit=limit, where=asked.name)
    told = about(
        answer, state.as_at, data=asking.data, endpoint=asking.endpoint, text=asked.text, name=asked.name,
        question=asked.stored.question if asked.stored else "", limit=limit,
    )  # fmt: skip
    return _Reply(answer, told, asking.labels)


def answer_on(state: State, name: str, param: list[str]) -> Answer:
    """Answer a query of any of the ways in which the command takes one, with all its rows."""
    asked = find(name)
    return _ask(asked, _here(asked, read_pairs(param), state), state, None).answer


def _labelled(reply: _Reply) -> tuple[Answer, Sequence[str], Rows]:
    """Put names beside the IRIs of rows; add them to triples as well."""
    from icsgraph.queries.labels import iris_of, naming_triples, with_labels

    answer = reply.answer
    labels = reply.labels(iris_of(answer.rows))
    if answer.triples is not None:
        answer = replace(answer, triples=(*answer.triples, *naming_triples(labels)))
    return answer, *with_labels(answer.columns, answer.rows, labels)


def _cited(about: About, asked: Asked, state: State, given: dict[str, str], limit: int | None) -> str:
    from icsgraph.reports.cite import again, citation

    data = [part for path in state.data for part in ("--data", str(path))]
    data += ["--store", str(state.store)] if state.store else []
    more = [part for key, value in given.items() for part in ("--param", f"{key}={value}")]
    more += [part for each in asked.graphs if not asked.stored for part in ("--graph", each)]
    more += ["--limit", str(limit)] if limit else []
    more += ["--endpoint", about.endpoint] if about.endpoint else []
    what = asked.typed if asked.typed != "-" else asked.text
    command = again([*data, "--as-at", str(state.as_at), "query", what, *more])
    return f"{citation(about, date.today())}\nAgain: {command}"
