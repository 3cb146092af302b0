# SPDX-License-Identifier: Apache-2.0
"""Statements, changes, text checks and coverage of the guidance as a table, CSV, JSON or Markdown."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final

import pyoxigraph as ox

from icsgraph.guidance.coverage import Coverage
from icsgraph.guidance.diff import Change, Diff
from icsgraph.guidance.norms import Norm
from icsgraph.guidance.statements import SECTION_MARK, Statement
from icsgraph.guidance.textcheck import Finding, Outcome
from icsgraph.reports import briefing, rows
from icsgraph.reports.folding import WIDTH, folded, in_columns

_LISTED: Final = (
    "id", "edition", "section", "start", "end", "words", "digest", "modality", "wording", "statutory", "section_status",
    "bearers", "bearer_implied", "action", "objects", "trigger", "topics", "provisions", "paraphrase", "part_of",
    "norm", "change", "change_kinds", "page", "note",
)  # fmt: skip


def statements(found: Sequence[Statement], form: str) -> str:
    """Write a list of statements."""
    if form == "json":
        return _json([asdict(s) for s in found])
    if form == "csv":
        return _table(_LISTED, [[_cell(getattr(s, name), name) for name in _LISTED] for s in found], form)
    words = " " if form == "table" else "-"  # words can be broken between lines, ids not
    body = [[s.id, _strength(s), ", ".join(s.bearers).replace("-", words), s.paraphrase] for s in found]
    return _table(("id", "strength", "who", "what"), body, form)


def statement(found: Statement, passage: tuple[str, int] | None, form: str) -> str:
    """Write all that is known of one statement, with its words from the reader's copy where they were found."""
    entry = asdict(found)
    if form == "json":
        return _json(entry | ({"text": passage[0], "text_start": passage[1]} if passage else {}))
    lines = [(name, _cell(value, name)) for name, value in entry.items() if value not in ("", ())]
    if passage:
        lines.append(("text", " ".join(passage[0].split())))
    if form == "table":
        return "".join(folded(f"{name:15} {value}", hang=16) + "\n" for name, value in lines)
    return _table(("field", "value"), lines, form)


def norm(found: Norm, form: str) -> str:
    """Write one norm as at a day: who is asked, how strongly, by which Act and edition, tested by what."""
    entry = asdict(found) | {"only_guidance_asks": found.only_guidance_asks}
    if form == "json":
        return _json(entry)
    in_force = {True: "", False: " (not in force that day)"}
    strength = f"{found.strength or 'asked by nothing that day'}{' (law)' * found.binding}"
    lines = [("norm", found.id), ("asks", found.label), ("who", "; ".join(found.bearers)), ("strength", strength)]
    lines += [("law", f"{p.citation}: {p.paraphrase}{in_force[p.in_force]}") for p in found.provisions]
    if found.only_guidance_asks:
        lines.append(("law", "No Act: only the guidance asks it."))
    lines += [("guidance", f"{s.id}, {_strength(s)}: {s.paraphrase}") for s in found.statements]
    lines += [("constraint", f"{name}: {title}") for name, title in found.constraints]
    if found.unchecked:
        lines.append(("unchecked", found.unchecked))
    if found.difference:
        lines.append((f"difference {found.difference}", found.note))
    if form == "table":
        return "".join(folded(f"{name:15} {value}", hang=16) + "\n" for name, value in lines)
    return _table(("field", "value"), lines, form)


def diff(found: Diff, form: str) -> str:
    """Write what changed; Markdown and HTML are a briefing, CSV and JSON hold every change."""
    if form == "md":
        return briefing.as_markdown(found)
    if form == "html":
        return briefing.as_html(found)
    if form == "json":
        return _json(
            {
                "earlier": found.earlier, "later": found.later, "counts": found.counts(),
                "changes": [_change(change) for change in found.changes],
                "summary_points": [asdict(point) for point in found.points],
            }
        )  # fmt: skip
    if form == "csv":
        columns = tuple(_change(found.changes[0]))
        return _table(columns, [[_cell(v, k) for k, v in _change(c).items()] for c in found.changes], form)
    shown = [c for c in found.changes if c.leading != "unchanged"]
    body = [[c.id.rpartition("/")[2], ", ".join(c.kinds), c.title, c.reason] for c in shown]
    counts = ", ".join(f"{number} {kind}" for kind, number in found.counts().items())
    return _table(("change", "kind", "what", "how"), body, form) + f"\n{folded(counts, hang=0)}\n"


def check(found: Sequence[Finding], edition: str, form: str) -> str:
    """Write what became of each statement in a copy; the table and Markdown leave out what is the same."""
    if form in ("json", "csv"):
        entries: list[dict[str, Any]] = [
            {
                "id": f.statement.id, "outcome": f.outcome.value, "line": f.line, "start": f.start, "end": f.end,
                "section": list(f.statement.section), "paraphrase": f.statement.paraphrase,
            }
            for f in found
        ]  # fmt: skip
        if form == "json":
            return _json({"edition": edition, "counts": _outcomes(found), "statements": entries})
        return _table(tuple(entries[0]), [[_cell(v, k) for k, v in e.items()] for e in entries], form)
    amiss = [f for f in found if f.outcome is not Outcome.SAME]
    said = f"Edition {edition}: " + ", ".join(f"{n} {name}" for name, n in _outcomes(found).items()) + ".\n"
    if not amiss:
        return said
    body = [[f.statement.id, f.outcome.value, str(f.line or ""), f.statement.paraphrase] for f in amiss]
    return said + "\n" + _table(("statement", "outcome", "line", "what it says"), body, form)


