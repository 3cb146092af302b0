# SPDX-License-Identifier: Apache-2.0
"""``icsgraph describe``: everything the graph says about one thing."""

from __future__ import annotations

from typing import Annotated

import typer

from icsgraph.cli.state import State


def command(
    ctx: typer.Context,
    thing: Annotated[
        str,
        typer.Argument(
            help="A code or name of a body (QNQ, E06000036, Frimley), a constraint (ICS-20), a prefixed name or an IRI."
        ),
    ],
    limit: Annotated[int, typer.Option(min=1, help="Give at most this many incoming links.")] = 40,
) -> None:
    """Say everything about one thing: what it is, when it held, what it is linked to, and where that is from.

    Examples:

      icsgraph describe QNQ

      icsgraph describe ICS-20
    """
    from icsgraph.law.describe import describe
    from icsgraph.reports.thing import as_text

    state: State = ctx.obj
    typer.echo(as_text(describe(state.open(), thing, limit)), nl=False)
