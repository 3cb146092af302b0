# SPDX-License-Identifier: Apache-2.0
"""``data/sheets`` to the sheets that people fill in: what each column is called, what it takes, and what it comes to.

A sheet is two files. ``NN-name.toml`` says how it looks: headings, notes, kinds of value. ``NN-name.rq`` says what its
rows mean: one CONSTRUCT over the cells of a row, with one predicate a line, so that it can be read backwards as well.
A new sheet or column is a new file or entry; no code knows what they hold.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from icsgraph.model.errors import LoadError
from icsgraph.model.namespaces import PREFIXES
from icsgraph.store import shipped
from icsgraph.tables.cells import column_name

KINDS: Final = frozenset(
    [
        "name",
        "text",
        "words",
        "integer",
        "decimal",
        "tick",
        "date",
        "link",
        "body",
        "area",
        "thing",
        "concept",
        "class",
        "kind",
        "person",
        "record",
        "gate",
        "figure",
        "subject",
    ]
)
IDENTIFIER: Final = "identifier"
STATE: Final = "row"
TO_FILL: Final = "to fill in"
INCOMPLETE: Final = "incomplete"
_NO_PROPERTY: Final = ("kind", "gate", "subject")
_TEMPLATE: Final = re.compile(r"CONSTRUCT\s*\{\n(?P<template>.*?)\n\}\s*WHERE", re.DOTALL)
_LINE: Final = re.compile(r"(?:\?record )?\s*(?P<predicate>a|[\w-]+:[\w-]+) (?P<object>\S+) [;.]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in the mapping, its heading, the kind of value it takes, and the property it comes to.

    ``fill`` marks what only people know: a row that came with the workbook counts once one of these is filled in. A
    column of kind ``gate`` comes to nothing itself: its row counts where it says yes. One of kind ``subject`` names the
    thing of the graph that the row tells of. In a column with ``partnership`` the code or name of a board means its
    partnership. Names in ``of`` are those of sheets, or, in lower case, of what the graph knows.
    """

    key: str
    heading: str
    kind: str
    property: str
    note: str = ""
    required: bool = False
    several: bool = False
    fill: bool = False
    schemes: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    partnership: bool = False


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, what one row is called, how a row without a name is called, its columns, its mapping."""

    stem: str
    name: str
    word: str
    lead: str
    label: str
    columns: tuple[Column, ...]
    classes: tuple[str, ...]
    mapping: str

    @cached_property
    def by_heading(self) -> dict[str, Column]:
        """Columns by heading and by key, as :func:`column_name` writes them."""
        return {column_name(c.heading): c for c in self.columns} | {c.key: c for c in self.columns}

    @cached_property
    def by_property(self) -> dict[str, Column]:
        """Columns by the IRI of their property."""
        return {c.property: c for c in self.columns if c.kind not in _NO_PROPERTY}

    @cached_property
    def subject(self) -> Column | None:
        """The column that names the thing of the graph that a row tells of; None where a row is a record of its own."""
        return next((c for c in self.columns if c.kind == "subject"), None)

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings as they stand in a workbook, with those of the identifier and of the state of the row."""
        return (*(c.heading for c in self.columns), IDENTIFIER.capitalize(), STATE.capitalize())


@cache
def read_sheets(folder: Path | None = None) -> tuple[Sheet, ...]:
    """Read every sheet of a folder, in the order of their numbers; the shipped ones unless a folder is given.

    Raises:
        LoadError: E164 when the two files of a sheet are malformed or do not fit together.
    """
    paths = sorted(folder.glob("*.toml")) if folder else shipped.files("data/sheets", "*.toml")
    return tuple(_read(path) for path in paths)


def _read(path: Path) -> Sheet:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        mapping = path.with_suffix(".rq").read_text(encoding="utf-8")
        properties = _properties(mapping)
        columns = tuple(_column(entry, properties) for entry in raw["column"])
        kinds = next((c.choices for c in columns if c.kind == "kind"), None)
        told = any(c.kind == "subject" for c in columns)  # of things that the graph has, whose class is known
        classes = tuple(kinds.values()) if kinds else () if told else (properties["a"],)
        name, word, lead, label = (str(raw[key]) for key in ("name", "word", "lead", "label"))
        return Sheet(path.stem, name, word, lead, label, columns, classes, mapping)
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise LoadError("E164", path.name, f"cannot be used: {error}", "Correct the two files of the sheet.") from error


def _properties(mapping: str) -> dict[str, str]:
    """Give the property of each variable of a mapping's template, and under ``a`` the class where it is fixed."""
    prefixes = dict(re.findall(r"PREFIX (\w[\w-]*): <([^>]*)>", mapping))
    template = _TEMPLATE.search(mapping)
    if template is None:
        raise ValueError("its mapping is no CONSTRUCT with one predicate a line")
    found = {}
    for line in template["template"].splitlines():
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise ValueError(f"no line of a mapping: {line.strip()}")
        predicate, value = match["predicate"], match["object"]
        if predicate == "a" and not value.startswith("?"):
            prefix, _, local = value.partition(":")
            found["a"] = prefixes[prefix] + local
        elif predicate != "a":
            prefix, _, local = predicate.partition(":")
            found[value.removeprefix("?")] = prefixes[prefix] + local
    return found


def _column(entry: dict[str, Any], properties: dict[str, str]) -> Column:
    key, kind = entry["key"], entry["kind"]
    if kind not in KINDS:
        raise ValueError(f"{kind} is no kind of column")
    choices = {word: _iri(name) for word, name in entry.get("choices", {}).items()}
    required, several, fill = (bool(entry.get(flag)) for flag in ("required", "several", "fill"))
    found = PREFIXES["rdf"] + "type" if kind == "kind" else "" if kind in _NO_PROPERTY else properties[key]
    return Column(
        key, entry["heading"], kind, found, entry.get("note", ""), required, several, fill,
        tuple(entry.get("schemes", ())), tuple(entry.get("of", ())), choices, bool(entry.get("partnership")),
    )  # fmt: skip


def _iri(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local
