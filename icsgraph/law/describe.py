# SPDX-License-Identifier: Apache-2.0
"""One thing, and all that the graph says of it: kinds, properties, what points to it, and the graphs it comes from."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from icsgraph.law.bodies import find_body
from icsgraph.law.places import Places
from icsgraph.model.errors import LookupFailed
from icsgraph.model.namespaces import ICSC, PREFIXES, RDF
from icsgraph.store.opened import Opened


@dataclass(frozen=True, slots=True)
class Description:
    """What is said of a thing. A link is property label, other end's label and its IRI or text.

    Both are sorted; ``incoming`` is cut at the limit asked for, ``incoming_total`` says how many there are.
    """

    iri: str
    label: str
    kinds: tuple[str, ...]
    outgoing: tuple[tuple[str, str, str], ...]
    incoming: tuple[tuple[str, str, str], ...]
    incoming_total: int
    graphs: tuple[str, ...]


def describe(opened: Opened, thing: str, limit: int) -> Description:
    """Describe what a code, name, constraint id, prefixed name or IRI means.

    Raises:
        LookupFailed: E401 when it means nothing in the graph, E402 when it means more than one thing.
    """
    node = _resolve(opened.store, thing)
    places = Places(opened)
    out, kinds = [], []
    graphs = set()
    for quad in opened.store.quads_for_pattern(node, None, None, None):
        if isinstance(quad.graph_name, ox.NamedNode):
            graphs.add(quad.graph_name.value.removeprefix(PREFIXES["icsg"]))
        elif quad.predicate.value == RDF + "type":
            kinds.append(places.label(_text(quad.object)))
        else:
            out.append((places.label(quad.predicate.value), places.label(_text(quad.object)), _text(quad.object)))
    into = [
        (places.label(quad.predicate.value), _text(quad.subject))
        for quad in opened.store.quads_for_pattern(None, None, node, ox.DefaultGraph())
    ]
    into.sort()
    shown = tuple((prop, places.label(subject), subject) for prop, subject in into[:limit])
    return Description(
        node.value,
        places.label(node.value),
        tuple(sorted(kinds)),
        tuple(sorted(out)),
        shown,
        len(into),
        tuple(sorted(graphs)),
    )


def _resolve(store: ox.Store, thing: str) -> ox.NamedNode:
    prefix, colon, local = thing.partition(":")
    for iri in (
        thing.strip("<>") if "://" in thing else "",
        PREFIXES[prefix] + local if colon and prefix in PREFIXES else "",
        ICSC + thing.upper() if " " not in thing else "",
    ):
        if iri:
            node = _node(iri)
            if node and next(store.quads_for_pattern(node, None, None, ox.DefaultGraph()), None):
                return node
    if "://" in thing or (colon and prefix in PREFIXES):
        raise LookupFailed("E401", thing, "the graph says nothing of it", "Check the IRI, or give a code or a name.")
    return find_body(store, thing, "body")


def _node(iri: str) -> ox.NamedNode | None:
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None


def _text(term: object) -> str:
    return str(getattr(term, "value", term))
