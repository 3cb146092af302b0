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
from pathlib import Path
from threading import Thread
from typing import Final, TypeAlias

import platformdirs
import pyoxigraph as ox

from icsgraph.model.errors import LoadError
from icsgraph.store import shipped
from icsgraph.store.bounds import add_bounds, with_dates
from icsgraph.store.built import Manifest, build, open_built
from icsgraph.store.context import ParameterUse, set_context
from icsgraph.store.load import DataFile, add_files, add_merged, find_files

LAYOUT: Final = "2"  # raised when the same files give another store
_KEPT: Final = 6  # cached stores beyond this number are removed, the oldest first
_WRITING: Final[dict[Path, Thread]] = {}  # stores that are being put into the cache

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


def open_packaged(as_at: date, derive: Derive, on_demand: Iterable[str] = (), *, merged: bool = False) -> Opened:
    """Open the graph that ships with icsgraph, read-only, with the named large graphs in it as well.

    Args:
        merged: whether its default graph is enough, which is ready much sooner where nothing is cached yet: nobody
            may ask then which file states what.
    """
    paths = shipped.graph_files(frozenset(on_demand))
    content = shipped.digest((*paths, *shipped.files("ontology/rules", "*.rq")))
    version = hashlib.sha256(f"{LAYOUT} {content}".encode()).hexdigest()
    return Opened(_cached(_named(paths), version, derive, merged=merged), as_at, version)


def open_files(
    paths: Sequence[Path], as_at: date, derive: Derive, *, background: bool = True, on_demand: Iterable[str] = ()
) -> Opened:
    """Open users' files in memory, over the packaged graph unless ``background`` is false (then: the ontology and law).

    Raises:
        LoadError: when a path is missing, a folder empty, or a file malformed; nothing is loaded then.
    """
    files = find_files(paths)
    store = ox.Store()
    add_merged(store, packaged_files(england=background, on_demand=on_demand))
    add_files(store, files)
    complete(store, derive)
    version = shipped.digest([*shipped.graph_files(), *(file.path for file in files)])
    return Opened(store, as_at, version, files, set_context(store, as_at))


def complete(store: ox.Store, derive: Derive) -> None:
    """Add to the ontology and all that was loaded with it the bounds of its dates, and what rules derive."""
    add_bounds(store, with_dates(store, [ox.DefaultGraph()]))
    derive(store)


def packaged_files(*, england: bool = True, on_demand: Iterable[str] = ()) -> list[DataFile]:
    """Give the files of the packaged graph, or those of the ontology, the law and the guidance alone."""
    paths = shipped.graph_files(frozenset(on_demand))
    return _named(path for path in paths if england or "england" not in path.parts)


def _named(paths: Iterable[Path]) -> list[DataFile]:
    root = shipped.root()
    return [DataFile(path, path.relative_to(root).as_posix()) for path in paths]


def cache_folder() -> Path:
    """Give the folder for what can be made again: ``ICSGRAPH_CACHE`` where it is set, else the user's cache folder."""
    return Path(os.environ.get("ICSGRAPH_CACHE") or platformdirs.user_cache_path("icsgraph"))


def _cached(files: Sequence[DataFile], version: str, derive: Derive, *, merged: bool) -> ox.Store:
    """Open the kept store of the packaged graph; make it where there is none that is whole.

    There are two for each version: with the graph of each file, and, smaller and made sooner, merged alone. The second
    is written while the first question is answered; the process ends when it is written.
    """
    folder = cache_folder()
    whole, part = folder / version[:32], folder / hashlib.sha256(f"merged {version}".encode()).hexdigest()[:32]
    if (writing := _WRITING.pop(part, None)) is not None:
        writing.join()
    for kept in (whole, part) if merged else (whole,):
        with contextlib.suppress(LoadError):  # not there, or damaged
            store, _ = open_built(kept, hashed=0)  # comparing content would take longer than most commands
            with contextlib.suppress(OSError):
                kept.touch()
            return store
    made = ox.Store()
    (add_merged if merged else add_files)(made, files)
    complete(made, derive)
    if merged:
        _WRITING[part] = Thread(target=_keep, args=(made, part, version, True), name="keep the packaged graph")
        _WRITING[part].start()
        return made
    return open_built(whole, hashed=0)[0] if _keep(made, whole, version, False) else made


def _keep(store: ox.Store, kept: Path, version: str, merged: bool) -> bool:
    """Put a store into the cache, all at once: writing each file takes twice as long; say whether it could be."""

    def fill(new: ox.Store) -> None:
        if merged:  # as text, so that meanwhile Python is free to answer
            text = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
            new.bulk_load(text, format=ox.RdfFormat.N_TRIPLES, lenient=True)
        else:
            new.bulk_extend(store)

    try:
        build(kept, Manifest(version), fill)
        _forget_old(kept.parent)
    except OSError:
        return False
    return True


def _forget_old(folder: Path) -> None:
    stores = sorted((p for p in folder.iterdir() if len(p.name) == 32), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in stores[_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
