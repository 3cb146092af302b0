# SPDX-License-Identifier: Apache-2.0
"""Cell triples and CONSTRUCT mappings to triples of the vocabulary.

A mapping is a SPARQL CONSTRUCT query over the cells of one or more tables. A part of its template that has no value in
a row gives no triple there, so an empty cell leaves out its fact and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Quad, QueryTriples, Store, Triple

from icsgraph.model.errors import LoadError
from icsgraph.tables.cells import cell_triples, open_table


@dataclass(frozen=True)
class Source:
    """A table to read: its file, the name it is known by, the IRI of its node, and the columns to split."""

    path: Path
    name: str
    iri: NamedNode
    split: Sequence[str] = ()


def load_cells(sources: Iterable[Source]) -> Store:
    """Give a store that holds the cells of the tables and nothing else.

    Raises:
        LoadError: E160 or E161, naming the table.
    """
    store = Store()
    for source in sources:
        with open_table(source.path, source.name) as table:
            store.bulk_extend(Quad(*triple) for triple in cell_triples(table, source.iri, source.split))
    return store


def construct(cells: Store, mapping: Path, name: str) -> set[Triple]:
    """Apply one mapping.

    Raises:
        LoadError: E162 if the file is missing, malformed, or not a CONSTRUCT query.
    """
    mend = "Correct the mapping; it must be one SPARQL CONSTRUCT query."
    try:
        answer = cells.query(mapping.read_text(encoding="utf-8"))
    except (OSError, SyntaxError) as error:
        raise LoadError("E162", name, str(error), mend) from error
    if not isinstance(answer, QueryTriples):
        raise LoadError("E162", name, "not a CONSTRUCT query", mend)
    return set(answer)
