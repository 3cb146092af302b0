# SPDX-License-Identifier: Apache-2.0
"""Small changes of a constraint's case files by which a living mutant would be noticed, as rows for ``variants.csv``.

A date is moved to the days around the others, an end or a beginning added, a triple left out, a thing put in another's
place, the as-at date moved. What the shape finds then is only its own opinion: a row belongs in the table when the law
says the same, and says why.

    python tests/law/suggest_cases.py ICS-20 [--seconds 120] [--output FILE]
"""

from __future__ import annotations

import argparse
import csv
import functools
import re
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import pyoxigraph as ox
from case_files import COLUMNS, FOLDER, Case, from_file, lean, prefixes_of
from mutants import Mutant, checks, found_in, mutants_of, survivors

from icsgraph.law import check
from icsgraph.law.shapes import shipped_shapes
from icsgraph.model.dates import months_before
from icsgraph.model.namespaces import BASE, ICS, RDF, RDFS, XSD

TYPE, DATE, MONTH, YEAR = (ox.NamedNode(n) for n in (RDF + "type", XSD + "date", XSD + "gYearMonth", XSD + "gYear"))
FIRST, LAST = ox.NamedNode(ICS + "firstDay"), ox.NamedNode(ICS + "lastDay")
ONE = timedelta(days=1)
WORDS = frozenset((RDFS + "label", ICS + "odsCode", ICS + "onsCode", ICS + "code", RDFS + "comment"))
NOBODY = ox.NamedNode("https://example.org/northshire/nobody-on-record")


@dataclass(frozen=True)
class Edit:
    """A change of a case: what is taken away and added, the as-at date, and words for both name and reason."""

    said: str
    gone: tuple[ox.Quad, ...] = ()
    new: tuple[ox.Quad, ...] = ()
    day: date | None = None

    def of(self, case: Case) -> Case:
        """Give the case, changed."""
        kept = tuple(q for q in case.records if q not in self.gone)
        return replace(case, records=(*kept, *self.new), day=self.day or case.day)


def edits(case: Case, text: str) -> Iterator[Edit]:
    """Give the changes of a case worth trying, those that most often tell something first."""
    own = sorted({q.subject for q in case.records if isinstance(q.subject, ox.NamedNode)}, key=str)
    kinds = {q.subject: q.object for q in case.records if q.predicate == TYPE}
    days = sorted({d for q in case.records if (d := _day(q.object))} | {case.day})
    around = sorted({d + step for d in days for step in (-ONE, timedelta(0), ONE)})
    counted = {months_before(d, -m) + step for d in days for m in (3, 6, 12) for step in (-ONE, timedelta(0), ONE)}
    yield from _ends(case, own)
    for quad in case.records:
        if quad.predicate.value not in WORDS:
            yield Edit(f"{_local(quad.subject)} without {_local(quad.predicate)} {_local(quad.object)}", (quad,))
    for quad in case.records:
        if quad.predicate != TYPE and isinstance(quad.object, ox.NamedNode):
            for other in _instead(quad, own, kinds, text):
                yield Edit(
                    f"{_local(quad.subject)} {_local(quad.predicate)} {_local(other)}", (quad,), (_as(quad, other),)
                )
        elif quad.predicate == TYPE:
            for other in _kinds(quad.object, text):
                yield Edit(f"{_local(quad.subject)} a {_local(other)}", (quad,), (_as(quad, other),))
        elif quad.object.datatype.value == XSD + "integer":
            for number in {0, int(quad.object.value) - 1, int(quad.object.value) + 1}:
                yield Edit(
                    f"{_local(quad.subject)} {_local(quad.predicate)} {number}",
                    (quad,),
                    (_as(quad, ox.Literal(number)),),
                )
        elif quad.object.value in ("true", "false"):
            other = ox.Literal(quad.object.value != "true")
            yield Edit(f"{_local(quad.subject)} {_local(quad.predicate)} {other.value}", (quad,), (_as(quad, other),))
    for day in sorted(set(around) | {d for d in counted if d <= date(2027, 1, 1)}):
        yield Edit(f"as at {day}", day=day)
    for quad in case.records:
        if _day(quad.object):
            for value in (*(ox.Literal(d.isoformat(), datatype=DATE) for d in around), *_partial(days)):
                if value != quad.object:
                    yield Edit(
                        f"{_local(quad.subject)} {_local(quad.predicate)} {value.value}", (quad,), (_as(quad, value),)
                    )


