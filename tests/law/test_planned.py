# SPDX-License-Identifier: Apache-2.0
"""Population and applicability queries run in the form that a store plans well, and that form ships."""

from __future__ import annotations

from datetime import date

from icsgraph.law import planned
from icsgraph.opening import open_graph
from icsgraph.store import shipped
from icsgraph.store.select import rows

ABSENT = """
SELECT DISTINCT ?this WHERE {
  ?this a ics:UnitaryAuthority .
  FILTER NOT EXISTS { ?fact ics:ofAuthority ?this . ?fact a ics:PartnerBoard . }
}"""


def test_the_shipped_form_is_that_of_the_queries():
    """`python -m icsgraph.law.compiled` has been run since a query was last changed."""
    assert (shipped.root() / planned.SHIPPED).read_text(encoding="utf-8") == planned.page()


def test_a_query_without_exists_is_left_as_it_is():
    """Nothing is parsed that has nothing to rewrite."""
    query = "SELECT ?this WHERE { ?this a <https://example.org/Thing> }"

    assert planned.planned(query) == query


def test_the_rewritten_query_has_the_same_rows():
    """An EXISTS is put another way, and means the same."""
    query = "PREFIX ics: <https://w3id.org/icsgraph/def/>" + ABSENT
    store = open_graph(as_at=date(2024, 6, 1)).store
    rewritten = planned.planned(query)

    assert "NOT EXISTS" not in rewritten
    assert {row["this"] for row in rows(store, rewritten)} == {row["this"] for row in rows(store, query)}
    assert rows(store, query)
