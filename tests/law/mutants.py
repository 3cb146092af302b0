# SPDX-License-Identifier: Apache-2.0
"""Weakens every component of every constraint's shape, one at a time, and says which weakenings no case notices.

A component is a filter (a date comparison, a NOT EXISTS), an operand of && or ||, a class that a node must have, a
choice of IN, a way of a path, a branch of UNION, a negation. A case notices a mutant when what the shape finds in it
changes: the pairs of focus and value, or whether a name in the message is filled in. (``test_cases.py`` holds what a
shape finds against what the case says, and finds outside the constraint's applicability, so such a change fails it.)

    python tests/law/mutants.py                      every constraint (many minutes)
    python tests/law/mutants.py ICS-20 JFP-01        these
    python tests/law/mutants.py --joins ICS-20       take away every other triple pattern too
    python tests/law/mutants.py --boundaries ICS-20  swap < and <=, = and != too
    python tests/law/mutants.py --flags ICS-20       weaken what is worked out beforehand, by BIND, too

Exit status 1 when a mutant lives that no table explains, or an explanation is out of date. ``mutants-accepted.csv``
speaks of any constraints, ``explained.csv`` in the folder of a constraint's cases of that one: a row names the check
and the mutant, each with ``*`` for any words, and says why no case can notice.
"""

from __future__ import annotations

import csv
import dataclasses
import functools
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pyoxigraph as ox
from case_files import FOLDER, of_constraint

from icsgraph.algebra import nodes as n
from icsgraph.algebra import parse_query, rewrite_exists, to_text
from icsgraph.algebra.visit import walk
from icsgraph.law.shapes import ShapeSet, shipped_shapes
from icsgraph.model.namespaces import SH
from icsgraph.store import shipped

HERE = Path(__file__).resolve().parent
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
    if isinstance(node, n.Optional | n.Assignment | n.Variable | n.IRI | n.Literal):
        return
    if isinstance(node, n.Bind):
        if any(isinstance(part, n.Exists) for part in walk(node)):  # else it makes words of a message
            yield from (("flags", said, new) for kind, said, new in _all(node) if not kind)
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


def found_in(store: ox.Store, sparql: str) -> set[tuple[str, ...]]:
    """Give what a check's query finds, as far as a case would tell it apart: focus, value, names not filled in."""
    answers = store.query(sparql)
    assert isinstance(answers, ox.QuerySolutions)
    names = [v.value for v in answers.variables]
    found = set()
    for row in answers:
        values = dict(zip(names, row, strict=True))
        unbound = " ".join(sorted(name for name, term in values.items() if term is None))
        found.add((_text(values.get("this")), _text(values.get("value")), unbound))
    return found


def _text(term: object) -> str:
    return getattr(term, "value", "") if term is not None else ""


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
    alive = survivors(constraint, shapes, more)
    return Score(len(mutants_of(shapes, more)[1]), [(mutant.check, mutant.said) for mutant in alive])


def mutants_of(shapes: ShapeSet, more: frozenset[str] = frozenset()) -> tuple[dict[str, str], list[Mutant]]:
    """Give the query of each check, by its name, and every weakening of it."""
    whole, made = {}, []
    targets = {q.object for q in shapes.quads if q.predicate.value == SH + "targetClass"}
    # Where a shape has one target class, that holds the focus nodes to it, and the query only repeats it.
    only = n.IRI(targets.pop().value) if len(targets) == 1 else None
    held = f"without {_short(n.Triple(n.Variable('this'), n.TYPE, only))}" if only else ""
    for node, text in sorted(checks(shapes).items()):
        query = parse_query(text)
        check = node.rpartition("/")[2]
        whole[check] = _fast(query)
        seen: dict[str, int] = {}
        for said, mutant in variants(query, more):
            seen[said] = seen.get(said, 0) + 1
            if said == held and seen[said] == 1:
                continue
            made.append(Mutant(check, said if seen[said] == 1 else f"{said} ({seen[said]})", _fast(mutant)))
    return whole, made


def survivors(constraint: str, shapes: ShapeSet, more: frozenset[str] = frozenset()) -> list[Mutant]:
    """Give the mutants of a constraint that none of its cases notices."""
    whole, alive = mutants_of(shapes, more)
    for case in of_constraint(constraint):
        if not alive:
            break
        store = case.open_lean().store
        before = {check: found_in(store, text) for check, text in whole.items()}
        alive = [m for m in alive if found_in(store, m.text) == before[m.check]]
    return alive


def _fast(query: n.Node) -> str:
    assert isinstance(query, n.Query)
    return to_text(rewrite_exists(query).query)


def _explanations() -> list[dict[str, str]]:
    """Read why mutants may live: from one table for any constraint, and from one beside the cases of each."""
    rows = _table(ACCEPTED)
    for path in sorted(FOLDER.glob("*/explained.csv")):
        rows += [{**row, "constraint": "-".join(path.parent.name.split("-")[:2])} for row in _table(path)]
    return rows


def _table(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _explains(row: dict[str, str], mutant: tuple[str, str, str]) -> bool:
    """Whether a row speaks of a mutant: in each column the very words, or words with * for any others."""
    return all(
        re.fullmatch(".*".join(map(re.escape, row[column].split("*"))), words)
        for column, words in zip(("constraint", "check", "mutant"), mutant, strict=True)
    )


def main(arguments: list[str]) -> int:
    """Print a line for each constraint, then every mutant that lives unexplained; give the exit status."""
    more = frozenset(a.removeprefix("--") for a in arguments if a.startswith("--"))
    chosen = [a for a in arguments if not a.startswith("-")]
    names = chosen or sorted(path.stem for path in shipped.files("shapes") if path.stem[0].isupper())
    explanations = _explanations()
    total, alive, used = 0, list[tuple[str, str, str]](), set[int]()
    unexplained = []
    with ProcessPoolExecutor(max_workers=2) as pool:
        for name, score in zip(names, pool.map(functools.partial(living, more=more), names), strict=True):
            total += score.mutants
            for one in score.alive:
                why = [n for n, row in enumerate(explanations) if _explains(row, (name, *one))]
                used |= set(why)
                alive.append((name, *one))
                if not why:
                    unexplained.append((name, *one))
            print(f"{name}: {score.mutants} mutants, {len(score.alive)} live", flush=True)
    stale = [row for n, row in enumerate(explanations) if n not in used and (row["constraint"] in names or not chosen)]
    for constraint, check, mutant in sorted(unexplained):
        print(f"LIVES {constraint} {check}: {mutant}")
    for row in stale:
        print(f"EXPLAINED BUT NOTICED {row['constraint']} {row['check']}: {row['mutant']}")
    print(f"{total} mutants of {len(names)} constraints: {total - len(alive)} noticed, "
          f"{len(alive) - len(unexplained)} explained, {len(unexplained)} live")  # fmt: skip
    return 1 if unexplained or stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
