# SPDX-License-Identifier: Apache-2.0
"""``icsgraph guidance``: what the editions of the guidance say, how they differ, and whether a copy still says it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from icsgraph.cli.saying import say
from icsgraph.cli.state import State

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Read the guidance, statement by statement, in our words."
)


class Format(StrEnum):
    """Forms of a list."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    MD = "md"


class DiffFormat(StrEnum):
    """Forms of a comparison; Markdown and HTML are a briefing."""

    TABLE = "table"
    MD = "md"
    HTML = "html"
    CSV = "csv"
    JSON = "json"


FormOption = Annotated[Format, typer.Option("--format", "-f", help="Form of the answer.")]
EditionOption = Annotated[str, typer.Option(metavar="YEAR", help="Edition: 2022 or 2024.")]


@app.command("list")
def list_(
    ctx: typer.Context,
    edition: EditionOption = "",
    modality: Annotated[str, typer.Option(help="duty, expectation, power or suggestion.")] = "",
    bearer: Annotated[str, typer.Option(metavar="ROLE", help="Who is to act, such as integrated-care-board.")] = "",
    topic: Annotated[str, typer.Option(help="What it is about, such as housing; topics below it count.")] = "",
    section: Annotated[str, typer.Option(metavar="TEXT", help="Part of a heading under which it stands.")] = "",
    statutory: Annotated[
        bool | None, typer.Option("--statutory/--not-statutory", help="Only what an Act requires, or only the rest.")
    ] = None,
    changed: Annotated[
        str, typer.Option(metavar="KIND", help="How it changed: strengthened, weakened, added, removed, …")
    ] = "",
    form: FormOption = Format.TABLE,
) -> None:
    """List statements, or those that fit every option given.

    Examples:

      icsgraph guidance list --edition 2024 --topic housing

      icsgraph guidance list --changed strengthened --format csv
    """
    from icsgraph.guidance.statements import Filters, read_statements
    from icsgraph.reports import guidance

    state: State = ctx.obj
    wanted = Filters(edition, modality, bearer, topic, section, statutory, changed)
    found = read_statements(state.open(), wanted)
    typer.echo(guidance.statements(found, form.value), nl=False)
    say(f"{len(found)} statements")


@app.command()
def show(
    ctx: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="ID", help="Statement, such as 2024/034-a, or norm, such as give-copies.")
    ],
    text: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Your copy of that edition's text, to print the passage from.")
    ] = None,
    form: FormOption = Format.TABLE,
) -> None:
    """Show all that is known of one statement, and its words from your own copy of the text; or one norm.

    A norm is told as at the day asked about: who is asked, how strongly, by which Act and which statements of both
    editions, and what tests it. The exit status is 1 when the copy does not hold the words.

    Examples:

      icsgraph guidance show 2024/034

      icsgraph guidance show 2024/034 --text guidance-2024.txt

      icsgraph --as-at 2023-06-01 guidance show appoint-additional-members
    """
    from icsgraph.guidance.norms import read_norm
    from icsgraph.guidance.sentences import read_text
    from icsgraph.guidance.statements import read_statement
    from icsgraph.guidance.textcheck import passage
    from icsgraph.reports import guidance

    state: State = ctx.obj
    if name.removeprefix("norm/").replace("-", "").isalpha():
        if text:
            raise typer.BadParameter("it shows the words of a statement, and this is a norm", param_hint="--text")
        typer.echo(guidance.norm(read_norm(state.open(), name.removeprefix("norm/")), form.value), nl=False)
        return
    copy = read_text(text) if text else None
    found = read_statement(state.open(), name)
    words = passage(copy, found) if copy is not None else None
    typer.echo(guidance.statement(found, words, form.value), nl=False)
    if text and words is None:
        say(f"{text} does not hold these words; icsgraph guidance check says what became of them.")
        raise typer.Exit(1)


@app.command()
def diff(
    ctx: typer.Context,
    earlier: Annotated[str, typer.Argument(help="Earlier edition.")] = "2022",
    later: Annotated[str, typer.Argument(help="Later edition.")] = "2024",
    form: Annotated[
        DiffFormat, typer.Option("--format", "-f", help="Form; md and html read as a briefing.")
    ] = DiffFormat.TABLE,
) -> None:
    """Say what changed between two editions: what is asked more or less strongly comes first.

    Examples:

      icsgraph guidance diff 2022 2024

      icsgraph guidance diff 2022 2024 --format md > briefing.md
    """
    from icsgraph.guidance.diff import read_diff
    from icsgraph.reports import guidance

    state: State = ctx.obj
    typer.echo(guidance.diff(read_diff(state.open(), earlier, later), form.value), nl=False)


@app.command()
def check(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="A copy of the guidance as plain text.")],
    edition: Annotated[
        str, typer.Option(metavar="YEAR", help="Edition to compare with; the one most alike unless given.")
    ] = "",
    form: FormOption = Format.TABLE,
) -> None:
    """Say whether a copy of the text still says what is on record: what moved, changed or is gone.

    The exit status is 1 when anything did.

    Examples:

      icsgraph guidance check guidance-2024.txt

      icsgraph guidance check my-copy.txt --edition 2022 --format json
    """
    from icsgraph.guidance.sentences import read_text
    from icsgraph.guidance.statements import Filters, read_statements
    from icsgraph.guidance.textcheck import Outcome, check_text, which_edition
    from icsgraph.reports import guidance

    state: State = ctx.obj
    copy = read_text(file)
    known = read_statements(state.open(), Filters(edition))
    year = edition or which_edition(copy, known)
    found = check_text(copy, [s for s in known if s.edition == year])
    typer.echo(guidance.check(found, year, form.value), nl=False)
    if any(finding.outcome is not Outcome.SAME for finding in found):
        raise typer.Exit(1)


@app.command()
def coverage(
    ctx: typer.Context,
    edition: EditionOption = "",
    text: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Your copy of the edition's text, to count its sentences anew.")
    ] = None,
    form: FormOption = Format.TABLE,
) -> None:
    """Count sentences and statements by section, and say which norms are tested by which constraints and shapes.

    Examples:

      icsgraph guidance coverage --edition 2024

      icsgraph guidance coverage --edition 2024 --text guidance-2024.txt
    """
    from icsgraph.guidance.coverage import read_coverage
    from icsgraph.guidance.sentences import read_text
    from icsgraph.reports import guidance

    state: State = ctx.obj
    copy = read_text(text) if text else None
    typer.echo(guidance.coverage(read_coverage(state.open(), edition, copy), form.value), nl=False)
