# SPDX-License-Identifier: Apache-2.0
"""A query to a reply, in a worker process: read, looked over, put to the store as it was read, cut at the row limit.

What runs is written anew from the tree that was looked over, never the text that came in: two parsers that read one
text in two ways cannot be played against each other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Final, TypeAlias

import pyoxigraph as ox

from icsgraph.algebra import nodes, outside_uses, to_text, walk
from icsgraph.law import Resolver
from icsgraph.model.errors import QueryError
from icsgraph.queries import Answer, Library, ask, bind
from icsgraph.queries.about import About, about
from icsgraph.queries.check import read
from icsgraph.queries.labels import iris_of, labels_in, naming_triples, with_labels
from icsgraph.queries.run import digest_of
from icsgraph.reports import rows as texts
from icsgraph.store import shipped
from icsgraph.store.opened import Opened
from icsgraph.web.errors import Refused
from icsgraph.web.forms import policy, rows_as, triples_as
from icsgraph.web.jobs import Ask, AskStored, Reply
from icsgraph.web.limits import Limits
from icsgraph.web.negotiate import ROWS, TABLES, TRIPLES, choose
from icsgraph.web.source import Located

_Default: TypeAlias = list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] | None
_Named: TypeAlias = list[ox.NamedNode | ox.BlankNode] | None
_CHANGING: Final = ("NOW", "RAND", "UUID", "STRUUID")


@dataclass(frozen=True)
class Graph:
    """The store of a worker, opened once, and what the questions put to it need."""

    located: Located
    store: ox.Store
    limits: Limits

    def on(self, day: date) -> Opened:
        """Give the graph as at a day."""
        return self.located.on_day(self.store, day)

    @cached_property
    def library(self) -> Library:
        """Give the stored queries that ship with icsgraph."""
        return Library(shipped.files("queries/competency", "*.rq"))


def answer(graph: Graph, job: Ask) -> Reply:
    """Answer a query that a client wrote.

    Raises:
        QueryError: for what is no query, is an update, or cannot be run.
        Refused: for data from outside the store, or a form that cannot be given.
    """
    query = read(job.text)
    _keep_inside(graph, query)
    gives_triples = isinstance(query, nodes.Construct | nodes.Describe)
    form = choose(TRIPLES if gives_triples else ROWS, job.accept, job.form)
    default, named = _dataset(graph, job)
    if default is not None:
        query = replace(query, dataset=())
    found = _run(graph, to_text(query), job.text, default, named)
    told = _told(about(found, job.as_at, data=graph.located.version, text=job.text), graph.limits, cut=found.cut)
    headers = headers_of(told)
    if any(isinstance(node, nodes.BuiltIn) and node.name in _CHANGING for node in walk(query)):
        headers["Cache-Control"] = "no-store"
    if found.triples is not None:
        return Reply(200, TRIPLES[form], triples_as(form, found.triples, told), headers)
    body = rows_as(form, found.columns, found.rows, told)
    return Reply(200, ROWS[form], body, headers | _policy(form, body))


def answer_stored(graph: Graph, job: AskStored) -> Reply:
    """Answer a stored query.

    Raises:
        QueryError: E204 to E206 for its parameters, E211 when there is no such query.
        Refused: E814 when it needs a large graph that is not served.
    """
    stored = graph.library.get(job.slug)
    lacking = sorted(set(stored.graphs) - set(graph.located.on_demand))
    if lacking:
        what = f"the query needs the large graph {', '.join(lacking)}, which is not served here"
        mend = f"Ask whoever runs the service to start it with {' '.join(f'--large {name}' for name in lacking)}."
        raise Refused(409, "E814", stored.slug, what, mend)
    bindings = bind(stored, job.given, job.as_at, Resolver(graph.store, job.as_at).by_type())
    found = ask(graph.store, stored.text, bindings, limit=graph.limits.rows, where=stored.slug)
    form = choose(TABLES if found.triples is None else TRIPLES, job.accept, job.form)
    told = about(
        found, job.as_at, data=graph.located.version, text=stored.text, name=stored.slug, question=stored.question
    )
    told = _told(told, graph.limits, cut=found.cut)
    labels = labels_in(graph.store, iris_of(found.rows)) if job.labels else {}
    if found.triples is not None:
        triples = (*found.triples, *naming_triples(labels))
        return Reply(200, TRIPLES[form], triples_as(form, triples, told), headers_of(told))
    columns, rows = with_labels(found.columns, found.rows, labels) if labels else (found.columns, found.rows)
    own = form == "xml"
    body = rows_as(form, columns, rows, told) if own else texts.FORMATS[form](columns, rows, told).encode()
    return Reply(200, TABLES[form], body, headers_of(told) | _policy(form, body))


def headers_of(told: About) -> dict[str, str]:
    """Give the headers that say what goes with an answer."""
    complete = {True: "true", False: "false", None: "unknown"}[told.whole]
    headers = {
        f"X-Icsgraph-{told.unit.title()}": str(told.rows), "X-Icsgraph-Complete": complete,
        "X-Icsgraph-Query": told.query, "X-Icsgraph-Data": told.data, "X-Icsgraph-As-At": told.as_at.isoformat(),
    }  # fmt: skip
    return headers | ({"X-Icsgraph-Why-Cut": told.extent} if told.whole is False else {})


def _policy(form: str, body: bytes) -> dict[str, str]:
    return {"Content-Security-Policy": policy(body.decode())} if form == "html" else {}


def _told(told: About, limits: Limits, *, cut: bool) -> About:
    """Say whose limit cut the answer."""
    why = f"at the limit of {limits.rows} {told.unit} that this service has: there are more"
    return replace(told, why_cut=why) if cut else told


def _keep_inside(graph: Graph, query: nodes.Query) -> None:
    """Refuse whatever would have the store look elsewhere."""
    for use in outside_uses(query):
        target = f"<{use.target.value}>" if isinstance(use.target, nodes.IRI) else f"?{use.target.name}"
        if use.keyword == "SERVICE":
            what = f"SERVICE {target} asks another service, and this one asks none"
            raise Refused(403, "E804", "query", what, "Leave SERVICE out; ask the other service yourself.")
        _known(graph, use.target.value if isinstance(use.target, nodes.IRI) else target, use.keyword)


def _known(graph: Graph, iri: str, where: str) -> None:
    if not iri or iri not in graph.located.counts:
        what = f"the store has no graph <{iri[:200]}>, and none is fetched"
        mend = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } lists the graphs."
        raise Refused(400, "E803", where, what, mend)


def _dataset(graph: Graph, job: Ask) -> tuple[_Default, _Named]:
    """The dataset that the protocol names, which takes the place of the query's own."""
    if job.default_graphs is None and job.named_graphs is None:
        return None, None
    default, named = job.default_graphs or (), job.named_graphs or ()
    for where, iris in (("default-graph-uri", default), ("named-graph-uri", named)):
        for iri in iris:
            _known(graph, iri, where)
    return [ox.NamedNode(iri) for iri in default], [ox.NamedNode(iri) for iri in named]


def _run(graph: Graph, text: str, given: str, default: _Default, named: _Named) -> Answer:
    digest, most = digest_of(given, {}), graph.limits.rows
    try:
        results = graph.store.query(text, default_graph=default, named_graphs=named)
        if isinstance(results, ox.QueryBoolean):
            return Answer(("answer",), ((ox.Literal(bool(results)),),), None, False, digest, "answers")
        if isinstance(results, ox.QueryTriples):
            triples = tuple(islice(results, most + 1))
            rows = tuple((t.subject, t.predicate, t.object) for t in triples[:most])
            return Answer(
                ("subject", "predicate", "object"), rows, triples[:most], len(triples) > most, digest, "triples"
            )
        columns = tuple(variable.value for variable in results.variables)
        solutions = tuple(tuple(solution[name] for name in columns) for solution in islice(results, most + 1))
    except SyntaxError as error:
        what = f"the store cannot read the query: {error.msg}"
        raise QueryError("E207", "query", what, "Write it another way.") from error
    except (ValueError, OSError, RuntimeError) as error:
        mend = "Change the query and run it again."
        raise QueryError("E207", "query", f"the query cannot be run: {error}", mend) from error
    return Answer(columns, solutions[:most], None, len(solutions) > most, digest)
