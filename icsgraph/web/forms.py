# SPDX-License-Identifier: Apache-2.0
"""Rows and triples to the exact forms of the SPARQL recommendations; a cut is told inside where the form lets it.

Sources: https://www.w3.org/TR/rdf-sparql-XMLres/ , https://www.w3.org/TR/sparql11-results-csv-tsv/
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from icsgraph.model.namespaces import PREFIXES, XSD
from icsgraph.queries.about import About
from icsgraph.reports.rows import Rows, Term, as_html, as_json, plain

_RESULTS: Final = "http://www.w3.org/2005/sparql-results#"
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STYLE: Final = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_SYNTAX: Final = {
    "ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "nq": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG,
    "rdfxml": ox.RdfFormat.RDF_XML, "jsonld": ox.RdfFormat.JSON_LD,
}  # fmt: skip
_HASH_COMMENTS: Final = ("ttl", "nt", "nq", "trig")
STRICT: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def policy(page: str) -> str:
    """Give the content policy of a page that has styles of its own: those, by their digests, and nothing else."""
    digests = [base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() for style in _STYLE.findall(page)]
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return STRICT.replace("style-src 'self'", f"style-src 'self' {allowed}") if digests else STRICT


def rows_as(form: str, columns: Sequence[str], rows: Rows, about: About) -> bytes:
    """Write rows, or the one row of an ASK, as ``json``, ``xml``, ``csv``, ``tsv`` or ``html``."""
    if form == "json":
        return as_json(columns, rows, about).encode()
    if form == "html":
        return as_html(columns, rows, about).encode()
    answer = plain(rows[0][0]) if about.unit == "answers" else ""
    if form == "xml":
        return _xml(columns, rows, about, answer).encode()
    if answer:
        return f"{answer}\r\n".encode()
    return (_csv(columns, rows) if form == "csv" else _tsv(columns, rows)).encode()


def triples_as(form: str, triples: Sequence[ox.Triple], about: About) -> bytes:
    """Write triples in an RDF syntax."""
    body = ox.serialize(triples, format=_SYNTAX[form], prefixes=PREFIXES if form in ("ttl", "trig", "rdfxml") else {})
    body = body or b""
    if about.whole is not False:
        return body
    note = f"This answer is {about.extent}."
    if form in _HASH_COMMENTS:
        return f"# {note}\n".encode() + body
    if form == "rdfxml":
        head, mark, rest = body.partition(b"?>")
        return head + mark + f"\n<!-- {note} -->".encode() + rest
    return body


def _csv(columns: Sequence[str], rows: Rows) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([plain(term) for term in row] for row in rows)
    return out.getvalue()


def _tsv(columns: Sequence[str], rows: Rows) -> str:
    lines = ["\t".join(f"?{name}" for name in columns)]
    lines += ["\t".join("" if term is None else str(term) for term in row) for row in rows]
    return "".join(f"{line}\n" for line in lines)


def _xml(columns: Sequence[str], rows: Rows, about: About, answer: str) -> str:
    cut = f"<!-- This answer is {about.extent.replace('--', '')}. -->\n" if about.whole is False else ""
    head = "".join(f"<variable name={quoteattr(name)}/>" for name in columns) if not answer else ""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'{cut}<sparql xmlns="{_RESULTS}">', f"<head>{head}</head>"]
    if answer:
        lines.append(f"<boolean>{answer}</boolean>")
    else:
        lines.append("<results>")
        lines += [f"<result>{''.join(_bindings(columns, row))}</result>" for row in rows]
        lines.append("</results>")
    return "\n".join([*lines, "</sparql>", ""])


def _bindings(columns: Sequence[str], row: Sequence[Term | None]) -> list[str]:
    return [
        f"<binding name={quoteattr(name)}>{_xml_term(term)}</binding>"
        for name, term in zip(columns, row, strict=True)
        if term is not None
    ]


def _xml_term(term: Term) -> str:
    if isinstance(term, ox.NamedNode):
        return f"<uri>{_escaped(term.value)}</uri>"
    if isinstance(term, ox.BlankNode):
        return f"<bnode>{term.value}</bnode>"
    if isinstance(term, ox.Triple):
        return f"<literal>{_escaped(str(term))}</literal>"
    attributes = ""
    if term.language:
        attributes = f" xml:lang={quoteattr(term.language)}"
    elif term.datatype.value != XSD + "string":
        attributes = f" datatype={quoteattr(term.datatype.value)}"
    return f"<literal{attributes}>{_escaped(term.value)}</literal>"


def _escaped(text: str) -> str:
    return escape(_NO_XML.sub("\ufffd", text), {"\r": "&#13;"})
