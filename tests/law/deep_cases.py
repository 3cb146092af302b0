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

from case_files import Case, every_case

from icsgraph.law import check
from icsgraph.law.shapes import shipped_shapes


def differences(case: Case) -> list[str]:
    """Run a case on pySHACL and name what it finds beyond what the case says, and what it misses."""
    shapes = shipped_shapes(None if case.whole else [case.constraint])
    report = check(case.open_lean(), shapes, engine="pyshacl", everything=True)
    found = sorted((f.constraint, f.focus, f.value, f.condition, f.severity, f.outcome) for f in report.findings)
    return [f"{case}: found beside what it says: {one}" for one in found if one not in case.expected] + [
        f"{case}: not found: {one}" for one in case.expected if one not in found
    ]


def main(arguments: list[str]) -> int:
    """Run the cases and print the differences; give the exit status."""
    chosen = [case for case in every_case() if not arguments or case.constraint.startswith(tuple(arguments))]
    with ProcessPoolExecutor() as pool:
        lines = [line for found in pool.map(differences, chosen, chunksize=8) for line in found]
    print("\n".join(lines) if lines else "", end="\n" if lines else "")
    print(f"{len(chosen)} cases on pySHACL: {len(lines)} differences")
    return 1 if lines or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
