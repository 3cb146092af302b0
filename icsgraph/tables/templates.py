# SPDX-License-Identifier: Apache-2.0
"""The rows that law and guidance ask of a system, and records that are there already, to sheets for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from icsgraph.law.forms import prologue, row_text, turtle_of
from icsgraph.law.template import Template
from icsgraph.store.load import DataFile, read
from icsgraph.tables.directory import Directory
from icsgraph.tables.records import Tabled, base_of, tabled
from icsgraph.tables.sheets import Sheet, read_sheets


def of_template(made: Template, directory: Directory, sheets: Sequence[Sheet] | None = None) -> Tabled:
    """Give the rows of a template: what is known is in its cells, what people have to add is not."""
    triples: set[ox.Triple] = set()
    to_fill: set[str] = set()
    for section in made.sections:
        for row in section.rows:
            kind = f"a {turtle_of(ox.NamedNode(row.kind), made.base)}"
            body = row_text(row, (kind,), comment_out=True)
            text = prologue(body, made.base) + body
            found = {q.triple for q in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE, base_iri=made.base)}
            triples |= found
            if not all(field.known for field in row.fields):
                to_fill |= {t.subject.value for t in found if isinstance(t.subject, ox.NamedNode)}
    return tabled(triples, directory, made.base, sheets or read_sheets(), to_fill)


def of_files(
    files: Iterable[DataFile], directory: Directory, base: str = "", sheets: Sequence[Sheet] | None = None
) -> Tabled:
    """Give the records of RDF files as rows; ``base`` is their namespace, found from them unless given."""
    return of_triples({q.triple for file in files for q in read(file)}, directory, base, sheets)


def of_triples(
    triples: set[ox.Triple], directory: Directory, base: str = "", sheets: Sequence[Sheet] | None = None
) -> Tabled:
    """Give records as rows, as :func:`of_files` does."""
    return tabled(triples, directory, base or base_of(triples), sheets or read_sheets())
