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
    demo,
    describe,
    diff,
    docs,
    explain,
    export,
    find,
    guidance,
    queries,
    query,
    reason,
    template,
    validate,
    whatif,
)
from icsgraph.cli.state import State, read_as_at
from icsgraph.model.errors import IcsgraphError


class _Group(typer.core.TyperGroup):
    """Turns an error that a user can act on into its two lines and its exit code: no command catches anything."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401  click's own signature
        try:
            return super().invoke(ctx)
        except IcsgraphError as error:
            typer.echo(str(error), err=True)
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            sys.stderr.close()  # the reader has gone; nothing is left to say
            ctx.exit(0)


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
    ctx.obj = State(tuple(data or ()), read_as_at(as_at))


app.command("demo")(demo.command)
app.command("query")(query.command)
app.command("queries")(queries.command)
app.command("validate")(validate.command)
app.command("find")(find.command)
app.command("describe")(describe.command)
app.command("diff")(diff.command)
app.command("explain")(explain.command)
app.command("reason")(reason.command)
app.command("export")(export.command)
app.add_typer(guidance.app, name="guidance")
app.add_typer(docs.app, name="docs")
app.add_typer(whatif.app, name="whatif")
app.command("template")(template.command)


def main() -> None:
    """Run the command line; output is UTF-8 whatever the terminal's code page."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", newline="\n")
    app(prog_name="icsgraph")
