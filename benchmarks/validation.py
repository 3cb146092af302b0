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
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.engines import ENGINES, ONE_CALL
from benchmarks.generate import planted
from benchmarks.measures import ROOT, Goal, Part, seconds

Times: TypeAlias = dict[str, Any]  # seconds and MB by name, and the version of the engine
SLOW = dict.fromkeys(("pySHACL", "pyshacl-turbo", "shacl-rust", "pyrudof"), 10**5)
"""The most triples with which these end in minutes."""
QUICK = 20
"""An engine whose process takes no longer, in seconds, is run three times, in turn with the others."""
LEAST = ("load", "shapes", "validate", "whole", "processor")
NOTHING = """@prefix sh: <http://www.w3.org/ns/shacl#> .
<https://example.org/none> a sh:NodeShape ; sh:targetNode <https://example.org/none> ; sh:nodeKind sh:IRI .
"""


def measure(
    data: Path, triples: int, size: str, limit: float, python: str, smaller: tuple[Path, int] | None = None
) -> Part:
    """Run every engine that is there, one after another; ``smaller``: a tenth of the data, to see how time grows."""
    wanted = Counter(planted(data).read_text(encoding="utf-8").splitlines())
    taken, notes = _runs(data, triples, limit, python, wanted)
    ours = taken["icsgraph"][0]
    others = {name: one for name, (one, equal) in taken.items() if equal and name != "icsgraph"}
    rows = tuple(_row(name, one, equal, ours) for name, (one, equal) in taken.items())
    goals: list[Goal] = []
    if triples > 50_000:  # what the goals were set for
        goals += _beside(ours, others)
        if smaller is not None:
            wanted_growth = 1.2 * triples / smaller[1]  # 12 for ten-fold data
            name = f"time for {triples} triples beside {smaller[1]}"
            goals.append(Goal(name, _growth(ours, smaller[0], limit), wanted_growth, False, " times"))
    goals.append(Goal("peak memory beside the loaded store", ours["peak"] / ours["load_peak"], 1.2, False, " times"))
    if size == "1e7":
        goals.append(Goal("whole process at 1e7", ours["whole"], 120, False, " s"))
        goals.append(Goal("peak memory at 1e7", ours["peak"] / 1024, 5, False, " GB"))
    kinds = len({line.partition("\t")[0] for line in wanted})
    what = f"{triples} triples; {sum(wanted.values())} findings of {kinds} shapes were planted"
    notes = [what + ", and icsgraph found these exactly", *notes, *_other_times(ours, others)]
    columns = (
        "engine", "load s", "shapes s", "validate s", "whole s", "peak MB", "findings", "validate, times ours",
        "its processor s",
    )  # fmt: skip
    return Part("validation", size, columns, rows, tuple(goals), tuple(notes))


def _runs(
    data: Path, triples: int, limit: float, python: str, wanted: Counter[str]
) -> tuple[dict[str, tuple[Times, bool]], list[str]]:
    """What each engine took, the least of three where it is quick, and whether it found what is wanted; and notes."""
    taken: dict[str, tuple[Times, bool]] = {}
    notes: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        shapes = Path(shutil.copy(ROOT / "benchmarks" / "shapes.ttl", folder))
        for name in ENGINES:
            if triples > 1.5 * SLOW.get(name, triples):
                notes.append(f"{name} was not asked: it does not end in minutes at this size")
                continue
            one, why = _run(name, data, shapes, limit, _python(name, python))
            if one is None:
                if why.startswith("ended") and "icsgraph" in taken:
                    why += f": over {limit / taken['icsgraph'][0]['whole']:.0f} times the whole process of icsgraph"
                notes.append(f"{name}: {why}")
                continue
            got = Counter(shapes.with_name(name).read_text(encoding="utf-8").splitlines())
            if got != wanted:
                differing = sum(((got - wanted) + (wanted - got)).values())
                notes.append(f"{name}: {differing} findings differ from what was planted")
            if name == "icsgraph" and got != wanted:
                raise SystemExit(f"what was planted is not what was found: {notes[-1]}")
            taken[name] = (one, got == wanted)
        for name in list(taken) * 2:
            one, equal = taken[name]
            again = _run(name, data, shapes, limit, _python(name, python))[0] if one["whole"] <= QUICK else None
            if again is not None:
                taken[name] = (one | {key: min(one[key], again[key]) for key in LEAST}, equal)
    return taken, notes


