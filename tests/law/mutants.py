# SPDX-License-Identifier: Apache-2.0
"""Weakens every component of every constraint's shape, one at a time, and says which weakenings no case notices.

A component is a filter (a date comparison, a NOT EXISTS), an operand of && or ||, a class that a node must have, a
choice of IN, a way of a path, a branch of UNION, a negation. A case notices a mutant when what the shape finds in it
changes: the pairs of focus and value to which the constraint applies, or whether a name in the message is filled in.

    python tests/law/mutants.py                      every constraint (many minutes)
    python tests/law/mutants.py ICS-20 JFP-01        these
    python tests/law/mutants.py --joins ICS-20       take away every other triple pattern too
    python tests/law/mutants.py --boundaries ICS-20  swap < and <=, = and != too

Exit status 1 when a mutant lives that ``mutants-accepted.csv`` does not explain, or an explanation is out of date.
"""

from __future__ import annotations

import csv
import dataclasses
import functools
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

import pyoxigraph as ox

from icsgraph.algebra import nodes as n
from icsgraph.algebra import parse_query, rewrite_exists, to_text
from icsgraph.law.population import applicable, population
from icsgraph.law.shapes import ShapeSet, shipped_shapes
from icsgraph.model.namespaces import SH
from icsgraph.opening import open_graph
from icsgraph.store import shipped

HERE = Path(__file__).resolve().parent
CASES = HERE.parent / "cases" / "shapes"
ACCEPTED = HERE / "mutants-accepted.csv"
SWAPPED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "!=", "!=": "="}
LABELS = ("label", "prefLabel")


def variants(node: n.Node, more: frozenset[str] = frozenset()) -> Iterator[tuple[str, n.Node]]:
    """Every tree with one component weakened, with words that tell it from the others."""
    for kind, said, new in _all(node):
        if not kind or kind in more:
            yield said, new


def _all(node: n.Node) -> Iterator[tuple[str, str, n.Node]]:
    yield from _own(node)
    for field in dataclasses.fields(node):
        value = getattr(node, field.name)
        if isinstance(value, n.Node):
            for kind, said, new in _inside(value):
                yield kind, said, dataclasses.replace(node, **{field.name: new})
        elif isinstance(value, tuple):
            for at, each in enumerate(value):
                if isinstance(each, n.Node):
                    for kind, said, new in _inside(each):
                        yield (
                            kind,
                            said,
                            dataclasses.replace(node, **{field.name: (*value[:at], new, *value[at + 1 :])}),
                        )


def _inside(node: n.Node) -> Iterator[tuple[str, str, n.Node]]:
    """The variants of a part of a tree; what only fetches words for a message is left alone."""
    if isinstance(node, n.Bind | n.Optional | n.Assignment | n.Variable | n.IRI | n.Literal):
        return
    yield from _all(node)


def _own(node: n.Node) -> Iterator[tuple[str, str, n.Node]]:
    match node:
        case n.Group(elements):
            for at, each in enumerate(elements):
                if not isinstance(each, n.Bind | n.Optional):
                    kind = "joins" if isinstance(each, n.Triple) and each.predicate != n.TYPE else ""
                    yield kind, f"without {_short(each)}", n.Group((*elements[:at], *elements[at + 1 :]))
        case n.Comparison(operator, left, right):
            yield (
                "boundaries",
                f"{_short(node)} with {SWAPPED[operator]}",
                n.Comparison(SWAPPED[operator], left, right),  # type: ignore[arg-type]
            )
        case n.And(operands) | n.Or(operands):
            for at, each in enumerate(operands):
                rest = (*operands[:at], *operands[at + 1 :])
                yield "", f"without operand {_short(each)}", rest[0] if len(rest) == 1 else type(node)(rest)
        case n.Unary("!", operand):
            yield "", f"without ! before {_short(operand)}", operand
        case n.In(operand, choices, negated) if len(choices) > 1:
            for at, each in enumerate(choices):
                yield "", f"without choice {_short(each)}", n.In(operand, (*choices[:at], *choices[at + 1 :]), negated)
        case n.AlternativePath(parts):
            for at, each in enumerate(parts):
                rest = (*parts[:at], *parts[at + 1 :])
                yield "", f"without way {_short(each)}", rest[0] if len(rest) == 1 else n.AlternativePath(rest)
        case n.RepeatedPath(path, _):
            yield "", f"{_short(node)} once", path
        case n.Union(branches):
            for at, each in enumerate(branches):
                rest = (*branches[:at], *branches[at + 1 :])
                yield "", f"without branch {_short(each)}", rest[0] if len(rest) == 1 else n.Union(rest)


def _short(node: n.Node) -> str:
    """The component in SPARQL, namespaces cut off."""
    wrapped = node
    if isinstance(node, n.Triple | n.Filter | n.Minus | n.Union | n.InlineData | n.SubSelect):
        wrapped = n.Group((node,))
    if not isinstance(wrapped, n.Group):
        expression = wrapped if not _is_path(wrapped) else None
        wrapped = (
            n.Group((n.Filter(expression),))  # type: ignore[arg-type]
            if expression is not None
            else n.Group((n.Triple(n.Variable("s"), wrapped, n.Variable("o")),))  # type: ignore[arg-type]
        )
    text = " ".join(to_text(n.Ask(where=wrapped)).split()).removeprefix("ASK").removeprefix(" WHERE").strip()
    for space in ("https://w3id.org/icsgraph/def/", "https://w3id.org/icsgraph/scheme/", "https://w3id.org/icsgraph/",
                  "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://www.w3.org/2001/XMLSchema#"):  # fmt: skip
        text = text.replace(space, "")
    text = text.removeprefix("{").removesuffix("}").strip()
    return text if len(text) <= 160 else text[:157] + "..."


