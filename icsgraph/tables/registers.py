# SPDX-License-Identifier: Apache-2.0
"""Look-ups of the ONS and lists of the NHS Organisation Data Service to bodies, areas and overlaps.

The columns of both are told by their headings, whose years differ from one edition to the next; what they mean is said
by the mappings of ``data/registers`` over the cells and the graph that they come to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from icsgraph.model.errors import TableError
from icsgraph.model.namespaces import ICS, ID
from icsgraph.model.typed_dates import Doubtful, read_typed
from icsgraph.store import shipped
from icsgraph.store.select import rows, text
from icsgraph.tables.cells import CELL, Table, cell_triples
from icsgraph.tables.faults import Faults
from icsgraph.tables.grid import Cell, grids
from icsgraph.tables.mapping import construct

_LOOKUP: Final = {
    "lsoa": r"LSOA\d\dCD", "sub_icb": r"SICBL\d\dCD", "sub_icb_name": r"SICBL\d\dNM", "icb": r"ICB\d\dCD",
    "icb_ods": r"ICB\d\dCDH", "icb_name": r"ICB\d\dNM", "lad": r"LAD\d\dCD", "lad_name": r"LAD\d\dNM",
}  # fmt: skip
_NEEDED: Final = ("lsoa", "icb", "icb_ods", "icb_name", "lad", "lad_name")
_ODS: Final = {
    "code": r"(organisation )?code", "name": r"(organisation )?name", "postcode": r"post ?code", "opened": r"open date",
    "closed": r"close date", "parent": r"(parent organisation|commissioner)( code)?", "network": r"pcn code",
}  # fmt: skip
_ODS_COLUMNS: Final = {"code": 0, "name": 1, "postcode": 9, "opened": 10, "closed": 11, "parent": 14}
_ODS_WIDTH: Final = 27
KINDS: Final = {"etr": "trust", "epraccur": "practice", "egpcur": "practice", "epcn": "network"}


@dataclass(frozen=True, slots=True)
class Registered:
    """The triples of a register, how many rows it has, and what somebody should look at."""

    triples: set[ox.Triple]
    rows: int
    remarks: tuple[str, ...]


def read_lookup(path: Path, vintage: date, store: ox.Store) -> Registered:
    """Read an ONS look-up of small areas to boards and councils, as it holds from a day.

    What the graph knows as open ends the day before: its overlaps, and the boards and areas that are named no more.

    Raises:
        TableError: E901 to E903 for the file, E908 where columns are missing or the graph has later boundaries.
    """
    columns, found = _table(path, _LOOKUP, flags=re.ASCII)
    lacking = [_LOOKUP[key].replace(r"\d\d", "24") for key in _NEEDED if key not in columns]
    if lacking:
        mend = "Take the look-up of LSOAs to sub-ICB locations, ICBs and local authority districts, as CSV."
        raise TableError("E908", path.name, f"it has no columns such as {', '.join(lacking)}", mend)
    _not_later(store, vintage, path.name)
    heading = columns["lsoa"][1]
    about = {"vintage": vintage.isoformat(), "day_before": (vintage - timedelta(days=1)).isoformat(),
             "lsoa_vintage": f"20{heading[4:6]}"}  # fmt: skip
    counties = _counties(store, vintage)
    cells, number = _cells(path, columns, found, about, store, counties)
    names = ("overlaps", "boards", "authorities", "ends")
    triples: set[ox.Triple] = set()
    for name in names:
        triples |= _made(cells, f"ons-lookup-{name}.rq")
    return Registered(triples, number, tuple(_remarks(triples, cells)))


def read_ods(path: Path, kind: str, store: ox.Store) -> Registered:
    """Read a list of organisations: with headings, or in the 27 columns without any that the service has long used.

    Args:
        kind: ``trust``, ``practice`` or ``network``.

    Raises:
        TableError: E901 to E903 for the file, E908 where it is no such list.
    """
    columns, found = _table(path, _ODS, flags=re.ASCII | re.IGNORECASE)
    if not {"code", "name"} <= set(columns):
        first = next(found, None)
        if first is None or len(first[1]) not in range(12, _ODS_WIDTH + 1) or not _is_code(first[1][0]):
            mend = "Take a list such as etr.csv or epraccur.csv, or give its columns the headings Code and Name."
            raise TableError("E908", path.name, "it is no list of organisations of the NHS", mend)
        columns = {key: (index, key) for key, index in _ODS_COLUMNS.items()}
        _, found = _table(path, {}, flags=0, skip=False)
    cells, number = _cells(path, columns, _with_days(columns, found, path.name), {"kind": kind}, store, {})
    return Registered(_made(cells, "ods-organisations.rq"), number, ())


def _table(
    path: Path, wanted: Mapping[str, str], *, flags: int, skip: bool = True
) -> tuple[dict[str, tuple[int, str]], Iterator[tuple[int, Sequence[Cell]]]]:
    """Give the columns that are wanted, each with index and heading, and the rows."""
    found = _rows(path)
    if not skip:
        return {}, found
    _, headings = next(found, (0, ()))
    columns: dict[str, tuple[int, str]] = {}
    for index, heading in enumerate(headings):
        for key, pattern in wanted.items():
            if heading is not None and re.fullmatch(pattern, str(heading).strip(), flags):
                columns.setdefault(key, (index, str(heading)))
    return columns, found


def _rows(path: Path) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Yield the rows of the first sheet of a file."""
    for grid in grids(path, path.name, Faults()):
        yield from grid.rows
        return


