# SPDX-License-Identifier: Apache-2.0
"""Data and a day to a graph that does what the commands do; each job of it is in a module of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from icsgraph.api.changing import Changing
from icsgraph.api.checks import Checks
from icsgraph.api.data import day_of
from icsgraph.api.importing import Importing
from icsgraph.api.looking import Looking
from icsgraph.api.progress import Progress
from icsgraph.api.questions import Questions
from icsgraph.api.sources import endpoint_at
from icsgraph.api.writing import Writing
from icsgraph.model.errors import LookupFailed


class Graph(Questions, Checks, Looking, Changing, Writing, Importing):
    """A graph as at a day. :func:`icsgraph.open` makes one."""


def open_(
    *paths: str | Path,
    as_at: date | str | None = None,
    store: str | Path | None = None,
    endpoint: str | None = None,
    graphs: Sequence[str] = (),
    max_requests: int | None = None,
    max_seconds: float | None = None,
    background: bool = True,
    progress: Progress | None = None,
) -> Graph:
    """Open a graph for questions.

    Args:
        paths: files and folders of RDF, laid over what ships; none gives what ships alone.
        as_at: the day as at which to answer, a date or YYYY-MM-DD; today unless given.
        store: folder of a store that :func:`icsgraph.build` made, in place of what ships.
        endpoint: address of a SPARQL 1.1 endpoint, which has its own data.
        graphs: IRIs of the endpoint's graphs that hold its data.
        max_requests: send the endpoint at most this many requests; 5000 unless given.
        max_seconds: ask the endpoint for at most this long; 1800 unless given.
        background: whether the packaged England lies under the files; the ontology and the law always do.
        progress: called with a :class:`Step` when long work begins, goes on and ends.

    Raises:
        LookupFailed: E403 for a day that is none, E440 when an endpoint and data are named together, or what is for an
            endpoint without one.
        EndpointError: E610 when the address of an endpoint cannot be used.
        LoadError: when a file or a store cannot be used; nothing is loaded then.
    """
    if endpoint and (paths or store):
        what = "an endpoint is named, and data or a store as well"
        raise LookupFailed("E440", endpoint, what, "Name one of them: an endpoint has its own data.")
    if not endpoint and (graphs or max_requests or max_seconds):
        what = "they say how to ask an endpoint, and none is named"
        raise LookupFailed("E440", "graphs, max_requests, max_seconds", what, "Name it with endpoint.")
    there = endpoint_at(endpoint, graphs, max_requests, max_seconds) if endpoint else None
    graph = Graph(
        tuple(Path(path) for path in paths), day_of(as_at), Path(store) if store else None, there,
        background=background, progress=progress,
    )  # fmt: skip
    if not endpoint:
        graph.opened()
    return graph
