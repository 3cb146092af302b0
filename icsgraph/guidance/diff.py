# SPDX-License-Identifier: Apache-2.0
"""The graph and two editions to what changed between them, the gravest first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from icsgraph.guidance.statements import Statement, editions, read_statements, role_labels
from icsgraph.model.errors import LookupFailed
from icsgraph.model.namespaces import ID, NORM, STATEMENT
from icsgraph.store.opened import Opened
from icsgraph.store.select import rows, text

# A change of several kinds stands under the first of them.
KINDS: Final = (
    "strengthened", "weakened", "widened", "narrowed", "added", "dropped", "moved", "reworded", "unchanged",
)  # fmt: skip

_CHANGES: Final = """SELECT ?change ?kind ?reason WHERE {
  ?change a ics:Change ; ics:hasNormChange ?kind ; ics:hasReason ?reason } ORDER BY ?change"""
_ENDS: Final = """SELECT ?change ?statement ?later WHERE {
  { ?change ics:fromStatement ?statement BIND(false AS ?later) }
  UNION { ?change ics:toStatement ?statement BIND(true AS ?later) } }"""
_NORMS: Final = """SELECT ?change ?norm ?label ?difference ?note WHERE {
  ?change ics:changesNorm ?norm . ?norm rdfs:label ?label .
  OPTIONAL { ?norm ics:differenceNumber ?difference ; ics:note ?note } } ORDER BY ?change ?norm"""
_TOPICS: Final = """SELECT ?topic ?top ?label WHERE {
  ?topic skos:inScheme <https://w3id.org/icsgraph/scheme/topic> ; skos:broader* ?top .
  ?top skos:topConceptOf ?scheme ; skos:prefLabel ?label }"""
_EDITIONS: Final = """SELECT ?edition ?day ?note WHERE {
  ?edition a ics:GuidanceEdition ; ics:publishedOn ?day . OPTIONAL { ?edition ics:note ?note } }"""
_POINTS: Final = """SELECT ?id ?paraphrase ?note ?change ?case WHERE {
  ?point a ics:SummaryPoint ; ics:passageOf ?edition ; dcterms:identifier ?id ; ics:paraphrase ?paraphrase ;
    ics:note ?note .
  OPTIONAL { ?point ics:isBorneOutBy ?change . ?change a ics:Change }
  OPTIONAL { ?point ics:isBorneOutBy ?case . ?case a ics:CaseStudy } } ORDER BY ?id ?change ?case"""


@dataclass(frozen=True, slots=True)
class Change:
    """Statements of the earlier and the later edition that correspond; one side is empty for what came or went.

    ``note`` says where an edition and the Act differ on the norm.
    """

    id: str
    kinds: tuple[str, ...]
    reason: str
    norms: tuple[tuple[str, str], ...]
    earlier: tuple[Statement, ...]
    later: tuple[Statement, ...]
    note: str

    @property
    def leading(self) -> str:
        """The gravest of its kinds."""
        return min(self.kinds, key=KINDS.index)

    @property
    def title(self) -> str:
        """What the norm asks; where there are several, the one of the statement that leads."""
        leading = (*self.later, *self.earlier)[0].norm
        return dict(self.norms)[leading]

    @property
    def stem(self) -> str:
        """The statement under which it stands: the lead-in of a list for its items, else its own last statement."""
        last = (self.later or self.earlier)[-1]
        return last.part_of or last.id

    @property
    def is_law(self) -> bool:
        """Whether a statement of the later edition, or of the earlier where that says nothing, repeats an Act."""
        return any(s.statutory for s in self.later or self.earlier)

    @property
    def strengths(self) -> tuple[str, str]:
        """How strongly each edition asks; empty where it says nothing."""
        return _strength(self.earlier), _strength(self.later)


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the later edition's own list of changes, and the changes and case studies that bear it out."""

    id: str
    paraphrase: str
    changes: tuple[str, ...]
    case_studies: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Diff:
    """What changed from one edition to the next.

    ``roles`` gives the label of each role by its slug, ``topics`` that of the highest topic above each topic,
    ``published`` the day on which each edition came out, ``notes`` what is said on the page of an edition.
    """

    earlier: str
    later: str
    changes: tuple[Change, ...]
    points: tuple[Point, ...]
    roles: dict[str, str]
    topics: dict[str, str]
    published: dict[str, date]
    notes: dict[str, str]

    def counts(self) -> dict[str, int]:
        """How many changes have each leading kind, in order of gravity."""
        counted = Counter(change.leading for change in self.changes)
        return {kind: counted[kind] for kind in KINDS if counted[kind]}

    def of(self, kind: str) -> list[Change]:
        """The changes under one leading kind, in order of the text."""
        return [change for change in self.changes if change.leading == kind]


