# SPDX-License-Identifier: Apache-2.0
"""Why a query answers nothing, as text for a terminal."""

from __future__ import annotations

from textwrap import wrap

from icsgraph.queries.doctor import Diagnosis, Remark
from icsgraph.queries.probe import MOST
from icsgraph.queries.slips import Kind

_WIDTH = 80


def hint(found: Diagnosis, *, checked: bool) -> str:
    """Write the first remarks, to follow an empty answer by themselves; those that a check has made are left out."""
    return "\n".join(_remark(r) for r in found.remarks[:2] if not (checked and r.kind.checked_before))


def as_text(found: Diagnosis) -> str:
    """Write which parts lose the rows, the slips found, and the query as it was likely meant."""
    lines = []
    if found.lost and not found.in_time:
        lines.append("Among these parts are those that match nothing together; time ran out:")
    elif len(found.lost) == 1:
        lines.append("This part alone matches nothing:")
    elif found.lost:
        lines.append("These parts match nothing together; without one of them there would be:")
    for lost in found.lost:
        lines += [f"  {lost.text}"] + ([f"      without it: {lost.count}"] if lost.rows is not None else [])
    if found.remarks:
        lines += ["", *(_remark(remark) for remark in found.remarks)]
    elif found.lost and found.in_time:
        lines += ["", "None of the usual slips was found in them: the data may hold no such thing."]
    if found.mended:
        lines += ["", f"So mended, the query {_rows(found.rows)}:", ""]
        lines += [f"  {line}" for line in found.mended.rstrip().split("\n")]
    if not found.lost and not found.in_time:
        lines.append("Time ran out before it was found which part loses the rows.")
    return "\n".join(lines).strip() + "\n"


def _rows(number: int | None) -> str:
    if not number:
        return "was not asked, for time ran out" if number is None else "still answers nothing"
    return f"has {MOST} rows or more" if number > MOST else f"has {number} row{'' if number == 1 else 's'}"


def _remark(remark: Remark) -> str:
    tried = "" if remark.proved or remark.kind is Kind.OF_OTHERS else " (not proved)"
    text = f"{remark.kind[0].upper()}{remark.kind[1:]}: {remark.what}{tried}. {remark.mend}"
    lines = wrap(text, _WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines)
