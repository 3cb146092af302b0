# SPDX-License-Identifier: Apache-2.0
"""``icsgraph template``: a skeleton of a system's records to fill in, or the records that are there, as sheets."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from icsgraph.cli.state import State
from icsgraph.model.errors import LookupFailed

if TYPE_CHECKING:
    from icsgraph.tables.records import Tabled
    from icsgraph.tables.workbook import About


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
    state: State = ctx.obj
    chosen = form or (Format.XLSX if output.suffix.lower() == ".xlsx" else Format.TTL)
    if bool(system) == bool(records):
        what = "both are given" if system else "neither is given"
        raise LookupFailed("E440", "--system, --records", what, "Name a board, or files that hold records.")
    if chosen is Format.TTL:
        if records:
            raise LookupFailed("E440", "--records", "records in Turtle need no template", "Ask for xlsx or csv.")
        _turtle(state, system or "", base, output, force=force)
        return
    made, about = _from_records(state, records, base) if records else _from_law(state, system or "", base)
    _sheets(state, made, about, chosen, output, force=force)


def _turtle(state: State, system: str, base: str, output: Path, *, force: bool) -> None:
    from icsgraph.exports.folder import write_folder
    from icsgraph.law.template import as_turtle, template

    made = template(state.open().store, system, state.as_at, base)
    files = {name: written.encode() for name, written in as_turtle(made).items()}
    write_folder(output, files, force=force)
    number = sum(len(section.rows) for section in made.sections)
    typer.echo(f"{number} rows in {len(files)} files written to {output} (ttl)", err=True)
    typer.echo("\n".join(f"{output / name}" for name in files))


def _from_law(state: State, system: str, base: str) -> tuple[Tabled, About]:
    from icsgraph.law.template import template
    from icsgraph.tables.directory import Directory
    from icsgraph.tables.templates import of_template
    from icsgraph.tables.workbook import About

    store = state.open().store
    made = template(store, system, state.as_at, base)
    return of_template(made, Directory(store)), About(f"Records of {made.board_name}", made.code, made.day)


def _from_records(state: State, records: list[Path], base: str) -> tuple[Tabled, About]:
    from icsgraph.store.load import find_files
    from icsgraph.tables.directory import Directory
    from icsgraph.tables.templates import of_files
    from icsgraph.tables.workbook import About

    made = of_files(find_files(records), Directory(state.open().store), base)
    return made, About("Records", "", state.as_at)


def _sheets(state: State, made: Tabled, about: About, form: Format, output: Path, *, force: bool) -> None:
    from icsgraph.exports.folder import write_folder
    from icsgraph.tables.directory import Directory
    from icsgraph.tables.folder import csv_files
    from icsgraph.tables.sheets import TO_FILL
    from icsgraph.tables.workbook import excel

    if form is Format.CSV:
        files = csv_files(made, about.system)
        write_folder(output, files, force=force)
        typer.echo("\n".join(f"{output / name}" for name in files))
    else:
        if output.suffix.lower() != ".xlsx":
            raise LookupFailed("E440", "--output", f"{output.name} is no name of a workbook", "End it in .xlsx.")
        book = excel(made, Directory(state.open().store), about)
        write_folder(output.parent, {output.name: book}, force=force)
        typer.echo(str(output))
    rows = sum(len(filled.rows) for filled in made.filled)
    waiting = sum(state == TO_FILL for filled in made.filled for *_, state in filled.rows)
    typer.echo(f"{rows} rows, {waiting} of them to fill in ({form})", err=True)
    if made.left_over:
        typer.echo(f"{len(made.left_over)} triples have no place in the sheets and are not in them, such as:", err=True)
        for triple in made.left_over[:5]:
            typer.echo(f"  {triple}", err=True)
