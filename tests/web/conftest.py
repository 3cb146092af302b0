# SPDX-License-Identifier: Apache-2.0
"""One server for the session, over a built store with records that mean harm, and with small limits."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from serving import Served

from icsgraph.opening import derive_all
from icsgraph.store.building import build_store

HARMFUL = """@prefix ics: <https://w3id.org/icsgraph/def/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix id: <https://w3id.org/icsgraph/id/> .
id:harmful a ics:Document ; rdfs:label "<script>alert(1)</script>" ; rdfs:seeAlso <javascript:alert(1)> ;
  rdfs:comment "=HYPERLINK(\\"http://x\\")" .
"""
OPTIONS = (
    "--seconds", "4", "--rows", "5000", "--memory", "300", "--patience", "1.5", "--connections", "100", "--origin", "https://editor.example",
)  # fmt: skip


@pytest.fixture(scope="session")
def store(tmp_path_factory) -> Path:
    """A built store of what ships and of records that mean harm."""
    os.environ.setdefault("ICSGRAPH_CACHE", str(tmp_path_factory.mktemp("cache")))
    folder = tmp_path_factory.mktemp("served")
    (folder / "harmful.ttl").write_text(HARMFUL, encoding="utf-8")
    build_store([folder / "harmful.ttl"], folder / "store", derive_all)
    return folder / "store"


@pytest.fixture(scope="session")
def served(store):
    """A server with small limits."""
    server = Served("--store", str(store), "--as-at", "2024-06-01", options=OPTIONS)
    yield server
    server.stop()
