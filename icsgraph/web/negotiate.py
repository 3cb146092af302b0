# SPDX-License-Identifier: Apache-2.0
"""What a client accepts, or names with ``format=``, to one of the forms that there are.

Source: https://www.rfc-editor.org/rfc/rfc9110#name-accept
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from icsgraph.web.errors import Refused

ROWS: Final = {
    "json": "application/sparql-results+json", "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8", "tsv": "text/tab-separated-values; charset=utf-8",
    "html": "text/html; charset=utf-8",
}  # fmt: skip
TRIPLES: Final = {
    "ttl": "text/turtle; charset=utf-8", "nt": "application/n-triples", "jsonld": "application/ld+json",
    "rdfxml": "application/rdf+xml", "trig": "application/trig; charset=utf-8", "nq": "application/n-quads",
}  # fmt: skip
TABLES: Final = ROWS | {
    "jsonl": "application/x-ndjson", "md": "text/markdown; charset=utf-8", "table": "text/plain; charset=utf-8",
}  # fmt: skip
THINGS: Final = {"html": "text/html; charset=utf-8"} | TRIPLES
REPORTS: Final = {
    "json": "application/json", "ttl": "text/turtle; charset=utf-8", "jsonld": "application/ld+json",
    "html": "text/html; charset=utf-8", "csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson",
    "md": "text/markdown; charset=utf-8", "table": "text/plain; charset=utf-8", "sarif": "application/sarif+json",
    "junit": "application/xml",
}  # fmt: skip
# Names and types that clients use for a form.
_OTHER: Final = {
    "application/json": ("json", "jsonld"), "application/xml": ("xml", "rdfxml", "junit"),
    "text/xml": ("xml", "rdfxml", "junit"), "application/x-turtle": ("ttl",), "application/turtle": ("ttl",),
    "text/n3": ("ttl",), "text/plain": ("table", "nt"), "application/xhtml+xml": ("html",), "turtle": ("ttl",),
    "ntriples": ("nt",), "n-triples": ("nt",), "nquads": ("nq",), "n-quads": ("nq",), "json-ld": ("jsonld",),
    "rdf+xml": ("rdfxml",), "rdf": ("rdfxml",), "xml": ("rdfxml", "junit"), "json": ("jsonld",), "n3": ("ttl",),
    "sparql-results+json": ("json",), "sparql-results+xml": ("xml",), "text": ("table",), "srj": ("json",),
    "srx": ("xml",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Range:
    type: str
    quality: float

    def fits(self, offered: str) -> int:
        """How exactly the range names a type; 0 where it does not."""
        if self.type == offered:
            return 3
        if self.type == "*/*":
            return 1
        return 2 if self.type.endswith("/*") and offered.startswith(self.type[:-1]) else 0


def choose(offered: Mapping[str, str], accept: str, named: str = "") -> str:
    """Give the form that the client wants most; of those it wants alike, the first offered.

    Args:
        offered: media type by form, the one to give by default first.
        accept: the Accept header; empty for none.
        named: what ``format=`` says, a form or a media type; it counts before the header.

    Raises:
        Refused: E809, 400 for a name that is no form, 406 when the client accepts none.
    """
    if named:
        return _by_name(offered, named)
    ranges = [each for part in accept.split(",") if (each := _range(part))]
    if not ranges:
        return next(iter(offered))
    best, found = 0.0, ""
    for form, media in offered.items():
        quality = max(_quality(ranges, name) for name in _names(form, media))
        if quality > best:
            best, found = quality, form
    if not found:
        what = f"none of what is accepted can be given: {accept[:200]!r}"
        raise Refused(406, "E809", "Accept", what, f"Accept one of {', '.join(_bare(m) for m in offered.values())}.")
    return found


def _by_name(offered: Mapping[str, str], named: str) -> str:
    wanted = _bare(named).lower()
    if wanted in offered:
        return wanted
    for form, media in offered.items():
        if _bare(media) == wanted or form in _OTHER.get(wanted, ()):
            return form
    raise Refused(400, "E809", "format", f"there is no form {named[:80]!r} here", f"Use one of {', '.join(offered)}.")


def _bare(media: str) -> str:
    return media.partition(";")[0].strip()


def _names(form: str, media: str) -> Sequence[str]:
    return [_bare(media), *(name for name, forms in _OTHER.items() if "/" in name and form in forms)]


def _range(part: str) -> _Range | None:
    name, *parameters = (each.strip().lower() for each in part.split(";"))
    quality = 1.0
    for each in parameters:
        if each.startswith("q="):
            with contextlib.suppress(ValueError):
                quality = min(max(float(each[2:]), 0.0), 1.0)
    return _Range(name, quality) if "/" in name else None


def _quality(ranges: Sequence[_Range], offered: str) -> float:
    """The quality of the range that names the type most exactly."""
    exact, quality = max((each.fits(offered), each.quality) for each in ranges)
    return quality if exact else 0.0
