# SPDX-License-Identifier: Apache-2.0
"""Several files to a folder: all of them or none."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from icsgraph.model.errors import OutputError


def write_folder(folder: Path, files: Mapping[str, bytes], *, force: bool = False) -> None:
    """Write files into a folder, which is made where it is missing; other files in it stay.

    Args:
        force: whether files of these names may be written over.

    Raises:
        OutputError: E502 when a file is there already and may not be written over; E501 when the folder cannot be
            written. Nothing is written then.
    """
    there = sorted(name for name in files if (folder / name).exists())
    if there and not force:
        raise OutputError(
            "E502",
            str(folder / there[0]),
            "the file is there already",
            "Name another folder, or write over with --force.",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=".part-", dir=folder))
        try:
            for name, content in files.items():
                (part / name).write_bytes(content)
            for name in files:
                (part / name).replace(folder / name)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as error:
        raise OutputError(
            "E501", str(folder), f"cannot be written: {error.strerror}", "Name another folder with --output."
        ) from error
