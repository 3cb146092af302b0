# SPDX-License-Identifier: Apache-2.0
"""``icsgraph whatif``: what would follow from a change to boards or to records. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from icsgraph.cli.state import State
from icsgraph.model.dates import read_day
from icsgraph.model.errors import LookupFailed

if TYPE_CHECKING:
    import pyoxigraph as ox

    from icsgraph.law.changes import Change


class Format(StrEnum):
    """Forms of the answer."""

    TABLE = "table"
    MD = "md"
    JSON = "json"


On = Annotated[
    str | None,
    typer.Option(
        "--on", metavar="DATE",
        help="First day of the new state; the as-at date unless given, or the day after a board named ended.",
    ),
]  # fmt: skip
Patch = Annotated[
    Path | None,
    typer.Option(help="Turtle or TriG with records to add; its graph icsg:removed holds what to take away."),
]
Form = Annotated[Format, typer.Option("--format", "-f", help="Form of the answer.")]

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, invoke_without_command=True)


@app.callback()
def command(
    ctx: typer.Context,
    events: Annotated[
        list[Path] | None, typer.Option(help="A change-event file: ORG change events in RDF; may be repeated.")
    ] = None,
    patch: Patch = None,
    on: On = None,
    form: Form = Format.TABLE,
) -> None:
    """Say what would follow from a merger, a split, a move of areas, a change-event file or a patch to records.

    Who would then be a statutory member, who must be given copies, which records lose a body, and, where records are
    given with --data, which findings would appear and disappear. Nothing is written.

    Examples:

      icsgraph whatif merge QRV QMJ --name 'West and North London'

      icsgraph whatif move --lad E07000216 --to QNX

      icsgraph --data data/examples/northshire --as-at 2025-06-30 whatif --patch late-copy.ttl
    """
    if ctx.invoked_subcommand:
        if events or patch or on:
            raise LookupFailed(
                "E435", f"whatif {ctx.invoked_subcommand}", "options stand before it",
                f"Write them after {ctx.invoked_subcommand}; --events goes without it.",
            )  # fmt: skip
        return
    if not events and not patch:
        raise LookupFailed("E435", "whatif", "no change is named", "Give merge, split, move, --events or --patch.")

    def change(_: ox.Store, day: date) -> Change | None:
        from icsgraph.law.changes import read_changes

        return read_changes(events, day) if events else None

    _answer(ctx.obj, change, (), patch, on, form)


@app.command("merge")
def merge(
    ctx: typer.Context,
    boards: Annotated[list[str], typer.Argument(help="Codes or names of the boards to merge.")],
    name: Annotated[str, typer.Option(help="Name of the board that begins.")] = "",
    into: Annotated[str, typer.Option(metavar="BOARD", help="A board that takes the others in, and goes on.")] = "",
    patch: Patch = None,
    on: On = None,
    form: Form = Format.TABLE,
) -> None:
    """Merge boards into a new one, or into one that there is.

    Examples:

      icsgraph whatif merge QRV QMJ --on 2026-04-01

      icsgraph whatif merge QNQ --into QRL
    """

    def change(store: ox.Store, day: date) -> Change:
        from icsgraph.law.changes import merge as merged

        return merged(store, boards, day, name=name, into=into)

    _answer(ctx.obj, change, [*boards, into] if into else boards, patch, on, form)


@app.command("split")
def split(
    ctx: typer.Context,
    board: Annotated[str, typer.Argument(help="Code or name of the board to split.")],
    part: Annotated[
        list[str],
        typer.Option(
            metavar="BOARD=AREA,AREA",
            help="A part: name of a new board, or code of one that there is, and codes of districts, councils, "
            "sub-ICB locations or small areas; may be repeated. What no part names stays with the board.",
        ),
    ],
    patch: Patch = None,
    on: On = None,
    form: Form = Format.TABLE,
) -> None:
    """Split a board: areas of it pass to new boards or to others.

    Examples:

      icsgraph whatif split QNQ --part QRL=E07000085,E07000089,E07000092 --on 2026-04-01

      icsgraph --as-at 2025-04-01 whatif split QNQ --part 'Berkshire East=E06000036,E06000039' --part QXU=E10000030

      icsgraph whatif split QNQ --part 'Surrey Heath=E07000214' --on 2025-04-01
    """

    def change(store: ox.Store, day: date) -> Change:
        from icsgraph.law.changes import split as parted

        parts = [piece.partition("=") for piece in part]
        return parted(store, board, [(who, [a for a in areas.split(",") if a]) for who, _, areas in parts], day)

    _answer(ctx.obj, change, [board], patch, on, form)


@app.command("move")
def move(
    ctx: typer.Context,
    lad: Annotated[
        list[str],
        typer.Option(metavar="AREA", help="Code or name of a district or council, or code of any area; repeatable."),
    ],
    to: Annotated[str, typer.Option(metavar="BOARD", help="The board to which it passes.")],
    patch: Patch = None,
    on: On = None,
    form: Form = Format.TABLE,
) -> None:
    """Move areas to a board, from whichever boards have them.

    Examples:

      icsgraph whatif move --lad E07000216 --to QNX --on 2025-04-01

      icsgraph --as-at 2025-04-01 whatif move --lad Waverley --lad E01013788 --to QNX --format md

      icsgraph whatif move --lad E07000216 --to QXU --on 2025-04-01 --format json
    """

    def change(store: ox.Store, day: date) -> Change:
        from icsgraph.law.changes import move as moved

        return moved(store, lad, to, day)

    _answer(ctx.obj, change, [to], patch, on, form)


def _answer(
    state: State, change: Callable[[ox.Store, date], Change | None], boards: Sequence[str],
    patch: Path | None, on: str | None, form: Format,
) -> None:  # fmt: skip
    from icsgraph.law.changes import last_common_day
    from icsgraph.law.whatif import what_if
    from icsgraph.reports.whatif import FORMATS

    opened = state.open()
    day, notes = read_day(on, "--on") if on else state.as_at, []
    last = None if on else last_common_day(opened.store, boards)
    if last and last < day:
        day = last + timedelta(days=1)
        notes.append(f"The boards named stood together until {last}: the change is made on the day after (see --on).")
    typer.echo(FORMATS[form.value](what_if(opened, change(opened.store, day), patch, notes)), nl=False)
