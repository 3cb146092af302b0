# SPDX-License-Identifier: Apache-2.0
"""Text to a file, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from icsgraph.model.errors import OutputError


def write(text: str, path: Path) -> None:
    """Write a file at once: another one is written beside it and put in its place.

    Raises:
        OutputError: E501, when the folder is not there or cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(
            "E501", str(path), f"the report cannot be written: {error.strerror}", "Name a folder that exists."
        ) from error
