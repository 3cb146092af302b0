# SPDX-License-Identifier: Apache-2.0
"""What a user asks of a check, in names, to a report: constraints, topics, systems, and a baseline held against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from icsgraph.law.baseline import hold_against, read_baseline, write_baseline
from icsgraph.law.bodies import find_body
from icsgraph.law.catalogue import read_catalogue
from icsgraph.law.check import Engine, check
from icsgraph.law.coverage import with_shape
from icsgraph.law.duties import resting_on
from icsgraph.law.findings import Report
from icsgraph.law.ground import Ground
from icsgraph.law.shapes import ShapeSet, own_shapes, shipped_shapes
from icsgraph.model.dates import read_day
from icsgraph.model.errors import LookupFailed
from icsgraph.store.opened import Opened


@dataclass(frozen=True, slots=True)
class Request:
    """What to check, as a user names it; ``shapes`` are files of a user's own, checked in place of those that ship."""

    constraints: Sequence[str] | None = None
    topics: Sequence[str] = ()
    systems: Sequence[str] = ()
    shapes: Sequence[Path] = ()
    baseline: Path | None = None
    engine: Engine = "compiled"


@dataclass(frozen=True, slots=True)
class Acceptable:
    """Where what is found is to be accepted, why, on whose authority and until when."""

    path: Path
    reason: str
    authority: str
    last: date | None

    @classmethod
    def read(
        cls, path: Path | None, reason: str | None, authority: str | None, expires: str | None, as_at: date
    ) -> Acceptable | None:
        """Read what was typed; None where no file is to be written.

        Raises:
            LookupFailed: E413, when file, reason or authority is missing, or the last day lies before the as-at date.
        """
        mend = "Give --write-baseline FILE --reason TEXT --authority TEXT, and --expires DATE where it shall end."
        if path is None:
            if reason or authority or expires:
                raise LookupFailed("E413", "--reason, --authority, --expires", "no --write-baseline is named", mend)
            return None
        if not (reason and reason.strip() and authority and authority.strip()):
            raise LookupFailed("E413", "--write-baseline", "no reason or no authority is given", mend)
        last = read_day(expires) if expires else None
        if last and last < as_at:
            raise LookupFailed("E413", f"--expires {expires}", f"it would have ended before {as_at}", mend)
        return cls(path, reason, authority, last)

    def text(self, report: Report) -> str:
        """Write the baseline; what the file accepts already keeps its own reason, authority and days."""
        known = report.baseline is None and self.path.is_file()
        return write_baseline(self.held(report) if known else report, self.reason, self.authority, self.last)

    def held(self, report: Report) -> Report:
        """Give the report held against the file."""
        return hold_against(report, self.path.name, read_baseline(self.path))


def validate(opened: Opened, request: Request, ground: Ground | None = None) -> Report:
    """Check a graph as a user asks; ``ground`` is where the records are, if not in it.

    Raises:
        LookupFailed: for a name of a system or topic that means nothing, or a baseline that cannot be used.
        ShapesError: for a constraint without a shape, or shapes that cannot be run.
    """
    acceptances = read_baseline(request.baseline) if request.baseline else None
    systems = [find_body(opened.store, name, "board").value for name in request.systems]
    shapes = _shapes(opened, request)
    whole = bool(request.shapes)
    report = check(opened, shapes, systems=systems, engine=request.engine, everything=whole, ground=ground)
    if request.baseline is None or acceptances is None:
        return report
    return hold_against(report, request.baseline.name, acceptances)


def differing(one: Report, other: Report) -> list[str]:
    """Say which findings only one of two engines gives; empty where they agree."""
    theirs, ours = ({f.id: f for f in report.findings} for report in (other, one))
    return [
        f"{report.engine} alone finds {finding.constraint}: {finding.message}"
        for report, mine, others in ((one, ours, theirs), (other, theirs, ours))
        for key, finding in mine.items()
        if key not in others
    ]


def _shapes(opened: Opened, request: Request) -> ShapeSet:
    if request.shapes:
        return own_shapes(request.shapes)
    if not request.topics:
        return shipped_shapes(request.constraints)
    resting = resting_on(opened.store, read_catalogue(opened.store), request.topics)
    chosen = resting & (set(request.constraints) if request.constraints else with_shape())
    if not chosen:
        topics = ", ".join(request.topics)
        what = "no constraint with a shape rests on it" if not request.constraints else "no --constraint rests on it"
        raise LookupFailed(
            "E414", topics, what, "icsgraph validate --coverage lists constraints; leave one option out."
        )
    return shipped_shapes(chosen)
