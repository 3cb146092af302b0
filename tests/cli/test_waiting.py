# SPDX-License-Identifier: Apache-2.0
"""Progress: nothing in pipes, nothing for what is quick, an estimate from the last time."""

from __future__ import annotations

import io
import json
import time
from functools import partial
from pathlib import Path

from typer.testing import CliRunner

from icsgraph.cli import app, validate
from icsgraph.cli.waiting import waiting

EXAMPLE = Path(__file__).resolve().parents[2] / "data" / "examples" / "northshire"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def test_what_takes_long_is_said_and_cleared_away(tmp_path):
    """The line names what is done and for how long, and is gone when it is done; its time is remembered."""
    terminal, memory = Terminal(), tmp_path / "times.json"
    with waiting("opening", "x", stream=terminal, patience=0.05, memory=memory):
        time.sleep(0.4)

    assert "opening: 0 s" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")
    assert ["opening x"] == list(json.loads(memory.read_text(encoding="utf-8")))


def test_the_last_time_is_the_estimate(tmp_path):
    """What took seven seconds is told to take about as long."""
    terminal, memory = Terminal(), tmp_path / "times.json"
    memory.write_text('{"opening x": 7}', encoding="utf-8")
    with waiting("opening", "x", stream=terminal, patience=0.05, memory=memory):
        time.sleep(0.4)

    assert "of about 7 s" in terminal.getvalue()


def test_what_is_quick_and_what_is_piped_says_nothing(tmp_path):
    """Neither a short wait on a terminal nor a long one in a pipe prints anything; a spoilt memory does no harm."""
    terminal, pipe, memory = Terminal(), io.StringIO(), tmp_path / "times.json"
    memory.write_text("no JSON", encoding="utf-8")
    with waiting("opening", stream=terminal, memory=memory):
        pass
    with waiting("opening", stream=pipe, patience=0.05, memory=memory):
        time.sleep(0.3)

    assert ("", "") == (terminal.getvalue(), pipe.getvalue())


def test_a_check_says_what_it_is_at(tmp_path, monkeypatch):
    """On a terminal, and nothing of it in the report; the times are remembered by what was opened and checked."""
    terminal, memory = Terminal(), tmp_path / "times.json"
    monkeypatch.setattr("icsgraph.cli.waiting._EVERY", 0.01)
    monkeypatch.setattr(validate, "waiting", partial(waiting, stream=terminal, patience=0, memory=memory))
    arguments = ["--as-at", "2025-06-30", "validate", str(EXAMPLE), "--no-background", "--constraint", "ICS-20"]
    ran = CliRunner().invoke(app, [*arguments, "--format", "json"])

    assert 0 == ran.exit_code
    assert "opening the records: 0 s" in terminal.getvalue()
    assert "checking: 0 s" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")
    assert [f"opening the records {EXAMPLE}", f"checking compiled ICS-20 {EXAMPLE}"] == list(
        json.loads(memory.read_text(encoding="utf-8"))
    )
    assert "\r" not in ran.output
