# SPDX-License-Identifier: Apache-2.0
"""Everything that is measured, or a part of it: ``python -m benchmarks [--size 1e5] [--only NAME] [--write]``."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks import loading, page, querying, remote, starting, validation
from benchmarks.generate import PER_SYSTEM, generate
from benchmarks.measures import Part, keep, kept, where

PARTS = ("validation", "load", "questions", "remote", "start")


def main() -> None:
    """Measure, print, and with --write renew the page of results."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    asked.add_argument(
        "--size", action="append", choices=["1e4", "1e5", "1e6", "1e7"], help="triples; 1e4 unless given"
    )
    asked.add_argument("--only", action="append", choices=PARTS, help="one part; may be repeated")
    asked.add_argument("--limit", type=float, default=600, metavar="S", help="end an engine after so many seconds")
    asked.add_argument("--python", default="", metavar="PATH", help="the Python that has the other engines")
    asked.add_argument("--write", action="store_true", help="keep the results, and renew docs/reference/benchmarks.md")
    given = asked.parse_args()
    only = given.only or list(PARTS)
    with tempfile.TemporaryDirectory() as folder:
        for size in given.size or ["1e4"]:
            for measure in _parts(size, only, Path(folder), given.limit, given.python):
                made = where()
                part = replace(measure(), made=made)
                print(f"{part.text()}\n{made['date']}, commit {made['commit']}, load {made['load']}\n", flush=True)
                if given.write:
                    keep(part)
        if "start" in only:
            made = where()
            part = replace(starting.measure(), made=made)
            print(part.text(), flush=True)
            if given.write:
                keep(part)
    print(where()["machine"], where()["versions"], sep="\n")
    if given.write:
        page.write(kept())


def _parts(size: str, only: list[str], folder: Path, limit: float, python: str) -> list[Callable[[], Part]]:
    """What is to be measured on invented systems of one size, which are made here."""
    import sys

    if set(only) <= {"start"}:
        return []
    data, tenth = folder / f"{size}.nt", folder / f"{size}-tenth.nt"
    systems = round(float(size) / PER_SYSTEM)
    triples, _ = generate(systems, data)
    smaller = (tenth, generate(round(systems / 10), tenth)[0]) if systems >= 20 else None
    ways: dict[str, Callable[[], Part]] = {
        "validation": partial(validation.measure, data, triples, size, limit, python or sys.executable, smaller),
        "load": partial(loading.measure, data, triples, size, limit),
        "questions": partial(querying.measure, data, triples, size, limit),
        "remote": partial(remote.measure, data, size, limit),
    }
    return [way for name, way in ways.items() if name in only]


if __name__ == "__main__":
    main()
