# SPDX-License-Identifier: Apache-2.0
"""Forms of records, kept as CONSTRUCT queries, to rows with what is known filled in and what is not left to a person.

A form is a query whose template has one predicate a line, each with a hint after ``#``. Its WHERE part finds what is
known; a variable that it leaves unbound is for a person, and ``#+ fill NAME: TEXT`` in the header says what stands in
its place meanwhile. ``docs/how-to/template.md`` describes the layout.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

import pyoxigraph as ox

from icsgraph.model.errors import LoadError
from icsgraph.model.namespaces import ID, PREFIXES, RDF, XSD
from icsgraph.queries.run import bound_text
from icsgraph.store.select import rows, text

Term: TypeAlias = ox.NamedNode | ox.Literal
MY: Final = "my"
SHORT: Final = {
    **{k: PREFIXES[k] for k in ("ics", "org", "rdfs", "xsd", "dcterms", "foaf", "skos", "area")},
    "authority": ID + "authority/", "icb": ID + "icb/", "icp": ID + "icp/",
}  # fmt: skip
_TEMPLATE: Final = re.compile(r"CONSTRUCT\s*\{\n(?P<template>.*?)\n\}\s*WHERE\s*(?P<where>\{.*)", re.DOTALL)
_LINE: Final = re.compile(
    r"^(?:(?P<subject>\?\w+) )?\s*(?P<predicate>a|[\w-]+:[\w-]+) (?P<object>.+?) ?(?P<end>[;.])(?:\s+# (?P<hint>.*))?$"
)
_LOCAL: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_NAMED: Final = re.compile(r"\{\?(\w+)\}")
_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


@dataclass(frozen=True, slots=True)
class Field:
    """One property of a row: its IRI, its value in Turtle (what stands in for it where unknown), and a hint."""

    property: str
    value: str
    known: bool
    hint: str


@dataclass(frozen=True, slots=True)
class Row:
    """One record to make: the IRI proposed for it, its class, a comment, and its properties in order."""

    subject: str
    kind: str
    comment: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    predicate: str
    object: str
    hint: str


@dataclass(frozen=True, slots=True)
class Form:
    """A form as its file has it: header, blocks of the template by subject variable, and the WHERE part."""

    name: str
    header: dict[str, str]
    fill: dict[str, str]
    prefixes: dict[str, str]
    blocks: tuple[tuple[str, str, tuple[_Line, ...]], ...]
    prologue: str
    where: str

    def rows(self, store: ox.Store, bound: Mapping[str, Term], base: str, *, general: bool = False) -> list[Row]:
        """Give the rows of a form, one group for each solution; one without anything known where ``general``.

        Args:
            bound: terms for variables of the WHERE part.
            base: the namespace of records that do not exist yet; relative names of the form stand in it.
        """
        solutions: list[dict[str, ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple]] = [dict(bound)]
        if not general:
            known = {**bound, "base": ox.Literal(base)}
            found = rows(store, self.prologue + "SELECT * WHERE " + bound_text(self.where, known))
            names = [v for v in re.findall(r"\?(\w+)", self.where) if v not in known]
            solutions = [{**bound, **{n: row[n] for n in dict.fromkeys(names) if _bound(row, n)}} for row in found] or (
                [] if self.header.get("without-rows") == "none" else solutions
            )
        made: dict[tuple[str, str], Row] = {}
        for solution in solutions:
            for row in self._group(solution, base):
                kept = made.setdefault((row.subject, row.kind), row)
                more = tuple(field for field in row.fields if field not in kept.fields)
                made[row.subject, row.kind] = replace(kept, fields=(*kept.fields, *more))
        return list(made.values())

    def _group(self, solution: Mapping[str, object], base: str) -> Iterable[Row]:
        for subject, comment, lines in self.blocks:
            named = self._value(subject, solution, base)
            kind = next(line for line in lines if line.predicate == "a")
            fields = []
            for line in (each for each in lines if each.predicate != "a"):
                value, known = self._value(line.object, solution, base)
                fields.append(Field(self._iri(line.predicate, base), value, known, self._said(line.hint, solution)))
            yield Row(named[0], self._iri(kind.object, base), self._said(comment, solution), tuple(fields))

    def _value(self, token: str, solution: Mapping[str, object], base: str) -> tuple[str, bool]:
        """Give a token of the template in Turtle, and whether everything in it is known."""
        known = True

        def put(match: re.Match[str]) -> str:
            nonlocal known
            term = solution.get(match[1])
            if isinstance(term, ox.NamedNode | ox.Literal):
                return turtle_of(term, base)
            known = False
            return self.fill.get(match[1], f"{MY}:{match[1]}")

        return re.sub(r"\?(\w+)", put, token), known

    def _said(self, hint: str, solution: Mapping[str, object]) -> str:
        """Give a hint with names put in; nothing where it is a name that is not known, and dots for one among words."""

        def put(match: re.Match[str]) -> str:
            term = solution.get(match[1])
            # A name may run over lines, and a comment ends with its line.
            return " ".join(text(term).split()) if isinstance(term, ox.NamedNode | ox.Literal) else "…"

        said = _NAMED.sub(put, hint)
        return "" if said == "…" else said

    def _iri(self, name: str, base: str) -> str:
        if name.startswith("<"):
            return name.strip("<>")
        prefix, _, local = name.partition(":")
        return (base if prefix == MY else self.prefixes[prefix]) + local


def read_form(path: Path) -> Form:
    """Read the file of a form.

    Raises:
        LoadError: E106, where it has not the layout of a form.
    """
    written = path.read_text(encoding="utf-8")
    match = _TEMPLATE.search(written)
    blocks: list[tuple[str, str, list[_Line]]] = []
    comment: list[str] = []
    for line in match["template"].splitlines() if match else ():
        stripped = line.strip()
        if stripped.startswith("# "):
            comment.append(stripped[2:])
        elif found := _LINE.match(stripped):
            if found["subject"]:
                blocks.append((found["subject"], " ".join(comment), []))
                comment = []
            blocks[-1][2].append(_Line(found["predicate"], found["object"], found["hint"] or ""))
        elif stripped:
            raise LoadError("E106", path.name, f"no line of a form: {stripped}", "One predicate a line, with its hint.")
    if match is None or not blocks:
        raise LoadError("E106", path.name, "it is no form", "Write CONSTRUCT { … } WHERE { … }, one predicate a line.")
    header, fill = {}, {}
    for line in written.splitlines():
        if line.startswith("#+ fill "):
            name, _, value = line.removeprefix("#+ fill ").partition(":")
            fill[name.strip()] = value.strip()
        elif line.startswith("#+"):
            key, _, value = line[2:].partition(":")
            header[key.strip()] = value.strip()
    prologue = "\n".join(line for line in written.splitlines() if line.startswith("PREFIX")) + "\n"
    prefixes = dict(re.findall(r"PREFIX (\w[\w-]*): <([^>]*)>", prologue))
    found_blocks = tuple((subject, said, tuple(lines)) for subject, said, lines in blocks)
    return Form(path.stem, header, fill, prefixes, found_blocks, prologue, match["where"])


def turtle_of(term: ox.NamedNode | ox.Literal, base: str) -> str:
    """Write a term in Turtle with the prefixes that :func:`prologue` declares."""
    if isinstance(term, ox.NamedNode):
        for prefix, space in ((MY, base), *SHORT.items()):
            if term.value.startswith(space) and _LOCAL.fullmatch(term.value, len(space)):
                return f"{prefix}:{term.value[len(space) :]}"
        return f"<{term.value}>"
    quoted = f'"{term.value.translate(_ESCAPES)}"'
    if term.language:
        return f"{quoted}@{term.language}"
    kind = term.datatype.value
    return quoted if kind == XSD + "string" else f"{quoted}^^{turtle_of(term.datatype, base)}"


def prologue(body: str, base: str) -> str:
    """Give the prefix declarations that some Turtle uses."""
    spaces = sorted({MY: base, **SHORT}.items())
    used = [(p, s) for p, s in spaces if re.search(rf"(?<![\w-]){re.escape(p)}:", body)]
    return "".join(f"@prefix {p}: <{s}> .\n" for p, s in used)


def row_text(row: Row, head: Sequence[str], *, comment_out: bool) -> str:
    """Write a row in Turtle: its comment, the given head, then its properties; the last line is one that is known.

    Args:
        head: predicates with values that stand first, such as ``a ics:Adoption``.
        comment_out: whether to put ``#`` before properties that are not known.
    """
    fields = sorted(row.fields, key=lambda field: field.known) if comment_out else list(row.fields)
    lines = [f"# {row.comment}"] if row.comment else []
    live = [f for f in fields if f.known or not comment_out]
    lines.append(f"{row.subject} {' ; '.join(head)} {';' if live else '.'}")
    for field in fields:
        end = "." if live and field is live[-1] else ";"
        mark = "#   " if comment_out and not field.known else "    "
        hint = f"  # {field.hint}" if field.hint else ""
        lines.append(f"{mark}{_predicate(field.property)} {field.value} {end}{hint}")
    return "\n".join(lines) + "\n"


def _predicate(iri: str) -> str:
    return "a" if iri == RDF + "type" else turtle_of(ox.NamedNode(iri), "")


def _bound(row: ox.QuerySolution, name: str) -> bool:
    try:
        return row[name] is not None
    except KeyError:
        return False
