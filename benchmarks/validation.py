# SPDX-License-Identifier: Apache-2.0
"""Invented systems to how long each SHACL engine takes for them; every engine's findings are held against what was
planted."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.engines import ENGINES
from benchmarks.generate import planted
from benchmarks.measures import ROOT, Goal, Part, seconds

SLOW = {"pySHACL": 10**5, "pyshacl-turbo": 10**5}  # the most triples with which these end in minutes
NOTHING = """@prefix sh: <http://www.w3.org/ns/shacl#> .
<https://example.org/none> a sh:NodeShape ; sh:targetNode <https://example.org/none> ; sh:nodeKind sh:IRI .
"""


def measure(
    data: Path, triples: int, size: str, limit: float, python: str, smaller: tuple[Path, int] | None = None
) -> Part:
    """Run every engine that is there, one after another; ``smaller``: a tenth of the data, to see how time grows."""
    wanted = Counter(planted(data).read_text(encoding="utf-8").splitlines())
    goals, notes, taken = [], [], {}
    with tempfile.TemporaryDirectory() as folder:
        shapes = Path(folder) / "shapes.ttl"
        shutil.copy(ROOT / "benchmarks" / "shapes.ttl", shapes)
        for name in ENGINES:
            if triples > 1.5 * SLOW.get(name, triples):
                notes.append(f"{name} was not asked: it does not end in minutes at this size")
                continue
            one, why = _run(name, data, shapes, limit, sys.executable if name in ("icsgraph", "pySHACL") else python)
            if one is None:
                if why.startswith("ended") and "icsgraph" in taken:
                    why += f": over {limit / taken['icsgraph'][0]['whole']:.0f} times the whole process of icsgraph"
                notes.append(f"{name}: {why}")
                continue
            got = Counter((Path(folder) / name).read_text(encoding="utf-8").splitlines())
            equal = got == wanted
            if not equal:
                differing = sum(((got - wanted) + (wanted - got)).values())
                notes.append(f"{name}: {differing} findings differ from what was planted")
            if name == "icsgraph" and not equal:
                raise SystemExit(f"what was planted is not what was found: {notes[-1]}")
            taken[name] = (one, equal)
    ours = taken["icsgraph"][0]
    others = {name: one for name, (one, equal) in taken.items() if equal and name != "icsgraph"}
    rows = tuple(_row(name, one, equal, ours) for name, (one, equal) in taken.items())
    large = triples > 50_000  # what the goals were set for
    if others:
        nearest = min(others, key=lambda name: others[name]["validate"])
        ratio = others[nearest]["validate"] / ours["validate"]
        if large:
            goals.append(
                Goal(f"validation beside {nearest}, the fastest with equal findings", ratio, 10, unit=" times")
            )
        nearest = min(others, key=lambda name: others[name]["whole"])
        notes.append(f"whole processes, from start to findings: {nearest} takes "
                     f"{others[nearest]['whole'] / ours['whole']:.1f} times as long as icsgraph")  # fmt: skip
    if "pySHACL" in others and large:
        ratio = others["pySHACL"]["validate"] / ours["validate"]
        goals.append(Goal("validation beside pySHACL", ratio, 400, unit=" times"))
    if smaller is not None and large:
        wanted_growth = 1.2 * triples / smaller[1]  # 12 for ten-fold data
        name = f"time for {triples} triples beside {smaller[1]}"
        goals.append(Goal(name, _growth(ours, smaller[0], limit), wanted_growth, False, " times"))
    goals.append(Goal("peak memory beside the loaded store", ours["peak"] / ours["load_peak"], 1.2, False, " times"))
    if size == "1e7":
        goals.append(Goal("whole process at 1e7", ours["whole"], 120, False, " s"))
        goals.append(Goal("peak memory at 1e7", ours["peak"] / 1024, 5, False, " GB"))
    kinds = len({line.partition("\t")[0] for line in wanted})
    what = f"{triples} triples; {sum(wanted.values())} findings of {kinds} shapes were planted"
    notes.insert(0, what + ", and icsgraph found these exactly")
    columns = ("engine", "load s", "shapes s", "validate s", "whole s", "peak MB", "findings", "validate, times ours")
    return Part("validation", size, columns, rows, tuple(goals), tuple(notes))


def _growth(ours: dict[str, float], smaller: Path, limit: float) -> float:
    """How many times as long the data takes as a tenth of it."""
    with tempfile.TemporaryDirectory() as folder:
        shapes = Path(shutil.copy(ROOT / "benchmarks" / "shapes.ttl", folder))
        one, why = _run("icsgraph", smaller, shapes, limit, sys.executable)
    if one is None:
        raise SystemExit(f"a tenth of the data: {why}")
    return ours["validate"] / one["validate"]


def _row(name: str, one: dict[str, float], equal: bool, ours: dict[str, float]) -> tuple[str, ...]:
    times = (seconds(one[each]) for each in ("load", "shapes", "validate", "whole"))
    ratio = f"{one['validate'] / ours['validate']:.1f}"
    return f"{name} {one['version']}".strip(), *times, f"{one['peak']:.0f}", "equal" if equal else "differ", ratio


def _run(name: str, data: Path, shapes: Path, limit: float, python: str) -> tuple[dict[str, float] | None, str]:
    """One engine in a process of its own; why there is no answer, where there is none."""
    if name == "TopBraid" and not os.environ.get("TOPBRAID"):
        return None, "not run: TOPBRAID names no folder of TopBraid SHACL (it needs Java 21 or newer)"
    if name == "icsgraph":  # the second run reads the compiled shapes, as everyday use does
        _asked(name, data.with_name("none.nt"), shapes, limit, python)
    one, why = _asked(name, data, shapes, limit, python)
    if one is not None and name == "pyshifty":  # it loads and validates in one call: loading is what no shape takes
        nothing = shapes.with_name("nothing.ttl")
        nothing.write_text(NOTHING, encoding="utf-8")
        kept = shapes.with_name(name).read_text(encoding="utf-8")
        alone, _ = _asked(name, data, nothing, limit, python)
        shapes.with_name(name).write_text(kept, encoding="utf-8")
        if alone is not None:
            one |= {"load": alone["validate"], "validate": max(one["validate"] - alone["validate"], 0.001)}
    return one, why


def _asked(name: str, data: Path, shapes: Path, limit: float, python: str) -> tuple[dict[str, float] | None, str]:
    if not data.is_file():
        data.write_text("", encoding="utf-8")
    command = [python, "-m", "benchmarks.engines", name, str(data), str(shapes), str(shapes.with_name(name))]
    start = time.perf_counter()
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=limit, cwd=ROOT, check=False,
                             env={**os.environ, "PYTHONPATH": str(ROOT)})  # fmt: skip
    except subprocess.TimeoutExpired:
        return None, f"ended after {limit:g} s without an answer"
    if ran.returncode:
        last = (ran.stderr.strip().splitlines() or ["no message"])[-1]
        missing = "ModuleNotFoundError" in last
        return None, f"not run: {last}" + ("; pip install 'icsgraph[bench]'" if missing else "")
    one: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    return {**one, "whole": time.perf_counter() - start}, ""
