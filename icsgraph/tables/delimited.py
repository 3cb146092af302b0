# SPDX-License-Identifier: Apache-2.0
"""CSV files to plain cells, whatever ends their lines, with their encoding made sure of before a row is believed."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Final, cast

from icsgraph.model.errors import TableError
from icsgraph.tables.faults import Faults
from icsgraph.tables.grid import Cell, Grid

METADATA: Final = "csv-metadata.json"
_MARKS: Final = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_HEAD: Final = 1 << 14


def csv_grids(path: Path, name: str, faults: Faults) -> Iterator[Grid]:
    """Yield the one sheet of a CSV file: named as its metadata say, else as the file."""
    del faults  # what is wrong with such a file is wrong with all of it
    described = metadata_of(path)
    title = str(described.get("icsgraph:sheet") or path.name.split(".")[0])
    with _open(path) as stream:
        encoding, delimiter = _looks(stream, name, path, described)
    yield Grid(title, False, _rows(path, name, encoding, delimiter))


def metadata_of(path: Path) -> dict[str, Any]:
    """Give the description of a table by CSV on the Web, from the file beside it or that of its folder."""
    for file in (path.with_name(path.name + "-metadata.json"), path.with_name(METADATA)):
        if not file.is_file():
            continue
        try:
            described = json.loads(file.read_text(encoding="utf-8-sig"))
            tables = described.get("tables", [described])
            found = next((t for t in tables if t.get("url") == path.name), None)
        except (ValueError, AttributeError) as error:
            mend = "Correct it, or take it away: then the headings and the name of the file say what the table is."
            raise TableError("E903", file.name, f"it describes no tables: {error}", mend) from error
        if found is not None:
            shared = {key: value for key, value in described.items() if key != "tables"}
            return {**shared, **found}
    return {}


def _open(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path, "rb")) if path.suffix.lower() == ".gz" else path.open("rb")


def _looks(stream: IO[bytes], name: str, path: Path, described: dict[str, Any]) -> tuple[str, str]:
    try:
        head = stream.read(_HEAD)
    except (OSError, EOFError) as error:
        raise TableError("E903", name, f"it cannot be unpacked: {error}", "Make the file again.") from error
    dialect = described.get("dialect", {}) if isinstance(described.get("dialect", {}), dict) else {}
    encoding = next((e for mark, e in _MARKS.items() if head.startswith(mark)), "")
    if not encoding and b"\0" in head:
        raise TableError("E903", name, "it is no text, or UTF-16 without its mark", "Save it as CSV in UTF-8.")
    encoding = encoding or str(dialect.get("encoding", "utf-8"))
    try:
        first = head.decode(encoding, errors="replace").splitlines()[:1] or [""]
    except LookupError as error:
        raise TableError("E903", name, f"{encoding!r} is no encoding", "Save it as CSV in UTF-8.") from error
    given = dialect.get("delimiter")
    best = max(",;\t", key=first[0].count)
    usual = "\t" if path.name.lower().endswith(".tsv") else ","
    return encoding, str(given) if given else (best if first[0].count(best) else usual)


def _rows(path: Path, name: str, encoding: str, delimiter: str) -> Iterator[tuple[int, Sequence[Cell]]]:
    with _open(path) as stream, io.TextIOWrapper(stream, encoding=encoding, newline="") as lines:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        number = 0
        try:
            for number, row in enumerate(reader, start=1):
                yield number, row
        except UnicodeError as error:
            mend = "In Excel, save it as “CSV UTF-8”; elsewhere choose UTF-8 as the encoding."
            what = f"after row {number} it is not in {encoding.upper()}: {getattr(error, 'reason', error)}"
            raise TableError("E903", name, what, mend) from error
        except (csv.Error, OSError, EOFError) as error:
            mend = "Put texts that hold commas, quotes or new lines between quotes, or save the table again."
            raise TableError("E903", name, f"after row {number} it cannot be read: {error}", mend) from error
