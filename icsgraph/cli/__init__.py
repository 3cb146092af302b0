# SPDX-License-Identifier: Apache-2.0
"""The command line: takes a request, makes one call, renders. One module for each command.

stdout holds the answer and nothing else; stderr holds progress and errors. Exit status: 0 fine; 1 ran, and found
something at or above ``--fail-on``; 2 the input is wrong; 3 something outside did not answer, or a limit was reached.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from icsgraph.cli import (
    build,
    demo,
    describe,
    diff,
    docs,
    explain,
    export,
    find,
    guidance,
    import_,
    queries,
    query,
    reason,
    serve,
    template,
    validate,
    whatif,
)
from icsgraph.cli.saying import say
from icsgraph.cli.state import State, There, read_as_at
from icsgraph.model.errors import IcsgraphError, LookupFailed


class _Group(typer.core.TyperGroup):
    """Turns an error that a user can act on into its two lines and its exit code: no command catches anything."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401  click's own signature
        try:
            return super().invoke(ctx)
        except IcsgraphError as error:
            say(str(error))
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            sys.stderr.close()  # the reader has gone; nothing is left to say
            ctx.exit(0)


_OWN_DATA = frozenset({"build", "demo", "queries", "reason"})


app = typer.Typer(
    cls=_Group, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False,
    help="A knowledge graph of England's integrated care systems: ask it, check records against the law, export it.",
    epilog="Start with: icsgraph demo",
)  # fmt: skip


def _version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        typer.echo(f"icsgraph {version('icsgraph')}")
        raise typer.Exit


@app.callback()
def options(
    ctx: typer.Context,
    data: Annotated[
        list[Path] | None,
        typer.Option(help="A file or folder of RDF to load over the packaged graph; may be repeated."),
    ] = None,
    store: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Open this store, which icsgraph build has made, in place of what ships."),
    ] = None,
    endpoint: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Ask this SPARQL 1.1 endpoint (query and validate)."),
    ] = None,
    graph: Annotated[
        list[str] | None,
        typer.Option(metavar="IRI", help="A graph of the endpoint that holds its data; may be repeated."),
    ] = None,
    max_requests: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Send the endpoint at most this many requests (5000).")
    ] = None,
    max_seconds: Annotated[
        float | None, typer.Option(min=1, metavar="N", help="Ask the endpoint for at most this long (1800 seconds).")
    ] = None,
    as_at: Annotated[
        str | None,
        typer.Option("--as-at", metavar="DATE", help="The day as at which to answer (YYYY-MM-DD); today unless given."),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Options for every command."""
    del version
    if store and endpoint:
        raise LookupFailed("E440", "--store, --endpoint", "both are named", "Name one of them.")
    given = {"--store": store, "--endpoint": endpoint, "--graph": graph, "--max-requests": max_requests,
             "--max-seconds": max_seconds}  # fmt: skip
    for name, value in given.items():
        if value and ctx.invoked_subcommand in _OWN_DATA:
            what = f"{ctx.invoked_subcommand} reads its own data"
            raise LookupFailed("E440", name, what, f"Leave {name} out, or use another command.")
    there = There(endpoint, tuple(graph or ()), max_requests, max_seconds)
    ctx.obj = State(tuple(data or ()), read_as_at(as_at), store, there)


app.command("demo")(demo.command)
app.command("build")(build.command)
app.command("query")(query.command)
app.command("queries")(queries.command)
app.command("validate")(validate.command)
app.command("find")(find.command)
app.command("describe")(describe.command)
app.command("diff")(diff.command)
app.command("explain")(explain.command)
app.command("reason")(reason.command)
app.command("serve")(serve.command)
app.command("export")(export.command)
app.add_typer(guidance.app, name="guidance")
app.add_typer(import_.app, name="import")
app.add_typer(docs.app, name="docs")
app.add_typer(whatif.app, name="whatif")
app.command("template")(template.command)


def main() -> None:
    """Run the command line; output is UTF-8 whatever the terminal's code page."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", newline="\n")
    app(prog_name="icsgraph")
