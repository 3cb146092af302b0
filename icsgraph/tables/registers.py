# SPDX-License-Identifier: Apache-2.0
"""Look-ups of the ONS to boards, councils, overlaps of their areas, and what passed from one board to another.

The columns are told by their headings, whose years differ from one edition to the next; what they mean is said by the
mappings of ``data/registers`` over the cells and the graph that they come to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from icsgraph.model.errors import TableError
from icsgraph.model.namespaces import ICS, ID
from icsgraph.store import shipped
from icsgraph.store.load import DataFile, read
from icsgraph.store.select import rows, text
from icsgraph.tables.cells import CELL
from icsgraph.tables.grid import Cell
from icsgraph.tables.organisations import KINDS, read_ods
from icsgraph.tables.register_cells import Registered, Row, file_node, made, sheets, with_cells

__all__ = ["KINDS", "Registered", "read_lookup", "read_ods"]

_LOOKUP: Final = {
    "lsoa": r"LSOA\d\dCD", "sub_icb": r"SICBL\d\dCD", "sub_icb_ods": r"SICBL\d\dCDH", "sub_icb_name": r"SICBL\d\dNM",
    "icb": r"ICB\d\dCD", "icb_ods": r"ICB\d\dCDH", "icb_name": r"ICB\d\dNM", "lad": r"LAD\d\dCD",
    "lad_name": r"LAD\d\dNM",
}  # fmt: skip
_NEEDED: Final = ("lsoa", "icb", "icb_ods", "icb_name", "lad", "lad_name")
_MAPPINGS: Final = ("overlaps", "boards", "authorities", "ends", "successions")
_WITHIN, _RESIDENTS = ox.NamedNode(ICS + "withinArea"), ox.NamedNode(ICS + "residentsCensus2021")
_LISTED: Final = 12


def read_lookup(path: Path, vintage: date, store: ox.Store) -> Registered:
    """Read an ONS look-up of small areas to boards and councils, as it holds from a day.

    What the graph knows as open ends the day before: its overlaps, and the boards and areas that are named no more.
    What passed from one board to another is counted from the small areas, and stated with these counts.

    Raises:
        TableError: E901 to E903 for the file, E908 where columns are missing, a small area stands in two boards, or the
            graph has later boundaries.
    """
    headings, found = next(sheets(path), ((), iter(())))
    columns = _columns(headings)
    lacking = [_LOOKUP[key].replace(r"\d\d", "24") for key in _NEEDED if key not in columns]
    if lacking:
        mend = "Take the look-up of LSOAs to sub-ICB locations, ICBs and local authority districts, as CSV."
        raise TableError("E908", path.name, f"it has no columns such as {', '.join(lacking)}", mend)
    _not_later(store, vintage, path.name)
    before = vintage - timedelta(days=1)
    about = {"vintage": vintage.isoformat(), "day_before": before.isoformat(),
             "lsoa_vintage": f"20{str(headings[columns['lsoa']]).strip()[4:6]}"}  # fmt: skip
    cells, number = with_cells(path, columns, _once(columns, found, path.name), about, store)
    _add_places(cells, _counties(store, vintage))
    cells.extend(_names(cells, file_node(path)))
    _add_boards_before(cells, store, before)
    triples: set[ox.Triple] = set()
    for name in _MAPPINGS:
        triples |= made(cells, f"ons-lookup-{name}.rq")
    return Registered(triples, number, tuple(_remarks(triples, cells, store)))


def _columns(headings: Sequence[Cell]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for index, heading in enumerate(headings):
        for key, pattern in _LOOKUP.items():
            if heading is not None and re.fullmatch(pattern, str(heading).strip(), re.ASCII | re.IGNORECASE):
                columns.setdefault(key, index)
    return columns


def _once(columns: Mapping[str, int], found: Iterable[Row], name: str) -> Iterator[Row]:
    """Refuse a small area in two boards or two councils: each lies in one, so that one of the rows is wrong."""
    seen: dict[Cell, tuple[int, Cell, Cell]] = {}
    for number, row in found:
        lsoa, board, lad = (row[columns[key]] if columns[key] < len(row) else None for key in ("lsoa", "icb", "lad"))
        first = seen.setdefault(lsoa, (number, board, lad))
        if first[1:] != (board, lad):
            what = f"{lsoa} stands in rows {first[0]} and {number}, with different boards or councils"
            raise TableError("E908", name, what, "Take one look-up of one day, in which each small area stands once.")
        yield number, row


def _add_places(cells: ox.Store, counties: Mapping[str, str]) -> None:
    """Say of each row in which councils' areas it lies: the district's, and the county's above it."""
    place, lad = ox.NamedNode(CELL + "place"), ox.NamedNode(CELL + "lad")
    found = [(q.subject, q.object.value) for q in cells.quads_for_pattern(None, lad, None)]  # type: ignore[union-attr]
    cells.extend(
        ox.Quad(row, place, ox.Literal(code))
        for row, district in found for code in filter(None, (district, counties.get(district)))
    )  # fmt: skip


