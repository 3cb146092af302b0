# SPDX-License-Identifier: Apache-2.0
"""An explanation as plain text (80 columns wide, but for Turtle), Markdown or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from textwrap import wrap
from typing import Final

from icsgraph.law.catalogue import SeverityRow
from icsgraph.law.explain import Explanation, Looked, Norm
from icsgraph.law.findings import Provision
from icsgraph.law.records import Asked
from icsgraph.reports import standing

_NONE: Final = "No Act asks it; the guidance alone does."


@dataclass(frozen=True, slots=True)
class _Part:
    """A heading with paragraphs under it, each with lines that belong to it; and code, if any."""

    heading: str
    paragraphs: tuple[tuple[str, tuple[str, ...]], ...]
    code: str = ""


def as_text(explained: Explanation) -> str:
    """Write the chain from the Act to the remedy, a finding first."""
    constraint = explained.constraint
    lines = [f"{constraint.id}  {constraint.title}"]
    for part in _parts(explained):
        lines += ["", part.heading]
        for paragraph, under in part.paragraphs:
            lines += _block(paragraph)
            for line in under:
                lines += _block(line, "     ")
        if part.code:
            lines += [""] + [f"   {line}".rstrip() for line in part.code.splitlines()]
    return "\n".join(lines) + "\n"


def as_markdown(explained: Explanation) -> str:
    """Write the same in Markdown, Turtle in fenced blocks."""
    constraint = explained.constraint
    lines = [f"# {constraint.id}: {constraint.title}", ""]
    for part in _parts(explained):
        lines += [f"## {part.heading}", ""]
        for paragraph, under in part.paragraphs:
            lines += [f"- {paragraph}", *(f"  - {line}" for line in under)]
        lines += [""] if part.paragraphs else []
        if part.code:
            lines += ["```turtle", part.code.rstrip(), "```", ""]
    return "\n".join(lines).rstrip() + "\n"


def as_json(explained: Explanation) -> str:
    """Write one JSON object with everything."""
    return json.dumps(asdict(explained), ensure_ascii=False, indent=1) + "\n"


def _parts(explained: Explanation) -> Iterator[_Part]:
    constraint, finding = explained.constraint, explained.finding
    if finding:
        place = standing.place(finding)
        about = f"{finding.focus_label} ({finding.focus_type}){f', {place}' if place else ''}"
        yield _Part("What was found", ((finding.message, (f"About: {about}.", f"Finding {finding.id}.")),))
        yield _Part("Why it applied", tuple((sentence, ()) for sentence in explained.why))
    if explained.asks:
        yield _Part("What the form asks", tuple(map(_asked, explained.asks)))
        yield from _answers(explained)
        return
    yield _Part("The rule, in the register's words", ((constraint.rule, ()),))
    provisions = tuple(_provision(p, explained.in_force.get(p.id, ("", ""))) for p in constraint.provisions)
    yield _Part("The law", provisions or ((_NONE, ()),))
    norms = tuple(map(_norm, explained.norms))
    yield _Part("The guidance", norms or (("No statement of either edition is linked to it.", ()),))
    yield _Part("How severe, and when", tuple((_severity(row), ()) for row in constraint.rows))
    yield _Part("What a record needs", ((constraint.data_needed, ()),))
    if constraint.take_care:
        yield _Part("Take care", ((constraint.take_care, ()),))
    yield from _answers(explained)


def _answers(explained: Explanation) -> Iterator[_Part]:
    if explained.looked_at:
        yield _Part("What was looked at", tuple(_looked(explained.looked_at)))
    for remedy in explained.remedies:
        heading = f"What would answer it: {remedy.title}" if remedy.adds else remedy.title
        yield _Part(heading, (), remedy.turtle)


def _asked(asked: Asked) -> tuple[str, tuple[str, ...]]:
    names = " or ".join(iri.rpartition("#")[2].rpartition("/")[2] for iri in asked.properties)
    what = ", ".join(part for part in (asked.number, asked.kind) if part)
    few = ", ".join(asked.readers[:12]) + (f" and {len(asked.readers) - 12} more" if len(asked.readers) > 12 else "")
    read = f"Read by {few}." if few else "Read by no check; it makes the record one that people can use."
    head = f"{asked.name} ({names})" if names else asked.name
    return f"{head}: {what or 'any'}", (f"If not: {asked.message}", read)


def _provision(provision: Provision, days: tuple[str, str]) -> tuple[str, tuple[str, ...]]:
    binds = f"; binds: {provision.bearer}" if provision.bearer not in ("", "n/a") else ""
    first, last = days
    force = f"; in force {f'from {first}' if first else ''}{f' to {last}' if last else ''}" if first or last else ""
    lines = (provision.paraphrase, *([provision.iri] if provision.iri else []))
    return f"{provision.citation} ({provision.id}{binds}{force}; {provision.confidence})", lines


def _norm(norm: Norm) -> tuple[str, tuple[str, ...]]:
    lines = [f"{said.id}, {said.modality}: {said.paraphrase}" for said in norm.statements]
    return norm.label, (*lines, *([f"Note: {norm.note}"] if norm.note else []))


def _severity(row: SeverityRow) -> str:
    days = f"{row.first if row.first > '0001-01-01' else '…'} to {row.last if row.last < '9999-12-31' else '…'}"
    return f"{row.severity} ({days}){': ' + row.condition if row.condition else ''}. {row.reason}."


def _looked(triples: Iterable[Looked]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """One paragraph for each subject, one line for each triple of it."""
    by_subject: dict[str, list[str]] = {}
    for each in triples:
        place = f"{each.source}:{each.line}" if each.line else each.source
        by_subject.setdefault(each.subject, []).append(f"{each.property}: {each.value}  [{place}]")
    yield from ((subject, tuple(lines)) for subject, lines in by_subject.items())


def _block(text: str, indent: str = "   ") -> list[str]:
    return wrap(
        text, 80, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


FORMATS: Final[dict[str, Callable[[Explanation], str]]] = {"text": as_text, "md": as_markdown, "json": as_json}
