# SPDX-License-Identifier: Apache-2.0
"""``icsgraph demo``: the tour. Three answers about England, one validation, and where to go next."""

from __future__ import annotations

import typer

from icsgraph.cli.state import State


def command(ctx: typer.Context) -> None:
    """Take the tour: three true answers about England, one check of an invented system's records, what to try next.

    Examples:

      icsgraph demo

      icsgraph --as-at 2026-06-01 demo
    """
    from icsgraph.tour import as_text, take

    state: State = ctx.obj
    typer.echo(as_text(take(state.as_at)), nl=False)
