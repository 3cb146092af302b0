# SPDX-License-Identifier: Apache-2.0
"""A workbook that was posted to records beside it, in a worker process; what cannot be taken is told cell by cell."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from icsgraph.law.bodies import board_on
from icsgraph.tables.directory import Directory
from icsgraph.tables.faults import Faulty
from icsgraph.tables.gathering import namespace_of
from icsgraph.tables.importing import import_sheets
from icsgraph.tables.writing import writer_to
from icsgraph.web.errors import Refused

WORKBOOKS: Final = (".xlsx", ".ods")
_LISTED: Final = 50
_EXAMPLE: Final = "https://example.org/"


def as_records(path: Path, store: ox.Store, day: date) -> Path:
    """Turn a workbook into a file of RDF beside it.

    Raises:
        Refused: E834, with the first cells that cannot be taken.
        TableError: for a file that is no workbook.
        LookupFailed: when the workbook names a system that there is not on the day.
    """
    said = namespace_of(path, path.name)
    base = said.get("namespace", "")
    if not base.startswith(("http://", "https://")) or not base.endswith(("/", "#")) or set(base) & set(' <>"{}|\\^`'):
        system = said.get("system", "")
        code = board_on(store, system, day).value.rpartition("/")[2].lower() if system else "records"
        base = f"{_EXAMPLE}{code}/"
    made = path.with_suffix(".ttl")
    try:
        with writer_to(made, base) as writer:
            import_sheets([(path, path.name)], Directory(store), base, writer)
    except Faulty as error:
        faults = error.found.faults
        told = "\n".join(str(each).replace("\n ", "") for each in faults[:_LISTED])
        number = len(faults) + error.found.left_out
        what = f"{number} cell{'' if number == 1 else 's'} cannot be taken\n{told}"
        raise Refused(422, "E834", path.name, what, "Mend what is listed, and send the workbook again.") from error
    return made
