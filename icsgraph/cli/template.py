# SPDX-License-Identifier: Apache-2.0
"""``icsgraph template``: a skeleton of a system's records to fill in, or the records that are there, as sheets."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from icsgraph.cli.saying import say
from icsgraph.cli.state import State
from icsgraph.model.errors import LookupFailed


class Format(StrEnum):
    """Forms of a template."""

    TTL = "ttl"
    XLSX = "xlsx"
    CSV = "csv"


def command(
    ctx: typer.Context,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Workbook (.xlsx) or folder to write; a folder is made if need be.")
    ],
    system: Annotated[
        str | None, typer.Option(metavar="BOARD", help="The system, by code or name of its board.")
    ] = None,
    records: Annotated[
        list[Path] | None,
        typer.Option(metavar="PATH", help="Put these records into sheets, to go on with; may be repeated."),
    ] = None,
    form: Annotated[
        Format | None, typer.Option("--format", "-f", help="Form; that of the name of --output, else ttl.")
    ] = None,
    base: Annotated[
        str, typer.Option(metavar="IRI", help="Namespace of your records; made of the board's code unless given.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Write over files that are there.")] = False,
) -> None:
    """Write a skeleton of a system's records: a row for each record that law and guidance ask for on the as-at date.

    Every authority, board and document that must appear is there already. Rows count for nothing until they are filled
    in: icsgraph validate says what is not on record yet. A workbook, or a folder of CSV files, is filled in by
    people and read back by icsgraph import.

    Examples:

      icsgraph template --system QRL --output hampshire.xlsx

      icsgraph --as-at 2024-06-01 template --system Frimley --base https://example.nhs.uk/records/ --output frimley

      icsgraph template --records data/examples/northshire --output northshire.xlsx
    """
    from icsgraph.tables.handing_out import hand_out

    state: State = ctx.obj
    chosen = form or (Format.XLSX if output.suffix.lower() == ".xlsx" else Format.TTL)
    if bool(system) == bool(records):
        what = "both are given" if system else "neither is given"
        raise LookupFailed("E440", "--system, --records", what, "Name a board, or files that hold records.")
    if chosen is Format.TTL and records:
        raise LookupFailed("E440", "--records", "records in Turtle need no template", "Ask for xlsx or csv.")
    store = state.open().store
    made = hand_out(store, state.as_at, output, chosen.value, system=system or "", records=records or (), base=base,
                    force=force)  # fmt: skip
    if chosen is Format.TTL:
        say(f"{made.rows} rows in {len(made.files)} files written to {output} (ttl)")
    typer.echo("\n".join(str(path) for path in made.files))
    if chosen is not Format.TTL:
        say(f"{made.rows} rows, {made.to_fill} of them to fill in ({chosen})")
    if made.left_over:
        say(f"{len(made.left_over)} triples have no place in the sheets and are not in them, such as:")
        for triple in made.left_over[:5]:
            say(f"  {triple}")
