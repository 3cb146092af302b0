# SPDX-License-Identifier: Apache-2.0
"""The Python interface answers as the commands do, with values of the right types."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import icsgraph
from icsgraph.api.frames import to_pandas, to_polars
from icsgraph.queries.values import Kind

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "data" / "examples" / "northshire-with-faults"
DATES = """SELECT ?code ?first ?n WHERE {
  ?b a ics:IntegratedCareBoard ; ics:odsCode ?code ; ics:latestFirstDay ?first BIND(3 AS ?n) } ORDER BY ?code"""


@pytest.fixture(scope="module")
def england():
    """Give what ships, as at a day in 2024."""
    return icsgraph.open(as_at="2024-06-01")


@pytest.fixture(scope="module")
def report():
    """Give the report on one constraint in the example with faults."""
    return icsgraph.open(EXAMPLE, as_at=date(2025, 6, 30)).validate(constraints=["ICS-20"])


def test_importing_loads_nothing_heavy():
    """A program that imports the package pays only for what it uses, and finds the names all the same."""
    heavy = ("pyoxigraph", "rdflib", "pyshacl", "pandas", "polars", "typer", "rich", "icsgraph.api")
    code = f"import icsgraph, sys; dir(icsgraph); print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)

    assert "[]" == done.stdout.strip()


def test_a_question_of_what_ships_loads_no_engine():
    """A stored query needs no SHACL engine, no rdflib and no frames."""
    code = (
        "import icsgraph, sys; icsgraph.open(as_at='2024-06-01').query('statutory-members', icb='QNQ')\n"
        "print([m for m in ('rdflib', 'pyshacl', 'pandas', 'icsgraph.law.check') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)

    assert "[]" == done.stdout.strip()


def test_every_exported_name_is_there():
    """What is promised can be had; what is not promised is an error as in any module."""
    assert [] == [name for name in icsgraph.__all__ if not hasattr(icsgraph, name)]
    with pytest.raises(AttributeError, match="nonsense"):
        _ = icsgraph.nonsense


def test_a_stored_query_answers_with_its_facts(england):
    """Rows, and what must be known before quoting them."""
    answer = england.query("strategy-copy-recipients", icb="Frimley")

    assert ("code", "name", "reason", "kind") == answer.columns
    assert (8, True, "", date(2024, 6, 1)) == (answer.count, answer.complete, answer.why_cut, answer.as_at)
    assert (64, 64, england.version) == (len(answer.hash), len(answer.version), answer.version)
    assert "Bracknell Forest Council" == answer[0]["name"] == next(iter(answer))["name"] == answer["name"][0]
    assert "2024-06-01" in answer.cite(date(2026, 1, 1))


def test_a_cut_answer_says_so(england):
    """Nobody takes three rows for all rows."""
    answer = england.query("strategy-copy-recipients", icb="QNQ", limit=3)

    assert (3, False) == (answer.count, answer.complete)
    assert "3" in answer.why_cut


def test_frames_have_dates_numbers_and_categories(england):
    """Dates can be subtracted, numbers summed, and words that repeat are categories."""
    answer = england.query(DATES)
    frame = answer.to_pandas()

    assert (Kind.TEXT, Kind.DATE, Kind.INTEGER) == answer.kinds
    assert date(2022, 7, 1) in answer["first"]
    assert ["string", "datetime64[s]", "int64"] == [str(dtype) for dtype in frame.dtypes]
    assert "yes" == frame.attrs["icsgraph:complete"]
    kinds = england.query("strategy-copy-recipients", icb="QNQ")
    assert "category" == str(kinds.to_pandas()["kind"].dtype)
    assert "string" == str(kinds.to_pandas(categories=False)["kind"].dtype)
    assert ["String", "Date", "Int64"] == [str(dtype) for dtype in answer.to_polars().dtypes]


def test_frames_keep_what_is_missing_missing():
    """A gap is no zero, no false and no empty text."""
    moment = datetime(2024, 1, 1, 12, tzinfo=UTC)
    columns = [
        ("n", Kind.INTEGER, [1, None]), ("x", Kind.NUMBER, [None, 1.5]), ("b", Kind.BOOLEAN, [True, None]),
        ("d", Kind.DATE, [date(1601, 2, 3), None]), ("t", Kind.DATETIME, [moment, None]), ("s", Kind.TEXT, [None, "a"]),
    ]  # fmt: skip
    pandas, polars = to_pandas(columns), to_polars(columns)

    assert [1, 1, 1, 1, 1, 1] == pandas.isna().sum().tolist()
    assert ["Int64", "float64", "boolean", "datetime64[s]"] == [str(dtype) for dtype in pandas.dtypes][:4]
    assert "UTC" in str(pandas["t"].dtype)
    assert [[1, 1, 1, 1, 1, 1]] == [list(row) for row in polars.null_count().rows()]
    assert date(1601, 2, 3) == polars["d"][0]


def test_parameters_are_values_of_python(england):
    """A date is a date and an IRI an IRI, in a query of one's own as well; nothing is pasted into text."""
    text = "SELECT ?code { ?b a ?kind ; ics:odsCode ?code ; ics:latestFirstDay ?day }"
    answer = england.query(text, kind="ics:IntegratedCareBoard", day=date(2026, 4, 1))

    assert ["D7T5G", "S0E4D", "S1Y5D", "S9B9J", "T6Y0W", "Z9B2Z"] == sorted(answer["code"])


