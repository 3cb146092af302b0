# SPDX-License-Identifier: Apache-2.0
"""Weakens every component of every form of records, one at a time, and says which weakenings no case file notices.

A component is a target, a bound on the number, kind, class or size of values, a pattern (each of its anchors too), an
order of two dates, a branch of ``sh:or``, or a property of an alternative path. A case notices a mutant when what the
form finds in it changes.

    python tests/law/form_mutants.py                 every form
    python tests/law/form_mutants.py form-Adoption   these

Exit status 1 when a mutant lives.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pyoxigraph as ox
from form_cases import CASES, compiled, form_quads, forms, found, opened

from icsgraph.model.errors import ShapesError
from icsgraph.model.namespaces import RDF, SH

COMPONENTS = frozenset(
    SH + name
    for name in (
        "targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "minCount", "maxCount", "class", "datatype",
        "nodeKind", "pattern", "in", "hasValue", "minInclusive", "maxInclusive", "minExclusive", "maxExclusive",
        "minLength", "maxLength", "lessThan", "lessThanOrEquals", "equals", "disjoint", "or", "and", "not", "node",
    )
)  # fmt: skip
FIRST, REST, NIL = (ox.NamedNode(RDF + name) for name in ("first", "rest", "nil"))
NO_COMPONENT = frozenset(SH + name for name in ("property", "path", "name", "message", "alternativePath"))


def mutants(form: str) -> Iterator[tuple[str, list[ox.Quad]]]:
    """Give every form with one component weakened or gone, with words that tell it from the others."""
    quads = form_quads(form)
    for quad in quads:
        if quad.predicate.value in COMPONENTS:
            yield _told("without", quads, quad), _without(quads, [quad])
        if quad.predicate.value == SH + "pattern":
            text = quad.object.value
            for anchor, rest in (("^", text.removeprefix("^")), ("$", text.removesuffix("$"))):
                if rest != text:
                    new = ox.Quad(quad.subject, quad.predicate, ox.Literal(rest))
                    yield f"{_told('', quads, quad)} without {anchor}", [*_without(quads, [quad]), new]
        if quad.predicate in (ox.NamedNode(SH + "or"), ox.NamedNode(SH + "alternativePath")):
            for at, new in enumerate(_shortened(quads, quad)):
                yield f"{_told('', quads, quad)} without member {at + 1}", new


def _without(quads: list[ox.Quad], gone: list[ox.Quad]) -> list[ox.Quad]:
    return [quad for quad in quads if quad not in gone]


def _shortened(quads: list[ox.Quad], head: ox.Quad) -> Iterator[list[ox.Quad]]:
    """The same with one member of a list left out, each in turn."""
    after = {quad.subject: quad for quad in quads if quad.predicate == REST}
    before, cell = head, head.object
    while cell != NIL:
        rest = after[cell]
        joined = ox.Quad(before.subject, before.predicate, rest.object)
        yield [*_without(quads, [before, rest, *(q for q in quads if q.subject == cell)]), joined]
        before, cell = rest, rest.object


def _told(word: str, quads: list[ox.Quad], quad: ox.Quad) -> str:
    path = next((q.object for q in quads if q.subject == quad.subject and q.predicate.value == SH + "path"), None)
    where = path.value.rpartition("/")[2].rpartition("#")[2] if isinstance(path, ox.NamedNode) else "…" if path else ""
    value = quad.object.value.rpartition("/")[2] if isinstance(quad.object, ox.NamedNode) else quad.object.value
    value = "" if isinstance(quad.object, ox.BlankNode) else value
    name = quad.predicate.value.removeprefix(SH)
    return " ".join(part for part in (word, f"{where}:" if where else "", f"sh:{name}", value) if part)


def living(form: str) -> tuple[int, list[str]]:
    """Give how many mutants a form has, and those that no case file of it notices."""
    stores = [opened(case) for case in CASES if case.parent.name == form]
    whole = compiled(form_quads(form))
    before = [found(store, whole) for store in stores]
    count, alive = 0, []
    for said, quads in mutants(form):
        count += 1
        try:
            mutant = compiled(quads)
        except ShapesError:
            continue  # an empty list of choices is no shape: who wrote it would be told so
        if [found(store, mutant) for store in stores] == before:
            alive.append(said)
    return count, alive


def unknown() -> set[str]:
    """Give what the forms use of SHACL that this test does not weaken."""
    used = {q.predicate.value for form in forms() for q in form_quads(form) if q.predicate.value.startswith(SH)}
    return used - COMPONENTS - NO_COMPONENT


def main(arguments: list[str]) -> int:
    """Print every mutant that lives; give the exit status."""
    total, alive = 0, 0
    for form in arguments or forms():
        count, left = living(form)
        total, alive = total + count, alive + len(left)
        for said in left:
            print(f"LIVES {form}: {said}")
    for name in sorted(unknown()):
        print(f"NOT WEAKENED {name}")
    print(f"{total} mutants of {len(arguments or forms())} forms: {total - alive} noticed, {alive} live")
    return 1 if alive or not total or unknown() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
