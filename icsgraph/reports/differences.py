# SPDX-License-Identifier: Apache-2.0
"""Differences as a table, Markdown, CSV or JSON; and reports of findings read back, to be compared."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from icsgraph.model.errors import QueryError
from icsgraph.queries.compare import Change, Kind, Record, compare_graphs, compare_records
from icsgraph.reports import rows
from icsgraph.reports.folding import folded
from icsgraph.store.load import find_files, read

_COLUMNS: Final = ("change", "thing", "label", "what", "old", "new")
FORMATS: Final = ("table", "md", "csv", "json")
_SIGNS: Final = {Kind.ADDED: "+", Kind.REMOVED: "-", Kind.CHANGED: "~"}
# What a finding is looked at in; its place in a file may move without a change.
_OF_A_FINDING: Final = ("severity", "outcome", "constraint", "message", "value", "judged_on", "reason", "edition")


def counted(changes: Sequence[Change]) -> str:
    """Give the number of each kind of difference in words."""
    numbers = Counter(change.kind for change in changes)
    return ", ".join(f"{numbers[kind]} {kind}" for kind in Kind) if changes else "no difference"


def rendered(changes: Sequence[Change], form: str, old: str, new: str) -> str:
    """Write differences in one of table, md, csv, json.

    Args:
        old: what the left side is called.
        new: what the right side is called.
    """
    if form == "json":
        document: dict[str, Any] = {"from": old, "to": new}
        for kind in Kind:
            document[kind.value] = [_object(change) for change in changes if change.kind is kind]
        return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    if form == "table":
        return _as_text(changes, old, new)
    table = [
        tuple(ox.Literal(cell) for cell in (c.kind.value, c.thing, c.label, c.what, c.old, c.new)) for c in changes
    ]
    if form == "md":
        head = f"# From {old} to {new}\n\n{counted(changes).capitalize()}.\n"
        return head + ("\n" + rows.as_markdown(_COLUMNS, table) if changes else "")
    return rows.FORMATS[form](_COLUMNS, table)


def _object(change: Change) -> dict[str, str]:
    return {name: value for name, value in asdict(change).items() if name != "kind" and value}


def _as_text(changes: Sequence[Change], old: str, new: str) -> str:
    """Write each thing once, its differences below it: + added, - removed, ~ changed."""
    lines, before = [f"From {old} to {new}: {counted(changes)}."], None
    for change in changes:
        head = change.label or change.thing
        if (change.thing, change.label) != before:
            lines.append(f"{head}{f'  ({change.thing})' if change.label else ''}")
        before = (change.thing, change.label)
        values = change.old or change.new
        if change.kind is Kind.CHANGED:
            values = f"{change.old or 'nothing'} -> {change.new or 'nothing'}"
        lines.append(f"  {_SIGNS[change.kind]} {': '.join(part for part in (change.what, values) if part)}".rstrip())
    return folded("\n".join(lines)) + "\n"


def is_report(path: Path) -> bool:
    """Say whether a file is a report of findings that ``validate --format json`` wrote."""
    if path.suffix.lower() != ".json" or not path.is_file():
        return False
    try:
        return isinstance(json.loads(path.read_text(encoding="utf-8")).get("findings"), list)
    except (ValueError, AttributeError, UnicodeDecodeError):
        return False  # JSON-LD, say: whoever loads it will tell


def compare_files(old: Path, new: Path) -> list[Change]:
    """Compare two files or folders of RDF, or two reports of findings.

    Raises:
        QueryError: E218 when only one side is a report; E219 as :func:`compare_reports`.
        LoadError: when a path is missing or a file malformed.
    """
    reports = [is_report(path) for path in (old, new)]
    if all(reports):
        return compare_reports(old, new)
    if any(reports):
        what = "one side is a report and the other is not"
        raise QueryError("E218", "diff", what, "Name two reports, or two files or folders of RDF.")
    before, after = ([quad.triple for file in find_files([path]) for quad in read(file)] for path in (old, new))
    return compare_graphs(before, after)


def compare_reports(old: Path, new: Path) -> list[Change]:
    """Compare two reports of findings: new ones, ones that are gone, and ones that are told otherwise.

    Raises:
        QueryError: E219, when a finding has no id.
    """
    return compare_records(_findings(old), _findings(new), columns=_OF_A_FINDING, label="focus_label")


def _findings(path: Path) -> dict[str, Record]:
    found: dict[str, Record] = {}
    for finding in json.loads(path.read_text(encoding="utf-8"))["findings"]:
        if not isinstance(finding, dict) or not finding.get("id"):
            raise QueryError("E219", str(path), "a finding has no id", "Write the report with validate --format json.")
        found[str(finding["id"])] = {
            name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            for name, value in finding.items()
            if value is not None
        }
    return found
