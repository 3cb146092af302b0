# SPDX-License-Identifier: Apache-2.0
"""What changed between two editions of the guidance, as a briefing in Markdown or HTML.

Items of a list are told with the sentence that leads it, what is new under its topic; the gravest comes first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Final

from icsgraph.guidance.diff import KINDS, Change, Diff
from icsgraph.guidance.statements import Statement

_HEADINGS: Final = {
    "strengthened": "Asked more strongly", "weakened": "Asked less strongly", "added": "New",
    "dropped": "No longer said", "widened": "Reaches further", "narrowed": "Reaches less far",
    "moved": "Said elsewhere", "reworded": "Said in other words", "unchanged": "The same",
}  # fmt: skip
_GRAVE: Final = ("strengthened", "weakened")
_FULL: Final = (*_GRAVE, "widened", "narrowed")  # told with what each edition says; the others take one line each
_LAW: Final = "What Acts require, told of for the first time"
_STYLE: Final = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;color:#0b0c0c}"
    "table{border-collapse:collapse}th,td{text-align:left;padding:.25rem 1rem .25rem 0;border-bottom:1px solid #767676}"
    "h3{margin-bottom:0}dl{margin-top:.25rem}dt{font-weight:bold}dd{margin:0 0 .5rem 0}"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: perhaps a label, text, perhaps a link."""

    said: str
    label: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A title with lines under it."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One heading with what stands under it."""

    heading: str
    lead: str = ""
    table: tuple[tuple[str, ...], ...] = ()
    lines: tuple[Line, ...] = ()
    entries: tuple[Entry, ...] = ()


def as_markdown(diff: Diff) -> str:
    """Write the briefing in Markdown."""
    title, lead, parts = _briefing(diff)
    lines = [f"# {title}", "", lead, ""]
    for part in parts:
        lines += [f"## {part.heading}", ""] + ([part.lead, ""] if part.lead else [])
        if part.table:
            head, *body = part.table
            lines += [_row(head), _row(["---"] * len(head)), *map(_row, body), ""]
        if part.lines:
            lines += [*map(_bullet, part.lines), ""]
        for entry in part.entries:
            lines += [f"### {entry.title}", "", *map(_bullet, entry.lines), ""]
    return "\n".join(lines).rstrip() + "\n"


def _bullet(line: Line) -> str:
    label = f"**{line.label}:** " if line.label else ""
    return f"- {label}{line.said}{f' ([GOV.UK]({line.link}))' if line.link else ''}"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def as_html(diff: Diff) -> str:
    """Write the briefing as one HTML page without scripts or anything to load."""
    title, lead, parts = _briefing(diff)
    body = [f"<h1>{escape(title)}</h1>", f"<p>{escape(lead)}</p>", "<nav aria-label='Contents'><ul>"]
    body += [f"<li><a href='#part-{n}'>{escape(part.heading)}</a></li>" for n, part in enumerate(parts)]
    body.append("</ul></nav>")
    for n, part in enumerate(parts):
        body.append(f"<h2 id='part-{n}'>{escape(part.heading)}</h2>")
        if part.lead:
            body.append(f"<p>{escape(part.lead)}</p>")
        if part.table:
            head, *cells = part.table
            body.append("<table><thead>" + _html_row(head, "th scope='col'") + "</thead>")
            body.append(f"<tbody>{''.join(_html_row(row, 'td') for row in cells)}</tbody></table>")
        if part.lines:
            body.append(_html_list(part.lines))
        body += [_html_entry(entry) for entry in part.entries]
    about = f"<meta charset='utf-8'><meta name='viewport' content='width=device-width'><title>{escape(title)}</title>"
    return (
        f"<!doctype html>\n<html lang='en-GB'><head>{about}<style>{_STYLE}</style></head>\n<body><main>\n"
        + "\n".join(body)
        + "\n</main></body></html>\n"
    )


