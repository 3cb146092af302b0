# SPDX-License-Identifier: Apache-2.0
"""The forms of an answer: what each holds, how it says where the answer is from, and what no form lets through."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pyoxigraph as ox
import pytest

from icsgraph.cli.answering import Format, chosen, deliver
from icsgraph.model.errors import OutputError, QueryError
from icsgraph.queries.about import about, gives_triples, own_limit
from icsgraph.queries.endpoint import with_prefixes
from icsgraph.queries.labels import labels_by, labels_in, with_labels
from icsgraph.queries.run import ask
from icsgraph.queries.values import Kind, column
from icsgraph.reports import rows as texts
from icsgraph.reports.triples import FORMATS as RDF
from icsgraph.reports.triples import as_rdf
from icsgraph.reports.typed import as_parquet, as_xlsx
from icsgraph.store.whole import write_whole

ROOT = Path(__file__).resolve().parents[2]
XSD = "http://www.w3.org/2001/XMLSchema#"
DATA = """@prefix ex: <https://example.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:a rdfs:label "eins"@de , "one"@en ; ex:day "2024-02-29"^^xsd:date ; ex:n 1 ; ex:share 0.5 ; ex:note "=1+1" ;
  ex:at "2024-02-29T10:00:00+01:00"^^xsd:dateTime ; ex:ok true .
ex:b rdfs:label "two" ; ex:day "1899-12-31"^^xsd:date ; ex:n -2 ; ex:share 1 ; ex:note "@SUM(A1)"@en ;
  ex:at "2024-03-01T00:00:00Z"^^xsd:dateTime ; ex:ok false .
ex:c ex:day "9999-12-31"^^xsd:date ; ex:note "<script>alert(1)</script> | \\u001b[2J" ."""
QUERY = """PREFIX ex: <https://example.org/>
SELECT ?x ?day ?n ?share ?note ?at ?ok WHERE { ?x ex:day ?day ; ex:note ?note
OPTIONAL { ?x ex:n ?n ; ex:share ?share ; ex:at ?at ; ex:ok ?ok } } ORDER BY ?x"""


@pytest.fixture
def store() -> ox.Store:
    """Give a store of three things with values of every kind."""
    made = ox.Store()
    made.load(DATA.encode(), format=ox.RdfFormat.TURTLE)
    return made


@pytest.fixture
def answer(store):
    """Give all that the three things have."""
    return ask(store, QUERY)


@pytest.fixture
def told(answer):
    """Give what goes with the answer."""
    return about(answer, date(2024, 6, 1), data="d" * 64, text=QUERY, name="all", question="What is there?")


def literal(value: str, datatype: str) -> ox.Literal:
    """Give a literal of an XSD type."""
    return ox.Literal(value, datatype=ox.NamedNode(XSD + datatype))


def test_parquet_opens_in_pandas_with_dates_as_dates_and_numbers_as_numbers(answer, told):
    """Each column has the dtype of its values; what is unbound is missing, and days of any year stand."""
    frame = pd.read_parquet(io.BytesIO(as_parquet(answer.columns, answer.rows, told)))

    assert ["datetime64[ms]", "float64", "float64"] == [str(frame[name].dtype) for name in ("day", "n", "share")]
    assert "datetime64[ms, UTC]" == str(frame["at"].dtype)
    assert [2024, 1899, 9999] == list(frame["day"].dt.year)
    assert [1, -2] == list(frame["n"].dropna())
    assert [True, False, None] == list(frame["ok"])
    assert datetime.fromisoformat("2024-02-29T09:00:00+00:00") == frame["at"][0]


def test_parquet_keeps_what_goes_with_the_answer(answer, told):
    """The file's metadata hold the count, the digests in full, the day and the question."""
    import pyarrow.parquet as pq

    kept = pq.read_schema(io.BytesIO(as_parquet(answer.columns, answer.rows, told))).metadata

    assert b"3" == kept[b"icsgraph:rows"]
    assert b"yes" == kept[b"icsgraph:complete"]
    assert b"2024-06-01" == kept[b"icsgraph:as-at"]
    assert answer.digest.encode() == kept[b"icsgraph:query"]
    assert b"d" * 64 == kept[b"icsgraph:data"]


