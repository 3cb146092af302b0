# SPDX-License-Identifier: Apache-2.0
"""``icsgraph describe``: everything the graph says about one thing."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from icsgraph.cli.codes import complete
from icsgraph.cli.state import State
from icsgraph.cli.waiting import waiting

_LINKS: Final = 40


class Format(StrEnum):
    """Forms of a description; the last two draw what the thing is linked to."""

    TEXT = "text"
    MD = "md"
    TTL = "ttl"
    JSONLD = "jsonld"
    MERMAID = "mermaid"
    SVG = "svg"


def command(
    ctx: typer.Context,
    thing: Annotated[
        str,
        typer.Argument(
            help="A code or name of a body (QNQ, E06000036, Frimley), a constraint (ICS-20), a prefixed name, an IRI.",
            autocompletion=complete,
        ),
    ],
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="Give at most this many incoming links: 40 unless given, and all to a drawing."),
    ] = None,
    form: Annotated[
        Format, typer.Option("--format", "-f", help="Form; mermaid and svg draw what the thing is linked to.")
    ] = Format.TEXT,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write, whole or not at all, instead of printing.")
    ] = None,
) -> None:
    """Say everything about one thing: what it is, when it held, what it is linked to, and where that is from.

    Examples:

      icsgraph describe QNQ

      icsgraph describe ICS-20 --format md
    """
    from icsgraph.law.describe import describe
    from icsgraph.reports import neighbourhood
    from icsgraph.reports import thing as forms
    from icsgraph.store.whole import write_whole

    state: State = ctx.obj
    write = {
        Format.TEXT: forms.as_text, Format.MD: forms.as_markdown, Format.TTL: forms.as_turtle,
        Format.JSONLD: forms.as_jsonld, Format.MERMAID: neighbourhood.as_mermaid, Format.SVG: neighbourhood.as_svg,
    }[form]  # fmt: skip
    with waiting("opening the graph"):
        opened = state.open()
    drawing = form in (Format.MERMAID, Format.SVG)  # which counts what it does not show
    written = write(describe(opened, thing, limit or (sys.maxsize if drawing else _LINKS)))
    if output is None:
        typer.echo(written, nl=False)
    else:
        write_whole(output, written.encode())
