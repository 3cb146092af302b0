# SPDX-License-Identifier: Apache-2.0
"""Invented systems at an Oxigraph server on this machine: what validating there costs beside validating here."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import pyoxigraph as ox

from benchmarks import servers
from benchmarks.measures import ROOT, Part, apart, seconds
from icsgraph.shacl import compile_shapes, read_shapes, validate
from icsgraph.store.endpoint import Endpoint, Limits
from icsgraph.store.paging import Paged


def both(data: Path, url: str, limit: float) -> tuple[float, float, int, int, int]:
    """Seconds here and there, findings here and those that differ there, and requests."""
    compiled = compile_shapes(read_shapes(ox.parse(path=ROOT / "benchmarks" / "shapes.ttl")))
    store = ox.Store()
    store.bulk_load(path=data, format=ox.RdfFormat.N_TRIPLES)
    start = time.perf_counter()
    here = validate(store, compiled)
    between = time.perf_counter()
    endpoint = Endpoint(url, limits=Limits(request=limit, total=limit))
    there = validate(Paged(endpoint), compiled)
    end = time.perf_counter()
    differing = {each.id for each in here.results} ^ {each.id for each in there.results}
    return between - start, end - between, len(here.results), len(differing), endpoint.requests


def measure(data: Path, size: str, limit: float) -> Part:
    """Validate here, in memory, and at the server, which keeps its store on disk."""
    columns = ("where", "validate s", "times", "requests")
    if servers.OXIGRAPH is None:
        return Part(
            "remote", size, columns, (), (), ("not run: the Oxigraph server is not installed (pip install oxigraph)",)
        )
    with tempfile.TemporaryDirectory() as folder, servers.oxigraph(data, Path(folder)) as url:
        found = apart(both, data, url, limit, limit=2 * limit)
    if found is None:
        return Part("remote", size, columns, (), (), (f"ended after {2 * limit:g} s",))
    here, there, findings, differing, requests = found
    if differing:
        raise SystemExit(f"{differing} findings differ between here and the server")
    rows = (("here, in memory", seconds(here), "1.0", ""),
            ("at the server, store on disk", seconds(there), f"{there / here:.1f}", str(requests)))  # fmt: skip
    notes = (f"the same {findings} findings; rows are counted there before they are asked for, and come in pages",)
    return Part("remote", size, columns, rows, (), notes)
