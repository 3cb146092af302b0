# SPDX-License-Identifier: Apache-2.0
"""``icsgraph reason`` as a user runs it: verdicts, explanations and faults, their places, and exit statuses."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "cases" / "ontology" / "inconsistent"
NORTHSHIRE = "data/examples/northshire"
needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="HermiT needs Java")


def run(*arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run icsgraph in a process of its own, with another PATH where one is given."""
    env = os.environ if path is None else os.environ | {"PATH": path}
    return subprocess.run(
        [sys.executable, "-c", "from icsgraph.cli import main; main()", *arguments],
        capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False, timeout=120, env=env,
    )  # fmt: skip


@needs_java
def test_the_ontology_is_consistent_and_says_so():
    """With nothing named, the ontology alone is judged."""
    done = run("reason", "--consistency")

    assert (0, "") == (done.returncode, done.stderr)
    assert done.stdout.startswith("Consistent (")
    assert done.stdout.endswith("Every class can have an instance.\n")


@pytest.mark.parametrize(
    ("case", "lines"), [("service-of-two-kinds", {6, 11}), ("district-typed-responsible", {12, 14})]
)
def test_an_inconsistent_file_is_refused_with_the_lines_that_clash_without_java(case, lines):
    """The two deliberate mistakes are found by the rules, so that no Java is needed."""
    file = f"tests/cases/ontology/inconsistent/{case}.ttl"
    done = run("reason", file, path="/nonexistent")

    assert 1 == done.returncode
    assert done.stdout.startswith("Inconsistent: ")
    assert all(f"[{file}:{line}]" in done.stdout for line in lines)


def test_the_same_files_are_reported_by_validate():
    """What reason refuses is a finding of a constraint of the register, at the same record."""
    files = [str(CASES / f"{case}.ttl") for case in ("service-of-two-kinds", "district-typed-responsible")]
    only = ("--constraint", "ICS-13", "--constraint", "BOD-03")
    done = run("--as-at", "2024-06-01", "validate", *files, *only, "--format", "csv")
    violations = [row for row in csv.DictReader(io.StringIO(done.stdout)) if row["severity"] == "Violation"]

    assert 1 == done.returncode
    assert {("ICS-13", "damp-homes-advice"), ("BOD-03", "fenland")} <= {
        (row["constraint"], row["focus"].rpartition("/")[2]) for row in violations
    }


def test_contradictions_as_json_have_file_and_line():
    """A program can find the statements."""
    done = run("reason", str(CASES / "service-of-two-kinds.ttl"), "--format", "json")
    (found,) = json.loads(done.stdout)["contradictions"]

    assert {6, 11} == {each["line"] for each in found["because"]}
    assert all(each["file"].endswith("service-of-two-kinds.ttl") for each in found["because"])


@pytest.mark.parametrize("job", ["--consistency", "--classify"])
def test_without_java_the_message_says_what_to_install(job):
    """One message, exit 3, and nothing on stdout."""
    done = run("reason", job, path="/nonexistent")

    assert (3, "") == (done.returncode, done.stdout)
    assert done.stderr.startswith("E702: ")
    assert "Install a Java runtime" in done.stderr


@needs_java
def test_classify_gives_what_hermit_adds():
    """A county council is by definition a responsible local authority, which no axiom states in so many words."""
    done = run("reason", "--classify", "--format", "ttl")
    added = {(q.subject.value, q.object.value) for q in ox.parse(done.stdout, format=ox.RdfFormat.TURTLE)}
    base = "https://w3id.org/icsgraph/def/"

    assert 0 == done.returncode
    assert (base + "CountyCouncil", base + "ResponsibleLocalAuthority") in added
    assert (base + "NHSTrust", base + "NHSBody") not in added


def test_materialize_writes_what_files_add(tmp_path):
    """What follows from a file is written, and what the packaged graph implies already is not."""
    data, out = tmp_path / "seat.ttl", tmp_path / "out.nt"
    data.write_text("<https://example.org/c> a <https://w3id.org/icsgraph/def/CountyCouncil> .\n", encoding="utf-8")
    done = run("reason", "--materialize", str(data), "--output", str(out))
    lines = out.read_text(encoding="utf-8").splitlines()

    assert (0, "") == (done.returncode, done.stdout)
    assert all(line.startswith("<https://example.org/c> ") for line in lines)
    assert any(line.endswith("def/ResponsibleLocalAuthority> .") for line in lines)


def test_explain_goes_down_to_the_line_of_a_file():
    """A type that follows from another is explained by the axiom and the statement."""
    done = run("reason", "--explain", "E06000036", "is a", "ics:ResponsibleLocalAuthority", path="/nonexistent")

    assert 0 == done.returncode
    assert done.stdout.startswith("- Bracknell Forest Council is a responsible local authority\n")
    assert "Bracknell Forest Council is a unitary authority [data/england/authorities.ttl:" in " ".join(
        done.stdout.split()
    )


