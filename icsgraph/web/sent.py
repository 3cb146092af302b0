# SPDX-License-Identifier: Apache-2.0
"""Files that a visitor sends, to files with safe names: what is an archive is taken apart, within limits."""

from __future__ import annotations

import io
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Final, TypeAlias

from icsgraph.store.load import FORMATS
from icsgraph.tables.delimited import METADATA
from icsgraph.web.errors import Refused

Sent: TypeAlias = tuple[tuple[str, bytes], ...]
TABLES: Final = (".xlsx", ".ods", ".csv", ".tsv")
ARCHIVE: Final = ".zip"
ENDINGS: Final = (*TABLES, ARCHIVE, *FORMATS)
MOST_FILES: Final = 100
_STEM, _SUFFIX = 80, 12  # letters of a name
_KEPT: Final = frozenset(" -_.,()&+'")
_ENCRYPTED: Final = 1


def safe_name(name: str) -> str:
    """Give the last part of a name as a file may be called anywhere: no folder, no dot before it, nothing unprintable.

    Example:
        >>> safe_name("../../etc/pass\\nwd.ttl")
        'pass-wd.ttl'
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(c if c.isalnum() or c in _KEPT else "-" for c in last).strip(" .")
    path = PurePosixPath(kept or "records")
    return f"{path.stem[:_STEM]}{path.suffix[:_SUFFIX]}"


def ending(name: str) -> str:
    """Give the ending of a name, in small letters."""
    return PurePosixPath(name).suffix.lower()


def is_metadata(name: str) -> bool:
    """Say whether a file describes tables, by CSV on the Web."""
    return name.endswith(METADATA)


def looked_over(files: Sent) -> Sent:
    """Give files under safe names.

    Raises:
        Refused: 415 E833, for one whose ending is none of those that are read.
    """
    for name, _ in files:
        if ending(name) not in ENDINGS:
            what = f"{ending(name)[:20] or 'no ending'} is not an ending of a table, a workbook or an RDF file"
            raise Refused(415, "E833", safe_name(name), what, f"Send files that end in one of {', '.join(ENDINGS)}.")
    return tuple((safe_name(name), data) for name, data in files)


def taken_apart(files: Sent, most: int) -> Sent:
    """Give files with those of archives in place of the archives.

    Args:
        most: bytes that all of them may have together.

    Raises:
        Refused: E540 for an archive that is damaged, locked or in another, and for two files of one name; 413 E831 for
            one that holds too much; 415 E833 for a file of another kind.
    """
    found: list[tuple[str, bytes]] = []
    for name, data in files:
        found += _inside(name, data, most) if ending(name) == ARCHIVE else [(name, data)]
        if len(found) > MOST_FILES or sum(len(each) for _, each in found) > most:
            mend = "Send fewer, or run icsgraph validate on a machine of your own."
            raise Refused(413, "E831", name, f"there are more than {MOST_FILES} files or {most // 1024} KiB", mend)
    names = [name for name, _ in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        mend = "Rename one: findings say by its name where a record stands."
        raise Refused(400, "E540", twice[0], "two files are called that", mend)
    return tuple(found)


def packed(files: Sent) -> tuple[str, bytes]:
    """Give one file: the only one there is, or an archive of all of them."""
    if len(files) == 1:
        return files[0]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return "records.zip", out.getvalue()


def _inside(name: str, data: bytes, most: int) -> Iterable[tuple[str, bytes]]:
    mend = "Pack the files anew, without a password, or send them one beside another."
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [part for part in archive.infolist() if not part.is_dir() and not _is_hidden(part.filename)]
            if any(part.flag_bits & _ENCRYPTED for part in parts):
                raise Refused(400, "E540", name, "the archive is locked with a password", mend)
            if any(ending(part.filename) == ARCHIVE for part in parts):
                raise Refused(400, "E540", name, "the archive has another in it", mend)
            return looked_over(tuple(_read(archive, parts, name, most)))
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        raise Refused(400, "E540", name, f"the archive cannot be unpacked: {error}", mend) from error


def _read(
    archive: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo], name: str, most: int
) -> Iterable[tuple[str, bytes]]:
    left = most
    for number, part in enumerate(parts):
        with archive.open(part) as stream:
            data = stream.read(left + 1)  # what the archive says of its sizes is not relied on
        left -= len(data)
        if left < 0 or number >= MOST_FILES:
            what = f"it unpacks to more than {most // 1024} KiB or {MOST_FILES} files"
            raise Refused(413, "E831", name, what, "Take it apart, or run icsgraph validate on a machine of your own.")
        yield part.filename, data


def _is_hidden(name: str) -> bool:
    """Whether a program put the file into the archive for itself."""
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part != ".."]
    return any(part.startswith((".", "~$")) or part == "__MACOSX" for part in parts)