def read_diff(opened: Opened, earlier: str, later: str) -> Diff:
    """Give what changed between two editions, the gravest first, then in order of the text.

    Raises:
        LookupFailed: E422, when an edition is unknown or no changes between the two are on record.
    """
    found = _changes(opened, {s.id: s for s in read_statements(opened)})
    chosen = [change for change in found if change.id.startswith(f"{earlier}-{later}/")]
    if not chosen:
        mend = f"Editions: {', '.join(editions(opened))}; changes are on record from one to the next."
        raise LookupFailed("E422", f"{earlier} {later}", "no changes from the one to the other are on record", mend)
    chosen.sort(key=lambda change: (KINDS.index(change.leading), change.id))
    published, notes = _editions(opened)
    points, roles = tuple(_points(opened, later)), role_labels(opened)
    return Diff(earlier, later, tuple(chosen), points, roles, _tops(opened), published, notes)


def _tops(opened: Opened) -> dict[str, str]:
    return {text(row["topic"]).rpartition("/")[2]: text(row["label"]) for row in rows(opened.store, _TOPICS)}


def _editions(opened: Opened) -> tuple[dict[str, date], dict[str, str]]:
    found = [(text(r["edition"]).removeprefix(ID + "guidance/"), r) for r in rows(opened.store, _EDITIONS)]
    published = {name: date.fromisoformat(text(row["day"])) for name, row in found}
    return published, {name: text(row["note"]) for name, row in found if row["note"]}


def _changes(opened: Opened, statements: dict[str, Statement]) -> list[Change]:
    ends: dict[tuple[str, bool], list[Statement]] = defaultdict(list)
    for row in rows(opened.store, _ENDS):
        statement = statements[text(row["statement"]).removeprefix(STATEMENT)]
        ends[text(row["change"]), text(row["later"]) == "true"].append(statement)
    norms: dict[str, list[tuple[str, str]]] = defaultdict(list)
    notes: dict[str, str] = {}
    for row in rows(opened.store, _NORMS):
        norms[text(row["change"])].append((text(row["norm"]).removeprefix(NORM), text(row["label"])))
        if row["difference"]:
            notes[text(row["change"])] = text(row["note"])
    kinds: dict[str, list[str]] = defaultdict(list)
    reasons: dict[str, str] = {}
    for row in rows(opened.store, _CHANGES):
        kinds[text(row["change"])].append(text(row["kind"]).rpartition("/")[2])
        reasons[text(row["change"])] = text(row["reason"])
    return [
        Change(
            iri.removeprefix(ID + "change/"), tuple(sorted(kinds[iri], key=KINDS.index)), reason, tuple(norms[iri]),
            _ordered(ends[iri, False]), _ordered(ends[iri, True]), notes.get(iri, ""),
        )
        for iri, reason in reasons.items()
    ]  # fmt: skip


def _ordered(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    return tuple(sorted(statements, key=lambda s: (s.start, s.id)))


def _strength(statements: Sequence[Statement]) -> str:
    return " and ".join(dict.fromkeys(s.modality for s in statements))


def _points(opened: Opened, edition: str) -> list[Point]:
    found: dict[str, tuple[str, str, dict[str, None], dict[str, None]]] = {}
    for row in rows(opened.store, _POINTS):
        name = text(row["id"])
        if name.startswith(edition + "/"):
            entry = found.setdefault(name, (text(row["paraphrase"]), text(row["note"]), {}, {}))
            if row["change"]:
                entry[2][text(row["change"]).removeprefix(ID + "change/")] = None
            if row["case"]:
                entry[3][text(row["case"]).removeprefix(ID + "case-study/")] = None
    return [
        Point(name, told, tuple(changes), tuple(cases), note) for name, (told, note, changes, cases) in found.items()
    ]
