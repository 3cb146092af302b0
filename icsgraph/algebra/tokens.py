# SPDX-License-Identifier: Apache-2.0
"""Query text to the same text in the spelling that rdflib's grammar reads rightly, and offsets to line and column.

Only four kinds of token are told apart: comments, IRIs, strings and escapes; that is enough to know what is text
inside quotation marks and what is not. rdflib's grammar refuses some escapes that SPARQL has, takes ``\\u0041`` to be
an escape after a backslash that is itself escaped, and reads eight digits where four are meant.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

_UNICODE = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_TOKEN = re.compile(
    rf"""(?P<comment>\#[^\n\r]*)
    | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|{_UNICODE})*>)
    | (?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''
        |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
    | (?P<unicode>{_UNICODE})
    | (?P<escape>\\.)
    | (?P<word>[^\W\d_][\w.\-]*:|:)""",
    re.VERBOSE | re.DOTALL,
)
_IN_STRING = re.compile(rf"(?P<unicode>{_UNICODE})|\\(?P<char>.)", re.DOTALL)
_UNESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_ESCAPED = {value: "\\" + key for key, value in _UNESCAPED.items() if key != "'"}
_ENDS_EARLY = re.compile(r"[^\s{}()\[\];,.]+|\S")


@dataclass(frozen=True, slots=True)
class Rewritten:
    """Text for rdflib, and for each piece of it where it begins there and in the text that it came from."""

    text: str
    _starts: tuple[int, ...]
    _sources: tuple[int, ...]

    def source_offset(self, offset: int) -> int:
        """The offset in the original of what stands at an offset of the rewritten text."""
        piece = bisect.bisect_right(self._starts, offset) - 1
        end = self._sources[piece + 1] if piece + 1 < len(self._sources) else offset + self._sources[piece]
        return min(self._sources[piece] + offset - self._starts[piece], end)


def for_rdflib(text: str) -> Rewritten:
    """Rewrite strings in one spelling, put characters for code point escapes, and leave out comments."""
    pieces: list[tuple[int, str]] = []
    end = 0
    for token in _TOKEN.finditer(text):
        if token.lastgroup in ("comment", "string", "iri", "unicode"):
            pieces += [(end, text[end : token.start()]), (token.start(), _rewritten(token))]
            end = token.end()
    pieces.append((end, text[end:]))
    starts = itertools.accumulate((len(piece) for _, piece in pieces[:-1]), initial=0)
    return Rewritten("".join(piece for _, piece in pieces), tuple(starts), tuple(source for source, _ in pieces))


def _rewritten(token: re.Match[str]) -> str:
    written = token.group()
    if token.lastgroup == "comment":
        return ""
    if token.lastgroup == "string":
        value = string_value(written)
        return written if value is None else _escaped(value)
    return re.sub(_UNICODE, lambda match: _character(match.group()), written)


def string_value(written: str) -> str | None:
    """What a string in quotation marks stands for; None where it holds an escape that SPARQL does not have."""
    width = 3 if written[:3] in ('"""', "'''") and len(written) >= 6 else 1
    inside = written[width:-width]
    if any(match["char"] and match["char"] not in _UNESCAPED for match in _IN_STRING.finditer(inside)):
        return None
    return _IN_STRING.sub(
        lambda match: _character(match["unicode"]) if match["unicode"] else _UNESCAPED[match["char"]], inside
    )


def quoted(value: str) -> str:
    """Write a string between double quotation marks, so that every SPARQL parser reads the same value."""
    # Parsers that put in code point escapes before anything else would see one in an escaped backslash before a u;
    # eight digits, since rdflib takes up to eight.
    return re.sub(r"(?<=\\\\)[uU]", lambda match: f"\\U{ord(match.group()):08X}", _escaped(value))


def _escaped(value: str) -> str:
    return '"' + "".join(_ESCAPED.get(character, character) for character in value) + '"'


def prefix_places(text: str, prefix: str) -> Iterator[int]:
    """Offsets at which a name with this prefix begins, declarations included."""
    for token in _TOKEN.finditer(text):
        if token.lastgroup == "word" and token.group() == f"{prefix}:":
            yield token.start()


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def token_at(text: str, offset: int) -> str:
    """The word or mark that begins at the offset or after white space; empty at the end of the text."""
    rest = text[offset:].lstrip()
    token, word = _TOKEN.match(rest), _ENDS_EARLY.match(rest)
    if token and token.lastgroup in ("iri", "string"):
        return token.group()
    return word.group() if word else ""


def open_brackets(text: str) -> str:
    """The brackets that the text opens and does not close, outermost first."""
    opened, pairs = [], {"}": "{", ")": "(", "]": "["}
    for character in _TOKEN.sub(" ", text):
        if character in "{([":
            opened.append(character)
        elif opened and opened[-1] == pairs.get(character):
            opened.pop()
    return "".join(opened)


def _character(escape: str) -> str:
    code = int(escape[2:], 16)
    # A lone surrogate or a number beyond Unicode is no character: left as it is, for the parser to refuse.
    return escape if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)
