# SPDX-License-Identifier: Apache-2.0
"""Invented systems to how long questions about them take: as icsgraph runs them, and beside raw engines."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

from benchmarks import servers
from benchmarks.measures import Goal, Part, apart
from benchmarks.questions import PREFIXES, QUERIES
from icsgraph.queries.rewriting import rewritten
from icsgraph.queries.run import ask

Timed = tuple[float, int]
RDFLIB_MOST = 150_000  # triples; beyond, rdflib takes minutes for a question


def best(run: Callable[[], int]) -> Timed:
    """The best of three times, fewer where they are long, and the number of rows."""
    times: list[float] = []
    rows = 0
    while len(times) < 3 and sum(times) < 5:
        start = time.perf_counter()
        rows = run()
        times.append(time.perf_counter() - start)
    return min(times), rows


def on_oxigraph(data: Path, limit: float) -> dict[str, dict[str, Timed | None]]:
    """Every question as icsgraph runs it, as it is written, and in the form that icsgraph gives it, run raw."""
    store = ox.Store()
    store.bulk_load(path=data, format=ox.RdfFormat.N_TRIPLES)

    def mine(text: str) -> Timed:
        return best(lambda: len(ask(store, text, rewrite=lambda each: rewritten(each).text).rows))

    def raw(text: str) -> Timed:
        return best(lambda: len(list(store.query(text))))  # type: ignore[arg-type]

    found: dict[str, dict[str, Timed | None]] = {"icsgraph": {}, "as written": {}, "rewritten": {}}
    for name, body in QUERIES.items():
        text = PREFIXES + body
        form = rewritten(text).text  # kept from now on, as for a question that was asked before
        found["icsgraph"][name] = apart(mine, text, limit=limit, forked=True)
        found["rewritten"][name] = apart(raw, form, limit=limit, forked=True) if form != text else None
        found["as written"][name] = apart(raw, text, limit=limit, forked=True)
    return found


def on_rdflib(data: Path, limit: float) -> dict[str, Timed | None]:
    """Every question on rdflib."""
    from rdflib import Graph

    graph = Graph().parse(data, format="nt")

    def run(text: str) -> Timed:
        return best(lambda: len(list(graph.query(text))))

    return {name: apart(run, PREFIXES + body, limit=limit, forked=True) for name, body in QUERIES.items()}


def on_virtuoso(data: Path, limit: float) -> dict[str, Timed | None]:
    """Every question on Virtuoso, over HTTP."""
    with tempfile.TemporaryDirectory() as folder, servers.virtuoso(data, Path(folder)) as url:

        def run(text: str) -> int:
            form = {"query": text, "default-graph-uri": servers.GRAPH, "format": "application/sparql-results+json"}
            with urllib.request.urlopen(url, urllib.parse.urlencode(form).encode(), timeout=limit) as answer:
                return len(json.load(answer)["results"]["bindings"])

        return {name: best(lambda body=body: run(PREFIXES + body)) for name, body in QUERIES.items()}  # type: ignore[misc]


def measure(data: Path, triples: int, size: str, limit: float) -> Part:
    """Ask everything of every engine that is there."""
    each = min(limit, 30.0)
    found = apart(on_oxigraph, data, each, limit=limit * 5)
    if found is None:
        raise SystemExit("the questions took too long")
    notes = ["best of three; a question that was asked before, so that its form is kept",
             f"a question is ended after {each:g} s"]  # fmt: skip
    others: dict[str, dict[str, Timed | None]] = {}
    if triples <= RDFLIB_MOST:
        others["rdflib"] = apart(on_rdflib, data, each, limit=limit * 5) or {}
    else:
        notes.append("rdflib was not asked: it takes minutes for a question at this size")
    if shutil.which("virtuoso-t"):
        others["Virtuoso, HTTP"] = on_virtuoso(data, limit)
    else:
        notes.append("Virtuoso was not asked: it is not installed (Debian: virtuoso-opensource-7)")
    rows = []
    for name in QUERIES:
        mine, raw, form = (found[way][name] for way in ("icsgraph", "as written", "rewritten"))
        if mine is None:
            raise SystemExit(f"{name} did not end in {each:g} s")
        theirs = [answers.get(name) for answers in others.values()]
        for other, label in zip((raw, form, *theirs), ("raw", "rewritten", *others), strict=True):
            if other and other[1] != mine[1]:
                notes.append(f"{name}: {other[1]} rows from {label}, {mine[1]} from icsgraph")
        rows.append((name, str(mine[1]), _cell(mine), *(_cell(one) for one in (raw, form, *theirs))))
    fastest = {
        name: min(one[0] for way in ("as written", "rewritten") if (one := found[way][name])) for name in QUERIES
    }
    ours = {name: one[0] for name, one in found["icsgraph"].items() if one}
    total = sum(ours.values())
    goals = [Goal("the slowest question", max(ours.values()), 5, False, " s")]
    if triples > 50_000:  # what the goal was set for: a fraction of a millisecond goes to finding the form
        goals.insert(
            0, Goal("all questions, beside the best form raw", total / sum(fastest.values()), 1.1, False, " times")
        )
    for label, answers in others.items():
        both = [name for name in QUERIES if answers.get(name)]
        theirs_total = sum(one[0] for name in both if (one := answers[name]))
        ratio = theirs_total / sum(ours[name] for name in both)
        notes.append(f"{label} takes {ratio:.1f} times as long as icsgraph for the {len(both)} questions it ended")
    columns = (
        "question",
        "rows",
        "icsgraph ms",
        "raw, as written ms",
        "raw, rewritten ms",
        *(f"{each} ms" for each in others),
    )
    return Part("questions", size, columns, tuple(rows), tuple(goals), tuple(notes))


def _cell(one: Timed | None) -> str:
    return "-" if one is None else f"{one[0] * 1000:.2f}"
