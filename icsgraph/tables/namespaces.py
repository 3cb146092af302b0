# SPDX-License-Identifier: Apache-2.0
"""What somebody asks for, or a workbook says, to the namespace in which imported records lie."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyoxigraph as ox

from icsgraph.law.bodies import board_on
from icsgraph.model.errors import TableError
from icsgraph.store.select import rows, text
from icsgraph.tables.gathering import namespace_of


def namespace_for(files: Sequence[tuple[Path, str]], store: ox.Store, day: date, system: str, base: str) -> str:
    """Give the namespace of records: as asked for, as a workbook says, or made of the board's code.

    Raises:
        LookupFailed: E401, E402, E404 for a board that there is not.
        TableError: E907 for what is no namespace.
    """
    said = {} if base else next((found for path, name in files if (found := namespace_of(path, name))), {})
    space = base or ("" if system else said.get("namespace", ""))
    if not space and (typed := system or said.get("system", "")):
        board = board_on(store, typed, day)
        code = text(rows(store, f"SELECT ?code WHERE {{ <{board.value}> ics:odsCode ?code }}")[0]["code"])
        space = f"https://example.org/{code.lower()}/"
    space = space or "https://example.org/records/"
    if "://" not in space or not space.endswith(("/", "#")) or any(c in space for c in ' <>"{}|\\^`'):
        raise TableError("E907", "--base", f"{space!r} is no namespace", "Give an IRI that ends in / or #.")
    return space
