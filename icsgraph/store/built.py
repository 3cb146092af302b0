# SPDX-License-Identifier: Apache-2.0
"""A store in a folder of its own, put there whole or not at all, with a manifest by which damage is found.

    FOLDER/manifest.json       says which folder holds the store, what went in, how much, and the size of every file
    FOLDER/store-…/            the store itself (pyoxigraph on disk), never written to once it is named in the manifest
    FOLDER/building-…/         a store that is being made, or was when its maker was killed

A new store is made beside the old one; replacing the manifest, one file, is what puts it in place. So whoever is
killed at whatever moment leaves the old store or the new one. What is left over is cleared away by the next build.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from icsgraph.model.errors import LoadError

MANIFEST: Final = "manifest.json"
_FORM: Final = 1
_HASHED: Final = 256 * 1024 * 1024  # bytes; stores up to this size are compared whole whenever they are opened
_ABANDONED: Final = 3600  # seconds without a change after which a store that is being made is taken for left over
_MEND: Final = "Build it again with icsgraph build."


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a folder's store is made of and holds.

    ``digest`` is of everything that went in, ``inputs`` lists it with the SHA-256 of each file, ``versions`` names the
    programs, ``counts`` the triples of each graph (``""`` is the default graph) and ``files`` size and SHA-256 of each
    file of the store.
    """

    digest: str
    store: str = ""
    inputs: list[dict[str, str]] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    files: dict[str, list[Any]] = field(default_factory=dict)
    form: int = _FORM


def read_manifest(folder: Path) -> Manifest:
    """Read what a folder says of itself.

    Raises:
        LoadError: E130 when there is no store, E131 when its manifest cannot be used.
    """
    path = folder / MANIFEST
    try:
        return Manifest(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise LoadError("E130", str(folder), "there is no built store here", "Make one with icsgraph build.") from error
    except (OSError, ValueError, TypeError) as error:
        raise LoadError("E131", str(path), "the manifest is damaged", _MEND) from error


def open_built(folder: Path, *, thorough: bool = False, hashed: int = _HASHED) -> tuple[ox.Store, Manifest]:
    """Open a folder's store read-only, once it is found whole.

    Args:
        hashed: up to this size in bytes the content of every file is compared; of a larger store, only their sizes.
        thorough: compare the content of every file, also in a large store, and count its triples anew.

    Raises:
        LoadError: E130 when there is none, E131 when it is damaged or of another version, naming what is amiss.
    """
    manifest = read_manifest(folder)
    if manifest.form != _FORM:
        what = f"the store is of form {manifest.form}, and this icsgraph reads form {_FORM}"
        raise LoadError("E131", str(folder), what, _MEND)
    place = folder / manifest.store
    size = sum(int(known[0]) for known in manifest.files.values())
    amiss = next(_damage(place, manifest, whole=thorough or size <= hashed), None)
    if amiss:
        raise LoadError("E131", str(folder), f"the store is damaged: {amiss}", _MEND)
    try:
        store = ox.Store.read_only(str(place))
        if thorough and (counts := count(store)) != manifest.counts:
            what = f"the store holds {sum(counts.values())} triples, and {sum(manifest.counts.values())} were put in"
            raise LoadError("E131", str(folder), what, _MEND)
    except (OSError, RuntimeError, ValueError) as error:
        raise LoadError("E131", str(folder), f"the store is damaged: {error}", _MEND) from error
    return store, manifest


def build(folder: Path, manifest: Manifest, fill: Callable[[ox.Store], None]) -> Manifest:
    """Make a store and put it into a folder in place of what is there, in one step.

    Args:
        manifest: what goes in; the rest of it is worked out here.
        fill: puts everything into the empty store.

    Raises:
        OSError: when the folder cannot be written to; what ``fill`` raises. The old store is left as it was.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _clear(folder)
    before = _current(folder)
    building = Path(tempfile.mkdtemp(prefix="building-", dir=folder))
    try:
        store = ox.Store(str(building / "store"))
        fill(store)
        store.flush()
        store.optimize()
        counts = count(store)
        del store
        files = {path.name: [path.stat().st_size, _sha256(path)] for path in _kept_files(building / "store")}
        _settle(building / "store")
        name = f"store-{manifest.digest[:16]}-{building.name.removeprefix('building-')}"
        (building / "store").rename(folder / name)
        _settle(folder, inside=False)
        made = Manifest(manifest.digest, name, manifest.inputs, manifest.versions, manifest.options, counts, files)
        _replace(folder / MANIFEST, json.dumps(asdict(made), indent=1, ensure_ascii=False) + "\n")
    finally:
        shutil.rmtree(building, ignore_errors=True)
    _clear(folder, before)
    return made


def _current(folder: Path) -> str:
    try:
        return read_manifest(folder).store
    except LoadError:
        return ""


def _clear(folder: Path, replaced: str = "") -> None:
    """Remove the store that was replaced, and what killed builds left long ago: never what another is making now."""
    current = _current(folder)
    for path in folder.iterdir():
        if path.name == current or not path.name.startswith(("building-", "store-", "manifest-")):
            continue
        old = time.time() - path.stat().st_mtime > _ABANDONED and not _is_held(path / "store")
        if path.name == replaced or (old and path.is_dir()):
            shutil.rmtree(path, ignore_errors=True)
        elif old:
            path.unlink(missing_ok=True)


def count(store: ox.Store) -> dict[str, int]:
    """Count the triples of the default graph, under ``""``, and of each named graph."""
    found = store.query("SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    named = {row["g"].value: int(row["n"].value) for row in found if row["g"] is not None}  # type: ignore[union-attr]
    (row,) = store.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")  # type: ignore[misc]
    return {"": int(row["n"].value), **dict(sorted(named.items()))}


def _damage(place: Path, manifest: Manifest, *, whole: bool) -> Iterator[str]:
    if not place.is_dir():
        yield f"{manifest.store} is not there"
        return
    for name, (size, digest) in manifest.files.items():
        path = place / name
        if not path.is_file():
            yield f"{name} is not there"
        elif path.stat().st_size != size:
            yield f"{name} has {path.stat().st_size} bytes instead of {size}"
        elif whole and _sha256(path) != digest:
            yield f"{name} is not what was written"


def _kept_files(place: Path) -> list[Path]:
    """The files of a store that opening it read-only leaves as they are: no logs, no lock."""
    return sorted(path for path in place.iterdir() if path.is_file() and not path.name.startswith("LO"))


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _is_held(place: Path) -> bool:
    """Whether a process is at work on a store: the store's own lock says so."""
    if not place.is_dir():
        return False
    try:
        ox.Store(str(place))
    except OSError:
        return True
    return False


def _settle(folder: Path, *, inside: bool = True) -> None:
    """Have the disk hold a folder's files, and the folder's list of them, before anything points there."""
    for path in folder.iterdir() if inside else ():
        if path.is_file():
            with path.open("rb+") as stream:
                os.fsync(stream.fileno())
    with contextlib.suppress(OSError):  # no folder can be opened on Windows, where renaming is settled by itself
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix="manifest-")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    Path(name).replace(path)
    _settle(path.parent, inside=False)
