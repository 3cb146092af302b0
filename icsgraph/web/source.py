# SPDX-License-Identifier: Apache-2.0
"""What is to be served, to a store on disk that any number of processes can open read-only at once."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from icsgraph.model.errors import LoadError
from icsgraph.model.namespaces import ICSG
from icsgraph.opening import derive_all, open_graph
from icsgraph.store.building import build_store
from icsgraph.store.built import Manifest, open_built, read_manifest
from icsgraph.store.context import context_of
from icsgraph.store.load import DataFile
from icsgraph.store.opened import Opened, cache_folder


@dataclass(frozen=True, slots=True)
class Source:
    """What to serve: the store in a folder, or what ships with the large graphs named."""

    folder: Path | None = None
    on_demand: tuple[str, ...] = ()

    def mark(self) -> tuple[int, ...]:
        """Give what changes when another store is put into the folder."""
        if self.folder is None:
            return ()
        try:
            told = (self.folder / "manifest.json").stat()
        except OSError:
            return ()
        return (told.st_mtime_ns, told.st_size, told.st_ino)


@dataclass(frozen=True, slots=True)
class Located:
    """A store on disk: its folder, the digest of its data, the large graphs in it, and how much each graph holds.

    ``seals`` are the files that nobody writes to from now on, with size and time of change.
    """

    path: Path
    version: str
    on_demand: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    files: tuple[DataFile, ...] = ()
    built: bool = False
    seals: tuple[tuple[str, int, int], ...] = ()

    def intact(self) -> bool:
        """Say whether the files are as they were when they were sealed.

        Who asks this once an answer is worked out knows that nothing it was read from had been changed before.
        """
        try:
            return all(_seal(self.path / name) == (name, size, time) for name, size, time in self.seals)
        except OSError:
            return False

    def open(self, as_at: date) -> Opened:
        """Open it read-only, for questions as at a day."""
        return self.on_day(ox.Store.read_only(str(self.path)), as_at)

    def on_day(self, store: ox.Store, as_at: date) -> Opened:
        """Give the store, opened already, for questions as at a day."""
        if not self.built:
            return Opened(store, as_at, self.version, self.files)
        uses, context = context_of(store, as_at)
        return Opened(store, as_at, self.version, self.files, uses, context)


def locate(source: Source) -> Located:
    """Find the store of a source, looked over for damage; build that of what ships where there is none yet.

    Raises:
        LoadError: E130 when the folder holds no store, E131 when it is damaged.
    """
    if source.folder is not None:
        return _located(source.folder, open_built(source.folder)[1])
    opened = open_graph(on_demand=source.on_demand)
    kept = cache_folder() / opened.version[:32]
    try:
        manifest = read_manifest(kept)
    except LoadError:  # the cache cannot be written: a store for this run alone
        folder = Path(tempfile.mkdtemp(prefix="icsgraph-"))
        return _located(folder, build_store([], folder, derive_all, on_demand=source.on_demand).manifest)
    return Located(kept / manifest.store, opened.version, source.on_demand, manifest.counts)


_COPIED: Final = 256 << 20  # bytes of a store up to which it is copied
SERVICE_GRAPH: Final = ox.NamedNode(ICSG + "service")


def held(located: Located, folder: Path, more: Iterable[ox.Triple] = ()) -> Located:
    """Give the same store under a folder of one's own, where nobody takes it away while it is being read.

    A store that is not large is copied, so that whatever is done to its files changes nothing here. Of a large one the
    files of data are linked where the system can: the store itself is never written to.

    Args:
        folder: a folder for it alone, which is to be there.
        more: triples that this copy has as well, in the graph ``icsg:service``.

    Raises:
        OSError: when the store has gone meanwhile, or the folder cannot be written.
    """
    linked = sum(path.stat().st_size for path in located.path.iterdir()) > _COPIED
    for path in located.path.iterdir():
        if linked and path.suffix == ".sst":
            _link(path, folder / path.name)
        elif not path.name.startswith("LO"):
            shutil.copyfile(path, folder / path.name)
    store = ox.Store(str(folder))
    triples = set(more)
    before = len(store)
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    grown = len(store) - before
    store.extend(ox.Quad(t.subject, t.predicate, t.object, SERVICE_GRAPH) for t in triples)
    store.flush()
    del store
    counts = dict(located.counts) | {"": located.counts.get("", 0) + grown}
    counts |= {SERVICE_GRAPH.value: len(triples)} if triples else {}
    seals = tuple(_seal(path) for path in sorted(folder.iterdir()) if not path.name.startswith("LO"))
    return replace(located, path=folder, counts=counts, seals=seals)


def _seal(path: Path) -> tuple[str, int, int]:
    told = path.stat()
    return path.name, told.st_size, told.st_mtime_ns


def _link(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except OSError:  # another disk, or one without links
        shutil.copyfile(path, target)


def _located(folder: Path, manifest: Manifest) -> Located:
    options: Mapping[str, Any] = manifest.options
    own = tuple(
        DataFile(Path(each["path"]), each["name"], each["sha256"]) for each in manifest.inputs if "path" in each
    )
    on_demand = tuple(options.get("on_demand", ()))
    return Located(folder / manifest.store, manifest.digest, on_demand, manifest.counts, own, built=True)
