# SPDX-License-Identifier: Apache-2.0
"""Turtle files to the part of them that OWL 2 DL reasoning reads, and that part to HermiT's verdict."""

from __future__ import annotations

import io
import os
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import owlready2
from rdflib import OWL, RDF, RDFS, XSD, Graph, Literal, URIRef
from rdflib.term import Node

ROOT: Final = Path(__file__).resolve().parents[2]
MODULES: Final = tuple(sorted((ROOT / "ontology").glob("*.ttl")))
JARS: Final = Path(owlready2.__file__).parent / "hermit"
_HERMIT: Final = "org.semanticweb.HermiT.cli.CommandLine"
# https://www.w3.org/TR/owl2-syntax/#Datatype_Maps: no dates, months or years.
DATATYPES: Final = frozenset(
    {
        *(XSD.string, XSD.boolean, XSD.decimal, XSD.integer, XSD.nonNegativeInteger, XSD.positiveInteger, XSD.long),
        *(XSD.int, XSD.short, XSD.double, XSD.float, XSD.anyURI, XSD.dateTime, XSD.dateTimeStamp, XSD.language),
    }
)
_ANNOTATIONS: Final = frozenset(
    {RDFS.label, RDFS.comment, RDFS.isDefinedBy, RDFS.seeAlso, OWL.versionIRI, OWL.versionInfo, OWL.imports}
    | {OWL.deprecated}
)


def merged(paths: Iterable[Path]) -> Graph:
    """Parse files into one graph."""
    graph = Graph()
    for path in paths:
        graph.parse(path, publicID=path.as_uri())
    return graph


def extract(graph: Graph) -> tuple[Graph, int]:
    """Keep axioms, types and property assertions; leave out annotations and literals outside OWL 2's datatypes.

    Returns:
        The extract, and the number of literals that its datatypes kept out.
    """
    annotations = _ANNOTATIONS | set(graph.subjects(RDF.type, OWL.AnnotationProperty))
    kept, left_out = Graph(), 0
    for s, p, o in graph:
        if p in annotations:
            continue
        if isinstance(o, Literal) and o.datatype is not None and o.datatype not in DATATYPES:
            left_out += 1
            continue
        kept.add((s, p, o))
    return kept, left_out


def is_consistent(graph: Graph) -> bool:
    """Ask HermiT's command only whether the graph can be true at all, which is quicker than classifying it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "extract.nt"
        extract(graph)[0].serialize(file, format="nt", encoding="utf-8")
        command = [
            owlready2.JAVA_EXE,
            "-cp",
            f"{JARS}{os.pathsep}{JARS / 'HermiT.jar'}",
            _HERMIT,
            "-k",
            file.as_uri(),
        ]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    if "InconsistentOntologyException" in run.stderr:
        return False
    assert run.stdout.strip().endswith("Thing is satisfiable."), run.stdout + run.stderr
    return True


def _reasoned(graph: Graph, *, values: bool) -> owlready2.World | None:
    world = owlready2.World()
    ontology = world.get_ontology("https://w3id.org/icsgraph/test/extract")
    ontology.load(fileobj=io.BytesIO(extract(graph)[0].serialize(format="nt").encode()), format="ntriples")
    try:
        with ontology:
            owlready2.sync_reasoner_hermit(world, infer_property_values=values, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return None
    return world


def unsatisfiable(graph: Graph) -> list[str] | None:
    """Classify with HermiT: None where the graph is inconsistent, else the classes that can have no member, sorted."""
    world = _reasoned(graph, values=False)
    if world is None:
        return None
    return sorted(c.iri for c in world.inconsistent_classes() if c is not owlready2.Nothing)


def realise(graph: Graph) -> set[tuple[Node, Node, Node]] | None:
    """Give the types and property values of named individuals that HermiT finds; None for an inconsistent graph."""
    world = _reasoned(graph, values=True)
    if world is None:
        return None
    classes = {URIRef(c.iri): {URIRef(a.iri) for a in c.ancestors()} for c in world.classes()}
    properties = {
        URIRef(p.iri): {URIRef(a.iri) for a in p.ancestors() if hasattr(a, "iri")} for p in world.object_properties()
    }
    found: set[tuple[Node, Node, Node]] = set()
    for s, p, o in world.as_rdflib_graph():
        found.add((s, p, o))
        if p == RDF.type:
            found |= {(s, p, above) for above in classes.get(o, ())}
        else:
            found |= {(s, above, o) for above in properties.get(p, ())}
    return found
