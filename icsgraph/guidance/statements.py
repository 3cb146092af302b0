# SPDX-License-Identifier: Apache-2.0
"""The graph and filters to statements: what an edition asks of whom, how strongly, where, and on what basis."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from icsgraph.model.errors import LookupFailed
from icsgraph.model.namespaces import BASE, ID, SCHEME, STATEMENT
from icsgraph.store.opened import Opened
from icsgraph.store.select import rows, text

SECTION_MARK: Final = " > "
STRENGTHS: Final = ("duty", "expectation", "power", "suggestion")

_SCALARS: Final = """SELECT * WHERE {
  ?s a ics:Statement ; ics:inEdition ?edition ; ics:inSection ?section ; ics:startsAt ?start ; ics:endsAt ?end ;
    ics:wordCount ?words ; ics:sha256 ?digest ; ics:paraphrase ?paraphrase ; ics:hasModality ?modality ;
    ics:bearerIsImplied ?implied ; ics:isStatutory ?statutory ; ics:hasAction ?action .
  OPTIONAL { ?s ics:inSectionOfStatus ?status } OPTIONAL { ?s ics:isPartOf ?stem }
  OPTIONAL { ?s ics:hasTrigger ?trigger } OPTIONAL { ?s ics:note ?note } OPTIONAL { ?s foaf:page ?page }
} ORDER BY ?edition ?start ?s"""
_LINKED: Final = ("hasWording", "hasBearer", "hasObject", "aboutTopic", "restsOn")
_LINKS: Final = f"""SELECT ?s ?p ?o WHERE {{
  VALUES ?p {{ {" ".join("ics:" + name for name in _LINKED)} }}
  ?s a ics:Statement ; ?p ?o }} ORDER BY ?s ?p ?o"""
_BELONGING: Final = "SELECT ?s ?norm WHERE { ?norm ics:isStatedBy ?s }"
_CHANGES: Final = """SELECT ?s ?change ?kind WHERE {
  { ?change ics:fromStatement ?s } UNION { ?change ics:toStatement ?s } ?change ics:hasNormChange ?kind }
  ORDER BY ?s ?kind"""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one edition says at one place; the text itself is not held, only its place, length and digest."""

    id: str
    edition: str
    section: tuple[str, ...]
    start: int
    end: int
    words: int
    digest: str
    modality: str
    wording: tuple[str, ...]
    statutory: bool
    section_status: str
    bearers: tuple[str, ...]
    bearer_implied: bool
    action: str
    objects: tuple[str, ...]
    trigger: str
    topics: tuple[str, ...]
    provisions: tuple[str, ...]
    paraphrase: str
    part_of: str
    norm: str
    change: str
    change_kinds: tuple[str, ...]
    page: str
    note: str


@dataclass(frozen=True, slots=True)
class Filters:
    """Which statements are wanted; an empty value wants all. A topic includes the topics below it."""

    edition: str = ""
    modality: str = ""
    bearer: str = ""
    topic: str = ""
    section: str = ""
    statutory: bool | None = None
    changed: str = ""


def read_statements(opened: Opened, filters: Filters = Filters()) -> list[Statement]:
    """Give the statements that fit, by edition and place.

    Raises:
        LookupFailed: E420, when an edition, modality, bearer, topic or kind of change does not exist.
    """
    wanted = _checked(opened, filters)
    topics = _below(opened, wanted.topic) if wanted.topic else set()
    return [s for s in _all(opened) if _fits(s, wanted, topics)]


def read_statement(opened: Opened, name: str) -> Statement:
    """Give one statement by its id, such as ``2024/034-a``.

    Raises:
        LookupFailed: E420, when there is none of that id.
    """
    known = {s.id: s for s in _all(opened)}
    if name not in known:
        raise unknown("statement", name, known)
    return known[name]


def editions(opened: Opened) -> list[str]:
    """Give the editions that have statements, such as ``2022``, the earliest first."""
    found = rows(opened.store, "SELECT DISTINCT ?e WHERE { ?s a ics:Statement ; ics:inEdition ?e }")
    return sorted(_edition(text(row["e"])) for row in found)


def role_labels(opened: Opened) -> dict[str, str]:
    """Give the label of each role by its slug."""
    found = rows(opened.store, f"SELECT ?c ?l WHERE {{ ?c skos:inScheme <{SCHEME}role> ; skos:prefLabel ?l }}")
    return {_name(text(row["c"])): text(row["l"]) for row in found}


