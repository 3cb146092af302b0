# SPDX-License-Identifier: Apache-2.0
"""``icsgraph validate``: check records against the law, as at a day."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from icsgraph.cli.codes import constraints
from icsgraph.cli.state import State
from icsgraph.cli.waiting import waiting
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
    HTML = "html"
    TTL = "ttl"
    JSONLD = "jsonld"
    JUNIT = "junit"
    SARIF = "sarif"


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
        typer.Option(
            metavar="ID",
            help="Check only this constraint, such as ICS-20; may be repeated.",
            autocompletion=constraints,
        ),
    ] = None,
    system: Annotated[
        list[str] | None,
        typer.Option(metavar="BOARD", help="Look only at this system, by code or name of its board; may be repeated."),
    ] = None,
    topic: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TOPIC", help="Check only what rests on records of this topic, such as copies; may be repeated."
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Show the first N findings, and say what was left out.")
    ] = None,
    summary: Annotated[
        bool, typer.Option("--summary", help="Give counts by constraint, without the findings.")
    ] = False,
    sheet: Annotated[
        str | None,
        typer.Option(metavar="BOARD", help="One page for this board: duty, provision, outcome, record, next step."),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Accepted findings: told apart in the report, and not counted by --fail-on."),
    ] = None,
    write_baseline: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Accept what is found: write it to this file, with --reason and --authority."
        ),
    ] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why what is found is accepted.")] = None,
    authority: Annotated[str | None, typer.Option(metavar="TEXT", help="On whose authority it is accepted.")] = None,
    expires: Annotated[
        str | None, typer.Option(metavar="DATE", help="The last day on which the acceptance holds; open unless given.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File to write, whole or not at all; standard output unless given."),
    ] = None,
    strict: Annotated[bool, typer.Option(help="Exit 1 also when a constraint looked at nothing.")] = False,
    engine: Annotated[Engine, typer.Option(help="SHACL engine.")] = Engine.COMPILED,
    background: Annotated[
        bool, typer.Option(help="Lay the files over the packaged England, or over the ontology and the law alone.")
    ] = True,
    cross_check: Annotated[
        bool, typer.Option(help="Run both engines, name every difference between them, and exit 3 if there is one.")
    ] = False,
    endpoint: Annotated[
        str | None, typer.Option(metavar="URL", help="Check the records at this SPARQL 1.1 endpoint, where they are.")
    ] = None,
    transfer: Annotated[
        bool, typer.Option(help="Fetch the triples of an endpoint that departs from SPARQL 1.1, to check them here.")
    ] = True,
    max_triples: Annotated[int, typer.Option(min=1, metavar="N", help="Fetch at most this many triples.")] = 2_000_000,
    coverage: Annotated[
        bool, typer.Option(help="Say of every constraint whether it is checked, and check nothing.")
    ] = False,
) -> None:
    """Check records against the law, the guidance and the form of records.

    Exit status 1 means that something at or above --fail-on was found that no baseline accepts; 3 that a check itself
    failed, whatever was found. A finding says what is not on record.

    Examples:

      icsgraph --as-at 2025-06-30 validate data/examples/northshire

      icsgraph validate records.ttl --constraint ICS-20 --format csv

      icsgraph validate records/ --format html --output report.html

      icsgraph --endpoint https://example.org/sparql --as-at 2025-06-30 validate
    """
    from icsgraph.cli.remote import at_endpoint
    from icsgraph.law.ground import Ground
    from icsgraph.law.request import Acceptable, Request, validate
    from icsgraph.reports import standing
    from icsgraph.reports.findings import HOLD_FINDINGS_ALONE
    from icsgraph.reports.output import write
    from icsgraph.reports.written import written

    state: State = ctx.obj
    if coverage:
        _put(_coverage(state, form), output)
        return
    there = state.endpoint(endpoint)
    if there and paths:
        raise LookupFailed("E440", "--endpoint", "files are named as well", "Name files, or an endpoint.")
    if not (paths or there or state.store or state.data):
        raise LookupFailed("E406", "validate", "no file or folder is named", "Name the files that hold your records.")
    wait = _quiet if there else waiting
    records = " ".join(map(str, filter(None, (state.store, *state.data, *(paths or ())))))
    if there:
        ground = at_endpoint(there, state, background=background, transfer=transfer, most=max_triples)
    else:
        with wait("opening the records", records):
            ground = Ground(state.open(more=paths or (), background=background))
    opened = ground.opened
    accepting = Acceptable.read(write_baseline, reason, authority, expires, state.as_at)
    request = Request(
        constraints=constraint, topics=topic or (), systems=[*(system or ()), *([sheet] if sheet else ())],
        shapes=shapes or (), baseline=baseline, engine=engine.value,
    )  # fmt: skip
    with wait("checking", f"{engine} {' '.join(constraint or ())} {records}"):
        report = validate(opened, request, ground)
    if there:
        typer.echo(there.told(), err=True)
    if cross_check:
        other: Literal["compiled", "pyshacl"] = "compiled" if engine is Engine.PYSHACL else "pyshacl"
        with wait("checking with the other engine", f"{other} {' '.join(constraint or ())} {records}"):
            compared = validate(opened, replace(request, engine=other), ground)
        _compare(report, compared)
    if accepting:
        write(accepting.text(report), accepting.path)
        report = accepting.held(report)
        typer.echo(f"accepted in {accepting.path}: {len(report.baseline.accepted) if report.baseline else 0}", err=True)
    shown = report.limited(limit) if limit else report
    _put(written(shown, form.value, "--sheet" if sheet else "--summary" if summary else "report"), output)
    if form.value in HOLD_FINDINGS_ALONE:
        typer.echo("\n".join(standing.aside(shown)), err=True)
    if report.failed:
        raise typer.Exit(3)
    idle = strict and any(not c.looked_at for c in report.coverage)
    if idle or (fail_on is not FailOn.NEVER and report.reaches(fail_on.value.capitalize())):
        raise typer.Exit(1)


def _quiet(what: str, name: str = "") -> AbstractContextManager[None]:
    """Say nothing where an endpoint is asked: it tells how many of its queries are answered."""
    del what, name
    return nullcontext()


def _put(text: str, output: Path | None) -> None:
    """Print a text, or write it to the file."""
    from icsgraph.reports.output import write

    if output is None:
        typer.echo(text, nl=False)
    else:
        write(text, output)


def _compare(one: Report, other: Report) -> None:
    """Refuse a report whose findings the other engine does not give."""
    from icsgraph.law.request import differing

    lacking = differing(one, other)
    if lacking:
        mend = "Report this with the data; until then trust neither report."
        raise LimitError("E701", "--cross-check", "; ".join(lacking[:10]), mend)
    typer.echo(f"{one.engine} and {other.engine} give the same {len(one.findings)} findings", err=True)


def _coverage(state: State, form: Format) -> str:
    from icsgraph.law import read_catalogue
    from icsgraph.law.coverage import coverage, with_shape
    from icsgraph.reports import written

    return written.coverage(coverage(read_catalogue(state.open().store), with_shape()), form.value)
