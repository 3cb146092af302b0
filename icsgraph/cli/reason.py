# SPDX-License-Identifier: Apache-2.0
"""``icsgraph reason``: consistency, classification, what follows, why, and faults of form."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from icsgraph.cli.saying import say
from icsgraph.cli.state import State
from icsgraph.model.errors import ReasonError

if TYPE_CHECKING:
    from collections.abc import Sequence

_FORMS = {
    "consistency": ("text", "json"),
    "classify": ("text", "ttl", "json"),
    "materialize": ("ttl", "nt"),
    "explain": ("text", "json"),
    "hygiene": ("text", "json", "csv"),
}


def command(
    ctx: typer.Context,
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders of RDF; for --hygiene also queries and pages.")
    ] = None,
    consistency: Annotated[
        bool,
        typer.Option("--consistency", help="Can ontology and files be true together? The job unless one is named."),
    ] = False,
    classify: Annotated[
        bool, typer.Option("--classify", help="The class hierarchy, with the links that HermiT adds.")
    ] = False,
    materialize: Annotated[
        bool, typer.Option("--materialize", help="What follows by OWL 2 RL; with files, only what they add.")
    ] = False,
    explain: Annotated[
        tuple[str, str, str] | None,
        typer.Option(
            "--explain",
            metavar="SUBJECT PREDICATE OBJECT",
            help="Why a triple holds, down to file and line; codes, labels, prefixed names or IRIs.",
        ),
    ] = None,
    hygiene: Annotated[
        bool, typer.Option("--hygiene", help="Faults of form: undeclared terms, ill-typed literals and the like.")
    ] = False,
    form: Annotated[
        str | None,
        typer.Option(
            "--format", "-f", help="text, json; ttl with --classify; ttl, nt to --materialize; csv of --hygiene."
        ),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where --materialize writes.")] = None,
) -> None:
    """Reason over the ontology and files: is it consistent, what follows, why, and is it in good form.

    Exit status 1 means: a contradiction or an impossible class; a triple that does not hold; a fault at level error.
    Only HermiT needs Java: --classify, and --consistency where the rules find no contradiction.

    Examples:

      icsgraph reason data/examples/northshire

      icsgraph reason --explain E06000036 "is a" ics:ResponsibleLocalAuthority

      icsgraph reason --hygiene my-records.ttl
    """
    named = {"consistency": consistency, "classify": classify, "materialize": materialize,
             "explain": explain is not None, "hygiene": hygiene}  # fmt: skip
    job = _job([name for name, is_named in named.items() if is_named])
    shape = _form(job, form, output)
    state: State = ctx.obj
    every = (*state.data, *(paths or ()))
    if job == "consistency":
        _consistency(every, shape)
    elif job == "classify":
        _classify(every, shape)
    elif job == "materialize":
        _materialize(every, state, shape, output)
    elif job == "hygiene":
        _hygiene(every, shape)
    elif explain is not None:
        _explain(every, state, explain, shape)


def _job(named: list[str]) -> str:
    if len(named) > 1:
        jobs = " and ".join(f"--{name}" for name in named)
        raise ReasonError("E321", "reason", f"{jobs} are named together", "Run it once for each.")
    return named[0] if named else "consistency"


def _form(job: str, form: str | None, output: Path | None) -> str:
    known = _FORMS[job]
    if output is not None and job != "materialize":
        raise ReasonError("E322", "--output", f"--{job} writes to stdout", "Redirect stdout instead.")
    chosen = form or ("nt" if output is not None and output.suffix == ".nt" else known[0])
    if chosen not in known:
        raise ReasonError("E322", "--format", f"--{job} has no form {chosen}", f"There are: {', '.join(known)}.")
    return chosen


def _consistency(paths: Sequence[Path], form: str) -> None:
    from icsgraph.reasoning import consistency
    from icsgraph.reports.reasoning import consistency_json, consistency_text

    found = consistency(paths, say)
    typer.echo(consistency_json(found) if form == "json" else consistency_text(found), nl=False)
    raise typer.Exit(0 if found.is_sound else 1)


def _classify(paths: Sequence[Path], form: str) -> None:
    from icsgraph.reasoning import hierarchy
    from icsgraph.reports.reasoning import hierarchy_json, hierarchy_text, hierarchy_turtle

    found = hierarchy(paths)
    if form == "json":
        text = hierarchy_json(found.parents, found.added)
    elif form == "ttl":
        text = hierarchy_turtle(found.added)
    else:
        text = hierarchy_text(found.parents, found.added, found.words)
    typer.echo(text, nl=False)


def _materialize(paths: Sequence[Path], state: State, form: str, output: Path | None) -> None:
    from icsgraph.reasoning import materialised
    from icsgraph.reports.reasoning import triples_text
    from icsgraph.store.whole import write_whole

    found = materialised(paths, state.as_at)
    text = triples_text(found.triples, form)
    if output is None:
        typer.echo(text, nl=False)
    else:
        write_whole(output, text.encode())
    counts = ", ".join(f"{rule} {number}" for rule, number in found.by_rule.items())
    say(f"{len(found.triples)} triples follow (all conclusions by rule: {counts}).")
    if found.clashes:
        say("There is a contradiction: icsgraph reason --consistency says where.")
        raise typer.Exit(1)


def _explain(paths: Sequence[Path], state: State, typed: tuple[str, str, str], form: str) -> None:
    from icsgraph.reasoning import question
    from icsgraph.reports.reasoning import question_json, question_text

    asked = question(paths, state.as_at, typed)
    typer.echo(question_json(asked) if form == "json" else question_text(asked), nl=False)
    if asked.explained is None:
        raise typer.Exit(1)


def _hygiene(paths: Sequence[Path], form: str) -> None:
    from icsgraph.reasoning import faults
    from icsgraph.reports.reasoning import faults_csv, faults_json, faults_text

    found = faults(paths)
    typer.echo({"text": faults_text, "json": faults_json, "csv": faults_csv}[form](found), nl=False)
    raise typer.Exit(1 if any(fault.level == "error" for fault in found) else 0)
