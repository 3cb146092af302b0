# SPDX-License-Identifier: Apache-2.0
"""The description of one thing as plain text, Markdown or RDF; drawings are in ``neighbourhood``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

import pyoxigraph as ox

from icsgraph.law.describe import Description, Link
from icsgraph.model.namespaces import PREFIXES
from icsgraph.reports.folding import folded
from icsgraph.store.canonical import turtle


def as_text(thing: Description) -> str:
    """Write a heading, when it held, what came before and after, its properties, what points to it, and the sources."""
    lines = [thing.label, *(f"  {line}" for line in (", ".join(thing.kinds), thing.iri, thing.meaning) if line), ""]
    lines += [f"  Held {thing.valid}"] if thing.valid else []
    lines += [f"  Came from: {_chained(link)}" for link in thing.before]
    lines += [f"  Followed by: {_chained(link)}" for link in thing.after]
    lines += [""] if lines[-1] else []
    lines += [
        f"  {link.property_label}: {link.label}{f'  <{link.other}>' if link.other else ''}" for link in thing.outgoing
    ]
    if thing.incoming:
        lines += ["", f"Points to it{_cut(thing)}:"]
        lines += [f"  {link.label}  ({link.property_label})  <{link.other}>" for link in thing.incoming]
    lines += ["", f"Said in: {_sources(thing)}"]
    return folded("\n".join(lines)) + "\n"


def _chained(link: Link) -> str:
    how = f" ({link.property_label})" if link.property_label else ""
    return f"{link.label}{how}  <{link.other}>"


def _cut(thing: Description) -> str:
    shown = len(thing.incoming)
    return "" if shown == thing.incoming_total else f" (the first {shown} of {thing.incoming_total})"


def _sources(thing: Description) -> str:
    parts = [f"{name} ({number} statement{'' if number == 1 else 's'})" for name, number in thing.sources]
    parts += [f"no file: {thing.derived} derived"] if thing.derived else []
    return ", ".join(parts) or "no file"


def as_markdown(thing: Description) -> str:
    """Write a page: a heading, dates, tables of links both ways, and the sources."""
    lines = [f"# {_cell(thing.label)}", "", f"*{_cell(', '.join(thing.kinds))}* · <{thing.iri}>", ""]
    lines += [_cell(thing.meaning), ""] if thing.meaning else []
    lines += [f"Held {thing.valid}.", ""] if thing.valid else []
    for title, links in (("Came from", thing.before), ("Followed by", thing.after)):
        if links:
            lines += [f"## {title}", "", *(f"- {_linked(link)}{_how(link)}" for link in links), ""]
    lines += ["## What it is", "", "| property | value |", "| --- | --- |"]
    lines += _table(thing.outgoing)
    if thing.incoming:
        lines += ["", f"## What points to it{_cut(thing)}", "", "| property | from |", "| --- | --- |"]
        lines += _table(thing.incoming)
    lines += ["", "## Where this is from", "", f"{_cell(_sources(thing))}. As at {thing.as_at}."]
    return "\n".join(lines) + "\n"


def _table(links: Iterable[Link]) -> Iterator[str]:
    for prop, together in groupby(links, key=lambda link: link.property_label):
        yield f"| {_cell(prop)} | {'<br>'.join(_linked(link) for link in together)} |"


def _linked(link: Link) -> str:
    return f"[{_cell(link.label)}](<{link.other}>)" if link.other else _cell(link.label)


def _how(link: Link) -> str:
    return f": {_cell(link.property_label)}" if link.property_label else ""


def _cell(text: str) -> str:
    flat = " ".join(text.split())
    for mark in "\\|[]<>*_`":
        flat = flat.replace(mark, f"\\{mark}")
    return flat


def as_turtle(thing: Description) -> str:
    """Write the statements in canonical Turtle, after comments that say which files hold them."""
    return turtle(thing.triples, comment=[f"{thing.label}, as at {thing.as_at}", f"said in: {_sources(thing)}"])


def as_jsonld(thing: Description) -> str:
    """Write the statements as JSON-LD."""
    written = ox.serialize(sorted(set(thing.triples), key=str), format=ox.RdfFormat.JSON_LD, prefixes=PREFIXES)
    return (written or b"").decode().rstrip("\n") + "\n"
