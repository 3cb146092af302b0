# SPDX-License-Identifier: Apache-2.0
"""Sheets that people filled in: what goes out comes back, findings name rows, and faults are all told at once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest
from openpyxl.utils import column_index_from_string

from icsgraph.law.ground import Ground
from icsgraph.law.request import Request, validate
from icsgraph.model.errors import TableError
from icsgraph.opening import open_graph
from icsgraph.reports.findings import FORMATS
from icsgraph.store.load import find_files, read
from icsgraph.store.shipped import root
from icsgraph.tables.directory import Directory
from icsgraph.tables.faults import Faulty
from icsgraph.tables.folder import csv_files
from icsgraph.tables.importing import import_sheets
from icsgraph.tables.records import tabled
from icsgraph.tables.sheets import read_sheets
from icsgraph.tables.templates import of_files, of_template, of_triples
from icsgraph.tables.workbook import About, excel
from icsgraph.tables.writing import writer_to

TESTS = Path(__file__).resolve().parents[1]
EXAMPLES = root() / "data" / "examples"
DAY = date(2025, 6, 30)
BASE = "https://example.org/northshire/"
FROM = ("http://www.w3.org/ns/prov#wasDerivedFrom",)


@pytest.fixture(scope="module")
def store():
    return open_graph(as_at=DAY).store


def as_values(triples):
    """Give triples with numbers as values and not as they are spelt."""
    found = ox.Store()
    found.extend(ox.Quad(*triple) for triple in triples)
    return {q.triple for q in found}


def stated(path):
    """Give the triples of files in one graph, numbers as values."""
    return as_values(q.triple for file in find_files([path]) for q in read(file))


def without_places(triples):
    """Leave out what says where a record stood."""
    return {t for t in triples if t.predicate.value not in FROM and "/source/" not in t.subject.value}


def imported(files, store, tmp_path, base=BASE, directory=None):
    """Import files; give what was made and where it is written."""
    out = tmp_path / "records.ttl"
    with writer_to(out, base) as writer:
        made = import_sheets([(path, path.name) for path in files], directory or Directory(store), base, writer)
    return made, out


def book_of(store, folder, tmp_path):
    made = of_files(find_files([EXAMPLES / folder]), Directory(store))
    path = tmp_path / "book.xlsx"
    path.write_bytes(excel(made, Directory(store), About("Northshire", "XN1", DAY)))
    return made, path


@pytest.mark.parametrize("folder", ["northshire", "northshire-with-faults"])
def test_a_workbook_of_an_exported_system_is_the_system(store, tmp_path, folder):
    """Every triple of the worked examples has a place in the sheets, and comes back as it was."""
    made, path = book_of(store, folder, tmp_path)
    _, out = imported([path], store, tmp_path)

    assert [] == made.left_over
    assert stated(EXAMPLES / folder) == without_places(stated(out))


def test_a_folder_of_csv_is_the_system_too(store, tmp_path):
    """CSV files with their description hold what the workbook holds."""
    made = of_files(find_files([EXAMPLES / "northshire"]), Directory(store))
    for name, content in csv_files(made, "XN1").items():
        (tmp_path / name).write_bytes(content)
    _, out = imported(sorted(tmp_path.glob("*.csv")), store, tmp_path)

    assert stated(EXAMPLES / "northshire") == without_places(stated(out))


LAW = {f"https://w3id.org/icsgraph/def/{name}" for name in ("Provision", "Statement")}
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
MAY_BE_LEFT = {  # why a triple of a case is no cell: it is none of a system's records, or a fault that no row can have
    "law and guidance ship with the package; records cite them, and do not say what they are": lambda triples, t: (
        "/id/provision/" in t.subject.value or LAW & kinds(triples, t.subject)
    ),
    "a row is of one act on one version": lambda triples, t: (
        t.predicate.value == "https://w3id.org/icsgraph/def/ofVersion" and len(values(triples, t)) > 1
    ),
    "a row is of one kind": lambda triples, t: len(kinds(triples, t.subject)) > 1,
    "a kind of content has no columns for what only others have": lambda triples, t: (
        kinds(triples, t.subject) <= CONTENT and t.predicate.value != RDF_TYPE
    ),
}
CONTENT = {f"https://w3id.org/icsgraph/def/{name}" for name in ("Priority", "PlannedAction", "TopicCoverage")}


def values(triples, triple):
    return {t.object for t in triples if (t.subject, t.predicate) == (triple.subject, triple.predicate)}


def kinds(triples, subject):
    return {t.object.value for t in triples if t.subject == subject and t.predicate.value == RDF_TYPE}


@pytest.fixture(scope="module")
def cases(store):
    """Give each case of the constraints with its triples, without those that say what it tests, and as sheets."""
    found, directory = [], Directory(store)
    for case in sorted((TESTS / "cases" / "shapes").rglob("*.ttl")):
        triples = {q.triple for q in ox.parse(path=str(case), base_iri="https://example.org/case")}
        triples = {t for t in triples if isinstance(t.subject, ox.NamedNode) and "/test/" not in t.predicate.value}
        found.append((f"{case.parent.name}/{case.name}", triples, of_triples(triples, directory)))
    return found


def test_whatever_a_case_says_has_a_place_in_the_sheets(cases):
    """What no sheet can hold is none of a system's records, or a fault that no row can have: each for a reason."""
    wrong = [
        (name, str(triple)) for name, triples, made in cases for triple in made.left_over
        if not any(reason(triples, triple) for reason in MAY_BE_LEFT.values())
    ]  # fmt: skip
    for why, reason in MAY_BE_LEFT.items():
        assert any(reason(triples, t) for _, triples, made in cases for t in made.left_over), f"no longer so: {why}"

    assert [] == wrong
    assert len(cases) - sum(bool(made.left_over) for *_, made in cases) > 1000


