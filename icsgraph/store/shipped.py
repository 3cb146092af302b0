# SPDX-License-Identifier: Apache-2.0
"""Finds the files that ship with icsgraph: beside the code in a wheel, beside the package in a checkout."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from icsgraph.model.errors import LoadError

_PACKAGE: Final = Path(__file__).resolve().parent.parent
ALWAYS: Final = "always"


@cache
def root() -> Path:
    """Give the folder that holds ontology/, shapes/, data/ and queries/.

    Raises:
        LoadError: E109, when neither the wheel's nor a checkout's folders are there: a broken installation.
    """
    for candidate in (_PACKAGE / "_shipped", _PACKAGE.parent):
        if (candidate / "ontology").is_dir() and (candidate / "data").is_dir():
            return candidate
    raise LoadError(
        "E109", str(_PACKAGE), "the ontology and data that ship with icsgraph are not there", "Install icsgraph again."
    )


def files(folder: str, pattern: str = "*.ttl") -> tuple[Path, ...]:
    """Give the shipped files below a folder such as ``ontology`` or ``data/law``, sorted by path; empty when none."""
    return tuple(sorted((root() / folder).rglob(pattern)))


@cache
def graph_files(on_demand: frozenset[str] = frozenset()) -> tuple[Path, ...]:
    """Give the files that make up the packaged graph, sorted by path.

    Args:
        on_demand: stems of the large files to have as well, such as ``boundaries``; the rest is left out.

    Raises:
        LoadError: E109, when a file of the manifest is not there.
    """
    chosen = [path for path in files("ontology") if "alignments" not in path.parts]
    for name, load in _outputs():
        path = root() / "data" / name
        if load == ALWAYS or path.name.split(".")[0] in on_demand:
            chosen.append(path)
    for path in chosen:
        if not path.is_file():
            raise LoadError(
                "E109", path.name, "a file that ships with icsgraph is not there", "Install icsgraph again."
            )
    return tuple(sorted(chosen))


def on_demand_names() -> tuple[str, ...]:
    """Give the names of the large graphs that are loaded only when asked for, sorted."""
    return tuple(sorted(Path(name).name.split(".")[0] for name, load in _outputs() if load != ALWAYS))


def _outputs() -> list[tuple[str, str]]:
    manifest = tomllib.loads((root() / "data" / "sources" / "manifest.toml").read_text(encoding="utf-8"))
    return [(entry["file"], entry["load"]) for entry in manifest["output"]]


def digest(paths: Iterable[Path]) -> str:
    """Give one SHA-256 over names (relative to the shipped root) and contents."""
    total = hashlib.sha256()
    for path in paths:
        name = path.relative_to(root()) if path.is_relative_to(root()) else Path(path.name)
        total.update(name.as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
