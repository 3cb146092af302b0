# SPDX-License-Identifier: Apache-2.0
"""Every form of an answer for every kind of query, every way to name a board, and every kind of comparison."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest
from typer.testing import CliRunner

from icsgraph.cli import app

ROOT = Path(__file__).resolve().parents[2]
ROWS = ("table", "csv", "tsv", "json", "jsonl", "md", "html", "xlsx", "parquet")
TRIPLES = ("ttl", "nt", "jsonld", "rdfxml")
BOARD = "?b a ics:IntegratedCareBoard ; ics:odsCode 'QNQ'"
QUERIES = {
    "SELECT": f"SELECT ?b ?first {{ {BOARD} ; ics:latestFirstDay ?first }}",
    "ASK": f"ASK {{ {BOARD} }}",
    "CONSTRUCT": f"CONSTRUCT {{ ?b ics:odsCode ?c ; ics:latestFirstDay ?f }} WHERE {{ {BOARD} ; ics:odsCode ?c ; "
    "ics:latestFirstDay ?f }",
    "DESCRIBE": "DESCRIBE <https://w3id.org/icsgraph/id/icb/QNQ>",
}
RDF = {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD,
       "rdfxml": ox.RdfFormat.RDF_XML}  # fmt: skip


def run(*arguments: str, day: str = "2024-06-01", stdin: str = ""):
    """Run a command in this process."""
    return CliRunner().invoke(app, ["--as-at", day, *arguments], input=stdin)


def read(form: str, path: Path) -> int:
    """Read a file of an answer with a reader of its kind, and count its rows or triples."""
    data = path.read_bytes()
    if form in RDF:
        return sum(1 for _ in ox.parse(data, format=RDF[form]))
    if form == "xlsx":
        return openpyxl.load_workbook(io.BytesIO(data))["answer"].max_row - 1
    if form == "parquet":
        return pq.read_table(io.BytesIO(data)).num_rows
    text = data.decode()
    if form == "json":
        found = json.loads(text)
        return 1 if "boolean" in found else len(found["results"]["bindings"])
    if form == "html":
        return len(pd.read_html(io.StringIO(text))[0])
    if form == "md":
        return sum(line.startswith("|") for line in text.splitlines()) - 2
    head = {"csv": 1, "tsv": 1, "jsonl": 0, "table": 2}[form]
    return len(text.splitlines()) - head


@pytest.mark.parametrize("kind", QUERIES)
@pytest.mark.parametrize("form", ROWS + TRIPLES)
def test_each_form_for_each_kind_of_query(form, kind, tmp_path):
    """Rows have no RDF and are refused as such; whatever is written is read back by a reader of its kind."""
    path = tmp_path / f"answer.{form}"
    done = run("query", QUERIES[kind], "--format", form, "--output", str(path))
    triples = kind in ("CONSTRUCT", "DESCRIBE")

    if form in TRIPLES and not triples:
        assert (2, False) == (done.exit_code, path.exists())
        assert "E212" in done.stderr
        return
    assert 0 == done.exit_code, done.stderr
    assert {"SELECT": 1, "ASK": 1, "CONSTRUCT": 2}.get(kind, read(form, path)) <= read(form, path)
    assert "as at 2024-06-01" in done.stderr


@pytest.mark.parametrize(
    ("form", "facts"),
    [
        ("json", lambda data: json.loads(data)["head"]["about"]),
        ("parquet", lambda data: {
            k.decode().removeprefix("icsgraph:"): v.decode()
            for k, v in pq.read_schema(io.BytesIO(data)).metadata.items() if k.startswith(b"icsgraph:")
        }),
        ("xlsx", lambda data: dict(list(openpyxl.load_workbook(io.BytesIO(data))["about"].values))),
        ("html", lambda data: dict(
            line.split('<meta name="icsgraph:')[1].removesuffix('">').split('" content="')
            for line in data.decode().splitlines() if '<meta name="icsgraph:' in line
        )),
    ],
)  # fmt: skip
def test_a_file_says_what_must_be_known_before_quoting_it(form, facts, tmp_path):
    """How many rows, whether all, why cut, of which query, data and day: in the file, whatever becomes of stderr."""
    path = tmp_path / f"answer.{form}"
    run("query", "boards-by-population", "--limit", "3", "--output", str(path))
    said = {name: str(value) for name, value in facts(path.read_bytes()).items()}

    assert ("3", "no", "2024-06-01") == (said["rows"], said["complete"], said["as-at"])
    assert "--limit 3" in said["why-cut"]
    assert [64, 64] == [len(said[name]) for name in ("query", "data")]


@pytest.mark.parametrize(
    ("form", "mark"), [("ttl", "# as-at: 2024-06-01"), ("nt", "# as-at"), ("md", "as at 2024-06-01")]
)
def test_text_says_it_where_its_syntax_has_a_place(form, mark, tmp_path):
    """Turtle and N-Triples have comments, Markdown a line."""
    path = tmp_path / f"answer.{form}"
    run("query", QUERIES["CONSTRUCT"], "--output", str(path))

    assert mark in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("form", "kind"),
    [("csv", "SELECT"), ("tsv", "ASK"), ("jsonl", "SELECT"), ("jsonld", "CONSTRUCT"), ("rdfxml", "DESCRIBE")],
)
def test_what_has_no_place_for_it_gets_a_file_beside_it(form, kind, tmp_path):
    """The facts lie where readers of CSV on the Web look for them, with the columns; JSON has them itself."""
    path = tmp_path / f"answer.{form}"
    done = run("query", QUERIES[kind], "--format", form, "--output", str(path))
    run("query", QUERIES["SELECT"], "--output", str(tmp_path / "whole.json"))
    beside = json.loads((tmp_path / f"answer.{form}-metadata.json").read_text(encoding="utf-8"))
    facts = beside["notes"][0] if form in ("csv", "tsv") else beside["about"]

    assert ("yes", "2024-06-01", f"answer.{form}") == (facts["complete"], facts["as-at"], beside["url"])
    assert "metadata.json" in done.stderr
    assert not (tmp_path / "whole.json-metadata.json").exists()
    if form in ("csv", "tsv"):
        named = [column["name"] for column in beside["tableSchema"]["columns"]]
        assert named == pd.read_csv(path, sep=beside["dialect"]["delimiter"]).columns.tolist()


def test_a_query_comes_from_text_file_and_standard_input(tmp_path):
    """Three ways to the same answer, with the same digest."""
    file = tmp_path / "q.rq"
    file.write_text(QUERIES["SELECT"], encoding="utf-8")
    given = [run("query", QUERIES["SELECT"], "-f", "csv"), run("query", str(file), "-f", "csv"),
             run("query", "-", "-f", "csv", stdin=QUERIES["SELECT"])]  # fmt: skip

    assert 1 == len({done.stdout for done in given})
    assert 1 == len({done.stderr.rpartition("query ")[2] for done in given})


NAMES = [
    ("2024-06-01", "QNQ"), ("2024-06-01", "qnq"), ("2024-06-01", "E54000034"), ("2024-06-01", "Frimley"),
    ("2024-06-01", "NHS Frimley Integrated Care Board"), ("2024-06-01", "nhs frimley integrated care board"),
    ("2026-03-31", "Frimley"), ("2024-06-01", "https://w3id.org/icsgraph/id/icb/QNQ"),
    ("2026-04-01", "S0E4D"), ("2026-04-01", "NHS Thames Valley Integrated Care Board"), ("2026-04-01", "QRL"),
]  # fmt: skip


@pytest.mark.parametrize(("day", "name"), NAMES)
def test_a_board_is_known_by_every_code_and_name(day, name):
    """By ODS code, ONS code, IRI, official and everyday name, in any letters, on the last day and the first."""
    done = run("query", "statutory-members", "-p", f"icb={name}", "-f", "csv", day=day)

    assert 0 == done.exit_code, done.stderr
    assert 2 < len(done.stdout.splitlines())


def test_an_ons_code_of_either_time_names_the_board():
    """A board that goes on is known by the code it had before its area changed, and by the one it has now."""
    found = run("query", "SELECT ?c { ?b ics:odsCode 'QRL' ; ics:hasArea/ics:onsCode ?c } ORDER BY ?c", "-f", "csv")
    codes = found.stdout.split()[1:]

    assert 1 < len(codes)
    assert [0] * len(codes) == [
        run("query", "statutory-members", "-p", f"icb={code}", "-f", "csv").exit_code for code in codes
    ]


@pytest.mark.parametrize("name", ["QNQ", "E54000034", "Frimley", "NHS Frimley Integrated Care Board"])
def test_a_board_that_has_ended_leads_to_those_after_it(name):
    """On 1 April 2026 the answer is not another board's: the end is named, with the successors by code."""
    done = run("query", "statutory-members", "-p", f"icb={name}", day="2026-04-01")

    assert (2, "") == (done.exit_code, done.stdout)
    assert "ended on 2026-03-31" in done.stderr
    assert all(code in done.stderr for code in ("QRL", "S9B9J", "S0E4D"))


