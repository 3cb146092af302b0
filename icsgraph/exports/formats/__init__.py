# SPDX-License-Identifier: Apache-2.0
"""The formats of ``icsgraph export``, one module each, found by listing: the module's name is the format's.

A module has a constant ``FORMAT`` (see :class:`icsgraph.exports.format.Format`); nothing else has to be told of it.
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from typing import TYPE_CHECKING

from icsgraph.model.errors import ExportError

if TYPE_CHECKING:
    from icsgraph.exports.format import Format


def names() -> tuple[str, ...]:
    """Give the names of all formats, sorted, without loading them."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def get(name: str) -> Format:
    """Give a format.

    Raises:
        ExportError: E940, when there is none of that name.
    """
    if name not in names():
        near = difflib.get_close_matches(name, names(), n=1, cutoff=0.5)
        mend = f"Did you mean {near[0]}? " if near else ""
        raise ExportError("E940", name, "there is no such format", f"{mend}There are: {', '.join(names())}.")
    found: Format = importlib.import_module(f"{__name__}.{name}").FORMAT
    return found
