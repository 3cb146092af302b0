# SPDX-License-Identifier: Apache-2.0
"""Stored queries as a small REST API: their list, their answers, and the OpenAPI document that describes both.

Source: https://spec.openapis.org/oas/v3.1.0
"""

from __future__ import annotations

from typing import Any, Final

from icsgraph.model.namespaces import ICSQ
from icsgraph.queries import Library, StoredQuery
from icsgraph.queries.about import gives_triples
from icsgraph.queries.stored import AS_AT, Parameter
from icsgraph.store.select import text
from icsgraph.web.checking import SYNTAXES
from icsgraph.web.context import Context
from icsgraph.web.negotiate import REPORTS, TABLES, TRIPLES

RESERVED: Final = ("format", "as-at", "labels")
_CODES: Final = """SELECT ?code ?label WHERE { ?x a ics:IntegratedCareBoard ; ics:odsCode ?code ; rdfs:label ?label }
ORDER BY ?code LIMIT 3"""
_COUNCILS: Final = """SELECT ?code ?label WHERE { ?x a ics:CountyCouncil ; ics:onsCode ?code ; rdfs:label ?label }
ORDER BY ?code LIMIT 3"""
_TOPICS: Final = """SELECT ?code ?label WHERE { ?t skos:inScheme <https://w3id.org/icsgraph/scheme/topic> ;
skos:prefLabel ?label BIND(REPLACE(STR(?t), "^.*/", "") AS ?code) } ORDER BY ?code"""


def listed(library: Library, large: tuple[str, ...]) -> list[dict[str, Any]]:
    """Give what is to be known of each stored query, for the list."""
    return [
        {
            "slug": query.slug, "id": query.id, "question": query.question, "iri": ICSQ + query.slug,
            "url": f"/api/queries/{query.slug}", "keywords": query.keywords, "constraints": query.constraints,
            "parameters": [_told(parameter) for parameter in query.parameters], "columns": query.columns,
            "served": set(query.graphs) <= set(large),
        }
        for query in library
    ]  # fmt: skip


def _told(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name, "type": parameter.type, "required": parameter.default is None,
        "default": parameter.default, "description": parameter.description,
    }  # fmt: skip


def openapi(context: Context, root: str) -> dict[str, Any]:
    """Describe the API; values that a parameter allows, and examples, come from the graph that is served."""
    values = {kind: _rows(context, query) for kind, query in _VALUES.items()}
    paths: dict[str, Any] = {"/api/queries": {"get": _list_operation()}, "/validate": {"post": _validate_operation()}}
    for query in context.library:
        paths[f"/api/queries/{query.slug}"] = {"get": _operation(query, values)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "icsgraph", "version": context.located.version[:12], "license": {"name": "Apache-2.0"},
            "description": "Stored questions to a knowledge graph of England's integrated care systems. Every answer "
            "says in its headers how many rows it has, whether that is all, of which data and as at which day.",
        },
        "servers": [{"url": root or "/"}],
        "paths": paths,
        "components": {"schemas": {"Problem": _PROBLEM}},
    }  # fmt: skip


_VALUES: Final = {"board": _CODES, "body": _CODES, "authority": _COUNCILS, "topic": _TOPICS}
_PROBLEM: Final = {
    "type": "object", "required": ["status", "title", "code"],
    "properties": {
        "status": {"type": "integer"}, "title": {"type": "string"}, "code": {"type": "string"},
        "where": {"type": "string"}, "detail": {"type": "string"}, "mend": {"type": "string"},
    },
}  # fmt: skip
_HEADERS: Final = {
    name: {"description": about, "schema": {"type": "string"}}
    for name, about in {
        "X-Icsgraph-Complete": "whether nothing is left out: true or false",
        "X-Icsgraph-Query": "digest of the query with its parameters", "X-Icsgraph-Data": "digest of the data",
        "X-Icsgraph-As-At": "the day as at which it is answered", "X-Icsgraph-Why-Cut": "what cut the answer",
    }.items()
}  # fmt: skip


def _rows(context: Context, query: str) -> list[tuple[str, str]]:
    return [(text(row["code"]), text(row["label"])) for row in context.select(query)]


