# SPDX-License-Identifier: Apache-2.0
"""Records to a report, and a constraint, a norm or a finding to what stands behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from icsgraph.api.data import Data
from icsgraph.api.progress import telling
from icsgraph.api.showing import Listing
from icsgraph.api.sources import ground_there
from icsgraph.api.told import Told
from icsgraph.model.errors import LimitError, LookupFailed

if TYPE_CHECKING:
    from icsgraph.api.report import Report
    from icsgraph.guidance.norms import Norm
    from icsgraph.law.coverage import Checked
    from icsgraph.law.explain import Explanation
    from icsgraph.law.ground import Ground


class Checks(Data):
    """A graph whose records can be checked."""

    def constraints(self) -> Listing[Checked]:
        """Give every constraint of the register, and whether it is checked, in part, or not, and why."""
        from icsgraph.law.catalogue import read_catalogue
        from icsgraph.law.coverage import coverage, with_shape

        return Listing(coverage(read_catalogue(self.opened().store), with_shape()), "constraints")

    def validate(
        self, *, constraints: Sequence[str] | None = None, topics: Sequence[str] = (), systems: Sequence[str] = (),
        shapes: Sequence[str | Path] = (), baseline: str | Path | None = None,
        engine: Literal["compiled", "pyshacl"] = "compiled", cross_check: bool = False, transfer: bool = True,
        max_triples: int = 2_000_000,
    ) -> Report:  # fmt: skip
        """Check the records of the graph's files, store or endpoint against the law, the guidance and their form.

        Args:
            constraints: ids of the constraints to check, such as ICS-20; all unless given.
            topics: check only what rests on records of these topics, such as copies.
            systems: look only at these systems, by code or name of the board.
            shapes: files of SHACL of your own, in place of those that ship.
            baseline: file of findings that somebody lets stand.
            engine: both give the same findings.
            cross_check: run both engines, and refuse a report in which they differ.
            transfer: fetch the triples of an endpoint that departs from SPARQL 1.1, to check them here.
            max_triples: fetch at most this many.

        Raises:
            LookupFailed: E406 when the graph has no records of yours; E4xx for a name that means nothing.
            ShapesError: E3xx for shapes that cannot be used.
            LimitError: E701 when the engines differ.
        """
        from icsgraph.api.report import Report
        from icsgraph.law.request import Request, differing, validate

        with telling(self._progress, "looking over the data"):
            ground = self._ground(transfer=transfer, most=max_triples)
        request = Request(
            constraints=constraints, topics=topics, systems=systems, shapes=[Path(path) for path in shapes],
            baseline=Path(baseline) if baseline else None, engine=engine,
        )  # fmt: skip
        with telling(self._progress, "checking"):
            found = validate(ground.opened, request, ground)
        if cross_check:
            other: Literal["compiled", "pyshacl"] = "compiled" if engine == "pyshacl" else "pyshacl"
            with telling(self._progress, f"checking by {other}"):
                lacking = differing(found, validate(ground.opened, replace(request, engine=other), ground))
            if lacking:
                mend = "Report this with the data; until then trust neither report."
                raise LimitError("E701", "cross_check", "; ".join(lacking[:10]), mend)
        return Report(found)

    def _ground(self, *, transfer: bool, most: int) -> Ground:
        from icsgraph.law.ground import Ground

        if self._endpoint is None:
            if not self._has_records:
                mend = "Name the files that hold your records: icsgraph.open('records.ttl')."
                raise LookupFailed("E406", "validate", "no file or folder is named", mend)
            return Ground(self.opened())
        return ground_there(
            self._endpoint, self.as_at, background=self._background, progress=self._progress, transfer=transfer,
            most=most,
        )  # fmt: skip

    def explain(self, what: str, *, constraint: str | None = None) -> Told[Explanation] | Told[Norm]:
        """Explain a constraint (ICS-20), a norm (norm/give-copies), or a finding by its id.

        Args:
            constraint: the constraint of the finding: only it is checked again, which is quicker.

        Raises:
            LookupFailed: when there is no such thing.
        """
        from icsgraph.law.catalogue import read_catalogue
        from icsgraph.law.explain import explain_constraint, explain_finding
        from icsgraph.reports.explanation import FORMATS

        if what.startswith("norm/") or (what.islower() and "-" in what and what.replace("-", "").isalpha()):
            from icsgraph.api.guidance import Guidance

            return Guidance(self.opened()).norm(what)
        opened = self.opened()
        catalogue = read_catalogue(opened.store)
        if what.upper() in catalogue.constraints or not self._has_records:
            found = explain_constraint(opened, catalogue, what)
        else:
            report = self.validate(constraints=[constraint.upper()] if constraint else None)
            found = explain_finding(opened, catalogue, report.reported, what)
        return Told(found, FORMATS)
