# SPDX-License-Identifier: Apache-2.0
"""Workbooks and tables that were posted to records beside them, in a worker process; faults are told cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from icsgraph.law.bodies import board_on
from icsgraph.tables.directory import Directory
from icsgraph.tables.faults import Fault, Faulty
from icsgraph.tables.gathering import namespace_of
from icsgraph.tables.importing import import_sheets
from icsgraph.tables.writing import writer_to
from icsgraph.web.errors import Refused

_LISTED: Final = 50
_EXAMPLE: Final = "https://example.org/"


def as_records(paths: Sequence[Path], made: Path, store: ox.Store, day: date) -> tuple[str, ...]:
    """Turn workbooks and tables, together, into a file of RDF; give the remarks on what was not read.

    Raises:
        Refused: E834, with the first cells that cannot be taken, or where no row of them is a record.
        TableError: for a file that is no table.
        LookupFailed: when a workbook names a system that there is not on the day.
    """
    base = _namespace(paths, store, day)
    try:
        with writer_to(made, base) as writer:
            done = import_sheets([(path, path.name) for path in paths], Directory(store), base, writer)
    except Faulty as error:
        faults, number = error.found.faults, len(error.found.faults) + error.found.left_out
        raise _refused(paths, f"{number} cell{'' if number == 1 else 's'} cannot be taken", faults) from error
    if not done.records:
        raise _refused(paths, "no row of it is a record", done.faults.remarks)
    return tuple(_line(each) for each in done.faults.remarks)


def _namespace(paths: Sequence[Path], store: ox.Store, day: date) -> str:
    said = next((found for path in paths if (found := namespace_of(path, path.name))), {})
    base = said.get("namespace", "")
    if base.startswith(("http://", "https://")) and base.endswith(("/", "#")) and not set(base) & set(' <>"{}|\\^`'):
        return base
    system = said.get("system", "")
    code = board_on(store, system, day).value.rpartition("/")[2].lower() if system else "records"
    return f"{_EXAMPLE}{code}/"


def _refused(paths: Sequence[Path], what: str, faults: Sequence[Fault]) -> Refused:
    told = "\n".join((what, *map(_line, faults[:_LISTED])))
    where = paths[0].name if len(paths) == 1 else f"{len(paths)} tables"
    return Refused(422, "E834", where, told, "Mend what is listed, and send it again.")


def _line(fault: Fault) -> str:
    return str(fault).replace("\n ", "")
