# SPDX-License-Identifier: Apache-2.0
"""Tables as their users' tools read them: the csv module with the CSVW metadata, openpyxl, pandas."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime

import pyoxigraph as ox
import pytest
from exported import as_file

from icsgraph.exports.content import Content
from icsgraph.exports.formats import get
from icsgraph.exports.formats.csv import METADATA

OVERLAP, AREA = "https://w3id.org/icsgraph/def/AreaOverlap", "https://w3id.org/icsgraph/def/hasArea"


def number(content, pattern: str) -> int:
    return int(next(iter(content.store.query(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}")))["n"].value)


def residents(content) -> int:
    query = "SELECT (SUM(?n) AS ?all) { ?x <https://w3id.org/icsgraph/def/residentsCensus2021> ?n ; a <%s> }"
    return int(next(iter(content.store.query(query % OVERLAP)))["all"].value)


@pytest.fixture(scope="module")
def folder(boards):
    files, _ = get("csv").folder(boards)
    return {name: list(csv.reader(io.StringIO(text.decode()))) for name, text in files.items() if name != METADATA}, (
        json.loads(files[METADATA])
    )


def test_csv_has_a_row_for_each_thing_and_each_link(folder, boards):
    """Rows of a class are its things, rows of a relation the statements with it; sums are those of the graph."""
    tables, _ = folder
    head, *body = tables["AreaOverlap.csv"]
    at = head.index("residentsCensus2021")

    assert len(body) == number(boards, f"?x a <{OVERLAP}>") == 1000
    assert len(tables["relation-hasArea.csv"]) - 1 == number(
        boards, f"?x <{AREA}> ?y ; a <https://w3id.org/icsgraph/def/IntegratedCareBoard>"
    )
    assert sum(int(row[at]) for row in body if row[at]) == residents(boards)


def test_csv_gives_names_beside_iris(folder):
    """Each row has the name of its thing, and each link that of its other end."""
    tables, _ = folder
    head, *body = tables["IntegratedCareBoard.csv"]
    frimley = dict(zip(head, next(row for row in body if row[0].endswith("icb/QNQ")), strict=True))

    assert "NHS Frimley Integrated Care Board" == frimley["label"]
    assert "NHS England region: South East" == frimley["inNHSRegionLabel"]
    assert ("2022-07-01", "2026-03-31") == (frimley["firstDay"], frimley["lastDay"])


def test_csvw_metadata_describe_each_file_as_it_is(folder):
    """Titles are the headings in their order, every value is of its column's datatype, keys are unique."""
    tables, metadata = folder
    readers = {
        "integer": int, "double": float, "date": date.fromisoformat, "string": str, "boolean": {"true": 1, "false": 0},
        "anyURI": lambda text: text.index(":"), "dateTime": datetime.fromisoformat,
    }  # fmt: skip

    assert {table["url"] for table in metadata["tables"]} == set(tables)
    for table in metadata["tables"]:
        head, *body = tables[table["url"]]
        columns = table["tableSchema"]["columns"]
        assert [column["titles"] for column in columns] == head
        for at, column in enumerate(columns):
            for row in body:
                assert row[at] == "" or readers[column["datatype"]](row[at]) is not None
        if table["tableSchema"].get("primaryKey"):
            assert len({row[0] for row in body}) == len(body)


def test_every_statement_is_in_the_tables_once(folder, boards):
    """Cells of columns that stand for properties, with the classes, are as many as the statements."""
    tables, metadata = folder
    cells = 0
    for table in metadata["tables"]:
        head, *body = tables[table["url"]]
        about = [c["titles"] for c in table["tableSchema"]["columns"] if "propertyUrl" in c]
        cells += sum(row[head.index(name)] != "" for row in body for name in about)
        cells += 0 if table["url"].startswith("relation-") else len(body)

    assert cells == len(set(boards.triples()))