def _add_boards_before(cells: ox.Store, store: ox.Store, day: date) -> None:
    """Say of each row which board its small area had on a day, and how many residents it has."""
    found = rows(
        store,
        f"""SELECT ?area ?code WHERE {{
        ?board a ics:IntegratedCareBoard ; ics:odsCode ?code ; ics:hasArea ?area ; ics:earliestLastDay ?last .
        ?area a ics:BoardArea ; ics:latestFirstDay ?first ; ics:earliestLastDay ?until FILTER (
        ?last >= "{day}"^^xsd:date && ?first <= "{day}"^^xsd:date && ?until >= "{day}"^^xsd:date) }}""",
    )
    boards = {row["area"]: text(row["code"]) for row in found}
    board: dict[str, str] = {}
    people: dict[str, str] = {}
    path = shipped.root() / "data" / "england" / "on-demand" / "small-areas.nt.gz"
    stated = store.quads_for_pattern(None, _WITHIN, None, ox.DefaultGraph())
    for quad in chain(read(DataFile(path, path.name)), stated):
        if quad.predicate == _WITHIN and quad.object in boards:
            board[_tail(quad.subject)] = boards[quad.object]
        elif quad.predicate == _RESIDENTS:
            people[_tail(quad.subject)] = quad.object.value  # type: ignore[union-attr]
    lsoa = ox.NamedNode(CELL + "lsoa")
    small = [(q.subject, q.object.value) for q in cells.quads_for_pattern(None, lsoa, None)]  # type: ignore[union-attr]
    facts = (("board_before", board), ("people", people))
    cells.extend(
        ox.Quad(row, ox.NamedNode(CELL + key), ox.Literal(known[code]))
        for row, code in small for key, known in facts if code in board and code in known
    )  # fmt: skip


def _tail(node: object) -> str:
    return node.value.rpartition("/")[2] if isinstance(node, ox.NamedNode) else ""


def _names(cells: ox.Store, file: ox.NamedNode) -> list[ox.Quad]:
    """Say what the places of the rows are called: as the graph calls their areas, else as the rows do."""
    query = f"""SELECT ?code (MIN(?label) AS ?name) WHERE {{
      {{ SELECT DISTINCT ?code WHERE {{ ?row <{CELL}place> ?code }} }}
      OPTIONAL {{ ?area ics:onsCode ?code ; a/rdfs:subClassOf* ics:AuthorityArea ; rdfs:label ?known }}
      OPTIONAL {{ ?row <{CELL}lad> ?code ; <{CELL}lad_name> ?said }}
      BIND (STR(COALESCE(?known, ?said, ?code)) AS ?label) }} GROUP BY ?code"""
    found = []
    for row in rows(cells, query):
        node = ox.NamedNode(f"{file.value}#name-{text(row['code'])}")
        facts = (("code", text(row["code"])), ("name", text(row["name"])))
        found.append(ox.Quad(file, ox.NamedNode(CELL + "name_of"), node))
        found += [ox.Quad(node, ox.NamedNode(CELL + key), ox.Literal(value)) for key, value in facts]
    return found


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


