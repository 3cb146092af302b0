# SPDX-License-Identifier: Apache-2.0
"""What a search found, as a table, CSV, Markdown or JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pyoxigraph as ox

from icsgraph.queries.search import Hit
from icsgraph.reports import rows
from icsgraph.reports.folding import folded

FORMS = ("table", "csv", "md", "json")
_LONGEST = 120  # characters of a text that a table shows


def rendered(hits: Sequence[Hit], form: str, width: int = 80) -> str:
    """Write hits, the best first; a table shows the text that was met where it is not the label itself."""
    if form == "json":
        found = [
            {"iri": h.entry.iri, "label": h.entry.label, "kind": h.entry.kind, "field": h.entry.field,
             "text": h.entry.text, "score": h.score}
            for h in hits
        ]  # fmt: skip
        return json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    if form == "table":
        lines = []
        for hit in hits:
            lines += [f"{hit.entry.label or rows.short(ox.NamedNode(hit.entry.iri))}"]
            lines += [folded(f"    {hit.entry.kind}  {rows.short(ox.NamedNode(hit.entry.iri))}".rstrip(), hang=4)]
            if hit.entry.text != hit.entry.label:
                lines += [f"    {hit.entry.field}: {_cut(hit.entry.text, width - 6 - len(hit.entry.field))}"]
        return "".join(f"{line}\n" for line in lines)
    columns = ("thing", "kind", "label", "field", "text", "score")
    table: list[list[rows.Term | None]] = []
    for hit in hits:
        said = (hit.entry.kind, hit.entry.label, hit.entry.field, hit.entry.text)
        table.append([ox.NamedNode(hit.entry.iri), *(ox.Literal(text) for text in said), ox.Literal(hit.score)])
    return rows.FORMATS[form](columns, table)


def _cut(text: str, width: int) -> str:
    room = max(min(width, _LONGEST), 20)
    flat = " ".join(text.split())
    return flat if len(flat) <= room else f"{flat[: room - 1].rstrip()}…"
