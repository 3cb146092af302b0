# SPDX-License-Identifier: Apache-2.0
"""The description of one thing as plain text."""

from __future__ import annotations

from itertools import groupby

from icsgraph.law.describe import Description


def as_text(thing: Description) -> str:
    """Write a heading, its properties grouped, what points to it, and the files that say so."""
    lines = [thing.label, f"  {', '.join(thing.kinds)}" if thing.kinds else "", f"  {thing.iri}", ""]
    for prop, links in groupby(thing.outgoing, key=lambda link: link[0]):
        for label, iri in [(label, iri) for _, label, iri in links]:
            lines.append(f"  {prop}: {label}{'' if label == iri else f'  <{iri}>'}")
    if thing.incoming:
        shown = len(thing.incoming)
        more = "" if shown == thing.incoming_total else f" (the first {shown} of {thing.incoming_total})"
        lines += ["", f"Points to it{more}:"]
        lines += [f"  {label}  ({prop})  <{iri}>" for prop, label, iri in thing.incoming]
    if thing.graphs:
        lines += ["", "Said in: " + ", ".join(thing.graphs)]
    return "\n".join(line for i, line in enumerate(lines) if line or i > 2) + "\n"
