# SPDX-License-Identifier: Apache-2.0
"""Compiled shapes, kept by digest: those of the catalogue ship with icsgraph, others stay in a cache folder."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Final

from icsgraph import shacl
from icsgraph.law.shapes import ShapeSet, shipped_shapes
from icsgraph.model.errors import IcsgraphError
from icsgraph.store import shipped
from icsgraph.store.opened import cache_folder

SHIPPED: Final = "shapes/compiled.json"


def compiled(shapes: ShapeSet) -> shacl.Compiled:
    """Give the compiled form of shapes; compiling is done once for each content, for it costs a second or two."""
    read = shacl.read_shapes(shapes.quads)
    digest = shacl.digest_of(read)
    for path in (shipped.root() / SHIPPED, cache_folder() / f"shapes-{digest[:32]}.json"):
        with contextlib.suppress(OSError, ValueError, KeyError, IcsgraphError):
            kept = shacl.Compiled.from_json(path.read_text(encoding="utf-8"))
            if kept.digest == digest:
                return kept
    made = shacl.compile_shapes(read)
    with contextlib.suppress(OSError):
        _keep(cache_folder() / f"shapes-{digest[:32]}.json", made.to_json())
    return made


def _keep(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
    Path(name).replace(path)


def main() -> None:
    """Write the compiled catalogue that ships: ``python -m icsgraph.law.compiled``."""
    made = shacl.compile_shapes(shacl.read_shapes(shipped_shapes().quads))
    (shipped.root() / SHIPPED).write_text(made.to_json() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
