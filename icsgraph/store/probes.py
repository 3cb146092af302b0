# SPDX-License-Identifier: Apache-2.0
"""What an endpoint does with small questions whose answers are known, to a list of where it departs from SPARQL 1.1.

Engines depart in silence: rows are dropped, or a comparison finds nothing. Each probe is a form that compiled shapes
use and that some engine was seen to answer wrongly. They touch a handful of triples of the ontology.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from icsgraph.model.errors import EndpointError
from icsgraph.model.namespaces import OWL, RDFS, XSD
from icsgraph.store.endpoint import Endpoint

_ANCHOR: Final = f"<{RDFS}subClassOf>"
_DAY: Final = f'"9999-12-31"^^<{XSD}date>'


@dataclass(frozen=True, slots=True)
class Probe:
    """A query, its rows as text (columns in order, unbound ones empty), and what it is that is tried."""

    what: str
    query: str
    rows: tuple[tuple[str, ...], ...]


def _constants() -> tuple[Probe, ...]:
    none = "<urn:x-icsgraph:nothing>"
    return (
        Probe(
            "keeping a row that OPTIONAL with a path of any length does not match",
            f"SELECT ?x ?y WHERE {{ VALUES ?x {{ {none} }} OPTIONAL {{ ?x {_ANCHOR}+ ?y }} }}",
            ((none[1:-1], ""),),
        ),
        Probe(
            "passing over an error inside COALESCE",
            'SELECT ?x ?y WHERE { VALUES ?x { "a" } OPTIONAL { ?n <urn:x-icsgraph:p> ?x }'
            ' BIND (COALESCE(CONCAT(STR(?x), " ", STR(?n)), "none") AS ?y) }',
            (("a", "none"),),
        ),
        Probe(
            "MINUS",
            "SELECT ?x WHERE { { VALUES ?x { 1 2 } } MINUS { VALUES ?x { 2 } } }",
            (("1",),),
        ),
        Probe(
            "comparing dates",
            f'SELECT ?x WHERE {{ VALUES ?x {{ "2024-02-29"^^<{XSD}date> {_DAY} }} FILTER (?x < {_DAY}) }}',
            (("2024-02-29",),),
        ),
    )


def _over(dated: tuple[str, str, str]) -> tuple[Probe, ...]:
    subject, prop, day = dated
    return (
        Probe(
            "EXISTS inside an expression",
            f"SELECT ?x ?y WHERE {{ VALUES ?x {{ 1 2 }} BIND (IF(EXISTS {{ ?s {_ANCHOR} ?o FILTER (?x = 1) }},"
            ' "yes", "no") AS ?y) }',
            (("1", "yes"), ("2", "no")),
        ),
        Probe(
            "NOT EXISTS within NOT EXISTS",
            f"SELECT ?x WHERE {{ VALUES ?x {{ 1 2 }} FILTER NOT EXISTS {{ ?s {_ANCHOR} ?o"
            f" FILTER NOT EXISTS {{ ?s {_ANCHOR} ?o FILTER (?x = 1) }} }} }}",
            (("1",),),
        ),
        Probe(
            "comparing the date of a given thing",
            f"SELECT ?d WHERE {{ <{subject}> <{prop}> ?d FILTER (?d <= {_DAY}) }}",
            ((day,),),
        ),
        Probe(
            "comparing a date with one from another pattern",
            f"SELECT ?d WHERE {{ VALUES ?day {{ {_DAY} }} ?c a <{OWL}Ontology> . <{subject}> <{prop}> ?d"
            f" FILTER (?d <= ?day) }} LIMIT 1",
            ((day,),),
        ),
    )


def deviations(endpoint: Endpoint, dated: tuple[str, str, str] | None = None) -> tuple[str, ...]:
    """Give what the endpoint does not do as SPARQL 1.1 says, in the order of the probes; empty where it does all.

    Args:
        dated: subject, property and day of a triple that the endpoint holds; subject and property are IRIs. Without
            it only those forms are tried whose answer is the same whatever an endpoint holds.

    Raises:
        EndpointError: E601, E611, E612 as :meth:`Endpoint.ask`; a probe that is refused is one that failed.
    """
    probes = _constants() if dated is None else (*_constants(), *_over(dated))
    return tuple(probe.what for probe in probes if not _passes(endpoint, probe))


def _passes(endpoint: Endpoint, probe: Probe) -> bool:
    try:
        reply = endpoint.ask(probe.query)
    except EndpointError as error:
        if error.code in ("E602", "E603"):
            return False
        raise
    found = [tuple(row[name].value if name in row else "" for name in reply.columns) for row in reply.rows]
    return sorted(found) == sorted(probe.rows)
