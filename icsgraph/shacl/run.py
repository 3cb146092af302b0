# SPDX-License-Identifier: Apache-2.0
"""Runs compiled shapes against data, in process or wherever a SPARQL 1.1 endpoint answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal as OneOf
from typing import Protocol, TypeAlias, runtime_checkable

import pyoxigraph as ox

from icsgraph.model.errors import ShapesError
from icsgraph.model.namespaces import RDFS
from icsgraph.shacl.choosing import wide_ones
from icsgraph.shacl.collect import Found, collect
from icsgraph.shacl.compiled import Compiled, CompiledQuery
from icsgraph.shacl.context import CLASS_ROWS, CLASSES, THIS
from icsgraph.shacl.results import Result, Results, ShapeRun
from icsgraph.shacl.terms import Term

Row: TypeAlias = Mapping[str, Term]
AnyTerm: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Progress: TypeAlias = Callable[[int, int], None]
"""Called with how many queries are done, and how many there are."""


@runtime_checkable
class Runner(Protocol):
    """Anything that answers a SELECT: one mapping of variable names to terms for each row, unbound ones left out."""

    def select(self, sparql: str) -> Iterator[Row]: ...


@runtime_checkable
class Counter(Protocol):
    """A runner that can have rows counted where they are, so that they need not come here.

    What ``counts`` has counted, many queries at once, ``select`` need not ask for where it is nothing.
    """

    def count(self, sparql: str) -> int: ...

    def counts(self, queries: Sequence[str]) -> list[int]: ...


class StoreRunner:
    """Queries a pyoxigraph store in this process; its default graph is the data graph."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store

    def select(self, sparql: str) -> Iterator[Row]:
        return self._rows(sparql, {})

    def select_with(self, sparql: str, this: Term) -> Iterator[Row]:
        """The rows with ``?this`` pre-bound, which the text of a query could not do for a blank node."""
        return self._rows(sparql, {ox.Variable("this"): this})

    def number(self, sparql: str) -> int:
        """How many rows a query has; they are counted where they are found."""
        (row,) = self.select(f"SELECT (COUNT(*) AS ?number) WHERE {{ {{ {sparql} }} }}")
        return int(row["number"].value)

    def triples(self, name: str, limit: int) -> int:
        """How many triples have a property, up to a limit."""
        return self.number(f"SELECT ?s WHERE {{ ?s <{name}> ?o }} LIMIT {limit}")

    def _rows(self, sparql: str, bindings: dict[ox.Variable, AnyTerm]) -> Iterator[Row]:
        solutions = self.store.query(sparql, substitutions=bindings)
        assert isinstance(solutions, ox.QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            values = zip(names, solution, strict=True)
            yield {name: term for name, term in values if term is not None and not isinstance(term, ox.Triple)}


def validate(
    data: Runner | ox.Store,
    compiled: Compiled,
    *,
    engine: OneOf["compiled", "pyshacl"] = "compiled",
    progress: Progress | None = None,
    threads: int = 2,
) -> Results:
    """Validate data against compiled shapes.

    A target shape that was not compiled, or whose regular expressions the engine cannot read, is decided by pySHACL
    where the data is a store in this process; ``Results.shapes`` says so for each. Elsewhere it stays undecided.

    Args:
        data: a store, whose default graph is the data graph, or a runner.
        engine: "pyshacl" has pySHACL decide everything; it needs a store in this process.
        threads: how many queries run side by side (pyoxigraph lets go of the interpreter while it works).

    Raises:
        ShapesError: E304, pySHACL was asked for over data that is not in this process.
    """
    runner = StoreRunner(data) if isinstance(data, ox.Store) else data
    if engine == "pyshacl":
        return _on_pyshacl(runner, compiled)
    classes = _classes(runner, compiled.slots)
    reasons = {refusal.shape: (refusal.reason, refusal.fallback) for refusal in compiled.refused}
    reasons |= {
        shape: (reason, True) for shape, reason in _unreadable(runner, compiled).items() if shape not in reasons
    }
    queries = [query for query in compiled.queries if query.target not in reasons]
    focus = {target.node: fill_in(target.focus, classes) for target in compiled.targets}
    if isinstance(runner, Counter):
        whole = [fill_in(query.text, classes) for query in queries if query.template is None]
        for part in _parts([*focus.values(), *whole], 100):
            runner.counts(part)
    steps = _Steps(progress, len(focus) + len(queries))
    looked_at = _mapped(lambda node: _count(runner, focus[node]), list(focus), threads, steps)
    idle = {node for node, count in zip(focus, looked_at, strict=True) if not count}
    if not isinstance(runner, Counter):  # an endpoint has counted the rows of all of them already
        wanted = [query for query in queries if query.target not in idle]
        steps.pass_over(len(queries) - len(wanted))
        queries = wanted
    wide: Collection[int] = ()
    if isinstance(runner, StoreRunner):
        wide = wide_ones(queries, dict(zip(focus, looked_at, strict=True)), runner.triples)
    parts = [query.wide if at in wide else (query,) for at, query in enumerate(queries)]
    rows = _mapped(
        lambda part: [f for query in part for f in _run(query, runner, classes, focus)], parts, threads, steps
    )
    found = [each for answers in rows for each in answers]
    undecided, handed_over = _hand_over(runner, compiled, reasons)
    runs = []
    for node, count in zip(focus, looked_at, strict=True):
        reason = reasons[node][0] if node in reasons else None
        name = None if node in undecided else "pyshacl" if node in reasons else "compiled"
        runs.append(ShapeRun(node, count, name, reason))
    for refusal in compiled.refused:
        if refusal.shape not in focus:
            name = None if refusal.shape in undecided else "pyshacl"
            runs.append(ShapeRun(refusal.shape, 0, name, refusal.reason))
    return collect(found, handed_over, runs, compiled, lambda: _blank_triples(runner))


@dataclass
class _Steps:
    """Counts what is done, over everything that is to be done."""

    progress: Progress | None
    total: int
    done: int = 0

    def pass_over(self, number: int) -> None:
        for _ in range(number):
            self.one()

    def one(self) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, self.total)


