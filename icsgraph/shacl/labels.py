# SPDX-License-Identifier: Apache-2.0
"""Labels for blank nodes that stay the same when the data is loaded again: a digest of the triples around each.

Labels are refined round by round until no two nodes that the data tells apart share one. Nodes that nothing tells
apart are numbered. (RDF Dataset Canonicalization does the same for whole graphs, but no table tells what it renamed.)
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable

import pyoxigraph as ox

from icsgraph.shacl.terms import Term

ROUNDS = 12


def stable_labels(triples: Iterable[tuple[Term, Term, Term]]) -> dict[str, str]:
    """The stable label of every blank node of the triples, by its label in the store."""
    around: dict[str, list[tuple[str, Term]]] = defaultdict(list)
    for subject, predicate, value in triples:
        if isinstance(subject, ox.BlankNode):
            around[subject.value].append((f">{predicate}", value))
        if isinstance(value, ox.BlankNode):
            around[value.value].append((f"<{predicate}", subject))
    labels = dict.fromkeys(around, "")
    kinds = 1
    for _ in range(ROUNDS):
        labels = {node: _digest(edges, labels) for node, edges in around.items()}
        if len(set(labels.values())) == kinds:
            break
        kinds = len(set(labels.values()))
    return _numbered(labels)


def stably_labelled(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """The quads with stable labels for blank nodes: what is made of them is the same whenever it is made anew."""
    given = list(quads)
    labels = stable_labels((quad.subject, quad.predicate, quad.object) for quad in given)  # type: ignore[misc]

    def named(term: object) -> object:
        return ox.BlankNode("b" + labels[term.value]) if isinstance(term, ox.BlankNode) else term

    return [
        ox.Quad(named(quad.subject), quad.predicate, named(quad.object), quad.graph_name)  # type: ignore[arg-type]
        for quad in given
    ]


def _digest(edges: list[tuple[str, Term]], labels: dict[str, str]) -> str:
    lines = sorted(
        f"{edge} _:{labels[other.value]}" if isinstance(other, ox.BlankNode) else f"{edge} {other}"
        for edge, other in edges
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _numbered(labels: dict[str, str]) -> dict[str, str]:
    many = {label for label, count in Counter(labels.values()).items() if count > 1}
    seen: Counter[str] = Counter()
    numbered = {}
    for node in sorted(labels):
        label = labels[node]
        seen[label] += 1
        numbered[node] = f"{label}-{seen[label]}" if label in many else label
    return numbered
