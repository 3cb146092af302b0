# SPDX-License-Identifier: Apache-2.0
"""Files that visitors send to be checked: workbooks, tables and archives, by their own names, and what is refused."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest

from icsgraph.opening import open_graph
from icsgraph.store.load import find_files
from icsgraph.tables.directory import Directory
from icsgraph.tables.folder import csv_files
from icsgraph.tables.templates import of_files
from icsgraph.tables.workbook import About, excel
from icsgraph.web.errors import Refused
from icsgraph.web.sent import safe_name, taken_apart

DAY = date(2025, 6, 30)
EXAMPLE = Path(__file__).resolve().parents[2] / "data/examples/northshire-with-faults"
CHECK = f"/validate?constraint=ICS-20&as-at={DAY}"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def made():
    """The faulty example as a workbook, and as the CSV files of its sheets."""
    directory = Directory(open_graph(as_at=DAY).store)
    tabled = of_files(find_files([EXAMPLE]), directory)
    return excel(tabled, directory, About("Northshire", "XN1", DAY)), csv_files(tabled, "XN1")


def form(files: dict[str, bytes], **fields: str) -> tuple[bytes, str]:
    """A form with files in it, and its media type."""
    parts = [
        f'--x-x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode() + data + b"\r\n"
        for name, data in files.items()
    ]
    parts += [
        f'--x-x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    return b"".join(parts) + b"--x-x--\r\n", "multipart/form-data; boundary=x-x"


def archive(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("how", ["workbook", "files", "archive", "archive of a folder", "workbook as the body"])
def test_tables_are_checked_as_the_workbook_is(served, made, how):
    """The board that got no copy is found by sheet and row, whichever way the tables come."""
    book, tables = made
    if how == "workbook as the body":
        got = served.post(f"{CHECK}&name=my%20book.xlsx", book, XLSX)
    else:
        sent = {
            "workbook": {"my book.xlsx": book}, "files": tables, "archive": {"my.zip": archive(tables)},
            "archive of a folder": {
                "my.zip": archive({f"records/{n}": d for n, d in tables.items()} | {"__MACOSX/._x.csv": b"\0"})
            },
        }[how]  # fmt: skip
        got = served.post(CHECK, *form(sent))
    assert 200 == got.status, got.text[:500]
    (finding,) = got.json["findings"]

    assert "Westmarch" in finding["message"]
    assert ("my book.xlsx, sheet" if how.startswith("workbook") else ".csv, sheet") in finding["file"]


def test_a_single_table_is_told_by_its_name_and_its_unread_columns_are_named(served):
    """One CSV says by its name which sheet it is; what was not read of it stands in the report."""
    table = b"Kind of body,Name,Colour\r\nprovider of social care,North Homes,red\r\n"
    got = served.post("/validate?background=no&constraint=ICS-20&name=01-bodies.csv", table, "text/csv")
    nameless = served.post("/validate?background=no", table, "text/csv")
    other = served.post("/validate?background=no&name=letters.csv", table, "text/csv")

    assert 200 == got.status, got.text[:500]
    assert any("01-bodies.csv" in each and "Colour" in each for each in got.json["cautions"])
    assert (400, "E541") == (nameless.status, nameless.code)
    assert (422, "E834") == (other.status, other.code), "nothing of it was read, which is no clean bill"


def test_the_page_takes_several_files_and_its_downloads_send_them_again(served, made):
    """The page of several files carries them as one archive; its download has the same findings."""
    _, tables = made
    page = served.post(f"/check?as-at={DAY}", *form(tables))
    fields = re.findall(r'name="(name|packed)" value="([^"]*)"', page.text)
    found = {name: html.unescape(value) for name, value in fields}
    again = served.post(f"/check?as-at={DAY}", *form({}, form="csv", **found))

    assert 200 == page.status
    assert f"{len(tables)} files" in page.text
    assert "records.zip" == found["name"]
    assert (200, "text/csv") == (again.status, again.media), again.text[:500]
    number = int(re.search(r"(\d+) findings", page.text)[1])
    assert number == len(again.text.splitlines()) - 1 > 10


def test_faults_name_the_file_as_the_visitor_knows_it(served):
    """A cell that cannot be taken is told by the name that was sent, made harmless."""
    table = b"Kind of body,Name\r\nno such kind,North Homes\r\n"
    got = served.post("/check", *form({"..\\x/<b>01-bodies.csv": table}))
    words = html.unescape(re.sub(r"<[^>]+>", "", got.text))

    assert 422 == got.status
    assert "<b>01" not in got.text
    assert "-b-01-bodies.csv" in words


@pytest.mark.parametrize(
    ("files", "status", "code"),
    [
        ({"a.zip": b"PK\3\4 not one"}, 400, "E540"),
        ({"a.zip": archive({"b.zip": archive({"01-bodies.csv": b"Name\r\n"})})}, 400, "E540"),
        ({"a.zip": archive({"b.exe": b"MZ"})}, 415, "E833"),
        ({"a.zip": archive({})}, 400, "E540"),
        ({"a.zip": archive({"01-bodies.csv": b"," * 40_000_000})}, 413, "E831"),
        ({"a.zip": archive({f"{n}.ttl": b"" for n in range(200)})}, 413, "E831"),
        ({"a.zip": archive({"x/a.ttl": b"", "y/a.ttl": b""})}, 400, "E540"),
        ({"../a.pdf": b"%PDF"}, 415, "E833"),
        ({"a.xlsx": b"no workbook"}, 400, "E903"),
        ({"csv-metadata.json": b"{}"}, 400, "E540"),
        ({}, 400, "E830"),
    ],
    ids=["damaged", "nested", "a program", "empty", "a bomb", "many files", "twice", "pdf", "no workbook", "no records",
         "none"],
)  # fmt: skip
def test_what_is_no_set_of_records_is_refused(served, files, status, code):
    """Each gets its code and what to do; nothing is unpacked beyond the limit of what may be posted."""
    got = served.post("/validate?background=no", *form(files))

    assert (status, code) == (got.status, got.code), got.text[:300]
    assert json.loads(got.body)["mend"]


def test_an_archive_cannot_write_outside_or_hide_its_size():
    """Names lose their folders, and an archive that lies about sizes is read no further than the limit."""
    (name, _), *_ = taken_apart((("a.zip", archive({"../../etc/cron.d/x.ttl": b""})),), 1000)
    with pytest.raises(Refused, match="unpacks to more"):
        taken_apart((("a.zip", archive({"x.ttl": b" " * 5000})),), 1000)

    assert "x.ttl" == name


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\data\\book.xlsx", "book.xlsx"), (".hidden.ttl", "hidden.ttl"),
        ("a\r\nX-Evil: 1.ttl", "a--X-Evil- 1.ttl"), ("", "records"), ("x" * 300 + ".csv", "x" * 80 + ".csv"),
        ("Ünïcode (2).csv", "Ünïcode (2).csv"), ("\u202egnp.ttl", "-gnp.ttl"),
    ],
)  # fmt: skip
def test_names_are_made_safe(given, safe):
    """A name keeps what makes it known to whoever sent it, and nothing that means something to a machine."""
    assert safe == safe_name(given)
