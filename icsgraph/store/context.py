# SPDX-License-Identifier: Apache-2.0
"""The as-at date and the cut-off days worked out from it, as triples of a context graph that shapes and rules join.

Parameters are data (``data/law/parameters.ttl``): a number of months or years counted back from the as-at date gives a
day on ``icsg:context``; one that is relative to a kind of act gives a day on that act's version; a fixed day is copied.
Records may set one to another value (``ics:isSetTo``); what is no such value the forms of records report.

Where the graph cannot be written to (a store that others read, an endpoint), the context is put into each query in
place of the patterns that ask for it, and the days that are relative to acts must be there already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import pyoxigraph as ox

from icsgraph.model.dates import months_before
from icsgraph.model.errors import EndpointError
from icsgraph.model.namespaces import ICS, ICSG, RDF, RDFS, XSD
from icsgraph.store.select import rows

CONTEXT: Final = ox.NamedNode(ICSG + "context")
_DATE: Final = ox.NamedNode(XSD + "date")
_PART: Final = r"(<[^<>]*>|ics:\w+)\s+\?(\w+)"
_ASKED: Final = re.compile(rf"(?:icsg:context|<{re.escape(ICSG)}context>)\s+({_PART}(?:\s*;\s*{_PART})*)\s*;?\s*\.?")
_CODE: Final = re.compile(r"""#[^\n\r]*|<[^<>"{}|^`\\\x00-\x20]*>|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*'""")


@dataclass(frozen=True, slots=True)
class ParameterUse:
    """A parameter as a report states it: its label, its value with unit, and the day worked out, if any."""

    id: str
    label: str
    value: str
    cut_off: str | None


def set_context(store: ox.Store, as_at: date) -> tuple[ParameterUse, ...]:
    """Replace the context graph by that of a day; give the parameters used, sorted by id."""
    for quad in list(store.quads_for_pattern(None, None, None, CONTEXT)):
        store.remove(quad)
        store.remove(ox.Quad(quad.subject, quad.predicate, quad.object))
    uses, made = context_of(store, as_at)
    quads = [*(ox.Quad(CONTEXT, ox.NamedNode(prop), value) for prop, value in made.items()), *relative_days(store)]
    store.extend(quads)
    store.extend(ox.Quad(q.subject, q.predicate, q.object, CONTEXT) for q in quads)
    return uses


def context_of(store: ox.Store, as_at: date) -> tuple[tuple[ParameterUse, ...], dict[str, ox.Literal]]:
    """Give the parameters used on a day, sorted by id, and the context's properties with their values."""
    made = {ICS + "asAt": _literal(as_at)}
    uses = []
    for row in _parameters(store):
        kind, value, cut = row["kind"].value, row["value"].value, row["cut"]
        day: date | None = None
        if kind in ("months", "years"):
            if not _is_relative(row):
                day = months_before(as_at, _months(row))
        elif kind == "day":
            day = date.fromisoformat(value)
        elif cut is not None:
            made[cut.value] = ox.Literal(int(value))
        if cut is not None and day is not None:
            made[cut.value] = _literal(day)
        unit = "" if kind == "day" else f" {kind}"
        uses.append(ParameterUse(row["id"].value, row["label"].value, value + unit, day.isoformat() if day else None))
    return tuple(uses), made


def relative_days(store: ox.Store) -> list[ox.Quad]:
    """Give the days that are counted back from an act, on that act's version: the same whatever the as-at date."""
    return [
        quad for row in _parameters(store) if _is_relative(row)
        for quad in _relative(store, row["act"], row["cut"], _months(row))
    ]  # fmt: skip


def relative_cut_offs(store: ox.Store) -> list[tuple[ox.NamedNode, ox.NamedNode]]:
    """Give each kind of act from which a parameter counts back, with the property that has the day on a version."""
    return [(row["act"], row["cut"]) for row in _parameters(store) if _is_relative(row)]


def _is_relative(row: ox.QuerySolution) -> bool:
    return row["kind"].value in ("months", "years") and row["cut"] is not None and row["act"] is not None


def _parameters(store: ox.Store) -> list[ox.QuerySolution]:
    return rows(
        store,
        f"""SELECT ?id ?label ?kind ?value ?cut ?act WHERE {{
        ?p a <{ICS}Parameter> ; <http://purl.org/dc/terms/identifier> ?id ; <{RDFS}label> ?label ;
           <{ICS}parameterKind> ?kind ; <{ICS}parameterValue> ?shipped .
        OPTIONAL {{
            SELECT ?p (MAX(?one) AS ?set) WHERE {{
                ?p <{ICS}isSetTo> ?one ; <{ICS}parameterValue> ?other
                FILTER (DATATYPE(?one) = DATATYPE(?other) && (DATATYPE(?one) != <{XSD}integer> || ?one >= 0))
            }} GROUP BY ?p
        }}
        BIND (COALESCE(?set, ?shipped) AS ?value)
        OPTIONAL {{ ?p <{ICS}cutOffProperty> ?cut }} OPTIONAL {{ ?p <{ICS}relativeTo> ?act }} }} ORDER BY ?id""",
    )


def _months(row: ox.QuerySolution) -> int:
    return int(row["value"].value) * (12 if row["kind"].value == "years" else 1)


def in_context(query: str, context: Mapping[str, ox.Literal]) -> str:
    """Give a query with VALUES in place of each pattern that asks for the context of a day.

    Raises:
        EndpointError: E614, when the query asks for the context in another form, whose answer would be missed.
    """

    def put(match: re.Match[str]) -> str:
        pairs = re.findall(_PART, match[1])
        return " ".join(f"VALUES ?{name} {{ {_value(prop)} }}" for prop, name in pairs)

    def _value(prop: str) -> str:
        iri = ICS + prop[4:] if prop.startswith("ics:") else prop[1:-1]
        return str(context[iri]) if iri in context else ""

    text = _ASKED.sub(put, query)
    iris = [token for token in _CODE.findall(text) if token.startswith("<")]
    if CONTEXT.value in {iri[1:-1] for iri in iris} or "icsg:context" in _CODE.sub(" ", text):
        what = "the query asks for the as-at context in a form that cannot be put into it"
        mend = "Write icsg:context PROPERTY ?variable, with a variable as the object."
        raise EndpointError("E614", "icsg:context", what, mend)
    return text


def _relative(store: ox.Store, act: ox.NamedNode, cut: ox.NamedNode, months: int) -> Iterator[ox.Quad]:
    for row in rows(
        store,
        f"""SELECT ?version (MIN(?day) AS ?first) WHERE {{
        ?act <{RDF}type> <{act.value}> ; <{ICS}ofVersion> ?version ; <{ICS}latestDay> ?day
        FILTER (!isLiteral(?version)) }} GROUP BY ?version""",
    ):
        if row["version"] is not None:
            yield _day(row["version"], cut, months_before(date.fromisoformat(row["first"].value), months))


def _day(subject: ox.NamedNode | ox.BlankNode, predicate: ox.NamedNode, day: date) -> ox.Quad:
    return ox.Quad(subject, predicate, _literal(day))


def _literal(day: date) -> ox.Literal:
    return ox.Literal(day.isoformat(), datatype=_DATE)
