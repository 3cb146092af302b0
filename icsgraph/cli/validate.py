# SPDX-License-Identifier: Apache-2.0
"""``icsgraph validate``: check records against the law, as at a day."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from icsgraph.cli.state import State
from icsgraph.model.errors import LimitError, LookupFailed

if TYPE_CHECKING:
    from icsgraph.law import Report


class Format(StrEnum):
    """Forms of a report."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    MD = "md"
    TTL = "ttl"


class FailOn(StrEnum):
    """Least severity that makes the exit status 1."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"


class Engine(StrEnum):
    """SHACL engines; both give the same findings."""

    COMPILED = "compiled"
    PYSHACL = "pyshacl"


def command(
    ctx: typer.Context,
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders of RDF to check.")] = None,
    form: Annotated[Format, typer.Option("--format", "-f", help="Form of the report.")] = Format.TABLE,
    fail_on: Annotated[FailOn, typer.Option(help="Least severity that makes the exit status 1.")] = FailOn.VIOLATION,
    shapes: Annotated[
        list[Path] | None, typer.Option(help="Your own SHACL files, instead of the shipped shapes; may be repeated.")
    ] = None,
    constraint: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Check only this constraint, such as ICS-20; may be repeated."),
    ] = None,
    system: Annotated[
        list[str] | None,
        typer.Option(metavar="BOARD", help="Look only at this system, by code or name of its board; may be repeated."),
    ] = None,
    strict: Annotated[bool, typer.Option(help="Exit 1 also when a constraint looked at nothing.")] = False,
    engine: Annotated[Engine, typer.Option(help="SHACL engine.")] = Engine.COMPILED,
    background: Annotated[
        bool, typer.Option(help="Lay the files over the packaged England, or over the ontology and the law alone.")
    ] = True,
    cross_check: Annotated[
        bool, typer.Option(help="Run both engines, name every difference between them, and exit 3 if there is one.")
    ] = False,
    coverage: Annotated[
        bool, typer.Option(help="Say of every constraint whether it is checked, and check nothing.")
    ] = False,
) -> None:
    """Check records against the law, the guidance and the form of records.

    Exit status 1 means that something at or above --fail-on was found; a finding says what is not on record.

    Examples:

      icsgraph --as-at 2025-06-30 validate data/examples/northshire

      icsgraph validate records.ttl --constraint ICS-20 --format csv
    """
    from icsgraph.law import check, find_body
    from icsgraph.law.shapes import own_shapes, shipped_shapes
    from icsgraph.reports.findings import FORMATS

    state: State = ctx.obj
    if coverage:
        typer.echo(_coverage(state, form), nl=False)
        return
    if not paths:
        raise LookupFailed("E406", "validate", "no file or folder is named", "Name the files that hold your records.")
    opened = state.open(more=paths, background=background)
    chosen = own_shapes(shapes) if shapes else shipped_shapes(constraint)
    systems = [find_body(opened.store, name, "board").value for name in system or ()]
    report = check(opened, chosen, systems=systems, engine=engine.value, everything=bool(shapes))
    if cross_check:
        other: Literal["compiled", "pyshacl"] = "compiled" if engine is Engine.PYSHACL else "pyshacl"
        _compare(report, check(opened, chosen, systems=systems, engine=other, everything=bool(shapes)))
    typer.echo(FORMATS[form.value](report), nl=False)
    idle = strict and any(not c.looked_at for c in report.coverage)
    if idle or (fail_on is not FailOn.NEVER and report.reaches(fail_on.value.capitalize())):
        raise typer.Exit(1)


def _compare(one: Report, other: Report) -> None:
    """Refuse a report whose findings the other engine does not give."""
    theirs, ours = ({f.id: f for f in report.findings} for report in (other, one))
    lacking = [
        f"{report.engine} alone finds {finding.constraint}: {finding.message}"
        for report, mine, others in ((one, ours, theirs), (other, theirs, ours))
        for key, finding in mine.items()
        if key not in others
    ]
    if lacking:
        mend = "Report this with the data; until then trust neither report."
        raise LimitError("E701", "--cross-check", "; ".join(lacking[:10]), mend)
    typer.echo(f"{one.engine} and {other.engine} give the same {len(ours)} findings", err=True)


def _coverage(state: State, form: Format) -> str:
    import json
    from dataclasses import asdict

    import pyoxigraph as ox

    from icsgraph.law import read_catalogue
    from icsgraph.law.coverage import coverage, with_shape
    from icsgraph.reports.rows import FORMATS

    found = coverage(read_catalogue(state.open().store), with_shape())
    if form is Format.JSON:
        return json.dumps([asdict(each) for each in found], indent=1, ensure_ascii=False) + "\n"
    if form is Format.TTL:
        raise LookupFailed("E407", "--coverage", "it has no Turtle form", "Use table, json, jsonl, csv or md.")
    rows = [tuple(ox.Literal(text) for text in (c.constraint, c.state, c.title, c.why)) for c in found]
    return FORMATS[form.value](("constraint", "state", "title", "why"), rows)
