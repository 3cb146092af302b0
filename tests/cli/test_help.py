# SPDX-License-Identifier: Apache-2.0
"""What a user sees before a command runs: its help, and what the shell completes."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from icsgraph.cli import app

ROOT = Path(__file__).resolve().parents[2]
WIDTH = {"COLUMNS": "80", "TERMINAL_WIDTH": "80", "NO_COLOR": "1", "TERM": "dumb"}


def name(command) -> str:
    """Give the name that a command is called by."""
    return command.name or command.callback.__name__.rstrip("_").replace("_", "-")


LEAVES = [(name(c),) for c in app.registered_commands] + [
    (str(group.name), name(c)) for group in app.registered_groups for c in group.typer_instance.registered_commands
]
GROUPS = [(), *((str(group.name),) for group in app.registered_groups)]


def text_of(*names: str) -> str:
    """Give the help of a command on a terminal of 80 columns."""
    return CliRunner().invoke(app, [*names, "--help"], prog_name="icsgraph", env=WIDTH).stdout


@pytest.mark.parametrize("names", LEAVES + GROUPS, ids=" ".join)
def test_help_fits_80_columns(names):
    """No line is wider than the narrowest usual terminal."""
    assert [] == [line for line in text_of(*names).splitlines() if len(line) > 80]


@pytest.mark.parametrize("names", LEAVES, ids=" ".join)
def test_help_of_every_command_has_two_examples(names):
    """Each example is a command line of icsgraph, and one at least calls this command or its group."""
    examples = re.findall(r"^ {4}icsgraph [^\n]*(?:\n {4}(?!icsgraph)\S[^\n]*)*", text_of(*names), re.MULTILINE)

    assert 2 <= len(examples)
    assert any(f" {names[0]}" in example for example in examples)


def completed(line: str) -> list[str]:
    """Give what bash is offered at the end of a line."""
    words = line.split(" ")
    env = {**os.environ, "_ICSGRAPH_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    done = subprocess.run(
        [sys.executable, "-c", "from icsgraph.cli import main; main()"],
        capture_output=True, text=True, encoding="utf-8", cwd=ROOT, env=env, check=True, timeout=60,
    )  # fmt: skip
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("icsgraph query strategy-copy", "strategy-copy-recipients"),
        ("icsgraph query strategy-copy-recipients --param ", "icb="),
        ("icsgraph diff --query boards-by-pop", "boards-by-population"),
        ("icsgraph query x --format par", "parquet"),
        ("icsgraph query norms-of-a-bearer --param role=health-and", "role=health-and-wellbeing-board"),
        ("icsgraph export --format graph", "graphml"),
        ("icsgraph describe ICS-2", "ICS-20"),
        ("icsgraph describe QN", "QNQ"),
        ("icsgraph validate records.ttl --constraint ICS-2", "ICS-20"),
        ("icsgraph validate --constraint GUI-0", "GUI-09"),
        ("icsgraph des", "describe"),
    ],
)
def test_the_shell_completes_names_codes_parameters_and_forms(line, offered):
    """Pressing the tab key offers what fits there, and nothing that does not begin so."""
    words = completed(line)

    assert offered in words
    assert len(words) < 40


def seconds(*arguments: str) -> float:
    """Give the least computing time of three runs of a command, start-up included."""
    times = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-c", "from icsgraph.cli import main; main()", *arguments],
            capture_output=True, check=True, cwd=ROOT,
        )  # fmt: skip
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times)


STORED = ("--as-at", "2024-06-01", "query", "strategy-copy-recipients", "--param", "icb=QNQ")


def test_help_and_stored_queries_start_quickly():
    """On a quiet machine help takes a tenth of a second and a stored query a third; a busy one takes twice that."""
    assert seconds("--help") < 0.25
    assert seconds(*STORED) < 0.7


def test_a_stored_query_loads_no_parser_and_no_second_engine():
    """What takes long to load is loaded only by what needs it."""
    heavy = (
        "rdflib",
        "pyparsing",
        "pyshacl",
        "owlready2",
        "pandas",
        "pyarrow",
        "openpyxl",
        "SPARQLWrapper",
        "icsgraph.shacl",
        "icsgraph.algebra",
    )
    code = (
        "import sys; from icsgraph.cli import app\n"
        f"try: app({list(STORED)}, prog_name='icsgraph')\n"
        f"except SystemExit: print([m for m in {heavy} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", cwd=ROOT)

    assert "[]" == done.stderr.splitlines()[-1]
