# SPDX-License-Identifier: Apache-2.0
"""Invented things to triples, and planted faults to what shapes must find: the words, terms and bookkeeping of the
generator, whatever it makes up with them."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import TextIO

NS = "https://example.org/ics#"
ID = "https://example.org/id/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE, LABEL = f"<{RDF}type>", f"<{RDFS}label>"


def c(name: str) -> str:
    """A term of the vocabulary."""
    return f"<{NS}{name}>"


def i(name: str) -> str:
    """A thing."""
    return f"<{ID}{name}>"


def text(value: object, language: str = "") -> str:
    """A string, or a text in a language."""
    return f'"{value}"@{language}' if language else f'"{value}"'


def number(value: int) -> str:
    """An integer."""
    return f'"{value}"^^<{XSD}integer>'


def day(value: dt.date) -> str:
    """A date."""
    return f'"{value.isoformat()}"^^<{XSD}date>'


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One result: the local names of source shape and component, focus node and value (N-Triples; empty: none)."""

    shape: str
    component: str
    focus: str
    value: str = ""

    @property
    def line(self) -> str:
        """The finding as a line of text."""
        return "\t".join((self.shape, self.component, self.focus, self.value))


@dataclass
class Writer:
    """Writes triples to a stream, decides by chance where faults are, and collects the findings that follow."""

    stream: TextIO
    chance: float = 0.05
    seed: int = 7
    count: int = 0
    findings: Counter[Finding] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.lines: list[str] = []

    def say(self, subject: str, predicate: str, *values: str) -> None:
        """Write a triple for each value."""
        self.lines += [f"{subject} {predicate} {value} .\n" for value in values]
        self.count += len(values)
        if len(self.lines) > 50000:
            self.stream.writelines(self.lines)
            self.lines.clear()

    def fault(self, scale: float = 1.0) -> bool:
        """Say whether a fault is planted here."""
        return self.random.random() < self.chance * scale

    def found(self, shape: str, component: str, focus: str, value: str = "") -> None:
        """Note a result that must be found."""
        self.findings[Finding(shape, component + "ConstraintComponent", focus, value)] += 1

    def act(self, path: str, kind: str, by: str, on: dt.date, **more: str) -> str:
        """A dated act."""
        node = i("act/" + path)
        self.say(node, TYPE, c(kind))
        self.say(node, c("by"), by)
        self.say(node, c("on"), day(on))
        for name, value in more.items():
            self.say(node, c(name), value)
        return node

    def end(self) -> None:
        """Write what is left."""
        self.stream.writelines(self.lines)
        self.lines.clear()
