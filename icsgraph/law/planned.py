# SPDX-License-Identifier: Apache-2.0
"""Population and applicability queries to the form in which a store plans them well: EXISTS that can be is rewritten.

Parsing SPARQL takes longer than running it, so the rewritten text of those that ship ships too, by digest of the file.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from functools import cache
from typing import Final

from icsgraph.algebra import parse_query, rewrite_exists, to_text
from icsgraph.store import shipped

SHIPPED: Final = "shapes/planned.json"


def planned(query: str) -> str:
    """Give a query that has the same rows, planned well; as it is where it has no EXISTS.

    Raises:
        QuerySyntaxError: E201, when it is no SPARQL.
    """
    if "EXISTS" not in query.upper():
        return query
    return _kept().get(_digest(query)) or rewritten(query)


@cache
def rewritten(query: str) -> str:
    """Give the query with each EXISTS rewritten that can be."""
    return to_text(rewrite_exists(parse_query(query)).query)


def page() -> str:
    """Give what should ship: each query with an EXISTS, rewritten."""
    texts = (path.read_text(encoding="utf-8") for path in shipped.files("shapes", "*.rq"))
    made = {_digest(text): rewritten(text) for text in texts if "EXISTS" in text.upper()}
    return json.dumps(dict(sorted(made.items())), indent=0, ensure_ascii=False) + "\n"


@cache
def _kept() -> dict[str, str]:
    with contextlib.suppress(OSError, ValueError):
        kept: dict[str, str] = json.loads((shipped.root() / SHIPPED).read_text(encoding="utf-8"))
        return kept
    return {}


def _digest(query: str) -> str:
    return hashlib.sha256(query.encode()).hexdigest()[:32]
