# SPDX-License-Identifier: Apache-2.0
"""What is said of a query before it runs, and of one that answers nothing."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from icsgraph.algebra import Role
from icsgraph.model.errors import QueryError
from icsgraph.opening import open_graph
from icsgraph.queries.check import check, read
from icsgraph.queries.doctor import Diagnosis, diagnose
from icsgraph.queries.run import ask
from icsgraph.queries.selecting import select_in
from icsgraph.queries.slips import Kind
from icsgraph.queries.vocabulary import Vocabulary

ROOT = Path(__file__).resolve().parents[2]


@cache
def packaged() -> ox.Store:
    """Open the packaged graph once."""
    return open_graph(as_at=date(2024, 6, 1)).store


def diagnosis(query: str, store: ox.Store | None = None) -> Diagnosis:
    """Have the doctor look at a query of the packaged graph."""
    return diagnose(read(query), select_in(store or packaged()))


def kinds(found: Diagnosis) -> list[Kind]:
    """Give the kinds of what was found."""
    return [remark.kind for remark in found.remarks]


BOARDS = "?b a ics:IntegratedCareBoard"
CASES = [
    ("SELECT ?n { ?b a ics:IntegratedCareBord ; rdfs:label ?n }", Kind.UNKNOWN, "ics:IntegratedCareBoard", 48),
    (f"SELECT ?p {{ {BOARDS} ; ics:isPartnershipOf ?p }}", Kind.DIRECTION, "?p ics:isPartnershipOf ?b", 48),
    (f"SELECT ?l {{ {BOARDS} ; ics:isPartnershipOf/rdfs:label ?l }}", Kind.DIRECTION, "^ics:isPartnershipOf/", 48),
    (f'SELECT ?b {{ {BOARDS} ; ics:latestFirstDay "2026-04-01" }}', Kind.DATE, '"2026-04-01"^^xsd:date', 6),
    (f'SELECT ?b {{ {BOARDS} ; ics:latestFirstDay ?f FILTER(?f > "2024-06-01") }}', Kind.DATE, "^^xsd:date", 6),
    (f'SELECT ?b {{ {BOARDS} ; rdfs:label "NHS Kent and Medway Integrated Care Board" }}', Kind.LITERAL, "@en", 1),
    (f'SELECT ?b {{ {BOARDS} ; ics:odsCode "QNQ"@en }}', Kind.LITERAL, 'Write "QNQ"', 1),
    ("SELECT ?b { ?b a ics:Body }", Kind.SUBCLASSES, "a/rdfs:subClassOf* ics:Body", 741),
    ("SELECT ?b { ?b a <http://w3id.org/icsgraph/def/IntegratedCareBoard> }", Kind.SCHEME, "https", 48),
    ("SELECT ?b { ?b ics:ODSCode ?c }", Kind.UNKNOWN, "ics:odsCode, which occurs 395 times", 395),
    ('SELECT ?s { ?s a ics:Statement ; ics:hasModality "duty" }', Kind.THING, "scheme/modality/duty>", None),
    # As a researcher writes who has not looked the names up.
    ("SELECT ?n { ?b a ics:ICB ; rdfs:label ?n }", Kind.UNKNOWN, "ics:IntegratedCareBoard", 48),
    (f"SELECT ?n {{ {BOARDS} ; ics:name ?n }}", Kind.UNKNOWN, "rdfs:label", 48),
    (f"SELECT ?n {{ {BOARDS} ; rdfs:Label ?n }}", Kind.UNKNOWN, "rdfs:label", 48),
    (f'SELECT ?b {{ {BOARDS} ; rdfs:label "Frimley" }}', Kind.PART, "CONTAINS(LCASE(STR(?text))", 1),
    (f'SELECT ?b {{ {BOARDS} ; rdfs:label ?n FILTER(CONTAINS(?n, "frimley")) }}', Kind.CAPITALS, "LCASE(STR(?n))", 1),
    (f'SELECT ?b {{ {BOARDS} ; ics:odsCode ?c FILTER REGEX(?c, "^qn") }}', Kind.CAPITALS, '"i")', 3),
    (f'SELECT ?b {{ {BOARDS} ; ics:odsCode "qnq" }}', Kind.LITERAL, 'Write "QNQ"', 1),
    (f"SELECT ?b {{ {BOARDS} ; ics:latestFirstDay ?d FILTER(?d = 2022) }}", Kind.YEAR, "YEAR(?d) = 2022", 42),
    (f'SELECT ?b {{ {BOARDS} ; ics:latestFirstDay ?d FILTER(YEAR(?d) = "2022") }}', Kind.LITERAL, "Write 2022", 42),
    ('SELECT ?c { ?c a ics:Constraint ; dcterms:identifier "ICS20" }', Kind.LITERAL, 'Write "ICS-20"', 1),
    ("SELECT ?c { ?c a ics:Constraint ; dcterms:identifier ics:ICS-20 }", Kind.LITERAL, 'Write "ICS-20"', 1),
    ('SELECT ?b { ?b a "ics:IntegratedCareBoard" }', Kind.THING, "Write ics:IntegratedCareBoard", 48),
    ('SELECT ?p { ?p ics:isPartnershipOf "QNQ" }', Kind.THING, "id/icb/QNQ>", 1),
    ("SELECT ?p { ics:QNQ ics:isPartnershipOf ?p }", Kind.UNKNOWN, "id/icp/QNQ>", 1),
    ("SELECT ?n { <https://w3id.org/icsgraph/icb/QNQ> rdfs:label ?n }", Kind.UNKNOWN, "id/icb/QNQ>", 1),
    ("SELECT ?n { <https://w3id.org/icsgraph/id/icb/qnq> rdfs:label ?n }", Kind.UNKNOWN, "id/icb/QNQ>", 1),
    ('SELECT ?s { ?s a ics:Statement ; ics:inEdition "2024" }', Kind.THING, "id/guidance/2024>", 352),
    ('SELECT ?s { ?s a ics:Statement ; ics:aboutTopic "housing" }', Kind.THING, "scheme/topic/housing>", 12),
    ("SELECT ?s { ?s a ics:Statement ; ics:hasModality ics:duty }", Kind.UNKNOWN, "scheme/modality/duty>", 90),
]  # fmt: skip


@pytest.mark.parametrize(("query", "kind", "said", "rows"), CASES, ids=[str(case[1]) for case in CASES])
def test_each_slip_is_found_and_its_mending_proved(query, kind, said, rows):
    """The remark is of the right kind, says what to write, and the query so mended has the rows."""
    found = diagnosis(query)

    assert [kind] == kinds(found)
    assert said in f"{found.remarks[0].what} {found.remarks[0].mend} {found.mended}"
    assert found.remarks[0].proved
    assert found.rows == rows if rows is not None else found.rows > 0
    assert found.rows == len(ask(packaged(), found.mended).rows) or found.rows > 1000


def test_several_slips_in_one_query_are_all_found():
    """One after the other is mended, and at last the query answers."""
    found = diagnosis(
        "SELECT ?b { ?b a <http://w3id.org/icsgraph/def/IntegratedCareBoard> ; ics:isPartnershipOf ?p ; "
        'ics:latestFirstDay ?f FILTER(?f <= "2024-06-01" && ?f > "2000-01-01") }'
    )

    assert [Kind.SCHEME, Kind.DIRECTION, Kind.DATE, Kind.DATE] == kinds(found)
    assert 42 == found.rows


def test_the_parts_that_lose_the_rows_are_the_fewest():
    """Of five patterns two never meet; each is named with what there would be without it."""
    found = diagnosis(
        "SELECT ?b { ?b a ics:IntegratedCareBoard ; rdfs:label ?n ; ics:odsCode ?c ; ics:ofAuthority ?o ; "
        "ics:latestFirstDay ?f }"
    )

    assert ["?b a ics:IntegratedCareBoard .", "?b ics:ofAuthority ?o ."] == [lost.text for lost in found.lost]
    assert "48 rows" == found.lost[1].count
    assert [Kind.OF_OTHERS] == kinds(found)


def test_a_condition_is_split_and_keeps_what_binds_its_variables():
    """Of two conditions joined by && the one that is never true is named, with the pattern that it reads."""
    found = diagnosis(
        "SELECT ?b { ?b a ics:IntegratedCareBoard ; ics:odsCode ?c ; rdfs:label ?n "
        'FILTER(?c != "QNQ" && STRLEN(?c) > 9) }'
    )

    assert ["?b a ics:IntegratedCareBoard .", "?b ics:odsCode ?c .", "FILTER (STRLEN(?c) > 9)"] == [
        lost.text for lost in found.lost
    ] or ["?b ics:odsCode ?c .", "FILTER (STRLEN(?c) > 9)"] == [lost.text for lost in found.lost]


def test_having_inside_subselects_and_graphs_is_looked_into():
    """A HAVING loses rows as a filter does, and a part of a subselect is found inside it."""
    having = diagnosis("SELECT ?a { { SELECT ?a { ?c a ?a } GROUP BY ?a HAVING(COUNT(?c) > 99999) } }")
    inside = diagnosis("SELECT ?n { ?b rdfs:label ?n { SELECT ?b { ?b a ics:IntegratedCareBord } } }")
    graph = diagnosis("SELECT ?n { GRAPH ?g { ?b rdfs:label ?n . ?b ics:odscode ?c } }")

    assert ["?c a ?a .", "COUNT(?c) > 99999"] == [lost.text for lost in having.lost]
    assert 48 == inside.rows
    assert [Kind.UNKNOWN] == kinds(graph)


def test_a_graph_that_nobody_has_is_named():
    """In it nothing can be dropped, and nothing mended; the diagnosis is not empty for all that."""
    found = diagnosis("SELECT ?b { GRAPH icsg:england { ?b a ics:IntegratedCareBoard } }")

    assert [Kind.UNKNOWN] == kinds(found)
    assert "icsg:england" in found.remarks[0].what
    assert "Leave GRAPH out" in found.remarks[0].mend


def test_an_offset_beyond_the_end_is_a_part_that_loses_rows():
    """Nothing is wrong with the pattern."""
    found = diagnosis("SELECT ?b { ?b a ics:IntegratedCareBoard } OFFSET 1000")

    assert ("OFFSET", 48) == (found.lost[-1].text, found.lost[-1].rows)


def test_a_query_that_answers_has_no_diagnosis():
    """Nothing is lost, nothing remarked."""
    found = diagnosis("SELECT ?b { ?b a ics:IntegratedCareBoard }")

    assert ([], []) == (found.lost, found.remarks)


def test_the_doctor_stops_when_its_time_is_up():
    """A query that would run for ever is left alone, and the diagnosis says that time ran out."""
    start = time.monotonic()
    found = diagnose(
        read("SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?c = ?f + ?i + 0.5) }"), select_in(packaged()), 0.3
    )

    assert not found.in_time
    assert time.monotonic() - start < 5


def test_a_slow_store_does_not_hold_the_doctor_up():
    """Looking for near terms counts against the time as well."""

    def slow(text: str) -> list[list[ox.Literal]]:
        time.sleep(0.2)
        return [[ox.Literal(0)]]

    start = time.monotonic()
    found = diagnose(
        read("SELECT ?a { ?a a ics:Nrm ; ics:p1 ?b ; ics:p2 ?c ; ics:p3 <https://example.org/x> }"), slow, 1
    )

    assert not found.in_time
    assert time.monotonic() - start < 3


def advice(query: str, **how: object) -> list[str]:
    """Give what is said of a query before it runs."""
    return [f"{each.where} {each.what} {each.mend}" for each in check(query, Vocabulary(select_in(packaged())), **how)]


@pytest.mark.parametrize(
    ("query", "place", "said"),
    [
        ("SELECT ?b {\n  ?b a ics:IntegratedCareBord }", "query:2:8", "ics:IntegratedCareBoard (48 things)"),
        (
            "SELECT ?authority { ?b ics:odsCode ?authority . ?authorty ics:code ?b }",
            "query:1:49",
            "Did you mean ?authority",
        ),
        ("SELECT ?x { ?b ics:odsCode ?c }", "query:1:8", "nothing gives it a value"),
        ("SELECT ?b ?c { ?b a ics:Norm . ?c a ics:Statement }", "query:1:11", "nothing joins ?b and ?c"),
        ('SELECT ?b { ?b ics:firstDay "1"^^xsd:dat }', "query:1:34", "no datatype xsd:dat"),
        ("SELECT ?b { GRAPH icsg:none { ?b a ics:Norm } }", "query:1:19", "there is no graph icsg:none"),
        ("SELECT ?b { SERVICE <http://x/> { ?b a ics:Norm } }", "query:1:13", "SERVICE"),
        ('SELECT ?b { ?b ics:firstDay "2026-13-01"^^xsd:date }', "query:1:29", "is no day"),
        ("SELECT ?b { ?b ics:firstDay ?d FILTER(?d > xsd:date('2024-6-1')) }", "query:1:53", "is no day"),
        ("SELECT ?b { ?b a ics:ICB }", "query:1:18", "ics:IntegratedCareBoard (48 things)"),
        (
            "SELECT ?b { ?b ics:ofAuthority <https://w3id.org/icsgraph/id/none> }",
            "query:1:32",
            "the data say nothing of",
        ),
    ],
)
def test_a_likely_mistake_is_named_with_its_place_and_a_mend(query, place, said):
    """Line and column are those of the token."""
    found = [each for each in advice(query) if said in each]

    assert [place] == [each.split(" ")[0] for each in found]


def test_a_sound_query_draws_no_advice():
    """Counting, binding, optional parts, subclasses and templates with new terms are no mistakes."""
    sound = [
        "SELECT (COUNT(*) AS ?n) { ?b a ics:IntegratedCareBoard }",
        "CONSTRUCT { ?b <https://example.org/new> ?n } { ?b a ics:IntegratedCareBoard ; rdfs:label ?n }",
        "SELECT ?b ?n { ?b a/rdfs:subClassOf* ics:Body OPTIONAL { ?b rdfs:label ?n } }",
        "SELECT * { ?b a ics:IntegratedCareBoard ; rdfs:label ?n }",
        "SELECT ?b { ?b ics:firstDay ?d FILTER(DATATYPE(?d) = xsd:gYear) }",
        "ASK { ?b a ics:IntegratedCareBoard }",
    ]

    assert [[], [], [], [], [], []] == [advice(query) for query in sound]
    assert [] == advice("SELECT ?b { ?b a ics:IntegratedCareBoard ; ics:odsCode ?code }", bound=["code"])


def test_a_syntax_error_is_worded_in_one_place():
    """Whether the check or the store meets it first, line, column, token and mend are the same."""
    bad = "SELECT ?x WHERE {\n  ?x a ics:Norm . FILTER ?x }"
    with pytest.raises(QueryError) as checked:
        check(bad, Vocabulary(select_in(packaged())), where="mine.rq")
    with pytest.raises(QueryError) as run:
        ask(packaged(), bad, where="mine.rq")

    assert str(checked.value) == str(run.value)
    assert str(run.value).startswith("E201: mine.rq:2:26: '?x' cannot stand here")


@pytest.mark.parametrize(
    ("query", "place", "token", "mend"),
    [
        ("SELECT ?x { ?x a ics:Norm . FILER(?x = 1) }", "1:29", "FILER", "Did you mean FILTER?"),
        ("SELECT ?x { { ?x a ics:Norm } UNIN { ?x a ics:Norm } }", "1:31", "UNIN", "Did you mean UNION?"),
        ("SELECT ?x { ?x a Norm }", "1:18", "Norm", "A name needs a prefix, such as ex:Norm"),
        ("PREFIX ics <http://x> SELECT ?x { ?x a ics:N }", "1:8", "ics", "PREFIX ics: <…>"),
        ("SELECT ?x { ?x a ics:Norm FILTER ?x > 1 }", "1:34", "?x", "Put the condition in brackets: FILTER (?x …)."),
        ("SELECT COUNT(?x) { ?x a ics:Norm }", "1:8", "COUNT", "(COUNT(…) AS ?name)"),
        ("SELECT ?x { ?x a ics:Norm } LIMIT x", "1:35", "x", "LIMIT takes a whole number."),
        ("SELECT ?x { ?x a ics:Norm } GROUP ?x", "1:35", "?x", "Here could stand: BY"),
        ("SELECT ?x { ?x ics:firstDay 2022-07-01 }", "1:33", "-07-01", '"2022-07-01"^^xsd:date'),
        ("SELECT ?x { ?x ics:odsCode QNQ }", "1:28", "QNQ", "a text needs quotation marks"),
        ("SELECT ?x { ?x a icz:Norm }", "1:18", "icz:", "Did you mean ics:"),
    ],
)
def test_a_syntax_error_names_the_token_and_what_was_meant(query, place, token, mend):
    """The place is that of the word that is wrong, not of the mark after it."""
    with pytest.raises(QueryError) as caught:
        read(query)

    assert (f"query:{place}", token) == (caught.value.where, caught.value.token)
    assert mend in caught.value.mend


def test_near_terms_rank_by_likeness_then_use():
    """The same name in other capitals comes before one that is merely similar."""
    near = Vocabulary(select_in(packaged())).near("https://w3id.org/icsgraph/def/ODSCode", Role.PROPERTY)

    assert "https://w3id.org/icsgraph/def/odsCode" == near[0].iri
    assert near[0].likeness > near[1].likeness


def run_cli(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run icsgraph in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from icsgraph.cli import main; main()", "--as-at", "2024-06-01", *arguments],
        capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False, timeout=120,
    )  # fmt: skip


def test_an_empty_answer_comes_with_a_hint_and_exit_0():
    """stdout holds the empty answer, stderr the warning before and the hint after it."""
    done = run_cli("query", 'SELECT ?b { ?b a ics:IntegratedCareBoard ; ics:latestFirstDay "2026-04-01" }', "-f", "csv")

    assert (0, "b\n") == (done.returncode, done.stdout)
    assert "Date as text" in done.stderr
    assert "--why-empty" in done.stderr


def test_why_empty_tells_all_and_no_check_is_quiet():
    """--why-empty names the part and the query as meant; --no-check leaves the warnings out."""
    query = "SELECT ?n { ?b a ics:IntegratedCareBord ; rdfs:label ?n }"
    loud, quiet = run_cli("query", query, "--why-empty"), run_cli("query", query, "--why-empty", "--no-check")

    assert "warning: query:1:18" in loud.stderr
    assert "warning" not in quiet.stderr
    assert "So mended, the query has 48 rows" in quiet.stderr


def test_a_large_graph_can_be_had_for_a_query_of_ones_own():
    """Primary care networks are in a graph that loads only when named; the citation names it as well."""
    query = "SELECT (COUNT(?p) AS ?n) { ?p a ics:PrimaryCareNetwork }"
    without, done = (
        run_cli("query", query, "-f", "csv"),
        run_cli("query", query, "-f", "csv", "--graph", "practices", "--cite"),
    )

    assert "n\n0\n" == without.stdout
    assert "n\n1" == done.stdout[:3]
    assert "--graph practices" in done.stderr


def test_a_stored_query_that_is_empty_can_be_looked_into():
    """Its parameters are put in; nothing is said of slips where there are none."""
    done = run_cli("query", "sources-of-a-thing", "--param", "thing=https://example.org/none", "--why-empty")

    assert 0 == done.returncode
    assert "match" in done.stderr
