# SPDX-License-Identifier: Apache-2.0
"""Accepted findings, kept as RDF: read from a file, held against a report, and written for the findings of a report.

An acceptance names one finding by its id, says why and on whose authority it is let stand, and holds from a first day
to a last one (both counted; no last day: until it is taken out).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from icsgraph.law.findings import FAILED, Acceptance, Baseline, Report
from icsgraph.model.dates import OPEN_END, OPEN_START, interval
from icsgraph.model.errors import LookupFailed
from icsgraph.model.namespaces import DCTERMS, ICS, ICSC, ICSS, ID, RDF, SH, XSD
from icsgraph.store.canonical import turtle
from icsgraph.store.load import find_files, load_files
from icsgraph.store.select import rows, text

_REGISTER: Final = re.compile(r"[A-Z0-9]+-[0-9]+$")  # ids of the register; other names are those of shapes
_MEND: Final = "Name ics:acceptsFinding with ics:findingId, ics:reason and ics:onAuthorityOf; --write-baseline does."
_LEAD: Final = (
    "Accepted findings: each stays in the report, and does not fail the run from its first day to its last.",
    "Take one out when it is answered; a finding that nothing accepts is new.",
)


def read_baseline(path: Path) -> tuple[Acceptance, ...]:
    """Read a file of acceptances, in any RDF syntax, sorted by the id of their findings.

    A first or last day that is a month or a year counts as the day on which it certainly holds.

    Raises:
        LoadError: when the file is missing or malformed.
        LookupFailed: E412, when it holds no acceptance, or one that does not say what, why or on whose authority.
    """
    store = ox.Store()
    load_files(store, find_files([path]))
    found = rows(
        store,
        """SELECT * WHERE { ?a a ics:Acceptance .
        OPTIONAL { ?a ics:acceptsFinding ?f . OPTIONAL { ?f ics:findingId ?finding }
          OPTIONAL { ?f ics:forConstraint|sh:sourceShape ?checks } OPTIONAL { ?f dcterms:description ?message }
          OPTIONAL { ?f sh:focusNode ?focus } OPTIONAL { ?f ics:inRecordsOf ?system } }
        OPTIONAL { ?a ics:reason ?reason } OPTIONAL { ?a ics:onAuthorityOf ?authority }
        OPTIONAL { ?a ics:firstDay ?first } OPTIONAL { ?a ics:lastDay ?last } }""",
    )
    if not found:
        raise LookupFailed("E412", str(path), "it holds no ics:Acceptance", _MEND)
    return tuple(sorted((_acceptance(row, path) for row in found), key=lambda a: (a.finding, a.first, a.last)))


def _acceptance(row: ox.QuerySolution, path: Path) -> Acceptance:
    lacking = [name for name in ("finding", "reason", "authority") if not text(row[name])]
    first, last = row["first"], row["last"]
    begins = interval(first.value, first.datatype.value) if isinstance(first, ox.Literal) else None
    ends = interval(last.value, last.datatype.value) if isinstance(last, ox.Literal) else None
    lacking += [f"a date as its {name} day" for name, term, read in (("first", first, begins), ("last", last, ends))
                if term is not None and read is None]  # fmt: skip
    if lacking:
        where = f"{path}: acceptance of {text(row['finding']) or 'a finding'}"
        raise LookupFailed("E412", where, f"it does not give {', '.join(lacking)}", _MEND)
    message, focus, system = (text(row[name]) for name in ("message", "focus", "system"))
    return Acceptance(
        text(row["finding"]), text(row["checks"]).rpartition("/")[2].rpartition("#")[2], message, focus, system,
        text(row["reason"]), text(row["authority"]), (begins.latest if begins else OPEN_START).isoformat(),
        (ends.earliest if ends else OPEN_END).isoformat(),
    )  # fmt: skip


def hold_against(report: Report, name: str, acceptances: Iterable[Acceptance]) -> Report:
    """Give the report with its findings held against acceptances; ``name`` is what the report calls them by.

    Of several acceptances of one finding, one that holds on the as-at date counts, else the one that ended last. What
    a check did not look for is not said to be gone: constraints that were not run, or another system's findings.
    """
    day = report.as_at.isoformat()
    there = {f.id for f in report.everything}
    ran = {c.constraint for c in (*report.coverage, *report.forms)}
    accepted: dict[str, Acceptance] = {}
    expired: dict[str, Acceptance] = {}
    gone: list[Acceptance] = []
    unlooked: list[Acceptance] = []

    def looked_for(each: Acceptance) -> bool:
        return each.constraint in ran and (not each.system or not report.systems or each.system in report.systems)

    for each in acceptances:
        if each.finding not in there:
            (gone if looked_for(each) else unlooked).append(each)
        elif each.first <= day <= each.last:
            accepted[each.finding] = each
        elif day > each.last and expired.get(each.finding, each).last <= each.last:
            expired[each.finding] = each
    expired = {key: each for key, each in expired.items() if key not in accepted}
    new = tuple(f.id for f in report.everything if f.id not in accepted and f.id not in expired)
    return replace(report, baseline=Baseline(name, new, accepted, expired, tuple(gone), tuple(unlooked)))


def write_baseline(report: Report, reason: str, authority: str, expires: date | None) -> str:
    """Write every finding of a report as accepted from the as-at date on, in canonical Turtle.

    Acceptances that hold already, and those that the check did not look for, stay as they are; those of findings that
    are gone are left out. A failed check is never accepted.
    """
    held = report.baseline.accepted if report.baseline else {}
    last = (expires or OPEN_END).isoformat()
    made = [
        held.get(f.id)
        or Acceptance(
            f.id, f.constraint, f.message, f.focus, f.system, reason, authority, report.as_at.isoformat(), last
        )
        for f in report.everything
        if f.outcome != FAILED
    ]
    made += report.baseline.not_looked_for if report.baseline else ()
    return turtle((triple for each in made for triple in _written(each)), comment=_LEAD)


def _written(made: Acceptance) -> Iterator[ox.Triple]:
    node, accepted = ox.NamedNode(f"{ID}acceptance/{made.finding}"), ox.NamedNode(f"{ID}finding/{made.finding}")
    values: list[tuple[ox.NamedNode, str, ox.NamedNode | ox.Literal]] = [
        (node, RDF + "type", ox.NamedNode(ICS + "Acceptance")), (node, ICS + "acceptsFinding", accepted),
        (node, ICS + "reason", ox.Literal(made.reason)), (node, ICS + "onAuthorityOf", ox.Literal(made.authority)),
        (accepted, RDF + "type", ox.NamedNode(ICS + "Finding")),
        (accepted, ICS + "findingId", ox.Literal(made.finding)),
        (accepted, DCTERMS + "description", ox.Literal(made.message, language="en")),
    ]  # fmt: skip
    days = ((ICS + "firstDay", made.first, OPEN_START), (ICS + "lastDay", made.last, OPEN_END))
    values += [
        (node, name, ox.Literal(day, datatype=ox.NamedNode(XSD + "date")))
        for name, day, unsaid in days
        if day != unsaid.isoformat()
    ]
    is_form = _REGISTER.match(made.constraint) is None
    things = (
        (SH + "sourceShape" if is_form else ICS + "forConstraint", (ICSS if is_form else ICSC) + made.constraint),
        (SH + "focusNode", made.focus), (ICS + "inRecordsOf", made.system),
    )  # fmt: skip
    values += [(accepted, name, ox.NamedNode(iri)) for name, iri in things if _is_iri(iri)]
    for subject, name, value in values:
        yield ox.Triple(subject, ox.NamedNode(name), value)


def _is_iri(text: str) -> bool:
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True
