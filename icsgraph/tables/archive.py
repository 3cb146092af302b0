# SPDX-License-Identifier: Apache-2.0
"""Workbooks are ZIP archives of XML: this opens them only where unpacking them can do no harm."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from icsgraph.model.errors import TableError

MOST_BYTES: Final = 1 << 30
MOST_SHARED: Final = 256 << 20
_MOST_RATIO: Final = 400
_RATIO_FROM: Final = 32 << 20
_HEAD: Final = 1 << 16
_ENTITIES: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OLE: Final = b"\xd0\xcf\x11\xe0"


def open_archive(path: Path, name: str) -> zipfile.ZipFile:
    """Open a workbook after looking at it.

    Raises:
        TableError: E903 for what is no workbook, E902 for one that unpacks to too much or declares XML entities.
    """
    with path.open("rb") as stream:
        start = stream.read(4)
    if start == _OLE:
        mend = "Open it in a spreadsheet program and save it as .xlsx without a password."
        raise TableError("E903", name, "it is protected by a password, or in the format of Excel 97", mend)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        mend = "Open it in a spreadsheet program and save it again."
        raise TableError("E903", name, f"it is no workbook: {error}", mend) from error
    try:
        _sizes(archive, name)
        _declarations(archive, name)
    except BaseException:
        archive.close()
        raise
    return archive


def _sizes(archive: zipfile.ZipFile, name: str) -> None:
    total = 0
    mend = "Take out what is not needed, or split the workbook; do not open it if you do not know where it comes from."
    for part in archive.infolist():
        total += part.file_size
        ratio = part.file_size / max(part.compress_size, 1)
        if part.file_size > _RATIO_FROM and ratio > _MOST_RATIO:
            raise TableError("E902", name, f"{part.filename} unpacks to {ratio:.0f} times its size", mend)
        if part.filename.endswith("sharedStrings.xml") and part.file_size > MOST_SHARED:
            raise TableError("E902", name, f"its texts take {part.file_size >> 20} MB", mend)
    if total > MOST_BYTES:
        raise TableError("E902", name, f"it unpacks to {total >> 20} MB; at most {MOST_BYTES >> 20} are read", mend)


def _declarations(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse document types: no spreadsheet program writes them, and entities can read files or fill the memory."""
    for part in archive.infolist():
        if not part.filename.endswith((".xml", ".rels")):
            continue
        try:
            with archive.open(part) as stream:
                head = stream.read(_HEAD)
        except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError) as error:
            raise damaged(name, error) from error
        if _ENTITIES.search(head.replace(b"\0", b"")):  # without NULs: UTF-16 shows as well
            mend = "Open it in a spreadsheet program and save it again, if you know where it comes from."
            raise TableError("E902", name, f"{part.filename} declares a document type or entities", mend)


def chunks(archive: zipfile.ZipFile, part: str, name: str, size: int = 1 << 20) -> Iterator[bytes]:
    """Yield the bytes of a part, a piece at a time.

    Raises:
        TableError: E903 where the archive is damaged.
    """
    try:
        with archive.open(part) as stream:
            while piece := stream.read(size):
                yield piece
    except (zipfile.BadZipFile, OSError, KeyError, EOFError, RuntimeError, NotImplementedError) as error:
        raise damaged(name, error) from error


def damaged(name: str, error: Exception) -> TableError:
    """Give the error for a workbook whose inside cannot be read."""
    return TableError(
        "E903", name, f"the workbook is damaged: {error}", "Open it in a spreadsheet program and save it again."
    )
