# SPDX-License-Identifier: Apache-2.0
"""One SHACL engine, run in a process of its own: data and shapes to seconds, peak memory and findings.

    python -m benchmarks.engines NAME DATA.nt SHAPES.ttl FINDINGS

It prints a line of JSON: seconds for loading the data, for reading the shapes and for validating, peak memory in MB,
and the version; the file FINDINGS gets the findings as ``generate.Finding.line`` writes them, sorted.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

SH = "http://www.w3.org/ns/shacl#"


def icsgraph(data: Path, shapes: Path, clock: Clock) -> list[str]:
    """The compiled form, on pyoxigraph."""
    import pyoxigraph as ox

    from icsgraph.shacl import Compiled, compile_shapes, read_shapes, validate

    store = ox.Store()
    store.bulk_load(path=data, format=ox.RdfFormat.N_TRIPLES)
    clock.loaded()
    kept = shapes.with_suffix(".compiled.json")
    if kept.is_file():
        compiled = Compiled.from_json(kept.read_text(encoding="utf-8"))
    else:
        compiled = compile_shapes(read_shapes(ox.parse(path=shapes)))
        kept.write_text(compiled.to_json(), encoding="utf-8")
    clock.read()
    results = validate(store, compiled)
    clock.validated()
    return [
        _line(_plain(r.source_shape), r.component, str(r.focus), "" if r.value is None else str(r.value))
        for r in results.results
    ]


def pyshacl(data: Path, shapes: Path, clock: Clock) -> list[str]:
    """pySHACL on rdflib."""
    import pyshacl
    from rdflib import Graph

    graph = Graph().parse(data, format="nt")
    clock.loaded()
    shapes_graph = Graph().parse(shapes)
    clock.read()
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes_graph, inference="none", do_owl_imports=False)
    clock.validated()
    return _from_report(report)


def shifty(data: Path, shapes: Path, clock: Clock) -> list[str]:
    """pyshifty, which loads and validates in one call."""
    import shifty  # type: ignore[import-not-found,unused-ignore]

    _, report, _ = shifty.validate(data, shapes, infer=False, graph_mode="data", sort_results=False)
    clock.validated()
    return _from_report(report)


def turbo(data: Path, shapes: Path, clock: Clock) -> list[str]:
    """pyshacl-turbo."""
    import pyshacl_turbo  # type: ignore[import-not-found,unused-ignore]
    from rdflib import Graph

    graph = Graph().parse(data, format="nt")
    clock.loaded()
    shapes_graph = Graph().parse(shapes)
    clock.read()
    _, report, _ = pyshacl_turbo.validate(graph, shacl_graph=shapes_graph, inference="none")
    clock.validated()
    return _from_report(report)


def topbraid(data: Path, shapes: Path, clock: Clock) -> list[str]:
    """TopBraid's command, which loads and validates in one run; TOPBRAID names the folder of its bin/ and lib/."""
    import subprocess

    from rdflib import Graph

    command = Path(os.environ["TOPBRAID"]) / "bin" / "shaclvalidate.sh"
    ran = subprocess.run([command, "-datafile", data, "-shapesfile", shapes], capture_output=True, check=False)
    clock.validated()
    return _from_report(Graph().parse(data=ran.stdout, format="turtle"))


ENGINES: dict[str, tuple[str, Callable[[Path, Path, Clock], list[str]]]] = {
    "icsgraph": ("icsgraph", icsgraph),
    "pyshifty": ("pyshifty", shifty),
    "pyshacl-turbo": ("pyshacl-turbo", turbo),
    "pySHACL": ("pyshacl", pyshacl),
    "TopBraid": ("", topbraid),
}


class Clock:
    """Seconds between the steps of a run."""

    def __init__(self) -> None:
        self.start = self.last = time.perf_counter()
        self.seconds = {"load": 0.0, "shapes": 0.0, "validate": 0.0}
        self.load_mb = 0.0

    def loaded(self) -> None:
        """The data is loaded."""
        self._step("load")
        self.load_mb = peak()

    def read(self) -> None:
        """The shapes are read, and compiled where the engine compiles."""
        self._step("shapes")

    def validated(self) -> None:
        """The results are there."""
        self._step("validate")

    def _step(self, name: str) -> None:
        now = time.perf_counter()
        self.seconds[name], self.last = now - self.last, now


def peak() -> float:
    """The most memory that this process, or one that it waited for, has held, in MB."""
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def _from_report(report: Any) -> list[str]:  # noqa: ANN401 -- a graph of rdflib, which need not be installed
    from rdflib import RDF, URIRef

    def sh(name: str) -> URIRef:
        return URIRef(SH + name)

    lines = []
    for node in report.subjects(RDF.type, sh("ValidationResult")):
        shape, component, focus, value = (
            report.value(node, sh(name)) for name in ("sourceShape", "sourceConstraintComponent", "focusNode", "value")
        )
        lines.append(_line(str(shape), str(component), focus.n3(), "" if value is None else value.n3()))
    return lines


def _line(shape: str, component: str, focus: str, value: str) -> str:
    return "\t".join((shape.rpartition("#")[2], component.rpartition("#")[2], focus, value))


def _plain(term: object) -> str:
    return str(getattr(term, "value", term))


def main(name: str, data: Path, shapes: Path, findings: Path) -> None:
    """Run one engine."""
    package, run = ENGINES[name]
    clock = Clock()
    lines = run(data, shapes, clock)
    findings.write_text("".join(line + "\n" for line in sorted(_distinct_kinds(lines))), encoding="utf-8")
    kept = {"peak": peak(), "load_peak": clock.load_mb, "version": _version(package)}
    print(json.dumps({**clock.seconds, **kept, "findings": len(lines)}))


def _distinct_kinds(lines: Iterable[str]) -> Iterable[str]:
    """Literals of the same value in one form: rdflib and Oxigraph write numbers and plain strings alike already."""
    return (line.replace("^^<http://www.w3.org/2001/XMLSchema#string>", "") for line in lines)


def _version(package: str) -> str:
    try:
        return version(package)
    except ImportError:
        return ""


if __name__ == "__main__":
    main(sys.argv[1], *map(Path, sys.argv[2:5]))
