# SPDX-License-Identifier: Apache-2.0
"""``icsgraph explain``: the chain behind a constraint, a finding or a norm."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from icsgraph.cli.state import State


class Format(StrEnum):
    """Forms of an explanation."""

    TEXT = "text"
    MD = "md"
    JSON = "json"


def command(
    ctx: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            help="A constraint (ICS-20), a norm (norm/give-copies), or the id of a finding in the data of --data."
        ),
    ],
    form: Annotated[Format, typer.Option("--format", "-f", help="Form of the explanation.")] = Format.TEXT,
    constraint: Annotated[
        str | None,
        typer.Option(metavar="ID", help="The constraint of the finding: only it is checked again, which is quicker."),
    ] = None,
) -> None:
    """Explain a constraint, a finding or a norm: what the law says, where the guidance says it, and what answers it.

    Of a finding it also says why it applied on that day, and which triples were looked at, with file and line; what
    would answer it is Turtle, ready to be filled in.

    Examples:

      icsgraph explain ICS-20

      icsgraph explain norm/give-copies

      icsgraph --as-at 2025-06-30 --data data/examples/northshire-with-faults explain 0a1b2c3d --constraint ICS-20
    """
    from icsgraph.law import check, read_catalogue
    from icsgraph.law.explain import explain_constraint, explain_finding
    from icsgraph.law.shapes import shipped_shapes
    from icsgraph.reports.explanation import FORMATS

    state: State = ctx.obj
    plain_name = what.islower() and "-" in what and what.replace("-", "").isalpha()
    if what.startswith("norm/") or plain_name:
        typer.echo(_norm(state, what.removeprefix("norm/"), form), nl=False)
        return
    opened = state.open()
    catalogue = read_catalogue(opened.store)
    if what.upper() in catalogue.constraints or not (state.data or state.store):
        explained = explain_constraint(opened, catalogue, what)
    else:
        shapes = shipped_shapes([constraint.upper()]) if constraint else None
        explained = explain_finding(opened, catalogue, check(opened, shapes), what)
    typer.echo(FORMATS[form.value](explained), nl=False)


def _norm(state: State, name: str, form: Format) -> str:
    from icsgraph.guidance.norms import read_norm
    from icsgraph.reports import guidance

    return guidance.norm(read_norm(state.open(), name), "table" if form is Format.TEXT else form.value)
