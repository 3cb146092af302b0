# SPDX-License-Identifier: Apache-2.0
"""``icsgraph reason``: whether the ontology and a user's data can be true together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def command(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders of RDF to add to the ontology.")] = None,
) -> None:
    """Have HermiT prove that the ontology, with the files named, is consistent and has no impossible class.

    Exit status 1 means that it is not, or has one. HermiT needs Java.

    Examples:

      icsgraph reason

      icsgraph reason data/examples/northshire
    """
    from icsgraph.opening import ontology_with
    from icsgraph.rules.hermit import reason

    verdict = reason(ontology_with(*paths or ()))
    read = f"{verdict.statements} statements read, {verdict.left_out} literals outside OWL 2's datatypes left out"
    if not verdict.consistent:
        typer.echo(f"Inconsistent: what the files say cannot all be true ({read}).")
        raise typer.Exit(1)
    typer.echo(f"Consistent ({read}).")
    if verdict.unsatisfiable:
        typer.echo("Classes that can have no instance:\n" + "\n".join(f"  {iri}" for iri in verdict.unsatisfiable))
        raise typer.Exit(1)
    typer.echo("Every class can have an instance.")