def test_explain_takes_labels_and_gives_json():
    """A statement of a user's own files is placed in those files."""
    done = run(
        "--as-at", "2025-06-30", "--data", NORTHSHIRE, "reason", "--format", "json",
        "--explain", "NHS Northshire Integrated Care Board", "is a", "integrated care board",
    )  # fmt: skip
    said = json.loads(done.stdout)

    assert 0 == done.returncode
    assert ("stated", "northshire/01-bodies-and-areas.ttl") == (said["kind"], said["file"])


def test_what_does_not_hold_is_said_so():
    """A triple that nothing states or implies gives exit 1."""
    done = run("reason", "--explain", "QNQ", "a", "ics:NHSTrust")

    assert (1, "Neither stated nor implied: NHS Frimley Integrated Care Board is an NHS trust\n") == (
        done.returncode,
        done.stdout,
    )


def test_an_unknown_property_gets_near_ones():
    """A misspelt property names those that were meant."""
    done = run("reason", "--explain", "QNQ", "partnr board", "E06000036")

    assert 2 == done.returncode
    assert done.stderr.startswith("E324: partnr board: ")
    assert "partner board" in done.stderr


def test_hygiene_names_the_nearest_term_and_its_line(tmp_path):
    """A misspelt class, property and date in a user's file are errors with their lines."""
    data = tmp_path / "mine.ttl"
    data.write_text(
        "@prefix ics: <https://w3id.org/icsgraph/def/> . @prefix ex: <https://example.org/> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix schema: <https://schema.org/> .\n"
        "ex:a a ics:IntegratedCareBord ;\n"
        '    ics:odsCod "QQQ" ;\n'
        '    ics:firstDay "2024-13-01"^^xsd:date ;\n'
        '    schema:name "x" .\n',
        encoding="utf-8",
    )
    done = run("reason", "--hygiene", str(data), "--format", "csv")
    found = {(row["level"], row["id"], row["line"]) for row in csv.DictReader(io.StringIO(done.stdout))}

    assert 1 == done.returncode
    assert {("error", "h009", "3"), ("error", "h009", "4"), ("error", "h010", "5"), ("info", "h009", "6")} == found
    assert "Did you mean ics:IntegratedCareBoard, " in done.stdout


def test_hygiene_reads_queries_pages_and_shapes(tmp_path):
    """Terms in a query, in a code block of a page and in a query inside a shape are looked up too."""
    (tmp_path / "q.rq").write_text("SELECT * {\n  ?x ics:odsCod ?y }", encoding="utf-8")
    (tmp_path / "p.md").write_text("`ics:odsCod`\n```sparql\nSELECT * { ?x a ics:Bord }\n```\n", encoding="utf-8")
    (tmp_path / "s.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> .\n"
        'ex:s a sh:NodeShap ; sh:sparql [ sh:select "SELECT $this { $this a ics:Counsil }" ] .\n',
        encoding="utf-8",
    )
    done = run("reason", "--hygiene", str(tmp_path), "--format", "json")
    found = {
        (Path(each["file"]).name, each["line"], each["term"].rpartition("/")[2]) for each in json.loads(done.stdout)
    }

    assert {
        ("q.rq", 2, "odsCod"),
        ("p.md", 3, "Bord"),
        ("s.ttl", 2, "Counsil"),
        ("s.ttl", 2, "shacl#NodeShap"),
    } == found


def test_a_page_that_is_no_text_is_refused(tmp_path):
    """A file that cannot be read is an error with its name, not a traceback."""
    page = tmp_path / "page.md"
    page.write_bytes(b"\xff\xfe")
    done = run("reason", "--hygiene", str(page))

    assert (2, "") == (done.returncode, done.stdout)
    assert done.stderr.startswith("E105: ")


def test_everything_that_ships_is_in_good_form():
    """No file of the ontology, shapes, data, queries or documentation has a fault of any level."""
    done = run("reason", "--hygiene", path="/nonexistent")

    assert (0, "Faults of form: 0 error, 0 warning, 0 info.\n") == (done.returncode, done.stdout)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--classify", "--hygiene"), "E321"),
        (("--hygiene", "--format", "ttl"), "E322"),
        (("--hygiene", "--output", "x.ttl"), "E322"),
    ],
)
def test_options_that_do_not_go_together_are_refused(arguments, code):
    """No option is passed over in silence."""
    done = run("reason", *arguments)

    assert (2, "") == (done.returncode, done.stdout)
    assert done.stderr.startswith(f"{code}: ")


@needs_java
def test_a_contradiction_has_no_hierarchy():
    """Files that contradict the ontology are not classified."""
    done = run("reason", "--classify", str(CASES / "service-of-two-kinds.ttl"))

    assert 2 == done.returncode
    assert done.stderr.startswith("E323: ")
