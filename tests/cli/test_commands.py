# SPDX-License-Identifier: Apache-2.0
"""The commands as a user runs them: what they print, where, and how they exit."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "data" / "examples"


def run(*arguments: str, cwd: Path = ROOT, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run icsgraph in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from icsgraph.cli import main; main()", *arguments],
        capture_output=True, text=True, encoding="utf-8", cwd=cwd, input=stdin, check=False, timeout=120,
    )  # fmt: skip


def rows(done: subprocess.CompletedProcess[str]) -> list[dict[str, str]]:
    """Read the CSV on stdout."""
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_recipients_of_frimleys_strategy_are_five_authorities_and_three_boards():
    """Two of Frimley's authorities also lie in neighbouring boards' areas, so two neighbours get copies."""
    done = run("--as-at", "2024-06-01", "query", "strategy-copy-recipients", "--param", "icb=QNQ", "--format", "csv")
    codes = {row["code"] for row in rows(done)}

    assert 0 == done.returncode
    assert {"E06000036", "E06000039", "E06000040", "E10000014", "E10000030", "QNQ", "QRL", "QXU"} == codes


def test_a_board_that_has_ended_is_refused_with_its_successors():
    """Frimley ended on 31 March 2026 and went to three boards."""
    done = run("--as-at", "2026-06-01", "query", "strategy-copy-recipients", "--param", "icb=QNQ")

    assert 2 == done.returncode
    assert "" == done.stdout
    assert all(code in done.stderr for code in ("E404", "QRL", "S9B9J", "S0E4D"))


@pytest.mark.parametrize("name", ["Frimley", "E54000034", "qnq", "NHS Frimley Integrated Care Board"])
def test_a_board_can_be_named_by_any_code_or_name(name):
    """ODS code, ONS code, short name and full name mean the same board."""
    done = run("--as-at", "2024-06-01", "query", "strategy-copy-recipients", "-p", f"icb={name}", "-f", "csv")

    assert 8 == len(rows(done))


def test_a_misspelt_query_name_gets_near_ones():
    """The message names the query that was meant."""
    done = run("query", "strategy-copy-recipient")

    assert 2 == done.returncode
    assert "E211" in done.stderr
    assert "strategy-copy-recipients" in done.stderr


def test_a_syntax_error_in_a_query_names_line_and_column():
    """The place is that of the error in the text given."""
    done = run("query", "SELECT ?x WHERE {\n ?x a }")

    assert 2 == done.returncode
    assert done.stderr.startswith("E201: query:2:")


def test_a_parameter_that_is_missing_or_unknown_is_named():
    """Both messages say which parameter."""
    missing = run("query", "strategy-copy-recipients")
    unknown = run("query", "strategy-copy-recipients", "--param", "board=QNQ")

    assert (2, 2) == (missing.returncode, unknown.returncode)
    assert "E205" in missing.stderr and "icb" in missing.stderr
    assert "E204" in unknown.stderr and "board" in unknown.stderr


def test_a_date_that_is_none_is_refused():
    """30 February is no day."""
    done = run("--as-at", "2024-02-30", "queries")

    assert (2, "") == (done.returncode, done.stdout)
    assert "E403" in done.stderr


def test_a_file_that_is_not_there_exits_2():
    """Nothing is checked, and nothing is said to conform."""
    done = run("validate", "no-such.ttl")

    assert (2, "") == (done.returncode, done.stdout)
    assert "E101: no-such.ttl" in done.stderr


def test_an_empty_folder_exits_2(tmp_path):
    """A folder without data is a mistake, not a data set without faults."""
    done = run("validate", str(tmp_path))

    assert 2 == done.returncode
    assert "E102" in done.stderr


def test_malformed_turtle_exits_2_and_names_line_and_column(tmp_path):
    """The second line is where the statement breaks off."""
    (tmp_path / "bad.ttl").write_text("@prefix ex: <https://example.org/> .\nex:a ex:b ; .\n", encoding="utf-8")
    done = run("validate", str(tmp_path / "bad.ttl"))

    assert 2 == done.returncode
    assert done.stderr.startswith("E103: bad.ttl:2:")
    assert "Traceback" not in done.stderr


def test_a_misspelt_target_class_is_refused_with_the_near_one(tmp_path):
    """A shape that would look at nothing because of its spelling never passes in silence."""
    shape = tmp_path / "shape.ttl"
    shape.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ics: <https://w3id.org/icsgraph/def/> .\n"
        "<https://example.org/s> a sh:NodeShape ; sh:targetClass ics:IntegratedCareBord .\n", encoding="utf-8",
    )  # fmt: skip
    done = run("validate", str(EXAMPLES / "northshire"), "--shapes", str(shape))

    assert (2, "") == (done.returncode, done.stdout)
    assert "E311" in done.stderr
    assert "IntegratedCareBoard" in done.stderr


def test_own_shapes_run_over_own_data(tmp_path):
    """Anyone's shapes can be run, and their findings fail the run."""
    shape, data = tmp_path / "shape.ttl", tmp_path / "data.ttl"
    data.write_text("@prefix ex: <https://example.org/> . ex:a a ex:Thing .", encoding="utf-8")
    shape.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> .\n"
        "ex:s a sh:NodeShape ; sh:targetClass ex:Thing ; sh:property ex:p .\n"
        'ex:p sh:path ex:name ; sh:minCount 1 ; sh:message "It has no name." .', encoding="utf-8",
    )  # fmt: skip
    done = run("validate", str(data), "--shapes", str(shape), "--format", "json")

    assert 1 == done.returncode
    assert ["It has no name."] == [f["message"] for f in json.loads(done.stdout)["findings"]]


