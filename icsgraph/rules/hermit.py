# SPDX-License-Identifier: Apache-2.0
"""A graph to HermiT's verdict, by owlready2: whether it can be true at all, and what kinds of thing there are in it.

HermiT reads the part that OWL 2 DL covers: axioms, types and property assertions. Annotations, and literals outside
OWL 2's datatypes (dates, months, years, geometries), are left out and counted.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

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
_COMMAND: Final = "org.semanticweb.HermiT.cli.CommandLine"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What HermiT said: whether the graph is consistent, and the IRIs of classes without possible instances, sorted.

    ``statements`` were read and ``left_out`` literals were not. ``above`` gives the classes above each class, save
    itself and owl:Thing. An inconsistent graph has neither.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...]
    statements: int
    left_out: int
    above: dict[str, frozenset[str]]


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


def need_java() -> None:
    """Make sure that HermiT can be run.

    Raises:
        LimitError: E702, when there is no Java on this machine, which HermiT needs.
    """
    if shutil.which("java") is None:
        mend = "Install a Java runtime, 11 or newer (Debian: default-jre-headless; macOS, Windows: adoptium.net)."
        raise LimitError("E702", "HermiT", "there is no Java on this machine, and only HermiT needs it", mend)


def reason(quads: Iterable[ox.Quad]) -> Verdict:
    """Have HermiT classify a graph.

    Raises:
        LimitError: E702, when there is no Java on this machine, which HermiT needs.
    """
    need_java()
    import owlready2

    triples, left_out = extract(quads)
    world = owlready2.World()
    ontology = world.get_ontology("https://w3id.org/icsgraph/extract")
    ontology.load(fileobj=io.BytesIO(_as_bytes(triples)), format="ntriples")
    try:
        with ontology:
            owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return Verdict(False, (), len(triples), left_out, {})
    impossible = {c.iri for c in world.inconsistent_classes() if c is not owlready2.Nothing}
    above = {c.iri: _above(c, owlready2.Thing) for c in world.classes() if c.iri not in impossible}
    return Verdict(True, tuple(sorted(impossible)), len(triples), left_out, above)


def _above(named: Any, thing: Any) -> frozenset[str]:  # noqa: ANN401  owlready2 has no types
    return frozenset(a.iri for a in named.ancestors() if a is not thing and a is not named)


def is_consistent(triples: Iterable[ox.Triple]) -> bool:
    """Ask HermiT only whether an extract can be true, which is quicker than classifying it.

    Raises:
        LimitError: E702 as :func:`reason`; E703, when HermiT fails in another way.
    """
    need_java()
    import owlready2

    jars = Path(owlready2.__file__).parent / "hermit"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "extract.nt"
        file.write_bytes(_as_bytes(triples))
        path = f"{jars}{os.pathsep}{jars / 'HermiT.jar'}"
        command = ["java", "-cp", path, _COMMAND, "-k", file.as_uri()]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    if "InconsistentOntologyException" in run.stderr:
        return False
    if not run.stdout.strip().endswith("Thing is satisfiable."):
        said = (run.stderr.strip() or run.stdout.strip() or "no answer").splitlines()[0]
        raise LimitError("E703", "HermiT", f"it gave no verdict: {said}", "Check that the files are OWL 2 DL.")
    return True


def _as_bytes(triples: Iterable[ox.Triple]) -> bytes:
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
