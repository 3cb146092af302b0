# SPDX-License-Identifier: Apache-2.0
"""An IRI to everything that is said of it, as RDF or as a page: a thing of the graph, a shape, a query, or a graph."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from itertools import groupby, islice
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

import pyoxigraph as ox
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from icsgraph.law.describe import Description, Link, describe
from icsgraph.model.errors import LookupFailed
from icsgraph.model.namespaces import BASE, ICSG, ICSQ, RDFS
from icsgraph.queries.about import About
from icsgraph.queries.labels import labels_in
from icsgraph.reports.rows import plain, short
from icsgraph.store import shipped
from icsgraph.store.canonical import turtle
from icsgraph.web.answering import Graph
from icsgraph.web.days import GEOGRAPHIES, in_words
from icsgraph.web.description import stored_query
from icsgraph.web.errors import Refused
from icsgraph.web.forms import triples_as
from icsgraph.web.jobs import Describe, Reply
from icsgraph.web.negotiate import THINGS

_TEMPLATES: Final = tuple(Path(__file__).parent / folder for folder in ("templates", "pages/templates"))
_BOARD: Final = BASE + "id/icb/"


def thing(graph: Graph, job: Describe) -> Reply:
    """Describe what an IRI names.

    Raises:
        Refused: 404 E812, when nothing that is served says anything of it.
    """
    node = _node(job.iri)
    if node is None:
        raise _unknown(job.iri)
    if job.iri in graph.located.counts and not next(_said(graph.store, node), None):
        return _graph(graph, job, node)
    try:
        found = describe(graph.on(job.as_at), job.iri, job.links)
    except LookupFailed as error:
        if error.code != "E401":
            raise
    else:
        return _described(graph, job, found)
    triples = tuple(_beside(graph, node))
    if not triples:
        return _pointed_at(graph, job, node)
    label = next((plain(t.object) for t in triples if t.predicate.value == RDFS + "label"), short(node))
    links = tuple(_link(graph.store, triple) for triple in triples if triple.subject == node)
    return _reply(graph, job, _page(job, label, links=links), triples)


def _pointed_at(graph: Graph, job: Describe, node: ox.NamedNode) -> Reply:
    """What points to something of which nothing is said: the version of a module, or a body of another register.

    Raises:
        Refused: 404 E812, when nothing does.
    """
    found = graph.store.quads_for_pattern(None, None, node, ox.DefaultGraph())
    triples = [quad.triple for quad in islice(found, job.links + 1)]
    if not triples:
        raise _unknown(job.iri)
    cut, triples = len(triples) > job.links, triples[: job.links]
    incoming = tuple(sorted((_link(graph.store, _turned(t)) for t in triples), key=lambda link: link.label))
    page = _page(job, short(node), incoming=incoming, total=len(incoming) + cut)
    return _reply(graph, job, page, triples, cut=cut)


def _turned(triple: ox.Triple) -> ox.Triple:
    """Give a statement with its subject at the other end, where a link is looked for."""
    return ox.Triple(triple.subject, triple.predicate, triple.subject)


def _unknown(iri: str) -> Refused:
    return Refused(404, "E812", f"<{iri[:200]}>", "nothing here says anything of it", "Search for it by name: /search")


def _node(iri: str) -> ox.NamedNode | None:
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None


def _said(store: ox.Store, node: ox.NamedNode) -> Any:  # noqa: ANN401  an iterator of pyoxigraph's own
    return store.quads_for_pattern(node, None, None, ox.DefaultGraph())


def _described(graph: Graph, job: Describe, found: Description) -> Reply:
    sources = [(name, number, _graph_address(graph, name)) for name, number in found.sources]
    body = _page(
        job, found.label, kinds=found.kinds, meaning=found.meaning, valid=found.valid, before=found.before,
        after=found.after, links=found.outgoing, incoming=found.incoming, total=found.incoming_total, sources=sources,
        derived=found.derived,
    )  # fmt: skip
    return _reply(graph, job, body, found.triples, cut=len(found.incoming) < found.incoming_total)


def _graph_address(graph: Graph, name: str) -> str:
    """The address of the graph of a file; empty where the graph is not one of icsgraph's."""
    iri = f"{ICSG}file/{quote(name)}"
    return local(iri) if iri in graph.located.counts else ""


def _graph(graph: Graph, job: Describe, node: ox.NamedNode) -> Reply:
    """What a named graph holds, up to the row limit."""
    most = graph.limits.rows
    triples: list[ox.Triple] = []
    for quad in graph.store.quads_for_pattern(None, None, None, node):
        if len(triples) == most:
            return _reply(graph, job, _page(job, short(node), holds=graph.located.counts[job.iri]), triples, cut=True)
        triples.append(quad.triple)
    return _reply(graph, job, _page(job, short(node), holds=graph.located.counts[job.iri]), triples)