def test_another_day_gives_another_answer(england):
    """A view as at another day leaves the first as it was."""
    then, now = england.at("2022-12-15"), england.at(date(2026, 6, 1))

    assert [42, 42, 36] == [len(g.query("boards-by-population")) for g in (then, england, now)]
    assert [] == list(now.query("boards-by-population").compare(now.query("boards-by-population")))
    assert 0 < len(now.changes("2026-03-31", kind="board"))


def test_labels_stand_beside_iris(england):
    """An IRI means little to a reader."""
    answer = england.query("SELECT ?b { ?b ics:odsCode 'QNQ' ; a ics:IntegratedCareBoard }", labels=True)

    assert "NHS Frimley Integrated Care Board" in answer.rows[0]


def test_triples_and_files(england, tmp_path):
    """A file has the form that its ending names, and rows are no RDF."""
    triples = england.query("CONSTRUCT { ?b ics:odsCode ?c } { ?b ics:odsCode ?c } LIMIT 2")
    rows = england.query(DATES)

    assert 2 == len(triples.triples)
    assert b"odsCode" in triples.save(tmp_path / "a.ttl").read_bytes()
    assert rows.save(tmp_path / "a.csv").read_text().startswith("code,first,n\n")
    assert b"PAR1" == rows.save(tmp_path / "a.parquet").read_bytes()[:4]
    for name, code in (("b.ttl", "E212"), ("b.nonsense", "E214")):
        with pytest.raises(icsgraph.IcsgraphError, match=code):
            rows.save(tmp_path / name)


def test_findings_are_typed(report):
    """A finding is a value with fields, and the report a sequence of them."""
    (finding,) = report

    assert isinstance(finding, icsgraph.Finding)
    assert ("ICS-20", "Violation", "not met", 18) == (
        finding.constraint, finding.severity, finding.outcome, finding.line,
    )  # fmt: skip
    assert {"Violation": 1, "Warning": 0, "Info": 0} == report.counts
    assert (True, False) == (report.reaches("Warning"), report.failed)
    assert ["ICS-20"] == report.to_pandas()["constraint"].tolist() == report.to_polars()["constraint"].to_list()


def test_a_finding_can_be_explained():
    """The id of a finding leads to the law behind it."""
    graph = icsgraph.open(EXAMPLE, as_at="2025-06-30")
    (finding,) = graph.validate(constraints=["ICS-20"])
    told = graph.explain(finding.id, constraint="ICS-20")

    assert finding.id == told.value.finding.id
    assert "116ZB" in str(told)


def test_things_are_found_and_described(england):
    """By a misspelt name, by a code, by what the law asks."""
    assert "Frimley" in england.find("frimly")[0].label
    assert "NHS Frimley Integrated Care Board" == england.describe("QNQ").value.label
    assert "ICS-20" in england.explain("ICS-20").markdown
    assert "give-copies" == england.explain("norm/give-copies").value.id
    assert "strategy-copy-recipients" in [query.slug for query in england.queries("copy")]


def test_the_guidance_is_values(england):
    """Statements can be filtered and counted, editions compared."""
    housing = england.guidance.statements("2024", topic="housing")

    assert ["2022", "2024"] == england.guidance.editions
    assert len(housing) == len(housing.to_pandas()) > 0
    assert {"2024"} == {statement.edition for statement in housing}
    assert 0 < england.guidance.diff("2022", "2024").value.counts()["strengthened"]
    assert "2024/034" == england.guidance.statement("2024/034").value.id


def test_why_a_question_answers_nothing(england):
    """A misspelt class is named, with the one that was likely meant."""
    assert "IntegratedCareBoard" in str(england.why_empty("SELECT ?b { ?b a ics:IntegratedCareBord }"))


