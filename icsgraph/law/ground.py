# SPDX-License-Identifier: Apache-2.0
"""What a check stands on: where shapes run, and what a constraint looks at. Here it is a store in this process.

``icsgraph.law.remote`` has the ground of an endpoint, where only counts and what was found cross the network.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from icsgraph import shacl
from icsgraph.law.population import Member, Pair, applicable, population, systems_of, with_authorities
from icsgraph.law.shapes import ShapeSet
from icsgraph.store.context import in_context
from icsgraph.store.opened import Opened
from icsgraph.store.select import Term, rows

_TERM: Final = (ox.NamedNode, ox.BlankNode, ox.Literal)


@dataclass(frozen=True, slots=True)
class Looked:
    """What one constraint looks at.

    ``everyone`` is its population, as far as results need it, ``members`` those of it in the systems looked at, and
    ``applies`` the pairs to which it applies. ``size`` and ``applying`` count the members, and those to which it
    applies; ``anyone``: there is a population at all.
    """

    everyone: Mapping[Pair, Member]
    members: Mapping[Pair, Member]
    applies: Collection[Pair]
    size: int
    applying: int
    anyone: bool


class Ground:
    """A graph in this process. Where it cannot be written to, queries carry the as-at context in themselves."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened

    def notes(self) -> tuple[str, ...]:
        """Say what a report should tell of where its records were looked at; of this process, nothing."""
        return ()

    def systems(self, same: Mapping[str, set[str]]) -> set[str]:
        """Give the systems that users' records name."""
        return systems_of(self.opened.store, same, self.opened.as_at.isoformat())

    def with_authorities(self, systems: Collection[str]) -> set[str]:
        """Give systems with the councils that lie in their areas on the as-at date."""
        return with_authorities(self.opened.store, systems, self.opened.as_at.isoformat())

    def validate(self, compiled: shacl.Compiled, engine: str) -> shacl.Results:
        """Run shapes."""
        context = self.opened.context
        if engine == "pyshacl":
            return shacl.validate(self.opened.writable().store, compiled, engine="pyshacl")
        if context is None:
            return shacl.validate(self.opened.store, compiled)
        return shacl.validate(_InContext(self.opened.store, context), compiled)

    def stated(self, columns: Sequence[str], where: str) -> list[tuple[Term, ...]]:
        """Ask what users' records state: distinct rows of some variables that the pattern binds.

        Where there are no files, everything in the store counts as theirs.
        """
        head = f"SELECT DISTINCT {' '.join(f'?{name}' for name in columns)}"
        graphs = [f"GRAPH {file.graph} {{ {where} }}" for file in self.opened.files] or [where]
        found = [row for part in graphs for row in rows(self.opened.store, f"{head} WHERE {{ {part} }}")]
        return [tuple(term for name in columns if isinstance(term := row[name], _TERM)) for row in found]

    def tells_of(self, focus: Term) -> bool:
        """Say whether users' records speak of a thing; where there are none, everything counts as theirs."""
        graphs = {file.graph for file in self.opened.files}
        if not graphs or isinstance(focus, ox.Literal | ox.Triple):
            return True
        return any(q.graph_name in graphs for q in self.opened.store.quads_for_pattern(focus, None, None, None))

    def prepare(self, names: Collection[str], shapes: ShapeSet, scope: set[str]) -> None:
        """Get ready to say what constraints look at; here nothing is to be done beforehand."""

    def looked_at(self, name: str, shapes: ShapeSet, results: Collection[ox.NamedNode], scope: set[str]) -> Looked:
        """Give what a constraint looks at. ``results`` are the focus nodes that were found, all that must be known."""
        del results
        store = self.opened.store
        everyone = population(store, name, self._put(shapes.population[name]))
        members = {pair: member for pair, member in everyone.items() if not scope or member.system in scope}
        applies = applicable(store, name, self._put(shapes.applicability[name]))
        applying = sum(pair in applies for pair in members)
        return Looked(everyone, members, applies, len(members), applying, bool(everyone))

    def _put(self, query: str) -> str:
        return query if self.opened.context is None else in_context(query, self.opened.context)


class _InContext:
    """Runs queries on a store with the as-at context put into them."""

    def __init__(self, store: ox.Store, context: Mapping[str, ox.Literal]) -> None:
        self._runner, self._context = shacl.StoreRunner(store), context

    def select(self, sparql: str) -> Iterator[shacl.Row]:
        return self._runner.select(in_context(sparql, self._context))
