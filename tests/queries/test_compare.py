# SPDX-License-Identifier: Apache-2.0
"""What is told of two graphs, two answers, two reports and two days, and how diff exits."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icsgraph.law.between import between
from icsgraph.opening import open_graph
from icsgraph.queries.compare import Change, Kind, compare_graphs, compare_records, compare_rows

ROOT = Path(__file__).resolve().parents[2]
HEAD = "@prefix ex: <https://example.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"


def graph(turtle: str) -> list[ox.Triple]:
    """Parse Turtle; labels of blank nodes differ from one call to the next."""
    return [q.triple for q in ox.parse((HEAD + turtle).encode(), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)]


def told(old: str, new: str) -> list[tuple[str, str, str, str]]:
    """Give kind, property and values of each difference."""
    return [(c.kind.value, c.what, c.old, c.new) for c in compare_graphs(graph(old), graph(new))]


P, Q = "<https://example.org/p>", "<https://example.org/q>"


@pytest.mark.parametrize(
    ("old", "new", "differences"),
    [
        ("ex:a ex:p 1 .", "ex:a ex:p 2 .", [("changed", P, '"1"^^xsd:integer', '"2"^^xsd:integer')]),
        ("ex:a ex:p 1 .", "ex:a ex:p 1 , 2 .", [("added", P, "", '"2"^^xsd:integer')]),
        ('ex:a ex:p "x" .', 'ex:a ex:p "x"@en .', [("changed", P, '"x"', '"x"@en')]),
        ("ex:a ex:p 1 , 2 .", "ex:a ex:p 3 , 4 .", None),
        ("ex:a ex:p [ ex:q 1 ] .", "ex:a ex:p [ ex:q 1 ] .", []),
        ("ex:a ex:p [ ex:q 1 ] .", "ex:a ex:p [ ex:q 2 ] .", [
            ("changed", P, f'[ {Q} "1"^^xsd:integer ]', f'[ {Q} "2"^^xsd:integer ]')]),
        ("ex:a ex:p [ ex:q 1 ] .", "ex:a ex:p [ ex:q 1 ] , [ ex:q 1 ] .", [
            ("added", P, "", f'[ {Q} "1"^^xsd:integer ]')]),
        ("ex:a ex:p _:x . ex:b ex:p _:x .", "ex:b ex:p _:y . ex:a ex:p _:y .", []),
        ("_:x ex:p _:y . _:y ex:p _:x .", "_:v ex:p _:w . _:w ex:p _:v .", []),
        ("[] ex:p 1 .", "[] ex:p 1 . [] ex:p 1 .", [("added", "", "", "")]),
        ("ex:a ex:p ( 1 2 ) .", "ex:a ex:p ( 1 2 ) .", []),
    ],
)  # fmt: skip
def test_graphs_are_compared_by_meaning(old, new, differences):
    """One value for another is a change; blank nodes are equal where what they stand for is."""
    if differences is None:
        assert ["added", "added", "removed", "removed"] == sorted(kind for kind, *_ in told(old, new))
    else:
        assert differences == told(old, new)


def test_a_shared_blank_node_is_not_two_equal_ones():
    """Two things with one address between them differ from two with an address each, and a ring from a line."""
    shared, apart = "ex:a ex:p _:x . ex:b ex:p _:x . _:x ex:q 1 .", "ex:a ex:p [ ex:q 1 ] . ex:b ex:p [ ex:q 1 ] ."

    assert told(shared, apart)
    assert told("_:x ex:p _:y . _:y ex:p _:x .", "_:x ex:p _:y . _:y ex:p _:z . _:z ex:p _:x .")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.sampled_from(["ex:p", "ex:q"]), st.integers(0, 6)), max_size=9
    )
)  # fmt: skip
def test_graphs_with_the_same_shape_never_differ(edges):
    """Whatever hangs together by blank nodes, new labels for them are no difference; canonical forms say the same."""

    def made(prefix: str) -> str:
        names = [f"_:{prefix}{n}" if n < 4 else f"ex:{n}" for n in range(7)]
        return "".join(f"{names[s]} {p} {names[o]} .\n" for s, p, o in edges)

    assert [] == told(made("x"), made("other"))
    if edges:
        smaller = made("x").partition("\n")[2]
        canonical = []
        for turtle in (made("x"), smaller):
            dataset = ox.Dataset(ox.Quad(*triple) for triple in graph(turtle))
            dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
            canonical.append({str(quad) for quad in dataset})
        assert bool(told(made("x"), smaller)) == (canonical[0] != canonical[1])


def test_long_lists_are_compared_and_read_as_lists():
    """Two thousand items are no trouble, and one that changed is seen in its place."""
    numbers = [str(n) for n in range(2000)]
    old = graph(f"ex:a ex:p ( {' '.join(numbers)} ) .")
    new = graph(f"ex:a ex:p ( {' '.join([*numbers[:-1], '7'])} ) .")
    (change,) = compare_graphs(old, new)

    assert [] == compare_graphs(old, list(reversed(old)))
    assert change.old.startswith('( "0"^^xsd:integer "1"^^xsd:integer ')
    assert change.new.endswith('"1998"^^xsd:integer "7"^^xsd:integer )')


def test_rows_with_one_key_are_changed_rows_without_are_added_and_removed():
    """The first column tells rows apart when it can; otherwise nothing is called changed."""

    def rows(*pairs: tuple[str, int]) -> list[tuple[ox.Literal, ox.Literal]]:
        return [(ox.Literal(name), ox.Literal(number)) for name, number in pairs]

    by_first = compare_rows(("name", "n"), rows(("a", 1), ("b", 2)), rows(("a", 3), ("c", 2)))
    by_all = compare_rows(("name", "n"), rows(("a", 1), ("a", 2)), rows(("a", 1), ("a", 3)))
    by_key = compare_rows(("name", "n"), rows(("a", 1), ("b", 2)), rows(("x", 1), ("b", 2)), ["n"])

    assert [("changed", "a", "n"), ("removed", "b", ""), ("added", "c", "")] == [
        (c.kind.value, c.thing, c.what) for c in by_first
    ]
    assert ["removed", "added"] == [c.kind.value for c in by_all]
    assert [Change(Kind.CHANGED, "1", "", "name", "a", "x")] == by_key


def test_records_are_compared_in_the_columns_named_only():
    """A line number that moved is no change of a finding."""
    old = {"f1": {"severity": "Violation", "line": "3"}}
    new = {"f1": {"severity": "Violation", "line": "9"}}

    assert [] == compare_records(old, new, columns=["severity"])


def test_county_reorganisation_shows_between_two_days():
    """On 1 April 2023 three counties made way for unitary councils, and no board changed."""
    opened = open_graph(as_at=date(2024, 6, 1))
    councils = between(opened, date(2023, 3, 31), date(2023, 4, 1), "county council")
    unitary = between(opened, date(2023, 3, 31), date(2023, 4, 1), "unitary")

    assert {"Cumbria County Council", "North Yorkshire County Council", "Somerset County Council"} == {
        c.label for c in councils
    }
    assert {Kind.REMOVED} == {c.kind for c in councils}
    assert {"Cumberland Council", "Westmorland and Furness Council", "North Yorkshire Council", "Somerset Council"} <= {
        c.label for c in unitary if c.kind is Kind.ADDED
    }
    assert [] == between(opened, date(2023, 3, 31), date(2023, 4, 1), "integrated care board")
    assert [] == between(opened, date(2024, 6, 1), date(2024, 6, 1))


def run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run icsgraph in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from icsgraph.cli import main; main()", *arguments],
        capture_output=True, text=True, encoding="utf-8", cwd=cwd, check=False, timeout=120,
    )  # fmt: skip


def test_two_files_differ_with_exit_1_and_agree_with_exit_0(tmp_path):
    """The differences are the answer; the count goes to stderr."""
    (tmp_path / "old.ttl").write_text(HEAD + 'ex:a rdfs:label "A" ; ex:p 1 ; ex:q [ ex:p 1 ] .', encoding="utf-8")
    (tmp_path / "new.ttl").write_text(HEAD + 'ex:a rdfs:label "A" ; ex:p 2 ; ex:q [ ex:p 1 ] .', encoding="utf-8")
    differ = run("diff", str(tmp_path / "old.ttl"), str(tmp_path / "new.ttl"), "--format", "json")
    same = run("diff", str(tmp_path / "old.ttl"), str(tmp_path / "old.ttl"))
    read = json.loads(differ.stdout)

    assert (1, 0) == (differ.returncode, same.returncode)
    assert ["A"] == [change["label"] for change in read["changed"]]
    assert ([], []) == (read["added"], read["removed"])
    assert "no difference" in same.stderr


def test_two_reports_are_compared_by_the_ids_of_findings(tmp_path):
    """A finding that is gone, one that is new, and one of another severity; a moved line is nothing."""
    old = [{"id": "1", "severity": "Violation", "message": "m"}, {"id": "2", "severity": "Info", "line": 3}]
    new = [{"id": "2", "severity": "Warning", "line": 9}, {"id": "3", "severity": "Info", "focus_label": "x"}]
    for name, findings in (("old", old), ("new", new)):
        (tmp_path / f"{name}.json").write_text(json.dumps({"findings": findings}), encoding="utf-8")
    done = run("diff", str(tmp_path / "old.json"), str(tmp_path / "new.json"), "--format", "csv")

    assert 1 == done.returncode
    told = [line.split(",")[:2] for line in done.stdout.splitlines()[1:]]
    assert [["removed", "1"], ["changed", "2"], ["added", "3"]] == told


def test_the_answers_of_a_query_on_two_days_are_compared():
    """Boards that ended are gone, boards that began have come, and one grew."""
    done = run(
        "diff", "--query", "boards-by-population", "--from-date", "2024-06-01", "--to-date", "2026-06-01",
        "--format", "json",
    )  # fmt: skip
    read = json.loads(done.stdout)

    assert 1 == done.returncode
    assert {"S1Y5D", "D7T5G", "T6Y0W", "S9B9J", "S0E4D", "Z9B2Z"} == {c["thing"] for c in read["added"]}
    assert {"QRL"} == {c["thing"] for c in read["changed"]}


def test_a_report_is_not_compared_with_data(tmp_path):
    """They have nothing in common to compare."""
    (tmp_path / "report.json").write_text('{"findings": []}', encoding="utf-8")
    (tmp_path / "data.ttl").write_text(HEAD + "ex:a ex:p 1 .", encoding="utf-8")
    done = run("diff", str(tmp_path / "report.json"), str(tmp_path / "data.ttl"))

    assert (2, True) == (done.returncode, "E218" in done.stderr)


@pytest.mark.parametrize(
    "arguments",
    [
        ("one.ttl",),
        (),
        ("--from-date", "2024-01-01"),
        ("--from-date", "2024-01-01", "--to-date", "2025-01-01", "--key", "code"),
        ("data/examples", "data/examples", "--kind", "board"),
        (
            "data/examples/northshire",
            "data/examples/northshire",
            "--from-date",
            "2024-01-01",
            "--to-date",
            "2025-01-01",
        ),
        ("--query", "boards-by-population", "--from-date", "2024-01-01", "--to-date", "2025-01-01", "--key", "none"),
    ],
)
def test_what_cannot_be_compared_is_refused(arguments):
    """Exit 2 and E218, nothing on stdout."""
    done = run("diff", *arguments)

    assert (2, "") == (done.returncode, done.stdout)
    assert "E218" in done.stderr
