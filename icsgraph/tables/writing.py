# SPDX-License-Identifier: Apache-2.0
"""Triples to a file as they come, in any syntax of RDF, compressed or not; the file is there whole or not at all.

A batch after another makes Turtle and N-Triples. RDF/XML and JSON-LD have an end of their own: for them the triples
wait in a file of N-Triples, which is passed on at the end, a triple at a time.
"""

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

_FORMATS: Final = {
    ".ttl": ox.RdfFormat.TURTLE, ".nt": ox.RdfFormat.N_TRIPLES, ".trig": ox.RdfFormat.TRIG, ".nq": ox.RdfFormat.N_QUADS,
    ".rdf": ox.RdfFormat.RDF_XML, ".jsonld": ox.RdfFormat.JSON_LD,
}  # fmt: skip
_WITH_END: Final = (ox.RdfFormat.RDF_XML, ox.RdfFormat.JSON_LD)
_WITH_PREFIXES: Final = (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG)
_PREFIXES: Final = {k: PREFIXES[k] for k in ("ics", "rdfs", "xsd", "org", "prov", "dcterms", "foaf", "skos")} | {
    "csvw": "http://www.w3.org/ns/csvw#"
}


class Writer:
    """Takes triples, a batch at a time, and writes those of one subject together."""

    def __init__(self, stream: IO[bytes], form: ox.RdfFormat, base: str = "") -> None:
        self._out, self._form = stream, form
        self._waiting = tempfile.TemporaryFile(prefix="icsgraph-") if form in _WITH_END else None  # noqa: SIM115  close
        self._stream = self._waiting or stream
        own = {"my": base, "source": base + "source/"} if base else {}
        self._all = _PREFIXES | own
        self._prefixes = self._all if form in _WITH_PREFIXES else None
        self._begun = False

    def put(self, triples: Iterable[ox.Triple]) -> int:
        """Write triples; give their number."""
        by_subject: dict[object, list[ox.Triple]] = {}
        for triple in triples:
            by_subject.setdefault(triple.subject, []).append(triple)
        ordered = [triple for group in by_subject.values() for triple in group]
        if not ordered:
            return 0
        form = ox.RdfFormat.N_TRIPLES if self._waiting else self._form
        text = ox.serialize(ordered, format=form, prefixes=self._prefixes) or b""
        if self._begun and self._prefixes:  # one block of prefixes is enough
            text = text[text.rindex(b"@prefix") :].partition(b"\n")[2]
        self._stream.write(text)
        self._begun = True
        return len(ordered)

    def finish(self) -> None:
        """Write what a syntax with an end of its own had to wait with."""
        if self._waiting is not None:
            self._waiting.seek(0)
            quads = ox.parse(self._waiting, format=ox.RdfFormat.N_TRIPLES)
            ox.serialize((quad.triple for quad in quads), self._out, format=self._form, prefixes=self._all)

    def close(self) -> None:
        """Let go of what waits."""
        if self._waiting is not None:
            self._waiting.close()


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
            writer = Writer(stream, form, base)
            try:
                yield writer
                writer.finish()
            finally:
                writer.close()
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
