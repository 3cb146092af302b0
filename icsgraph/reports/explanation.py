# SPDX-License-Identifier: Apache-2.0
"""An explanation as plain text, 80 columns wide."""

from __future__ import annotations

from textwrap import wrap

from icsgraph.law.explain import Explanation


def as_text(explained: Explanation) -> str:
    """Write the chain from the Act to the remedy; a finding first, its triples last."""
    constraint, finding = explained.constraint, explained.finding
    lines = [f"{constraint.id}  {constraint.title}", ""]
    if finding:
        lines += _block(f"Found: {finding.message}")
        lines += _block(f"{finding.severity}, {finding.outcome}, by the law of {finding.judged_on}: {finding.reason}.")
        lines += [*_block(f"Guidance then in force: {finding.edition or 'none'}."), ""]
    lines += ["The rule, in the register's words", *_block(constraint.rule), ""]
    lines.append("The law")
    for provision in constraint.provisions:
        binds = f"; binds: {provision.bearer}" if provision.bearer not in ("", "n/a") else ""
        lines += _block(f"{provision.citation} ({provision.id}{binds}; {provision.confidence})")
        lines += _block(provision.paraphrase, "     ") + ([f"     {provision.iri}"] if provision.iri else [])
    if not constraint.provisions:
        lines.append("   No Act asks it; the guidance alone does.")
    lines += ["", "The guidance"]
    for norm in explained.norms:
        lines += _block(norm.label)
        for said in norm.statements:
            lines += _block(f"{said.id}, {said.modality}: {said.paraphrase}", "     ")
        if norm.note:
            lines += _block(f"Note: {norm.note}", "     ")
    if not explained.norms:
        lines.append("   No statement of either edition is linked to it.")
    lines += ["", "How severe, and when"]
    for row in constraint.rows:
        days = f"{row.first if row.first > '0001-01-01' else '…'} to {row.last if row.last < '9999-12-31' else '…'}"
        lines += _block(f"{row.severity} ({days}){': ' + row.condition if row.condition else ''}. {row.reason}.")
    lines += ["", "What a record needs", *_block(constraint.data_needed)]
    if constraint.take_care:
        lines += ["", "Take care", *_block(constraint.take_care)]
    if explained.triples:
        lines += ["", "What the graph says of it"] + [f"   {triple}" for triple in explained.triples]
    return "\n".join(lines) + "\n"


def _block(text: str, indent: str = "   ") -> list[str]:
    return wrap(
        text, 80, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
