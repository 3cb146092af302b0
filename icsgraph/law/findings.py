# SPDX-License-Identifier: Apache-2.0
"""What a check finds, as values: findings, coverage of each constraint, and the report that holds them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from icsgraph.store.context import ParameterUse

SEVERITIES = ("Info", "Warning", "Violation")
OUTCOMES = ("met", "not met", "not recorded", "not applicable", "undecided", "check failed")


@dataclass(frozen=True, slots=True)
class Provision:
    """A provision as a finding cites it: its id in the register, its pinpoint on legislation.gov.uk, what it says."""

    id: str
    iri: str
    citation: str
    paraphrase: str
    bearer: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What is not on record, or wrongly on record, for one thing that a constraint looked at.

    ``id`` is a digest of constraint, focus, path and value, the same on every run. ``value`` is the other member of the
    pair that the constraint judges, or the offending value. ``judged_on`` is the day whose law decided.
    ``condition`` is the slug of the row in the register that gave the severity, and empty for the form of records.
    """

    id: str
    constraint: str
    title: str
    severity: str
    outcome: str
    condition: str
    message: str
    focus: str
    focus_label: str
    focus_type: str
    path: str
    value: str
    value_label: str
    system: str
    judged_on: str
    reason: str
    remedy: str
    provisions: tuple[Provision, ...]
    guidance: str
    edition: str
    file: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What one constraint looked at: how many of its population had each outcome, and why it looked at nothing."""

    constraint: str
    title: str
    looked_at: int
    outcomes: dict[str, int]
    note: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a check has to say. Findings are sorted: most severe first, then by constraint, focus and value."""

    as_at: date
    findings: tuple[Finding, ...]
    coverage: tuple[Coverage, ...]
    not_run: tuple[tuple[str, str], ...]
    systems: tuple[str, ...]
    parameters: tuple[ParameterUse, ...]
    engine: str
    versions: dict[str, str]
    warnings: tuple[str, ...] = field(default=())

    def reaches(self, severity: str) -> bool:
        """Say whether any finding is at or above a severity."""
        least = SEVERITIES.index(severity)
        return any(SEVERITIES.index(f.severity) >= least for f in self.findings)

    def counts(self) -> dict[str, int]:
        """Give the number of findings by severity, most severe first; severities without any are there with 0."""
        counted = Counter(f.severity for f in self.findings)
        return {name: counted[name] for name in reversed(SEVERITIES)}

    def by_constraint(self) -> Iterator[tuple[str, list[Finding]]]:
        """Give the findings of each constraint that has any, in the report's order."""
        groups: dict[str, list[Finding]] = {}
        for finding in self.findings:
            groups.setdefault(finding.constraint, []).append(finding)
        yield from groups.items()
