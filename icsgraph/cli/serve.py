# SPDX-License-Identifier: Apache-2.0
"""``icsgraph serve``: the graph over HTTP, for this machine alone unless told otherwise."""

from __future__ import annotations

import importlib.util
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from icsgraph.cli.state import State
from icsgraph.cli.waiting import waiting
from icsgraph.model.errors import LookupFailed, ServeError

if TYPE_CHECKING:
    from icsgraph.web.source import Source

_NEEDED = ("starlette", "uvicorn", "multipart")


def command(
    ctx: typer.Context,
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 opens it to the network.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on; 0 takes a free one.")] = 8000,
    large: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Serve this large graph as well, such as boundaries; may be repeated."),
    ] = None,
    address: Annotated[
        str, typer.Option(metavar="URL", help="The address by which the outside reaches it, such as that of a proxy.")
    ] = "",
    origin: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ORIGIN",
            help="A site whose pages may read answers, * for any; any, where only what ships is served.",
        ),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, metavar="N", help="Processes that answer side by side.")] = 2,
    seconds: Annotated[float, typer.Option(min=0.1, metavar="N", help="What one query may take.")] = 30,
    check_seconds: Annotated[
        float, typer.Option(min=1, metavar="N", help="What a check of posted records may take.")
    ] = 120,
    rows: Annotated[int, typer.Option(min=1, metavar="N", help="Rows or triples of an answer.")] = 100_000,
    memory: Annotated[int, typer.Option(min=64, metavar="MIB", help="Memory that one request may use.")] = 1024,
    check_memory: Annotated[int, typer.Option(min=64, metavar="MIB", help="Memory that a check may use.")] = 2048,
    connections: Annotated[int, typer.Option(min=20, metavar="N", help="Connections held open at once.")] = 1000,
    patience: Annotated[
        float, typer.Option(min=0.1, metavar="N", help="Seconds that a client may take for each step.")
    ] = 15,
) -> None:
    """Serve the graph: SPARQL at /sparql, every IRI at its path, stored queries at /api/queries, and pages.

    Nothing is written, fetched or kept. SIGTERM ends it once requests are answered; SIGHUP, or a new build, has it
    change over to the newer store without dropping any.

    Examples:

      icsgraph serve

      icsgraph --store store serve --port 8080
    """
    lacking = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if lacking:
        what = f"{', '.join(lacking)} is not installed"
        raise ServeError("E802", "serve", what, "Install it with: pip install 'icsgraph[serve]'")
    from icsgraph.web.limits import Limits
    from icsgraph.web.server import Place, run
    from icsgraph.web.service import Service

    state: State = ctx.obj
    if state.there.url or state.there.graphs or state.there.requests or state.there.seconds:
        raise LookupFailed("E440", "serve", "it serves a store, not an endpoint", "Leave --endpoint out.")
    own = bool(state.data or state.store)
    place = Place(host, port, address.rstrip("/"), tuple(origin or () if own or origin else ("*",)))
    limits = replace(
        Limits(), workers=workers, seconds=seconds, check_seconds=check_seconds, rows=rows, memory=memory,
        check_memory=check_memory, connections=connections, patience=patience,
    )  # fmt: skip
    with ExitStack() as until:
        with waiting("opening the graph"):
            source = _source(state, tuple(large or ()), until)
            # Unless a day is given, each request is answered as at the day on which it comes.
            day = state.as_at if ctx.find_root().params.get("as_at") else None
            service = Service(source, limits, as_at=day, seen_at=place.seen_at)
        run(service, place, typer.echo)


def _source(state: State, large: tuple[str, ...], until: ExitStack) -> Source:
    """Give what to serve; users' files become a store for this run."""
    from icsgraph.opening import derive_all
    from icsgraph.store.building import build_store
    from icsgraph.store.built import read_manifest
    from icsgraph.web.source import Source

    if state.store is not None:
        if state.data:
            mend = "Build them into it: icsgraph build FILES --output DIR."
            raise LookupFailed("E440", "--data, --store", "a store is served as it is, without files over it", mend)
        lacking = sorted(set(large) - set(read_manifest(state.store).options.get("on_demand", ())))
        if lacking:
            mend = f"Build it again with {' '.join(f'--graph {name}' for name in lacking)}."
            raise LookupFailed("E440", str(state.store), f"the store was built without {', '.join(lacking)}", mend)
        return Source(state.store)
    if not state.data:
        return Source(on_demand=large)
    folder = Path(until.enter_context(tempfile.TemporaryDirectory(prefix="icsgraph-"))) / "store"
    build_store(state.data, folder, derive_all, on_demand=large)
    return Source(folder)