def _html_row(cells: Sequence[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag.split()[0]}>" for cell in cells) + "</tr>"


def _html_list(lines: Sequence[Line]) -> str:
    return "<ul>" + "".join(f"<li>{_strong(line)}{_html_said(line)}</li>" for line in lines) + "</ul>"


def _strong(line: Line) -> str:
    return f"<strong>{escape(line.label)}:</strong> " if line.label else ""


def _html_said(line: Line) -> str:
    link = f" (<a href='{escape(line.link, quote=True)}'>GOV.UK</a>)" if line.link else ""
    return escape(line.said) + link


def _html_entry(entry: Entry) -> str:
    if not all(line.label for line in entry.lines):
        return f"<h3>{escape(entry.title)}</h3>{_html_list(entry.lines)}"
    pairs = "".join(f"<dt>{escape(line.label)}</dt><dd>{_html_said(line)}</dd>" for line in entry.lines)
    return f"<h3>{escape(entry.title)}</h3><dl>{pairs}</dl>"


def _briefing(diff: Diff) -> tuple[str, str, list[Part]]:
    title = f"Guidance on integrated care strategies: what changed from {diff.earlier} to {diff.later}"
    days = {name: f"{day.day} {day:%B %Y}" for name, day in diff.published.items()}
    lead = (
        f"The guidance of {days.get(diff.earlier, diff.earlier)} was replaced on {days.get(diff.later, diff.later)}. "
        "This briefing compares what the two editions ask, statement by statement. All wording is a paraphrase, not "
        "the guidance's own; a duty is law only where it says so."
    )
    parts = [
        Part("In brief", lines=tuple(_brief(diff))),
        Part("At a glance", table=(("Change", "Points"), *((_HEADINGS[k], str(n)) for k, n in diff.counts().items()))),
        Part("Who is asked", "Points by who is to act; several may be, in one point.", table=tuple(_who(diff))),
    ]
    for kind, heading in _HEADINGS.items():
        if kind != "unchanged" and (chosen := diff.of(kind)):
            parts.append(_part(f"{heading} ({len(chosen)})", kind, chosen, diff))
    if notes := dict.fromkeys(f"{c.title}: {c.note}" for c in diff.changes if c.note):
        parts.append(Part("Where an edition and the Act differ", "In each case the Act decides.", lines=_lines(notes)))
    if diff.points:
        parts.append(Part("The edition's own list of changes", lines=_lines(_points(diff))))
    parts.append(Part("How to read this", lines=_lines(_method(diff))))
    return title, lead, parts


def _lines(said: Iterator[str] | dict[str, None] | list[str]) -> tuple[Line, ...]:
    return tuple(Line(text) for text in said)


def _brief(diff: Diff) -> Iterator[Line]:
    for kind in _GRAVE:
        if groups := _groups(diff.of(kind)):
            yield Line(_sentence(group[0].title for group in groups), _HEADINGS[kind])
    added, repeated = _split(diff, "added")
    topics = Counter(_topic(c, diff) for c in added if not c.is_law)
    most = _sentence(f"{topic[0].lower() + topic[1:]} ({number})" for topic, number in topics.most_common(6))
    again = f" {len(repeated)} more say again what is said elsewhere or was said before." if repeated else ""
    yield Line(f"{sum(topics.values())} points, most of them on {most}{again}", "New")
    law = _sentence(c.title for c in added if c.is_law)
    yield Line(f"No Act changes with an edition. That of {diff.later} tells of some for the first time: {law}", "Law")
    gone, kept = _split(diff, "dropped")
    still = f" {len(kept)} more went where the same is still said elsewhere." if kept else ""
    yield Line(_sentence(c.title for c in gone) + still, _HEADINGS["dropped"])


def _split(diff: Diff, kind: str) -> tuple[list[Change], list[Change]]:
    """What came or went outright, and what the other edition says in another place."""
    sides = ((c.earlier if kind == "added" else c.later) for c in diff.changes)
    elsewhere = {s.norm for side in sides for s in side}
    outright: list[Change] = []
    repeated: list[Change] = []
    for change in diff.of(kind):
        known = elsewhere.issuperset(s.norm for s in (*change.earlier, *change.later))
        (repeated if known else outright).append(change)
    return outright, repeated


def _sentence(titles: Iterator[str] | dict[str, None]) -> str:
    return "; ".join(title.rstrip(".") for title in titles) + "."


def _who(diff: Diff) -> Iterator[tuple[str, ...]]:
    kinds = ("strengthened", "weakened", "added", "dropped")
    yield ("Who", *(_HEADINGS[kind] for kind in kinds))
    counted = {kind: Counter(slug for c in diff.of(kind) for slug in _bearers(c)) for kind in kinds}
    total = sum(counted.values(), Counter[str]())
    for slug, _ in total.most_common():
        yield (diff.roles.get(slug, slug), *(str(counted[kind][slug] or "") for kind in kinds))


def _part(heading: str, kind: str, chosen: Sequence[Change], diff: Diff) -> Part:
    if kind in _FULL:
        return Part(heading, entries=tuple(_told(group, diff) for group in _groups(chosen)))
    if kind != "added":
        return Part(heading, lines=tuple(Line(_ended(c.reason), c.title) for c in chosen))
    topics = sorted(chosen, key=lambda c: (c.is_law, _topic(c, diff)))
    grouped = groupby(topics, key=lambda c: _LAW if c.is_law else _topic(c, diff))
    return Part(heading, entries=tuple(Entry(topic, tuple(_fresh(c, diff) for c in group)) for topic, group in grouped))


def _groups(changes: Sequence[Change]) -> list[list[Change]]:
    """Changes under one lead-in together, in order."""
    found: dict[str, list[Change]] = {}
    for change in changes:
        found.setdefault(change.stem, []).append(change)
    return list(found.values())


def _topic(change: Change, diff: Diff) -> str:
    slug = change.later[0].topics[0] if change.later else change.earlier[0].topics[0]
    return diff.topics.get(slug, slug)


def _fresh(change: Change, diff: Diff) -> Line:
    statement = change.later[0]
    who = _names(change, diff)
    return Line(f"{_ended(statement.paraphrase)} {who}; {_mark(statement)}.", link=_page(statement))


def _told(group: Sequence[Change], diff: Diff) -> Entry:
    change, *items = group
    before, after = change.strengths
    lines = [Line(change.reason, "What changed")]
    if before != after:
        lines.append(Line(f"{before} in {diff.earlier}, {after} in {diff.later}", "Strength"))
    elif change.leading in _GRAVE:
        lines.append(Line(f"{before} in both", "Strength"))
    lines.append(Line(_names(change, diff), "Who"))
    for side in (change.earlier, change.later):
        whole = [s for s in side if s.part_of not in {other.id for other in side}]
        lines += [Line(f"{s.paraphrase} [{_mark(s)}]", s.edition, _page(s)) for s in whole]
        items_said = [s.paraphrase.rstrip(".") for s in side if s not in whole]
        if items_said:
            lines.append(Line("; ".join(items_said) + ".", f"{side[0].edition}, list"))
    lines += [Line(f"{item.title}. {item.reason}", "Likewise") for item in items]
    return Entry(change.title, tuple(lines))


def _bearers(change: Change) -> list[str]:
    return list(dict.fromkeys(slug for s in (*change.later, *change.earlier) for slug in s.bearers))


def _names(change: Change, diff: Diff) -> str:
    return ", ".join(diff.roles.get(slug, slug) for slug in _bearers(change))


def _mark(s: Statement) -> str:
    return f"{s.modality}{', law' if s.statutory else ''}, {s.id}"


def _page(s: Statement) -> str:
    """The link to a section; a page that shows another edition by now is no help to a reader."""
    return s.page if "#" in s.page else ""


def _ended(said: str) -> str:
    return said if said.endswith((".", "!", "?")) else said + "."


def _points(diff: Diff) -> Iterator[str]:
    for point in diff.points:
        named = ((len(point.changes), "change", "changes"), (len(point.case_studies), "case study", "case studies"))
        by = " and ".join(f"{number} {one if number == 1 else many}" for number, one, many in named if number)
        yield f"{point.paraphrase} {f'Borne out by {by}.' if by else 'Borne out by nothing.'} {point.note}"


def _method(diff: Diff) -> Iterator[str]:
    yield (
        f"Every statement of both editions stands in one of {len(diff.changes)} points. A point of several kinds "
        f"counts under the first of: {', '.join(_HEADINGS[kind].lower() for kind in KINDS)}."
    )
    yield (
        "Strengths are duty, expectation (should, we expect), power (may) and suggestion (could, can). Powers and "
        "suggestions rank alike."
    )
    yield "Numbers such as 2024/034 name statements: `icsgraph guidance show 2024/034` gives all that is known of one."
    yield from (f"Edition of {name}: {note}" for name, note in sorted(diff.notes.items()))
