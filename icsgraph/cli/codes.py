# SPDX-License-Identifier: Apache-2.0
"""Codes that a shell completes: those of boards and constraints, and ONS codes of councils."""

from __future__ import annotations


def complete(incomplete: str) -> list[tuple[str, str]]:
    """Give the codes that begin so, each with what it stands for."""
    from datetime import date

    from icsgraph.opening import open_graph
    from icsgraph.store.select import rows, text

    query = """SELECT DISTINCT ?code ?label WHERE {
      { ?x a ics:IntegratedCareBoard ; ics:odsCode ?code } UNION { ?x a ics:Constraint ; dcterms:identifier ?code }
      UNION { ?x ics:onsCode ?code . ?x a/rdfs:subClassOf* ics:LocalAuthority }
      ?x rdfs:label ?label } ORDER BY ?code"""
    store = open_graph(as_at=date.today(), merged=True).store
    found = ((text(row["code"]), text(row["label"])) for row in rows(store, query))
    return [(code, label) for code, label in found if code.startswith(incomplete)]


def constraints(incomplete: str) -> list[str]:
    """Complete the ids of the constraints that a shape checks."""
    from icsgraph.law.coverage import with_shape

    return sorted(name for name in with_shape() if name.startswith(incomplete))
