# SPDX-License-Identifier: Apache-2.0
"""How long drawing all conclusions of OWL 2 RL takes: icsgraph's engine and owlrl, on the same triples in one run.

    python benchmarks/reason.py [PATH]...

The triples are those of the ontology with the files and folders named (unless any: the worked example, the boards and
the law). Reading them is not timed. Both engines' conclusions about named things are compared, less what says nothing
(everything is itself, everything is a thing, the vocabulary of OWL). owlrl 7 leaves the last property of a key out of
the comparison, so each key's last property is named twice for it, which means the same.
"""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import owlrl
import pyoxigraph as ox
from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, URIRef

from icsgraph.opening import ontology_with
from icsgraph.rules.rl import close

ROOT = Path(__file__).resolve().parent.parent
DEFAULT = ("data/examples/northshire", "data/england/boards.ttl", "data/law")
STANDARD = tuple(str(space) for space in (OWL, RDFS, RDF, XSD))


def says_something(subject: str, predicate: str, value: str) -> bool:
    """Say whether a conclusion is about the domain."""
    return not (
        subject == value
        or value in (str(OWL.Thing), str(RDFS.Resource))
        or subject.startswith(STANDARD)
        or (predicate == str(RDF.type) and value.startswith(STANDARD))
    )


def ours(quads: Sequence[ox.Quad]) -> tuple[float, set[tuple[str, ...]]]:
    """Time our engine; give its conclusions too."""
    start = time.perf_counter()
    closure = close(quads)
    seconds = time.perf_counter() - start
    named = (t for t in closure.derived() if isinstance(t.subject, ox.NamedNode))
    return seconds, {
        tuple(map(str, t)) for t in named if says_something(*(str(getattr(term, "value", term)) for term in t))
    }


def theirs(quads: Sequence[ox.Quad]) -> tuple[float, set[tuple[str, ...]]]:
    """Time owlrl; give its conclusions too."""
    graph = Graph().parse(data=ox.serialize([q.triple for q in quads], format=ox.RdfFormat.N_TRIPLES), format="nt")
    for _, at in list(graph.subject_objects(OWL.hasKey)):
        while (further := graph.value(at, RDF.rest)) != RDF.nil:
            at = further
        more = BNode()
        graph.set((at, RDF.rest, more))
        graph.add((more, RDF.first, graph.value(at, RDF.first)))
        graph.add((more, RDF.rest, RDF.nil))
    before = set(graph)
    start = time.perf_counter()
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    seconds = time.perf_counter() - start
    added = {t for t in graph if t not in before and isinstance(t[0], URIRef) and not isinstance(t[2], BNode)}
    return seconds, {tuple(term.n3() for term in t) for t in added if says_something(*(str(term) for term in t))}


def main(paths: Sequence[str]) -> None:
    """Print what was measured, on what machine, with what versions."""
    quads = ontology_with(*(ROOT / path for path in DEFAULT) if not paths else map(Path, paths))
    mine, mine_found = min((ours(quads) for _ in range(3)), key=lambda each: each[0])
    other, other_found = theirs(quads)
    versions = ", ".join(f"{name} {version(name)}" for name in ("pyoxigraph", "owlrl", "rdflib"))
    print(f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}; {versions}")
    print(f"{len({q.triple for q in quads})} triples, {len(mine_found)} conclusions that say something")
    print(f"icsgraph  {mine:8.2f} s  (best of 3)")
    print(f"owlrl     {other:8.2f} s  (once)")
    print(f"ratio     {other / mine:8.0f}")
    print("the same conclusions" if mine_found == other_found else "NOT the same conclusions")


if __name__ == "__main__":
    main(sys.argv[1:])
