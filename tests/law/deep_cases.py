# SPDX-License-Identifier: Apache-2.0
"""Runs every case file on pySHACL too: it must find exactly what the case says, as the compiled shapes do.

It takes many minutes, for pySHACL copies the graph each time; so ``test_cases.py`` runs the compiled shapes alone and
``.ci/deep`` runs this. What the guidance says, which no shape asks, is left out of the copies.

    python tests/law/deep_cases.py                  every case
    python tests/law/deep_cases.py ICS-20 GUI       those of these constraints or groups

Exit status 1 when a case finds something else.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pyoxigraph as ox
from test_cases import CASES, said

from icsgraph.law import check
from icsgraph.law.shapes import shipped_shapes
from icsgraph.model.namespaces import BASE
from icsgraph.opening import open_graph

_UNASKED = tuple(
    BASE + part
    for part in (
        "statement/", "norm/", "id/mention/", "id/change/", "id/section/", "id/case-study/", "id/passage/",
        "id/cross-reference/", "id/summary-point/", "scheme/guidance/", "scheme/glossary/", "scheme/whom-to-involve/",
    )
)  # fmt: skip


def differences(case: Path) -> list[str]:
    """Run a case on pySHACL and name what it finds beyond what the case says, and what it misses."""
    day, whole, expected = said(case)
    constraint = "-".join(case.parent.name.split("-")[:2])
    opened = open_graph(case, as_at=day, background=False)
    for quad in list(opened.store.quads_for_pattern(None, None, None, ox.DefaultGraph())):
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(_UNASKED):
            opened.store.remove(quad)
    report = check(opened, shipped_shapes(None if whole else [constraint]), engine="pyshacl", everything=True)
    found = sorted((f.constraint, f.focus, f.value, f.condition, f.severity, f.outcome) for f in report.findings)
    where = f"{case.parent.name}/{case.stem}"
    return [f"{where}: found beside what it says: {one}" for one in found if one not in expected] + [
        f"{where}: not found: {one}" for one in expected if one not in found
    ]


def main(arguments: list[str]) -> int:
    """Run the cases and print the differences; give the exit status."""
    chosen = [case for case in CASES if not arguments or case.parent.name.startswith(tuple(arguments))]
    with ProcessPoolExecutor() as pool:
        lines = [line for found in pool.map(differences, chosen, chunksize=8) for line in found]
    print("\n".join(lines) if lines else "", end="\n" if lines else "")
    print(f"{len(chosen)} cases on pySHACL: {len(lines)} differences")
    return 1 if lines or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
