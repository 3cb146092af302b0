# SPDX-License-Identifier: Apache-2.0
"""pySHACL as reference and fallback: the same shapes and data, the same kind of result; and how two outcomes differ.

pySHACL and rdflib are imported when something is asked of them, since that takes a third of a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from typing import Literal as OneOf

import pyoxigraph as ox

from icsgraph.model.errors import ShapesError
from icsgraph.model.namespaces import SH
from icsgraph.shacl.collect import in_order, labels_of
from icsgraph.shacl.compiled import Compiled
from icsgraph.shacl.graph import ShapesGraph
from icsgraph.shacl.results import Result, Results, ShapeRun, result_parts
from icsgraph.shacl.terms import RDF_TYPE, Term, sh

if TYPE_CHECKING:
    import rdflib

_TARGETS = {sh(name) for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "target")}
_SHAPE_TYPES = (sh("NodeShape"), sh("PropertyShape"))


@dataclass(frozen=True, slots=True)
class Difference:
    """A finding that one of two outcomes has and the other has not."""

    only_in: OneOf["first", "second"]
    result: Result

    def __str__(self) -> str:
        shape, component = self.result.source_shape, self.result.component.removeprefix(SH)
        return f"only in the {self.only_in}: {shape} {component}: {self.result}"


def compare(first: Iterable[Result], second: Iterable[Result]) -> tuple[Difference, ...]:
    """The findings in which two outcomes differ, sorted as the outcomes are; messages do not count.

    A finding that an outcome has twice, by two shapes' targets, counts once.
    """
    left, right = ({_key(result): result for result in results} for results in (first, second))
    found = [Difference("first", result) for key, result in left.items() if key not in right]
    found += [Difference("second", result) for key, result in right.items() if key not in left]
    return tuple(found)


def _key(result: Result) -> tuple[str, ...]:
    return (*map(str, result_parts(result)), result.severity)


def pyshacl_validate(
    store: ox.Store,
    compiled: Compiled,
    *,
    only: set[Term] | None = None,
    focus_nodes: Callable[[str], int] | None = None,
) -> Results:
    """Have pySHACL validate the default graph of a store.

    Args:
        store: the data; it is copied into an rdflib graph.
        compiled: the shapes, which their compiled form carries.
        only: the target shapes to start from; all of them unless given.
        focus_nodes: counts the rows of a query for focus nodes, for the summary of what was looked at.

    Raises:
        ShapesError: E306, pySHACL cannot read the shapes.
    """
    quads = _only(list(ox.parse(compiled.shapes_text.encode(), format=ox.RdfFormat.N_TRIPLES)), only)
    results = list(_results(_report(store, quads), _origins(quads, compiled)))
    labels = {**labels_of(results, _triples(store)), **compiled.labels}
    count = focus_nodes or (lambda _: 0)
    runs = tuple(
        ShapeRun(target.node, count(target.focus), "pyshacl")
        for target in compiled.targets
        if only is None or target.node in only
    )
    return Results(in_order([(result, ()) for result in results], labels), runs, "pyshacl")


def _only(quads: list[ox.Quad], only: set[Term] | None) -> list[ox.Quad]:
    """The shapes graph without rules, and without what only other target shapes lead to.

    pySHACL reads every shape it is given before it starts from any, and refuses the whole for one that it cannot read.
    """
    quads = [quad for quad in quads if quad.predicate != sh("rule")]
    if only is None:
        return quads
    shapes = {quad.subject for quad in quads if quad.predicate == RDF_TYPE and quad.object in _SHAPE_TYPES}

    def is_target(quad: ox.Quad) -> bool:
        implicit = quad.predicate == RDF_TYPE and quad.subject in shapes and quad.object not in _SHAPE_TYPES
        return quad.subject not in only and (quad.predicate in _TARGETS or implicit)

    others = _reached({quad.subject for quad in quads if is_target(quad)}, quads)
    kept = _reached(only | ({quad.subject for quad in quads} - others), quads)
    return [quad for quad in quads if quad.subject in kept and not is_target(quad)]


def _reached(start: Iterable[object], quads: Iterable[ox.Quad]) -> set[object]:
    """The nodes that can be reached from some, themselves included, along any properties."""
    following: dict[object, list[object]] = {}
    for quad in quads:
        following.setdefault(quad.subject, []).append(quad.object)
    found, waiting = set[object](), list(start)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += following.get(node, ())
    return found


def _report(store: ox.Store, quads: list[ox.Quad]) -> list[ox.Quad]:
    """The triples of pySHACL's report."""
    import pyshacl

    advanced = any(quad.predicate in (sh("target"), sh("expression")) for quad in quads)
    data = _graph(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    _, report, text = pyshacl.validate(data, shacl_graph=_graph(quads), advanced=advanced, inplace=not advanced)
    if not hasattr(report, "triples"):
        raise ShapesError(
            "E306", "pySHACL", str(text).splitlines()[0], "Correct the shapes, or use the compiled engine."
        )
    return [ox.Quad(*(_from_rdflib(term) for term in triple)) for triple in report]


def _results(report: list[ox.Quad], origins: dict[Term, Term]) -> Iterator[Result]:
    index = ShapesGraph(report)
    for head in index.predicates.get(sh("result"), ()):
        for node in index.objects(head, sh("result")):
            if sh("ValidationReport") in index.objects(head, RDF_TYPE):
                yield _result(index, node, origins)


def _result(index: ShapesGraph, node: Term, origins: dict[Term, Term]) -> Result:
    def named(local: str) -> Any:  # noqa: ANN401  (a term of the kind that the report's vocabulary says)
        return index.one(node, sh(local))

    path = named("resultPath")
    shape = named("sourceShape")
    return Result(
        "",
        named("focusNode"),
        index.path(node, path) if path is not None else None,
        named("value"),
        named("sourceConstraintComponent").value,
        shape,
        named("sourceConstraint"),
        named("resultSeverity").value,
        tuple(term for term in index.objects(node, sh("resultMessage")) if isinstance(term, ox.Literal)),
        origins.get(shape, shape),
    )


def _origins(quads: list[ox.Quad], compiled: Compiled) -> dict[Term, Term]:
    """For each shape that a target shape's properties lead to, the first such target shape."""
    index = ShapesGraph(quads)
    found: dict[Term, Term] = {}
    for target in compiled.targets:
        todo = [target.node]
        while todo:
            node = todo.pop()
            if found.setdefault(node, target.node) == target.node:
                todo += [other for other in index.objects(node, sh("property")) if other not in found]
    return found


def _triples(store: ox.Store) -> Iterator[tuple[Any, Any, Any]]:
    for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph()):
        yield quad.subject, quad.predicate, quad.object


def _graph(quads: Iterable[ox.Quad]) -> rdflib.Graph:
    """The triples as an rdflib graph; blank nodes keep their labels."""
    import rdflib

    graph = rdflib.Graph()
    for quad in quads:
        graph.add((_to_rdflib(quad.subject), _to_rdflib(quad.predicate), _to_rdflib(quad.object)))
    return graph


def _to_rdflib(term: Any) -> Any:  # noqa: ANN401  (rdflib's terms share no public type)
    import rdflib

    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = None if term.datatype.value.endswith("#string") else rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(term.value, datatype=datatype, normalize=False)


def _from_rdflib(term: Any) -> Any:  # noqa: ANN401
    import rdflib

    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)) if term.datatype else None)
