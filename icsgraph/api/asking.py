# SPDX-License-Identifier: Apache-2.0
"""A question with Python values for its parameters to a query whose variables are bound, and to its answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TypeAlias

import pyoxigraph as ox

from icsgraph.model.errors import QueryError
from icsgraph.model.namespaces import PREFIXES, XSD
from icsgraph.queries.about import form_of
from icsgraph.queries.allowed import Allowed
from icsgraph.queries.library import Library
from icsgraph.queries.run import Resolver, bind
from icsgraph.queries.stored import StoredQuery
from icsgraph.store import shipped

Parameter: TypeAlias = str | int | float | bool | date


def library() -> Library:
    """Give the stored queries that ship with icsgraph."""
    return Library(shipped.files("queries/competency", "*.rq"))


def asked(question: str | Path) -> tuple[str, str, StoredQuery | None]:
    """Tell a file from SPARQL and from the name of a stored query: text, name, and the stored query.

    Raises:
        QueryError: E208 for a file that cannot be read, E211 for a name that no stored query has.
    """
    if isinstance(question, Path):
        try:
            return question.read_text(encoding="utf-8-sig"), question.name, None
        except (OSError, UnicodeDecodeError) as error:
            mend = "Check the path, and that the file is in UTF-8."
            raise QueryError("E208", str(question), f"the file cannot be read: {error}", mend) from error
    if any(mark in question for mark in "{}\n") or (" " in question and form_of(question)):
        return question, "query", None
    stored = library().get(question)
    return stored.text, stored.slug, stored


def bindings(
    stored: StoredQuery | None,
    given: Mapping[str, Parameter],
    as_at: date,
    resolvers: Mapping[str, Resolver],
    allowed: Allowed | None = None,
) -> dict[str, ox.NamedNode | ox.Literal]:
    """Bind parameters: by their declared types for a stored query, else by what they are in Python.

    Raises:
        QueryError: E204, E205, E206 for parameters that do not fit; and what looking a name up raises.
    """
    if stored is None:
        return {name: _term(value) for name, value in given.items()}
    return bind(stored, {name: _typed(value) for name, value in given.items()}, as_at, resolvers, allowed)


def _typed(value: Parameter) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _term(value: Parameter) -> ox.NamedNode | ox.Literal:
    """A text is an IRI where it is a whole one or begins with a known prefix, else a plain literal."""
    if isinstance(value, date):
        return ox.Literal(value.isoformat(), datatype=ox.NamedNode(XSD + "date"))
    if isinstance(value, bool | int | float):
        return ox.Literal(value)
    prefix, colon, local = value.partition(":")
    if "://" in value:
        return ox.NamedNode(value.strip("<>"))
    if colon and prefix in PREFIXES:
        return ox.NamedNode(PREFIXES[prefix] + local)
    return ox.Literal(value)