_COLUMNS: Final = (
    "Of the sentences: those in a statement (stated), listed as none (listed), in case studies (cases), without a word "
    "of obligation (none), and unaccounted for (left)."
)


def coverage(found: Coverage, form: str) -> str:
    """Write counts by section, and the chain from norm to constraint to shape."""
    if form == "json":
        sections = [asdict(part) | {"without": part.without} for part in found.sections]
        norms = [asdict(norm) for norm in found.norms]
        return _json({"totals": found.totals(), "reasons": found.reasons, "sections": sections, "norms": norms})
    head = (
        "edition",
        "section",
        "sentences",
        "statements",
        "with one",
        "listed",
        "in cases",
        "without",
        "left over",
    )
    body = [
        [
            part.edition, SECTION_MARK.join(part.section) if form == "csv" else part.section[-1], str(part.sentences),
            str(part.statements), str(part.in_statements), str(part.listed), str(part.in_case_studies),
            str(part.without), str(part.unaccounted),
        ]
        for part in found.sections
    ]  # fmt: skip
    if form == "csv":
        return _table(head, body, form)
    body += [
        [edition, "all", *(str(sums[k]) for k in ("sentences", "statements", "in_statements", "listed",
                                                   "in_case_studies", "without", "unaccounted"))]
        for edition, sums in found.totals().items()
    ]  # fmt: skip
    narrow = (*head[:4], "stated", "listed", "cases", "none", "left")  # eight numbers beside a title in 80 columns
    said = "".join(f"\n{_said(s, form)}\n" for s in (_COLUMNS, *_accounted(found)))
    if form == "table":
        return "\n".join(in_columns([narrow, *body])) + "\n" + said + _chains(found, form)
    return _table(narrow, body, form) + said + _chains(found, form)


def _accounted(found: Coverage) -> Iterator[str]:
    """Say of each edition that no word of obligation is left over, and why passages are listed as no statement."""
    for edition, sums in found.totals().items():
        reasons = found.reasons.get(edition, {})
        listed = ", ".join(
            f"{number} {reason}" for reason, number in sorted(reasons.items(), key=lambda r: (-r[1], r[0]))
        )
        yield (
            f"Edition {edition}: {sums['unaccounted'] or 'no'} sentences with must, should, may, could, required or "
            f"expected are unaccounted for. {sum(reasons.values())} passages are listed as no statement: {listed}."
        )


def _chains(found: Coverage, form: str) -> str:
    """Write which norms are tested by what: duties of Acts first, then those that nothing tests, then the rest."""
    tested = [norm for norm in found.norms if norm.constraints]
    duties = [norm for norm in found.norms if norm.duty]
    bare = [norm for norm in duties if not norm.constraints]
    rest = [norm for norm in tested if not norm.duty]
    head = ("norm", "constraints", "shapes", "limits")
    rows_of = (
        [norm.norm, ", ".join(norm.constraints), ", ".join(norm.shapes) or "none yet", "; ".join(norm.limits)]
        for norm in (*[norm for norm in duties if norm.constraints], *rest)
    )
    chain = list(rows_of)
    parts = (
        (f"Duties of Acts that are checked: {len(duties) - len(bare)} of {len(duties)}.", head, chain[: -len(rest)]),
        (f"Duties of Acts that are not checked, and why: {len(bare)}.", ("norm", "what it asks", "why"),
         [[norm.norm, norm.label, norm.unchecked] for norm in bare]),
        (f"Other norms that are checked: {len(rest)} of {len(found.norms) - len(duties)}; the rest call for judgement.",
         head, chain[-len(rest) :]),
    )  # fmt: skip
    return "".join(f"\n{_said(s, form)}\n\n{_table(columns, body, form)}" for s, columns, body in parts if body)


def _said(sentence: str, form: str) -> str:
    return folded(sentence, hang=0) if form == "table" else sentence


def _change(change: Change) -> dict[str, Any]:
    before, after = change.strengths
    return {
        "id": change.id, "kinds": list(change.kinds), "title": change.title, "reason": change.reason,
        "strength_before": before, "strength_after": after, "norms": [norm for norm, _ in change.norms],
        "earlier": [s.id for s in change.earlier], "later": [s.id for s in change.later],
        "earlier_paraphrases": [s.paraphrase for s in change.earlier],
        "later_paraphrases": [s.paraphrase for s in change.later], "note": change.note,
    }  # fmt: skip


def _outcomes(found: Sequence[Finding]) -> dict[str, int]:
    counted = Counter(f.outcome for f in found)
    return {outcome.value: counted[outcome] for outcome in Outcome}


def _strength(s: Statement) -> str:
    return f"{s.modality} (law)" if s.statutory else s.modality


def _cell(value: Any, name: str) -> str:  # noqa: ANN401  whatever a field holds
    if isinstance(value, tuple | list):
        return (SECTION_MARK if name == "section" else "; ").join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _table(columns: Sequence[str], body: Sequence[Sequence[str]], form: str) -> str:
    terms = [[ox.Literal(cell) for cell in row] for row in body]
    return rows.as_table(columns, terms, width=WIDTH) if form == "table" else rows.FORMATS[form](columns, terms)


def _json(value: Any) -> str:  # noqa: ANN401  whatever JSON holds
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
