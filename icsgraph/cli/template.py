# SPDX-License-Identifier: Apache-2.0
"""``icsgraph template``: a skeleton of a system's records, to fill in."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from icsgraph.cli.state import State


class Format(StrEnum):
    """Forms of a template."""

    TTL = "ttl"


def command(
    ctx: typer.Context,
    system: Annotated[str, typer.Option(metavar="BOARD", help="The system, by code or name of its board.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write; made if it is not there.")],
    form: Annotated[Format, typer.Option("--format", "-f", help="Form of the template.")] = Format.TTL,
    base: Annotated[
        str, typer.Option(metavar="IRI", help="Namespace of your records; made of the board's code unless given.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Write over files that are there.")] = False,
) -> None:
    """Write a skeleton of a system's records: a row for each record that law and guidance ask for on the as-at date.

    Every authority, board and document that must appear is there already. Rows count for nothing until they are filled
    in: icsgraph validate says what is not on record yet.

    Examples:

      icsgraph template --system QRL --output hampshire-records

      icsgraph --as-at 2024-06-01 template --system Frimley --base https://example.nhs.uk/records/ --output frimley
    """
    from icsgraph.exports.folder import write_folder
    from icsgraph.law.template import as_turtle, template

    state: State = ctx.obj
    made = template(state.open().store, system, state.as_at, base)
    files = {name: written.encode() for name, written in as_turtle(made).items()}
    write_folder(output, files, force=force)
    number = sum(len(section.rows) for section in made.sections)
    typer.echo(f"{number} rows in {len(files)} files written to {output} ({form})", err=True)
    typer.echo("\n".join(f"{output / name}" for name in files))
