# SPDX-License-Identifier: Apache-2.0
"""Lists of the NHS Organisation Data Service to bodies: its reports without headings, and tables that have them.

``data/registers/ods-layouts.toml`` says in which column what stands. A report of practices holds whatever prescribes,
and one of trusts those of Wales too: what is no practice, or lies outside England, is left out and counted.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from icsgraph.model.errors import TableError
from icsgraph.model.typed_dates import Doubtful, read_typed
from icsgraph.store import shipped
from icsgraph.tables.grid import Cell
from icsgraph.tables.register_cells import Registered, Row, made, sheets, with_cells

KINDS: Final = {
    "etr": "trust", "ect": "trust", "epraccur": "practice", "egpcur": "practice", "epcn": "network",
    "epcncorepartnerdetails": "membership",
}  # fmt: skip
"""What a list holds, by the usual name of its file."""
_MAPPINGS: Final = {"membership": "ods-memberships.rq"}
_WALES: Final = "W"


@cache
def _layouts() -> dict[str, Any]:
    path = shipped.root() / "data" / "registers" / "ods-layouts.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def read_ods(path: Path, kind: str, store: ox.Store) -> Registered:
    """Read a list of organisations.

    Args:
        kind: one of the values of :data:`KINDS`.

    Raises:
        TableError: E901 to E903 for the file, E908 where it is no such list, or a day in it cannot be read.
    """
    columns, found = _columns(path, kind)
    left_out: Counter[str] = Counter()
    rows = _wanted(columns, _with_days(columns, found, path.name), kind, left_out)
    cells, number = with_cells(path, columns, rows, {"kind": kind}, store)
    triples = made(cells, _MAPPINGS.get(kind, "ods-organisations.rq"))
    remarks = [f"{times} rows are left out: {why}" for why, times in sorted(left_out.items())]
    if number and not triples:
        remarks.append("nothing in the list is new")
    return Registered(triples, number, tuple(remarks))


def _columns(path: Path, kind: str) -> tuple[dict[str, int], Iterator[Row]]:
    """Give the index of each column that is known, and the rows: of the first sheet that is such a list."""
    said = ""
    for first, rows in sheets(path):
        named = _named(first, kind)
        if {"code", "name"} <= set(named) and (kind != "membership" or "network" in named):
            return named, rows
        width = len(_cut(first))
        for layout in _layouts()["layout"]:
            if kind in layout["kinds"] and _fits(width, first, layout):
                places = {key: at for key, at in layout.items() if isinstance(at, int) and key != "columns"}
                return places, chain([(1, first)], rows)
        said = said or f"its first row has {width} columns, and no headings that are known"
    wide = next(layout["columns"] for layout in _layouts()["layout"] if kind in layout["kinds"])
    mend = f"Take the report as it comes, of {wide} columns, or give its columns the headings Code and Name."
    raise TableError("E908", path.name, f"it is no list of this kind ({kind}): {said or 'it is empty'}", mend)


def _fits(width: int, first: Sequence[Cell], layout: Mapping[str, Any]) -> bool:
    """Whether a row is of a layout: its last columns are often empty, and some programs leave them out."""
    needed = max(layout["code"], layout["name"], layout.get("network", 0), layout.get("opened", 0)) + 1
    return needed <= width <= layout["columns"] and bool(re.fullmatch(r"[A-Z0-9]{3,8}", str(first[layout["code"]])))


def _named(first: Sequence[Cell], kind: str) -> dict[str, int]:
    plain = [re.sub(r"[^a-z0-9]", "", str(cell or "").lower()) for cell in first]
    headings = {name: at for at, name in reversed(list(enumerate(plain)))}
    known = _layouts()["headings"]
    found = {key: next((headings[name] for name in names if name in headings), -1) for key, names in known.items()}
    if kind != "membership" and found["network"] == found["code"]:
        found["network"] = -1
    return {key: at for key, at in found.items() if at >= 0}


def _cut(row: Sequence[Cell]) -> Sequence[Cell]:
    while row and row[-1] is None:
        row = row[:-1]
    return row


def _wanted(columns: Mapping[str, int], found: Iterable[Row], kind: str, left_out: Counter[str]) -> Iterator[Row]:
    """Leave out what the list holds besides: other prescribers among practices, and what lies in Wales."""
    practice = set(_layouts()["settings"]["practice"])
    for number, row in found:
        setting, region = (_text(row, columns.get(key, -1)) for key in ("setting", "region"))
        if region.startswith(_WALES):
            left_out["they are of Wales"] += 1
        elif kind == "practice" and setting and not practice & set(re.split(r"\s*\|\s*", setting)):
            left_out["they prescribe, and are no GP practices"] += 1
        else:
            yield number, row


def _text(row: Sequence[Cell], at: int) -> str:
    value = row[at] if 0 <= at < len(row) else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _with_days(columns: Mapping[str, int], found: Iterable[Row], name: str) -> Iterator[Row]:
    """Write days as 2022-07-01, however the list has them."""
    days = [columns[key] for key in ("opened", "closed") if key in columns]
    for number, row in found:
        cells = list(row)
        for index in days:
            if index < len(cells) and cells[index] is not None:
                cells[index] = _day(_text(cells, index), name, number)
        yield number, cells


def _day(plain: str, name: str, number: int) -> str:
    if re.fullmatch(r"\d{8}", plain):
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    try:
        return read_typed(plain).text
    except Doubtful as error:
        raise TableError("E908", f"{name}, row {number}", f"{plain!r}: {error.reason}", error.mend) from error