def test_cases_of_the_constraints_are_what_they_were(store, cases, tmp_path):
    """Every case that can be a workbook comes back as it was."""
    directory = Directory(store)
    for number, (name, triples, made) in enumerate(cases):
        if made.left_over:
            continue
        folder = tmp_path / str(number)
        folder.mkdir()
        for file, content in csv_files(made, "").items():
            if file.endswith(".json") or content.count(b"\n") > 1:
                (folder / file).write_bytes(content)
        _, out = imported(sorted(folder.glob("*.csv")), store, folder, made.base, directory)

        assert as_values(triples) == without_places(stated(out)), name


def test_findings_of_a_workbook_are_those_of_its_turtle_and_name_rows(store, tmp_path):
    """The faulty example gives the same findings as a workbook, and each points at the row that its record stood in."""
    _, path = book_of(store, "northshire-with-faults", tmp_path)
    _, out = imported([path], store, tmp_path)
    wanted, got = (validate(g.opened, Request(), g) for g in map(_ground, (EXAMPLES / "northshire-with-faults", out)))
    rows = {sheet.title: [[c.value for c in row] for row in sheet] for sheet in openpyxl.load_workbook(path)}

    assert {(f.id, f.severity, f.message) for f in wanted.findings} == {
        (f.id, f.severity, f.message) for f in got.findings
    }
    assert 23 == len(got.findings)
    for finding in got.findings:
        file, _, sheet = finding.file.partition(", sheet ")
        assert "book.xlsx" == file
        assert finding.focus.removeprefix(BASE) in rows[sheet][finding.line - 1]
    columns = {(f.constraint, f.column) for f in got.findings if f.column}
    assert {("ICS-03", "K (Needs treated)"), ("ICS-04", "D (Met by)"), ("ICS-21", "A (Document)")} <= columns
    for finding in got.findings:  # a column holds what the finding is about
        if finding.column:
            letter, _, heading = finding.column.partition(" ")
            at = column_index_from_string(letter) - 1
            sheet = rows[finding.file.partition(", sheet ")[2]]
            assert f"({sheet[0][at]})" == heading
            assert finding.value_label.partition(" (")[0] in str(sheet[finding.line - 1][at])


def test_a_finding_names_the_column_of_its_path(store, tmp_path):
    """File, sheet, row and column are in a table, in JSON and, with the number of the column, in SARIF."""
    (tmp_path / "members.csv").write_text(
        "Of,Person,Appointed by,First day,Last day,Name\nQRL,Ann,QRL,1 July 2023,1 July 2022,seat\n"
    )
    _, out = imported([tmp_path / "members.csv"], store, tmp_path)
    ground = _ground(out)
    report = validate(ground.opened, Request(), ground)
    report = replace(report, findings=tuple(f for f in report.findings if f.constraint == "form-DaysInOrder"))
    told = json.loads(FORMATS["json"](report))["findings"][0]
    place = json.loads(FORMATS["sarif"](report))["runs"][0]["results"][0]["locations"][0]["physicalLocation"]

    assert ("members.csv, sheet members", 2, "D (First day)") == (told["file"], told["line"], told["column"])
    assert "members.csv, sheet members, row 2, column D (First day)" in FORMATS["table"](report)
    assert ("members.csv", 2, 4) == (
        place["artifactLocation"]["uri"], place["region"]["startLine"], place["region"]["startColumn"],
    )  # fmt: skip
    assert "D (First day)" in FORMATS["csv"](report)