OLD = """@prefix ex: <https://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:a ex:p "one" ; ex:held [ ex:from "2022-07-01"^^xsd:date ; ex:note "x" ] . ex:b ex:p "two" ."""
NEW = OLD.replace('"2022-07-01"', '"2023-04-01"').replace('ex:b ex:p "two"', 'ex:c ex:p "three"')


@pytest.fixture
def sides(tmp_path):
    """Two files whose blank nodes say different things; two reports; and the arguments of each kind of comparison."""
    for name, text in (("old.ttl", OLD), ("new.ttl", NEW)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    finding = {"id": "a1", "severity": "Violation", "constraint": "ICS-20", "message": "x", "focus_label": "y"}
    for name, findings in (("old.json", [finding]), ("new.json", [finding | {"severity": "Warning"}])):
        (tmp_path / name).write_text(json.dumps({"findings": findings}), encoding="utf-8")
    days = ["--from-date", "2026-03-31", "--to-date", "2026-04-01"]
    return {
        "data": [str(tmp_path / "old.ttl"), str(tmp_path / "new.ttl")],
        "reports": [str(tmp_path / "old.json"), str(tmp_path / "new.json")],
        "days": [*days, "--kind", "board"],
        "answers": [*days, "--query", "boards-by-population", "--key", "code"],
    }


@pytest.mark.parametrize("form", ["table", "md", "json"])
@pytest.mark.parametrize("kind", ["data", "reports", "days", "answers"])
def test_each_comparison_in_each_form(kind, form, sides):
    """Something differs, exit status 1 says so, and every form tells as many differences."""
    done = run("diff", *sides[kind], "--format", form)
    counted = json.loads(run("diff", *sides[kind], "--format", "json").stdout)
    number = sum(len(counted[each]) for each in ("added", "removed", "changed"))

    assert 1 == done.exit_code
    assert 0 < number
    if form == "table":
        assert number <= sum(line.strip()[:1] in ("+", "-", "~") for line in done.stdout.splitlines())
    elif form == "md":
        assert number == sum(line.startswith("|") for line in done.stdout.splitlines()) - 2


def test_a_blank_node_that_says_otherwise_is_changed_and_its_label_does_not_matter(sides, tmp_path):
    """The day inside it is told as a change of what points to it; other labels and order are no difference."""
    told = json.loads(run("diff", *sides["data"], "--format", "json").stdout)
    (tmp_path / "same.ttl").write_text(
        "@prefix ex: <https://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        'ex:b ex:p "two" . _:z ex:note "x" ; ex:from "2022-07-01"^^xsd:date . ex:a ex:held _:z ; ex:p "one" .',
        encoding="utf-8",
    )
    same = run("diff", sides["data"][0], str(tmp_path / "same.ttl"))

    assert 1 == len(told["changed"])
    assert "2022-07-01" in told["changed"][0]["old"] and "2023-04-01" in told["changed"][0]["new"]
    assert (0, "no difference") == (same.exit_code, same.stderr.partition(" |")[0])


@pytest.mark.parametrize("words", ["frimly", "Hampshre", "neighbring bord copy", "intergrated care partnership"])
def test_what_is_misspelt_is_found(words):
    """One or two wrong letters in a word do no harm."""
    done = run("find", *words.split(), "--limit", "3")

    assert 3 == len([line for line in done.stdout.splitlines() if not line.startswith(" ")])


def test_the_date_of_today_is_the_day_unless_given():
    """Without --as-at the answer is as at today, and says so."""
    done = CliRunner().invoke(app, ["query", "boards-by-population", "--limit", "1"])

    assert f"as at {date.today()}" in done.stderr
