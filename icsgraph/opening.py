# SPDX-License-Identifier: Apache-2.0
"""Opens graphs for every caller: store, derivation rules and as-at date put together in one place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pyoxigraph as ox

from icsgraph.model.errors import LookupFailed
from icsgraph.rules import Rule, derive, read_rules
from icsgraph.rules.sources import Sources
from icsgraph.store import shipped
from icsgraph.store.load import DataFile, find_files, load_files, read
from icsgraph.store.opened import Opened, open_files, open_packaged


def derivation_rules() -> tuple[Rule, ...]:
    """Give the rules that ship with icsgraph, in the order in which they run."""
    return read_rules(shipped.files("ontology/rules", "*.rq"))


def derive_all(store: ox.Store) -> None:
    """Run the rules that ship with icsgraph."""
    derive(store, derivation_rules())


def ontology_with(*paths: Path) -> list[ox.Quad]:
    """Give the quads of the ontology and of users' files, as they stand in the files.

    Raises:
        LoadError: when a path is missing, a folder empty or a file malformed.
    """
    modules = [p for p in shipped.files("ontology") if "alignments" not in p.parts]
    return [quad for file in find_files([*modules, *paths]) for quad in read(file)]


def ontology_store(*paths: Path) -> tuple[ox.Store, tuple[DataFile, ...], Sources]:
    """Give the ontology and users' files in a store, the users' files, and where its triples are stated.

    Raises:
        LoadError: when a path is missing, a folder empty or a file malformed.
    """
    modules, own = _shipped(p for p in shipped.files("ontology") if "alignments" not in p.parts), find_files(paths)
    known = {file.path.resolve() for file in modules}
    own = tuple(file for file in own if file.path.resolve() not in known)
    store = ox.Store()
    load_files(store, (*modules, *own))
    return store, own, Sources([(store, (*modules, *own))])


def sources_of(opened: Opened) -> Sources:
    """Give where the triples of an opened graph are stated: in users' files, else in files that ship with icsgraph."""
    packaged = open_packaged(opened.as_at, derive_all)
    return Sources([(opened.store, opened.files), (packaged.store, _shipped(shipped.graph_files()))])


def _shipped(paths: Iterable[Path]) -> tuple[DataFile, ...]:
    root = shipped.root()
    return tuple(DataFile(path, path.relative_to(root).as_posix()) for path in paths)


def open_graph(
    *paths: Path,
    as_at: date | None = None,
    on_demand: Iterable[str] = (),
    background: bool = True,
    merged: bool = False,
) -> Opened:
    """Open the packaged graph, or users' files over it.

    Args:
        paths: files and folders of RDF; none gives the packaged graph, read-only.
        as_at: the day as at which to answer; today unless given.
        on_demand: large graphs to have as well (see :func:`icsgraph.store.shipped.on_demand_names`).
        background: whether the packaged England lies under the files; the ontology and the law always do.
        merged: whether nobody will ask which file of the packaged graph states what, so that it may open sooner.

    Raises:
        LoadError: when a path is missing, a folder empty or a file malformed.
        LookupFailed: E405, when there is no large graph of a name.
    """
    day = as_at or date.today()
    for name in (wanted := tuple(on_demand)):
        if name not in shipped.on_demand_names():
            raise LookupFailed(
                "E405", name, "there is no such graph", f"There are: {', '.join(shipped.on_demand_names())}."
            )
    if not paths:
        return open_packaged(day, derive_all, wanted, merged=merged)
    return open_files(paths, day, derive_all, background=background, on_demand=wanted)
