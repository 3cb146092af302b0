# SPDX-License-Identifier: Apache-2.0
"""What a user names to import, sorted into sheets and RDF; and RDF of any syntax passed on as triples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from icsgraph.model.errors import TableError
from icsgraph.store.load import FORMATS, DataFile, find_files, read
from icsgraph.tables.delimited import METADATA
from icsgraph.tables.grid import ENDINGS, is_table
from icsgraph.tables.writing import Writer

_BATCH: Final = 20_000


def sorted_files(paths: Sequence[Path]) -> tuple[list[tuple[Path, str]], list[DataFile]]:
    """Give the sheets with their names, and the files of RDF; of a folder, the tables in it.

    Raises:
        TableError: E901 for what is neither, is not there, or is a folder without tables.
        LoadError: when a file of RDF is malformed in its name.
    """
    tables: list[tuple[Path, str]] = []
    rdf: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if is_table(p) and not p.name.startswith(("~$", ".")))
            if not inside:
                what = "the folder holds no workbook and no table"
                raise TableError("E901", str(path), what, f"Put files there that end in {' '.join(ENDINGS)}.")
            tables += [(p, p.name) for p in inside]
        elif is_table(path):
            tables.append((path, path.name))
        elif path.name.removesuffix(".gz").endswith(tuple(FORMATS)) and not path.name.endswith(METADATA):
            rdf.append(path)
        else:
            what = f"{path.suffix or 'no ending'} is neither a kind of table nor of RDF"
            raise TableError("E901", path.name, what, f"Use one of {' '.join((*ENDINGS, *FORMATS))}.")
    names = [name for _, name in tables]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        what = f"two files are called {twice[0]}"
        raise TableError("E901", twice[0], what, "Rename one: records say by its name where they stood.")
    return tables, list(find_files(rdf)) if rdf else []


def put_rdf(files: Iterable[DataFile], writer: Writer) -> int:
    """Pass on the triples of files, of whatever graph, a batch at a time; give their number."""
    return sum(writer.put(batch) for file in files for batch in _batches(file))


def _batches(file: DataFile) -> Iterator[list[ox.Triple]]:
    triples = (ox.Triple(q.subject, q.predicate, q.object) for q in read(file))
    while batch := list(islice(triples, _BATCH)):
        yield batch