def _count(runner: Runner, query: str) -> int:
    if isinstance(runner, StoreRunner):
        return runner.number(query)
    return runner.count(query) if isinstance(runner, Counter) else sum(1 for _ in runner.select(query))


def fill_in(text: str, classes: Sequence[Sequence[str]]) -> str:
    """The text with each slot replaced by the classes at and below the one it stands for."""
    if CLASSES not in text and CLASS_ROWS not in text:
        return text
    for number, iris in enumerate(classes):
        text = text.replace(f"<{CLASSES}{number}>", ", ".join(f"<{iri}>" for iri in iris))
        text = text.replace(f"(<{CLASS_ROWS}{number}>)", " ".join(f"(<{iri}>)" for iri in iris))
        text = text.replace(f"<{CLASS_ROWS}{number}>", " ".join(f"<{iri}>" for iri in iris))
    return text


def _blank_triples(runner: Runner) -> Iterator[tuple[Term, Term, Term]]:
    """The triples by which blank nodes are told apart; none from an endpoint, where their labels do not last."""
    if isinstance(runner, Counter):
        return
    for row in runner.select("SELECT ?s ?p ?o WHERE { ?s ?p ?o FILTER (isBlank(?s) || isBlank(?o)) }"):
        yield row["s"], row["p"], row["o"]


def _classes(runner: Runner, slots: tuple[str, ...]) -> list[list[str]]:
    """For each slot, its class and every class below it in the data.

    One query for each level, and no property path: Virtuoso 7 takes none whose start is not a constant.
    """
    directly: dict[str, set[str]] = {}
    asked, wave = set[str](), set(slots)
    while wave:
        asked |= wave
        found: set[str] = set()
        for part in _parts(sorted(wave), 500):
            values = " ".join(f"<{cls}>" for cls in part)
            query = f"SELECT ?class ?below WHERE {{ VALUES ?class {{ {values} }} ?below <{RDFS}subClassOf> ?class }}"
            for row in runner.select(query):
                if isinstance(row["below"], ox.NamedNode):
                    directly.setdefault(row["class"].value, set()).add(row["below"].value)
                    found.add(row["below"].value)
        wave = found - asked
    return [sorted(_below(cls, directly)) for cls in slots]


def _below(cls: str, directly: Mapping[str, set[str]]) -> set[str]:
    seen, wave = {cls}, {cls}
    while wave:
        wave = {each for above in wave for each in directly.get(above, ())} - seen
        seen |= wave
    return seen