def test_excel_has_dates_numbers_and_no_formula(answer, told):
    """A day is a date cell, a number a number, a text that begins with = a text; properties say where it is from."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(as_xlsx(answer.columns, answer.rows, told)))
    cells = [list(row) for row in book["answer"].iter_rows(min_row=2)]

    assert datetime(2024, 2, 29) == cells[0][1].value and cells[0][1].is_date
    assert "1899-12-31" == cells[1][1].value  # Excel has no day before 1900
    assert [1, -2, None] == [row[2].value for row in cells]
    assert ["s", "s", "s"] == [row[4].data_type for row in cells]
    assert "=1+1" == cells[0][4].value and cells[0][4].quotePrefix
    assert "What is there?" == book.properties.title
    assert told.line() == book.properties.description
    assert ["rows", "3"] == [cell.value for cell in book["about"][1]]


def test_a_workbook_opens_in_pandas_with_a_column_of_dates(store):
    """A column of days that Excel knows has a datetime dtype."""
    query = "SELECT ?d WHERE { ?x <https://example.org/day> ?d FILTER(?d > '2000-01-01'^^xsd:date) } ORDER BY ?d"
    found = ask(store, query)
    frame = pd.read_excel(io.BytesIO(as_xlsx(found.columns, found.rows)), engine="openpyxl")

    assert str(frame["d"].dtype).startswith("datetime64")
    assert [2024, 9999] == list(frame["d"].dt.year)


def test_a_sheet_refuses_what_it_cannot_hold():
    """A text longer than a cell is refused, not cut."""
    with pytest.raises(QueryError) as caught:
        as_xlsx(("x",), [(ox.Literal("x" * 32_768),)])

    assert "E215" == caught.value.code


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_no_cell_of_a_text_table_is_a_formula(form, answer):
    """A text that begins like a formula gets a quotation mark, with a language too; a negative number stays one."""
    written = texts.FORMATS[form](answer.columns, answer.rows)
    separator = "," if form == "csv" else "\t"
    lines = [line.split(separator) for line in written.splitlines()]

    assert ["'=1+1", "'@SUM(A1)"] == [line[4] for line in lines[1:3]]
    assert "-2" == lines[2][2]


@pytest.mark.parametrize("bad", ["=cmd", "+cmd", "-cmd", "@cmd", "\tcmd", "\rcmd"])
def test_an_ill_typed_number_is_no_way_round(bad):
    """The datatype alone does not make a text a number."""
    assert texts.is_formula(literal(bad, "integer").value)
    assert not texts.is_formula("-1.5e-3")


def test_json_is_that_of_the_standard_with_one_member_more(answer, told):
    """A reader of SPARQL results finds head and results; an ASK has its boolean."""
    written = texts.as_json(answer.columns, answer.rows, told)
    first = next(ox.parse_query_results(written.encode(), format=ox.QueryResultsFormat.JSON))

    assert answer.rows[0] == tuple(first[name] for name in answer.columns)
    assert told.facts() == json.loads(written)["head"]["about"]


def test_the_json_of_an_ask_has_the_boolean(store):
    """ASK has a form of its own in the standard."""
    found = ask(store, "ASK { ?x ?y 7 }")
    read = json.loads(texts.as_json(found.columns, found.rows, about(found, date(2024, 6, 1))))

    assert (["about"], False) == (list(read["head"]), read["boolean"])


def test_markup_and_control_characters_in_data_stay_text(answer, told):
    """A page does not run what a label holds, and a table does not steer the terminal."""
    assert "<script>" not in texts.as_html(answer.columns, answer.rows, told)
    assert "\x1b" not in texts.as_table(answer.columns, answer.rows)
    assert " \\| " in texts.as_markdown(answer.columns, answer.rows, told)


def test_html_says_where_the_answer_is_from(answer, told):
    """Meta elements hold every fact, and the page its question."""
    page = texts.as_html(answer.columns, answer.rows, told)

    assert '<meta name="icsgraph:as-at" content="2024-06-01">' in page
    assert f'<meta name="icsgraph:query" content="{answer.digest}">' in page
    assert "<title>What is there?</title>" in page
    assert '<a href="https://example.org/a">' in page


def test_an_html_page_links_web_addresses_only():
    """A javascript: IRI is shown, not linked."""
    page = texts.as_html(("x",), [(ox.NamedNode("javascript:alert(1)"),)])

    assert "href" not in page


@pytest.mark.parametrize("form", RDF)
def test_triples_read_back_are_those_of_the_query(form, store, told):
    """Each syntax gives the triples again, and has comments only where it knows comments."""
    found = ask(store, "CONSTRUCT { ?x ?p ?o } WHERE { ?x ?p ?o }")
    syntax = {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD}
    written = as_rdf(found.triples, form, told)

    assert set(found.triples) == {q.triple for q in ox.parse(written, format=syntax.get(form, ox.RdfFormat.RDF_XML))}
    assert (b"# as-at: 2024-06-01" in written) == (form in ("ttl", "nt"))


def test_labels_stand_beside_iris_english_first(store, answer):
    """A column of IRIs gets a column of names; what has no name gets none; other columns none."""
    columns, rows = with_labels(answer.columns, answer.rows, labels_in(store, {row[0] for row in answer.rows}))

    assert ("x", "xLabel", "day") == columns[:3]
    assert ["one", "two", None] == [row[1] and row[1].value for row in rows]


def test_labels_of_an_endpoint_are_those_of_a_store(store, answer):
    """Asking for names by query gives what looking them up does."""
    iris = {row[0] for row in answer.rows}

    def select(text: str) -> list[list[object]]:
        solutions = store.query(text)
        return [[row[name] for name in ("x", "p", "name")] for row in solutions]

    assert labels_in(store, iris) == labels_by(select, iris)


@pytest.mark.parametrize(
    ("limit", "query", "whole", "why"),
    [
        (None, "SELECT ?x { ?x ?p ?o }", True, ""),
        (2, "SELECT ?x { ?x ?p ?o }", False, "at --limit 2: there are more"),
        (100, "SELECT ?x { ?x ?p ?o }", True, ""),
        (None, "SELECT ?x { ?x ?p ?o } LIMIT 2", False, "at the query's own LIMIT 2: there may be more"),
        (None, "SELECT ?x { ?x ?p ?o } LIMIT 100 # LIMIT 1", True, ""),
        (None, "SELECT ?x { { SELECT ?x { ?x ?p ?o } LIMIT 1 } }", True, ""),
        (1, "CONSTRUCT { ?x ?p ?o } WHERE { ?x ?p ?o }", False, "at --limit 1: there are more"),
    ],
)
def test_an_answer_says_whether_it_is_whole(store, limit, query, whole, why):
    """A limit from outside or the query's own cuts; a limit that was not reached, or of a part, does not."""
    found = about(ask(store, query, limit=limit), date(2024, 6, 1), text=query, limit=limit)

    assert (whole, why) == (found.whole, found.why_cut)