def _beside(ours: Times, others: dict[str, Times]) -> Iterator[Goal]:
    """How much quicker than others the validation is, by the clock."""
    if others:
        nearest = min(others, key=lambda name: others[name]["validate"])
        ratio = others[nearest]["validate"] / ours["validate"]
        yield Goal(f"validation beside {nearest}, the fastest with equal findings", ratio, 10, unit=" times")
    if "pySHACL" in others:
        yield Goal("validation beside pySHACL", others["pySHACL"]["validate"] / ours["validate"], 400, unit=" times")


def _other_times(ours: Times, others: dict[str, Times]) -> Iterator[str]:
    """The same by processors' time, and for whole processes."""
    if not others:
        return
    nearest = min(others, key=lambda name: others[name]["processor"])
    times = others[nearest]["processor"] / ours["processor"]
    yield (
        f"by the time of processors, which other work lengthens less, {nearest} takes {times:.1f} times as long to "
        "validate as icsgraph, which works on two cores at once"
    )
    nearest = min(others, key=lambda name: others[name]["whole"])
    times = others[nearest]["whole"] / ours["whole"]
    yield f"whole processes, from start to findings: {nearest} takes {times:.1f} times as long as icsgraph"


def _python(name: str, python: str) -> str:
    return sys.executable if name in ("icsgraph", "pySHACL") else python


def _growth(ours: Times, smaller: Path, limit: float) -> float:
    """How many times as long the data takes as a tenth of it."""
    with tempfile.TemporaryDirectory() as folder:
        shapes = Path(shutil.copy(ROOT / "benchmarks" / "shapes.ttl", folder))
        runs = [_run("icsgraph", smaller, shapes, limit, sys.executable) for _ in range(3)]
    taken = [one["validate"] for one, _ in runs if one is not None]
    if not taken:
        raise SystemExit(f"a tenth of the data: {runs[0][1]}")
    return float(ours["validate"] / min(taken))


def _row(name: str, one: Times, equal: bool, ours: Times) -> tuple[str, ...]:
    times = (seconds(one[each]) for each in ("load", "shapes", "validate", "whole"))
    ratio = f"{one['validate'] / ours['validate']:.1f}"
    found = "equal" if equal else "differ"
    return f"{name} {one['version']}".strip(), *times, f"{one['peak']:.0f}", found, ratio, seconds(one["processor"])


def _run(name: str, data: Path, shapes: Path, limit: float, python: str) -> tuple[Times | None, str]:
    """One engine in a process of its own; why there is no answer, where there is none."""
    if name == "icsgraph" and not shapes.with_suffix(".compiled.json").is_file():
        # From the second run on it reads the compiled shapes, as everyday use does.
        _asked(name, data.with_name("none.nt"), shapes, limit, python)
    one, why = _asked(name, data, shapes, limit, python)
    if one is not None and name in ONE_CALL:  # loading is what validation against no shape takes
        nothing = shapes.with_name("nothing.ttl")
        nothing.write_text(NOTHING, encoding="utf-8")
        kept = shapes.with_name(name).read_text(encoding="utf-8")
        alone, _ = _asked(name, data, nothing, limit, python)
        shapes.with_name(name).write_text(kept, encoding="utf-8")
        if alone is not None:
            less = {key: max(one[key] - alone[key], 0.001) for key in ("validate", "processor")}
            one |= {"load": alone["validate"], **less}
    return one, why


def _asked(name: str, data: Path, shapes: Path, limit: float, python: str) -> tuple[Times | None, str]:
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
    one: Times = json.loads(ran.stdout.splitlines()[-1])
    return {**one, "whole": time.perf_counter() - start}, ""
