# SPDX-License-Identifier: Apache-2.0
"""``icsgraph import``: sheets that people filled in, look-ups of the ONS and lists of the NHS to records."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from icsgraph.cli.state import State
from icsgraph.model.errors import TableError

if TYPE_CHECKING:
    from icsgraph.tables.importing import Imported

_EVERY = 5000


class _Group(typer.core.TyperGroup):
    """Takes what names no other kind of import as files: ``import book.xlsx`` is ``import records book.xlsx``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401  click's own signature
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["records", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_Group, no_args_is_help=True, rich_markup_mode=None,
    help="Turn filled-in workbooks, CSV files, look-ups of the ONS and lists of the NHS into records.",
    epilog="icsgraph import FILE... is short for icsgraph import records FILE...",
)  # fmt: skip

Output = Annotated[
    Path, typer.Option("--output", "-o", help="File to write, .ttl or .nt, also .gz; whole or not at all.")
]


@app.command("records")
def records(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="Workbooks (.xlsx, .ods), CSV files, folders of them, or RDF.")],
    output: Output,
    system: Annotated[
        str | None, typer.Option(metavar="BOARD", help="The system, whose code makes the namespace of the records.")
    ] = None,
    base: Annotated[
        str, typer.Option(metavar="IRI", help="Namespace of the records; that of the workbook unless given.")
    ] = "",
) -> None:
    """Turn filled-in sheets into records; every fault is listed, and nothing is written while there is one.

    Each record says in which file, sheet and row it stood, and icsgraph validate names that place. Files of RDF are put
    together with what the sheets hold, whatever their syntax.

    Examples:

      icsgraph import book.xlsx --output records.ttl

      icsgraph import members.csv copies.csv --system QRL --output records.ttl.gz
    """
    from icsgraph.tables.directory import Directory
    from icsgraph.tables.faults import Faulty, listed
    from icsgraph.tables.sources import put_rdf, sorted_files
    from icsgraph.tables.writing import writer_to

    state: State = ctx.obj
    tables, rdf = sorted_files(files)
    store = state.open().store
    space = _namespace(state, tables, system, base)
    try:
        with writer_to(output, space) as writer:
            triples = put_rdf(rdf, writer)
            from icsgraph.tables.importing import import_sheets

            made = import_sheets(tables, Directory(store), space, writer, _progress())
    except Faulty as error:
        typer.echo(listed(error.found.remarks), err=True, nl=False)
        typer.echo(listed(error.found.faults), nl=False)
        raise
    typer.echo(_told(made, triples, output), err=True, nl=False)


def _namespace(state: State, tables: list[tuple[Path, str]], system: str | None, base: str) -> str:
    """Give the namespace of the records: as asked for, as a workbook says, or made of the board's code."""
    from icsgraph.law.bodies import board_on
    from icsgraph.store.select import rows, text
    from icsgraph.tables.gathering import namespace_of

    said = {} if base else next((found for path, name in tables if (found := namespace_of(path, name))), {})
    space = base or ("" if system else said.get("namespace", ""))
    if not space and (typed := system or said.get("system", "")):
        store = state.open().store
        board = board_on(store, typed, state.as_at)
        code = text(rows(store, f"SELECT ?code WHERE {{ <{board.value}> ics:odsCode ?code }}")[0]["code"])
        space = f"https://example.org/{code.lower()}/"
    space = space or "https://example.org/records/"
    if "://" not in space or not space.endswith(("/", "#")) or any(c in space for c in ' <>"{}|\\^`'):
        raise TableError("E907", "--base", f"{space!r} is no namespace", "Give an IRI that ends in / or #.")
    return space


def _progress() -> Any:  # noqa: ANN401  a function, or None where nobody looks
    if not sys.stderr.isatty():
        return None
    last = [0]

    def told(number: int, what: str) -> None:
        if number - last[0] >= _EVERY or number < last[0]:
            last[0] = number
            sys.stderr.write(f"\r{number:,} rows {what}\x1b[K")
            sys.stderr.flush()

    return told


def _told(made: Imported, triples: int, output: Path) -> str:
    from icsgraph.tables.faults import listed

    lines = listed(made.faults.remarks)
    for file, sheet, numbers in made.unfilled:
        shown = ", ".join(map(str, numbers[:8])) + (", …" if len(numbers) > 8 else "")
        lines += f"{file}, sheet {sheet}: still to be filled in, and counting for nothing: rows {shown}\n"
    also = f", and {triples} triples of RDF" if triples else ""
    return lines + f"{made.records} records in {made.triples} triples{also} written to {output}\n"
