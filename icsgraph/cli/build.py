# SPDX-License-Identifier: Apache-2.0
"""``icsgraph build``: files to a store on disk, with what ships and what is derived, in one step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from icsgraph.cli.state import State
from icsgraph.model.errors import LookupFailed

if TYPE_CHECKING:
    from icsgraph.store.built import Manifest


def command(
    ctx: typer.Context,
    paths: Annotated[list[Path] | None, typer.Argument(help="Files or folders of RDF; none: what ships alone.")] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="DIR", help="The folder of the store, made or renewed.")
    ] = None,
    background: Annotated[
        bool, typer.Option(help="Have the packaged England in the store, or the ontology and the law alone.")
    ] = True,
    graph: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Have this large graph as well, such as boundaries; may be repeated."),
    ] = None,
    check: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Build nothing: read every file of this store, and count its triples."),
    ] = None,
) -> None:
    """Build a store on disk, which --store then opens at once; nothing is done where nothing has changed.

    The old store stays in place until the new one is whole, whatever happens meanwhile.

    Examples:

      icsgraph build records/ --output store

      icsgraph --store store --as-at 2025-06-30 validate

      icsgraph build --check store
    """
    from icsgraph.opening import derive_all
    from icsgraph.reports.folding import folded
    from icsgraph.store.building import build_store
    from icsgraph.store.built import open_built

    state: State = ctx.obj
    if check is not None:
        typer.echo(folded(f"{check} is whole: {_told(open_built(check, thorough=True)[1])}"))
        return
    if output is None:
        raise LookupFailed("E440", "build", "no folder is named", "Name it with --output DIR.")
    made = build_store([*state.data, *(paths or ())], output, derive_all, background=background, on_demand=graph or ())
    typer.echo(folded(f"{output} {'is up to date' if made.unchanged else 'is built'}: {_told(made.manifest)}"))


def _told(manifest: Manifest) -> str:
    own = sum("path" in each for each in manifest.inputs)
    graphs = len(manifest.counts) - 1
    return f"{manifest.counts['']} triples, {graphs} named graphs, {own} files of yours, digest {manifest.digest[:12]}"