def _remarks(triples: set[ox.Triple], cells: ox.Store, store: ox.Store) -> Iterator[str]:
    """Tell what a look-up shows and does not explain: bodies that are new or named no more, and what passed to whom."""
    result = ox.Store()
    result.extend(ox.Quad(*triple) for triple in triples)
    boards = "?b a ics:IntegratedCareBoard ; rdfs:label ?name ; ics:odsCode ?code"
    for row in rows(result, f"SELECT ?code ?name WHERE {{ {boards} }} ORDER BY ?code"):
        yield f"{text(row['name'])} ({text(row['code'])}) is new"
    councils = f"""SELECT ?code ?name WHERE {{ ?b a ?kind ; rdfs:label ?name ; ics:onsCode ?code ; ics:hasArea ?area
        FILTER (STRSTARTS(STR(?b), "{ID}authority/")) }} ORDER BY ?code"""
    for row in rows(result, councils):
        yield (
            f"{text(row['name'])} ({text(row['code'])}) is new: a look-up does not say in whose place it came; "
            "state that in a record of your own"
        )
    there = {text(q.object) for q in cells.quads_for_pattern(None, ox.NamedNode(CELL + "icb_ods"), None)}
    yield from _ended(result, store, there)
    gone = f"""SELECT DISTINCT ?name ?code WHERE {{ ?body a/rdfs:subClassOf* ics:LocalAuthority ;
        rdfs:label ?name ; ics:hasArea/ics:onsCode ?code ; ics:latestLastDay "9999-12-31"^^xsd:date
        FILTER NOT EXISTS {{ ?row <{CELL}place> ?code }} }} ORDER BY ?name"""
    for row in rows(cells, gone):
        yield f"{text(row['name'])} ({text(row['code'])}) is not in the look-up; it is left as it is"


def _ended(result: ox.Store, store: ox.Store, there: set[str]) -> Iterator[str]:
    """Tell of each board from which something passed to whom, and of each that ends without that being known."""
    told: dict[str, list[str]] = {}
    passing = """SELECT ?old ?new ?count ?share WHERE { ?e a ics:SuccessionEvent ; org:originalOrganization ?old ;
        org:resultingOrganization ?new ; ics:movedLSOAs ?count ; ics:shareOfPredecessor ?share }
        ORDER BY ?old DESC(?count)"""
    for row in rows(result, passing):
        new = _called(row["new"], result, store)
        part = f"{new}, {text(row['count'])} small areas with {100 * float(text(row['share'])):.1f}% of its residents"
        told.setdefault(text(row["old"]), []).append(part)
    ends = {text(row["b"]) for row in rows(result, f"""SELECT ?b WHERE {{ ?b ics:lastDay ?day
        FILTER (STRSTARTS(STR(?b), "{ID}icb/")) }}""")}  # fmt: skip
    for iri in sorted({*told, *ends}):
        name, heirs = _called(ox.NamedNode(iri), result, store), "; ".join(told.get(iri, [])[:_LISTED])
        if not heirs:
            yield f"{name} is not in the look-up, and ends; where its small areas went is not known: state it yourself"
        elif iri.rpartition("/")[2] not in there:
            yield f"{name} is not in the look-up, and ends; by its small areas it passes to {heirs}: check the order"
        else:
            yield f"{name} goes on, and parts with ground to {heirs}: check the order"


def _called(node: object, result: ox.Store, store: ox.Store) -> str:
    label, code = (
        next((text(q.object) for s in (store, result) for q in s.quads_for_pattern(node, prop, None)), "")  # type: ignore[arg-type]
        for prop in (ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label"), ox.NamedNode(ICS + "odsCode"))
    )
    return f"{label} ({code})"