def _ground(path):
    return Ground(open_graph(path, as_at=DAY))


def test_a_template_counts_for_nothing_until_it_is_filled_in(store, tmp_path):
    """The rows that come with a workbook make no record; one that is filled in makes one, with what was given."""
    from icsgraph.law.template import template

    made = of_template(template(store, "QRL", DAY), Directory(store))
    path = tmp_path / "book.xlsx"
    path.write_bytes(excel(made, Directory(store), About("Records", "QRL", DAY)))
    before, _ = imported([path], store, tmp_path, made.base)
    book = openpyxl.load_workbook(path)
    parties = book["Parties"]
    day = [c.value for c in parties[1]].index("First day") + 1
    parties.cell(2, day).value = "1 July 2022"
    book.save(path)
    after, out = imported([path], store, tmp_path, made.base)

    assert [] == made.left_over
    assert 1 == after.records - before.records
    assert 5 == len(next(rows for _, sheet, rows in before.unfilled if sheet == "Parties"))
    triples = stated(out)
    first = ox.NamedNode("https://w3id.org/icsgraph/def/firstDay")
    assert {"2022-07-01"} == {t.object.value for t in triples if t.predicate == first}


def test_drop_downs_hold_what_the_day_allows(store, tmp_path):
    """Bodies offered are those of the day: Frimley's board had ended by April 2026."""
    made = tabled([], Directory(store), BASE, read_sheets())
    words = {}
    for day in (date(2025, 6, 30), date(2026, 6, 30)):
        path = tmp_path / "book.xlsx"
        path.write_bytes(excel(made, Directory(store), About("Records", "", day)))
        lists = openpyxl.load_workbook(path)["Lists"]
        words[day.year] = {cell.value for row in lists for cell in row}

    assert "NHS Frimley Integrated Care Board" in words[2025] - words[2026]


def test_a_workbook_offers_no_formula(store, tmp_path):
    """A text that begins with = stays a text in Excel, and is quoted in CSV."""
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    node = ox.NamedNode(BASE + "evil")
    text = ox.Literal("=cmd|' /C calc'!A0", language="en")
    triples = {
        ox.Triple(node, label, text),
        ox.Triple(node, kind, ox.NamedNode("https://w3id.org/icsgraph/def/AssessedNeed")),
    }
    made = tabled(triples, Directory(store), BASE, read_sheets())
    path = tmp_path / "book.xlsx"
    path.write_bytes(excel(made, Directory(store), About("Records", "", DAY)))
    cells = [c for row in openpyxl.load_workbook(path)["Needs"] for c in row if c.value == text.value]
    (tmp_path / "29-needs.csv").write_bytes(csv_files(made, "")["29-needs.csv"])

    assert ["s"] == [cell.data_type for cell in cells]
    assert b",'=cmd" in (tmp_path / "29-needs.csv").read_bytes()
    for file in (path, tmp_path / "29-needs.csv"):
        assert triples == without_places(stated(imported([file], store, tmp_path)[1]))


def sheet(tmp_path, name, *rows, file="book.xlsx"):
    """Write a workbook with one sheet."""
    book = openpyxl.Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / file)
    return tmp_path / file


