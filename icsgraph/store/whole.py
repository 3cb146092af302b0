# SPDX-License-Identifier: Apache-2.0
"""Bytes to a file that is there whole or not at all: nobody ever reads half an answer."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from icsgraph.model.errors import OutputError


def write_whole(path: Path, data: bytes) -> None:
    """Put a file in place in one step, with the permissions that new files get; a pipe or device is written to.

    Raises:
        OutputError: E501, when the file cannot be written; what stood there before still does.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        target = path.resolve()  # a link goes on pointing where it did
        with tempfile.NamedTemporaryFile("wb", dir=target.parent, prefix=f".{target.name}.", delete=False) as stream:
            part = Path(stream.name)
            try:
                stream.write(data)
                stream.close()
                part.chmod(0o666 & ~_umask())
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(
            "E501", str(path), f"cannot be written: {error.strerror}", "Name another file with --output."
        ) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
