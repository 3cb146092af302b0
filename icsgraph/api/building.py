# SPDX-License-Identifier: Apache-2.0
"""Files to a store on disk, and a store to whether it is whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from icsgraph.api.progress import Progress, telling

if TYPE_CHECKING:
    from icsgraph.store.building import Outcome
    from icsgraph.store.built import Manifest


def build(
    *paths: str | Path, output: str | Path, background: bool = True, graphs: Sequence[str] = (),
    progress: Progress | None = None,
) -> Outcome:  # fmt: skip
    """Build a store on disk, which ``icsgraph.open(store=…)`` opens at once; nothing is done where nothing has changed.

    The old store stays in place until the new one is whole.

    Args:
        paths: files and folders of RDF, laid over what ships.
        output: folder of the store, made or renewed.
        background: have the packaged England in it, or the ontology and the law alone.
        graphs: large graphs to have in it, such as boundaries.
        progress: called with a :class:`Step` when the work begins and ends.

    Raises:
        LoadError: when a path is missing or a file malformed; the old store stays then.
        LookupFailed: E405 for a large graph that there is not.
    """
    from icsgraph.opening import derive_all
    from icsgraph.store.building import build_store

    with telling(progress, "building the store"):
        return build_store(
            [Path(path) for path in paths], Path(output), derive_all, background=background, on_demand=graphs
        )


def check_store(folder: str | Path) -> Manifest:
    """Read every file of a built store and count its triples; give what it says of itself.

    Raises:
        LoadError: E130 when there is no store, E131 when it is damaged.
    """
    from icsgraph.store.built import open_built

    return open_built(Path(folder), thorough=True)[1]
