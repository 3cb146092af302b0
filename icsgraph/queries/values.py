# SPDX-License-Identifier: Apache-2.0
"""Terms of an answer to Python values, a column at a time: dates as dates, numbers as numbers, the rest as text."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final, TypeAlias

import pyoxigraph as ox

from icsgraph.model.namespaces import XSD

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Value: TypeAlias = str | int | float | bool | date | datetime | None


class Kind(StrEnum):
    """What every value of a column is."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"


_INTEGERS: Final = frozenset(
    XSD + name
    for name in (
        "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger",
        "negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte",
    )
)  # fmt: skip
_NUMBERS: Final = frozenset(XSD + name for name in ("decimal", "double", "float"))
_KINDS: Final = {
    **dict.fromkeys(_INTEGERS, Kind.INTEGER),
    **dict.fromkeys(_NUMBERS, Kind.NUMBER),
    XSD + "date": Kind.DATE,
    XSD + "dateTime": Kind.DATETIME,
    XSD + "boolean": Kind.BOOLEAN,
}
_LARGEST: Final = 2**63 - 1
_DAY: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)?")


def text(term: Term | None) -> str | None:
    """Give an IRI or the text of a literal; None for an unbound variable."""
    if term is None:
        return None
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


def column(terms: Iterable[Term | None]) -> tuple[Kind, list[Value]]:
    """Give the kind of a column and its values, None where unbound.

    A column is more than text only if every term in it is a well-formed literal of that kind; whole numbers among
    fractions are numbers. Fractions become binary floating point. A year or a month stays text: it is no day.
    """
    listed = list(terms)
    kinds = {_kind(term) for term in listed if term is not None}
    if kinds == {Kind.INTEGER, Kind.NUMBER}:
        kinds = {Kind.NUMBER}
    kind = kinds.pop() if len(kinds) == 1 else Kind.TEXT
    read = _READERS.get(kind)
    if read is not None:
        try:
            return kind, [None if term is None else read(str(text(term))) for term in listed]
        except (ValueError, InvalidOperation, OverflowError):
            pass  # ill-typed or too large: the text is all that can be given
    return Kind.TEXT, [text(term) for term in listed]


def columns(rows: Sequence[Sequence[Term | None]], number: int) -> list[tuple[Kind, list[Value]]]:
    """Give kind and values of each of ``number`` columns."""
    return [column(row[at] for row in rows) for at in range(number)]


def _kind(term: Term) -> Kind:
    return _KINDS.get(term.datatype.value, Kind.TEXT) if isinstance(term, ox.Literal) else Kind.TEXT


def _integer(written: str) -> int:
    number = int(written)
    if abs(number) > _LARGEST:
        raise OverflowError(written)
    return number


def _number(written: str) -> float:
    special = {"INF": math.inf, "+INF": math.inf, "-INF": -math.inf, "NaN": math.nan}
    return special[written] if written in special else float(Decimal(written))


def _date(written: str) -> date:
    match = _DAY.fullmatch(written)
    if match is None:
        raise ValueError(written)
    return date.fromisoformat(match[1])


def _datetime(written: str) -> datetime:
    """Read a moment; one with a time zone is given in UTC, one without stays without."""
    moment = datetime.fromisoformat(written)
    return moment.astimezone(UTC) if moment.tzinfo else moment


def _boolean(written: str) -> bool:
    if written not in ("true", "false", "1", "0"):
        raise ValueError(written)
    return written in ("true", "1")


_READERS: Final[dict[Kind, Callable[[str], Value]]] = {
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.DATETIME: _datetime,
    Kind.BOOLEAN: _boolean,
}
