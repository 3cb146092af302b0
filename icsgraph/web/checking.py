# SPDX-License-Identifier: Apache-2.0
"""Posted records to a report, in a worker process: laid over the served graph in memory, judged, and forgotten."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
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
from icsgraph.web.errors import Refused
from icsgraph.web.forms import policy
from icsgraph.web.jobs import Check, Reply
from icsgraph.web.negotiate import REPORTS
from icsgraph.web.sent import ENDINGS, TABLES, ending, is_metadata, taken_apart
from icsgraph.web.sheets import as_records

SYNTAXES: Final = {
    "text/turtle": ".ttl", "application/x-turtle": ".ttl", "application/trig": ".trig", "application/n-triples": ".nt",
    "application/n-quads": ".nq", "application/rdf+xml": ".rdf", "application/ld+json": ".jsonld",
    "text/csv": ".csv", "text/tab-separated-values": ".tsv", "application/zip": ".zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
}  # fmt: skip


def check(graph: Graph, job: Check) -> Reply:
    """Hold records against the law, the guidance and the form of records.

    Raises:
        Refused: E834, for tables with cells that cannot be taken; E540, E831 and E833 for archives.
        LoadError: for records that are malformed, or would fetch something.
        LookupFailed: E407, when a summary or a sheet has no such form.
        ShapesError: for a constraint that is not checked.
    """
    with tempfile.TemporaryDirectory(prefix="icsgraph-") as name:
        folder = Path(name)
        paths, remarks = _records(graph, job, folder)
        report = validate(_over(graph, paths, job), Request(constraints=job.constraints or None))
    if remarks:
        report = replace(report, warnings=(*report.warnings, *remarks))
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


def _records(graph: Graph, job: Check, folder: Path) -> tuple[list[Path], tuple[str, ...]]:
    """Write what was posted to a folder, tables as records; give the files of RDF, and remarks on the tables."""
    tables, rdf = [], []
    for name, data in taken_apart(job.files, graph.limits.data_body):
        path = folder / name
        path.write_bytes(data)
        if ending(name) in TABLES:
            tables.append(path)
        elif not is_metadata(name):
            rdf.append(path)
    if not tables and not rdf:
        mend = f"Send at least one that ends in one of {', '.join(ENDINGS)}."
        raise Refused(400, "E540", ", ".join(name for name, _ in job.files), "there are no records in it", mend)
    if not tables:
        return rdf, ()
    made = folder / "tables" / "records.ttl"
    made.parent.mkdir()
    return [*rdf, made], as_records(tables, made, graph.store, job.as_at)


def _over(graph: Graph, paths: Sequence[Path], job: Check) -> Opened:
    if not job.background:
        return open_graph(*paths, as_at=job.as_at, background=False)
    files, over = find_files(paths), ox.Store()
    over.bulk_extend(graph.store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    add_bounds(over, load_files(over, files))
    derive_all(over)
    return Opened(over, job.as_at, graph.located.version, files, set_context(over, job.as_at))
