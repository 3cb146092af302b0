# SPDX-License-Identifier: Apache-2.0
"""Where data lies to a store that is opened, or to what a check can stand on where it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from icsgraph.api.progress import Progress, Step
from icsgraph.model.errors import LookupFailed
from icsgraph.opening import derivation_rules, derive_all
from icsgraph.store.endpoint import Endpoint, Limits
from icsgraph.store.opened import Opened, open_files, open_packaged

if TYPE_CHECKING:
    from icsgraph.law.ground import Ground


def open_built(folder: Path, day: date, graphs: Sequence[str], paths: Sequence[Path]) -> Opened:
    """Open a built store, with files over it.

    Raises:
        LookupFailed: E440 when it lacks a large graph that is asked for.
        LoadError: E130 when there is none, E131 when it is damaged.
    """
    from icsgraph.store.building import open_store
    from icsgraph.store.built import read_manifest

    lacking = sorted(set(graphs) - set(read_manifest(folder).options.get("on_demand", ())))
    if lacking:
        mend = f"Build it again with {' '.join(f'--graph {name}' for name in lacking)}."
        raise LookupFailed("E440", str(folder), f"the store was built without {', '.join(lacking)}", mend)
    return open_store(folder, day, derive_all, paths)


def endpoint_at(url: str, graphs: Sequence[str], requests: int | None, seconds: float | None) -> Endpoint:
    """Name an endpoint, the graphs that hold its data, and how much may be asked of it.

    Raises:
        EndpointError: E610 when the address cannot be used.
    """
    limits = Limits()
    if requests is not None:
        limits = replace(limits, requests=requests)
    if seconds is not None:
        limits = replace(limits, total=seconds, request=min(limits.request, seconds))
    return Endpoint(url, tuple(graphs), limits)


def ground_there(
    endpoint: Endpoint, day: date, *, background: bool, progress: Progress | None, transfer: bool, most: int
) -> Ground:
    """Give what a check of an endpoint's records stands on.

    Raises:
        EndpointError: E6xx when it lacks something, or does not answer as it should.
    """
    from icsgraph.law.endpoint import ground_of

    def say(text: str) -> None:
        if progress:
            progress(Step(text))

    def answered(done: int, total: int) -> None:
        if progress:
            progress(Step("queries answered", None, done, total))

    return ground_of(
        endpoint, open_files((), day, derive_all, background=background), open_packaged(day, derive_all).store,
        derivation_rules(), background=background, transfer=transfer, most=most, say=say, progress=answered,
    )  # fmt: skip
