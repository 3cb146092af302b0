# SPDX-License-Identifier: Apache-2.0
"""Posted records to a report, in a worker process: laid over the served graph in memory, judged, and forgotten."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final, Literal

import pyoxigraph as ox

from icsgraph.law.request import Request, validate
from icsgraph.opening import derive_all, open_graph
from icsgraph.reports.written import written
from icsgraph.store.bounds import add_bounds
from icsgraph.store.context import set_context
from icsgraph.store.load import find_files, load_files
from icsgraph.store.opened import Opened
from icsgraph.web.answering import Graph
from icsgraph.web.forms import policy
from icsgraph.web.jobs import Check, Reply
from icsgraph.web.negotiate import REPORTS
from icsgraph.web.sheets import WORKBOOKS, as_records

SYNTAXES: Final = {
    "text/turtle": ".ttl", "application/x-turtle": ".ttl", "application/trig": ".trig", "application/n-triples": ".nt",
    "application/n-quads": ".nq", "application/rdf+xml": ".rdf", "application/ld+json": ".jsonld",
}  # fmt: skip
_NAME: Final = "posted"


def check(graph: Graph, job: Check) -> Reply:
    """Hold records against the law, the guidance and the form of records.

    Raises:
        Refused: E834, for a workbook with cells that cannot be taken.
        LoadError: for records that are malformed, or would fetch something.
        LookupFailed: E407, when a summary or a sheet has no such form.
        ShapesError: for a constraint that is not checked.
    """
    with tempfile.TemporaryDirectory(prefix="icsgraph-") as folder:
        path = Path(folder) / f"{_NAME}{job.suffix}"
        path.write_bytes(job.data)
        if job.suffix in WORKBOOKS:
            path = as_records(path, graph.store, job.as_at)
        report = validate(_over(graph, path, job), Request(constraints=job.constraints or None))
    kind: Literal["report", "--summary", "--sheet"] = (
        "--sheet" if job.sheet else "--summary" if job.summary else "report"
    )
    body = written(report, job.form, kind)
    headers = {
        "X-Icsgraph-Findings": str(len(report.findings)), "X-Icsgraph-Complete": "false" if report.failed else "true",
        "X-Icsgraph-Data": graph.located.version, "X-Icsgraph-As-At": job.as_at.isoformat(),
        "Cache-Control": "no-store",
    }  # fmt: skip
    if job.form == "html":
        headers["Content-Security-Policy"] = policy(body)
    return Reply(200, REPORTS[job.form], body.encode(), headers)


def _over(graph: Graph, path: Path, job: Check) -> Opened:
    if not job.background:
        return open_graph(path, as_at=job.as_at, background=False)
    files, over = find_files([path]), ox.Store()
    over.bulk_extend(graph.store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    add_bounds(over, load_files(over, files))
    derive_all(over)
    return Opened(over, job.as_at, graph.located.version, files, set_context(over, job.as_at))
