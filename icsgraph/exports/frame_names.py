# SPDX-License-Identifier: Apache-2.0
"""The names of the frames that ship, without loading them: the command line lists them."""

from __future__ import annotations

from icsgraph.store import shipped


def names() -> tuple[str, ...]:
    """Give the names, sorted."""
    return tuple(sorted(path.stem for path in shipped.files("data/frames", "*.jsonld")))
