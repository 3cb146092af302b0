# SPDX-License-Identifier: Apache-2.0
"""Triples to a file as they come, in Turtle or N-Triples, compressed or not; the file is there whole or not at all."""

from __future__ import annotations

import gzip
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, cast

import pyoxigraph as ox

from icsgraph.model.errors import OutputError, TableError
from icsgraph.model.namespaces import PREFIXES

_FORMATS: Final = {".ttl": ox.RdfFormat.TURTLE, ".nt": ox.RdfFormat.N_TRIPLES}
_PREFIXES: Final = {k: PREFIXES[k] for k in ("ics", "rdfs", "xsd", "org", "prov", "dcterms", "foaf", "skos")} | {
    "csvw": "http://www.w3.org/ns/csvw#"
}


class Writer:
    """Takes triples, a batch at a time, and writes those of one subject together."""

    def __init__(self, stream: IO[bytes], form: ox.RdfFormat, base: str = "") -> None:
        self._stream, self._form = stream, form
        own = {"my": base, "source": base + "source/"} if base else {}
        self._prefixes = _PREFIXES | own if form == ox.RdfFormat.TURTLE else None
        self._begun = False

    def put(self, triples: Iterable[ox.Triple]) -> int:
        """Write triples; give their number."""
        by_subject: dict[object, list[ox.Triple]] = {}
        for triple in triples:
            by_subject.setdefault(triple.subject, []).append(triple)
        ordered = [triple for group in by_subject.values() for triple in group]
        if not ordered:
            return 0
        text = ox.serialize(ordered, format=self._form, prefixes=self._prefixes) or b""
        if self._begun and self._prefixes:  # one block of prefixes is enough
            text = text[text.rindex(b"@prefix") :].partition(b"\n")[2]
        self._stream.write(text)
        self._begun = True
        return len(ordered)


@contextmanager
def writer_to(path: Path, base: str = "") -> Iterator[Writer]:
    """Open a file for triples; it takes its place when the block ends well, and is dropped when it does not.

    Raises:
        OutputError: E501 when the file cannot be written.
        TableError: E906 for an ending that says no syntax.
    """
    names = path.name.lower().removesuffix(".gz")
    form = _FORMATS.get(Path(names).suffix)
    if form is None:
        endings = " ".join([*_FORMATS, *(f"{ending}.gz" for ending in _FORMATS)])
        raise TableError("E906", str(path), "its ending says no syntax that is written here", f"Use one of {endings}.")
    try:
        handle, part = tempfile.mkstemp(dir=path.resolve().parent, prefix=f".{path.name}.")
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        with os.fdopen(handle, "wb") as raw:
            stream = cast(IO[bytes], gzip.GzipFile(fileobj=raw, mode="wb", mtime=0)) if path.suffix == ".gz" else raw
            yield Writer(stream, form, base)
            if stream is not raw:
                stream.close()
        mask = os.umask(0)
        os.umask(mask)
        Path(part).chmod(0o666 & ~mask)
        Path(part).replace(path.resolve())
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        Path(part).unlink(missing_ok=True)


def _unwritable(path: Path, error: OSError) -> OutputError:
    return OutputError("E501", str(path), f"cannot be written: {error.strerror}", "Name another file with --output.")
