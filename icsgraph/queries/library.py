# SPDX-License-Identifier: Apache-2.0
"""The stored queries of a folder, found by slug or id, listed and searched."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path

from icsgraph.model.errors import QueryError
from icsgraph.queries.stored import StoredQuery, read_query


class Library:
    """Query files by slug. Headers are read when they are first needed: finding one query reads one file."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._paths = {path.stem.partition("-")[2]: path for path in sorted(paths, key=lambda p: p.stem)}

    def __iter__(self) -> Iterator[StoredQuery]:
        """Give every query, in order of id."""
        return (read_query(path) for path in sorted(self._paths.values(), key=lambda p: p.stem))

    def __len__(self) -> int:
        return len(self._paths)

    def slugs(self) -> tuple[str, ...]:
        """Give the names by which queries are run, sorted."""
        return tuple(sorted(self._paths))

    def get(self, name: str) -> StoredQuery:
        """Find a query by its slug, its id, or its file name.

        Raises:
            QueryError: E211, naming near slugs.
        """
        stem = name.removesuffix(".rq")
        for slug, path in self._paths.items():
            if stem in (slug, path.stem, path.stem.partition("-")[0]):
                return read_query(path)
        near = difflib.get_close_matches(stem, self._paths, n=3, cutoff=0.5)
        near += [
            s for s in self._paths if s not in near and set(stem.split("-")) & set(s.split("-")) and len(near) < 3
        ][: 3 - len(near)]
        mend = f"Did you mean {', '.join(near)}?" if near else "icsgraph queries lists them all."
        raise QueryError("E211", name, "there is no stored query of that name", mend)

    def search(self, words: str) -> list[StoredQuery]:
        """Give the queries whose slug, question or keywords hold every word, in order of id; all, for no words."""
        wanted = words.lower().split()

        def text(query: StoredQuery) -> str:
            return " ".join((query.slug, query.question, query.family, *query.keywords)).lower()

        return [query for query in self if all(word in text(query) for word in wanted)]
