# SPDX-License-Identifier: Apache-2.0
"""``icsgraph export``: the graph, or a part of it, in the formats of other tools, or to a triple store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from icsgraph.cli.saying import say
from icsgraph.cli.state import State
from icsgraph.exports.formats import get, names
from icsgraph.exports.frame_names import names as frames

if TYPE_CHECKING:
    from icsgraph.exports.content import Content
    from icsgraph.exports.selection import Choice


def _formats(incomplete: str) -> list[str]:
    """Complete the name of a format."""
    return [name for name in names() if name.startswith(incomplete)]


def _frames(incomplete: str) -> list[str]:
    """Complete the name of a frame."""
    return [name for name in frames() if name.startswith(incomplete)]


def command(
    ctx: typer.Context,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help=f"One of {', '.join(names())}; ttl unless given.",
            autocompletion=_formats,
        ),
    ] = None,
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
    frame: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help=f"For jsonld: trees of one class, what belongs to each nested: {', '.join(frames())}.",
            autocompletion=_frames,
        ),
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
    to: Annotated[
        str, typer.Option(metavar="URL", help="Send it to this store by the SPARQL 1.1 Graph Store Protocol instead.")
    ] = "",
    into: Annotated[
        str, typer.Option(metavar="IRI", help="Named graph of the store to send it to; else its default graph.")
    ] = "",
    keep_graphs: Annotated[
        bool, typer.Option("--keep-graphs", help="Send each named graph to the store's graph of the same name.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in place of all that the store's graph holds.")
    ] = False,
) -> None:
    """Write the graph, or a part of it, with what was derived, for other tools, or send it to a store.

    Examples:

      icsgraph export --format csv --output tables --system QRL

      icsgraph export --format jsonld --frame system --system QRL --output hampshire.json

      icsgraph --data records.ttl export --to http://localhost:7878/store --into urn:records
    """
    from icsgraph.exports.selection import choose
    from icsgraph.exports.writing import write

    state: State = ctx.obj
    _agree(to, into, form, output, replace=replace, force=force, keep_graphs=keep_graphs)
    _framed(frame, form)
    made = get(form or "ttl")
    choice = _choice(system, kind, topic, day, named_graph, construct, frame)
    opened = state.open(dict.fromkeys((*(graph or ()), *made.needs)))
    content = choose(opened, choice, canonical=canonical)
    if to:
        say(_send(content, to, into, replace=replace, keep_graphs=keep_graphs))
        return
    told = write(content, made, output, force=force)
    if output is not None:
        say(f"{told} written to {output}")


def _agree(
    to: str, into: str, form: str | None, output: Path | None, *, replace: bool, force: bool, keep_graphs: bool
) -> None:
    """Refuse what is for a store beside what is for files.

    Raises:
        ExportError: E947.
    """
    from icsgraph.model.errors import ExportError

    files = [name for name, given in (("--format", form), ("--output", output), ("--force", force)) if given]
    if to and files:
        raise ExportError("E947", "--to", f"{files[0]} is for files, not for a store", f"Leave out {files[0]} or --to.")
    if into and keep_graphs:
        mend = "Leave out one of --into and --keep-graphs."
        raise ExportError("E947", "--into", "all would go to one graph, and --keep-graphs keeps them apart", mend)
    if not to and (into or replace or keep_graphs):
        name = "--into" if into else "--replace" if replace else "--keep-graphs"
        raise ExportError("E947", name, "this is for a store, and none is named", "Name it with --to URL.")


def _framed(frame: str, form: str | None) -> None:
    """Refuse a frame for a format that makes no trees.

    Raises:
        ExportError: E948.
    """
    from icsgraph.model.errors import ExportError

    if frame and form != "jsonld":
        what = f"a frame makes trees of JSON-LD, and the format is {form or 'ttl'}"
        raise ExportError("E948", "--frame", what, "Add --format jsonld.")


def _send(content: Content, url: str, iri: str, *, replace: bool, keep_graphs: bool) -> str:
    from icsgraph.cli.waiting import waiting
    from icsgraph.exports.transfer import Graph, send
    from icsgraph.exports.transfer_graphs import send_graphs

    with waiting("sending", url):
        if keep_graphs:
            return send_graphs(content.quads(), url, replace=replace).told()
        return send(content.triples(), Graph(url, iri), replace=replace).told()


def _choice(
    system: list[str] | None, kind: list[str] | None, topic: list[str] | None,
    day: str | None, named_graph: str, construct: str, frame: str,
) -> Choice:  # fmt: skip
    from icsgraph.cli.asked import find
    from icsgraph.exports.selection import Choice
    from icsgraph.model.dates import read_day

    query = find(construct).text if construct else ""
    held = read_day(day) if day else None
    return Choice(tuple(system or ()), tuple(kind or ()), tuple(topic or ()), held, named_graph, query, frame)
