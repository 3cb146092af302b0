# SPDX-License-Identifier: Apache-2.0
"""Tables to cells: what is kept, what is left out, and what is refused."""

import gzip

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from icsgraph.model.errors import LoadError
from icsgraph.tables.cells import CELL, PART, TABLE, cell_triples, column_name, open_table

FILE = NamedNode("https://example.org/t.csv")
ROW = NamedNode("https://example.org/t.csv#row=2")


def cells(path, split=()):
    with open_table(path, "t.csv") as table:
        return set(cell_triples(table, FILE, split))


def test_a_row_gives_its_cells_its_number_and_its_file(tmp_path):
    """Cells are strings; the first row below the header is row 2, as in a spreadsheet; an empty cell gives nothing."""
    path = tmp_path / "t.csv"
    path.write_text("\ufeffName of board,Since,Note\n Northshire ,2022,\n", encoding="utf-8")

    number = Literal("2", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    assert {
        Triple(FILE, NamedNode(TABLE + "name"), Literal("t.csv")),
        Triple(ROW, NamedNode(TABLE + "in"), FILE),
        Triple(ROW, NamedNode(TABLE + "row"), number),
        Triple(ROW, NamedNode(CELL + "name_of_board"), Literal("Northshire")),
        Triple(ROW, NamedNode(CELL + "since"), Literal("2022")),
    } == cells(path)


def test_a_split_column_keeps_its_cell_and_gives_its_parts(tmp_path):
    """Order is in the whole cell, membership in the parts."""
    path = tmp_path / "t.csv"
    path.write_text("ids\nB; A;\n", encoding="utf-8")
    found = {(t.predicate.value, t.object.value) for t in cells(path, ["ids"]) if t.subject == ROW}

    assert {(CELL + "ids", "B; A;"), (PART + "ids", "A"), (PART + "ids", "B")} <= found


def test_a_compressed_table_reads_as_a_plain_one(tmp_path):
    """The ending of the name says how it is read."""
    (tmp_path / "t.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(b"a,b\n1,2\n"))

    assert cells(tmp_path / "t.csv") == cells(tmp_path / "t.csv.gz")


def test_geojson_reads_as_a_table_with_well_known_text(tmp_path):
    """Properties are columns; the geometry is column wkt, longitude first."""
    path = tmp_path / "t.geojson"
    path.write_text(
        '{"features":[{"properties":{"code":"E1"},"geometry":{"type":"MultiPolygon","coordinates":[[[[-1.5,52],[0,52],[0,53],[-1.5,52]]]]}},'
        '{"properties":{"code":"E2"},"geometry":{"type":"Point","coordinates":[-1.5,52]}}]}',
        encoding="utf-8",
    )
    found = {t.object.value for t in cells(path) if t.predicate.value == CELL + "wkt"}

    assert {"MULTIPOLYGON (((-1.5 52,0 52,0 53,-1.5 52)))", "POINT (-1.5 52)"} == found


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("t.csv", "a,b\n1,2\n1,2,3\n", "E161: t.csv:3: row 3 has 3 cells, the header 2"),
        ("t.csv", "a,A\n1,2\n", "E161: t.csv:1: headings are missing or repeated: 'a, A'"),
        ("t.csv", "", "E161: t.csv:1: headings are missing or repeated: ''"),
        ("t.txt", "a\n1\n", "E160: t.csv: not a kind of table that can be read"),
        ("t.geojson", "[]", "E161: t.csv: not a GeoJSON feature collection"),
    ],
)
def test_a_malformed_table_is_refused_by_name_and_row(tmp_path, name, text, said):
    """The first line says where and what."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(LoadError) as caught:
        cells(tmp_path / name)

    assert str(caught.value).startswith(said)


def test_a_missing_table_is_refused(tmp_path):
    """No table is read as an empty one."""
    with pytest.raises(LoadError, match="E160"):
        cells(tmp_path / "none.csv")


def test_headings_become_property_names():
    """Whatever is not a letter or digit is an underscore."""
    assert ["icb_code", "name_of_board", "60_plus"] == [
        column_name(h) for h in ("icb_code", "Name of board ", "60 plus")
    ]
