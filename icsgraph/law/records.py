# SPDX-License-Identifier: Apache-2.0
"""A form of records to plain words: what it asks, which checks read that, and a record rightly written.

Forms are shapes in SHACL Core (``shapes/form/``) that say how a record has to be written to be read; what the law asks
is not their matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import pyoxigraph as ox

from icsgraph.law.catalogue import Constraint, SeverityRow
from icsgraph.law.findings import Finding
from icsgraph.law.forms import prologue, turtle_of
from icsgraph.law.shapes import shipped_shapes
from icsgraph.model.namespaces import ICS, ICSS, RDF, RDFS, SCHEME, SH, SKOS, XSD
from icsgraph.store import shipped
from icsgraph.store.bounds import bounded_properties
from icsgraph.store.opened import Opened
from icsgraph.store.select import rows, text

PREFIX: Final = "form-"
TERMS: Final = "form-Terms"
_LIST: Final = (ox.NamedNode(RDF + "first"), ox.NamedNode(RDF + "rest"))
_KINDS: Final = {
    XSD + "boolean": "true or false", XSD + "integer": "a whole number", XSD + "string": "text without a language",
    XSD + "date": "a full date",
}  # fmt: skip
_FILL: Final = {
    "date": '"YYYY-MM-DD"^^xsd:date', XSD + "boolean": "true", XSD + "integer": "1", XSD + "string": '"CODE"',
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that a form asks: its name, the properties that say it, how many and of which kind, and who reads it.

    ``readers`` are the constraints whose queries name one of the properties, and the class where some name both.
    ``fill`` stands in Turtle for what is not known.
    """

    name: str
    properties: tuple[str, ...]
    number: str
    kind: str
    message: str
    readers: tuple[str, ...]
    fill: str


@dataclass(frozen=True, slots=True)
class RecordForm:
    """A form: its name, what it is called, the class or property that it is for, and what it asks."""

    name: str
    label: str
    target: str
    asks: tuple[Asked, ...]


@cache
def form_names() -> tuple[str, ...]:
    """Give the names of all forms, sorted; that of terms (``icsgraph.law.terms``) is one."""
    return tuple(
        sorted([TERMS, *(iri.removeprefix(ICSS) for iri in _shapes().subjects if iri.startswith(ICSS + PREFIX))])
    )


