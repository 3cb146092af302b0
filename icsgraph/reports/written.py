# SPDX-License-Identifier: Apache-2.0
"""A report to text, as a whole, as a summary or as a sheet, in the form that was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import pyoxigraph as ox

from icsgraph.law.coverage import Checked
from icsgraph.law.findings import Report
from icsgraph.model.errors import LookupFailed
from icsgraph.reports import findings, rows, sheet, summary

_KINDS: Final = {"report": findings.FORMATS, "--summary": summary.FORMATS, "--sheet": sheet.FORMATS}


def written(report: Report, form: str, kind: Literal["report", "--summary", "--sheet"] = "report") -> str:
    """Write a report.

    Raises:
        LookupFailed: E407, when the summary or the sheet has no such form.
    """
    forms = _KINDS[kind]
    if form not in forms:
        raise LookupFailed("E407", kind, f"it has no {form} form", f"Use {', '.join(forms)}.")
    return forms[form](report)


def coverage(found: Sequence[Checked], form: str) -> str:
    """Write the state of every constraint of the register.

    Raises:
        LookupFailed: E407, when there is no such form.
    """
    if form == "json":
        import json
        from dataclasses import asdict

        return json.dumps([asdict(each) for each in found], indent=1, ensure_ascii=False) + "\n"
    if form not in rows.FORMATS:
        raise LookupFailed("E407", "--coverage", f"it has no {form} form", "Use table, json, jsonl, csv or md.")
    body = [tuple(ox.Literal(text) for text in (c.constraint, c.state, c.title, c.why)) for c in found]
    return rows.FORMATS[form](("constraint", "state", "title", "why"), body)