def _beside(graph: Graph, node: ox.NamedNode) -> Sequence[ox.Triple]:
    """What ships beside the graph: shapes with all that belongs to them, and stored queries."""
    if node.value.startswith(ICSQ):
        slug = node.value.removeprefix(ICSQ)
        return tuple(stored_query(graph.library.get(slug))) if slug in graph.library.slugs() else ()
    found, waiting, seen = [], [node], set[ox.NamedNode | ox.BlankNode]()
    while waiting:
        subject: ox.NamedNode | ox.BlankNode = waiting.pop()
        for quad in shapes_store().quads_for_pattern(subject, None, None, None):
            found.append(quad.triple)
            if isinstance(quad.object, ox.BlankNode) and quad.object not in seen:
                seen.add(quad.object)
                waiting.append(quad.object)  # type: ignore[arg-type]
    return found


@cache
def shapes_store() -> ox.Store:
    """Give the shapes that ship, in a store of their own."""
    store = ox.Store()
    for path in shipped.files("shapes"):
        store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
    return store


def _link(store: ox.Store, triple: ox.Triple) -> Link:
    nodes = [term for term in (triple.predicate, triple.object) if isinstance(term, ox.NamedNode)]
    names = {node.value: name.value for node, name in labels_in(store, nodes).items()}
    other = triple.object.value if isinstance(triple.object, ox.NamedNode) else ""
    prop = triple.predicate.value
    return Link(prop, names.get(prop, short(triple.predicate)), other, names.get(other, short(triple.object)))


def _reply(graph: Graph, job: Describe, page: str, triples: Sequence[ox.Triple], *, cut: bool = False) -> Reply:
    whole, triples = not cut, tuple(dict.fromkeys(triples))
    told = About(
        len(triples), "triples", whole, "" if whole else "at the limit of this service: there are more", "",
        graph.located.version, job.as_at,
    )  # fmt: skip
    headers = {
        "X-Icsgraph-Triples": str(len(triples)), "X-Icsgraph-Complete": "true" if whole else "false",
        "X-Icsgraph-Data": graph.located.version, "X-Icsgraph-As-At": job.as_at.isoformat(),
    }  # fmt: skip
    if job.form == "html":
        return Reply(200, THINGS["html"], page.encode(), headers)
    if job.form == "ttl" and len(triples) < 5000:  # sorted and short, so that two days can be compared
        comment = [] if whole else [f"This answer is {told.extent}."]
        return Reply(200, THINGS["ttl"], turtle(triples, comment=comment).encode(), headers)
    return Reply(200, THINGS[job.form], triples_as(job.form, triples, told), headers)


def local(iri: str) -> str:
    """Give the address here of an IRI of icsgraph's; any other web address as it is; empty for the rest."""
    if iri.startswith(BASE):
        return "/" + iri.removeprefix(BASE)
    return iri if iri.startswith(("http://", "https://")) else ""


def _address(job: Describe, path: str, **given: str) -> str:
    """Give the address of a page here, with the day that was asked for; any other address as it is."""
    if not path.startswith("/"):
        return path
    given |= {"as-at": job.as_at.isoformat()} if job.dated else {}
    return path + (f"?{urlencode(given)}" if given else "")


def _page(job: Describe, label: str, **told: Any) -> str:  # noqa: ANN401  whatever the template shows
    empty: dict[str, Any] = {
        "kinds": (), "meaning": "", "valid": "", "before": (), "after": (), "links": (), "incoming": (), "total": 0,
        "sources": (), "derived": 0, "holds": None,
    }  # fmt: skip
    asked = (
        f"SELECT ?s ?p ?o WHERE {{ GRAPH <{job.iri}> {{ ?s ?p ?o }} }} LIMIT 100"
        if told.get("holds") is not None
        else f"SELECT ?property ?value WHERE {{ <{job.iri}> ?property ?value }}"
    )
    path, address = local(job.iri), partial(_address, job)
    code = job.iri.removeprefix(_BOARD)
    text = _environment().get_template("thing.html").render(
        iri=job.iri, path=path, label=label, query=asked, address=address, link=address, kept=(),
        day=job.as_at.isoformat(), geographies=GEOGRAPHIES, on_day=lambda day: f"{path}?as-at={day}",
        page="" if code == job.iri else f"/system/{code}", **(empty | told),
    )  # fmt: skip
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip()) + "\n"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    made.filters.update(
        local=local, day=in_words, together=lambda links: groupby(links, key=lambda each: each.property_label)
    )
    return made