class _Quads:
    """The shapes of forms, looked up by subject and property."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, str], list[ox.NamedNode | ox.BlankNode | ox.Literal]] = {}
        self.subjects: dict[str, None] = {}
        for quad in shipped_shapes([path.stem for path in shipped.files("shapes/form")]).quads:
            if isinstance(quad.object, ox.Triple):
                continue
            self.subjects[str(quad.subject).strip("<>")] = None
            self._said.setdefault((str(quad.subject).strip("<>"), quad.predicate.value), []).append(quad.object)

    def all(self, node: object, name: str) -> list[ox.NamedNode | ox.BlankNode | ox.Literal]:
        return self._said.get((str(node).strip("<>"), name), [])

    def one(self, node: object, name: str) -> str:
        return next((text(term) for term in self.all(node, name)), "")

    def members(self, head: object) -> Iterator[ox.NamedNode | ox.BlankNode | ox.Literal]:
        while found := self.all(head, _LIST[0].value):
            yield found[0]
            head = self.all(head, _LIST[1].value)[0]


@cache
def _shapes() -> _Quads:
    return _Quads()


@cache
def _asking() -> dict[str, frozenset[str]]:
    """Give for each constraint the terms that its queries name."""
    shapes = shipped_shapes()
    texts: dict[str, list[str]] = {name: [query] for name, query in shapes.population.items()}
    select = {text(q.subject): text(q.object) for q in shapes.quads if q.predicate.value == SH + "select"}
    for node, check in shapes.checks.items():
        texts.setdefault(check.constraint, []).append(select.get(node, ""))
    return {name: frozenset(re.findall(r"\bics:(\w+)", " ".join(said))) for name, said in texts.items()}


def record_form(store: ox.Store, name: str) -> RecordForm:
    """Give a form in plain words.

    Args:
        store: has the ontology, for the names of properties and concepts.
    """
    if name == TERMS:
        kind = (
            "a class, property or concept of icsgraph's namespaces that is declared, by icsgraph or beside the records"
        )
        message = "It is no term that anything declares, and every check passes over it."
        return RecordForm(
            name, "form of icsgraph's own terms", "", (Asked("each term", (), "", kind, message, (), ""),)
        )
    quads, node = _shapes(), ICSS + name
    bounds = bounded_properties(store)
    target = next(
        quads.one(node, SH + kind) for kind in ("targetClass", "targetSubjectsOf") if quads.one(node, SH + kind)
    )
    asks = []
    for each in quads.all(node, SH + "property"):
        path = quads.all(each, SH + "path")[0]
        steps = quads.all(path, SH + "alternativePath")
        properties = tuple(text(p) for p in quads.members(steps[0])) if steps else (text(path),)
        read = {p.removeprefix(ICS) for p in properties if p.startswith(ICS)}
        for prop, both in bounds.items():
            if prop.value in properties:
                read |= {both.earliest.value.removeprefix(ICS), both.latest.value.removeprefix(ICS)}
        reading = {name: terms for name, terms in _asking().items() if terms & read}
        close = {name for name, terms in reading.items() if target.removeprefix(ICS) in terms}
        readers = tuple(sorted(close or reading))
        is_date = any(prop.value in properties for prop in bounds)
        kind, fill = _kind(store, each, dated=is_date)
        called, message = (quads.one(each, SH + word) for word in ("name", "message"))
        asks.append(Asked(called, properties, _number(each), kind, message, readers, fill))
    return RecordForm(name, quads.one(node, RDFS + "label"), target, tuple(asks))


def _number(node: object) -> str:
    least, most = _shapes().one(node, SH + "minCount"), _shapes().one(node, SH + "maxCount")
    return {("1", "1"): "exactly one", ("1", ""): "at least one", ("", "1"): "at most one"}.get((least, most), "")


def _kind(store: ox.Store, node: object, *, dated: bool) -> tuple[str, str]:
    """Say of which kind values are, and what stands for one in Turtle."""
    quads = _shapes()
    said: list[str] = []
    fill = _FILL["date"] if dated else '"NAME"@en'
    if dated:
        said.append("a full date, a month or a year")
    elif choices := quads.all(node, SH + "or"):
        kinds = [quads.one(choice, SH + "datatype") for choice in quads.members(choices[0])]
        said.append(" or ".join(_KINDS.get(kind, kind) for kind in kinds))
        fill = "1"
    elif kind := quads.one(node, SH + "datatype"):
        said.append(_KINDS.get(kind, kind))
        fill = _FILL.get(kind, fill)
    elif scheme := _scheme(node):
        slugs = [text(row["c"]).removeprefix(scheme + "/") for row in rows(
            store, f"SELECT ?c WHERE {{ ?c <{SKOS}inScheme> <{scheme}> }} ORDER BY ?c")]  # fmt: skip
        said.append(f"a concept of {scheme.removeprefix(SCHEME)}: {', '.join(slugs)}")
        fill = f"<{scheme}/{slugs[0]}>" if slugs else fill
    elif quads.one(node, SH + "nodeKind") == SH + "IRI":
        said.append("an IRI")
        fill = f"my:THE-{re.sub(r'[^A-Z]+', '-', quads.one(node, SH + 'name').upper()).strip('-')}"
    if least := quads.one(node, SH + "minInclusive"):
        most = quads.one(node, SH + "maxInclusive")
        said.append(f"from {least} to {most}" if most else f"{least} or more")
        fill = least
    if pattern := quads.one(node, SH + "pattern"):
        said.append(f"written like {pattern}")
    if later := quads.one(node, SH + "lessThanOrEquals"):
        said.append(f"no later than {later.removeprefix(ICS)}")
    return ", ".join(said), fill


def _scheme(node: object) -> str:
    quads = _shapes()
    inner = [each for shape in quads.all(node, SH + "node") for each in quads.all(shape, SH + "property")]
    return next((quads.one(each, SH + "hasValue") for each in inner), "")


def as_constraint(form: RecordForm) -> Constraint:
    """Give a form as a constraint that rests on no law."""
    row = SeverityRow(
        1, "", "", "0001-01-01", "9999-12-31", "Violation", "a record that cannot be read answers nothing"
    )
    return Constraint(form.name, form.label, "Form of records", "", "yes", "", "", "", (), (), (row,))


def why(finding: Finding, form: RecordForm, as_at: str) -> Iterator[str]:
    """Say, sentence by sentence, why a form applied, and what comes of it."""
    kind = form.target.removeprefix(ICS)
    whose = "an instance of" if form.target.startswith(ICS) and kind[:1].isupper() else "something with"
    yield f"It is about how the record is written, not about what the law asks; no day decides. Seen as at {as_at}."
    if form.target:
        yield f"The record is {whose} ics:{kind}, which the {form.label} is for."
    else:
        yield "Checks look for the terms that they know: what has another name is passed over, whatever it says."
    broken = [each for each in form.asks if set(each.properties) & set(_properties(finding.path))]
    readers = sorted({name for each in broken for name in each.readers})
    if readers:
        few = ", ".join(readers[:12]) + (f" and {len(readers) - 12} more" if len(readers) > 12 else "")
        yield f"Until it is mended these checks may pass the record over, or misread it: {few}."


def _properties(path: str) -> list[str]:
    return re.findall(r"<([^>]*)>", path)


def written(opened: Opened, form: RecordForm, finding: Finding | None, base: str) -> tuple[str, bool]:
    """Give the record as its form wants it, in Turtle: what a finding is about, or one with nothing filled in.

    Returns:
        The Turtle, and whether it only adds to what is on record.
    """
    subject = ox.NamedNode(finding.focus if finding and "://" in finding.focus else base + "NEW-RECORD")
    broken = _properties(finding.path) if finding else []
    adds = finding is not None and finding.component == SH + "MinCountConstraintComponent"
    lines: list[tuple[str, str]] = []
    if finding is None and not form.target:
        return "", False
    if not adds and finding is not None:
        graphs = {file.graph for file in opened.files}
        for quad in opened.store.quads_for_pattern(subject, None, None, None):
            if quad.graph_name in graphs and isinstance(quad.object, ox.NamedNode | ox.Literal):
                hint = "look here" if quad.predicate.value in broken else ""
                lines.append((f"{_short(quad.predicate.value, base)} {turtle_of(quad.object, base)}", hint))
        lines.sort()
    else:
        if form.target.removeprefix(ICS)[:1].isupper():
            lines.append((f"a {turtle_of(ox.NamedNode(form.target), base)}", ""))
        for each in form.asks:
            if adds and not set(each.properties) & set(broken):
                continue
            others = ", ".join(_short(p, base) for p in each.properties[1:])
            hint = f"{each.name}: {each.number + ', ' if each.number else ''}{each.kind}" + (
                f"; or {others}" if others else ""
            )
            lines.append((f"{_short(each.properties[0], base)} {each.fill}", hint.rstrip(" ,:")))
    body = "".join(
        f"{turtle_of(subject, base) if at == 0 else '   '} {line} {'.' if at == len(lines) - 1 else ';'}"
        + (f"  # {hint}\n" if hint else "\n")
        for at, (line, hint) in enumerate(lines)
    )
    return (f"{prologue(body, base)}\n{body}" if lines else ""), adds


def _short(iri: str, base: str) -> str:
    return "a" if iri == RDF + "type" else turtle_of(ox.NamedNode(iri), base)