def test_names_resolve_by_code_alias_and_successor(store, tmp_path):
    """A body can be given by code, name or alias; one that ended before the row's day is told with its successors."""
    path = sheet(
        tmp_path, "Parties",
        ["Party", "Partnership", "First day"],
        ["E06000045", "https://w3id.org/icsgraph/id/icp/QRL", datetime(2022, 7, 1)],
        ["hampshire  county council", "https://w3id.org/icsgraph/id/icp/QRL", "July 2022"],
        ["QNQ", "QNQ", "1 June 2026"],
    )  # fmt: skip
    made, out = imported([path], store, tmp_path)
    party, to = (ox.NamedNode(f"https://w3id.org/icsgraph/def/{name}") for name in ("party", "toPartnership"))

    assert {"authority/E06000045", "authority/E10000014", "icb/QNQ"} == {
        "/".join(t.object.value.split("/")[-2:]) for t in stated(out) if t.predicate == party
    }
    assert {"icp/QRL", "icp/QNQ"} == {
        "/".join(t.object.value.split("/")[-2:]) for t in stated(out) if t.predicate == to
    }
    assert ["NHS Frimley Integrated Care Board ended on 2026-03-31, before 2026-06-01"] == [
        f.reason for f in made.faults.remarks if "Partnership" not in f.place.column
    ]
    assert all("In its place came" in f.mend for f in made.faults.remarks if "Party" in f.place.column)


def test_nothing_is_written_where_something_is_wrong(store, tmp_path):
    """One fault keeps the whole import out, and leaves the file of the last one as it was."""
    good = sheet(tmp_path, "Needs", ["Kind of need", "Name"], ["assessed need", "falls"])
    _, out = imported([good], store, tmp_path)
    before = out.read_bytes()
    bad = sheet(tmp_path, "Needs", ["Kind of need", "Name", "Age group"], ["assessed need", "falls", "elder people"])
    with pytest.raises(Faulty) as caught:
        imported([bad], store, tmp_path)

    assert before == out.read_bytes()
    assert [out.name, "book.xlsx"] == sorted((p.name for p in tmp_path.iterdir()), reverse=True)
    assert "older-people" in caught.value.found.faults[0].mend or "older people" in caught.value.found.faults[0].mend


def test_rows_that_name_each_other_meet_across_files(store, tmp_path):
    """A receipt in one file names an assessment in another, by its name."""
    one = sheet(
        tmp_path, "Assessments", ["Authority", "Prepared by", "First day", "Name"],
        ["Hampshire County Council", "Hampshire County Council", "May 2022", "our needs"], file="a.xlsx",
    )  # fmt: skip
    two = sheet(
        tmp_path, "Receipts", ["Document", "Received by", "Date"], ["Our  needs", "QRL", "3 August 2022"], file="b.xlsx"
    )
    _, out = imported([two, one], store, tmp_path)
    of = ox.NamedNode("https://w3id.org/icsgraph/def/ofVersion")

    assert [BASE + "our-needs"] == [t.object.value for t in stated(out) if t.predicate == of]


def test_an_ending_that_says_no_syntax_is_refused(tmp_path):
    """The output is Turtle or N-Triples."""
    with pytest.raises(TableError, match="E906"), writer_to(tmp_path / "records.docx"):
        pass


def test_settings_and_citations_name_what_the_graph_has(store, tmp_path):
    """A setting is told of by its name, a provision by its short code or its place, a passage by its number."""
    (tmp_path / "settings.csv").write_text("Setting,Set to\ngrace_publish,3\ncommencement,1 July 2022\n")
    (tmp_path / "citations.csv").write_text(
        "Provision,Guidance or passage,Says it is,Name\nICS-PREP,2024/034,duty,first\n"
        '"Local Government and Public Involvement in Health Act 2007, section 116ZB(1)",,,second\n'
    )
    _, out = imported([tmp_path / "settings.csv", tmp_path / "citations.csv"], store, tmp_path)
    told = {
        (t.subject.value.rpartition("/")[2], t.predicate.value.rpartition("/")[2], t.object.value.rpartition("/")[2])
        for t in without_places(stated(out))
    }

    assert {("grace_publish", "isSetTo", "3"), ("commencement", "isSetTo", "2022-07-01")} <= told
    assert {("first", "citesProvision", "ICS-PREP"), ("second", "citesProvision", "ICS-PREP")} <= told
    assert {("first", "refersTo", "034"), ("first", "claimsStrength", "duty")} <= told
    (tmp_path / "settings.csv").write_text("Setting,Set to\ngrace_publsh,3\ngrace_publish,soon\n")
    with pytest.raises(Faulty) as caught:
        imported([tmp_path / "settings.csv"], store, tmp_path)
    assert [
        ("no setting of this name or code is known", "Did you mean"),
        ("it is neither a whole number nor a day", "Write digits a"),
    ] == [(f.reason, f.mend[:12] if "mean" in f.mend else f.mend[:14]) for f in caught.value.found.faults]
