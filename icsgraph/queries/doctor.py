# SPDX-License-Identifier: Apache-2.0
"""A query that answers nothing to why: the parts that lose the rows, the slips in them, and the query as meant.

First the parts are dropped one at a time until only those are left that together answer nothing, each of which,
dropped alone, would let rows through. Then the usual slips in them are tried, one at a time, until one answers.
A query can have several slips; each is looked for after those found are mended.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from icsgraph.algebra import Role, nodes, to_text
from icsgraph.queries.check import suggestion
from icsgraph.queries.probe import MOST, Part, Prober, apart, leaves_all_bound, parts, within, without
from icsgraph.queries.selecting import Select
from icsgraph.queries.slips import Kind, lacking, shorter, slips, text_of, unused_in
from icsgraph.queries.values import text
from icsgraph.queries.vocabulary import Vocabulary, shortened

SECONDS: Final = 10.0
_ROUNDS: Final = 4  # slips looked for in one query


@dataclass(frozen=True, slots=True)
class Lost:
    """A part without which there are rows: how many, None where they could not be counted in the time."""

    text: str
    rows: int | None

    @property
    def count(self) -> str:
        """How many rows there are without it, in words; empty where nobody counted."""
        if not self.rows:
            return "" if self.rows is None else "nothing either"
        return f"{MOST} rows or more" if self.rows > MOST else f"{self.rows} row{'' if self.rows == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong, and how to mend it; ``proved`` when the part, so mended, was seen to answer."""

    kind: Kind
    what: str
    mend: str
    proved: bool


@dataclass(slots=True)
class Diagnosis:
    """Why a query answers nothing.

    ``lost`` are the parts that together answer nothing, empty when the time did not suffice; ``mended`` is the query
    with every proved slip mended, and ``rows`` how many rows it has; ``in_time`` is false when not all was tried.
    """

    lost: list[Lost] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    mended: str = ""
    rows: int | None = None
    in_time: bool = True


def diagnose(query: nodes.Query, select: Select, seconds: float = SECONDS) -> Diagnosis:
    """Say why a query answers nothing; no remark and no part when it answers something.

    Args:
        query: the query, its parameters put in.
        select: a way to ask the data.
        seconds: how long to look at most.
    """
    prober = Prober.within(select, seconds)
    vocabulary = Vocabulary(prober.rows)
    found, current = Diagnosis(), apart(query)
    for number in range(_ROUNDS):
        rows = prober.count(current)
        if rows or rows is None:
            break
        core = _core(current, prober, vocabulary)
        if number == 0:
            found.lost = _lost(current, core, prober)
        mended = _mend(current, core, prober, vocabulary, found)
        if mended is None:
            _note_unknown(core, prober, vocabulary, found)
            _note_of_others(core, prober.rows, found)
            break
        current = mended
    if not found.lost and not found.remarks and prober.left and prober.count(query) == 0:
        _note_graphs(query, vocabulary, found)
    if any(remark.proved for remark in found.remarks):
        found.mended, found.rows = shorter(to_text(current)), prober.count(current)
    found.in_time = prober.left > 0
    return found


def _core(query: nodes.Query, prober: Prober, vocabulary: Vocabulary) -> list[Part]:
    """The fewest parts that answer nothing together: what can be dropped while nothing is answered is dropped."""
    all_parts = parts(query)
    suspects = {id(p) for p in all_parts if not isinstance(p, str) and unused_in(p, vocabulary)}
    dropped: list[Part] = []
    # Conditions first, since what binds their variables cannot go before them; suspects last, and before them the
    # classes of things, so that these are what is left.
    for part in sorted(all_parts, key=lambda p: (id(p) in suspects, _is_type(p), isinstance(p, nodes.Triple))):
        rest = without(query, [*dropped, part])
        if leaves_all_bound(query, rest) and prober.count(rest) == 0:
            dropped.append(part)
    gone = {id(part) for part in dropped}
    return [part for part in all_parts if id(part) not in gone]


def _is_type(part: Part) -> bool:
    return isinstance(part, nodes.Triple) and part.predicate == nodes.TYPE


def _lost(query: nodes.Query, core: list[Part], prober: Prober) -> list[Lost]:
    alone = len(parts(query)) == 1  # without it nothing is asked at all

    def rows(part: Part) -> int | None:
        return None if alone else prober.count(without(query, [part]))

    return [Lost(part if isinstance(part, str) else text_of(part), rows(part)) for part in core]


def _mend(
    query: nodes.Query, core: list[Part], prober: Prober, vocabulary: Vocabulary, found: Diagnosis
) -> nodes.Query | None:
    """Note the first slip in the core whose mending lets it answer, and give the query so mended."""
    kept = {id(part) for part in core}
    others = [part for part in parts(query) if id(part) not in kept]
    for part in core:
        if isinstance(part, str):
            continue
        for slip in slips(part, vocabulary):
            if prober.count(without(within(query, part, slip.meant), others)):
                found.remarks.append(Remark(slip.kind, slip.what, slip.mend, True))
                return within(query, part, slip.meant)
    return None


def _note_unknown(core: list[Part], prober: Prober, vocabulary: Vocabulary, found: Diagnosis) -> None:
    """Name the unknown terms of the core, for which no near one let it answer."""
    for part in core:
        for use in [] if isinstance(part, str) else unused_in(part, vocabulary):
            declared = vocabulary.declared(use.iri.value, use.role)
            name = shortened(use.iri.value)
            what = f"{name} is declared, and never used" if declared else lacking(use)
            kind = Kind.NEVER_USED if declared else Kind.UNKNOWN
            remark = Remark(kind, what, suggestion(vocabulary, use.iri.value, use.role), False)
            if remark not in found.remarks and prober.left:  # when time is up, what was not found may be there
                found.remarks.append(remark)


def _note_graphs(query: nodes.Query, vocabulary: Vocabulary, found: Diagnosis) -> None:
    """Name the graphs that a query names and nobody has: without them nothing can be dropped and nothing mended."""
    for use in unused_in(query, vocabulary):
        if use.role is Role.GRAPH:
            mend = "Leave GRAPH out: every statement can be had without it."
            near = suggestion(vocabulary, use.iri.value, use.role)
            found.remarks.append(
                Remark(Kind.UNKNOWN, lacking(use), near if near.startswith("Did") else mend, False)
            )  # fmt: skip


def _note_of_others(core: list[Part], select: Select, found: Diagnosis) -> None:
    """Where a class and a property of the core never meet: of which classes the things are that have the property."""
    triples = [part for part in core if isinstance(part, nodes.Triple)]
    for typed in (t for t in triples if t.predicate == nodes.TYPE and isinstance(t.object, nodes.IRI)):
        for triple in triples:
            prop = triple.predicate
            if triple.subject != typed.subject or not isinstance(prop, nodes.IRI) or prop == nodes.TYPE:
                continue
            pattern = f"?x <{prop.value}> [] ; a ?c"
            rows = select(f"SELECT ?c (COUNT(DISTINCT ?x) AS ?n) {{ {pattern} }} GROUP BY ?c ORDER BY DESC(?n) LIMIT 3")
            if rows:
                said = ", ".join(f"{shortened(text(c) or '')} ({text(n)})" for c, n in rows)
                what = f"no {text_of(typed.object)} has {text_of(prop)}"
                found.remarks.append(Remark(Kind.OF_OTHERS, what, f"It is said of {said}.", False))