def _is_path(node: n.Node) -> bool:
    return isinstance(node, n.InversePath | n.SequencePath | n.AlternativePath | n.RepeatedPath | n.NegatedPath)


@dataclasses.dataclass
class Case:
    """A case file, opened, with the pairs to which the constraint applies and what each check finds there."""

    store: ox.Store
    everyone: set[tuple[str, str]]
    applies: set[tuple[str, str]]

    def found(self, sparql: str) -> set[tuple[str, ...]]:
        """What a check's query finds, as far as a report would tell it apart."""
        answers = self.store.query(sparql)
        assert isinstance(answers, ox.QuerySolutions)
        names = [v.value for v in answers.variables]
        found = set()
        for row in answers:
            values = dict(zip(names, row, strict=True))
            focus, value = (_text(values.get(name)) for name in ("this", "value"))
            pair = next((p for p in ((focus, value), (focus, "")) if p in self.everyone), None)
            if pair is None or pair in self.applies:
                unbound = " ".join(sorted(name for name, term in values.items() if term is None))
                found.add((focus, value, unbound))
        return found


def _text(term: object) -> str:
    return getattr(term, "value", "") if term is not None else ""


def cases(constraint: str, shapes: ShapeSet) -> Iterator[Case]:
    """Open the constraint's case files."""
    for path in sorted(CASES.glob(f"{constraint}-*/*.ttl")):
        yield _opened(constraint, shapes, day_of(path), path)


def day_of(path: Path) -> date:
    """Give the as-at date that a case names."""
    found = re.search(r'mf:asAt "([0-9-]+)"', path.read_text(encoding="utf-8"))
    assert found, path
    return date.fromisoformat(found[1])


def _opened(constraint: str, shapes: ShapeSet, day: date, path: Path) -> Case:
    store = open_graph(path, as_at=day, background=False).store
    everyone = set(population(store, constraint, shapes.population[constraint]))
    return Case(store, everyone, applicable(store, constraint, shapes.applicability[constraint]))


def checks(shapes: ShapeSet) -> dict[str, str]:
    """Give the text of each ``sh:sparql`` node of a set of shapes, with its prefixes."""
    select = {q.subject.value: q.object.value for q in shapes.quads if q.predicate.value == SH + "select"}
    spaces: dict[str, dict[str, str]] = {}
    for quad in shapes.quads:
        if quad.predicate.value in (SH + "prefix", SH + "namespace"):
            spaces.setdefault(str(quad.subject), {})[quad.predicate.value] = quad.object.value
    prefixes = "".join(f"PREFIX {s[SH + 'prefix']}: <{s[SH + 'namespace']}>\n" for s in spaces.values())
    return {node: prefixes + text for node, text in select.items() if node in shapes.checks}


@dataclasses.dataclass
class Mutant:
    """One weakening of one check, as text that runs."""

    check: str
    said: str
    text: str


@dataclasses.dataclass
class Score:
    """How many mutants a constraint has, and those that live."""

    mutants: int
    alive: list[tuple[str, str]]


def living(constraint: str, more: frozenset[str] = frozenset()) -> Score:
    """Give how many mutants a constraint has, and those that live: the check and the weakening of each."""
    shapes = shipped_shapes([constraint])
    whole, alive = {}, []
    for node, text in sorted(checks(shapes).items()):
        query = parse_query(text)
        check = node.rpartition("/")[2]
        whole[check] = _fast(query)
        seen: dict[str, int] = {}
        for said, mutant in variants(query, more):
            seen[said] = seen.get(said, 0) + 1
            name = said if seen[said] == 1 else f"{said} ({seen[said]})"
            alive.append(Mutant(check, name, _fast(mutant)))
    count = len(alive)
    for case in cases(constraint, shapes):
        alive = _unnoticed(case, whole, alive)
    return Score(count, [(mutant.check, mutant.said) for mutant in alive])


def _unnoticed(case: Case, whole: dict[str, str], alive: list[Mutant]) -> list[Mutant]:
    before = {check: case.found(text) for check, text in whole.items()}
    return [mutant for mutant in alive if case.found(mutant.text) == before[mutant.check]]


def _fast(query: n.Node) -> str:
    assert isinstance(query, n.Query)
    return to_text(rewrite_exists(query).query)


def main(arguments: list[str]) -> int:
    """Print a line for each constraint, then every mutant that lives unexplained; give the exit status."""
    more = frozenset(a.removeprefix("--") for a in arguments if a.startswith("--"))
    names = [a for a in arguments if not a.startswith("-")] or sorted(
        path.stem for path in shipped.files("shapes") if path.stem[0].isupper()
    )
    accepted = set()
    if ACCEPTED.is_file():
        with ACCEPTED.open(encoding="utf-8", newline="") as stream:
            accepted = {(r["constraint"], r["check"], r["mutant"]) for r in csv.DictReader(stream)}
    total, alive = 0, set()
    with ProcessPoolExecutor(max_workers=2) as pool:
        for name, score in zip(names, pool.map(functools.partial(living, more=more), names), strict=True):
            total += score.mutants
            alive |= {(name, *each) for each in score.alive}
            print(f"{name}: {score.mutants} mutants, {len(score.alive)} live", flush=True)
    unexplained = sorted(alive - accepted)
    stale = sorted(a for a in accepted - alive if a[0] in names)
    for constraint, check, mutant in unexplained:
        print(f"LIVES {constraint} {check}: {mutant}")
    for constraint, check, mutant in stale:
        print(f"EXPLAINED BUT NOTICED {constraint} {check}: {mutant}")
    print(f"{total} mutants of {len(names)} constraints: {total - len(alive)} noticed, "
          f"{len(alive - set(unexplained))} explained, {len(unexplained)} live")  # fmt: skip
    return 1 if unexplained or stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
