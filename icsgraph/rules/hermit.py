# SPDX-License-Identifier: Apache-2.0
"""A graph to HermiT's verdict, by owlready2: whether it can be true at all, and which classes can have no instance.

HermiT reads the part that OWL 2 DL covers: axioms, types and property assertions. Annotations, and literals outside
OWL 2's datatypes (dates, months, years, geometries), are left out and counted.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from icsgraph.model.errors import LimitError
from icsgraph.model.namespaces import DCTERMS, OWL, RDF, RDFS, SKOS, XSD

# https://www.w3.org/TR/owl2-syntax/#Datatype_Maps
DATATYPES: Final = frozenset(
    XSD + name
    for name in (
        *("string", "boolean", "decimal", "integer", "nonNegativeInteger", "positiveInteger", "long", "int", "short"),
        *("double", "float", "anyURI", "dateTime", "dateTimeStamp", "language"),
    )
)
_ANNOTATIONS: Final = (DCTERMS, SKOS, RDFS + "label", RDFS + "comment", RDFS + "isDefinedBy", RDFS + "seeAlso")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What HermiT said: whether the graph is consistent, and the IRIs of classes without possible instances, sorted.

    ``statements`` were read and ``left_out`` literals were not; an inconsistent graph has no list of classes.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...]
    statements: int
    left_out: int


def extract(quads: Iterable[ox.Quad]) -> tuple[list[ox.Triple], int]:
    """Keep what OWL 2 DL reads; give it with the number of literals left out for their datatype."""
    quads = list(quads)
    declared = {
        q.subject.value
        for q in quads
        if q.predicate.value == RDF + "type"
        and isinstance(q.object, ox.NamedNode)
        and q.object.value == OWL + "AnnotationProperty"
        and isinstance(q.subject, ox.NamedNode)
    }
    kept, left_out = [], 0
    for q in quads:
        name = q.predicate.value
        if name in declared or name.startswith(_ANNOTATIONS) or name in (OWL + "imports", OWL + "versionIRI"):
            continue
        if isinstance(q.object, ox.Literal) and q.object.language is None and q.object.datatype.value not in DATATYPES:
            left_out += 1
            continue
        kept.append(ox.Triple(q.subject, q.predicate, q.object))
    return kept, left_out


def reason(quads: Iterable[ox.Quad]) -> Verdict:
    """Have HermiT classify a graph.

    Raises:
        LimitError: E702, when there is no Java on this machine, which HermiT needs.
    """
    if shutil.which("java") is None:
        raise LimitError("E702", "HermiT", "there is no Java on this machine", "Install a Java runtime, 11 or newer.")
    import owlready2

    triples, left_out = extract(quads)
    world = owlready2.World()
    ontology = world.get_ontology("https://w3id.org/icsgraph/extract")
    data = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    ontology.load(fileobj=io.BytesIO(data), format="ntriples")
    try:
        with ontology:
            owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return Verdict(False, (), len(triples), left_out)
    classes = sorted(c.iri for c in world.inconsistent_classes() if c is not owlready2.Nothing)
    return Verdict(True, tuple(classes), len(triples), left_out)
