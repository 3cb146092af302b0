# SPDX-License-Identifier: Apache-2.0
"""Every command keeps to 80 columns: in a pipe on stdout, and on a terminal of 80 columns whatever it prints.

Three things may be wider, and only where they stand alone or are to be copied: a word that cannot be broken (an IRI, a
path, an id), SPARQL and Turtle, and the command line of an example. What goes to stderr of a pipe is a line for a log.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import shlex
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from icsgraph.cli import app

ROOT = Path(__file__).resolve().parents[2]
FAULTY = "data/examples/northshire-with-faults"
WIDE = 80
PROGRAM = [sys.executable, "-c", "from icsgraph.cli import main; main()"]
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
CODE = re.compile(r"^\s*(#|[\w-]+:[\w-]+ |\?|[(;]|FILTER|SELECT|OPTIONAL|BIND|PREFIX|icsgraph |Again: )|\?\w|ics:\w")
RUN = [
    "demo",
    "--as-at 2024-06-01 query strategy-copy-recipients -p icb=QNQ --labels --cite",
    "query 'SELECT ?b ?n { ?b a ics:IntegratedCareBord ; rdfs:label ?n }' --why-empty",
    "query 'SELECT ?x { ?x a }'",
    "query statutory-members -p icb=QNQ",
    "queries",
    "queries --show what-begins-on-a-day",
    "find frimley",
    "describe QNQ",
    "describe ICS-20",
    "describe Frimli",
    "diff --from-date 2026-03-31 --to-date 2026-04-01 --query boards-by-population",
    "diff --from-date 2023-03-31 --to-date 2023-04-01 --kind council",
    "explain ICS-20",
    "explain norm/give-copies",
    "guidance list --edition 2024 --topic housing",
    "guidance show 2024/034",
    "guidance show give-copies",
    "guidance diff",
    "guidance coverage",
    "guidance check README.md",
    f"--as-at 2025-06-30 validate {FAULTY} --constraint ICS-20",
    f"--as-at 2025-06-30 validate {FAULTY} --constraint ICS-20 --summary",
    "validate --coverage",
    "--as-at 2025-04-01 whatif move --lad E07000216 --to QNX",
    "--as-at 2025-04-01 whatif merge QNQ --into QRL",
    "--as-at 2025-04-01 whatif split QNQ --part QXU=E10000030",
    "whatif --on 2025-04-01",
    "reason --explain E06000036 'is a' ics:ResponsibleLocalAuthority",
    "reason --hygiene data/examples/northshire/01-parties.ttl",
    "template --system QRL --output TMP/template",
    "import records docs/how-to/spreadsheets/receipts.csv --output TMP/r.ttl --system QRL",
    "import ods docs/how-to/spreadsheets/receipts.csv --output TMP/o.ttl",
    "import ons-lookup docs/how-to/spreadsheets/receipts.csv --vintage 2027-04-01 --output TMP/l.ttl",
    "docs build --output TMP/pages",
    "build data/examples/northshire/01-parties.ttl --no-background --output TMP/store",
    "export --class IntegratedCareBoard --output TMP/e.ttl",
]
RUNS_ON = {"serve"}  # until it is stopped; it prints its address
AS_OTHERS = ("demo", "whatif merge", "whatif split")  # take long, and print as others do: a pipe is enough


def commands() -> set[str]:
    """Give the name of every command, groups and those in them alike."""

    def walk(name: str, command: object) -> set[str]:
        below = getattr(command, "commands", {})
        own = {name} if not below or getattr(command, "invoke_without_command", False) else set()
        return own.union(*(walk(f"{name} {each}".strip(), child) for each, child in below.items()))

    return walk("", typer.main.get_command(app)) - {""}


def too_wide(text: str) -> list[str]:
    """Give the lines that are wider than they may be."""
    lines = [line for whole in ESCAPE.sub("\r", text).splitlines() for line in whole.split("\r")]
    return [line for line in lines if len(line) > WIDE and " " in line.strip() and not CODE.search(line)]


def on_a_terminal(arguments: list[str]) -> str:
    """Give what a command prints on a terminal of 80 columns, stderr included."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, WIDE, 0, 0))
    env = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "NO_COLOR")} | {"PAGER": "cat", "TERM": "xterm"}
    process = subprocess.Popen([*PROGRAM, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT, env=env)
    os.close(theirs)
    got = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        got += part
    os.close(ours)
    assert process.wait(timeout=120) in (0, 1, 2), got.decode()[-400:]
    return got.decode()


def test_every_command_is_run():
    """A command that is added has to be added here."""
    run = " | ".join(RUN)
    lacking = {name for name in commands() - RUNS_ON if not re.search(rf"(^|\| |\d ){re.escape(name)}( |$)", run)}

    assert set() == lacking


def test_what_is_too_wide_is_seen():
    """Prose of 81 columns is found; an IRI alone, and a query, are not."""
    assert 1 == len(too_wide("a" * 40 + " " + "b" * 40))
    assert [] == too_wide("a" * 40 + " " + "b" * 39)
    assert [] == too_wide("   https://" + "x" * 90 + "\n  ?b ics:ofAuthority ?x " + "y" * 90)
    assert 1 == len(too_wide("\x1b[31m" + "a " * 41 + "\x1b[0m"))


@pytest.mark.parametrize("line", RUN)
def test_a_pipe_gets_80_columns(line, tmp_path, monkeypatch):
    """What stands on stdout fits, as a text and in tables."""
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(app, shlex.split(line.replace("TMP", str(tmp_path))), env={"COLUMNS": "80"})

    assert done.exit_code in (0, 1, 2), done.output[-400:]
    assert [] == too_wide(done.stdout)
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize("line", [line for line in RUN if not any(name in line for name in AS_OTHERS)])
def test_a_terminal_gets_80_columns(line, tmp_path):
    """Whatever is printed fits, errors and footers included."""
    printed = on_a_terminal(shlex.split(line.replace("TMP", str(tmp_path))))

    assert printed.strip()
    assert [] == too_wide(printed)