def _parts(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _unreadable(runner: Runner, compiled: Compiled) -> dict[Term, str]:
    """The target shapes that use a regular expression which this engine cannot read, with the reason."""
    distinct = list(dict.fromkeys((pattern, flags) for _, pattern, flags in compiled.patterns))
    if not distinct:
        return {}
    columns = " ".join(
        f'(REGEX("", {ox.Literal(pattern)}{f", {ox.Literal(flags)}" if flags else ""}) AS ?r{number})'
        for number, (pattern, flags) in enumerate(distinct)
    )
    rows = list(runner.select(f"SELECT {columns} WHERE {{ }}"))
    bad = {pair for number, pair in enumerate(distinct) if not rows or f"r{number}" not in rows[0]}
    return {
        shape: f"sh:pattern {pattern!r} is no regular expression to this SPARQL engine"
        for shape, pattern, flags in compiled.patterns
        if (pattern, flags) in bad
    }


def _run(
    query: CompiledQuery, runner: Runner, classes: Sequence[Sequence[str]], focus: Mapping[Term, str]
) -> list[Found]:
    text = fill_in(query.text, classes)
    probed = query.probe is not None and not isinstance(runner, Counter)
    if probed and next(iter(runner.select(fill_in(query.probe or "", classes))), None) is None:
        return []
    rows = runner.select(text) if query.template is None else _each(query, text, runner, focus[query.target])
    found = []
    for row in rows:
        for check in query.checks:
            if check.flag is None or (check.flag in row and row[check.flag].value == "false"):
                found.append(Found(query.target, check, row))
    return found


def _each(query: CompiledQuery, text: str, runner: Runner, focus: str) -> Iterator[Row]:
    """The rows of a query that is run for each focus node."""
    assert query.template is not None
    for node in [row["this"] for row in runner.select(focus)]:
        if not isinstance(node, ox.BlankNode):
            rows = runner.select(query.template.replace(f"<{THIS}>", str(node)))
        else:
            rows = _for_blank_node(query, text, runner, node)
        for row in rows:
            yield {**row, "this": node}


def _for_blank_node(query: CompiledQuery, text: str, runner: Runner, node: ox.BlankNode) -> Iterator[Row]:
    mend = "Give the node an IRI, or validate in process."
    if isinstance(runner, StoreRunner):
        try:
            return iter(list(runner.select_with(text, node)))
        except SyntaxError:
            # Such as an aggregate beside $this without GROUP BY: SPARQL only once a constant stands in its place.
            mend = "Give the node an IRI, or add GROUP BY $this to the query."
    what = "a query is run for each focus node, and one of them is a blank node, which its text cannot name"
    raise ShapesError("E305", str(query.target), what, mend)


def _mapped(work, items, threads: int, steps: _Steps):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """The answers in the order of the items; after an error nothing more is begun."""
    done = []
    pool = ThreadPoolExecutor(max_workers=max(threads, 1))
    try:
        for answer in pool.map(work, items):
            done.append(answer)
            steps.one()
    finally:
        pool.shutdown(cancel_futures=True)
    return done


def _hand_over(
    runner: Runner, compiled: Compiled, reasons: Mapping[Term, tuple[str, bool]]
) -> tuple[set[Term], list[Result]]:
    """What pySHACL says of the target shapes that are not compiled, and those that stay undecided."""
    candidates = {shape for shape, (_, fallback) in reasons.items() if fallback}
    if not candidates or not isinstance(runner, StoreRunner):
        return set(reasons), []
    from icsgraph.shacl.reference import pyshacl_validate

    results = pyshacl_validate(runner.store, compiled, only=candidates)
    return set(reasons) - candidates, list(results.results)


def _on_pyshacl(runner: Runner, compiled: Compiled) -> Results:
    if not isinstance(runner, StoreRunner):
        what = "pySHACL needs the data in this process, and it is at an endpoint"
        raise ShapesError("E304", "validation", what, "Use the compiled engine, or load the data here.")
    from icsgraph.shacl.reference import pyshacl_validate

    classes = _classes(runner, compiled.slots)
    return pyshacl_validate(
        runner.store,
        compiled,
        only={target.node for target in compiled.targets} | {refusal.shape for refusal in compiled.refused},
        focus_nodes=lambda query: sum(1 for _ in runner.select(fill_in(query, classes))),
    )
