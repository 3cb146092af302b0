# SPDX-License-Identifier: Apache-2.0
"""A part of a query that matches nothing to the slips that it may have: each with the part as it was likely meant.

Whether one of them is the slip is for the doctor to try.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import pyoxigraph as ox

from icsgraph.algebra import Role, TermUse, nodes, to_text, transform, walk
from icsgraph.model.namespaces import PREFIXES, RDFS
from icsgraph.queries.slips_of_values import alike, in_any_case, iri_in_quotes, things_called, with_part, years
from icsgraph.queries.vocabulary import Vocabulary, shortened, unused

_XSD: Final = nodes.XSD
_FORMS: Final = (
    ("date", re.compile(r"\d{4}-\d\d-\d\d(?:Z|[+-]\d\d:\d\d)?")),
    ("dateTime", re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*")),
    ("gYearMonth", re.compile(r"\d{4}-\d\d")),
    ("gYear", re.compile(r"\d{4}")),
    ("integer", re.compile(r"[+-]?\d+")),
    ("decimal", re.compile(r"[+-]?\d*\.?\d+")),
    ("double", re.compile(r"[+-]?\d*\.?\d+(?:[eE][+-]?\d+)?")),
    ("boolean", re.compile(r"true|false")),
)
_IRI: Final = re.compile(r'"(?:[^"\\]|\\.)*"|<([^<>\s]*)>')
_LANGUAGES: Final = ("en", "en-gb")
_MOST: Final = 3  # forms of one literal that are tried


class Kind(StrEnum):
    """Kinds of slips."""

    UNKNOWN = "unknown term"
    NEVER_USED = "class never used"
    SCHEME = "http or https"
    SUBCLASSES = "class used through its subclasses"
    DIRECTION = "wrong direction"
    LITERAL = "form of a literal"
    DATE = "date as text"
    THING = "text for a thing"
    PART = "part of a text"
    CAPITALS = "small and capital letters"
    YEAR = "a year for a day"
    OF_OTHERS = "property of other things"

    @property
    def checked_before(self) -> bool:
        """Whether the check before a run finds this too."""
        return self in (Kind.UNKNOWN, Kind.NEVER_USED, Kind.SCHEME, Kind.SUBCLASSES)


@dataclass(frozen=True, slots=True)
class Slip:
    """What may be wrong with a part, the part as it was likely meant, and how to write it."""

    kind: Kind
    what: str
    mend: str
    meant: nodes.Node


def slips(part: nodes.Node, vocabulary: Vocabulary) -> Iterator[Slip]:
    """Give the slips that a part may have, the likeliest first; looks into the data only as they are drawn."""
    yield from _misnamed(part, vocabulary)
    if isinstance(part, nodes.Triple):
        yield from _untyped(part, vocabulary)
        yield from _called_otherwise(part, vocabulary)
        yield from _turned(part)
    if isinstance(part, nodes.Filter | nodes.InlineData):
        yield from _compared(part)
    if isinstance(part, nodes.Filter):
        yield from _put_otherwise(part)
    if isinstance(part, nodes.Triple | nodes.Filter | nodes.InlineData):
        yield from _named_in_words(part, vocabulary)


def unused_in(part: nodes.Node, vocabulary: Vocabulary) -> list[TermUse]:
    """Give the terms of a part that the data do not use in that role."""
    return unused(_query(part), vocabulary)


def lacking(use: TermUse) -> str:
    """Say that the data do not have a term."""
    name = shortened(use.iri.value)
    return f"the data say nothing of {name}" if use.role is Role.INDIVIDUAL else f"the data have no {use.role} {name}"


def _query(part: nodes.Node) -> nodes.Query:
    """A query of this part alone, for what looks at whole queries."""
    if isinstance(part, nodes.Query):
        return part
    element = part if isinstance(part, _ELEMENTS) else nodes.Filter(part)  # type: ignore[arg-type]
    return nodes.Ask(where=nodes.Group((element,)))


_ELEMENTS: Final = (
    nodes.Triple, nodes.Group, nodes.Optional, nodes.Minus, nodes.Union, nodes.GraphPattern, nodes.Service,
    nodes.Filter, nodes.Bind, nodes.InlineData, nodes.SubSelect,
)  # fmt: skip


def _misnamed(part: nodes.Node, vocabulary: Vocabulary) -> Iterator[Slip]:
    for use in unused_in(part, vocabulary):
        iri, name = use.iri.value, shortened(use.iri.value)
        declared = vocabulary.declared(iri, use.role)
        if use.role is Role.CLASS and declared and isinstance(part, nodes.Triple):
            yield from _through_subclasses(part, use.iri, vocabulary)
        for near in vocabulary.near(iri, use.role):
            scheme = re.sub("^https?", "", near.iri) == re.sub("^https?", "", iri)
            kind = Kind.SCHEME if scheme else Kind.NEVER_USED if declared else Kind.UNKNOWN
            what = f"{name} is declared, and never used" if declared else lacking(use)
            if scheme:
                what = f"{name} begins with {iri.partition(':')[0]}, and the data's with {near.iri.partition(':')[0]}"
            times = "once" if near.times == 1 else f"{near.times} times"
            yield Slip(
                kind, what, f"Did you mean {shortened(near.iri)}, which occurs {times}?",
                _replaced(part, use.iri, nodes.IRI(near.iri)),
            )  # fmt: skip


def _through_subclasses(part: nodes.Triple, iri: nodes.IRI, vocabulary: Vocabulary) -> Iterator[Slip]:
    number = vocabulary.instances_below(iri.value)
    if number and part.predicate == nodes.TYPE:
        path = nodes.SequencePath((nodes.TYPE, nodes.RepeatedPath(nodes.IRI(RDFS + "subClassOf"), "*")))
        name = shortened(iri.value)
        yield Slip(
            Kind.SUBCLASSES, f"no thing is said to be {name} itself; {number} are, through its subclasses",
            f"Write a/rdfs:subClassOf* {name}", nodes.Triple(part.subject, path, part.object),
        )  # fmt: skip


def _untyped(part: nodes.Triple, vocabulary: Vocabulary) -> Iterator[Slip]:
    """The literal of a triple as the data have it: with its datatype, its language, or other capitals."""
    written = part.object
    if not isinstance(written, nodes.Literal) or isinstance(part.predicate, nodes.Variable):
        return
    anything = nodes.Variable("value")
    pattern = to_text(nodes.Triple(_named(part.subject), part.predicate, anything))
    quoted = ox.Literal(written.lexical.strip().lower())
    query = f"SELECT DISTINCT ?value {{ {pattern} FILTER(LCASE(STR(?value)) = {quoted}) }} LIMIT {_MOST}"
    for row in vocabulary.select(query):
        if isinstance(row[0], ox.Literal) and (meant := _literal(row[0])) != written:
            yield _literal_slip(written, meant, nodes.Triple(part.subject, part.predicate, meant))


def _called_otherwise(part: nodes.Triple, vocabulary: Vocabulary) -> Iterator[Slip]:
    """The value of a triple as the thing that is meant, or as the longer text of which it is a part."""
    written = part.object
    quoted = iri_in_quotes(written)
    if quoted is not None:
        what = f"{text_of(written)} is text, and the data hold things here"
        yield Slip(Kind.THING, what, f"Write {text_of(quoted)}", nodes.Triple(part.subject, part.predicate, quoted))
    if isinstance(written, nodes.Literal) or (isinstance(written, nodes.IRI) and part.predicate != nodes.TYPE):
        text = isinstance(written, nodes.Literal)
        for found in things_called(part, vocabulary):
            meant = nodes.IRI(found.value)
            if meant == written:
                return
            what = "is text, and the data hold things here" if text else "is nothing here; the data have its like"
            yield Slip(
                Kind.THING if text else Kind.UNKNOWN, f"{text_of(written)} {what}", f"Write {text_of(meant)}",
                nodes.Triple(part.subject, part.predicate, meant),
            )  # fmt: skip
    for value in alike(part, vocabulary):
        whole = _literal(value)
        what = f"{text_of(written)} is no value here; the data have {text_of(whole)}"
        if isinstance(written, nodes.Literal) and written.lexical.strip().lower() in value.value.lower():
            if written.lexical.strip().lower() != value.value.lower():
                mend = "Look for the part of a text, as below, or write all of it"
                yield Slip(Kind.PART, what, mend, with_part(part, written.lexical))
        elif whole != written:
            changed = nodes.Triple(part.subject, part.predicate, whole)
            yield Slip(Kind.LITERAL, what, f"Write {text_of(whole)}", changed)


def _put_otherwise(part: nodes.Filter) -> Iterator[Slip]:
    """A condition on the year of a day, or on a text whatever its letters."""
    for written, year in years(part):
        what = f"{text_of(written)} compares a day with a year"
        yield Slip(Kind.YEAR, what, f"Write {text_of(year)}", _replaced(part, written, year))
    meant = in_any_case(part)
    if meant is not None:
        what = "the data have it in other letters, small or capital"
        yield Slip(Kind.CAPITALS, what, f"Write {text_of(meant)}", meant)


def _named(term: nodes.Term) -> nodes.Term:
    return nodes.Variable("thing") if isinstance(term, nodes.Variable | nodes.BlankNode) else term


def _literal(term: ox.Literal) -> nodes.Literal:
    if term.language:
        return nodes.Literal(term.value, language=term.language)
    return nodes.Literal(term.value, nodes.IRI(term.datatype.value))


def _literal_slip(written: nodes.Literal, meant: nodes.Literal, part: nodes.Node) -> Slip:
    as_data = f"the data have {text_of(meant)}"
    date = meant.datatype is not None and meant.datatype.value in (f"{_XSD}date", f"{_XSD}dateTime")
    if date and written.datatype is None:
        return Slip(Kind.DATE, f"{text_of(written)} is text, and {as_data}", f"Write {text_of(meant)}", part)
    return Slip(Kind.LITERAL, f"{text_of(written)} is no value here; {as_data}", f"Write {text_of(meant)}", part)


def _turned(part: nodes.Triple) -> Iterator[Slip]:
    """The triple, or one step of its path, the other way round."""
    path = part.predicate
    if isinstance(path, nodes.SequencePath):
        for at, step in enumerate(path.parts):
            if step != nodes.TYPE:
                other = step.path if isinstance(step, nodes.InversePath) else nodes.InversePath(step)
                turned = nodes.SequencePath((*path.parts[:at], other, *path.parts[at + 1 :]))
                yield _turned_to(step, nodes.Triple(part.subject, turned, part.object))
    elif not isinstance(part.object, nodes.Literal) and path != nodes.TYPE and not isinstance(path, nodes.Variable):
        yield _turned_to(path, nodes.Triple(part.object, path, part.subject))


def _turned_to(step: nodes.Node, meant: nodes.Triple) -> Slip:
    what = f"{text_of(step)} goes the other way"
    return Slip(Kind.DIRECTION, what, f"Write {text_of(meant).removesuffix(' .')}", meant)


def _compared(part: nodes.Filter | nodes.InlineData) -> Iterator[Slip]:
    """A literal of a comparison or of VALUES in the other forms that its text can have."""
    for written in dict.fromkeys(node for node in walk(part) if isinstance(node, nodes.Literal)):
        for meant in _forms(written):
            yield _as_form(written, meant, part)


def _as_form(written: nodes.Literal, meant: nodes.Literal, part: nodes.Node) -> Slip:
    changed = _replaced(part, written, meant)
    kind = Kind.DATE if written.datatype is None and meant.datatype in _DAYS else Kind.LITERAL
    what = f"{text_of(written)} is {_form(written)}, and the data hold {_form(meant)}"
    return Slip(kind, what, f"Write {text_of(meant)}", changed)


def _named_in_words(part: nodes.Node, vocabulary: Vocabulary) -> Iterator[Slip]:
    """A text in the place of the thing that is called so."""
    for written in dict.fromkeys(node for node in walk(part) if isinstance(node, nodes.Literal)):
        if written.datatype:
            continue
        quoted = ox.Literal(written.lexical.strip().lower())
        query = f"SELECT DISTINCT ?x {{ ?x ?p ?name FILTER(LCASE(STR(?name)) = {quoted} && isIRI(?x)) }} LIMIT {_MOST}"
        for row in vocabulary.select(query):
            if isinstance(row[0], ox.NamedNode):
                meant = nodes.IRI(row[0].value)
                what = f"{text_of(written)} is text, and the data hold things here"
                yield Slip(Kind.THING, what, f"Write {text_of(meant)}", _replaced(part, written, meant))


def _replaced(part: nodes.Node, old: nodes.Node, new: nodes.Node) -> nodes.Node:
    return transform(part, lambda node: new if node == old else node)


_DAYS: Final = tuple(nodes.IRI(_XSD + name) for name in ("date", "dateTime", "gYear", "gYearMonth"))


def _form(literal: nodes.Literal) -> str:
    if literal.language:
        return f"text with the language {literal.language}"
    return (
        f"a value of {shortened(literal.datatype.value)}" if literal.datatype else "text without datatype or language"
    )


def _forms(written: nodes.Literal) -> Iterator[nodes.Literal]:
    for name, pattern in _FORMS:
        if pattern.fullmatch(written.lexical) and written.datatype != nodes.IRI(_XSD + name):
            yield nodes.Literal(written.lexical, nodes.IRI(_XSD + name))
    if written.datatype or written.language:
        yield nodes.Literal(written.lexical)
    for language in _LANGUAGES:
        if written.language != language:
            yield nodes.Literal(written.lexical, language=language)


def text_of(node: nodes.Node) -> str:
    """Write a part with IRIs shortened by icsgraph's prefixes, on one line."""
    return re.sub(r"\s+", " ", shorter(to_text(node)))


def shorter(written: str) -> str:
    """Shorten the IRIs of a text that :func:`icsgraph.algebra.to_text` wrote, and leave its strings alone."""
    return _IRI.sub(lambda match: shortened(match[1], PREFIXES) if match[1] else match[0], written)
