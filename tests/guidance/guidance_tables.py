# SPDX-License-Identifier: Apache-2.0
"""The tables of the guidance, and where its texts are when they are at hand: beside the checkout, no part of it."""

from __future__ import annotations

import csv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLES = ROOT / "data" / "sources" / "guidance"
TEXTS = ROOT.parent / "shared" / "guidance"
EDITIONS = ("2022", "2024")


def table(name: str) -> list[dict[str, str]]:
    """Read one table of the guidance."""
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pieces(cell: str) -> list[str]:
    """Split a cell that holds several values."""
    return [piece.strip() for piece in cell.split(";") if piece.strip()]
