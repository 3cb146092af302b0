# SPDX-License-Identifier: Apache-2.0
"""Rows of an answer as a table, CSV, TSV, JSON, JSON Lines or Markdown."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import pyoxigraph as ox

from icsgraph.model.namespaces import PREFIXES, XSD

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Rows: TypeAlias = Sequence[Sequence[Term | None]]


def plain(term: Term | None) -> str:
    """Give an IRI or the text of a literal; nothing for an unbound variable."""
    return "" if term is None else str(term) if isinstance(term, ox.Triple | ox.BlankNode) else term.value


def short(term: Term | None) -> str:
    """Give a term as a person reads it: a known IRI by its prefix, the text of a literal."""
    if isinstance(term, ox.NamedNode):
        fitting = [
            (space, prefix)
            for prefix, space in PREFIXES.items()
            if term.value.startswith(space) and term.value != space
        ]
        if fitting:
            space, prefix = max(fitting, key=lambda pair: len(pair[0]))
            return f"{prefix}:{term.value.removeprefix(space)}"
    return plain(term)


def as_table(columns: Sequence[str], rows: Rows, width: int = 80) -> str:
    """Draw rows as an aligned table of at most ``width`` characters a line, long cells wrapped; no colour."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(short(term) for term in row))
    out = io.StringIO()
    Console(file=out, width=width, color_system=None, highlight=False, markup=False, emoji=False).print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def as_csv(columns: Sequence[str], rows: Rows, delimiter: str = ",") -> str:
    """Write RFC 4180 CSV, lines ending in LF. A text that a spreadsheet takes for a formula gets a quote first."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_unformula(term) for term in row] for row in rows)
    return out.getvalue()


def _unformula(term: Term | None) -> str:
    text = plain(term)
    number = isinstance(term, ox.Literal) and term.datatype.value != XSD + "string"
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not number else text


def as_tsv(columns: Sequence[str], rows: Rows) -> str:
    """Write the same as :func:`as_csv` with tabs."""
    return as_csv(columns, rows, "\t")


def as_json(columns: Sequence[str], rows: Rows) -> str:
    """Write SPARQL 1.1 Query Results JSON."""
    bindings = [
        {name: _json(term) for name, term in zip(columns, row, strict=True) if term is not None} for row in rows
    ]
    return (
        json.dumps({"head": {"vars": list(columns)}, "results": {"bindings": bindings}}, ensure_ascii=False, indent=1)
        + "\n"
    )


def _json(term: Term) -> dict[str, str]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Literal):
        if term.language:
            return {"type": "literal", "value": term.value, "xml:lang": term.language}
        if term.datatype.value != XSD + "string":
            return {"type": "literal", "value": term.value, "datatype": term.datatype.value}
        return {"type": "literal", "value": term.value}
    return {"type": "triple", "value": str(term)}


def as_jsonl(columns: Sequence[str], rows: Rows) -> str:
    """Write one JSON object a line, values as text, unbound ones left out."""
    lines = ({name: plain(t) for name, t in zip(columns, row, strict=True) if t is not None} for row in rows)
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def as_markdown(columns: Sequence[str], rows: Rows) -> str:
    """Write a Markdown table."""

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |\n"

    return line(columns) + line(["---"] * len(columns)) + "".join(line([short(t) for t in row]) for row in rows)


FORMATS: Final[dict[str, Callable[[Sequence[str], Rows], str]]] = {
    "table": as_table, "csv": as_csv, "tsv": as_tsv, "json": as_json, "jsonl": as_jsonl, "md": as_markdown,
}  # fmt: skip
