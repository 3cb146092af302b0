# SPDX-License-Identifier: Apache-2.0
"""A compiled shapes graph: queries, how to read their rows, and what was refused. It goes to JSON and back whole.

Loading it back parses no SPARQL and imports no rdflib, so that a command that validates starts at once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from typing import Literal as OneOf

import pyoxigraph as ox

from icsgraph.algebra.nodes import Path
from icsgraph.model.errors import ShapesError
from icsgraph.shacl.paths import path_from_json, path_to_json
from icsgraph.shacl.terms import Term, from_json, to_json

VERSION = 3
"""Raised whenever compiling the same shapes gives other queries or another form of JSON."""


@dataclass(frozen=True, slots=True)
class Check:
    """What a row of a query means: one constraint of one shape is violated.

    ``flag`` names the variable that is false where this constraint is violated; None: in every row. ``value`` says
    which variable holds the value, if the result has one. ``path_from_row``: the row says which path (sh:closed,
    ?path). ``distinguish`` names a variable that tells apart results which share focus, path and value; ``ordinal``
    tells apart constraints of one component in one shape.
    """

    component: str
    shape: Term
    constraint: Term | None
    severity: str
    path: Path | None
    messages: tuple[ox.Literal, ...]
    flag: str | None = None
    value: OneOf["this", "value"] | None = None
    path_from_row: bool = False
    distinguish: str | None = None
    parameters: tuple[tuple[str, Term], ...] = ()
    user_query: bool = False
    ordinal: int = 0


@dataclass(frozen=True, slots=True)
class CompiledQuery:
    """One SELECT for a whole target.

    ``template`` is set for the few user queries that are no joins: the query is then run once for each focus node,
    with ``?this`` pre-bound in ``text``, or written in the place that ``template`` marks.

    ``probe`` is set where a shorter query has a row whenever this one has: it leaves out what only fills in messages.

    ``wide`` holds queries that tell the same together, by way of everything that the data holds of ``properties``.
    """

    target: Term
    text: str
    checks: tuple[Check, ...]
    template: str | None = None
    probe: str | None = None
    wide: tuple[CompiledQuery, ...] = ()
    properties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetShape:
    """A shape that starts validation, with the query for its focus nodes."""

    node: Term
    focus: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A target shape that is not compiled, and why; ``fallback``: pySHACL can decide it all the same."""

    shape: Term
    reason: str
    fallback: bool = True


@dataclass(frozen=True)
class Compiled:
    """Everything that validation needs, whatever the data."""

    queries: tuple[CompiledQuery, ...]
    targets: tuple[TargetShape, ...]
    refused: tuple[Refusal, ...]
    slots: tuple[str, ...]
    patterns: tuple[tuple[Term, str, str], ...]
    """Each regular expression that a target shape uses, with its flags, so that an engine can be asked beforehand."""
    shapes_text: str = field(repr=False)
    """The shapes graph in N-Triples, for pySHACL and for reports."""
    graph: str | None
    labels: Mapping[str, str] = field(repr=False)
    """The canonical label of each blank node of the shapes graph."""
    digest: str

    def to_json(self) -> str:
        """The whole as JSON text."""
        return json.dumps(
            {
                "version": VERSION,
                "digest": self.digest,
                "graph": self.graph,
                "slots": self.slots,
                "patterns": [[to_json(shape), pattern, flags] for shape, pattern, flags in self.patterns],
                "refused": [[to_json(each.shape), each.reason, each.fallback] for each in self.refused],
                "targets": [[to_json(each.node), each.focus] for each in self.targets],
                "queries": [_query_to_json(query) for query in self.queries],
                "labels": dict(self.labels),
                "shapes": self.shapes_text,
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> Compiled:
        """The inverse of :meth:`to_json`.

        Raises:
            ShapesError: E303, the text was written by another version of the compiler.
        """
        data = json.loads(text)
        if data.get("version") != VERSION:
            what = f"compiled by version {data.get('version')} of the compiler, and this is version {VERSION}"
            raise ShapesError("E303", "compiled shapes", what, "Compile the shapes again.")
        return cls(
            tuple(map(_query_from_json, data["queries"])),
            tuple(TargetShape(from_json(node), focus) for node, focus in data["targets"]),
            tuple(Refusal(from_json(shape), reason, fallback) for shape, reason, fallback in data["refused"]),
            tuple(data["slots"]),
            tuple((from_json(shape), pattern, flags) for shape, pattern, flags in data["patterns"]),
            data["shapes"],
            data["graph"],
            data["labels"],
            data["digest"],
        )


def _query_to_json(query: CompiledQuery) -> dict[str, Any]:
    made: dict[str, Any] = {
        "target": to_json(query.target),
        "text": query.text,
        "template": query.template,
        "probe": query.probe,
        "checks": [_check_to_json(check) for check in query.checks],
    }
    if query.wide:
        made |= {"wide": [_query_to_json(each) for each in query.wide], "properties": query.properties}
    return made


def _query_from_json(data: dict[str, Any]) -> CompiledQuery:
    checks = tuple(map(_check_from_json, data["checks"]))
    wide = tuple(map(_query_from_json, data.get("wide", ())))
    rest = data["template"], data["probe"], wide, tuple(data.get("properties", ()))
    return CompiledQuery(from_json(data["target"]), data["text"], checks, *rest)


def _check_to_json(check: Check) -> dict[str, Any]:
    return {
        "component": check.component,
        "shape": to_json(check.shape),
        "constraint": to_json(check.constraint),
        "severity": check.severity,
        "path": None if check.path is None else path_to_json(check.path),
        "messages": [to_json(message) for message in check.messages],
        "flag": check.flag,
        "value": check.value,
        "pathFromRow": check.path_from_row,
        "distinguish": check.distinguish,
        "parameters": [[name, to_json(term)] for name, term in check.parameters],
        "userQuery": check.user_query,
        "ordinal": check.ordinal,
    }


def _check_from_json(data: dict[str, Any]) -> Check:
    return Check(
        data["component"],
        from_json(data["shape"]),
        None if data["constraint"] is None else from_json(data["constraint"]),
        data["severity"],
        None if data["path"] is None else path_from_json(data["path"]),
        tuple(term for term in map(from_json, data["messages"]) if isinstance(term, ox.Literal)),
        data["flag"],
        data["value"],
        data["pathFromRow"],
        data["distinguish"],
        tuple((name, from_json(term)) for name, term in data["parameters"]),
        data["userQuery"],
        data["ordinal"],
    )
