# SPDX-License-Identifier: Apache-2.0
"""Compiled shapes, kept by digest: those of the catalogue ship with icsgraph, others stay in a cache folder."""

from __future__ import annotations

import contextlib
import os
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

from icsgraph import shacl
from icsgraph.law import planned
from icsgraph.law.shapes import ShapeSet, shipped_shapes
from icsgraph.model.errors import IcsgraphError
from icsgraph.store import shipped
from icsgraph.store.opened import cache_folder
from icsgraph.store.select import Term, text

SHIPPED: Final = "shapes/compiled.json"


def compiled(shapes: ShapeSet) -> shacl.Compiled:
    """Give the compiled form of shapes; compiling is done once for each content, for it takes seconds.

    A part of the catalogue is taken out of the compiled catalogue, not compiled anew.
    """
    if shapes.shipped and (whole := _catalogue()):
        return whole if shapes.shipped == "all" else _part(whole, {text(quad.subject) for quad in shapes.quads})
    read = shacl.read_shapes(shapes.quads)
    digest = shacl.digest_of(read)
    path = cache_folder() / f"shapes-{digest[:32]}.json"
    kept = _kept(path, digest)
    if kept is None:
        kept = _compiled(shapes)
        with contextlib.suppress(OSError):
            _keep(path, kept.to_json())
    return kept


@cache
def _catalogue() -> shacl.Compiled | None:
    """The shipped shapes in compiled form; None where that is missing or of other shapes.

    Whether the files are those that were compiled is told from their bytes, ten times quicker than from their triples.
    """
    path = shipped.root() / SHIPPED
    with contextlib.suppress(OSError, ValueError, KeyError, IcsgraphError):
        kept = path.read_text(encoding="utf-8")
        if kept.startswith(_head()):
            return shacl.Compiled.from_json(kept)
    return _kept(path, shacl.digest_of(shacl.read_shapes(shipped_shapes().quads)))


def _head() -> str:
    """How the compiled catalogue begins: with the digest of the files that it was made of."""
    return f'{{"files": "{shipped.digest(shipped.files("shapes"))}", '


def _kept(path: Path, digest: str) -> shacl.Compiled | None:
    with contextlib.suppress(OSError, ValueError, KeyError, IcsgraphError):
        kept = shacl.Compiled.from_json(path.read_text(encoding="utf-8"))
        return kept if kept.digest == digest else None
    return None


def _compiled(shapes: ShapeSet) -> shacl.Compiled:
    """Compile shapes; blank nodes get labels that stay, so that two runs over the same shapes give the same bytes."""
    return shacl.compile_shapes(shacl.read_shapes(shacl.stably_labelled(shapes.quads)))


def _part(whole: shacl.Compiled, shapes: set[str]) -> shacl.Compiled:
    """The compiled form of some target shapes of the whole."""

    def wanted(node: Term) -> bool:
        return text(node) in shapes

    return replace(
        whole,
        targets=tuple(t for t in whole.targets if wanted(t.node)),
        queries=tuple(q for q in whole.queries if wanted(q.target)),
        refused=tuple(r for r in whole.refused if wanted(r.shape)),
        patterns=tuple(p for p in whole.patterns if wanted(p[0])),
    )


def _keep(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
    Path(name).replace(path)


def main() -> None:
    """Write the compiled catalogue that ships, and its queries: ``python -m icsgraph.law.compiled``."""
    head, shapes = _head(), shipped_shapes()
    if head != _head():
        raise SystemExit("The shapes changed while they were read: run this again.")
    made = _compiled(shapes)  # takes a minute, in which they may change again: the head is of what was read
    (shipped.root() / SHIPPED).write_text(head + made.to_json().removeprefix("{") + "\n", encoding="utf-8")
    (shipped.root() / planned.SHIPPED).write_text(planned.page(), encoding="utf-8")


if __name__ == "__main__":
    main()
