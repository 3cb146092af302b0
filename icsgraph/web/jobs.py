# SPDX-License-Identifier: Apache-2.0
"""What a worker process is asked, and what it gives back: values that cross from one process to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Ask:
    """A query by text, with its dataset (IRIs of the store's graphs; None leaves the query's own).

    ``form`` names the form of the answer; where it is empty, ``accept`` (an Accept header) chooses one that fits what
    the query gives.
    """

    text: str
    form: str
    as_at: date
    accept: str = ""
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class AskStored:
    """A stored query by its slug, with parameters as typed; ``labels`` puts names beside IRIs."""

    slug: str
    given: Mapping[str, str]
    form: str
    as_at: date
    accept: str = ""
    labels: bool = False


@dataclass(frozen=True, slots=True)
class Describe:
    """Everything said of one IRI, and what points to it: as RDF, or as a page. ``dated``: links keep the day."""

    iri: str
    form: str
    as_at: date
    links: int = 200
    dated: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """Posted records to be held against the law: files by name, whose endings say what they are; archives as well.

    ``form`` is that of the report.
    """

    files: tuple[tuple[str, bytes], ...]
    form: str
    as_at: date
    constraints: tuple[str, ...] = ()
    background: bool = True
    sheet: bool = False
    summary: bool = False


Job: TypeAlias = Ask | AskStored | Describe | Check


@dataclass(frozen=True, slots=True)
class Reply:
    """What a request gets: status, media type, body, and headers that say what goes with it."""

    status: int
    media: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
