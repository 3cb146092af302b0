# SPDX-License-Identifier: Apache-2.0
"""``icsgraph queries``: list, search and show the stored queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Annotated, Final

import typer

from icsgraph.cli.saying import say

if TYPE_CHECKING:
    from icsgraph.queries import Library, StoredQuery

_SOME: Final = 8  # values that are listed


@cache
def library() -> Library:
    """Give the stored queries that ship with icsgraph."""
    from icsgraph.queries import Library
    from icsgraph.store import shipped

    return Library(shipped.files("queries/competency", "*.rq"))


def slugs(incomplete: str) -> list[str]:
    """Complete the names of stored queries."""
    return [slug for slug in library().slugs() if slug.startswith(incomplete)]


def names_of(values: str, graphs: Sequence[str] = ()) -> list[str]:
    """Give what can be typed for a parameter: the short names of the values that the packaged graph has."""
    if not values:
        return []
    from icsgraph.opening import open_graph
    from icsgraph.queries.allowed import allowed_in

    store = open_graph(as_at=date.today(), on_demand=graphs).store
    return [names[0] for names in map(list, allowed_in(store)(values).values())]


def command(
    words: Annotated[
        list[str] | None, typer.Argument(help="Words to look for in names, questions and keywords.")
    ] = None,
    show: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Show one query: question, parameters, columns, SPARQL.", autocompletion=slugs
        ),
    ] = None,
) -> None:
    """List the stored queries, or those that hold every word given.

    Examples:

      icsgraph queries copy

      icsgraph queries --show strategy-copy-recipients
    """
    from icsgraph.reports.folding import folded

    if show:
        typer.echo(_page(library().get(show)), nl=False)
        return
    found = library().search(" ".join(words or []))
    for query in found:
        typer.echo(query.slug)
        typer.echo(folded(f"    {query.question}", hang=4))
        if query.parameters:
            names = ", ".join(_parameter(p.name, p.default) for p in query.parameters)
            typer.echo(folded(f"    parameters: {names}"))
    say(f"{len(found)} of {len(library())} queries")


def _parameter(name: str, default: str | None) -> str:
    return name if default is None else f"{name} (default {default})"


def _page(query: StoredQuery) -> str:
    from icsgraph.reports.folding import folded

    lines = [f"{query.slug} ({query.id})", query.question, ""]
    for p in query.parameters:
        lines.append(f"  --param {_parameter(p.name, p.default)}  {p.type}  {p.description}".rstrip())
        if names := names_of(p.values, query.graphs):
            more = ", …" if len(names) > _SOME else ""
            lines.append(f"      one of {len(names)} in what ships: {', '.join(names[:_SOME])}{more}")
        elif p.values:
            lines.append("      one of those in your records; what ships has none")
    lines += [f"  {name}: {meaning}" for name, meaning in query.columns.items()]
    if query.note:
        lines += ["", query.note]
    sparql = [line for line in query.text.splitlines() if not line.startswith("#+")]
    return "\n".join([folded("\n".join(lines)), "", *sparql]) + "\n"