def test_the_sound_example_exits_0_and_finds_nothing():
    """Northshire's records answer every constraint that looks at them."""
    done = run("--as-at", "2025-06-30", "validate", str(EXAMPLES / "northshire"), "--format", "json")

    assert [] == [(f["constraint"], f["message"]) for f in json.loads(done.stdout)["findings"]]
    assert 0 == done.returncode


def test_the_faulty_example_lists_exactly_the_planted_faults():
    """Each planted fault is found, and nothing else, whatever its severity."""
    with (EXAMPLES / "northshire-with-faults" / "faults.csv").open(encoding="utf-8", newline="") as stream:
        planted = sorted((r["constraint"], r["condition"], r["focus"], r["value"]) for r in csv.DictReader(stream))
    folder = str(EXAMPLES / "northshire-with-faults")
    done = run("--as-at", "2025-06-30", "validate", folder, "--format", "json")
    found = [
        (f["constraint"], f["condition"], f["focus"], f["value"] or "")
        for f in json.loads(done.stdout)["findings"]
    ]

    assert 1 == done.returncode
    assert planted == sorted(found)


def test_a_finding_about_the_form_of_a_record_names_the_form(tmp_path):
    """The rule that it breaks has no name of its own; the form that holds it has."""
    (tmp_path / "copy.ttl").write_text(
        "@prefix ex: <https://example.org/> . @prefix ics: <https://w3id.org/icsgraph/def/> .\n"
        "ex:copy a ics:GivingACopy ; ics:ofVersion ex:v ; ics:actor ex:p .\n", encoding="utf-8",
    )  # fmt: skip
    found = json.loads(run("validate", str(tmp_path / "copy.ttl"), "--no-background", "--format", "json").stdout)

    assert {("form-GivingACopy", "form of a record of giving a copy")} == {
        (f["constraint"], f["title"]) for f in found["findings"]
    }


def test_findings_name_file_and_line():
    """A finding about a thing in a user's file says where the file speaks of it."""
    folder = str(EXAMPLES / "northshire-with-faults")
    done = run("--as-at", "2025-06-30", "validate", folder, "--format", "jsonl")
    findings = [json.loads(line) for line in done.stdout.splitlines()]

    assert findings
    for finding in (f for f in findings if f["file"]):
        lines = (EXAMPLES / finding["file"]).read_text(encoding="utf-8").splitlines()
        assert 1 <= finding["line"] <= len(lines)


def test_a_report_has_the_same_bytes_on_every_run():
    """Two runs differ in nothing."""
    arguments = ("--as-at", "2025-06-30", "validate", str(EXAMPLES / "northshire-with-faults"), "--format", "ttl")

    assert run(*arguments).stdout == run(*arguments).stdout


