# SPDX-License-Identifier: Apache-2.0
"""What a user typed to what is asked: a stored query, a file, text or standard input, and its parameters."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from icsgraph.cli.queries import library

if TYPE_CHECKING:
    from pyoxigraph import Literal, NamedNode

    from icsgraph.queries import StoredQuery


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: the stored query or None, the text, what output calls it, what was typed, and large graphs."""

    stored: StoredQuery | None
    text: str
    name: str
    typed: str
    graphs: tuple[str, ...] = ()


def large_graphs(incomplete: str) -> list[str]:
    """Complete the names of the graphs that are loaded only when asked for."""
    from icsgraph.store import shipped

    return [name for name in shipped.on_demand_names() if name.startswith(incomplete)]


def read_pairs(pairs: list[str]) -> dict[str, str]:
    """Read ``NAME=VALUE`` pairs.

    Raises:
        QueryError: E206, for one without an equals sign.
    """
    from icsgraph.model.errors import QueryError

    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise QueryError("E206", "--param", f"{pair!r} has no =", "Write --param NAME=VALUE.")
        found[name] = value
    return found


def find(name: str) -> Asked:
    """Tell a stored query from a file, from text, and from standard input.

    Raises:
        QueryError: E208 for a file that cannot be read, E211 for a name that no stored query has.
    """
    from icsgraph.model.errors import QueryError
    from icsgraph.queries.about import form_of

    if name == "-":
        return Asked(None, sys.stdin.read(), "query", name)
    if any(mark in name for mark in "{}\n") or (" " in name and form_of(name)):
        return Asked(None, name, "query", name)
    if name.endswith((".rq", ".sparql")) and ("/" in name or "\\" in name or Path(name).is_file()):
        path = Path(name)
        if not path.is_file():
            raise QueryError("E208", name, "there is no such file", "Check the path and run the command again.")
        try:
            return Asked(None, path.read_text(encoding="utf-8-sig"), path.name, name)
        except UnicodeDecodeError as error:
            raise QueryError(
                "E208", name, "the file is not in UTF-8", "Save it in UTF-8 and run the command again."
            ) from error
    stored = library().get(name)
    return Asked(stored, stored.text, stored.slug, name, stored.graphs)


def free(given: dict[str, str]) -> dict[str, NamedNode | Literal]:
    """Give the parameters of a query that has no header: IRIs where they look like one, dates, else text."""
    import pyoxigraph as ox

    from icsgraph.model.dates import interval
    from icsgraph.model.namespaces import PREFIXES, XSD

    bound: dict[str, NamedNode | Literal] = {}
    for name, value in given.items():
        prefix, colon, local = value.partition(":")
        if "://" in value:
            bound[name] = ox.NamedNode(value.strip("<>"))
        elif colon and prefix in PREFIXES:
            bound[name] = ox.NamedNode(PREFIXES[prefix] + local)
        elif interval(value, XSD + "date"):
            bound[name] = ox.Literal(value, datatype=ox.NamedNode(XSD + "date"))
        else:
            bound[name] = ox.Literal(value)
    return bound
