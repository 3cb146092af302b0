# SPDX-License-Identifier: Apache-2.0
"""``icsgraph export``: the graph, or a part of it, in the formats of other tools, or to a triple store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from icsgraph.cli.state import State
from icsgraph.exports.formats import get, names

if TYPE_CHECKING:
    from icsgraph.exports.selection import Choice


def _formats(incomplete: str) -> list[str]:
    """Complete the name of a format."""
    return [name for name in names() if name.startswith(incomplete)]


def command(
    ctx: typer.Context,
    form: Annotated[
        str,
        typer.Option("--format", "-f", metavar="FORMAT", help=f"One of {', '.join(names())}.", autocompletion=_formats),
    ] = "ttl",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="File to write, or folder for csv and parquet: whole or not at all; else printed."
        ),
    ] = None,
    system: Annotated[
        list[str] | None,
        typer.Option(metavar="BODY", help="Only this board's or partnership's system: code or name; may be repeated."),
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option("--class", metavar="CLASS", help="Only things of this class or below it; may be repeated."),
    ] = None,
    topic: Annotated[
        list[str] | None, typer.Option(metavar="TOPIC", help="Only what names this topic; may be repeated.")
    ] = None,
    day: Annotated[
        str | None,
        typer.Option("--date", metavar="DAY", help="Leave out what certainly did not hold on this day."),
    ] = None,
    named_graph: Annotated[
        str, typer.Option(metavar="GRAPH", help="Only what this named graph states: its IRI, or the file's name.")
    ] = "",
    construct: Annotated[
        str, typer.Option(metavar="QUERY", help="The triples that a query makes instead: a .rq file, or SPARQL text.")
    ] = "",
    canonical: Annotated[
        bool,
        typer.Option("--canonical", help="Sort everything and name blank nodes by rule: equal graphs, equal bytes."),
    ] = False,
    graph: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Have this large graph as well, such as boundaries; may be repeated."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over files that are in the folder already.")] = False,
) -> None:
    """Write the graph, or a part of it, with what was derived, for other tools.

    Examples:

      icsgraph export --format csv --output tables --system QRL

      icsgraph --data records.ttl export --format jsonld --output all.jsonld
    """
    from icsgraph.exports.selection import choose
    from icsgraph.exports.writing import write

    state: State = ctx.obj
    made = get(form)
    choice = _choice(system, kind, topic, day, named_graph, construct)
    opened = state.open(dict.fromkeys((*(graph or ()), *made.needs)))
    content = choose(opened, choice, canonical=canonical)
    told = write(content, made, output, force=force)
    if output is not None:
        typer.echo(f"{told} written to {output}", err=True)


def _choice(
    system: list[str] | None, kind: list[str] | None, topic: list[str] | None,
    day: str | None, named_graph: str, construct: str,
) -> Choice:  # fmt: skip
    from icsgraph.cli.asked import find
    from icsgraph.exports.selection import Choice
    from icsgraph.model.dates import read_day

    query = find(construct).text if construct else ""
    held = read_day(day) if day else None
    return Choice(tuple(system or ()), tuple(kind or ()), tuple(topic or ()), held, named_graph, query)
