# SPDX-License-Identifier: Apache-2.0
"""Texts of things to an index of trigrams, and words, even misspelt, to the things that they likely mean, ranked."""

from __future__ import annotations

import contextlib
import difflib
import os
import re
import sqlite3
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from icsgraph.model.errors import QueryError

_WORD: Final = re.compile(r"[^\W_]+")
_CANDIDATES: Final = 400  # texts that are looked at word by word
_ALIKE: Final = 0.75  # of difflib's ratio: the same word with a slip
_LEAST: Final = 0.6  # of the words asked for must be met in full, on average
_LONG: Final = 7  # letters beyond which a word counts no more
_LAYOUT: Final = "2"  # raised when the same texts give another index
_KEPT: Final = 4  # indexes kept, the newest


@dataclass(frozen=True, slots=True)
class Entry:
    """A text of a thing: the thing's IRI, kind and label, in which field the text stands, and how much that counts."""

    iri: str
    kind: str
    label: str
    field: str
    weight: float
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found, with the text that was met and how well, the best hit of a search being near 1."""

    entry: Entry
    score: float


def open_index(folder: Path, version: str, entries: Callable[[], Iterable[Entry]]) -> sqlite3.Connection:
    """Open the index of a version of the data, made first where there is none; in memory where it cannot be kept.

    Args:
        folder: where indexes are kept; those beyond the newest four are removed.
        version: digest of the data.
        entries: gives the texts, called only to make the index.

    Raises:
        QueryError: E220, when this Python's SQLite cannot search texts.
    """
    path = folder / f"find-{_LAYOUT}-{version[:32]}.sqlite"
    if path.is_file():
        try:
            index = _opened(path)
            index.execute("SELECT count(*) FROM words").fetchone()
            path.touch()
        except (sqlite3.DatabaseError, OSError):
            path.unlink(missing_ok=True)  # damaged: made anew below
        else:
            return index
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix="building-", suffix=".sqlite")
    except OSError:
        return _filled(sqlite3.connect(":memory:"), entries())
    os.close(handle)
    try:
        with contextlib.closing(_filled(sqlite3.connect(name), entries())):
            pass
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
    _forget_old(folder)
    return _opened(path)


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _filled(index: sqlite3.Connection, entries: Iterable[Entry]) -> sqlite3.Connection:
    index.execute("CREATE TABLE entries (iri, kind, label, field, weight REAL, text)")
    try:
        index.execute("CREATE VIRTUAL TABLE words USING fts5(text, tokenize='trigram', content='')")
    except sqlite3.OperationalError as error:
        what = f"SQLite {sqlite3.sqlite_version} cannot search texts: {error}"
        raise QueryError("E220", "find", what, "Use a Python whose SQLite is 3.34 or newer and has FTS5.") from error
    rows = [(e.iri, e.kind, e.label, e.field, e.weight, e.text) for e in entries]
    index.executemany("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)", rows)
    index.executemany(
        "INSERT INTO words (rowid, text) VALUES (?, ?)", ((n, folded(row[5])) for n, row in enumerate(rows, 1))
    )
    index.commit()
    return index


def _forget_old(folder: Path) -> None:
    kept = sorted(folder.glob("find-*.sqlite"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in kept[_KEPT:]:
        old.unlink(missing_ok=True)


def folded(text: str) -> str:
    """Give a text in small letters without accents."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(character for character in apart if not unicodedata.combining(character)).casefold()


def search(index: sqlite3.Connection, text: str, *, kind: str = "", limit: int = 20) -> list[Hit]:
    """Find things by words, the best first, each thing once.

    A word matches itself, one that it begins, or one that it likely misspells; most words must match.

    Args:
        kind: only things of this kind, by its name or a part of it.
    """
    wanted = _WORD.findall(folded(text))
    if not wanted:
        return []
    best: dict[str, Hit] = {}
    for entry in _candidates(index, wanted):
        if kind and folded(kind) not in folded(entry.kind):
            continue
        score = _score(wanted, entry)
        if score > 0 and (entry.iri not in best or best[entry.iri].score < score):
            best[entry.iri] = Hit(entry, round(score, 4))
    return sorted(best.values(), key=lambda hit: (-hit.score, hit.entry.label, hit.entry.iri))[:limit]


def _candidates(index: sqlite3.Connection, wanted: list[str]) -> Iterator[Entry]:
    """The texts that share most trigrams with the words; short words are looked for as they are."""
    grams = [f'"{word[at : at + 3]}"' for word in wanted for at in range(len(word) - 2)]
    columns = "e.iri, e.kind, e.label, e.field, e.weight, e.text"
    if grams:
        rows = index.execute(
            f"SELECT {columns} FROM words w JOIN entries e ON e.rowid = w.rowid WHERE words MATCH ? "
            f"ORDER BY bm25(words) * e.weight LIMIT {_CANDIDATES}",
            (" OR ".join(dict.fromkeys(grams)),),
        )
        yield from (Entry(*row) for row in rows)
    for word in (word for word in wanted if len(word) < 4):
        rows = index.execute(f"SELECT {columns} FROM entries e WHERE lower(e.text) = ? LIMIT {_CANDIDATES}", (word,))
        yield from (Entry(*row) for row in rows)


def _score(wanted: list[str], entry: Entry) -> float:
    words = _WORD.findall(folded(entry.text))
    distinct = frozenset(words)
    met = [_closeness(word, distinct) for word in wanted]
    counts = [min(len(word), _LONG) - 1.5 if len(word) > 3 else 0.5 for word in wanted]  # "of" says less than "copy"
    average = sum(m * n for m, n in zip(met, counts, strict=True)) / sum(counts)
    if average < _LEAST:
        return 0.0
    if wanted == words:
        return entry.weight
    run = " ".join(wanted) in " ".join(words)
    covered = min(sum(1 for each in met if each) / max(len(words), 1), 1.0)
    return float(entry.weight * average * (0.55 + 0.25 * covered + (0.15 if run else 0.0)))


def _closeness(word: str, others: frozenset[str]) -> float:
    if word in others:
        return 1.0
    best = 0.0
    for other in others:
        if other.startswith(word) or (len(other) > 3 and word.startswith(other)):
            best = max(best, 0.85)
        elif len(word) > 3 and abs(len(other) - len(word)) < 4 and best < 0.85:
            ratio = difflib.SequenceMatcher(None, word, other, autojunk=False).ratio()
            best = max(best, ratio * 0.9) if ratio >= _ALIKE else best
    return best
