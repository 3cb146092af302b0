# SPDX-License-Identifier: Apache-2.0
"""Stored queries: their headers, parameters and runs. Knows SPARQL files and stores, nothing of integrated care."""

from __future__ import annotations

from icsgraph.queries.library import Library
from icsgraph.queries.run import Answer, ask, bind
from icsgraph.queries.stored import Parameter, StoredQuery, read_query

__all__ = ["Answer", "Library", "Parameter", "StoredQuery", "ask", "bind", "read_query"]
