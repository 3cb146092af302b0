# SPDX-License-Identifier: Apache-2.0
"""Questions to answers: stored queries, SPARQL and files of it; and what can be said of a question itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from icsgraph.api.answer import Answer
from icsgraph.api.asking import Parameter, asked, bindings, library
from icsgraph.api.data import Data
from icsgraph.api.progress import telling
from icsgraph.api.showing import Listing
from icsgraph.api.told import Told
from icsgraph.law.bodies import Resolver
from icsgraph.opening import open_graph
from icsgraph.queries.about import about
from icsgraph.queries.allowed import allowed_in
from icsgraph.queries.labels import iris_of, labels_by, labels_in, with_labels
from icsgraph.queries.run import ask, bound_text

if TYPE_CHECKING:
    from icsgraph.queries.check import Advice
    from icsgraph.queries.doctor import Diagnosis
    from icsgraph.queries.rewriting import Rewritten
    from icsgraph.queries.stored import StoredQuery


class Questions(Data):
    """A graph that answers questions."""

    def queries(self, words: str = "") -> Listing[StoredQuery]:
        """Give the stored queries whose name, question or keywords hold every word; all of them, for no words."""
        return Listing(library().search(words), "stored queries", ("slug", "question", "family"))

    def query(
        self, question: str | Path, /, *, limit: int | None = None, labels: bool = False, graphs: Sequence[str] = (),
        rewrite: bool = True, **params: Parameter,
    ) -> Answer:  # fmt: skip
        """Answer a stored query, SPARQL text, or a file.

        Args:
            question: the name of a stored query, SPARQL, or the path of a file.
            limit: at most this many rows.
            labels: put a column with names beside each of IRIs.
            graphs: large graphs to have as well, such as boundaries; stored queries name theirs.
            rewrite: whether EXISTS is replaced where the answers stay the same, as :meth:`plan` shows.
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
            put = partial(ask, names, rewrite=(lambda one: rewritten(one).text) if rewrite else str)
            naming = partial(labels_in, names)
        # What is at an endpoint is not known here: any value will do for it.
        allowed = None if self._endpoint else allowed_in(names)
        bound = bindings(stored, params, self.as_at, Resolver(names, self.as_at).by_type(), allowed)
        with telling(self._progress, f"asking {name}"):
            answered = put(text, bound, limit=limit, where=name)
        told = about(
            answered, self.as_at, data=data, text=text, name=name, question=stored.question if stored else "",
            endpoint=self._endpoint.url if self._endpoint else "", limit=limit,
        )  # fmt: skip
        if labels:
            return Answer(answered, told, *with_labels(answered.columns, answered.rows, naming(iris_of(answered.rows))))
        return Answer(answered, told, answered.columns, answered.rows)

    def check(self, question: str | Path, /, **params: Parameter) -> Listing[Advice]:
        """Look a question over without running it: unknown terms, variables that join nothing, products.

        Raises:
            QueryError: E201, E202 when it is no query; as :meth:`query` for its parameters.
        """
        from icsgraph.queries.check import check
        from icsgraph.queries.selecting import select_in
        from icsgraph.queries.vocabulary import Vocabulary

        text, name, store, bound = self._bound(question, params)
        return Listing(check(text, Vocabulary(select_in(store)), bound=bound, where=name), "pieces of advice")

    def plan(self, question: str | Path, /, **params: Parameter) -> Told[Rewritten]:
        """Give the form in which a question would run, its parameters put in, and why; nothing is run.

        Raises:
            QueryError: as :meth:`query`.
        """
        from icsgraph.queries.rewriting import Rewritten, rewritten

        text, _, _, bound = self._bound(question, params)
        return Told(rewritten(bound_text(text, bound)), {"text": Rewritten.explained})

    def why_empty(self, question: str | Path, /, **params: Parameter) -> Told[Diagnosis]:
        """Say which part of a query loses the rows, and what was likely meant.

        Raises:
            QueryError: as :meth:`query`.
        """
        from icsgraph.queries.check import read
        from icsgraph.queries.doctor import diagnose
        from icsgraph.queries.selecting import select_in
        from icsgraph.reports.diagnosis import as_text

        text, name, store, bound = self._bound(question, params)
        with telling(self._progress, f"looking into {name}"):
            found = diagnose(read(bound_text(text, bound), name), select_in(store))
        return Told(found, {"text": as_text})

    def _bound(
        self, question: str | Path, params: Mapping[str, Parameter]
    ) -> tuple[str, str, ox.Store, dict[str, ox.NamedNode | ox.Literal]]:
        """Give the text of a question, its name, the store to ask, and its parameters as terms."""
        text, name, stored = asked(question)
        store = self.opened(stored.graphs if stored else ()).store
        resolvers = Resolver(store, self.as_at).by_type()
        return text, name, store, bindings(stored, params, self.as_at, resolvers, allowed_in(store))
