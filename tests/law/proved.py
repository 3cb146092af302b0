# SPDX-License-Identifier: Apache-2.0
"""Case files to ``shapes/proved.csv``: the constraints of which at least two files pass and two fail.

The cases do not ship, the list does: a check says of a shape that is not on it that it proves nothing. Renew it with
``python tests/law/proved.py``.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "shapes" / "proved.csv"


def page() -> str:
    """Give the list as it should be."""
    counts = Counter(
        ("-".join(case.parent.name.split("-")[:2]), case.stem.partition("-")[0])
        for case in (ROOT / "tests" / "cases" / "shapes").rglob("*.ttl")
    )
    names = sorted({name for name, _ in counts})
    return "constraint\n" + "".join(
        f"{name}\n" for name in names if min(counts[name, "pass"], counts[name, "fail"]) >= 2
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
