# SPDX-License-Identifier: Apache-2.0
"""The reference data of the checkout, loaded once."""

import gzip
from pathlib import Path

import pytest
from pyoxigraph import QueryBoolean, RdfFormat, Store

from icsgraph.model.namespaces import PREFIXES
from icsgraph.tables.reference import read_manifest

DATA = Path(__file__).parents[2] / "data"


def load(store, path):
    """Load one file of the reference data."""
    if path.suffix == ".gz":
        with gzip.open(path) as lines:
            store.bulk_load(lines, format=RdfFormat.N_TRIPLES)
    else:
        store.bulk_load(path=str(path), format=RdfFormat.TURTLE)


@pytest.fixture(scope="session")
def manifest():
    return read_manifest(DATA)


@pytest.fixture(scope="session")
def always(manifest):
    """The files that are always loaded, in one graph."""
    store = Store()
    for output in manifest.outputs:
        if output.load == "always":
            load(store, DATA / output.file)
    return store


@pytest.fixture(scope="session")
def everything(manifest):
    """Every file, those on demand too."""
    store = Store()
    for output in manifest.outputs:
        load(store, DATA / output.file)
    return store


@pytest.fixture(scope="session")
def ask():
    """Run a query with the project's prefixes: rows of plain strings, or a boolean."""

    def run(store, query):
        answer = store.query(query, prefixes=PREFIXES)
        if isinstance(answer, QueryBoolean):
            return bool(answer)
        return [tuple(None if term is None else term.value for term in row) for row in answer]

    return run