@pytest.fixture
def wicked(packaged):
    """Text that a spreadsheet runs, that XML cannot hold, and one property with values of two kinds."""
    prop, other = ox.NamedNode("http://example.org/note"), ox.NamedNode("http://example.org/n")
    texts = ("=1+1", "a\x01b")
    made = [ox.Triple(ox.NamedNode(f"http://example.org/{at}"), prop, ox.Literal(t)) for at, t in enumerate(texts)]
    made += [ox.Triple(made[0].subject, other, ox.Literal(1)), ox.Triple(made[0].subject, other, ox.Literal("two"))]
    return Content(packaged, made=tuple(made))


def test_no_text_becomes_a_formula(wicked):
    """CSV puts a quote before it; Excel holds it as text."""
    from openpyxl import load_workbook

    files, _ = get("csv").folder(wicked)
    book = load_workbook(io.BytesIO(as_file("xlsx", wicked)))
    notes = {cell.value: cell.data_type for row in book["Thing"].iter_rows() for cell in row}

    assert "'=1+1" in files["Thing.csv"].decode()
    assert "s" == notes["=1+1"]
    assert "a\ufffdb" in notes
    assert 3 == len(files["relation-n.csv"].splitlines())


def test_excel_has_a_sheet_for_each_table_with_dates_and_numbers(boards, folder):
    """openpyxl reads as many rows as CSV has; days are dates, and residents add up to those of the graph."""
    from openpyxl import load_workbook

    tables, _ = folder
    book = load_workbook(io.BytesIO(as_file("xlsx", boards)))
    listed = {row[1]: (row[0], row[3]) for row in book["tables"].iter_rows(min_row=2, values_only=True)}
    head, *body = book["AreaOverlap"].iter_rows(values_only=True)
    first, people = head.index("firstDay"), head.index("residentsCensus2021")

    assert {name.removesuffix(".csv"): len(rows) - 1 for name, rows in tables.items()} == {
        name: rows for name, (_, rows) in listed.items()
    }
    assert {datetime} == {type(row[first]) for row in body}
    assert sum(row[people] or 0 for row in body) == residents(boards)


def test_parquet_reads_in_pandas_with_types(boards, folder):
    """Rows and sums are those of the graph, and what a column means is kept with it."""
    import pandas
    import pyarrow.parquet

    tables, _ = folder
    files, _ = get("parquet").folder(boards)
    frame = pandas.read_parquet(io.BytesIO(files["AreaOverlap.parquet"]))
    schema = pyarrow.parquet.read_schema(io.BytesIO(files["AreaOverlap.parquet"]))

    assert {name.removesuffix(".csv") for name in tables} == {name.removesuffix(".parquet") for name in files}
    assert len(frame) == 1000
    assert int(frame["residentsCensus2021"].sum()) == residents(boards)
    assert {date} == {type(day) for day in frame["firstDay"]}
    assert b"https://w3id.org/icsgraph/def/firstDay" == schema.field("firstDay").metadata[b"icsgraph:property"]


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_tables_of_the_same_content_have_the_same_bytes(boards, form, monkeypatch):
    """A difference between two exports is a difference in meaning, whenever they were made."""
    made = get(form)

    def write():
        return as_file(form, boards) if made.file else made.folder(boards)[0]

    first = write()
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)

    assert first == write()


def test_names_of_tables_lead_out_of_no_folder(packaged):
    """A class whose IRI ends in dots and slashes gives a file in the folder, under a name of its own."""
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    evil = [
        "http://example.org/..",
        "http://example.org/a/../../../etc/passwd",
        "https://w3id.org/icsgraph/def/../../x",
    ]
    made = [ox.Triple(ox.NamedNode(f"urn:{n}"), kind, ox.NamedNode(iri)) for n, iri in enumerate(evil)]
    for form in ("csv", "parquet"):
        files, _ = get(form).folder(Content(packaged, made=tuple(made)))
        assert [] == [name for name in files if "/" in name or "\\" in name or name in (".", "..")]
