# SPDX-License-Identifier: Apache-2.0
"""Content in a format, to a file or folder: whole or not at all."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from icsgraph.exports.content import Content
from icsgraph.exports.format import File, Format
from icsgraph.model.errors import ExportError, OutputError
from icsgraph.store.folder import write_folder


def write(content: Content, form: Format, output: Path | None, *, force: bool = False) -> str:
    """Write content; give what was written in words.

    Args:
        output: a file, or a folder for a format of several files; standard output when None.
        force: whether files of a folder may be written over; a file always is.

    Raises:
        OutputError: E501 when it cannot be written, E502 when a file of a folder is there already.
        ExportError: E944 when a format of several files has no folder to go to; what the format itself raises.
    """
    if form.folder is not None:
        if output is None:
            mend = "Name a folder with --output."
            raise ExportError("E944", "--output", "this format is a folder of files, not one file", mend)
        files, told = form.folder(content)
        write_folder(output, files, force=force)
        return told
    if form.file is None:
        raise AssertionError("a format has a file or a folder")
    if output is None:
        return form.file(content, sys.stdout.buffer)
    return _file(content, form.file, output)


def _file(content: Content, file: File, output: Path) -> str:
    try:
        with tempfile.NamedTemporaryFile("wb", dir=output.parent, prefix=f".{output.name}.", delete=False) as stream:
            part = Path(stream.name)
            try:
                told = file(content, stream)
                stream.close()
                part.chmod(0o644)
                part.replace(output)
            finally:
                part.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(
            "E501", str(output), f"cannot be written: {error.strerror}", "Name another file with --output."
        ) from error
    return told