def _all(opened: Opened) -> list[Statement]:
    links: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows(opened.store, _LINKS):
        links[text(row["s"]), text(row["p"]).rpartition("/")[2]].append(_name(text(row["o"])))
    norms = {text(row["s"]): text(row["norm"]).rpartition("/")[2] for row in rows(opened.store, _BELONGING)}
    changes: dict[str, tuple[str, list[str]]] = {}
    for row in rows(opened.store, _CHANGES):
        change = text(row["change"]).removeprefix(ID + "change/")
        changes.setdefault(text(row["s"]), (change, []))[1].append(_name(text(row["kind"])))
    found = []
    for row in rows(opened.store, _SCALARS):
        iri = text(row["s"])
        of = {name: tuple(links[iri, name]) for name in _LINKED}
        change, kinds = changes.get(iri, ("", []))
        found.append(
            Statement(
                id=iri.removeprefix(STATEMENT), edition=_edition(text(row["edition"])),
                section=tuple(text(row["section"]).split(SECTION_MARK)),
                start=int(text(row["start"])), end=int(text(row["end"])), words=int(text(row["words"])),
                digest=text(row["digest"]), modality=_name(text(row["modality"])), wording=of["hasWording"],
                statutory=text(row["statutory"]) == "true", section_status=_name(text(row["status"])),
                bearers=of["hasBearer"], bearer_implied=text(row["implied"]) == "true",
                action=_name(text(row["action"])), objects=of["hasObject"], trigger=text(row["trigger"]),
                topics=of["aboutTopic"], provisions=of["restsOn"], paraphrase=text(row["paraphrase"]),
                part_of=text(row["stem"]).removeprefix(STATEMENT), norm=norms.get(iri, ""),
                change=change, change_kinds=tuple(kinds), page=text(row["page"]), note=text(row["note"]),
            )
        )  # fmt: skip
    return found


def _edition(iri: str) -> str:
    return iri.removeprefix(ID + "guidance/")


def _name(iri: str) -> str:
    """The last part of the IRI of a concept or provision."""
    return iri.removeprefix(SCHEME).removeprefix(BASE).rpartition("/")[2]


def _fits(s: Statement, wanted: Filters, topics: set[str]) -> bool:
    return (
        (not wanted.edition or s.edition == wanted.edition)
        and (not wanted.modality or s.modality == wanted.modality)
        and (not wanted.bearer or wanted.bearer in s.bearers)
        and (not topics or not topics.isdisjoint(s.topics))
        and wanted.section.casefold() in SECTION_MARK.join(s.section).casefold()
        and (wanted.statutory is None or s.statutory == wanted.statutory)
        and (not wanted.changed or wanted.changed in s.change_kinds)
    )


def _checked(opened: Opened, filters: Filters) -> Filters:
    kinds = _concepts(opened, "norm-change")
    changed = "dropped" if filters.changed == "removed" else filters.changed
    for what, name, known in (
        ("edition", filters.edition, editions(opened)),
        ("modality", filters.modality, STRENGTHS),
        ("role", filters.bearer, _concepts(opened, "role")),
        ("topic", filters.topic, _concepts(opened, "topic")),
        ("kind of change", changed, kinds),
    ):
        if name and name not in known:
            raise unknown(what, name, known)
    return replace(filters, changed=changed)


def _concepts(opened: Opened, scheme: str) -> list[str]:
    found = rows(opened.store, f"SELECT ?c WHERE {{ ?c skos:inScheme <{SCHEME}{scheme}> }} ORDER BY ?c")
    return [_name(text(row["c"])) for row in found]


def _below(opened: Opened, topic: str) -> set[str]:
    found = rows(opened.store, f"SELECT ?c WHERE {{ ?c skos:broader* <{SCHEME}topic/{topic}> }}")
    return {_name(text(row["c"])) for row in found}


def unknown(what: str, name: str, known: Iterable[str]) -> LookupFailed:
    """Give the error for a name that means nothing, with near ones."""
    names = list(known)
    near = difflib.get_close_matches(name, names, n=5, cutoff=0.5) or names[:8]
    return LookupFailed("E420", name, f"there is no {what} of that name", f"Near ones: {', '.join(near)}.")