@pytest.mark.parametrize("form", ["ttl", "trig", "nt", "nq", "rdfxml", "jsonld"])
def test_an_export_reads_back_whole(form, tmp_path):
    """What rdflib or pyoxigraph reads from the file is what the graph holds."""
    import pyoxigraph as ox

    from icsgraph.exports.rdf import FORMATS

    output = tmp_path / f"out.{form}"
    done = run("export", "--format", form, "--output", str(output))
    written = int(done.stderr.split()[0])
    read = ox.Store()
    read.load(path=str(output), format=FORMATS[form])

    assert 0 == done.returncode
    assert written == len(read) > 100_000


def test_an_export_that_cannot_be_written_leaves_nothing(tmp_path):
    """The folder that is not there stays so."""
    done = run("export", "--output", str(tmp_path / "none" / "out.ttl"))

    assert 2 == done.returncode
    assert "E501" in done.stderr
    assert [] == list(tmp_path.iterdir())


def test_describe_tells_a_boards_name_dates_and_links():
    """Frimley's description has its codes, last day and partnership."""
    done = run("describe", "QNQ")

    assert 0 == done.returncode
    assert all(text in done.stdout for text in ("NHS Frimley Integrated Care Board", "2026-03-31", "E54000034"))


def test_describe_suggests_near_names():
    """A name that nothing has is answered with names that come near."""
    done = run("describe", "Frimly")

    assert 2 == done.returncode
    assert "Frimley" in done.stderr


def test_demo_says_something_true_and_ends_with_three_commands():
    """The figure of the demo is that of the stored query; and it counts each statement once."""
    demo = run("demo")
    (statements,) = re.findall(r"\d+", run("query", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "--format", "csv").stdout)
    listed = run("--as-at", "2022-12-15", "query", "neighbouring-board-copies", "--format", "csv")
    owed = len({row["partnership"] for row in rows(listed)})

    assert 0 == demo.returncode
    assert f"In December 2022 {owed} of the 42 partnerships" in demo.stdout
    assert f"a graph of {int(statements):,} statements" in demo.stdout
    assert 3 == sum(line.startswith("   icsgraph") for line in demo.stdout.splitlines())


def test_help_of_every_command_has_two_examples():
    """Whoever asks for help sees how the command is called."""
    for command in ("demo", "query", "queries", "validate", "describe", "explain", "export", "reason"):
        text = run(command, "--help").stdout

        assert 2 <= sum("icsgraph" in line for line in text.partition("Examples:")[2].splitlines())


def test_explain_tells_the_whole_chain_of_a_constraint():
    """From the Act through both editions' statements to the dated severities and what a record needs."""
    text = run("explain", "ics-20").stdout

    assert all(part in text for part in ("116ZB/7/b/ii", "2022/053", "2024/059", "Violation", "copy event"))


def test_explain_tells_a_finding_by_the_beginning_of_its_id():
    """The finding's message and the triples about its focus are there."""
    folder = ("--as-at", "2025-06-30", "--data", str(EXAMPLES / "northshire-with-faults"))
    listed = run("--as-at", "2025-06-30", "validate", str(EXAMPLES / "northshire-with-faults"), "--format", "jsonl")
    finding = next(f for f in map(json.loads, listed.stdout.splitlines()) if f["constraint"] == "ICS-20")
    done = run(*folder, "explain", finding["id"][:12])

    assert 0 == done.returncode
    assert finding["message"].split()[0:6] == done.stdout.partition("What was found")[2].split()[0:6]
    assert finding["focus"].rpartition("/")[2] in done.stdout


def test_explain_refuses_what_is_neither():
    """The message says where constraints and findings are listed."""
    done = run("explain", "ICS-99")

    assert 2 == done.returncode
    assert "E408" in done.stderr


def test_coverage_names_every_constraint_of_the_register():
    """122 constraints by id, none missing, each with a state."""
    found = json.loads(run("validate", "--coverage", "--format", "json").stdout)

    assert 122 == len({c["constraint"] for c in found})
    assert {c["state"] for c in found} <= {"checked", "partly", "not checkable", "no shape yet"}
    assert all(c["why"] for c in found)


def test_cross_check_finds_the_engines_agree():
    """Both engines give the same findings on the faulty example."""
    some = [f"--constraint={name}" for name in ("ICP-04", "ICS-15", "ICS-19", "ICS-20")]
    folder = str(EXAMPLES / "northshire-with-faults")
    done = run("--as-at", "2025-06-30", "validate", folder, *some, "--no-background", "--cross-check")

    assert 1 == done.returncode
    assert "give the same 4 findings" in done.stderr