def _ends(case: Case, own: list[ox.NamedNode]) -> Iterator[Edit]:
    """What has ended by the as-at date, or not begun; on the very day; in a month not told more closely."""
    after, before = case.day + ONE, case.day - ONE
    for node in own:
        about = {q.predicate: q for q in case.records if q.subject == node}
        for prop, values in (
            (LAST, (_date(before), _date(case.day), _month(case.day))),
            (FIRST, (_date(after), _date(case.day), _month(case.day))),
        ):
            if prop in about or TYPE in about:
                for value in values:
                    gone = (about[prop],) if prop in about else ()
                    new = ox.Quad(node, prop, value)
                    if new not in gone:
                        yield Edit(f"{_local(node)} {_local(prop)} {value.value}", gone, (new,))


def _partial(days: Iterable[date]) -> Iterator[ox.Literal]:
    yield from {_month(d): None for d in days}
    yield from {ox.Literal(str(d.year), datatype=YEAR): None for d in days}


def _instead(quad: ox.Quad, own: list[ox.NamedNode], kinds: dict[object, object], text: str) -> list[ox.NamedNode]:
    value = quad.object.value
    if value.startswith(BASE + "scheme/"):
        scheme = value.rpartition("/")[0] + "/"
        named = [c for c in re.findall(r"<([^<>\s]+)>", text) if c.startswith(scheme) and c != value]
        rest = [c for c in _concepts() if c.startswith(scheme) and c != value and c not in named][:2]
        return [ox.NamedNode(c) for c in dict.fromkeys([*named, *rest])]
    kind = kinds.get(quad.object)
    same = [n for n in own if n != quad.object and kinds.get(n) == kind and kind is not None]
    return [*same, NOBODY]


@functools.cache
def _concepts() -> tuple[str, ...]:
    store = lean((), date(2024, 1, 1)).store
    found = {q.subject.value for q in store.quads_for_pattern(None, TYPE, None, None) if hasattr(q.subject, "value")}
    return tuple(sorted(iri for iri in found if iri.startswith(BASE + "scheme/")))


@functools.cache
def _classes() -> dict[str, set[str]]:
    store = lean((), date(2024, 1, 1)).store
    above: dict[str, set[str]] = {}
    for q in store.quads_for_pattern(None, ox.NamedNode(RDFS + "subClassOf"), None, None):
        if isinstance(q.object, ox.NamedNode) and isinstance(q.subject, ox.NamedNode):
            above.setdefault(q.subject.value, set()).add(q.object.value)
    return above


def _kinds(kind: object, text: str) -> list[ox.NamedNode]:
    own = getattr(kind, "value", "")
    above = _classes().get(own, set())
    beside = sorted(c for c, up in _classes().items() if up & above and c != own and c.startswith(ICS))
    below = sorted(c for c, up in _classes().items() if own in up and c.startswith(ICS))
    named = [ICS + n for n in re.findall(r"\bics:([A-Z]\w+)", text) if ICS + n in beside]
    chosen = [*named, *(c for c in sorted(above) if c.startswith(ICS)), *below[:2], *beside[:2]]
    return [ox.NamedNode(c) for c in dict.fromkeys(chosen) if c != own]


def _as(quad: ox.Quad, value: object) -> ox.Quad:
    return ox.Quad(quad.subject, quad.predicate, value)  # type: ignore[arg-type]


def _day(term: object) -> date | None:
    if isinstance(term, ox.Literal) and term.datatype == DATE:
        return date.fromisoformat(term.value)
    return None


def _date(day: date) -> ox.Literal:
    return ox.Literal(day.isoformat(), datatype=DATE)


def _month(day: date) -> ox.Literal:
    return ox.Literal(day.strftime("%Y-%m"), datatype=MONTH)


def _local(term: object) -> str:
    return re.split(r"[/#]", str(getattr(term, "value", term)))[-1]


@dataclass
class Suggestion:
    """A change of a file's case, and the mutants that it would tell from the shape."""

    base: Case
    edit: Edit
    kills: set[int] = field(default_factory=set)


