# SPDX-License-Identifier: Apache-2.0
"""Records to the terms in them that nothing declares: a misspelt class, property or concept, with the near ones.

A check passes over what it does not know, so that a slip in a term would look like records with nothing amiss. Only
icsgraph's own namespaces are looked at; what a file beside the records declares there is known.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import pyoxigraph as ox

from icsgraph import shacl
from icsgraph.algebra import nodes as n
from icsgraph.law.ground import Ground
from icsgraph.law.records import TERMS
from icsgraph.model.namespaces import ICS, ICSS, OWL, RDF, SCHEME, SH

_SHAPE: Final = ox.NamedNode(ICSS + TERMS)
_TYPE: Final = RDF + "type"
_OURS: Final = f'(STRSTARTS(STR(?t), "{ICS}") || STRSTARTS(STR(?t), "{SCHEME}"))'


def with_terms(raw: shacl.Results, ground: Ground) -> shacl.Results:
    """Give results with those for undeclared terms; nodes looked at are the terms in use."""
    properties = _used(ground, "?s ?t ?o")
    values = _used(ground, f"?s ?p ?t FILTER (?p != <{OWL}versionIRI>)")  # which names a module, and no term
    declared = _declared(ground, properties | values)
    found = [
        *(each for term in sorted(properties - declared) for each in _results(ground, term, f"?s <{term}> ?o")),
        *(each for term in sorted(values - declared) for each in _results(ground, term, f"?s ?p <{term}>")),
    ]
    run = shacl.ShapeRun(_SHAPE, len(properties | values), raw.engine)
    return replace(raw, results=(*raw.results, *found), shapes=(*raw.shapes, run))


def _used(ground: Ground, pattern: str) -> set[str]:
    rows = ground.stated("t", f"{pattern} FILTER (isIRI(?t) && {_OURS})")
    return {term.value for (term,) in rows if isinstance(term, ox.NamedNode)}


def _declared(ground: Ground, used: set[str]) -> set[str]:
    """Give the terms of which anything is said, here or where the records are."""
    store = ground.opened.store
    known = {
        term for term in used
        if next(store.quads_for_pattern(ox.NamedNode(term), None, None, ox.DefaultGraph()), None) is not None
    }  # fmt: skip
    if left := sorted(used - known):
        values = " ".join(f"<{term}>" for term in left)
        rows = ground.stated("t", f"VALUES ?t {{ {values} }} ?t ?p ?o")
        known |= {found.value for (found,) in rows if isinstance(found, ox.NamedNode)}
    return known


def _results(ground: Ground, term: str, pattern: str) -> Iterator[shacl.Result]:
    """Give one result for each thing that an undeclared term is used of."""
    near = _near(ground.opened.store, term)
    mend = f"did you mean {near}?" if near else "use one that icsgraph has (icsgraph find), or declare it."
    message = ox.Literal(f"{_short(term)} is no term that anything declares; {mend}", language="en")
    is_property = "?o" in pattern
    for subject, *of in sorted(ground.stated("s" if is_property else "sp", pattern), key=str):
        if isinstance(subject, ox.Triple):
            continue
        path = str(of[0]).strip("<>") if of else term
        value = None if is_property else ox.NamedNode(term)
        digest = hashlib.sha256(f"{TERMS}\n{subject}\n{path}\n{value}".encode()).hexdigest()[:16]
        component = SH + ("ClosedConstraintComponent" if is_property else "InConstraintComponent")
        yield shacl.Result(
            id=digest, focus=subject, path=n.IRI(path), value=value, component=component, source_shape=_SHAPE,
            source_constraint=None, severity=SH + "Violation", messages=(message,), target_shape=_SHAPE,
        )  # fmt: skip


def _near(store: ox.Store, term: str) -> str:
    """Name the declared terms of the same kind whose names are nearest."""
    space = ICS if term.startswith(ICS) else term[: term.rfind("/") + 1]
    names = {
        quad.subject.value.removeprefix(space)
        for quad in store.quads_for_pattern(None, ox.NamedNode(_TYPE), None, ox.DefaultGraph())
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(space)
    }
    by_lower = {name.lower(): name for name in sorted(names)}
    close = difflib.get_close_matches(term.removeprefix(space).lower(), by_lower, n=3, cutoff=0.6)
    return ", ".join(_short(space + by_lower[name]) for name in close)


def _short(iri: str) -> str:
    return f"ics:{iri.removeprefix(ICS)}" if iri.startswith(ICS) else iri.removeprefix(SCHEME) + " (concept)"
