# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a cell, and where it is: gathered over a whole run, so that people mend everything at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from icsgraph.model.errors import TableError

MOST: Final = 5000
_SHOWN: Final = 60


def letters(index: int) -> str:
    """Give the letters of a column, counted from nought: A, B, … Z, AA."""
    found = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        found = chr(65 + rest) + found
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """A cell, a row, a sheet or a file: what is not meant is empty or nought."""

    file: str
    sheet: str = ""
    row: int = 0
    column: str = ""

    def __str__(self) -> str:
        parts = [self.file, f"sheet {self.sheet}" if self.sheet else "", f"row {self.row}" if self.row else ""]
        return ", ".join([*filter(None, parts), *([f"column {self.column}"] if self.column else [])])


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend or to know: where, what stands there, why it cannot be taken, and what to do."""

    place: Place
    value: str
    reason: str
    mend: str

    def __str__(self) -> str:
        shown = self.value if len(self.value) <= _SHOWN else self.value[:_SHOWN] + "…"
        quoted = f"{shown!r}: " if shown else ""
        return f"{self.place}: {quoted}{self.reason}\n  {self.mend}"


@dataclass
class Faults:
    """The faults and remarks of a run. Beyond a number that nobody reads they are counted only, to bound memory."""

    faults: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)
    left_out: int = 0

    def fault(self, place: Place, value: object, reason: str, mend: str) -> None:
        """Note a thing for which nothing is imported."""
        self._add(self.faults, Fault(place, _text(value), reason, mend))

    def remark(self, place: Place, value: object, reason: str, mend: str) -> None:
        """Note a thing that is imported, and that somebody should look at."""
        self._add(self.remarks, Fault(place, _text(value), reason, mend))

    def _add(self, where: list[Fault], fault: Fault) -> None:
        if len(where) < MOST:
            where.append(fault)
        else:
            self.left_out += 1


class Faulty(TableError):
    """Sheets have faults: the error that ends an import, with every fault in it."""

    def __init__(self, faults: Faults) -> None:
        self.found = faults
        sheets = {(f.place.file, f.place.sheet): n for n, f in reversed(list(enumerate(faults.faults)))}
        faults.faults.sort(key=lambda f: (sheets[f.place.file, f.place.sheet], f.place.row))
        number = len(faults.faults)
        more = f" (and {faults.left_out} more that are not listed)" if faults.left_out else ""
        super().__init__(
            "E905", "import", f"{number} {'thing' if number == 1 else 'things'} to mend{more}; nothing was written",
            "Mend what is listed above and run the command again.",
        )  # fmt: skip


def listed(faults: Iterable[Fault]) -> str:
    """Write faults for a person, two lines each."""
    return "".join(f"{fault}\n" for fault in faults)


def _text(value: object) -> str:
    return "" if value is None else str(value)