def _operation(query: StoredQuery, values: dict[str, list[tuple[str, str]]]) -> dict[str, Any]:
    forms = TRIPLES if gives_triples(query.text) else TABLES
    own = [_parameter(each, values) for each in query.parameters if each.name not in RESERVED]
    about = "\n".join(f"- {name}: {meaning}" for name, meaning in query.columns.items())
    content = {media.partition(";")[0]: {"schema": {"type": "string"}} for media in forms.values()}
    counted = "X-Icsgraph-Triples" if forms is TRIPLES else "X-Icsgraph-Rows"
    number = {"description": "how many there are in the answer", "schema": {"type": "integer"}}
    return {
        "operationId": query.slug, "summary": query.question,
        "description": f"Columns:\n\n{about}" if about else query.question,
        "tags": [query.family],
        "parameters": [*own, _as_at(), _form(list(forms)), _labels()],
        "responses": {
            "200": {"description": "The answer.", "headers": {counted: number} | _HEADERS, "content": content},
            "default": _failed(),
        },
    }  # fmt: skip


def _parameter(parameter: Parameter, values: dict[str, list[tuple[str, str]]]) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "integer" if parameter.type == "integer" else "string"}
    if parameter.type in ("date", "iri"):
        schema["format"] = parameter.type
    if parameter.type == "topic":
        schema["enum"] = [code for code, _ in values["topic"]]
    if parameter.default is not None and parameter.default != AS_AT:
        schema["default"] = int(parameter.default) if parameter.type == "integer" else parameter.default
    told = {
        "name": parameter.name, "in": "query", "required": parameter.default is None, "schema": schema,
        "description": parameter.description or f"a {parameter.type}",
    }  # fmt: skip
    if parameter.default == AS_AT:
        told["description"] = f"{told['description']}; the as-at day unless given"
    examples = {code: {"summary": label, "value": code} for code, label in values.get(parameter.type, [])[:3]}
    if parameter.type == "date":
        examples = {"day": {"summary": "a day", "value": "2024-06-01"}}
    return told | ({"examples": examples} if examples else {})


def _as_at() -> dict[str, Any]:
    what = "the day as at which to answer; today unless given"
    return {"name": "as-at", "in": "query", "schema": {"type": "string", "format": "date"}, "description": what}


def _form(forms: list[str]) -> dict[str, Any]:
    what = "the form of the answer, in place of the Accept header"
    return {"name": "format", "in": "query", "schema": {"type": "string", "enum": forms}, "description": what}


def _labels() -> dict[str, Any]:
    what = "put a column with names beside each of IRIs"
    schema = {"type": "string", "enum": ["yes", "no"], "default": "no"}
    return {"name": "labels", "in": "query", "schema": schema, "description": what}


def _failed() -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": "What is wrong, and what to do about it.", "content": content}


def _list_operation() -> dict[str, Any]:
    return {
        "operationId": "queries", "summary": "The stored queries, with their parameters and columns",
        "responses": {
            "200": {"description": "The list.", "content": {"application/json": {"schema": {"type": "array"}}}},
            "default": _failed(),
        },
    }  # fmt: skip


def _validate_operation() -> dict[str, Any]:
    file = {"type": "array", "items": {"type": "string", "format": "binary"}}
    files = {"type": "object", "properties": {"file": file}}
    bodies = {name: {"schema": {"type": "string"}} for name in SYNTAXES} | {"multipart/form-data": {"schema": files}}
    constraint = {"type": "array", "items": {"type": "string"}}
    kinds = {"type": "string", "enum": ["report", "summary", "sheet"], "default": "report"}
    background = {"type": "string", "enum": ["yes", "no"], "default": "yes"}
    return {
        "operationId": "validate", "summary": "Check records against the law, the guidance and the form of records",
        "description": "Nothing that is posted is kept after the answer.",
        "parameters": [
            _as_at(), _form(list(REPORTS)),
            {"name": "constraint", "in": "query", "schema": constraint, "description": "only these, such as ICS-20"},
            {"name": "kind", "in": "query", "schema": kinds, "description": "the whole report, counts, or one page"},
            {"name": "background", "in": "query", "schema": background,
             "description": "lay the records over what is served, or over the ontology and the law alone"},
            {"name": "name", "in": "query", "schema": {"type": "string"},
             "description": "what the file is called; of a CSV it says which sheet it is"},
        ],
        "requestBody": {"required": True, "content": bodies},
        "responses": {
            "200": {"description": "The report.", "headers": _HEADERS,
                    "content": {media.partition(";")[0]: {"schema": {"type": "string"}} for media in REPORTS.values()}},
            "default": _failed(),
        },
    }  # fmt: skip
