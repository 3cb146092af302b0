# SPDX-License-Identifier: Apache-2.0
"""Rows of an answer as a table, CSV, TSV, JSON, JSON Lines, Markdown or HTML, with what goes with the answer."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from html import escape
from typing import Any, Final, Protocol, TypeAlias

import pyoxigraph as ox

from icsgraph.model.namespaces import PREFIXES, XSD
from icsgraph.queries.about import About

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Rows: TypeAlias = Sequence[Sequence[Term | None]]
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]INF")


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


def is_formula(text: str) -> bool:
    """Say whether a spreadsheet would take the text for a formula; a number with a sign is none."""
    return text.startswith(_FORMULA) and not _NUMBER.fullmatch(text)


def as_table(columns: Sequence[str], rows: Rows, about: About | None = None, *, width: int = 80) -> str:
    """Draw rows as an aligned table of at most ``width`` characters a line, long cells wrapped; no colour."""
    del about  # a terminal shows it on stderr
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(_printable(short(term)) for term in row))
    out = io.StringIO()
    Console(file=out, width=width, color_system=None, highlight=False, markup=False, emoji=False).print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _printable(text: str) -> str:
    """Leave out what would steer the terminal: data must not be able to clear it or to change its title."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "�", text)


def as_csv(columns: Sequence[str], rows: Rows, about: About | None = None, *, delimiter: str = ",") -> str:
    """Write RFC 4180 CSV, lines ending in LF. A text that a spreadsheet takes for a formula gets a quote first."""
    del about  # CSV has no place for it
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_unformula(plain(term)) for term in row] for row in rows)
    return out.getvalue()


def _unformula(text: str) -> str:
    return f"'{text}" if is_formula(text) else text


def as_tsv(columns: Sequence[str], rows: Rows, about: About | None = None) -> str:
    """Write the same as :func:`as_csv` with tabs."""
    return as_csv(columns, rows, about, delimiter="\t")


def as_json(columns: Sequence[str], rows: Rows, about: About | None = None) -> str:
    """Write SPARQL 1.1 Query Results JSON, with a member ``about`` in the head, where strict readers pass it over.

    Source: https://www.w3.org/TR/sparql11-results-json/
    """
    document: dict[str, Any] = {"head": {"vars": list(columns)}}
    if truth := _truth(columns, rows, about):
        document = {"head": {}, "boolean": truth == "true"}
    else:
        document["results"] = {
            "bindings": [
                {name: _json(term) for name, term in zip(columns, row, strict=True) if term is not None} for row in rows
            ]
        }
    if about:
        document["head"]["about"] = about.facts()
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _truth(columns: Sequence[str], rows: Rows, about: About | None) -> str:
    return plain(rows[0][0]) if about and about.unit == "answers" and tuple(columns) == ("answer",) and rows else ""


def _json(term: Term) -> dict[str, Any]:
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


def as_jsonl(columns: Sequence[str], rows: Rows, about: About | None = None) -> str:
    """Write one JSON object a line, values as text, unbound ones left out."""
    del about  # each line is a row
    lines = ({name: plain(t) for name, t in zip(columns, row, strict=True) if t is not None} for row in rows)
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def as_markdown(columns: Sequence[str], rows: Rows, about: About | None = None) -> str:
    """Write a Markdown table, and below it what goes with the answer."""

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(re.sub(r"\s*[\r\n]+\s*", " ", c).replace("|", "\\|") for c in cells) + " |\n"

    table = line(columns) + line(["---"] * len(columns)) + "".join(line([short(t) for t in row]) for row in rows)
    return table + (f"\n*{about.line().replace(' | ', '; ').replace('*', '')}.*\n" if about else "")


_STYLE: Final = (
    "body{font-family:sans-serif;margin:2rem;max-width:70rem}table{border-collapse:collapse}"
    "th,td{text-align:left;vertical-align:top;padding:.3rem .8rem;border-bottom:1px solid #767676}"
    "caption{text-align:left;font-weight:bold;padding:.5rem 0}"
)


def as_html(columns: Sequence[str], rows: Rows, about: About | None = None) -> str:
    """Write a page of its own: a table with headings, links where a term is a web address, and meta elements."""
    question = (about.question or about.name if about else "") or "Answer"
    metas = [
        f'<meta name="icsgraph:{escape(k)}" content="{escape(v)}">' for k, v in (about.facts() if about else {}).items()
    ]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    body = ["<tr>" + "".join(f"<td>{_html(term)}</td>" for term in row) + "</tr>" for row in rows]
    foot = [f"<p>{escape(about.line())}</p>"] if about else []
    return "\n".join([
        "<!DOCTYPE html>", '<html lang="en">', "<head>", '<meta charset="utf-8">', *metas,
        f"<title>{escape(question)}</title>", f"<style>{_STYLE}</style>", "</head>", "<body>", "<table>",
        f"<caption>{escape(question)}</caption>", f"<thead><tr>{head}</tr></thead>", "<tbody>", *body, "</tbody>",
        "</table>", *foot, "</body>", "</html>", "",
    ])  # fmt: skip


def _html(term: Term | None) -> str:
    if isinstance(term, ox.NamedNode) and term.value.startswith(("http://", "https://")):
        return f'<a href="{escape(term.value)}">{escape(short(term))}</a>'
    if isinstance(term, ox.Literal) and term.language:
        return f'<span lang="{escape(term.language)}">{escape(term.value)}</span>'
    return escape(short(term))


class Form(Protocol):
    """Columns and rows to text, with what goes with the answer where the form has a place for it."""

    def __call__(self, columns: Sequence[str], rows: Rows, about: About | None = None, /) -> str:
        """Give the text."""
        ...


FORMATS: Final[dict[str, Form]] = {
    "table": as_table, "csv": as_csv, "tsv": as_tsv, "json": as_json, "jsonl": as_jsonl, "md": as_markdown,
    "html": as_html,
}  # fmt: skip
