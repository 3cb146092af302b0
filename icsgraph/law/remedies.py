# SPDX-License-Identifier: Apache-2.0
"""A finding, or a constraint, to the records that would answer it, in Turtle ready to be filled in.

The forms are in ``queries/remedies/``; the header of each names the constraints, or constraints and conditions, whose
findings it answers. Where something on record is wrong, what stands there is shown, to be corrected; a form that
``corrects`` a constraint shows, with nothing filled in, how such a record is rightly written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import pyoxigraph as ox

from icsgraph.law.findings import Finding
from icsgraph.law.forms import Form, Row, Term, prologue, read_form, row_text, turtle_of
from icsgraph.model.namespaces import XSD
from icsgraph.store import shipped
from icsgraph.store.opened import Opened

GENERAL: Final = "https://example.org/records/"


@dataclass(frozen=True, slots=True)
class Remedy:
    """One way to answer: what it is, the Turtle, and whether it adds records or corrects those there are."""

    title: str
    turtle: str
    adds: bool


@cache
def _forms() -> tuple[tuple[frozenset[str], Form], ...]:
    found = []
    for path in shipped.files("queries/remedies", "*.rq"):
        form = read_form(path)
        found.append((frozenset(form.header.get("answers", "").split()), form))
    return tuple(found)


def answering(constraint: str, condition: str = "") -> list[Form]:
    """Give the forms that answer a constraint; only those for one of its conditions where one is given."""
    names = {constraint, f"{constraint}/{condition}"}
    return [
        form for answers, form in _forms()
        if (answers & names if condition else any(a.partition("/")[0] == constraint for a in answers))
    ]  # fmt: skip


def answered() -> set[str]:
    """Give the ids of the constraints that some form answers."""
    return {name.partition("/")[0] for answers, _ in _forms() for name in answers}


def for_constraint(constraint: str) -> tuple[Remedy, ...]:
    """Give the forms of a constraint with nothing filled in; those that add records first."""
    adding = answering(constraint)
    correcting = [form for _, form in _forms() if constraint in form.header.get("corrects", "").split()]
    return tuple(
        replace(_remedy(form, form.rows(ox.Store(), {}, GENERAL, general=True), GENERAL), adds=form in adding)
        for form in (*adding, *correcting)
    )


def for_finding(opened: Opened, finding: Finding) -> tuple[Remedy, ...]:
    """Give what would answer a finding: forms that fit, filled in as far as is known; else what to correct."""
    base = base_of(finding)
    bound: dict[str, Term] = {
        "this": _term(finding.focus), "judgedOn": _day(finding.judged_on), "asAt": _day(opened.as_at.isoformat()),
        "new": ox.NamedNode(f"{base}{finding.constraint}-{finding.id[:8]}"),
        "also": ox.NamedNode(f"{base}{finding.constraint}-{finding.id[:8]}-2"),
        "third": ox.NamedNode(f"{base}{finding.constraint}-{finding.id[:8]}-3"),
    }  # fmt: skip
    if finding.value:
        bound["value"] = _term(finding.value)
    if finding.system:
        bound["system"] = _term(finding.system)
    made = []
    for form in answering(finding.constraint, finding.condition):
        if "?value" in form.where and "value" not in bound:
            continue
        if found := form.rows(opened.store, bound, base):
            made.append(_remedy(form, found, base))
    return tuple(made) or _correction(opened, finding, base)


def _remedy(form: Form, found: Iterable[Row], base: str) -> Remedy:
    body = "\n".join(
        row_text(row, (f"a {turtle_of(ox.NamedNode(row.kind), base)}",), comment_out=False) for row in found
    )
    return Remedy(form.header["title"], f"{prologue(body, base)}\n{body}", True)


def _correction(opened: Opened, finding: Finding, base: str) -> tuple[Remedy, ...]:
    """Show what users' files say of the focus, as it stands."""
    focus = _term(finding.focus)
    if not isinstance(focus, ox.NamedNode):
        return ()
    graphs = {file.graph for file in opened.files}
    said = sorted(
        f"    {turtle_of(q.predicate, base)} {turtle_of(q.object, base)}"
        for q in opened.store.quads_for_pattern(focus, None, None, None)
        if q.graph_name in graphs and isinstance(q.object, ox.NamedNode | ox.Literal)
    )
    if not said:
        return ()
    lines = [f"{turtle_of(focus, base)}", *(f"{line} {';' if line is not said[-1] else '.'}" for line in said)]
    body = "# As it stands on record. Correct what is wrong in it, in its own file.\n" + "\n".join(lines) + "\n"
    return (Remedy("The record to correct", f"{prologue(body, base)}\n{body}", False),)


def base_of(finding: Finding) -> str:
    """Give the namespace of the user's own records, where the focus is in it; a placeholder's where not."""
    for iri in (finding.focus, finding.value):
        head = iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
        if "://" in head and "w3id.org/icsgraph" not in head and "statistics.data.gov.uk" not in head:
            return head
    return GENERAL


def _term(value: str) -> ox.NamedNode | ox.Literal:
    if "://" in value and " " not in value:
        try:
            return ox.NamedNode(value)
        except ValueError:
            pass
    return ox.Literal(value)


def _day(day: str) -> ox.Literal:
    return ox.Literal(day, datatype=ox.NamedNode(XSD + "date"))
