# SPDX-License-Identifier: Apache-2.0
"""``icsgraph diff``: two data sets, two days, two reports, or the answers of one query over two of these."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from icsgraph.cli.queries import slugs
from icsgraph.cli.query import answer_on, parameters
from icsgraph.cli.saying import say
from icsgraph.cli.state import State, read_as_at
from icsgraph.cli.waiting import waiting
from icsgraph.model.errors import QueryError

if TYPE_CHECKING:
    from icsgraph.queries import Answer
    from icsgraph.queries.compare import Change


class Format(StrEnum):
    """Forms of differences."""

    TABLE = "table"
    MD = "md"
    CSV = "csv"
    JSON = "json"


def command(
    ctx: typer.Context,
    sides: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[OLD NEW]", help="Two files or folders of RDF, or two reports of validate in JSON."),
    ] = None,
    from_date: Annotated[str | None, typer.Option(metavar="DATE", help="As at this day on the old side.")] = None,
    to_date: Annotated[str | None, typer.Option(metavar="DATE", help="As at this day on the new side.")] = None,
    query: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Compare the answers of this query.", autocompletion=slugs),
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option(
            "--param",
            "-p",
            metavar="NAME=VALUE",
            help="A parameter of the query; may be repeated.",
            autocompletion=parameters,
        ),
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN", help="Column that says which row is which; may be repeated."),
    ] = None,
    kind: Annotated[str, typer.Option(metavar="KIND", help="Between two days, only things of this kind.")] = "",
    form: Annotated[Format, typer.Option("--format", "-f", help="Form of the differences.")] = Format.TABLE,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write, whole or not at all, instead of printing.")
    ] = None,
) -> None:
    """Say what was added, removed and changed. Exit status: 0 no difference, 1 some, 2 the input is wrong.

    Examples:

      icsgraph diff --from-date 2023-03-31 --to-date 2023-04-01 --kind council

      icsgraph diff old.ttl new.ttl --format md
    """
    from icsgraph.reports.differences import compare_files, counted, rendered
    from icsgraph.store.whole import write_whole

    state: State = ctx.obj
    old, new = _pair(sides or [])
    days = tuple(read_as_at(day) if day else state.as_at for day in (from_date, to_date))
    if why := _unclear(old, query, (from_date, to_date), details=bool(param or key), kind=kind):
        raise QueryError("E218", "diff", *why)
    with waiting("comparing"):
        if query:
            changes = _of_answers(state, query, param or [], key or [], old, new, days)
        elif old and new:
            changes = compare_files(old, new)
        else:
            changes = _of_days(state, days, kind)
    names = [_name(path, day if from_date or to_date else None) for path, day in zip((old, new), days, strict=True)]
    written = rendered(changes, form.value, names[0], names[1])
    if output is None:
        typer.echo(written, nl=False)
    else:
        write_whole(output, written.encode())
    say(f"{counted(changes)} | from {names[0]} to {names[1]}")
    if changes:
        raise typer.Exit(1)


def _pair(sides: list[Path]) -> tuple[Path | None, Path | None]:
    if len(sides) not in (0, 2):
        raise QueryError("E218", "diff", f"two sides are compared, not {len(sides)}", "Name the old and the new one.")
    return (sides[0], sides[1]) if sides else (None, None)


def _unclear(
    old: Path | None, query: str | None, dates: tuple[str | None, str | None], *, details: bool, kind: str
) -> tuple[str, str] | None:
    """Say what is wrong with what is to be compared, and what would mend it; None when nothing is."""
    if not old and not any(dates):
        return "nothing to compare is named", "Name two files or folders, or give --from-date and --to-date."
    if any(dates) and not all(dates) and not (old and query):
        return "only one day is given", "Give both --from-date and --to-date."
    if old and any(dates) and not query:
        return "files are compared as they are, whatever the day", "Add --query NAME."
    if details and not query:
        return "--param and --key are about the answers of a query", "Add --query NAME."
    if kind and (old or query):
        return "--kind is about what holds on two days", "Leave it out here."
    return None


def _name(path: Path | None, day: date | None) -> str:
    return " as at ".join(str(part) for part in (path, day) if part)


def _of_days(state: State, days: tuple[date, ...], kind: str) -> list[Change]:
    from icsgraph.law.between import between

    return between(state.open(), days[0], days[1], kind)


def _of_answers(
    state: State,
    name: str,
    param: list[str],
    key: list[str],
    old: Path | None,
    new: Path | None,
    days: tuple[date, ...],
) -> list[Change]:
    from icsgraph.queries.compare import compare_rows

    before, after = (_answer(state, name, param, path, day) for path, day in zip((old, new), days, strict=True))
    for column in key:
        if column not in before.columns:
            raise QueryError(
                "E218", f"--key {column}", "the query has no such column", f"It has {', '.join(before.columns)}."
            )
    return compare_rows(before.columns, before.rows, after.rows, key)


def _answer(state: State, name: str, param: list[str], path: Path | None, day: date) -> Answer:
    return answer_on(replace(state, data=(*state.data, path) if path else state.data, as_at=day), name, param)
