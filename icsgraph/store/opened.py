# SPDX-License-Identifier: Apache-2.0
"""A graph opened for questions: the packaged one, a user's files, or both, with dates normalised and rules run.

The packaged graph is built once for each user and version of the shipped files, and kept as a read-only store in the
user's cache folder. Where that folder cannot be written, it is built in memory each time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

import platformdirs
import pyoxigraph as ox

from icsgraph.model.errors import LoadError
from icsgraph.store import shipped
from icsgraph.store.bounds import add_bounds, close_open_ends
from icsgraph.store.built import Manifest, build, open_built
from icsgraph.store.context import ParameterUse, set_context
from icsgraph.store.load import DataFile, find_files, load_files
from icsgraph.store.select import rows

LAYOUT: Final = "2"  # raised when the same files give another store
_KEPT: Final = 4  # cached stores beyond this number are removed, the oldest first

Derive: TypeAlias = Callable[[ox.Store], object]


@dataclass(slots=True)
class Opened:
    """A store ready for questions.

    ``files`` are the user's own files, each in its named graph; ``version`` is a digest of everything loaded;
    ``parameters`` are those worked out for ``as_at``. ``context`` is set for a store that cannot be written to and so
    has no context graph: what queries are to have put in for it, property to value.
    """

    store: ox.Store
    as_at: date
    version: str
    files: tuple[DataFile, ...] = ()
    parameters: tuple[ParameterUse, ...] = field(default=())
    context: Mapping[str, ox.Literal] | None = None

    def writable(self) -> Opened:
        """Give the same graph in memory, with the context graph in it; itself where it has that already."""
        if self.context is None:
            return self
        store = ox.Store()
        store.bulk_extend(self.store.quads_for_pattern(None, None, None, None))
        return replace(self, store=store, parameters=set_context(store, self.as_at), context=None)


def open_packaged(as_at: date, derive: Derive, on_demand: Iterable[str] = ()) -> Opened:
    """Open the graph that ships with icsgraph, read-only, with the named large graphs in it as well."""
    paths = shipped.graph_files(frozenset(on_demand))
    content = shipped.digest((*paths, *shipped.files("ontology/rules", "*.rq")))
    version = hashlib.sha256(f"{LAYOUT} {content}".encode()).hexdigest()
    return Opened(_cached(paths, version, derive), as_at, version)


def open_files(
    paths: Sequence[Path], as_at: date, derive: Derive, *, background: bool = True, on_demand: Iterable[str] = ()
) -> Opened:
    """Open users' files in memory, over the packaged graph unless ``background`` is false (then: the ontology and law).

    Raises:
        LoadError: when a path is missing, a folder empty, or a file malformed; nothing is loaded then.
    """
    files = find_files(paths)
    store = ox.Store()
    if background:
        packaged = open_packaged(as_at, derive, on_demand)
        store.bulk_extend(packaged.store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    else:
        store.bulk_extend(_without_england())
    loaded = load_files(store, files)
    if close_open_ends(store, loaded):
        _forget_derived(store)
    add_bounds(store, loaded)
    derive(store)
    version = shipped.digest([*shipped.graph_files(), *(file.path for file in files)])
    return Opened(store, as_at, version, files, set_context(store, as_at))


def _forget_derived(store: ox.Store) -> None:
    """Take away what was derived from the packaged graph alone, to be derived anew with the user's files."""
    found = rows(store, "SELECT ?fact ?p ?o WHERE { ?fact a/rdfs:subClassOf* ics:DerivedFact ; ?p ?o }")
    for row in found:
        store.remove(ox.Quad(row["fact"], row["p"], row["o"]))


def packaged_files(*, england: bool = True, on_demand: Iterable[str] = ()) -> list[DataFile]:
    """Give the files of the packaged graph, or those of the ontology, the law and the guidance alone."""
    paths = shipped.graph_files(frozenset(on_demand))
    return _named(path for path in paths if england or "england" not in path.parts)


def _named(paths: Iterable[Path]) -> list[DataFile]:
    root = shipped.root()
    return [DataFile(path, path.relative_to(root).as_posix()) for path in paths]


@cache
def _without_england() -> tuple[ox.Quad, ...]:
    """The ontology, the law and the guidance with their dates normalised, as quads of the default graph."""
    store = ox.Store()
    add_bounds(store, load_files(store, packaged_files(england=False)))
    return tuple(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))


def _build(store: ox.Store, paths: Iterable[Path], derive: Derive) -> None:
    add_bounds(store, load_files(store, _named(paths)))
    derive(store)


def cache_folder() -> Path:
    """Give the folder for what can be made again: ``ICSGRAPH_CACHE`` where it is set, else the user's cache folder."""
    return Path(os.environ.get("ICSGRAPH_CACHE") or platformdirs.user_cache_path("icsgraph"))


def _cached(paths: Sequence[Path], version: str, derive: Derive) -> ox.Store:
    folder = cache_folder()
    kept = folder / version[:32]
    with contextlib.suppress(LoadError):  # not there, or damaged: built anew below
        store, _ = open_built(kept, hashed=0)  # comparing content would take longer than most commands
        with contextlib.suppress(OSError):
            kept.touch()
        return store
    try:
        build(kept, Manifest(version), lambda store: _build(store, paths, derive))
    except OSError:
        store = ox.Store()
        _build(store, paths, derive)
        return store
    _forget_old(folder)
    return open_built(kept)[0]


def _forget_old(folder: Path) -> None:
    stores = sorted((p for p in folder.iterdir() if len(p.name) == 32), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in stores[_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