def test_what_would_follow_from_a_merger(england):
    """The boards named end, in a world of its own: the graph stays as it was."""
    told = england.what_if(merge=["Frimley", "QRL"], name="Frimley and Hampshire", on="2025-04-01")

    assert 2 == len(told.value.ended)
    assert date(2025, 4, 1) == told.value.day
    assert "Frimley and Hampshire" in told.markdown
    assert 42 == len(england.query("boards-by-population"))
    for wrong in ({}, {"merge": ["QNQ", "QRL"], "events": "x.csv"}):
        with pytest.raises(icsgraph.IcsgraphError, match="E435"):
            england.what_if(**wrong)


def test_progress_is_told():
    """Everything that begins ends, with the time that it took."""
    steps: list[icsgraph.Step] = []
    icsgraph.open(as_at="2024-06-01", progress=steps.append).query("statutory-members", icb="QNQ")
    begun = [step.what for step in steps if step.seconds is None]

    assert ["opening the graph", "asking statutory-members"] == begun
    assert begun == [step.what for step in steps if step.seconds is not None]


def test_notebooks_and_terminals_show_tables(england, report):
    """A table is cut at twenty rows and says so, and no text of the data becomes markup."""
    from rich.console import Console

    answer = england.query("boards-by-population")
    shown = answer._repr_html_()
    terminal = Console(width=100, record=True, file=None, quiet=True)
    terminal.print(answer)

    assert 21 == shown.count("<tr>")
    assert "22 more rows are not shown" in shown
    assert "&#x27;" in england.query('SELECT ("<b>\'" AS ?x) {}')._repr_html_()
    assert "<b>" not in england.query('SELECT ("<b>\'" AS ?x) {}')._repr_html_()
    assert "ICS-20" in report._repr_html_()
    assert "<th" in england.find("frimley")._repr_html_()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (lambda: icsgraph.open(as_at="yesterday"), "E403"),
        (lambda: icsgraph.open("x.ttl", endpoint="http://127.0.0.1:9/sparql"), "E440"),
        (lambda: icsgraph.open(endpoint="http://127.0.0.1:9/sparql").find("x"), "E440"),
        (lambda: icsgraph.open(as_at="2024-06-01").validate(), "E406"),
        (lambda: icsgraph.open().query("strategy-copy-recipient"), "E211"),
        (lambda: icsgraph.open().query(Path("nowhere.rq")), "E208"),
        (lambda: icsgraph.open().query("statutory-members", board="QNQ"), "E204"),
        (lambda: icsgraph.open(store="nowhere"), "E130"),
    ],
)
def test_errors_say_what_to_do(wrong, code):
    """Whoever goes wrong in Python is told as whoever goes wrong on the command line."""
    with pytest.raises(icsgraph.IcsgraphError) as caught:
        wrong()

    assert code == caught.value.code


def test_a_copy_for_rdflib_holds_everything(tmp_path):
    """Dates stay dates, languages stay, and no triple is lost."""
    import pyoxigraph as ox
    import rdflib

    from icsgraph.api.copying import as_rdflib

    store = ox.Store()
    data = b"""@prefix : <http://x/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    :a :p "n"@en, "1"^^xsd:integer, "2024-01-01"^^xsd:date, "plain", [ :q :a ] ."""
    store.load(data, format=ox.RdfFormat.TURTLE)
    copy = as_rdflib(store)
    a, p, xsd = rdflib.URIRef("http://x/a"), rdflib.URIRef("http://x/p"), rdflib.XSD

    assert len(store) == len(copy) == 6
    assert {
        rdflib.Literal("n", lang="en"), rdflib.Literal("1", datatype=xsd.integer),
        rdflib.Literal("2024-01-01", datatype=xsd.date), rdflib.Literal("plain"),
    } < set(copy.objects(a, p))  # fmt: skip


def test_an_example_is_well_typed(tmp_path):
    """Whoever checks types strictly gets no Any for rows, findings and explanations."""
    example = tmp_path / "example.py"
    example.write_text(
        "from datetime import date\n"
        "import icsgraph\n"
        "england: icsgraph.Graph = icsgraph.open(as_at=date(2024, 6, 1))\n"
        "answer = england.query('statutory-members', icb='QNQ')\n"
        "first: dict[str, str | int | float | bool | date | None] = answer[0]\n"
        "findings: list[icsgraph.Finding] = list(icsgraph.open('x.ttl').validate())\n"
        "words: str = england.describe('QNQ').value.label\n"
        "wrong: int = answer.hash\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file", str(ROOT / "pyproject.toml"), str(example)],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip

    assert ["8"] == [line.split(":")[1] for line in done.stdout.splitlines() if ": error:" in line], done.stdout
