# SPDX-License-Identifier: Apache-2.0
"""A query file to a stored query: ``#+`` comment lines hold YAML, and leave the file valid SPARQL.

    #+ id: cq007
    #+ question: Which needs assessments has a partnership received without a recorded consideration?
    #+ parameters: {asAt: {type: date, default: as-at}}
    #+ columns: {partnership: who received it, received: latest day of receipt}

A query answers to its slug: the file name without its number.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from icsgraph.model.errors import QueryError

PARAMETER_TYPES: Final = frozenset(("date", "iri", "string", "integer", "board", "authority", "body", "topic"))
_KEYS: Final = frozenset(
    ("id", "question", "parameters", "columns", "constraint", "norms", "keywords", "family", "graphs", "note", "user")
)
_OF_A_PARAMETER: Final = frozenset(("type", "default", "description", "values"))
AS_AT: Final = "as-at"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A variable of the query that is bound before it runs; without a default it must be given.

    The default ``as-at`` of a date stands for the as-at date of the run. ``values`` is a pattern that gives ``?value``:
    what the parameter may be, as the graph has it; empty where a type says it (a board) or any will do.
    """

    name: str
    type: str
    default: str | None
    description: str
    values: str = ""


@dataclass(frozen=True, slots=True)
class StoredQuery:
    """A query with its header. ``columns`` maps each column, in order, to its meaning and unit."""

    id: str
    slug: str
    question: str
    parameters: tuple[Parameter, ...]
    columns: dict[str, str]
    keywords: tuple[str, ...]
    constraints: tuple[str, ...]
    norms: tuple[str, ...]
    family: str
    user: str
    graphs: tuple[str, ...]
    note: str
    text: str
    path: Path


def read_query(path: Path) -> StoredQuery:
    """Read one query file.

    Raises:
        QueryError: E210, when the header is missing or not as this module's first page says.
    """
    text = path.read_text(encoding="utf-8")
    raw = "\n".join(line[3:] for line in text.splitlines() if line.startswith("#+ "))
    try:
        header = yaml.safe_load(raw) or {}
        unknown = set(header) - _KEYS
        if unknown:
            raise ValueError(f"unknown key {sorted(unknown)[0]!r}")
        parameters = tuple(_parameter(name, spec or {}) for name, spec in (header.get("parameters") or {}).items())
        number, _, slug = path.stem.partition("-")
        if header["id"] != number or not slug:
            raise ValueError(f"id {header['id']!r} is not the number that the file name begins with")
        return StoredQuery(
            id=header["id"],
            slug=slug,
            question=header["question"],
            parameters=parameters,
            columns={name: str(meaning) for name, meaning in (header.get("columns") or {}).items()},
            keywords=tuple(header.get("keywords") or ()),
            constraints=_several(header.get("constraint")),
            norms=_several(header.get("norms")),
            family=header.get("family", path.parent.name),
            user=header.get("user", ""),
            graphs=_several(header.get("graphs")),
            note=header.get("note", ""),
            text=text,
            path=path,
        )
    except (yaml.YAMLError, KeyError, ValueError, AttributeError, TypeError) as error:
        raise QueryError(
            "E210", path.name, f"the header cannot be used: {error}", "Correct the lines that begin #+."
        ) from error


def _several(value: str | list[str] | None) -> tuple[str, ...]:
    return () if value is None else (value,) if isinstance(value, str) else tuple(value)


def _parameter(name: str, spec: dict[str, Any]) -> Parameter:
    unknown = set(spec) - _OF_A_PARAMETER
    if unknown:
        raise ValueError(f"parameter {name}: unknown key {sorted(unknown)[0]!r}")
    kind = spec["type"]
    if kind not in PARAMETER_TYPES:
        raise ValueError(f"parameter {name}: unknown type {kind!r}")
    default = spec.get("default")
    default = None if default is None else str(default)
    return Parameter(name, kind, default, spec.get("description", ""), spec.get("values", ""))
