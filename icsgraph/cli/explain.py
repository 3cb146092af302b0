# SPDX-License-Identifier: Apache-2.0
"""``icsgraph explain``: the chain behind a constraint or a finding."""

from __future__ import annotations

from typing import Annotated

import typer

from icsgraph.cli.state import State


def command(
    ctx: typer.Context,
    what: Annotated[str, typer.Argument(help="A constraint (ICS-20), or the id of a finding in the data of --data.")],
) -> None:
    """Explain a constraint, or a finding: what the law says, where the guidance says it, why it applied, what mends it.

    Examples:

      icsgraph explain ICS-20

      icsgraph --as-at 2025-06-30 --data data/examples/northshire-with-faults explain 0a1b2c3d
    """
    from icsgraph.law import check, read_catalogue
    from icsgraph.law.explain import explain_constraint, explain_finding
    from icsgraph.reports.explanation import as_text

    state: State = ctx.obj
    opened = state.open()
    catalogue = read_catalogue(opened.store)
    if what.upper() in catalogue.constraints or not state.data:
        explained = explain_constraint(opened, catalogue, what)
    else:
        explained = explain_finding(opened, catalogue, check(opened), what)
    typer.echo(as_text(explained), nl=False)
