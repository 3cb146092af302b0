# SPDX-License-Identifier: Apache-2.0
"""What a check finds, as values: findings, coverage of each constraint, and the report that holds them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from icsgraph.store.context import ParameterUse

FAILED = "check failed"
SEVERITIES = ("Info", "Warning", "Violation")
OUTCOMES = ("met", "not met", "not recorded", "not applicable", "undecided", FAILED)


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
class Statement:
    """A statement of the guidance behind a duty: its id, edition, how strongly it asks, in our words, and its page."""

    id: str
    edition: str
    modality: str
    paraphrase: str
    page: str


@dataclass(frozen=True, slots=True)
class Duty:
    """What a constraint asks, as a report tells it: its place in the register, the law and the guidance behind it."""

    constraint: str
    title: str
    group: str
    rule: str
    data_needed: str
    provisions: tuple[Provision, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class LawRead:
    """The day on which the law behind the register was read, and what it was read from."""

    day: str
    note: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What is not on record, or wrongly on record, for one thing that a constraint looked at.

    ``id`` is a digest of constraint, focus, path and value, the same on every run. ``value`` is the other member of the
    pair that the constraint judges, or the offending value. ``judged_on`` is the day whose law decided.
    ``condition`` is the slug of the row in the register that gave the severity, and empty for the form of records.
    ``value_is`` is a literal value in N-Triples, with its datatype. ``shape`` and ``component`` are those of SHACL.
    ``statements`` are those of the edition of the guidance that was in force on that day. ``file`` and ``line`` say
    where a user's file describes the focus; of a record that was imported they are its sheet and its row, and
    ``column`` is the column that the path or the value comes from, such as ``C (Appointed by)``.
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
    value_is: str
    system: str
    judged_on: str
    reason: str
    remedy: str
    provisions: tuple[Provision, ...]
    guidance: str
    statements: tuple[Statement, ...]
    edition: str
    shape: str
    component: str
    file: str
    line: int | None
    column: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What one constraint looked at: how many of its population had each outcome, and why it looked at nothing."""

    constraint: str
    title: str
    looked_at: int
    outcomes: dict[str, int]
    note: str


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A finding that somebody lets stand: why, on whose authority, from which day and until which (ISO).

    ``finding`` is its id; ``constraint``, ``message``, ``focus`` and ``system`` tell it to a reader once it is gone.
    """

    finding: str
    constraint: str
    message: str
    focus: str
    system: str
    reason: str
    authority: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """A report held against accepted findings.

    ``new`` are ids of findings that nobody has accepted; ``accepted`` and ``expired`` map the id of a finding that is
    still there to its acceptance, which holds on the as-at date or has run out; ``gone`` are acceptances of findings
    that are no more, and ``not_looked_for`` those of constraints or systems that this check did not look at.
    """

    name: str
    new: tuple[str, ...]
    accepted: dict[str, Acceptance]
    expired: dict[str, Acceptance]
    gone: tuple[Acceptance, ...]
    not_looked_for: tuple[Acceptance, ...]

    def state(self, finding: str) -> str:
        """Say of a finding's id: ``new``, ``accepted`` or ``expired``."""
        return "accepted" if finding in self.accepted else "expired" if finding in self.expired else "new"


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a check has to say. Findings are sorted: most severe first, then by constraint, focus and value.

    ``forms`` say how many records the shapes without a constraint looked at. ``duties`` has every constraint that ran.
    ``edition`` is that of the guidance in force on the as-at date, ``edition_id`` the same as statements name it.
    ``boards`` are the names of the boards whose systems were looked at, ``labels`` those of all their bodies.
    ``files`` gives the path of each file by the name that findings call it. ``cut`` are findings that were asked to be
    left out; counts, exit status and the baseline take them in.
    """

    as_at: date
    findings: tuple[Finding, ...]
    coverage: tuple[Coverage, ...]
    not_run: tuple[tuple[str, str], ...]
    systems: tuple[str, ...]
    parameters: tuple[ParameterUse, ...]
    engine: str
    versions: dict[str, str]
    warnings: tuple[str, ...] = field(default=())
    forms: tuple[Coverage, ...] = field(default=())
    duties: dict[str, Duty] = field(default_factory=dict)
    law_read: LawRead | None = None
    edition: str = ""
    edition_id: str = ""
    boards: tuple[str, ...] = field(default=())
    files: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    baseline: Baseline | None = None
    cut: tuple[Finding, ...] = field(default=())

    @property
    def everything(self) -> tuple[Finding, ...]:
        """All findings, those left out by a limit as well."""
        return self.findings + self.cut

    @property
    def failed(self) -> bool:
        """Whether any check failed: such a report never says that records conform."""
        return any(f.outcome == FAILED for f in self.everything)

    @property
    def past_reading(self) -> bool:
        """Whether the as-at date lies after the day on which the law was read."""
        return self.law_read is not None and self.as_at.isoformat() > self.law_read.day

    def reaches(self, severity: str) -> bool:
        """Say whether any finding that is not accepted is at or above a severity."""
        least = SEVERITIES.index(severity)
        accepted = self.baseline.accepted if self.baseline else {}
        return any(SEVERITIES.index(f.severity) >= least for f in self.everything if f.id not in accepted)

    def counts(self) -> dict[str, int]:
        """Give the number of findings by severity, most severe first; severities without any are there with 0."""
        counted = Counter(f.severity for f in self.everything)
        return {name: counted[name] for name in reversed(SEVERITIES)}

    def limited(self, number: int) -> Report:
        """Give the report with its first findings only; the rest are in ``cut``."""
        return replace(self, findings=self.everything[:number], cut=self.everything[number:])

    def by_constraint(self) -> Iterator[tuple[str, list[Finding]]]:
        """Give the findings of each constraint that has any, in the report's order."""
        groups: dict[str, list[Finding]] = {}
        for finding in self.findings:
            groups.setdefault(finding.constraint, []).append(finding)
        yield from groups.items()
