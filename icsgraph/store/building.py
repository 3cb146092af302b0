# SPDX-License-Identifier: Apache-2.0
"""Users' files with all that ships to a store on disk; and such a store, or files over it, to a graph for questions.

In the store are the ontology, law, guidance and England, each file in its graph, the bounds of dates, what rules
derive, and the days that are counted back from acts. The as-at context is not: it differs from one question to another.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from icsgraph.model.errors import LoadError, OutputError
from icsgraph.store import shipped
from icsgraph.store.bounds import add_bounds, close_open_ends
from icsgraph.store.built import MANIFEST, Manifest, build, open_built
from icsgraph.store.context import CONTEXT, context_of, relative_days, set_context
from icsgraph.store.load import DataFile, add_files, find_files, load_files, stream_files
from icsgraph.store.opened import LAYOUT, Derive, Opened, complete, packaged_files
from icsgraph.store.select import rows

_IN_MEMORY: Final = 64 * 1024 * 1024  # bytes of files that are put together in memory, at some ten times that size
_PACKED: Final = 20  # bytes that one byte in gzip unpacks to, in N-Triples


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build did: the manifest of the store, and whether it was there already."""

    manifest: Manifest
    unchanged: bool


def build_store(
    paths: Sequence[Path], folder: Path, derive: Derive, *, background: bool = True, on_demand: Iterable[str] = ()
) -> Outcome:
    """Build a store of users' files over what ships; leave it as it is where nothing that goes in has changed.

    Raises:
        LoadError: when a path is missing or a file malformed; the old store is left as it was.
        OutputError: E510, when the folder cannot be written to, or holds something else.
    """
    files, large = find_files(paths), tuple(sorted(set(on_demand)))
    planned = _plan(files, background, large)
    try:
        present = open_built(folder)[1]
        if present.digest == planned.digest:
            return Outcome(present, True)
    except LoadError:
        if folder.is_dir() and any(folder.iterdir()) and not (folder / MANIFEST).exists() and not _is_ours(folder):
            what = "the folder is not empty, and holds no built store"
            raise OutputError("E510", str(folder), what, "Name an empty or a new folder.") from None

    everything = (*packaged_files(england=background, on_demand=large), *files)

    def fill(store: ox.Store) -> None:
        if sum(map(_size, everything)) > _IN_MEMORY:
            stream_files(store, everything)
            _finish(store, derive)
        else:  # put onto the disk at once, which takes half as long as a file at a time
            made = ox.Store()
            add_files(made, everything)
            _finish(made, derive)
            store.bulk_extend(made)

    try:
        return Outcome(build(folder, planned, fill), False)
    except OSError as error:
        raise OutputError(
            "E510", str(folder), f"the store cannot be written: {error}", "Check the folder and the space on the disk."
        ) from error


def _size(file: DataFile) -> int:
    """About how many bytes a file has when it is unpacked."""
    return file.path.stat().st_size * (_PACKED if file.path.suffix == ".gz" else 1)


def _finish(store: ox.Store, derive: Derive) -> None:
    """Add what follows from everything in a store, whatever the as-at date."""
    complete(store, derive)
    days = relative_days(store)
    store.extend(days)
    store.extend(ox.Quad(day.subject, day.predicate, day.object, CONTEXT) for day in days)


def _is_ours(folder: Path) -> bool:
    """Whether a folder without a manifest holds nothing but what a killed first build has left."""
    return all(path.name.startswith(("building-", "store-", "manifest-")) for path in folder.iterdir())


def _plan(files: Sequence[DataFile], background: bool, on_demand: tuple[str, ...]) -> Manifest:
    """What goes into a store, under one digest."""
    packaged = packaged_files(england=background, on_demand=on_demand)
    rules = shipped.files("ontology/rules", "*.rq")
    inputs = [
        *({"name": file.name, "sha256": _sha256(file.path)} for file in packaged),
        *({"name": path.relative_to(shipped.root()).as_posix(), "sha256": _sha256(path)} for path in rules),
        *({"name": f.name, "sha256": _sha256(f.path), "path": str(f.path.resolve())} for f in files),
    ]
    versions = {name: _version(name) for name in ("icsgraph", "pyoxigraph")} | {"python": platform.python_version()}
    options = {"background": background, "on_demand": list(on_demand)}
    total = hashlib.sha256(repr((LAYOUT, versions["icsgraph"], options)).encode())
    for each in inputs:
        total.update(f"{each['name']} {each['sha256']}\n".encode())
    return Manifest(total.hexdigest(), inputs=inputs, versions=versions, options=options)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "unknown"


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def open_store(folder: Path, as_at: date, derive: Derive, paths: Sequence[Path] = ()) -> Opened:
    """Open a built store, read-only; with files over it, in memory.

    Raises:
        LoadError: E130 when there is no store, E131 when it is damaged; for files as :func:`open_files`.
    """
    store, manifest = open_built(folder)
    own = tuple(
        DataFile(Path(each["path"]), each["name"], each["sha256"]) for each in manifest.inputs if "path" in each
    )
    if paths:
        files = find_files(paths)
        over = ox.Store()
        over.bulk_extend(store)
        loaded = load_files(over, files)
        if close_open_ends(over, loaded):
            _forget_derived(over)
        add_bounds(over, loaded)
        derive(over)
        digest = hashlib.sha256("\n".join([manifest.digest, shipped.digest(f.path for f in files)]).encode())
        return Opened(over, as_at, digest.hexdigest(), (*own, *files), set_context(over, as_at))
    uses, context = context_of(store, as_at)
    return Opened(store, as_at, manifest.digest, own, uses, context)


def _forget_derived(store: ox.Store) -> None:
    """Take away what was derived without the files that were laid over, to be derived anew with them."""
    found = rows(store, "SELECT DISTINCT ?fact WHERE { ?fact a/rdfs:subClassOf* ics:DerivedFact }")
    for fact in (row["fact"] for row in found):
        for quad in list(store.quads_for_pattern(fact, None, None, None)):
            store.remove(quad)