def test_an_endpoints_answer_is_never_called_whole(answer):
    """An endpoint may cut without a word."""
    found = about(answer, date(2024, 6, 1), endpoint="http://localhost/sparql")

    assert found.whole is None
    assert "unknown" == found.facts()["complete"]


def test_the_form_of_a_query_is_told_from_its_first_keyword():
    """Prefixes, comments and IRIs that hold a keyword do not mislead."""
    assert gives_triples("# SELECT\nPREFIX ask: <http://x/SELECT#select> CONSTRUCT WHERE { ?s ?p ?o }")
    assert gives_triples("describe <x>")
    assert not gives_triples("SELECT ?construct { ?construct a 'DESCRIBE' }")
    assert own_limit("SELECT * { ?s <http://x/#y> ?o } OFFSET 3 limit 7") == 7


@pytest.mark.parametrize(
    ("terms", "kind", "values"),
    [
        ([literal("1", "integer"), literal("2.5", "decimal"), None], Kind.NUMBER, [1.0, 2.5, None]),
        ([literal("2024", "gYear")], Kind.TEXT, ["2024"]),
        ([literal("2024-13-01", "date")], Kind.TEXT, ["2024-13-01"]),
        ([literal("2024-01-01Z", "date")], Kind.DATE, [date(2024, 1, 1)]),
        ([literal("1", "integer"), ox.Literal("x")], Kind.TEXT, ["1", "x"]),
        ([literal(str(2**63), "integer")], Kind.TEXT, [str(2**63)]),
        ([literal("1", "boolean")], Kind.BOOLEAN, [True]),
        ([None], Kind.TEXT, [None]),
    ],
)
def test_a_column_is_typed_only_if_every_value_is(terms, kind, values):
    """Mixed, ill-typed and too large values leave a column text."""
    assert (kind, values) == column(terms)


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    """Where the folder is missing nothing is left, and a file that was there keeps its place."""
    target = tmp_path / "a.csv"
    target.write_text("old")
    write_whole(target, b"new")

    assert [target] == list(tmp_path.iterdir())
    assert "new" == target.read_text()
    with pytest.raises(OutputError):
        write_whole(tmp_path / "none" / "a.csv", b"new")


def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run icsgraph in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from icsgraph.cli import main; main()", "--as-at", "2024-06-01", *arguments],
        capture_output=True, text=True, encoding="utf-8", cwd=ROOT, input=stdin, check=False, timeout=120,
    )  # fmt: skip


BOARDS = "SELECT ?board ?first WHERE { ?board a ics:IntegratedCareBoard ; ics:latestFirstDay ?first }"


def test_the_ending_of_a_file_chooses_the_form(tmp_path):
    """--output boards.parquet is Parquet; an unknown ending is refused before anything is asked."""
    done = run("query", BOARDS, "--output", str(tmp_path / "boards.parquet"))
    refused = run("query", BOARDS, "--output", str(tmp_path / "boards.docx"))
    frame = pd.read_parquet(tmp_path / "boards.parquet")

    assert (0, "") == (done.returncode, done.stdout)
    assert "datetime64[ms]" == str(frame["first"].dtype)
    assert "written to" in done.stderr
    assert (2, True) == (refused.returncode, "E214" in refused.stderr)


