# SPDX-License-Identifier: Apache-2.0
"""Rows of compiled queries to results: paths, messages, ids, each result once, in an order that does not change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pyoxigraph as ox

from icsgraph.algebra.nodes import IRI, Path
from icsgraph.shacl.compiled import Check, Compiled
from icsgraph.shacl.labels import stable_labels
from icsgraph.shacl.messages import fill
from icsgraph.shacl.paths import path_text
from icsgraph.shacl.results import Result, Results, ShapeRun, digest_parts, sort_key
from icsgraph.shacl.terms import Term


@dataclass(frozen=True)
class Found:
    """A violation as a row tells it."""

    target: Term
    check: Check
    row: Mapping[str, Term]


def collect(
    found: Sequence[Found],
    others: Sequence[Result],
    runs: Sequence[ShapeRun],
    compiled: Compiled,
    triples: Callable[[], Iterable[tuple[Term, Term, Term]]],
) -> Results:
    """The results of a validation on the compiled engine; ``others`` come from pySHACL, ``triples`` name blank nodes.

    Two rows that say the same of the same node by the same shape are one result, also when two target shapes led to it.
    """
    pairs = [(_result(each), _telling(each)) for each in found] + [(result, ()) for result in others]
    labels = {**labels_of((result for result, _ in pairs), triples()), **compiled.labels}
    return Results(in_order(pairs, labels), tuple(runs), "compiled")


def labels_of(results: Iterable[Result], triples: Iterable[tuple[Term, Term, Term]]) -> dict[str, str]:
    """The stable labels of the data's blank nodes, worked out only where a result names one."""
    if any(isinstance(term, ox.BlankNode) for result in results for term in (result.focus, result.value)):
        return stable_labels(triples)
    return {}


def in_order(pairs: Iterable[tuple[Result, tuple[str, ...]]], labels: Mapping[str, str]) -> tuple[Result, ...]:
    """The results with their ids, each once, sorted; the second part of a pair tells apart results that look alike."""
    numbered: dict[str, dict[tuple[str, ...], Result]] = defaultdict(dict)
    for result, telling in pairs:
        numbered[digest_parts(result, labels)].setdefault(telling, result)
    done = []
    for digest, alike in numbered.items():
        for number, telling in enumerate(sorted(alike), 1):
            done.append(replace(alike[telling], id=digest if number == 1 else f"{digest}-{number}"))
    return tuple(sorted(done, key=sort_key))


def _telling(found: Found) -> tuple[str, ...]:
    """What a row says beside focus node, path and value."""
    check, row = found.check, found.row
    if check.user_query:
        return (str(check.ordinal), *(f"{name}={term}" for name, term in sorted(row.items())))
    return (str(check.ordinal), str(row.get(check.distinguish)) if check.distinguish else "")


def _result(found: Found) -> Result:
    check, row = found.check, found.row
    focus = row["this"]
    value = row.get(check.value) if check.value else None
    path: Path | None = check.path
    row_path = row.get("path")
    if check.path_from_row and isinstance(row_path, ox.NamedNode):
        path = IRI(row_path.value)
    if check.user_query and value is None and check.path is None:
        value = focus
    named = {"this": focus, **dict(check.parameters), **row}
    if value is not None:
        named["value"] = value
    elif not check.user_query:
        named.pop("value", None)  # a row for several constraints has a value that this one is not about
    if path is not None:
        named.setdefault("path", ox.NamedNode(path.value) if isinstance(path, IRI) else ox.Literal(path_text(path)))
    messages = tuple(fill(message, named) for message in check.messages)
    own = row.get("message")
    if check.user_query and isinstance(own, ox.Literal):
        messages = (own,)
    return Result(
        "",
        focus,
        path,
        value,
        check.component,
        check.shape,
        check.constraint,
        check.severity,
        messages,
        found.target,
        row if check.user_query else {},
    )
