# SPDX-License-Identifier: Apache-2.0
"""``icsgraph import``: sheets that people filled in, look-ups of the ONS and lists of the NHS to records."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from icsgraph.cli.saying import say
from icsgraph.cli.state import State
from icsgraph.model.errors import TableError

if TYPE_CHECKING:
    from icsgraph.tables.importing import Imported
    from icsgraph.tables.registers import Registered

_EVERY = 5000


class Kind(StrEnum):
    """Kinds of organisation that a list of the NHS can hold."""

    TRUST = "trust"
    PRACTICE = "practice"
    NETWORK = "network"
    MEMBERSHIP = "membership"


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
    Path, typer.Option("--output", "-o", help="File of RDF to write: .ttl, .nt, .trig, .nq, .rdf or .jsonld, also .gz.")
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
    from icsgraph.reports.folding import folded
    from icsgraph.tables.directory import Directory
    from icsgraph.tables.faults import Faulty, listed
    from icsgraph.tables.namespaces import namespace_for
    from icsgraph.tables.sources import put_rdf, sorted_files
    from icsgraph.tables.writing import writer_to

    state: State = ctx.obj
    tables, rdf = sorted_files(files)
    store = state.open().store
    space = namespace_for(tables, store, state.as_at, system or "", base)
    try:
        with writer_to(output, space) as writer:
            triples = put_rdf(rdf, writer)
            from icsgraph.tables.importing import import_sheets

            made = import_sheets(tables, Directory(store), space, writer, _progress())
    except Faulty as error:
        say(listed(error.found.remarks).rstrip("\n"))
        typer.echo(folded(listed(error.found.faults)), nl=False)
        raise
    say(_told(made, triples, output).rstrip("\n"))


@app.command("ons-lookup")
def ons_lookup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="The look-up of LSOAs to sub-ICB locations, ICBs and districts.")],
    vintage: Annotated[str, typer.Option(metavar="DATE", help="The day from which it holds (YYYY-MM-DD).")],
    output: Output,
) -> None:
    """Turn an ONS look-up of small areas into areas of boards and their overlaps with councils, from a day on.

    Lay the file over the graph with --data: from that day every answer and every check goes by the new boundaries, and
    by the old ones before. Boards and councils that are new are described as far as a look-up knows them.

    Examples:

      icsgraph import ons-lookup LSOA_to_ICB_April_2027.csv --vintage 2027-04-01 --output 2027.ttl

      icsgraph --data 2027.ttl --as-at 2027-06-01 query cq012
    """
    from icsgraph.model.dates import read_day
    from icsgraph.tables.registers import read_lookup

    state: State = ctx.obj
    found = read_lookup(file, read_day(vintage, "--vintage"), state.open().store)
    _write(found, output)


@app.command("ods")
def ods(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="A list of organisations: etr.csv, epraccur.csv, epcn.csv or another.")],
    output: Output,
    kind: Annotated[
        Kind | None, typer.Option(help="What the organisations are; told by the usual names of files unless given.")
    ] = None,
) -> None:
    """Turn a list of the NHS Organisation Data Service into bodies; of those that are known, what is new of them.

    Examples:

      icsgraph import ods etr.csv --output trusts.ttl

      icsgraph import ods practices.csv --kind practice --output practices.nt.gz
    """
    from icsgraph.tables.registers import KINDS, read_ods

    state: State = ctx.obj
    chosen = kind.value if kind else KINDS.get(file.name.split(".")[0].lower(), "")
    if not chosen:
        what = f"the name {file.name} does not say what the organisations are"
        raise TableError("E908", "--kind", what, f"Name one of {', '.join(Kind)} with --kind.")
    _write(read_ods(file, chosen, state.open().store), output)


def _write(found: Registered, output: Path) -> None:
    from icsgraph.tables.writing import writer_to

    with writer_to(output) as writer:
        writer.put(sorted(found.triples, key=str))
    for remark in found.remarks:
        say(remark)
    say(f"{len(found.triples)} triples of {found.rows} rows written to {output}")


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
