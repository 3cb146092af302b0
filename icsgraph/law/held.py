# SPDX-License-Identifier: Apache-2.0
"""Whether an endpoint holds what the shapes rest on: ontology, law, England, bounds of dates, derived triples.

Without them a shape finds nothing, which would look like records that have nothing amiss. A sample of each part that
ships is looked for; and of the users' records nothing may be left that a rule would derive and that is not there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

import pyoxigraph as ox

from icsgraph.model.errors import EndpointError
from icsgraph.model.namespaces import ICS, ICSG, XSD
from icsgraph.rules import Rule
from icsgraph.store.bounds import bounded_properties
from icsgraph.store.context import relative_cut_offs
from icsgraph.store.paging import Paged, split
from icsgraph.store.select import rows

_SAMPLE: Final = 40
_PARTS: Final = {
    ICSG + "file/ontology/": "the ontology",
    ICSG + "file/data/law/": "the law",
    ICSG + "file/data/guidance/": "the guidance",
    ICSG + "file/data/england/": "England",
    ICSG + "dates": "the bounds of dates",
    ICSG + "derived": "what rules derive of England",
}
_ENGLAND: Final = ("England", "what rules derive of England")
_DATES: Final = ", ".join(f"<{XSD}{name}>" for name in ("date", "gYear", "gYearMonth"))
MEND: Final = "Load what `icsgraph --data YOUR-RECORDS export` writes into the endpoint, or into the graphs named."
_RULE: Final = re.compile(r"CONSTRUCT\s*\{(.*?)\}\s*WHERE\s*\{(.*)\}\s*\Z", re.DOTALL | re.IGNORECASE)
_KIND: Final = re.compile(r"\ba\s+ics:(\w+)")
_TOKEN: Final = re.compile(r"<[^<>]*>|[?\w:-]+|[;,.]")


def refuse_what_lacks(paged: Paged, packaged: ox.Store, *, background: bool) -> None:
    """Refuse an endpoint that lacks a part of what ships.

    Raises:
        EndpointError: E615, naming the parts; E616, when the endpoint counts a triple once for each graph that holds
            it, which totals and numbers of values would show.
    """
    lacking, repeated = lacks(paged, packaged, background=background)
    if lacking:
        raise EndpointError("E615", paged.endpoint.url, f"the endpoint lacks {', '.join(lacking)}", MEND)
    if repeated:
        what = "the endpoint counts a triple once for each of its graphs that holds it"
        raise EndpointError("E616", paged.endpoint.url, what, "Name with --graph one graph that holds everything.")


def lacks(paged: Paged, packaged: ox.Store, *, background: bool) -> tuple[list[str], bool]:
    """Give the parts of what ships that an endpoint lacks, and whether it counts a triple more than once."""
    lacking, repeated = [], False
    for part, sample in _samples(packaged).items():
        if not background and part in _ENGLAND:
            continue
        values = " ".join(f"({q.subject} {q.predicate} {q.object})" for q in sample)
        text = f"SELECT (COUNT(*) AS ?n) WHERE {{ VALUES (?s ?p ?o) {{ {values} }} ?s ?p ?o }}"
        found = paged.number(text)
        if found < len(sample):
            lacking.append(f"{part} ({found} of {len(sample)} sampled triples)")
        repeated = repeated or found > len(sample)
    return lacking, repeated


def refuse_what_is_underived(paged: Paged, packaged: ox.Store, rules: Sequence[Rule]) -> None:
    """Refuse records whose dates have no bounds, or of which a rule would derive what is not there.

    Raises:
        EndpointError: E615, with numbers.
    """
    lacking = []
    for what, text in (*_bounds(packaged, rules), *_relative(packaged), *map(_of_rule, rules)):
        if number := paged.count(text):
            lacking.append(f"{number} {what}")
    if lacking:
        raise EndpointError("E615", paged.endpoint.url, f"not everything is derived: {'; '.join(lacking)}", MEND)


def _samples(store: ox.Store) -> dict[str, list[ox.Quad]]:
    """Evenly spaced triples of each part, without blank nodes and with objects that no store writes otherwise."""
    parts: dict[str, list[ox.Quad]] = defaultdict(list)
    for graph in store.named_graphs():
        part = next((name for prefix, name in _PARTS.items() if str(graph)[1:].startswith(prefix)), None)
        if part:
            parts[part] += (q for q in store.quads_for_pattern(None, None, None, graph) if _is_plain(q))
    return {part: quads[:: max(len(quads) // _SAMPLE, 1)][:_SAMPLE] for part, quads in parts.items()}


def _is_plain(quad: ox.Quad) -> bool:
    value = quad.object
    dated = isinstance(value, ox.Literal) and value.datatype.value == XSD + "date"
    return isinstance(quad.subject, ox.NamedNode) and (dated or isinstance(value, ox.NamedNode))


def _bounds(store: ox.Store, rules: Sequence[Rule]) -> Iterator[tuple[str, str]]:
    pairs = bounded_properties(store)
    values = " ".join(f"({prop} {bound})" for prop, b in pairs.items() for bound in (b.earliest, b.latest))
    yield (
        "dates without bounds",
        f"SELECT DISTINCT ?s ?p ?d WHERE {{ VALUES (?p ?bound) {{ {values} }} ?s ?p ?d"
        f' FILTER (DATATYPE(?d) IN ({_DATES}) && REGEX(STR(?d), "^[0-9]{{4}}(-[0-9]{{2}}){{0,2}}$"))'
        " FILTER NOT EXISTS { ?s ?bound ?day } }",
    )
    pairs = {prop: bounds for prop, bounds in pairs.items() if bounds.open_means is not None}
    values = " ".join(f"({prop} {bound})" for prop, b in pairs.items() for bound in (b.earliest, b.latest))
    found = rows(store, "SELECT DISTINCT ?c WHERE { ?c rdfs:subClassOf* ics:Enduring }")
    made = {ICS + name for rule in rules for name in _KIND.findall(_RULE.search(rule.text)[1])}  # type: ignore[index]
    # Things that rules make have the bounds that their rule gives them, or none.
    classes = " ".join(
        str(row["c"]) for row in found if isinstance(row["c"], ox.NamedNode) and row["c"].value not in made
    )
    yield (
        "first or last days without the bounds that mean open",
        f"SELECT DISTINCT ?s ?bound WHERE {{ VALUES (?p ?bound) {{ {values} }} VALUES ?c {{ {classes} }} ?s a ?c"
        " FILTER NOT EXISTS { ?s ?p ?stated } FILTER NOT EXISTS { ?s ?bound ?day } }",
    )


def _relative(store: ox.Store) -> Iterator[tuple[str, str]]:
    for act, cut in relative_cut_offs(store):
        yield (
            f"versions without {cut.value.removeprefix(ICS)}",
            f"SELECT DISTINCT ?v WHERE {{ ?act a {act} ; <{ICS}ofVersion> ?v ; <{ICS}latestDay> ?day"
            f" FILTER NOT EXISTS {{ ?v {cut} ?cut }} }}",
        )


def _of_rule(rule: Rule) -> tuple[str, str]:
    """The solutions of a rule of which a triple is not there; one with an unbound variable is never made."""
    head, body = split(rule.text)
    match = _RULE.match(body)
    assert match is not None, rule.name
    made = list(_triples(match[1]))
    missing = " || ".join(map(_is_missing, made))
    columns = " ".join(dict.fromkeys(term for triple in made for term in triple if term.startswith("?")))
    text = f"{head}SELECT DISTINCT {columns} WHERE {{ {match[2]}\nFILTER ({missing}) }}"
    return f"solutions of the rule {rule.name}", text


def _is_missing(triple: tuple[str, str, str]) -> str:
    bound = "".join(f"BOUND({term}) && " for term in triple if term.startswith("?"))
    return f"({bound}NOT EXISTS {{ {' '.join(triple)} }})"


def _triples(template: str) -> Iterator[tuple[str, str, str]]:
    """The triples of a template made of names and variables, with ``;`` and ``,``."""
    subject = predicate = ""
    waiting: list[str] = []
    for token in _TOKEN.findall(template + " ."):
        if token not in ";,.":
            waiting.append(token)
            continue
        if waiting:
            subject, predicate, value = [subject, predicate, ""][: 3 - len(waiting)] + waiting
            yield subject, predicate, value
        waiting = []
