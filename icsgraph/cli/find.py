# SPDX-License-Identifier: Apache-2.0
"""``icsgraph find``: things by words of their names, codes, definitions, and of what law and guidance say."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from icsgraph.cli.saying import say
from icsgraph.cli.state import State
from icsgraph.cli.waiting import waiting


class Format(StrEnum):
    """Forms of what was found."""

    TABLE = "table"
    CSV = "csv"
    MD = "md"
    JSON = "json"


def command(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(help="Words, in any order; they may be misspelt.")],
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="Only things of this kind, such as board, constraint or statement.")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, help="Give at most this many things.")] = 10,
    form: Annotated[Format, typer.Option("--format", "-f", help="Form of what was found.")] = Format.TABLE,
) -> None:
    """Find things by words of their names, codes, definitions, paraphrases and rules.

    Examples:

      icsgraph find frimley

      icsgraph find copy neighbouring board --kind constraint
    """
    from icsgraph.law.find import find
    from icsgraph.reports.found import rendered

    state: State = ctx.obj
    with waiting("opening the graph and its index"):
        opened = state.open()
        hits = find(opened, " ".join(words), kind=kind, limit=limit + 1)
    typer.echo(rendered(hits[:limit], form.value), nl=False)
    number = min(len(hits), limit)
    found = f"{number} thing{'' if number == 1 else 's'}" if hits else "Nothing found; try fewer or other words"
    more = f", cut at --limit {limit}: there are more" if len(hits) > limit else ", all" if hits else ""
    say(f"{found}{more} | data {opened.version[:12]}")
