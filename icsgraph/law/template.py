# SPDX-License-Identifier: Apache-2.0
"""A board and a day to the rows of its system's records that law and guidance ask for, ready to be filled in.

Which rows there are is kept in ``queries/template/``: one form for each kind of record. A row is no record: its class
is ``ics:RowToFill`` until a person has put in what only people know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import pyoxigraph as ox

from icsgraph.law.bodies import board_on
from icsgraph.law.forms import Row, prologue, read_form, row_text, turtle_of
from icsgraph.model.errors import LookupFailed
from icsgraph.model.namespaces import XSD
from icsgraph.store import shipped
from icsgraph.store.select import rows, text

_BASE: Final = "https://example.org/{code}/"
_HOW: Final = (
    "Each block is a row for one record. To make it a record: write the class that stands after ics:rowFor in the",
    "place of \"ics:RowToFill ; ics:rowFor\" and its class, take the # from the lines below it, and fill them in.",
    "A date can be a day (\"2024-02-01\"^^xsd:date), a month (\"2024-02\"^^xsd:gYearMonth) or a year",
    "(\"2024\"^^xsd:gYear). Rows left as they are count for nothing; delete those that you do not need.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """Rows that belong together: the name of their file without ending, a title, what to know about them."""

    name: str
    title: str
    lead: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """The template of one system as at a day; ``base`` is the namespace of the records to be made."""

    board: str
    board_name: str
    code: str
    day: date
    base: str
    sections: tuple[Section, ...]


def template(store: ox.Store, typed: str, day: date, base: str = "") -> Template:
    """Give the rows for a system: every authority, board and document that must appear in its records on a day.

    Args:
        typed: code or name of the system's board.
        base: namespace for the records; made of the board's code unless given.

    Raises:
        LookupFailed: E401, E402, E404 for a board that there is not on the day, the last naming its successors;
            E436 when the base is no IRI that ends in / or #.
    """
    board = board_on(store, typed, day)
    found = rows(store, f"""SELECT ?name ?code ?partnership WHERE {{ <{board.value}> rdfs:label ?name ; ics:code ?code .
        ?partnership ics:isPartnershipOf <{board.value}> ; ics:latestFirstDay ?first ; ics:earliestLastDay ?last
        FILTER (?first <= "{day}"^^xsd:date && "{day}"^^xsd:date <= ?last) }}""")  # fmt: skip
    if not found:
        raise LookupFailed("E436", typed, f"no partnership of this board is on record on {day}", "Give another day.")
    code = text(found[0]["code"])
    base = base or _BASE.format(code=code.lower())
    if "://" not in base or not base.endswith(("/", "#")) or any(c in base for c in ' <>"{}|\\^`'):
        raise LookupFailed("E436", "--base", f"{base!r} is no namespace", "Give an IRI that ends in / or #.")
    bound = {
        "icb": board, "icp": found[0]["partnership"],
        "day": ox.Literal(day.isoformat(), datatype=ox.NamedNode(XSD + "date")),
    }  # fmt: skip
    sections = tuple(_sections(store, bound, base))
    return Template(board.value, text(found[0]["name"]), code, day, base, sections)


def _sections(store: ox.Store, bound: Mapping[str, ox.NamedNode | ox.Literal], base: str) -> Iterable[Section]:
    gathered: dict[str, tuple[str, str, list[Row]]] = {}
    for path in shipped.files("queries/template", "*.rq"):
        form = read_form(path)
        kept = gathered.setdefault(form.header["file"], (form.header["title"], form.header["lead"], []))
        kept[2].extend(form.rows(store, bound, base))
    for name, (title, lead, found) in sorted(gathered.items()):
        yield Section(name, title, lead, tuple(found))


def as_turtle(made: Template) -> dict[str, str]:
    """Write the sections as Turtle files, by file name: valid as they are, with what is not known commented out."""
    return {f"{section.name}.ttl": _file(made, section) for section in made.sections}


def _file(made: Template, section: Section) -> str:
    blocks = []
    for row in section.rows:
        kind = turtle_of(ox.NamedNode(row.kind), made.base)
        blocks.append(row_text(row, (f"a ics:RowToFill ; ics:rowFor {kind}",), comment_out=True))
    body = "\n".join(blocks)
    head = [
        f"{section.title}: {made.board_name} ({made.code}), as at {made.day}.", "", *_wrapped(section.lead), "", *_HOW,
    ]  # fmt: skip
    comment = "".join(f"# {line}".rstrip() + "\n" for line in head)
    return f"{comment}\n{prologue(body, made.base)}\n{body}"


def _wrapped(sentence: str) -> list[str]:
    from textwrap import wrap

    return wrap(sentence, 110)
