# SPDX-License-Identifier: Apache-2.0
"""Data and a day to a graph that answers questions: what ships, files over it, a built store, or an endpoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from icsgraph.api.answer import Answer
from icsgraph.api.asking import Parameter, asked, bindings, library
from icsgraph.api.progress import Progress, telling
from icsgraph.api.showing import Listing, Told
from icsgraph.api.sources import ground_there, open_built
from icsgraph.law.bodies import Resolver
from icsgraph.model.dates import read_day
from icsgraph.model.errors import LookupFailed
from icsgraph.opening import open_graph
from icsgraph.queries.about import about
from icsgraph.queries.labels import iris_of, labels_by, labels_in, with_labels
from icsgraph.queries.run import ask
from icsgraph.store.endpoint import Endpoint
from icsgraph.store.opened import Opened

if TYPE_CHECKING:
    import rdflib

    from icsgraph.api.guidance import Guidance
    from icsgraph.api.report import Report
    from icsgraph.guidance.norms import Norm
    from icsgraph.law.describe import Description
    from icsgraph.law.explain import Explanation
    from icsgraph.law.ground import Ground
    from icsgraph.law.whatif import WhatIf
    from icsgraph.queries.compare import Change
    from icsgraph.queries.doctor import Diagnosis
    from icsgraph.queries.search import Entry
    from icsgraph.queries.stored import StoredQuery

_LINKS: Final = 40


def open_(
    *paths: str | Path,
    as_at: date | str | None = None,
    store: str | Path | None = None,
    endpoint: str | None = None,
    background: bool = True,
    progress: Progress | None = None,
) -> Graph:
    """Open a graph for questions.

    Args:
        paths: files and folders of RDF, laid over what ships; none gives what ships alone.
        as_at: the day as at which to answer, a date or YYYY-MM-DD; today unless given.
        store: folder of a store that ``icsgraph build`` made, in place of what ships.
        endpoint: address of a SPARQL 1.1 endpoint, which has its own data.
        background: whether the packaged England lies under the files; the ontology and the law always do.
        progress: called with a :class:`Step` when long work begins, goes on and ends.

    Raises:
        LookupFailed: E403 for a day that is none, E440 when an endpoint and data are named together.
        LoadError: when a file or a store cannot be used; nothing is loaded then.
    """
    if endpoint and (paths or store):
        what = "an endpoint is named, and data or a store as well"
        raise LookupFailed("E440", endpoint, what, "Name one of them: an endpoint has its own data.")
    graph = Graph(
        tuple(Path(path) for path in paths), _day(as_at), Path(store) if store else None,
        Endpoint(endpoint) if endpoint else None, background=background, progress=progress,
    )  # fmt: skip
    if not endpoint:
        graph.opened()
    return graph


def _day(given: date | str | None) -> date:
    return date.today() if given is None else read_day(given, "as_at") if isinstance(given, str) else given


class Graph:
    """A graph as at a day. :func:`icsgraph.open` makes one."""

    def __init__(
        self, paths: tuple[Path, ...], as_at: date, store: Path | None, endpoint: Endpoint | None, *,
        background: bool = True, progress: Progress | None = None,
    ) -> None:  # fmt: skip
        """Take what :func:`icsgraph.open` makes of its arguments."""
        self.paths, self.as_at = paths, as_at
        self._store, self._endpoint, self._background, self._progress = store, endpoint, background, progress
        self._opened: dict[tuple[str, ...], Opened] = {}

    def __repr__(self) -> str:
        data = [str(path) for path in self.paths] or ([] if self._endpoint or self._store else ["what ships"])
        named = [self._endpoint.url] if self._endpoint else [str(self._store)] if self._store else []
        return f"<Graph: {', '.join((*named, *data))}, as at {self.as_at}>"

    @property
    def version(self) -> str:
        """SHA-256 of everything loaded; empty for an endpoint."""
        return "" if self._endpoint else self.opened().version

    def at(self, day: date | str) -> Graph:
        """Give the same data as at another day."""
        graph = Graph(
            self.paths, _day(day), self._store, self._endpoint, background=self._background, progress=self._progress
        )
        if not self.paths and self._store is None:  # nothing of what ships alone depends on the day
            graph._opened = {graphs: replace(opened, as_at=graph.as_at) for graphs, opened in self._opened.items()}
        return graph

    def opened(self, graphs: Sequence[str] = ()) -> Opened:
        """Give the store behind the graph, with large graphs of these names as well.

        Raises:
            LookupFailed: E405 for a large graph that there is not, E440 for an endpoint, whose store is elsewhere, or a
                built store that lacks one.
        """
        wanted = tuple(sorted(set(graphs)))
        if self._endpoint:
            what = "an endpoint can be asked with query and validate alone"
            raise LookupFailed("E440", self._endpoint.url, what, "Open data or a store for this.")
        if wanted not in self._opened:
            with telling(self._progress, "opening the graph"):
                self._opened[wanted] = self._open(wanted)
        return self._opened[wanted]

    def _open(self, wanted: tuple[str, ...]) -> Opened:
        if self._store is None:
            return open_graph(*self.paths, as_at=self.as_at, on_demand=wanted, background=self._background)
        return open_built(self._store, self.as_at, wanted, self.paths)

    def queries(self, words: str = "") -> Listing[StoredQuery]:
        """Give the stored queries whose name, question or keywords hold every word; all of them, for no words."""
        return Listing(library().search(words), "stored queries", ("slug", "question", "family"))

    def query(
        self, question: str | Path, /, *, limit: int | None = None, labels: bool = False, graphs: Sequence[str] = (),
        **params: Parameter,
    ) -> Answer:  # fmt: skip
        """Answer a stored query, SPARQL text, or a file.

        Args:
            question: the name of a stored query, SPARQL, or the path of a file.
            limit: at most this many rows.
            labels: put a column with names beside each of IRIs.
            graphs: large graphs to have as well, such as boundaries; stored queries name theirs.
            params: values of the query's parameters; a board, a council or a topic by its name or code.

        Raises:
            QueryError: E2xx, when the query or a parameter cannot be used.
            LookupFailed: E4xx, when a name means nothing, or more than one thing.
            EndpointError: E6xx, when an endpoint does not answer.
        """
        text, name, stored = asked(question)
        if self._endpoint:
            from icsgraph.queries.endpoint import ask_endpoint
            from icsgraph.store.remote import select

            there, names = self._endpoint, open_graph(as_at=self.as_at).store
            put, data = partial(ask_endpoint, there), ""
            naming = partial(labels_by, lambda rows: select(there, rows)[1])
        else:
            from icsgraph.queries.rewriting import rewritten

            opened = self.opened((*(stored.graphs if stored else ()), *graphs))
            names, data = opened.store, opened.version
            put = partial(ask, names, rewrite=lambda one: rewritten(one).text)
            naming = partial(labels_in, names)
        bound = bindings(stored, params, self.as_at, Resolver(names, self.as_at).by_type())
        with telling(self._progress, f"asking {name}"):
            answered = put(text, bound, limit=limit, where=name)
        told = about(
            answered, self.as_at, data=data, text=text, name=name, question=stored.question if stored else "",
            endpoint=self._endpoint.url if self._endpoint else "", limit=limit,
        )  # fmt: skip
        if labels:
            return Answer(answered, told, *with_labels(answered.columns, answered.rows, naming(iris_of(answered.rows))))
        return Answer(answered, told, answered.columns, answered.rows)

    def why_empty(self, question: str | Path, /, **params: Parameter) -> Told[Diagnosis]:
        """Say which part of a query loses the rows, and what was likely meant.

        Raises:
            QueryError: as :meth:`query`.
        """
        from icsgraph.queries.check import read
        from icsgraph.queries.doctor import diagnose
        from icsgraph.queries.run import bound_text
        from icsgraph.queries.selecting import select_in
        from icsgraph.reports.diagnosis import as_text

        text, name, stored = asked(question)
        store = self.opened(stored.graphs if stored else ()).store
        bound = bindings(stored, params, self.as_at, Resolver(store, self.as_at).by_type())
        with telling(self._progress, f"looking into {name}"):
            found = diagnose(read(bound_text(text, bound), name), select_in(store))
        return Told(found, as_text(found), f"```text\n{as_text(found)}\n```\n")

    def validate(
        self, *, constraints: Sequence[str] | None = None, topics: Sequence[str] = (), systems: Sequence[str] = (),
        shapes: Sequence[str | Path] = (), baseline: str | Path | None = None,
        engine: Literal["compiled", "pyshacl"] = "compiled",
    ) -> Report:  # fmt: skip
        """Check the records of the graph's files, store or endpoint against the law, the guidance and their form.

        Args:
            constraints: ids of the constraints to check, such as ICS-20; all unless given.
            topics: check only what rests on records of these topics, such as copies.
            systems: look only at these systems, by code or name of the board.
            shapes: files of SHACL of your own, in place of those that ship.
            baseline: file of findings that somebody lets stand.
            engine: both give the same findings.

        Raises:
            LookupFailed: E406 when the graph has no records of yours; E4xx for a name that means nothing.
            ShapesError: E3xx for shapes that cannot be used.
        """
        from icsgraph.api.report import Report
        from icsgraph.law.request import Request, validate

        with telling(self._progress, "looking over the data"):
            ground = self._ground()
        request = Request(
            constraints=constraints, topics=topics, systems=systems, shapes=[Path(path) for path in shapes],
            baseline=Path(baseline) if baseline else None, engine=engine,
        )  # fmt: skip
        with telling(self._progress, "checking"):
            return Report(validate(ground.opened, request, ground))

    def _ground(self) -> Ground:
        from icsgraph.law.ground import Ground

        if self._endpoint is None:
            if not (self.paths or self._store):
                mend = "Name the files that hold your records: icsgraph.open('records.ttl')."
                raise LookupFailed("E406", "validate", "no file or folder is named", mend)
            return Ground(self.opened())
        return ground_there(self._endpoint, self.as_at, background=self._background, progress=self._progress)

    def explain(self, what: str, *, constraint: str | None = None) -> Told[Explanation] | Told[Norm]:
        """Explain a constraint (ICS-20), a norm (norm/give-copies), or a finding by its id.

        Args:
            constraint: the constraint of the finding: only it is checked again, which is quicker.

        Raises:
            LookupFailed: when there is no such thing.
        """
        from icsgraph.law.catalogue import read_catalogue
        from icsgraph.law.explain import explain_constraint, explain_finding
        from icsgraph.reports.explanation import as_markdown, as_text

        if what.startswith("norm/"):
            return self.guidance.norm(what)
        opened = self.opened()
        catalogue = read_catalogue(opened.store)
        if what.upper() in catalogue.constraints or not (self.paths or self._store):
            found = explain_constraint(opened, catalogue, what)
        else:
            report = self.validate(constraints=[constraint.upper()] if constraint else None)
            found = explain_finding(opened, catalogue, report.reported, what)
        return Told(found, as_text(found), as_markdown(found))

    def describe(self, thing: str, *, limit: int = _LINKS) -> Told[Description]:
        """Say everything about one thing: a code, a name, a constraint, a prefixed name or an IRI.

        Args:
            limit: at most this many links to it.

        Raises:
            LookupFailed: E401 when it means nothing here, E402 when it means more than one thing.
        """
        from icsgraph.law.describe import describe
        from icsgraph.reports.thing import as_markdown, as_text

        found = describe(self.opened(), thing, limit)
        return Told(found, as_text(found), as_markdown(found))

    def find(self, words: str, *, kind: str = "", limit: int = 10) -> Listing[Entry]:
        """Find things by words of their names, codes, definitions and rules, which may be misspelt; the best first."""
        from icsgraph.law.find import find

        opened = self.opened()
        with telling(self._progress, "searching"):
            hits = find(opened, words, kind=kind, limit=limit)
        return Listing((hit.entry for hit in hits), "things", ("label", "kind", "field", "text", "iri"))

    def changes(self, since: date | str, *, kind: str = "") -> Listing[Change]:
        """Say what began, ended and changed between an earlier day and the graph's own."""
        from icsgraph.law.between import between

        found = between(self.opened(), _day(since), self.as_at, kind)
        return Listing(found, "differences", ("kind", "thing", "label", "what", "old", "new"))

    def what_if(
        self, *, merge: Sequence[str] = (), name: str = "", into: str = "", events: str | Path | None = None,
        patch: str | Path | None = None, on: date | str | None = None,
    ) -> Told[WhatIf]:  # fmt: skip
        """Say what would follow from a merger, a file of change events, or a patch to records; nothing is written.

        Args:
            merge: boards to merge, by code or name.
            name: name of the board that begins.
            into: a board that takes the others in, and goes on.
            events: file of change events, in place of a merger.
            patch: file that says what records would say.
            on: the day of the change; else the graph's, or the day after the boards last stood together.

        Raises:
            LookupFailed: E435 when no change is named, or two; E43x for one that does not fit.
        """
        from icsgraph.api.changing import foreseen

        files = [Path(path) if path else None for path in (events, patch)]
        return foreseen(self.opened(), merge, name, into, files[0], files[1], _day(on) if on else None)

    @property
    def guidance(self) -> Guidance:
        """What the editions of the guidance say."""
        from icsgraph.api.guidance import Guidance

        return Guidance(self.opened())

    def rdflib(self) -> rdflib.Graph:
        """Give all triples as a graph of rdflib: a copy, which takes some seconds and much memory."""
        from icsgraph.api.copying import as_rdflib

        with telling(self._progress, "copying to rdflib"):
            return as_rdflib(self.opened().store)