def suggest(constraint: str, seconds: float) -> tuple[list[Suggestion], list[Mutant]]:
    """Search until the time is over; give the fewest changes found, and the mutants that none of them tells."""
    shapes = shipped_shapes([constraint])
    whole, _ = mutants_of(shapes)
    alive = survivors(constraint, shapes)
    text = " ".join(checks(shapes).values())
    numbered = dict(enumerate(alive))
    left, kept, tried = set(numbered), list[Suggestion](), set[tuple[object, ...]]()
    until = time.monotonic() + seconds
    bases = [from_file(path) for path in sorted(FOLDER.glob(f"{constraint}-*/*.ttl"))]
    queues = {base: edits(base, text) for base in bases if not base.whole}
    while queues and left and time.monotonic() < until:
        for base, queue in list(queues.items()):
            some = list(islice(queue, 12))
            if len(some) < 12:
                del queues[base]
            for edit in some:
                key = (base.name, edit.gone, edit.new, edit.day)
                kills = set() if key in tried else _told(edit.of(base), whole, numbered, left)
                tried.add(key)
                if kills:
                    kept.append(Suggestion(base, edit, kills))
                    left -= kills
            if time.monotonic() > until or not left:
                break
    for one in kept:
        one.kills = _told(one.edit.of(one.base), whole, numbered, set(numbered))
    return _fewest(kept), [numbered[n] for n in sorted(left)]


def _told(case: Case, whole: dict[str, str], numbered: dict[int, Mutant], wanted: Iterable[int]) -> set[int]:
    store = lean(case.records, case.day).store
    before: dict[str, object] = {}
    told = set()
    for number in wanted:
        mutant = numbered[number]
        if mutant.check not in before:
            before[mutant.check] = found_in(store, whole[mutant.check])
        if found_in(store, mutant.text) != before[mutant.check]:
            told.add(number)
    return told


def _fewest(kept: list[Suggestion]) -> list[Suggestion]:
    left = set().union(*(one.kills for one in kept)) if kept else set()
    chosen = []
    while left:
        best = max(kept, key=lambda one: len(one.kills & left))
        chosen.append(best)
        left -= best.kills
    return chosen


def row(one: Suggestion) -> dict[str, str]:
    """Give a suggestion as a row of the table, with what the shape finds as what is expected."""
    path = next(FOLDER.glob(f"{one.base.folder}/{one.base.name}.ttl"))
    prefixes = prefixes_of(path)
    case = one.edit.of(one.base)
    report = check(case.open_lean(), shipped_shapes([case.constraint]), everything=True)
    found = sorted((f.focus, f.value, f.condition, f.severity, f.outcome) for f in report.findings)
    expects = " ; ".join(f"{_short(a, prefixes)} {_short(b, prefixes)} {' '.join(rest)}" for a, b, *rest in found)
    slug = re.sub(r"[^a-z0-9]+", "-", re.sub(r"([a-z])([A-Z])", r"\1-\2", one.edit.said).lower()).strip("-")
    values = (
        f"{'fail' if found else 'pass'}-{slug}",
        one.base.name,
        _text(one.edit.gone, prefixes),
        _text(one.edit.new, prefixes),
        one.edit.day.isoformat() if one.edit.day else "",
        expects or "none",
        one.edit.said,
    )
    return dict(zip(COLUMNS, values, strict=True))


def _text(quads: Iterable[ox.Quad], prefixes: dict[str, str]) -> str:
    return " ".join(f"{_short(q.subject, prefixes)} {_pred(q, prefixes)} {_short(q.object, prefixes)} ." for q in quads)


def _pred(quad: ox.Quad, prefixes: dict[str, str]) -> str:
    return "a" if quad.predicate == TYPE else _short(quad.predicate, prefixes)


def _short(term: object, prefixes: dict[str, str]) -> str:
    if isinstance(term, ox.Literal):
        text = str(term)
        return re.sub(r"\^\^<([^>]*)>$", lambda m: "^^" + _short(m[1], prefixes), text)
    value = getattr(term, "value", term)
    if not value:
        return "-"
    for name, space in sorted(prefixes.items(), key=lambda p: -len(p[1])):
        local = str(value).removeprefix(space)
        if local != value and re.fullmatch(r"[A-Za-z][\w-]*", local):
            return f"{name}:{local}"
    return f"<{value}>"


def main() -> None:
    """Print the rows, then what still lives."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("constraints", nargs="+")
    asked.add_argument("--seconds", type=float, default=120, help="for each constraint")
    asked.add_argument("--output", type=Path, help="a table to write; standard output unless given")
    given = asked.parse_args()
    stream = given.output.open("w", encoding="utf-8", newline="") if given.output else sys.stdout
    table = csv.DictWriter(stream, (*COLUMNS, "kills"), lineterminator="\n")
    table.writeheader()
    for constraint in given.constraints:
        chosen, left = suggest(constraint, given.seconds)
        for one in chosen:
            table.writerow({**row(one), "kills": str(len(one.kills))})
        for mutant in left:
            print(f"LIVES {constraint} {mutant.check}: {mutant.said}", file=sys.stderr)
        print(f"{constraint}: {len(chosen)} changes; {len(left)} mutants still live", file=sys.stderr)


if __name__ == "__main__":
    main()
