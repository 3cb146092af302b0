# SPDX-License-Identifier: Apache-2.0
"""What was measured, kept with the day, the commit and the load; and work that is done in a process of its own."""

from __future__ import annotations

import json
import multiprocessing
import os
import platform
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "benchmarks" / "results.json"
VERSIONS = ("pyoxigraph", "rdflib", "pyshacl", "oxigraph", "typer")


@dataclass(frozen=True, slots=True)
class Goal:
    """What was aimed at: a name, the figure that was measured, the figure wanted, and whether more is better."""

    name: str
    figure: float
    wanted: float
    more: bool = True
    unit: str = ""

    @property
    def met(self) -> str:
        """Say how near the figure comes."""
        short = self.wanted / self.figure if self.more else self.figure / self.wanted
        return "met" if short <= 1 else "nearly" if short < 1.5 else f"missed by {short:.1f}"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the measurements at one size: a table, goals, what was left out and why, and where it was made."""

    name: str
    size: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    goals: tuple[Goal, ...] = ()
    notes: tuple[str, ...] = ()
    made: dict[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """The part for a terminal."""
        widths = [max(len(row[at]) for row in (self.columns, *self.rows)) for at in range(len(self.columns))]
        lines = [
            "  ".join(cell.ljust(width) if not at else cell.rjust(width)
                      for at, (cell, width) in enumerate(zip(row, widths, strict=True))).rstrip()
            for row in (self.columns, *self.rows)
        ]  # fmt: skip
        goals = [f"goal: {g.name}: {g.figure:.3g}{g.unit}, wanted {g.wanted:.3g}{g.unit}: {g.met}" for g in self.goals]
        return "\n".join([f"{self.name}, {self.size}", *lines, *goals, *(f"note: {note}" for note in self.notes)])


def where() -> dict[str, str]:
    """Say on what machine, when, at which commit and under what load something is measured."""
    asked = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    return {
        "date": date.today().isoformat(),
        "commit": asked.stdout.strip() or "unknown",
        "load": f"{os.getloadavg()[0]:.1f}",
        "machine": ", ".join(
            (f"{os.cpu_count()} cores", platform.machine(), platform.system(), f"Python {platform.python_version()}")
        ),
        "versions": ", ".join(f"{name} {found}" for name in VERSIONS if (found := _version(name))),
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def keep(part: Part) -> None:
    """Put a part among what is kept, in place of the one of the same name and size."""
    parts = {(each.name, each.size): each for each in kept()}
    parts[part.name, part.size] = part
    ordered = [asdict(parts[key]) for key in sorted(parts)]
    KEPT.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def kept() -> list[Part]:
    """Give the parts that are kept."""
    if not KEPT.is_file():
        return []
    found = json.loads(KEPT.read_text(encoding="utf-8"))
    return [
        Part(each["name"], each["size"], tuple(each["columns"]), tuple(map(tuple, each["rows"])),
             tuple(Goal(**goal) for goal in each["goals"]), tuple(each["notes"]), each["made"])
        for each in found
    ]  # fmt: skip


def apart(work: Callable[..., Any], *given: object, limit: float, forked: bool = False) -> Any:  # noqa: ANN401
    """Give what a function answers in a process of its own, which is ended after ``limit`` seconds; None then.

    ``forked``: the process starts with what is loaded here.
    """
    context = multiprocessing.get_context("fork" if forked else "spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(there, work, given))  # type: ignore[attr-defined]
    process.start()
    there.close()
    try:
        return here.recv() if here.poll(limit) else None
    except EOFError as error:
        raise SystemExit(f"{work.__name__} failed") from error
    finally:
        process.kill()
        process.join()


def _work(there: Connection, work: Callable[..., Any], given: Sequence[object]) -> None:
    there.send(work(*given))


def seconds(value: float | None) -> str:
    """A time for a table; None: it did not end."""
    return (
        "no end"
        if value is None
        else f"{value:.3f}"
        if value < 1
        else f"{value:.2f}"
        if value < 100
        else f"{value:.0f}"
    )
