# SPDX-License-Identifier: Apache-2.0
"""An answer to where it goes: the form that was asked for, a file or the terminal, a page at a time, a footer."""

from __future__ import annotations

import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from icsgraph.model.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icsgraph.queries import Answer
    from icsgraph.queries.about import About
    from icsgraph.queries.labels import Term


class Format(StrEnum):
    """Forms of an answer: rows in all of the first, triples in any."""

    TABLE = "table"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    JSONL = "jsonl"
    MD = "md"
    HTML = "html"
    XLSX = "xlsx"
    PARQUET = "parquet"
    TTL = "ttl"
    NT = "nt"
    JSONLD = "jsonld"
    RDFXML = "rdfxml"


BINARY: Final = (Format.XLSX, Format.PARQUET)
RDF: Final = (Format.TTL, Format.NT, Format.JSONLD, Format.RDFXML)
_ENDINGS: Final = {f".{each}": each for each in Format} | {
    ".srj": Format.JSON, ".ndjson": Format.JSONL, ".htm": Format.HTML, ".rdf": Format.RDFXML, ".txt": Format.TABLE,
}  # fmt: skip


def chosen(form: Format | None, output: Path | None, triples: bool) -> Format:
    """Give the form asked for; else that of the file's ending; else a table, or Turtle for triples.

    Raises:
        QueryError: E212 when rows are wanted as RDF, E214 for a file whose ending says no form, E216 when a workbook
            or a Parquet file would go to a terminal.
    """
    if form is None and output is not None:
        form = _ENDINGS.get(output.suffix.lower())
        if form is None:
            endings = " ".join(_ENDINGS)
            raise QueryError(
                "E214", f"--output {output}", f"{output.suffix or 'no ending'} says no form",
                f"Add --format, or name a file that ends in one of {endings}.",
            )  # fmt: skip
    found = form or (Format.TTL if triples else Format.TABLE)
    if found in RDF and not triples:
        raise QueryError(
            "E212", f"--format {found}", "it holds triples, and the query gives rows",
            "Ask with CONSTRUCT or DESCRIBE, or use table, csv, tsv, json, jsonl, md, html, xlsx or parquet.",
        )  # fmt: skip
    if found in BINARY and output is None and sys.stdout.isatty():
        raise QueryError(
            "E216", f"--format {found}", "it is no text, and would go to the terminal", f"Add --output answer.{found}"
        )
    return found


def rendered(
    form: Format, columns: Sequence[str], rows: Sequence[Sequence[Term | None]], answer: Answer, about: About
) -> bytes:
    """Give the bytes of an answer in a form; ``columns`` and ``rows`` are the answer's own, or those with labels."""
    if form in RDF:
        from icsgraph.reports.triples import as_rdf

        return as_rdf(answer.triples or (), form.value, about)
    if form in BINARY:
        from icsgraph.reports.typed import FORMATS as TYPED

        return TYPED[form.value](columns, rows, about)
    from icsgraph.reports import rows as texts

    if form is Format.TABLE:
        width = max(shutil.get_terminal_size().columns, 40) if sys.stdout.isatty() else 80
        return texts.as_table(columns, rows, width=width).encode()
    return texts.FORMATS[form.value](columns, rows, about).encode()


def deliver(data: bytes, form: Format, output: Path | None, page: bool | None) -> None:
    """Write an answer to a file, whole or not at all, or to stdout.

    Args:
        page: whether to show a text a page at a time; None does so on a terminal that is too low for it.
    """
    if output is not None:
        from icsgraph.store.whole import write_whole

        write_whole(output, data)
        return
    if form in BINARY:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    text = data.decode()
    if page is None:
        lines = text.count("\n")
        page = form is Format.TABLE and sys.stdout.isatty() and lines >= shutil.get_terminal_size().lines
    if page:
        import pydoc

        pydoc.pager(text)
    else:
        typer.echo(text, nl=False)
