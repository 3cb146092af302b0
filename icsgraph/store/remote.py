# SPDX-License-Identifier: Apache-2.0
"""Asks a SPARQL 1.1 endpoint, through SPARQLWrapper; an answer that is not whole is an error, never an answer."""

from __future__ import annotations

import urllib.error
from typing import Any, Final

import pyoxigraph as ox

from icsgraph.model.errors import EndpointError
from icsgraph.model.namespaces import XSD

_SECONDS: Final = 60


def select(endpoint: str, query: str, *, seconds: int = _SECONDS) -> tuple[tuple[str, ...], list[list[Any]]]:
    """Give the columns and rows of a SELECT; unbound variables are None. An ASK gives one row with the column answer.

    Raises:
        EndpointError: E601 when the endpoint does not answer in time, E602 when it refuses, E603 when its answer is
            cut or of another form.
    """
    from SPARQLWrapper import JSON, SPARQLWrapper
    from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

    wrapper = SPARQLWrapper(endpoint, agent="icsgraph")
    wrapper.setQuery(query)
    wrapper.setReturnFormat(JSON)
    wrapper.setTimeout(seconds)
    try:
        response = wrapper.query()
        document: Any = response.convert()
    except SPARQLWrapperException as error:
        what = str(error).splitlines()[0]
        raise EndpointError(
            "E602", endpoint, f"the endpoint refused: {what}", "Check the query and the address."
        ) from error
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        what = f"the endpoint did not answer: {getattr(error, 'reason', error)}"
        raise EndpointError("E601", endpoint, what, "Check the address, or try again later.") from error
    except ValueError as error:
        raise EndpointError(
            "E603", endpoint, "the answer is cut or is no JSON", "Ask for less, or raise its limits."
        ) from error
    try:
        if "boolean" in document:
            return ("answer",), [[ox.Literal(bool(document["boolean"]))]]
        columns = tuple(document["head"]["vars"])
        bindings = document["results"]["bindings"]
        return columns, [[_term(row[name]) if name in row else None for name in columns] for row in bindings]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = "the answer is not in the form of SPARQL 1.1 results"
        raise EndpointError("E603", endpoint, what, "Check that the address is that of a SPARQL endpoint.") from error


def _term(value: dict[str, str]) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if value["type"] == "uri":
        return ox.NamedNode(value["value"])
    if value["type"] == "bnode":
        return ox.BlankNode()
    if "xml:lang" in value:
        return ox.Literal(value["value"], language=value["xml:lang"])
    return ox.Literal(value["value"], datatype=ox.NamedNode(value.get("datatype", XSD + "string")))
