# SPDX-License-Identifier: Apache-2.0
"""``icsgraph export``: the graph in RDF syntaxes."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from icsgraph.cli.state import State


class Format(StrEnum):
    """RDF syntaxes."""

    TTL = "ttl"
    TRIG = "trig"
    NT = "nt"
    NQ = "nq"
    RDFXML = "rdfxml"
    JSONLD = "jsonld"


def command(
    ctx: typer.Context,
    form: Annotated[
        Format, typer.Option("--format", "-f", help="RDF syntax; trig and nq keep the named graphs.")
    ] = Format.TTL,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File to write, whole or not at all; standard output unless given."),
    ] = None,
    graph: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Have this large graph as well, such as boundaries; may be repeated."),
    ] = None,
) -> None:
    """Write the graph, with what was derived, for other tools. Equal graphs give equal bytes.

    Examples:

      icsgraph export --format nt --output england.nt

      icsgraph --data records.ttl export --format jsonld --output all.jsonld
    """
    from icsgraph.exports.rdf import quads_for, serialise, write

    state: State = ctx.obj
    opened = state.open(graph or ())
    quads = quads_for(opened.store, form.value)
    if output is None:
        sys.stdout.buffer.write(serialise(quads, form.value))
        return
    number = write(quads, form.value, output)
    typer.echo(f"{number} statements written to {output}", err=True)
