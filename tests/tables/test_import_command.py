# SPDX-License-Identifier: Apache-2.0
"""``icsgraph import`` and ``icsgraph template`` for sheets, as a user runs them."""

from __future__ import annotations

import csv
import gzip
import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest
from typer.testing import CliRunner

from icsgraph.cli import app

ROOT = Path(__file__).resolve().parents[2]
NEEDS = "Kind of need,Name,Area\nassessed need,falls,E06000045\n"


def run(*arguments):
    """Run a command in this process; its error, with its two lines, is on stderr."""
    return CliRunner().invoke(app, ["--as-at", "2025-06-30", *map(str, arguments)], prog_name="icsgraph")


def test_a_workbook_goes_out_and_comes_back(tmp_path):
    """The workbook names its own namespace; rows that nobody filled in are told and make nothing."""
    book, out = tmp_path / "hampshire.xlsx", tmp_path / "records.ttl"
    made = run("template", "--system", "QRL", "--output", book)
    done = run("import", book, "--output", out)

    assert (0, 0) == (made.exit_code, done.exit_code)
    assert "sheet Copies: still to be filled in, and counting for nothing: rows 2, 3" in done.stderr
    assert "https://example.org/qrl/" in out.read_text(encoding="utf-8")
    pages = openpyxl.load_workbook(book)
    start = pages["Start here"].iter_rows(min_row=14, max_col=3, values_only=True)
    waiting = {name: number for name, _, number in start if number}
    assert waiting["Copies"] == sum(row[-1] == "to fill in" for row in pages["Copies"].values)
    assert "hidden" == pages["Lists"].sheet_state
    assert 2 == run("template", "--system", "QRL", "--output", book).exit_code  # it is there already
    assert 0 == run("template", "--system", "QRL", "--output", book, "--force").exit_code


def test_a_folder_of_csv_says_what_its_columns_are(tmp_path):
    """The description by CSV on the Web names every file, and each column with its property and if it is needed."""
    folder, out = tmp_path / "sheets", tmp_path / "records.nt"
    assert 0 == run("template", "--system", "QRL", "--format", "csv", "--output", folder).exit_code
    described = json.loads((folder / "csv-metadata.json").read_text(encoding="utf-8"))
    tables = {table["url"]: table["tableSchema"]["columns"] for table in described["tables"]}

    assert set(tables) == {path.name for path in folder.glob("*.csv")}
    for name, columns in tables.items():
        with (folder / name).open(encoding="utf-8-sig", newline="") as lines:
            assert [column["titles"] for column in columns] == next(csv.reader(lines))
    date = next(column for column in tables["19-copies.csv"] if column["name"] == "date")
    assert ("https://w3id.org/icsgraph/def/onDate", True) == (date["propertyUrl"], date["required"])
    assert 0 == run("import", folder, "--output", out).exit_code


def test_every_fault_is_on_stdout_and_nothing_is_written(tmp_path):
    """Exit status 2, faults on stdout, the error on stderr, no file."""
    (tmp_path / "needs.csv").write_text(NEEDS.replace("E06000045", "Atlantis") + "wish,peace,\n")
    done = run("import", tmp_path / "needs.csv", "--output", tmp_path / "records.ttl")

    assert 2 == done.exit_code
    assert [
        "needs.csv, sheet needs, row 2, column C (Area)",
        "needs.csv, sheet needs, row 3, column A (Kind of need)",
    ] == [line.partition(": ")[0] for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert "E905" in done.stderr
    assert ["needs.csv"] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.parametrize("ending", [".ttl", ".ttl.gz", ".nt", ".nt.gz", ".trig", ".nq.gz", ".rdf", ".jsonld.gz"])
def test_sheets_and_rdf_of_any_syntax_go_into_one_file(tmp_path, ending):
    """Turtle, N-Quads, TriG, RDF/XML and JSON-LD, compressed or not, are put with what the sheets hold."""
    (tmp_path / "needs.csv").write_text(NEEDS)
    triple = ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("http://example.org/p"), ox.Literal("1"))
    forms = {"a.ttl": "TURTLE", "b.nq": "N_QUADS", "c.trig": "TRIG", "d.rdf": "RDF_XML", "e.jsonld": "JSON_LD"}
    for number, (name, form) in enumerate(forms.items()):
        quad = ox.Quad(triple.subject, triple.predicate, ox.Literal(str(number)))
        content = ox.serialize([quad], format=getattr(ox.RdfFormat, form))
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(content))
    out = tmp_path / f"records{ending}"
    rdf = [tmp_path / f"{name}.gz" for name in forms]
    done = run("import", *rdf, tmp_path / "needs.csv", "--system", "QRL", "--output", out)
    content = gzip.decompress(out.read_bytes()) if ending.endswith(".gz") else out.read_bytes()
    form = ox.RdfFormat.from_extension(ending.removesuffix(".gz").removeprefix("."))
    triples = {quad.triple for quad in ox.parse(content, format=form)}

    assert 0 == done.exit_code
    assert {str(n) for n in range(5)} == {t.object.value for t in triples if t.subject == triple.subject}
    assert ox.NamedNode("https://example.org/qrl/falls") in {t.subject for t in triples}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["import", "none.xlsx", "--output", "o.ttl"], "E901"),
        (["import", "README.md", "--output", "o.ttl"], "E901"),
        (["import", "docs", "--output", "o.ttl"], "E901"),
        (["import", "docs/how-to/spreadsheets/receipts.csv", "--base", "mine", "--output", "o.ttl"], "E907"),
        (["import", "docs/how-to/spreadsheets/receipts.csv", "--output", "o.docx"], "E906"),
        (["import", "ods", "docs/how-to/spreadsheets/receipts.csv", "--output", "o.ttl"], "E908"),
        (["template", "--output", "o.xlsx"], "E440"),
        (["template", "--system", "QRL", "--records", "data", "--output", "o.xlsx"], "E440"),
        (["template", "--records", "data/examples/northshire", "--output", "o"], "E440"),
        (["template", "--system", "QRL", "--format", "xlsx", "--output", "o.txt"], "E440"),
    ],
)
def test_what_cannot_be_done_is_refused(monkeypatch, arguments, code):
    """Each has its code, and nothing is written."""
    monkeypatch.chdir(ROOT)
    done = run(*arguments)

    assert 2 == done.exit_code
    assert done.stderr.startswith(code)
    assert [] == [path.name for path in ROOT.glob("o.*")]


def test_reading_needs_openpyxl_and_says_so(tmp_path):
    """Without the library a user is told what to install, for reading and for writing."""
    (tmp_path / "book.xlsx").touch()
    hide = "import sys; sys.modules['openpyxl'] = None; from icsgraph.cli import main; main()"
    for arguments in (
        ["import", str(tmp_path / "book.xlsx"), "--output", str(tmp_path / "o.ttl")],
        ["template", "--system", "QRL", "--output", str(tmp_path / "new.xlsx")],
    ):
        done = subprocess.run(
            [sys.executable, "-c", hide, "--as-at", "2025-06-30", *arguments],
            capture_output=True, text=True, cwd=ROOT, check=False, timeout=100,
        )  # fmt: skip
        assert 2 == done.returncode
        assert "E904" in done.stderr
        assert "icsgraph[tables]" in done.stderr
