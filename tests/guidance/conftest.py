# SPDX-License-Identifier: Apache-2.0
"""The graph of the guidance, loaded once, and its texts in turn."""

from __future__ import annotations

import csv
from datetime import date

import pyoxigraph as ox
import pytest
from guidance_tables import EDITIONS, ROOT, TEXTS, pieces

from icsgraph.guidance.sentences import read_text
from icsgraph.store.opened import Opened


@pytest.fixture(scope="session")
def opened() -> Opened:
    """The ontology, the law and the guidance, without the England of the packaged graph: quick to load."""
    store = ox.Store()
    for folder in ("ontology", "data/law", "data/guidance"):
        for path in sorted((ROOT / folder).glob("*.ttl")):
            store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
    return Opened(store, date(2024, 6, 1), "test")


@pytest.fixture(params=EDITIONS)
def edition(request) -> str:
    """Each edition in turn."""
    return request.param


@pytest.fixture
def text(edition) -> str:
    """The text of the edition; the tests that need it are left out where it is not at hand, being no part of this."""
    path = TEXTS / f"guidance-{edition}.txt"
    if not path.is_file():
        pytest.skip("the texts of the guidance are not beside this checkout")
    return read_text(path)


@pytest.fixture(scope="session")
def law() -> dict[str, list[str]]:
    """The constraints of the register, each with its provisions."""
    with (ROOT / "data" / "sources" / "law" / "constraints.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: pieces(row["provision_ids"]) for row in csv.DictReader(file)}
