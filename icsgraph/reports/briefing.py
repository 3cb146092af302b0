# SPDX-License-Identifier: Apache-2.0
"""What changed between two editions of the guidance, as a briefing in Markdown or HTML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from icsgraph.guidance.diff import Change, Diff
from icsgraph.guidance.statements import Statement

_HEADINGS: Final = {
    "strengthened": "Asked more strongly", "weakened": "Asked less strongly", "widened": "Reaches further",
    "narrowed": "Reaches less far", "added": "New", "dropped": "No longer said", "moved": "Said elsewhere",
    "reworded": "Said in other words",
}  # fmt: skip
_GRAVE: Final = ("strengthened", "weakened")
_BRIEF: Final = ("moved", "reworded")  # one line each
_STYLE: Final = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;color:#0b0c0c}"
    "table{border-collapse:collapse}th,td{text-align:left;padding:.25rem 1rem .25rem 0;border-bottom:1px solid #767676}"
    "h3{margin-bottom:0}dl{margin-top:.25rem}dt{font-weight:bold}dd{margin:0 0 .5rem 0}"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One change as a reader meets it: a title, and lines each with a label, text and perhaps a link."""

    title: str
    lines: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One heading with what stands under it."""

    heading: str
    lead: str = ""
    entries: tuple[Entry, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    bullets: tuple[str, ...] = ()


def as_markdown(diff: Diff) -> str:
    """Write the briefing in Markdown."""
    title, lead, parts = _briefing(diff)
    lines = [f"# {title}", "", lead, ""]
    for part in parts:
        lines += [f"## {part.heading}", ""] + ([part.lead, ""] if part.lead else [])
        if part.table:
            head, *body = part.table
            lines += [_row(head), _row(["---"] * len(head)), *map(_row, body), ""]
        for entry in part.entries:
            lines += [f"### {entry.title}", ""]
            lines += [
                f"- **{label}:** {said}{f' ([GOV.UK]({link}))' if link else ''}" for label, said, link in entry.lines
            ]
            lines.append("")
        if part.bullets:
            lines += [*(f"- {bullet}" for bullet in part.bullets), ""]
    return "\n".join(lines).rstrip() + "\n"


def as_html(diff: Diff) -> str:
    """Write the briefing as one HTML page without scripts or anything to load."""
    title, lead, parts = _briefing(diff)
    body = [f"<h1>{escape(title)}</h1>", f"<p>{escape(lead)}</p>"]
    body.append("<nav aria-label='Contents'><ul>")
    body += [f"<li><a href='#part-{n}'>{escape(part.heading)}</a></li>" for n, part in enumerate(parts)]
    body.append("</ul></nav>")
    for n, part in enumerate(parts):
        body.append(f"<h2 id='part-{n}'>{escape(part.heading)}</h2>")
        if part.lead:
            body.append(f"<p>{escape(part.lead)}</p>")
        if part.table:
            head, *rows = part.table
            body.append(
                "<table><thead><tr>" + "".join(f"<th scope='col'>{escape(c)}</th>" for c in head) + "</tr></thead>"
            )
            cells = ("".join(f"<td>{escape(c)}</td>" for c in row) for row in rows)
            body.append("<tbody>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</tbody></table>")
        body += [_entry(entry) for entry in part.entries]
        if part.bullets:
            body.append("<ul>" + "".join(f"<li>{escape(bullet)}</li>" for bullet in part.bullets) + "</ul>")
    about = f"<meta charset='utf-8'><meta name='viewport' content='width=device-width'><title>{escape(title)}</title>"
    return (
        f"<!doctype html>\n<html lang='en-GB'><head>{about}<style>{_STYLE}</style></head>\n<body><main>\n"
        + "\n".join(body)
        + "\n</main></body></html>\n"
    )


def _entry(entry: Entry) -> str:
    lines = (
        f"<dt>{escape(label)}</dt><dd>{escape(said)}"
        + (f" (<a href='{escape(link, quote=True)}'>GOV.UK</a>)" if link else "")
        + "</dd>"
        for label, said, link in entry.lines
    )
    return f"<h3>{escape(entry.title)}</h3><dl>{''.join(lines)}</dl>"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _briefing(diff: Diff) -> tuple[str, str, list[Part]]:
    counts = diff.counts()
    title = f"Guidance on integrated care strategies: what changed from {diff.earlier} to {diff.later}"
    total = len(diff.changes)
    lead = (
        f"Of {total} points on which the two editions can be compared, {counts.get('unchanged', 0)} read the same and "
        f"{counts.get('reworded', 0)} only differ in words. {counts.get('strengthened', 0)} are asked more strongly, "
        f"{counts.get('weakened', 0)} less, {counts.get('added', 0)} are new and {counts.get('dropped', 0)} are gone. "
        "All wording here is a paraphrase, not the guidance's own. A duty is law only where it says so."
    )
    parts = [Part("At a glance", table=(("Change", "Points"), *((k, str(n)) for k, n in counts.items())))]
    for kind, heading in _HEADINGS.items():
        chosen = diff.of(kind)
        if chosen and kind in _BRIEF:
            parts.append(Part(f"{heading} ({len(chosen)})", bullets=tuple(f"{c.title}: {c.reason}" for c in chosen)))
        elif chosen:
            parts.append(Part(f"{heading} ({len(chosen)})", entries=tuple(_told(c, diff) for c in chosen)))
    notes = dict.fromkeys(f"{c.title}: {c.note}" for c in diff.changes if c.note)
    if notes:
        parts.append(Part("Where an edition and the Act differ", "In each case the Act decides.", bullets=tuple(notes)))
    if diff.points:
        parts.append(Part("The edition's own list of changes", bullets=tuple(_points(diff))))
    return title, lead, parts


def _points(diff: Diff) -> Iterator[str]:
    for point in diff.points:
        borne = f"borne out by {len(point.changes)} changes" if point.changes else "borne out by no change"
        yield f"{point.paraphrase} ({borne}.) {point.note}"


def _told(change: Change, diff: Diff) -> Entry:
    lines = [("What changed", change.reason, "")]
    before, after = change.strengths
    if before and after and before != after:
        lines.append(("Strength", f"{before} in {diff.earlier}, {after} in {diff.later}", ""))
    elif change.leading in _GRAVE or not (before and after):
        lines.append(("Strength", f"{before or after}{' in both' if before == after else ''}", ""))
    bearers = dict.fromkeys(slug for s in (*change.later, *change.earlier) for slug in s.bearers)
    lines.append(("Who", ", ".join(diff.roles.get(slug, slug) for slug in bearers), ""))
    lines += [(s.edition, _said(s), s.page) for s in (*change.earlier, *change.later)]
    return Entry(change.title, tuple(lines))


def _said(s: Statement) -> str:
    law = ", law" if s.statutory else ""
    return f"{s.paraphrase} [{s.id}, {s.modality}{law}]"
