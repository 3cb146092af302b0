# SPDX-License-Identifier: Apache-2.0
"""Files that would do harm, or are not what they seem, are refused with a message; odd ones are read all the same."""

from __future__ import annotations

import time
import tracemalloc
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from icsgraph.model.errors import IcsgraphError, LoadError, TableError
from icsgraph.store.load import DataFile
from icsgraph.store.load import read as read_rdf
from icsgraph.tables.faults import Faults
from icsgraph.tables.grid import grids

ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" office:version="1.3">
<office:automatic-styles><style:style style:name="ta2" style:family="table">
<style:table-properties table:display="false"/></style:style></office:automatic-styles>
<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"""


RDF_XML = """<?xml version="1.0"?><!DOCTYPE r [{entities}]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://example.org/">
<rdf:Description rdf:about="http://example.org/x"><e:p>{value}</e:p></rdf:Description></rdf:RDF>"""


def read(path, faults=None):
    """Give the sheets of a file as lists."""
    return {g.name: [(n, list(row)) for n, row in g.rows] for g in grids(path, path.name, faults or Faults())}


def excel(tmp_path, rows, change=None):
    """Write a workbook with one sheet, perhaps with a part of it changed."""
    book = openpyxl.Workbook()
    book.active.title = "Needs"
    for row in rows:
        book.active.append(row)
    path = tmp_path / "book.xlsx"
    book.save(path)
    if change:
        parts = {i.filename: zipfile.ZipFile(path).read(i) for i in zipfile.ZipFile(path).infolist()}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, change(name, content))
    return path


def ods(tmp_path, tables):
    path = tmp_path / "book.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.format(tables=tables))
    return path


def refused(path, code, words):
    with pytest.raises(TableError) as caught:
        read(path)
    assert code == caught.value.code
    assert words in str(caught.value)
    assert caught.value.mend


@pytest.mark.parametrize("name", ["book.xlsx", "book.ods"])
def test_a_zip_bomb_is_not_unpacked(tmp_path, name):
    """A part that unpacks to a thousand times its size is refused by what the archive says of it, unread."""
    path = tmp_path / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (64 << 20))
    tracemalloc.start()
    refused(path, "E902", "unpacks to")
    assert tracemalloc.get_traced_memory()[1] < 5 << 20
    tracemalloc.stop()


@pytest.mark.parametrize("name", ["book.xlsx", "book.ods"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_entities_are_refused(tmp_path, name, encoding):
    """Entities, which can read files or fill the memory, are refused in whatever encoding."""
    laughs = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    path = tmp_path / name
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml" if name.endswith("ods") else "xl/workbook.xml", laughs.encode(encoding))
    refused(path, "E902", "document type or entities")


ENTITY_BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    ("entities", "words"),
    [
        (f'<!ENTITY a0 "ha">{ENTITY_BOMB}', "its XML entity a1 is long, or holds other entities"),
        (f'<!ENTITY a9 "{"ha" * 1000}">', "its XML entity a9 is long"),
        ('<!ENTITY a9 SYSTEM "file:///etc/passwd">', "its XML entity a9"),
        ('<!ENTITY % a9 "&#38;a8;">', "its XML entity a9"),
        (f'{"<!-- <rdf:RDF -->" * 100_000}<!ENTITY a0 "ha">{ENTITY_BOMB}', "its XML entity a1"),
        (f'<!ENTITY a9 "{"ha" * 1_000_000}">', "its XML entity a9 is long"),
    ],
)
def test_entities_of_rdf_xml_do_not_fill_the_memory(tmp_path, entities, words):
    """Entities that hold others or read files are refused before anything is parsed."""
    path = tmp_path / "a.rdf"
    path.write_text(RDF_XML.format(entities=entities, value="&a9;"))
    with pytest.raises(LoadError, match="E105") as caught:
        list(read_rdf(DataFile(path, "a.rdf")))
    assert words in caught.value.what


def test_namespaces_as_entities_are_read(tmp_path):
    """Ontology editors write namespaces as entities, and such files are read."""
    path = tmp_path / "a.owl"
    path.write_text(RDF_XML.format(entities='<!ENTITY a9 "http://www.w3.org/2002/07/owl#">', value="&a9;Class"))

    assert ["http://www.w3.org/2002/07/owl#Class"] == [q.object.value for q in read_rdf(DataFile(path, "a.owl"))]


def test_remote_contexts_are_not_fetched(tmp_path):
    """JSON-LD that names a context elsewhere is refused: nothing is asked of the network."""
    path = tmp_path / "a.jsonld"
    path.write_text('{"@context": "http://127.0.0.1:9/context.jsonld", "@id": "http://example.org/x", "name": "a"}')
    with pytest.raises(LoadError, match=r"E103.*remote"):
        list(read_rdf(DataFile(path, "a.jsonld")))


def test_files_that_are_no_workbooks_are_refused(tmp_path):
    """Excel 97 or a password, a text, half a file, and an archive of something else each get their message."""
    for name, content, words in (
        ("old.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600), "password"),
        ("text.xlsx", b"hello", "no workbook"),
        ("half.xlsx", excel(tmp_path, [["Name"]]).read_bytes()[:1500], "no workbook"),
    ):
        (tmp_path / name).write_bytes(content)
        refused(tmp_path / name, "E903", words)
    with zipfile.ZipFile(tmp_path / "other.xlsx", "w") as archive:
        archive.writestr("readme", "hello")
    refused(tmp_path / "other.xlsx", "E903", "damaged")
    refused(tmp_path / "none.xlsx", "E901", "no such file")
    (tmp_path / "a.pdf").touch()
    refused(tmp_path / "a.pdf", "E901", "not a kind of table")


def test_broken_xml_is_refused(tmp_path):
    """A sheet that ends in the middle is damage, not the end of the sheet."""
    path = excel(tmp_path, [["Name"], ["a"]], lambda n, c: c[: len(c) // 2] if "sheet1" in n else c)
    refused(path, "E903", "damaged")
    path = ods(tmp_path, '<table:table table:name="Needs"><table:table-row>')
    refused(path, "E903", "damaged")


def test_a_million_blank_rows_cost_nothing(tmp_path):
    """Blank rows are passed over, whether they are written or counted, and the rows after them keep their numbers."""
    blank = b"".join(b'<row r="%d"/>' % n for n in range(3, 200_000))
    path = excel(tmp_path, [["Name"], ["a"]], lambda n, c: c.replace(b"</sheetData>", blank + b"</sheetData>"))
    assert [(1, ["Name"]), (2, ["a"])] == read(path)["Needs"]
    far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c></row>'
    start = time.process_time()
    path = excel(tmp_path, [["Name"]], lambda n, c: c.replace(b"</sheetData>", far + b"</sheetData>"))
    assert 1_048_576 == read(path)["Needs"][-1][0]
    assert time.process_time() - start < 20
    cell = '<table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>'
    row = f"<table:table-row>{cell}</table:table-row>"
    blank = '<table:table-cell table:number-columns-repeated="16384"/>'
    blanks = f'<table:table-row table:number-rows-repeated="1048570">{blank}</table:table-row>'
    path = ods(tmp_path, f'<table:table table:name="Needs">{row}{blanks}{row}</table:table>')
    assert [(1, ["a"]), (1_048_572, ["a"])] == read(path)["Needs"]


def test_opendocument_cells_are_read_as_what_they_are(tmp_path):
    """Dates, numbers, booleans and repeated cells; a hidden sheet says so; merged cells are told."""
    rows = (
        '<table:table-row><table:table-cell office:value-type="date" office:date-value="2022-07-14T00:00:00"/>'
        '<table:table-cell office:value-type="float" office:value="2.5"/>'
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>'
        '<table:table-cell table:number-columns-repeated="2" office:value-type="string">'
        "<text:p>x</text:p><text:p>y</text:p></table:table-cell>"
        "<table:table-cell table:number-columns-spanned='2'><text:p>m</text:p></table:table-cell></table:table-row>"
    )
    path = ods(tmp_path, f'<table:table table:name="Old" table:style-name="ta2">{rows}</table:table>')
    faults = Faults()
    found = [(g.name, g.hidden, list(g.rows)) for g in grids(path, "book.ods", faults)]

    assert [("Old", True, [(1, [date(2022, 7, 14), 2.5, True, "x\ny", "x\ny", "m"])])] == found
    assert ["book.ods, sheet Old, row 1, column F"] == [str(f.place) for f in faults.faults]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_say_what_they_are_are_read(tmp_path, encoding):
    """UTF-8 with and without a mark, and UTF-16 with one, give the same cells."""
    path = tmp_path / "needs.csv"
    path.write_bytes("Name\r\nCafé, “quoted”\r\n".replace("Café, “quoted”", '"Café, “q”"').encode(encoding))

    assert {"needs": [(1, ["Name"]), (2, ["Café, “q”"])]} == read(path)


def test_encodings_that_do_not_are_refused(tmp_path):
    """Latin-1 and UTF-16 without its mark are not guessed; the message names the row that was still right."""
    path = tmp_path / "needs.csv"
    path.write_bytes("Name\nfalls\nCafé\n".encode("latin-1"))
    refused(path, "E903", "not in UTF-8")
    path.write_bytes("Name\nfalls\n".encode("utf-16-le"))
    refused(path, "E903", "UTF-16 without its mark")
    path.write_bytes(b'Name\n"falls\n')
    refused(path, "E903", "cannot be read")


def test_line_ends_may_be_mixed(tmp_path):
    """Lines of three systems in one file are lines, and separators may be semicolons."""
    path = tmp_path / "needs.csv"
    path.write_bytes(b"Name;Area\r\nfalls;Leeds\rdamp;York\n\n;\nlonely;Hull")

    assert [(1, ["Name", "Area"]), (2, ["falls", "Leeds"]), (3, ["damp", "York"]), (6, ["lonely", "Hull"])] == (
        read(path)["needs"]
    )


def test_a_huge_cell_is_told_and_left_out(tmp_path):
    """A text longer than a spreadsheet can hold is a fault; one that a CSV reader refuses is damage."""
    path = tmp_path / "needs.csv"
    path.write_text("Name\n" + "x" * 40_000 + "\n")
    faults = Faults()
    read(path, faults)
    assert ["the text has 40000 characters; at most 32767 are read"] == [f.reason for f in faults.faults]
    path.write_text("Name\n" + "x" * 200_000 + "\n")
    refused(path, "E903", "field larger than field limit")


_QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_QUICK
@given(st.binary(max_size=400), st.sampled_from(["a.csv", "a.xlsx", "a.ods", "a.tsv", "a.csv.gz"]))
@example(b"PK\x03\x04" + bytes(40), "a.xlsx")
@example(b"\xff\xfe\x00", "a.csv")
@example(b"\x1f\x8b\x08\x00", "a.csv.gz")
def test_any_bytes_are_read_or_refused(tmp_path, content, name):
    """Whatever a file holds, the reader gives rows or an error that a user can act on."""
    path = tmp_path / name
    path.write_bytes(content)
    try:
        read(path)
    except IcsgraphError as error:
        assert error.mend


@_QUICK
@given(st.data())
def test_workbooks_with_bytes_changed_are_read_or_refused(tmp_path, data):
    """A workbook with some bytes of a part changed is read or refused, never anything else."""
    part = data.draw(
        st.sampled_from(["xl/worksheets/sheet1.xml", "xl/workbook.xml", "content.xml", "[Content_Types].xml"])
    )
    at, piece = data.draw(st.integers(0, 600)), data.draw(st.binary(min_size=1, max_size=6))

    def change(name, content):
        return content[:at] + piece + content[at + len(piece) :] if name == part else content

    if part == "content.xml":
        path = ods(tmp_path, "<table:table table:name='N'><table:table-row/></table:table>")
        content = change("content.xml", zipfile.ZipFile(path).read("content.xml"))
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("content.xml", content)
    else:
        path = excel(tmp_path, [["Name"], ["a"]], change)
    try:
        read(path)
    except IcsgraphError as error:
        assert error.mend


@_QUICK
@given(st.lists(st.lists(st.one_of(st.none(), st.text(max_size=8), st.integers(-9, 9)), max_size=4), max_size=5))
def test_rows_of_a_workbook_are_what_was_written(tmp_path, rows):
    """Texts and numbers come back, without the blanks around them; blank rows do not."""
    rows = [[None if isinstance(c, str) and not c.isprintable() else c for c in row] for row in rows]
    rows = [["" if isinstance(c, str) and c[:1] in "='" else c for c in row] for row in rows]
    wanted = [
        (n, [(c.strip() or None) if isinstance(c, str) else c for c in row]) for n, row in enumerate(rows, start=1)
    ]
    found = read(excel(tmp_path, [row or [None] for row in rows]))["Needs"]

    assert [(n, _cut(row)) for n, row in wanted if _cut(row)] == [(n, _cut(row)) for n, row in found]


def _cut(row):
    while row and row[-1] is None:
        row = row[:-1]
    return row


def test_a_folder_of_a_workbook_is_not_read_as_one(tmp_path):
    """A folder whose name ends like a workbook is refused."""
    (tmp_path / "book.xlsx").mkdir()
    refused(tmp_path / "book.xlsx", "E901", "no such file")


def test_names_inside_files_lead_nowhere(tmp_path):
    """Nothing is unpacked to where an archive says, and no table is read for what a description says of another."""
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.csv").write_text("Name\nsecret\n")
    path = excel(inside, [["Name"], ["a"]])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../escaped.xml", "<a/>")
        archive.writestr("/tmp/icsgraph-escaped.xml", "<a/>")
    assert {"Needs": [(1, ["Name"]), (2, ["a"])]} == read(path)
    (inside / "needs.csv").write_text("Name\nfalls\n")
    (inside / "csv-metadata.json").write_text('{"tables": [{"url": "../secret.csv", "icsgraph:sheet": "Needs"}]}')
    assert {"needs": [(1, ["Name"]), (2, ["falls"])]} == read(inside / "needs.csv")
    assert ["book.xlsx", "csv-metadata.json", "needs.csv"] == sorted(p.name for p in inside.iterdir())
    assert ["inside", "secret.csv"] == sorted(p.name for p in tmp_path.iterdir())


def test_no_schema_is_fetched(tmp_path, monkeypatch):
    """Addresses of schemas and contexts in files are names: nothing is asked of the network."""
    import socket

    def refuse(*_):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    (tmp_path / "needs.csv").write_text("Name\nfalls\n")
    (tmp_path / "needs.csv-metadata.json").write_text(
        '{"@context": "http://127.0.0.1:9/csvw", "url": "needs.csv", "tableSchema": "http://127.0.0.1:9/schema.json"}'
    )
    schema = b'xsi:schemaLocation="http://127.0.0.1:9/ http://127.0.0.1:9/a.xsd" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    path = excel(tmp_path, [["Name"], ["a"]], lambda n, c: c.replace(b"<worksheet ", b"<worksheet " + schema + b" "))

    assert {"needs": [(1, ["Name"]), (2, ["falls"])]} == read(tmp_path / "needs.csv")
    assert {"Needs": [(1, ["Name"]), (2, ["a"])]} == read(path)


def test_merged_cells_and_hidden_sheets_of_excel_are_told(tmp_path):
    """A merged cell is told by its range; a hidden sheet says that it is."""
    book = openpyxl.Workbook()
    book.active.append(["Name"])
    book.active.merge_cells("A2:B3")
    book.create_sheet("Old").sheet_state = "hidden"
    book["Old"].append(["x"])
    book.save(tmp_path / "book.xlsx")
    faults = Faults()
    found = {g.name: (g.hidden, list(g.rows)) for g in grids(tmp_path / "book.xlsx", "book.xlsx", faults)}

    assert (True, [(1, ["x"])]) == found["Old"]
    assert ["cells A2:B3 are merged, so that only one has a value"] == [f.reason for f in faults.faults]


@_QUICK
@given(st.binary(max_size=300), st.sampled_from(["a.ttl", "a.nt", "a.nq", "a.trig", "a.rdf", "a.jsonld", "a.ttl.gz"]))
@example(b"\xff\xfe<\x00", "a.rdf")
@example(b'{"@context": "http://127.0.0.1:9/"}', "a.jsonld")
def test_any_bytes_of_rdf_are_read_or_refused(tmp_path, content, name):
    """Whatever a file of RDF holds, the reader gives statements or an error that a user can act on."""
    path = tmp_path / name
    path.write_bytes(content)
    try:
        list(read_rdf(DataFile(path, name)))
    except IcsgraphError as error:
        assert error.mend
