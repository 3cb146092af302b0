# SPDX-License-Identifier: Apache-2.0
"""What a parameter may be, as the graph has it: the pattern of a header to terms, each with names that people type."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

import pyoxigraph as ox

from icsgraph.model.errors import QueryError
from icsgraph.model.namespaces import PREFIXES
from icsgraph.store.select import rows

Value: TypeAlias = ox.NamedNode | ox.Literal
Allowed: TypeAlias = Callable[[str], Mapping[Value, Sequence[str]]]
_NAMED: Final = 3


def allowed_in(store: ox.Store) -> Allowed:
    """Give what looks allowed values up in a store: a pattern that gives ``?value`` to values with their names."""

    def values(pattern: str) -> dict[Value, list[str]]:
        found: dict[Value, list[str]] = {}
        text = f"SELECT DISTINCT ?value ?name {{ {pattern} OPTIONAL {{ ?value rdfs:label|skos:prefLabel ?name }} }}"
        for row in rows(store, text):
            value = row["value"]
            if isinstance(value, ox.NamedNode | ox.Literal):
                names = found.setdefault(value, _names(value))
                names += [row["name"].value] if row["name"] is not None else []
        return dict(sorted(found.items(), key=lambda pair: pair[1][0]))

    return values


def _names(value: Value) -> list[str]:
    if isinstance(value, ox.Literal):
        return [value.value]
    from icsgraph.queries.vocabulary import shortened  # brings in a parser, which few questions need

    whole = value.value
    return [whole.rstrip("/#").replace("#", "/").rpartition("/")[2], shortened(whole), whole, f"<{whole}>"]


def value_of(typed: str, pattern: str, allowed: Allowed, where: str) -> Value:
    """Give the allowed value that something typed means: by IRI, by the end of it, or by a name.

    Raises:
        QueryError: E206 when it means none of them, or several, naming near ones.
    """
    values = allowed(pattern)
    prefix, colon, local = typed.partition(":")
    wanted = {typed.casefold(), (PREFIXES[prefix] + local).casefold() if colon and prefix in PREFIXES else ""}
    found = [value for value, names in values.items() if wanted & {name.casefold() for name in names}]
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(sorted(str(value) for value in found)[:_NAMED])
        raise QueryError("E206", where, f"{typed!r} means more than one thing: {listed}", "Give the IRI of one.")
    if not values:
        mend = "It is about records: lay yours over the graph with --data."
        raise QueryError("E206", where, f"the graph has nothing that {typed!r} could be", mend)
    known = {name.casefold(): names[0] for names in values.values() for name in names}
    near = difflib.get_close_matches(typed.casefold(), known, n=_NAMED, cutoff=0.5)
    near += [name for name in known if typed.casefold() in name and name not in near]
    close = list(dict.fromkeys(known[name] for name in near))[:_NAMED]
    some = ", ".join([names[0] for names in values.values()][:_NAMED])
    mend = f"Did you mean {' or '.join(close)}?" if close else f"There are {len(values)}, such as {some}."
    raise QueryError("E206", where, f"{typed!r} is none of the values that the graph has", mend)
