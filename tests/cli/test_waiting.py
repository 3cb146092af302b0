# SPDX-License-Identifier: Apache-2.0
"""Progress: nothing in pipes, nothing for what is quick, an estimate from the last time."""

from __future__ import annotations

import io
import json
import time

from icsgraph.cli.waiting import waiting


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