def test_rows_are_not_rdf():
    """A SELECT has no Turtle; a CONSTRUCT has, without being asked."""
    refused = run("query", BOARDS, "--format", "ttl")
    given = run("query", "-", "--limit", "1", stdin="CONSTRUCT WHERE { ?b ics:odsCode ?c }")

    assert (2, "", True) == (refused.returncode, refused.stdout, "E212" in refused.stderr)
    assert "ics:odsCode" in given.stdout
    assert "1 triple, cut at --limit 1" in given.stderr


def test_the_citation_gives_the_answer_again():
    """The command printed, run, gives the same answer."""
    import shlex

    first = run("query", "boards-by-population", "--cite", "--limit", "3", "--format", "csv")
    again = shlex.split(first.stderr.partition("Again: ")[2])
    second = run(*again[3:], "--format", "csv")

    assert ["icsgraph", "--as-at", "2024-06-01"] == again[:3]
    assert 4 == len(first.stdout.splitlines())
    assert first.stdout == second.stdout
    assert "boards-by-population" in first.stderr


@pytest.mark.parametrize(
    "query",
    [
        "CONSTRUCT { ?x ex:new ?n ; ex:tag 'a'@en , 1 , ex:a } WHERE { ?x ex:note ?n }",
        "CONSTRUCT WHERE { ?x ex:day ?d ; ex:note ?n }",
        "CONSTRUCT { ?n ex:is ?x . ?x ex:has ?none ; ex:is ?n } WHERE { ?x ex:note ?n OPTIONAL { ?x ex:none ?none } }",
        "CONSTRUCT { ex:all ex:are ex:here } WHERE { ?x ex:note ?n }",
        "CONSTRUCT { ?x ex:in [ ex:day ?d ] } WHERE { ?x ex:day ?d }",
        "CONSTRUCT { ?x ex:n ?n } WHERE { ?x ex:note ?n } ORDER BY ?x LIMIT 1",
    ],
)
def test_a_construct_by_way_of_its_rows_gives_the_same_triples(store, query):
    """What an endpoint is asked instead gives what a store gives; a literal subject and an unbound value give none."""
    from icsgraph.algebra import parse_query, to_text
    from icsgraph.queries.compare import compare_graphs
    from icsgraph.queries.template import as_select, instantiated, template_of

    tree = parse_query(f"PREFIX ex: <https://example.org/> {query}")
    rows = ask(store, to_text(as_select(tree)))
    made = list(instantiated(template_of(tree), rows.columns, rows.rows))
    direct = ask(store, f"PREFIX ex: <https://example.org/> {query}").triples

    assert direct
    assert [] == compare_graphs(direct, made)


def test_an_endpoint_is_told_the_prefixes_that_a_query_uses_undeclared():
    """What icsgraph knows by itself an endpoint has to be told; a query that declares prefixes is left alone."""
    told = with_prefixes("SELECT ?b { ?b a ics:Norm ; skos:prefLabel ?n }")
    alone = "PREFIX x: <http://x/> SELECT ?b { ?b a ics:Norm }"

    assert told.startswith("PREFIX ics: <https://w3id.org/icsgraph/def/> PREFIX skos: <")
    assert "PREFIX norm:" not in told
    assert alone == with_prefixes(alone)


@pytest.mark.parametrize(
    ("asked", "terminal", "lines", "paged"),
    [
        (None, True, 99, True),
        (None, True, 3, False),
        (None, False, 99, False),
        (True, False, 3, True),
        (False, True, 99, False),
    ],
)
def test_a_long_table_is_shown_by_pages_on_a_terminal(monkeypatch, capsys, asked, terminal, lines, paged):
    """By itself only on a terminal that is too low for it; --page and --no-page decide otherwise."""
    shown: list[str] = []
    monkeypatch.setattr("pydoc.pager", shown.append)
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal)
    monkeypatch.setenv("LINES", "24")
    deliver(b"x\n" * lines, Format.TABLE, None, asked)

    assert ([f"{'x' + chr(10)}" * lines] if paged else []) == shown
    assert ("" if paged else "x\n" * lines) == capsys.readouterr().out


def test_a_workbook_is_not_printed_on_a_terminal(monkeypatch):
    """Bytes that are no text would spoil it."""
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    with pytest.raises(QueryError) as caught:
        chosen(Format.XLSX, None, False)

    assert "E216" == caught.value.code


def test_a_missing_package_is_named(monkeypatch, answer):
    """Without openpyxl or pyarrow the message says what to install."""
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    for write in (as_xlsx, as_parquet):
        with pytest.raises(QueryError) as caught:
            write(answer.columns, answer.rows)
        assert "E213" == caught.value.code
        assert "icsgraph[tables]" in caught.value.mend
