# SPDX-License-Identifier: Apache-2.0
"""An endpoint to what a check can stand on: asked where its records are, or, where it departs from SPARQL, copied here.

Compiled shapes are sent only to an endpoint that answers a few questions with known answers as SPARQL 1.1 says. From
one that does not, the triples are fetched by the plainest of patterns, counted, and checked in this process.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Final

import pyoxigraph as ox

from icsgraph.law.ground import Ground
from icsgraph.law.held import MEND, lacks, refuse_what_is_underived, refuse_what_lacks
from icsgraph.law.remote import Progress, RemoteGround
from icsgraph.model.errors import EndpointError
from icsgraph.model.namespaces import ICS, ICSG
from icsgraph.rules import Rule, derive
from icsgraph.store.bounds import add_bounds
from icsgraph.store.context import context_of, set_context
from icsgraph.store.endpoint import Endpoint
from icsgraph.store.opened import Opened
from icsgraph.store.paging import Paged
from icsgraph.store.probes import deviations
from icsgraph.store.select import Term

FETCHED: Final = ox.NamedNode(ICSG + "file/endpoint")
_MOST: Final = 2_000_000
Say = Callable[[str], None]


def ground_of(
    endpoint: Endpoint,
    opened: Opened,
    packaged: ox.Store,
    rules: tuple[Rule, ...],
    *,
    background: bool = True,
    transfer: bool = True,
    most: int = _MOST,
    say: Say = lambda _: None,
    progress: Progress | None = None,
) -> Ground:
    """Give what a check of an endpoint's records stands on.

    Args:
        opened: what ships, in memory, where what is fetched can be added.
        packaged: what ships, with its named graphs, of which the endpoint must hold samples.
        rules: those by which the endpoint's triples must have been derived.
        background: whether England is to be there.
        transfer: whether triples may be fetched from an endpoint that departs from SPARQL, ``most`` at most.
        say: told what a user should know beside the findings.

    Raises:
        EndpointError: E615 or E616 when the endpoint lacks something, or cannot be relied on; E601 to E613 as asking.
    """
    bare = Paged(endpoint)
    for row in bare.select(f"SELECT ?p ?value WHERE {{ ?p <{ICS}isSetTo> ?value }}"):
        if isinstance(row["p"], ox.NamedNode):
            opened.store.add(ox.Quad(row["p"], ox.NamedNode(ICS + "isSetTo"), row["value"]))
    uses, context = context_of(opened.store, opened.as_at)
    paged = Paged(endpoint, context)
    # Some probes look at what ships: where that is not there, they would fail for want of it.
    lacking, _ = lacks(paged, packaged, background=background)
    wrong = deviations(endpoint, None if lacking else _dated(packaged))
    if wrong:
        departs = f"{endpoint.url} departs from SPARQL 1.1 in {'; '.join(wrong)}"
        say(departs)
        return _Copied(_fetched(paged, opened, rules, most if transfer else 0, say), departs)
    refuse_what_lacks(paged, packaged, background=background)
    refuse_what_is_underived(paged, packaged, rules)
    return RemoteGround(replace(opened, parameters=uses, version="at-endpoint"), packaged, paged, progress)


class _Copied(Ground):
    """An endpoint's triples in this process; what ships beside them is not theirs."""

    def __init__(self, opened: Opened, departs: str) -> None:
        super().__init__(opened)
        self._departs = departs

    def notes(self) -> tuple[str, ...]:
        return (f"{self._departs}, so its triples were fetched and checked here",)

    def tells_of(self, focus: Term) -> bool:
        if isinstance(focus, ox.Literal | ox.Triple):
            return True
        return next(self.opened.store.quads_for_pattern(focus, None, None, FETCHED), None) is not None


def _dated(packaged: ox.Store) -> tuple[str, str, str]:
    """A dated triple of what ships: the first by subject, so that it is the same on every run."""
    prop = ox.NamedNode(ICS + "earliestFirstDay")
    edition = ox.NamedNode(ICS + "GuidanceEdition")
    types = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    for quad in sorted(packaged.quads_for_pattern(None, types, edition, ox.DefaultGraph()), key=str):
        for found in packaged.quads_for_pattern(quad.subject, prop, None, ox.DefaultGraph()):
            if isinstance(found.subject, ox.NamedNode) and isinstance(found.object, ox.Literal):
                return found.subject.value, prop.value, found.object.value
    raise AssertionError("no edition of the guidance has a first day")


def _fetched(paged: Paged, opened: Opened, rules: tuple[Rule, ...], most: int, say: Say) -> Opened:
    """What ships with the endpoint's triples over it, as if they had been a file."""
    url = paged.endpoint.url
    number = paged.number("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    if not number:
        raise EndpointError("E615", url, "the endpoint holds nothing, or nothing in the graphs named", MEND)
    if number > most:
        what = f"its answers to compiled shapes cannot be relied on, and it holds {number} triples"
        mend = (
            "Export the records and validate the files; or raise --max-triples." if most else "Leave out --no-transfer."
        )
        raise EndpointError("E616", url, what, mend)
    say(f"so its {number} triples are fetched, and checked here")
    store = opened.store
    properties = {row["p"] for row in paged.select("SELECT DISTINCT ?p WHERE { ?s ?p ?o }")}
    queries = {f"SELECT ?s ?o WHERE {{ ?s {prop} ?o }}": prop for prop in sorted(properties, key=str)}
    paged.counts(list(queries))
    with ThreadPoolExecutor(max_workers=2) as pool:
        answers = pool.map(lambda query: list(paged.select(query)), queries)
        found = (
            ox.Quad(row["s"], prop, row["o"])  # type: ignore[arg-type]
            for prop, rows in zip(queries.values(), answers, strict=True)
            for row in rows
        )
        quads = [quad for quad in found if quad not in store]
    if any(isinstance(term, ox.BlankNode) for quad in quads for term in (quad.subject, quad.object)):
        say("blank nodes among them are told apart only if the endpoint keeps their labels between answers")
    store.extend(quads)
    store.extend(ox.Quad(quad.subject, quad.predicate, quad.object, FETCHED) for quad in quads)
    add_bounds(store, quads)
    derive(store, rules)
    return replace(opened, parameters=set_context(store, opened.as_at), version="at-endpoint")
