# SPDX-License-Identifier: Apache-2.0
"""A text file of an edition to its sentences and list items, each with its place; and a passage to its digest."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from itertools import pairwise
from pathlib import Path
from typing import Final

from icsgraph.model.errors import LoadError

_STRAIGHT: Final = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})  # curly quotes
_BULLET: Final = re.compile(r"\s*(?:[•*-]|\d+\.)\s+")
_ENDED: Final = re.compile(r"[.:;!,][\])\u2019\u201d]*$")
# A full stop within brackets or before a small letter ends no sentence; a footnote's mark belongs to what is before it.
_STOP: Final = re.compile(r"[.!?][\u2019\u201d)]?(?:\[footnote \d+\])?(?=\s+[A-Z\u2018\u201c(\d])")


def read_text(path: Path) -> str:
    """Read a copy of the text without touching its line ends, since positions count every character.

    Raises:
        LoadError: E120 if the file is missing or not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        mend = "Save the guidance from GOV.UK as plain text in UTF-8 and give that file."
        raise LoadError("E120", str(path), f"no text that can be read: {error}", mend) from error


def words(passage: str) -> list[str]:
    """Give the words by which passages are compared: NFC, straight quotes, split on white space, case kept."""
    return unicodedata.normalize("NFC", passage).translate(_STRAIGHT).split()


def digest(of: list[str]) -> str:
    """Give the SHA-256 of words joined by single spaces."""
    return hashlib.sha256(" ".join(of).encode()).hexdigest()


def sentences(text: str) -> list[tuple[int, int]]:
    """Give the places of sentences and list items, in order; lines of at most three words, and headings, are left out.

    A heading is a line of up to 16 words that ends without a stop, colon or semicolon and opens no list item.
    """
    found = []
    at = 0
    for line in text.split("\n"):
        bullet = _BULLET.match(line)
        first = at + (bullet.end() if bullet else len(line) - len(line.lstrip()))
        last = at + len(line.rstrip())
        at += len(line) + 1
        body = text[first:last]
        if (
            not bullet
            and len(body.split()) <= 16
            and not body.rstrip("]\u2019\u201d)").endswith((".", ":", ";", "!", ","))
        ):
            continue
        cuts = [first, *(first + stop.end() for stop in _STOP.finditer(body)), last]
        for start, end in pairwise(cuts):
            begin = start + len(text[start:end]) - len(text[start:end].lstrip())
            if len(text[begin:end].split()) > 3:
                found.append((begin, end))
    return found
