# SPDX-License-Identifier: Apache-2.0
"""``icsgraph validate``: check records against the law, as at a day."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from icsgraph.cli.state import State


class Format(StrEnum):
    """Forms of a report."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    MD = "md"
    TTL = "ttl"


class FailOn(StrEnum):
    """Least severity that makes the exit status 1."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"


class Engine(StrEnum):
    """SHACL engines; both give the same findings."""

    COMPILED = "compiled"
    PYSHACL = "pyshacl"


def command(
    ctx: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="Files or folders of RDF to check.")],
    form: Annotated[Format, typer.Option("--format", "-f", help="Form of the report.")] = Format.TABLE,
    fail_on: Annotated[FailOn, typer.Option(help="Least severity that makes the exit status 1.")] = FailOn.VIOLATION,
    shapes: Annotated[
        list[Path] | None, typer.Option(help="Your own SHACL files, instead of the shipped shapes; may be repeated.")
    ] = None,
    constraint: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Check only this constraint, such as ICS-20; may be repeated."),
    ] = None,
    system: Annotated[
        list[str] | None,
        typer.Option(metavar="BOARD", help="Look only at this system, by code or name of its board; may be repeated."),
    ] = None,
    strict: Annotated[bool, typer.Option(help="Exit 1 also when a constraint or shape looked at nothing.")] = False,
    engine: Annotated[Engine, typer.Option(help="SHACL engine.")] = Engine.COMPILED,
) -> None:
    """Check records against the law, the guidance and the form of records.

    Exit status 1 means that something at or above --fail-on was found; a finding says what is not on record.

    Examples:

      icsgraph --as-at 2025-06-30 validate data/examples/northshire

      icsgraph validate records.ttl --constraint ICS-20 --format csv
    """
    from icsgraph.law import check, find_body
    from icsgraph.law.shapes import own_shapes, shipped_shapes
    from icsgraph.reports.findings import FORMATS

    state: State = ctx.obj
    opened = state.open(more=paths)
    chosen = own_shapes(shapes) if shapes else shipped_shapes(constraint)
    systems = [find_body(opened.store, name, "board").value for name in system or ()]
    report = check(opened, chosen, systems=systems, engine=engine.value, everything=bool(shapes))
    typer.echo(FORMATS[form.value](report), nl=False)
    idle = strict and any(not c.looked_at for c in report.coverage)
    if idle or (fail_on is not FailOn.NEVER and report.reaches(fail_on.value.capitalize())):
        raise typer.Exit(1)
