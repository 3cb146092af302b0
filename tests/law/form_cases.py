# SPDX-License-Identifier: Apache-2.0
"""Case files of the forms of records: what each says it finds, and what shapes find in it, on either engine.

    python tests/law/form_cases.py                   every case on pySHACL
    python tests/law/form_cases.py form-Adoption     those of these forms

Exit status 1 when pySHACL finds something else than a case says.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

import pyoxigraph as ox

from icsgraph import shacl
from icsgraph.law.shapes import shipped_shapes
from icsgraph.model.namespaces import ICS, ICSS, PREFIXES, RDFS, SKOS
from icsgraph.store import shipped
from icsgraph.store.bounds import add_bounds
from icsgraph.store.load import DataFile, read

FOLDER = Path(__file__).resolve().parents[1] / "cases" / "form"
CASES = sorted(FOLDER.glob("*/*.ttl"))
RECORDS = "https://example.org/"
MF = "https://w3id.org/icsgraph/test/"
Found: TypeAlias = tuple[str, str, str, str]


@cache
def quads() -> tuple[ox.Quad, ...]:
    """Give the shapes of every form."""
    return shipped_shapes([path.stem for path in shipped.files("shapes/form")]).quads


@cache
def forms() -> tuple[str, ...]:
    """Give the names of the forms."""
    marks = {quad.subject.value for quad in quads() if isinstance(quad.subject, ox.NamedNode)}
    return tuple(sorted(iri.removeprefix(ICSS) for iri in marks if iri.startswith(ICSS + "form-")))


def form_quads(form: str) -> list[ox.Quad]:
    """Give the quads of one form: what is said of it, and of the blank nodes that it leads to."""
    kept: list[ox.Quad] = []
    nodes: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(ICSS + form)]
    for node in nodes:
        here = [quad for quad in quads() if quad.subject == node]
        kept += here
        nodes += [quad.object for quad in here if isinstance(quad.object, ox.BlankNode)]
    return kept


def said(case: Path) -> list[Found]:
    """Read from a case what it says is found: focus, path, component and value."""
    found = re.search(r"<> .*?\] \.\n", text := case.read_text(encoding="utf-8"), re.DOTALL)
    head = "".join(re.findall(r"^@prefix .*\n", text, re.MULTILINE)) + (found[0] if found else "")
    store = ox.Store()
    store.load(head.encode(), format=ox.RdfFormat.TURTLE, base_iri=RECORDS)

    def value(node: ox.BlankNode, name: str) -> str:
        values = [q.object for q in store.quads_for_pattern(node, ox.NamedNode(MF + name), None, None)]
        return "" if not values else values[0].value if name in ("path", "component") else str(values[0])

    return sorted(
        (
            value(q.object, "focus"),
            _whole(value(q.object, "path")),
            value(q.object, "component"),
            value(q.object, "value"),
        )
        for q in store.quads_for_pattern(None, ox.NamedNode(MF + "expects"), None, None)
    )


def _whole(path: str) -> str:
    """A path with its prefixed names written out."""
    return re.sub(r"(\w+):(\w+)", lambda name: f"<{PREFIXES[name[1]]}{name[2]}>", path)


@cache
def _terms() -> tuple[ox.Quad, ...]:
    """What forms need of the ontology: classes under classes, concepts in schemes, and which properties are dates."""
    wanted = {
        RDFS + "subClassOf",
        SKOS + "inScheme",
        *(ICS + name for name in ("hasEarliestBound", "hasLatestBound", "openMeans")),
    }
    files = [DataFile(path, path.name) for path in shipped.files("ontology")]
    return tuple(quad for file in files for quad in read(file) if quad.predicate.value in wanted)


@cache
def opened(case: Path) -> ox.Store:
    """Load a case, dates as their earliest and latest day; nothing is derived, for no form looks at that."""
    store = ox.Store()
    store.extend(_terms())
    records = list(read(DataFile(case, case.name)))
    store.extend(records)
    add_bounds(store, records)
    return store


def compiled(some: Iterable[ox.Quad]) -> shacl.Compiled:
    """Compile some shapes."""
    return shacl.compile_shapes(shacl.read_shapes(some))


def found(store: ox.Store, shapes: shacl.Compiled, engine: Literal["compiled", "pyshacl"] = "compiled") -> list[Found]:
    """Give what shapes find in the records of a case."""
    return sorted(
        (str(r.focus), r.path_text or "", r.component, "" if r.value is None else str(r.value))
        for r in shacl.validate(store, shapes, engine=engine)
        if isinstance(r.focus, ox.NamedNode) and r.focus.value.startswith(RECORDS)
    )


def main(arguments: list[str]) -> int:
    """Run cases on pySHACL and print the differences; give the exit status."""
    shapes = compiled(quads())
    chosen = [case for case in CASES if not arguments or case.parent.name in arguments]
    amiss = 0
    for case in chosen:
        there, expected = found(opened(case), shapes, "pyshacl"), said(case)
        for mark, some in (("found beside what it says", there), ("not found", expected)):
            for one in some:
                if one not in (expected if some is there else there):
                    print(f"{case.parent.name}/{case.stem}: {mark}: {one}")
                    amiss += 1
    print(f"{len(chosen)} cases of forms on pySHACL: {amiss} differences")
    return 1 if amiss or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
