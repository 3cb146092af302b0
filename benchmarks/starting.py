# SPDX-License-Identifier: Apache-2.0
"""Commands from a cold start, each in a process of its own: processor time and time by the clock, memory, and goals."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measures import ROOT, Goal, Part, seconds

EXAMPLE = "data/examples/northshire"
QUESTION = ["--as-at", "2025-06-30", "query", "strategy-copy-recipients", "--param", "icb=QNQ"]
THING = ["--as-at", "2025-06-30", "describe", "QNQ"]
CHECK = ["--as-at", "2025-06-30", "validate", EXAMPLE]
COMMANDS: tuple[tuple[str, list[str], bool, float], ...] = (
    ("--help", ["--help"], True, 0.25),
    ("a stored query, the packaged graph to be built first", QUESTION, False, 1.5),
    ("a stored query", QUESTION, True, 0.5),
    ("a thing with its sources, the graph of each file to be built first", THING, False, 0.0),
    ("a thing with its sources", THING, True, 0.0),
    ("the whole catalogue on the packaged England and the worked example", CHECK, True, 3.0),
    ("the same, on a machine that never ran icsgraph", CHECK, False, 0.0),
)
START = "import sys; from icsgraph.cli import main; sys.argv[0] = 'icsgraph'; main()"


def run(given: list[str], cache: str) -> tuple[float, float, float]:
    """Processor time of one command, and by the clock how long until its first words and until its end."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        ran = subprocess.Popen([sys.executable, "-c", START, *given], cwd=ROOT, stdout=subprocess.PIPE, stderr=said,
                               env={**os.environ, "ICSGRAPH_CACHE": cache, "PYTHONPATH": str(ROOT)})  # fmt: skip
        assert ran.stdout is not None
        ran.stdout.read(1)
        first = time.perf_counter() - start
        ran.communicate()
        elapsed, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        said.seek(0)
        if ran.returncode not in (0, 1):
            raise SystemExit(f"icsgraph {' '.join(given)}: {said.read()}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, first, elapsed


def measure() -> Part:
    """Run every command three times, and keep the least."""
    rows, goals = [], []
    with tempfile.TemporaryDirectory() as folder:
        warm = str(Path(folder) / "warm")
        for given in (QUESTION, THING, CHECK):
            run(given, warm)
        for name, given, cached, wanted in COMMANDS:
            times = []
            for _ in range(3):
                cold = Path(folder) / "cold"
                shutil.rmtree(cold, ignore_errors=True)
                times.append(run(given, warm if cached else str(cold)))
            processor, first, elapsed = (min(each[at] for each in times) for at in range(3))
            rows.append((name, seconds(processor), seconds(first), seconds(elapsed)))
            if wanted:
                goals.append(Goal(f"{name}: processor time", processor, wanted, False, " s"))
    notes = (
        "the processor time is that of all threads: by the clock it is less on an idle machine, and more on a busy one",
        "a first question is answered before the graph is kept for the next; the command ends when that is done",
    )
    columns = ("command", "processor s", "first words s", "clock s")
    return Part("cold start", "packaged", columns, tuple(rows), tuple(goals), notes)
