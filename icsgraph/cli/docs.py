# SPDX-License-Identifier: Apache-2.0
"""``icsgraph docs build``: the documentation of the ontology as web pages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from icsgraph.cli.saying import say
from icsgraph.cli.state import State

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The ontology's documentation as web pages.")


@app.command("build")
def build(
    ctx: typer.Context,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the pages; made where it is not there.")
    ] = Path("ontology-pages"),
) -> None:
    """Write a page for each module of the ontology, with a drawing, and what uses each term.

    For each term: the competency questions that it serves, the checks that name it, and the provisions and statements
    of the guidance behind them. Files of other names in the folder are left as they are.

    Examples:

      icsgraph docs build

      icsgraph docs build --output public/ontology
    """
    from icsgraph.exports.vocabulary import Site

    state: State = ctx.obj
    written = Site(state.open().store).write(output)
    say(f"{len(written)} files written; open {written[0]}")
