# SPDX-License-Identifier: Apache-2.0
"""Property paths of the syntax tree to SPARQL text, to JSON and back, and to RDF; and what the compiler asks of one."""

from __future__ import annotations

from typing import Any, Final
from typing import Literal as OneOf

import pyoxigraph as ox

from icsgraph.algebra.nodes import IRI, AlternativePath, InversePath, NegatedPath, Path, RepeatedPath, SequencePath
from icsgraph.algebra.visit import walk
from icsgraph.model.namespaces import SH
from icsgraph.shacl.terms import RDF_FIRST, RDF_NIL, RDF_REST, Term

REPEATED: Final[dict[str, OneOf["?", "*", "+"]]] = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}
_KEYWORDS = {"*": "zeroOrMorePath", "+": "oneOrMorePath", "?": "zeroOrOnePath"}


def path_text(path: Path) -> str:
    """The path as SPARQL writes it, IRIs in full."""
    match path:
        case IRI(value=value):
            return f"<{value}>"
        case InversePath(path=inner):
            return f"^{_bracketed(inner)}"
        case RepeatedPath(path=inner, modifier=modifier):
            return f"{_bracketed(inner)}{modifier}"
        case SequencePath(parts=parts):
            return "/".join(_bracketed(part) for part in parts)
        case AlternativePath(parts=parts):
            return "|".join(_bracketed(part) for part in parts)
        case NegatedPath():
            raise ValueError("SHACL has no negated property set")


def _bracketed(path: Path) -> str:
    text = path_text(path)
    return text if isinstance(path, IRI) else f"({text})"


def path_to_json(path: Path) -> Any:  # noqa: ANN401  (JSON)
    """The path as nested lists, operator first; an IRI as a string."""
    match path:
        case IRI(value=value):
            return value
        case InversePath(path=inner):
            return ["^", path_to_json(inner)]
        case RepeatedPath(path=inner, modifier=modifier):
            return [modifier, path_to_json(inner)]
        case SequencePath(parts=parts):
            return ["/", *map(path_to_json, parts)]
        case AlternativePath(parts=parts):
            return ["|", *map(path_to_json, parts)]
        case NegatedPath():
            raise ValueError("SHACL has no negated property set")


def path_from_json(value: Any) -> Path:  # noqa: ANN401  (JSON)
    """The inverse of :func:`path_to_json`."""
    if isinstance(value, str):
        return IRI(value)
    operator, *parts = value
    inner = tuple(map(path_from_json, parts))
    match operator:
        case "^":
            return InversePath(inner[0])
        case "/":
            return SequencePath(inner)
        case "|":
            return AlternativePath(inner)
        case "?" | "*" | "+":
            return RepeatedPath(inner[0], operator)
        case _:
            raise ValueError(f"no path operator: {operator!r}")


def path_to_quads(path: Path, quads: list[ox.Quad]) -> Term:
    """The node that stands for the path in a shapes graph or a report; what describes it is added to ``quads``."""
    match path:
        case IRI(value=value):
            return ox.NamedNode(value)
        case SequencePath(parts=parts):
            return _list(parts, quads)
        case AlternativePath(parts=parts):
            return _described("alternativePath", _list(parts, quads), quads)
        case InversePath(path=inner):
            return _described("inversePath", path_to_quads(inner, quads), quads)
        case RepeatedPath(path=inner, modifier=modifier):
            return _described(_KEYWORDS[modifier], path_to_quads(inner, quads), quads)
        case NegatedPath():
            raise ValueError("SHACL has no negated property set")


def _described(keyword: str, value: Term, quads: list[ox.Quad]) -> ox.BlankNode:
    node = ox.BlankNode()
    quads.append(ox.Quad(node, ox.NamedNode(SH + keyword), value))
    return node


def _list(parts: tuple[Path, ...], quads: list[ox.Quad]) -> Term:
    rest: ox.NamedNode | ox.BlankNode = RDF_NIL
    for part in reversed(parts):
        node = ox.BlankNode()
        quads += (ox.Quad(node, RDF_FIRST, path_to_quads(part, quads)), ox.Quad(node, RDF_REST, rest))
        rest = node
    return rest


def may_be_empty(path: Path) -> bool:
    """Whether the path leads from every node to itself, even from one that no triple names."""
    match path:
        case RepeatedPath(path=inner, modifier=modifier):
            return modifier != "+" or may_be_empty(inner)
        case SequencePath(parts=parts):
            return all(map(may_be_empty, parts))
        case AlternativePath(parts=parts):
            return any(map(may_be_empty, parts))
        case InversePath(path=inner):
            return may_be_empty(inner)
        case _:
            return False


def is_one_step(path: Path) -> bool:
    """Whether the path is a property or the inverse of one: two lookups of it cost little."""
    return isinstance(path, IRI) or (isinstance(path, InversePath) and isinstance(path.path, IRI))


def single_steps(path: Path) -> tuple[Path, ...] | None:
    """The properties and inverse properties that the path goes along one after another; None where it does else."""
    if is_one_step(path):
        return (path,)
    if not isinstance(path, SequencePath):
        return None
    parts = [single_steps(part) for part in path.parts]
    return None if None in parts else tuple(step for part in parts for step in part or ())


__all__ = [
    "REPEATED",
    "is_one_step",
    "may_be_empty",
    "path_from_json",
    "path_text",
    "path_to_json",
    "path_to_quads",
    "single_steps",
]


def repeats(path: Path) -> bool:
    """Whether the path has ``?``, ``*`` or ``+`` anywhere in it."""
    return any(isinstance(node, RepeatedPath) for node in walk(path))
