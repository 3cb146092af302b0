# SPDX-License-Identifier: Apache-2.0
"""The graph to counts of sentences and statements by section, and to the chain from norm to constraint to shape."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import Final

from icsgraph.guidance.statements import SECTION_MARK, editions, read_statements
from icsgraph.guidance.tally import Place, tally
from icsgraph.guidance.textcheck import which_edition
from icsgraph.model.errors import LookupFailed
from icsgraph.model.namespaces import ICSC, ID, NORM
from icsgraph.store import shipped
from icsgraph.store.opened import Opened
from icsgraph.store.select import rows, text

_SECTIONS: Final = """SELECT * WHERE {
  ?s a ics:Section ; ics:passageOf ?edition ; ics:inSection ?path ; ics:startsAt ?start ; ics:sentenceCount ?all ;
    ics:sentencesInStatements ?stated ; ics:sentencesListed ?listed ; ics:sentencesInCaseStudies ?told ;
    ics:sentencesUnaccounted ?left }
  ORDER BY ?edition ?start ?path"""
_REASONS: Final = """SELECT ?edition ?why (COUNT(?s) AS ?number) WHERE {
  ?s a ics:PassageWithoutNorm ; ics:passageOf ?edition ; ics:whyNoNorm ?why }
  GROUP BY ?edition ?why ORDER BY ?edition ?why"""
_PASSAGES: Final = """SELECT ?edition ?start ?end ?path ?kind WHERE {
  VALUES ?kind { ics:PassageWithoutNorm ics:CaseStudy }
  ?s a ?kind ; ics:passageOf ?edition ; ics:startsAt ?start ; ics:endsAt ?end .
  OPTIONAL { ?s ics:inSection ?path } }"""
_DUTIES: Final = """SELECT DISTINCT ?norm WHERE {
  ?norm a ics:Norm ; ics:isLaidDownBy ?p . ?p ics:modality <https://w3id.org/icsgraph/scheme/modality/duty> }"""
_CHECKS: Final = "SELECT ?constraint ?how WHERE { ?constraint a ics:Constraint ; ics:checkability ?how }"
_NORMS: Final = """SELECT ?norm ?label ?constraint ?statement ?provision ?why WHERE {
  ?norm a ics:Norm ; rdfs:label ?label .
  OPTIONAL { ?constraint ics:enforces ?norm } OPTIONAL { ?norm ics:whyUnchecked ?why }
  OPTIONAL { ?norm ics:isStatedBy ?statement } OPTIONAL { ?norm ics:isLaidDownBy ?provision } }
  ORDER BY ?norm ?constraint"""


@dataclass(frozen=True, slots=True)
class SectionCount:
    """One section: its sentences, those in which a statement stands, and those left over.

    ``unaccounted`` are sentences with a word such as must or may that are neither a statement nor listed as none.
    """

    edition: str
    section: tuple[str, ...]
    sentences: int
    statements: int
    in_statements: int
    listed: int
    in_case_studies: int
    unaccounted: int

    @property
    def without(self) -> int:
        """Sentences in which no statement stands."""
        return self.sentences - self.in_statements


@dataclass(frozen=True, slots=True)
class NormChain:
    """One norm, how many statements and provisions it comes from, what constraints test it, in which shape files.

    ``duty`` says whether an Act makes it one, ``unchecked`` why nothing tests it, ``limits`` how far each constraint
    can be judged from records where that is not all the way.
    """

    norm: str
    label: str
    statements: int
    provisions: int
    constraints: tuple[str, ...]
    shapes: tuple[str, ...]
    duty: bool
    unchecked: str
    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the editions is annotated, why passages are listed as no statement, and how many norms are tested."""

    sections: tuple[SectionCount, ...]
    norms: tuple[NormChain, ...]
    reasons: dict[str, dict[str, int]]

    def totals(self) -> dict[str, dict[str, int]]:
        """Sums by edition."""
        sums: dict[str, Counter[str]] = defaultdict(Counter)
        for part in self.sections:
            sums[part.edition].update(
                sentences=part.sentences, statements=part.statements, in_statements=part.in_statements,
                listed=part.listed, in_case_studies=part.in_case_studies, without=part.without,
                unaccounted=part.unaccounted,
            )  # fmt: skip
        return {edition: dict(counted) for edition, counted in sums.items()}


def read_coverage(opened: Opened, edition: str = "", copy: str | None = None) -> Coverage:
    """Give counts for one edition or all, and the chain for every norm.

    Args:
        copy: text of one edition, told from the text unless named; its sentences are then counted anew, instead of
            taking the counts on record.

    Raises:
        LookupFailed: E420, when there is no such edition; E421, when the copy is of none.
    """
    known = editions(opened)
    if edition and edition not in known:
        raise LookupFailed("E420", edition, "there is no edition of that name", f"There are: {', '.join(known)}.")
    if copy is None:
        sections = [part for part, _ in _placed_sections(opened) if edition in ("", part.edition)]
    else:
        sections = _recount(opened, edition or which_edition(copy, read_statements(opened)), copy)
    counted = {part.edition for part in sections}
    reasons = {name: found for name, found in _reasons(opened).items() if name in counted}
    return Coverage(tuple(sections), tuple(_norms(opened)), reasons)


def _reasons(opened: Opened) -> dict[str, dict[str, int]]:
    """How many passages of each edition are listed for each reason; what follows a colon is particular to one."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows(opened.store, _REASONS):
        edition = text(row["edition"]).removeprefix(ID + "guidance/")
        counted[edition][text(row["why"]).partition(":")[0]] += int(text(row["number"]))
    return {edition: dict(found) for edition, found in counted.items()}


def _recount(opened: Opened, edition: str, copy: str) -> list[SectionCount]:
    recorded = [(part, start) for part, start in _placed_sections(opened) if part.edition == edition]
    paths = [(SECTION_MARK.join(part.section), start) for part, start in recorded]
    known = {path for path, _ in paths}
    statements = {
        (s.start, s.end): _within(SECTION_MARK.join(s.section), known)
        for s in read_statements(opened)
        if s.edition == edition
    }
    passages: dict[str, dict[Place, str]] = {"PassageWithoutNorm": {}, "CaseStudy": {}}
    for row in rows(opened.store, _PASSAGES):
        if text(row["edition"]) == f"{ID}guidance/{edition}":
            place = (int(text(row["start"])), int(text(row["end"])))
            passages[text(row["kind"]).rpartition("/")[2]][place] = _within(text(row["path"]), known)
    counted = tally(copy, paths, statements, passages["PassageWithoutNorm"], passages["CaseStudy"])
    return [
        replace(part, sentences=found.sentences, in_statements=found.in_statements, listed=found.listed,
                in_case_studies=found.in_case_studies, unaccounted=found.unaccounted)
        for (part, _), found in zip(recorded, counted, strict=True)
    ]  # fmt: skip


def _within(path: str, known: set[str]) -> str:
    """The section itself, or the nearest above it that is counted: a case study's heading is none."""
    while path not in known:
        path = path.rpartition(SECTION_MARK)[0]
    return path


def _placed_sections(opened: Opened) -> list[tuple[SectionCount, int]]:
    found = rows(opened.store, _SECTIONS)
    known = {(text(row["edition"]), text(row["path"])) for row in found}
    counted: Counter[tuple[str, str]] = Counter()
    for s in read_statements(opened):
        edition = f"{ID}guidance/{s.edition}"
        counted[edition, _within(SECTION_MARK.join(s.section), {path for e, path in known if e == edition})] += 1
    return [
        (
            SectionCount(
                text(row["edition"]).removeprefix(ID + "guidance/"), tuple(text(row["path"]).split(SECTION_MARK)),
                int(text(row["all"])), counted[text(row["edition"]), text(row["path"])], int(text(row["stated"])),
                int(text(row["listed"])), int(text(row["told"])), int(text(row["left"])),
            ),
            int(text(row["start"])),
        )
        for row in found
    ]  # fmt: skip


def _norms(opened: Opened) -> list[NormChain]:
    root = shipped.root()
    shapes = {path.stem: path.relative_to(root).as_posix() for path in shipped.files("shapes")}
    duties = {text(row["norm"]).removeprefix(NORM) for row in rows(opened.store, _DUTIES)}
    checks = {text(row["constraint"]).removeprefix(ICSC): text(row["how"]) for row in rows(opened.store, _CHECKS)}
    gathered: dict[tuple[str, str, str], tuple[set[str], set[str], set[str]]] = {}
    for row in rows(opened.store, _NORMS):
        key = text(row["norm"]).removeprefix(NORM), text(row["label"]), text(row["why"])
        sets = gathered.setdefault(key, (set(), set(), set()))
        for kept, name in zip(sets, ("constraint", "statement", "provision"), strict=True):
            if row[name]:
                kept.add(text(row[name]))
    chains = []
    for (norm, label, why), (constraints, statements, provisions) in gathered.items():
        ids = tuple(sorted(iri.removeprefix(ICSC) for iri in constraints))
        named = tuple(shapes[one] for one in ids if one in shapes)
        limits = tuple(f"{one}: {checks[one]}" for one in ids if not checks.get(one, "yes").startswith("yes"))
        chain = NormChain(norm, label, len(statements), len(provisions), ids, named, norm in duties, why, limits)
        chains.append(chain)
    return chains
