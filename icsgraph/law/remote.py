# SPDX-License-Identifier: Apache-2.0
"""Records at an endpoint to the ground of a check: shapes and populations run there, findings and counts come here.

The law itself, and what a report says of it, is read from the graph that ships. What the endpoint knows of the things
in a report (labels, kinds, who belongs together, what is declared complete) is fetched into a store beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

import pyoxigraph as ox

from icsgraph import shacl
from icsgraph.law.ground import Ground, Looked
from icsgraph.law.population import Member, Pair, lying_in, with_twins
from icsgraph.law.shapes import ShapeSet
from icsgraph.model.errors import ShapesError
from icsgraph.model.namespaces import DCTERMS, ICS, PREFIXES, RDF, RDFS, SKOS
from icsgraph.store.opened import Opened
from icsgraph.store.paging import Paged, split
from icsgraph.store.select import Term
from icsgraph.store.select import text as term_text

Progress = Callable[[int, int], None]
_NAMES: Final = (
    *(RDF + "type", RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel", SKOS + "hiddenLabel", DCTERMS + "title"),
    *(ICS + name for name in ("odsCode", "onsCode", "code")),
)
_AT_ONCE: Final = 200
_T = TypeVar("_T")


class RemoteGround(Ground):
    """Records at an endpoint. ``opened`` holds what ships, and what is fetched to tell of the records."""

    def __init__(self, opened: Opened, packaged: ox.Store, paged: Paged, progress: Progress | None = None) -> None:
        """Fetch what a check needs to know beforehand: boards, who belongs together, what is declared complete."""
        super().__init__(opened)
        self._paged, self._packaged, self._progress = paged, packaged, progress
        self._described, self._shipped_only = set[str](), set[Term]()
        self._fetch("?s ?p ?o", f"VALUES ?p {{ <{ICS}isPartnershipOf> }} ?s ?p ?o")
        self._fetch("?s ?p ?o", f"?s a <{ICS}CompletenessStatement> ; ?p ?o")
        places = " ".join(f"<{ICS}{name}>" for name in ("ofAuthority", "inAreaOf", "inBoardArea"))
        self._fetch("?s ?p ?o", f"VALUES ?p {{ {places} }} ?s ?p ?o")
        self._graphs()
        self._describe(row["s"] for row in paged.select(f"SELECT ?s WHERE {{ ?s a <{ICS}IntegratedCareBoard> }}"))

    def notes(self) -> tuple[str, ...]:
        return (f"checked where the records are, by {self._paged.endpoint.told()}",)

    def systems(self, same: Mapping[str, set[str]]) -> set[str]:
        marked = self.opened.store.quads_for_pattern(None, ox.NamedNode(ICS + "namesSystem"), None, ox.DefaultGraph())
        values = " ".join(str(quad.subject) for quad in marked if term_text(quad.object) == "true")
        named = self._named(f"VALUES ?p {{ {values} }} ?x ?p ?s FILTER (isIRI(?s))")
        return self.with_authorities(with_twins(named or self._described_here(), same))

    def with_authorities(self, systems: Collection[str]) -> set[str]:
        if not systems:
            return set()
        day = self.opened.as_at.isoformat()
        scope = set(systems) | {term_text(row["council"]) for row in self._paged.select(lying_in(systems, day))}
        self._describe(map(ox.NamedNode, scope))
        return scope

    def _described_here(self) -> set[str]:
        """The boards and partnerships of the endpoint that do not ship."""
        kinds = " ".join(f"<{ICS}{name}>" for name in ("IntegratedCareBoard", "IntegratedCarePartnership"))
        found = self._named(f"VALUES ?kind {{ {kinds} }} ?s a ?kind FILTER (isIRI(?s))")
        return {iri for iri in found if not self._ships(ox.NamedNode(iri))}

    def _named(self, where: str) -> set[str]:
        return {term_text(row["s"]) for row in self._paged.select(f"SELECT DISTINCT ?s WHERE {{ {where} }}")}

    def validate(self, compiled: shacl.Compiled, engine: str) -> shacl.Results:
        chosen: Literal["compiled", "pyshacl"] = "pyshacl" if engine == "pyshacl" else "compiled"
        results = shacl.validate(self._paged, compiled, engine=chosen, progress=self._progress)
        self._describe(term for result in results for term in (result.focus, result.value))
        self._tell_apart({r.focus for r in results if isinstance(r.focus, ox.NamedNode) and self._ships(r.focus)})
        return results

    def stated(self, columns: Sequence[str], where: str) -> list[tuple[Term, ...]]:
        head = f"SELECT DISTINCT {' '.join(f'?{name}' for name in columns)}"
        return [tuple(row[name] for name in columns) for row in self._paged.select(f"{head} WHERE {{ {where} }}")]

    def tells_of(self, focus: Term) -> bool:
        return focus not in self._shipped_only

    def _ships(self, node: ox.NamedNode) -> bool:
        return next(self._packaged.quads_for_pattern(node, None, None, ox.DefaultGraph()), None) is not None

    def _tell_apart(self, nodes: set[ox.NamedNode]) -> None:
        """Find the things of which the endpoint says nothing but what ships."""
        more = set()
        for part in _parts(sorted(nodes, key=str)):
            these = " ".join(map(str, part))
            for row in self._paged.select(f"SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {these} }} ?s ?p ?o }}"):
                quad = ox.Quad(row["s"], row["p"], row["o"])  # type: ignore[arg-type]
                if not isinstance(row["o"], ox.BlankNode) and quad not in self._packaged:
                    more.add(row["s"])
        self._shipped_only = {node for node in nodes if node not in more}

    def prepare(self, names: Collection[str], shapes: ShapeSet, scope: set[str]) -> None:
        asked = {name: self._asked(name, shapes, scope) for name in names}
        sizes = self._paged.counts([each.members for each in asked.values()])
        self._paged.counts([each.applies for each, size in zip(asked.values(), sizes, strict=True) if size])
        if scope:
            self._paged.counts([each.population for each, size in zip(asked.values(), sizes, strict=True) if not size])

    def looked_at(self, name: str, shapes: ShapeSet, results: Collection[ox.NamedNode], scope: set[str]) -> Looked:
        asked = self._asked(name, shapes, scope)
        size = self._paged.count(asked.members)
        anyone = bool(size or (scope and self._paged.count(asked.population)))
        number = self._paged.count(asked.applies) if size else 0
        everyone: dict[Pair, Member] = {}
        pairs: set[Pair] = set()
        for part in _parts(sorted(results, key=str)):
            these = f"VALUES ?this {{ {' '.join(map(str, part))} }}"
            for row in self._paged.select(asked.population_of(these)):
                texts = {key: term_text(term) for key, term in row.items()}
                pair = texts["this"], texts.get("value", "")
                everyone[pair] = Member(texts.get("system", ""), texts.get("judgedOn", ""))
            for row in self._paged.select(asked.applicable_of(these)):
                pairs.add((term_text(row["this"]), term_text(row["value"]) if "value" in row else ""))
        inside_scope = {pair: member for pair, member in everyone.items() if not scope or member.system in scope}
        return Looked(everyone, inside_scope, pairs, size, number, anyone)

    def _asked(self, name: str, shapes: ShapeSet, scope: set[str]) -> _Asked:
        try:
            return _Asked.of(shapes.population[name], shapes.applicability[name], scope)
        except (SyntaxError, ValueError) as error:
            raise ShapesError(
                "E313", name, f"its population cannot be asked for: {error}", "Correct the query's file."
            ) from error

    def _fetch(self, columns: str, where: str) -> None:
        for row in self._paged.select(f"SELECT DISTINCT {columns} WHERE {{ {where} }}"):
            subject, prop = row["s"], row["p"]
            if not isinstance(subject, ox.Literal) and isinstance(prop, ox.NamedNode):
                self.opened.store.add(ox.Quad(subject, prop, row["o"]))

    def _describe(self, terms: Iterable[object]) -> None:
        """Fetch what things are called, and of which kinds they are."""
        wanted = {term.value for term in terms if isinstance(term, ox.NamedNode)} - self._described
        self._described |= wanted
        names = " ".join(f"<{name}>" for name in _NAMES)
        for part in _parts(sorted(wanted)):
            these = " ".join(f"<{iri}>" for iri in part)
            self._fetch("?s ?p ?o", f"VALUES ?s {{ {these} }} VALUES ?p {{ {names} }} ?s ?p ?o")

    def _graphs(self) -> None:
        """Name in the store here the graphs of which statements of completeness speak, where the endpoint has them."""
        prop = ox.NamedNode(ICS + "inGraph")
        for quad in self.opened.store.quads_for_pattern(None, prop, None, ox.DefaultGraph()):
            graph = quad.object
            if isinstance(graph, ox.NamedNode):
                held = f"SELECT (COUNT(*) AS ?n) WHERE {{ SELECT ?s WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }} LIMIT 1 }}"
                if self._paged.number(held):
                    self.opened.store.add_graph(graph)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The queries by which a constraint's population, its members in scope, and those it applies to are counted."""

    population: str
    members: str
    applies: str
    heads: tuple[str, str]
    bodies: tuple[str, str]

    @classmethod
    def of(cls, population: str, applicability: str, scope: set[str]) -> _Asked:
        for query in (population, applicability):
            ox.Store().query(query, prefixes=PREFIXES)  # wrong queries are told by the name of their constraint
        (head, body), (other_head, other_body) = split(population), split(applicability)
        inside = ", ".join(f"<{iri}>" for iri in sorted(scope) if not iri.startswith("_:"))
        members = _pairs(f"{{ {body} }}" + (f" FILTER (?system IN ({inside}))" if scope else ""))
        applies = f"SELECT * WHERE {{ {{ {members} }} {{ {_pairs(f'{{ {other_body} }}')} }} }}"
        return cls(population, head + members, head + other_head + applies, (head, other_head), (body, other_body))

    def population_of(self, these: str) -> str:
        return f"{self.heads[0]}SELECT * WHERE {{ {these} {{ {self.bodies[0]} }} }}"

    def applicable_of(self, these: str) -> str:
        return f"{self.heads[1]}SELECT * WHERE {{ {these} {{ {self.bodies[1]} }} }}"


def _pairs(where: str) -> str:
    """A query for pairs in which a missing value is a value too, so that pairs can be joined."""
    second = 'BIND (COALESCE(STR(?value), "") AS ?valueText)'
    return f"SELECT DISTINCT ?this ?valueText WHERE {{ {where} {second} }}"


def _parts(items: list[_T]) -> Iterator[list[_T]]:
    return (items[start : start + _AT_ONCE] for start in range(0, len(items), _AT_ONCE))