def _cells(
    path: Path,
    columns: Mapping[str, tuple[int, str]],
    found: Iterable[tuple[int, Sequence[Cell]]],
    about: Mapping[str, str],
    store: ox.Store,
    counties: Mapping[str, str],
) -> tuple[ox.Store, int]:
    """Give a store that holds the graph, the cells, and what is said of the whole file; and the number of rows."""
    file = ox.NamedNode(f"{ID}source-file/{path.name}")
    cells = ox.Store()
    cells.bulk_extend(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    taken = [(key, index) for key, (index, _) in columns.items()]
    number = 0

    def plain() -> Iterator[list[str]]:
        nonlocal number
        for _, row in found:
            number += 1
            yield [str(row[i]) if i < len(row) and row[i] is not None else "" for _, i in taken]

    table = Table(path.name, tuple(key for key, _ in taken), plain())
    place, lad = ox.NamedNode(CELL + "place"), ox.NamedNode(CELL + "lad")

    def quads() -> Iterator[ox.Quad]:
        for triple in cell_triples(table, file):
            yield ox.Quad(*triple)
            if triple.predicate == lad and isinstance(triple.object, ox.Literal):
                for code in filter(None, (triple.object.value, counties.get(triple.object.value))):
                    yield ox.Quad(triple.subject, place, ox.Literal(code))
        for key, value in about.items():
            yield ox.Quad(file, ox.NamedNode(CELL + key), ox.Literal(value))

    cells.bulk_extend(quads())
    cells.extend(_names(cells, file))
    return cells, number


def _names(cells: ox.Store, file: ox.NamedNode) -> list[ox.Quad]:
    """Say what the places of the rows are called: as the graph calls their areas, else as the rows do."""
    query = f"""SELECT ?code (MIN(?label) AS ?name) WHERE {{
      {{ SELECT DISTINCT ?code WHERE {{ ?row <{CELL}place> ?code }} }}
      OPTIONAL {{ ?area ics:onsCode ?code ; a/rdfs:subClassOf* ics:AuthorityArea ; rdfs:label ?known }}
      OPTIONAL {{ ?row <{CELL}lad> ?code ; <{CELL}lad_name> ?said }}
      BIND (STR(COALESCE(?known, ?said, ?code)) AS ?label) }} GROUP BY ?code"""
    made = []
    for row in rows(cells, query):
        node = ox.NamedNode(f"{file.value}#name-{text(row['code'])}")
        facts = (("code", text(row["code"])), ("name", text(row["name"])))
        made.append(ox.Quad(file, ox.NamedNode(CELL + "name_of"), node))
        made += [ox.Quad(node, ox.NamedNode(CELL + key), ox.Literal(value)) for key, value in facts]
    return made


def _made(cells: ox.Store, name: str) -> set[ox.Triple]:
    return construct(cells, shipped.root() / "data" / "registers" / name, f"registers/{name}")


def _not_later(store: ox.Store, vintage: date, name: str) -> None:
    found = rows(store, f"""SELECT (MAX(?first) AS ?latest) WHERE {{ ?o a ics:AreaOverlap ; ics:latestFirstDay ?first
        FILTER (STRSTARTS(STR(?o), "{ID}")) }}""")  # fmt: skip
    latest = text(found[0]["latest"]) if found and found[0]["latest"] is not None else ""
    if latest >= vintage.isoformat():
        what = f"the graph has boundaries from {latest}, which are not earlier than {vintage}"
        mend = "Name with --vintage the day from which the look-up holds, after that day."
        raise TableError("E908", name, what, mend)


def _counties(store: ox.Store, day: date) -> dict[str, str]:
    """Give the county's code of each district that exists on a day."""
    found = rows(store, f"""SELECT ?lad ?county WHERE {{ ?district ics:hasCountyAbove ?above ;
        ics:hasArea/ics:onsCode ?lad ; ics:earliestLastDay ?last . ?above ics:hasArea/ics:onsCode ?county ;
        ics:earliestLastDay ?until
        FILTER (?last >= "{day}"^^xsd:date && ?until >= "{day}"^^xsd:date) }}""")  # fmt: skip
    return {text(row["lad"]): text(row["county"]) for row in found}


def _remarks(triples: set[ox.Triple], cells: ox.Store) -> Iterator[str]:
    """Tell what a look-up shows and does not explain: new bodies, and bodies that it names no more."""
    nodes = sorted((text(t.subject), text(t.predicate).rpartition("#")[2], text(t.predicate)) for t in triples)
    for iri in (iri for iri, what, _ in nodes if what == "type" and iri.startswith((f"{ID}icb/", f"{ID}authority/"))):
        code = iri.rpartition("/")[2]
        yield f"{code} is new: a look-up does not say in whose place it came; state that in a record of your own"
    boards = f"{ID}icb/"
    ended = [iri for iri, _, prop in nodes if prop == ICS + "lastDay"]
    yield from (
        f"{iri.removeprefix(boards)} is not in the look-up, and ends" for iri in ended if iri.startswith(boards)
    )
    found = rows(cells, f"""SELECT DISTINCT ?name ?code WHERE {{ ?body a/rdfs:subClassOf* ics:LocalAuthority ;
        rdfs:label ?name ; ics:hasArea/ics:onsCode ?code ; ics:latestLastDay "9999-12-31"^^xsd:date
        FILTER NOT EXISTS {{ ?row <{CELL}place> ?code }} }} ORDER BY ?name""")  # fmt: skip
    yield from (f"{text(r['name'])} ({text(r['code'])}) is not in the look-up; it is left as it is" for r in found)


def _is_code(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(re.fullmatch(r"[A-Z0-9]{3,6}", cell))


def _with_days(
    columns: Mapping[str, tuple[int, str]], found: Iterable[tuple[int, Sequence[Cell]]], name: str
) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Write days as 2022-07-01, however the list has them."""
    days = [columns[key][0] for key in ("opened", "closed") if key in columns]
    for number, row in found:
        cells = list(row)
        for index in days:
            if index < len(cells) and cells[index] is not None:
                cells[index] = _day(cells[index], name, number)
        yield number, cells


def _day(cell: Cell, name: str, number: int) -> str:
    plain = str(cell)
    if re.fullmatch(r"\d{8}", plain):
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    try:
        return read_typed(plain).text
    except Doubtful as error:
        raise TableError("E908", f"{name}, row {number}", f"{plain!r}: {error.reason}", error.mend) from error
