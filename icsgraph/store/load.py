# SPDX-License-Identifier: Apache-2.0
"""RDF files to quads: each file in a named graph of its own, and all of them merged in the default graph.

The name of a file's graph is its path below the folder that was named, never an absolute one, so that output is the
same on every machine. Relative IRIs in a file resolve against that name: ``<>`` is the file itself.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, Final, cast
from urllib.parse import quote

import pyoxigraph as ox

from icsgraph.model.errors import LoadError
from icsgraph.model.namespaces import ICSG

FORMATS: Final[dict[str, ox.RdfFormat]] = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".trig": ox.RdfFormat.TRIG,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".json": ox.RdfFormat.JSON_LD,
}
_WITH_GRAPHS: Final = frozenset((ox.RdfFormat.TRIG, ox.RdfFormat.N_QUADS, ox.RdfFormat.JSON_LD))
_BLANK: Final = "ASK {{ GRAPH {} {{ ?s ?p ?o FILTER (isBlank(?s) || isBlank(?o)) }} }}"
_MARKS: Final = {ox.RdfFormat.N_TRIPLES: (b"_:",), ox.RdfFormat.TURTLE: (b"_:", b"[", b"(", b"<<", b"{|")}
_PIECE: Final = 1 << 20
_LARGE: Final = 1 << 22  # bytes
_LONGEST_ENTITY: Final = 300
_ENTITY: Final = re.compile(rb"""<!ENTITY\s*(?:%\s*)?(?P<name>[^\s"]*)\s*(?:"(?P<value>[^"]*)"?)?""")
_PLACE: Final = re.compile(r"line (\d+)(?:.*?column (\d+))?")


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file to load: where it is, and the short name by which output calls it."""

    path: Path
    name: str
    digest: str = ""
    """SHA-256 of the content that was loaded, where the file may have changed since."""

    @property
    def is_as_loaded(self) -> bool:
        """Whether the file is there and, where its digest is known, says what it said when it was loaded."""
        if not self.digest:
            return True
        return self.path.is_file() and hashlib.sha256(self.path.read_bytes()).hexdigest() == self.digest

    @property
    def graph(self) -> ox.NamedNode:
        """The IRI of the named graph that holds the file's triples."""
        return ox.NamedNode(ICSG + "file/" + quote(self.name))

    @property
    def format(self) -> ox.RdfFormat:
        """The RDF syntax that the file's name says."""
        suffixes = [s.lower() for s in self.path.suffixes]
        suffix = suffixes[-2] if len(suffixes) > 1 and suffixes[-1] == ".gz" else (suffixes or [""])[-1]
        try:
            return FORMATS[suffix]
        except KeyError as error:
            raise LoadError(
                "E104",
                self.name,
                f"{suffix or 'no ending'} is not an RDF file ending",
                f"Use one of {' '.join(FORMATS)}.",
            ) from error

    def open(self) -> IO[bytes]:
        """Open the file's bytes, unpacked where it is compressed."""
        return cast(IO[bytes], gzip.open(self.path, "rb")) if self.path.suffix == ".gz" else self.path.open("rb")


def find_files(paths: Iterable[Path]) -> tuple[DataFile, ...]:
    """Give the RDF files that paths name, folders taken whole, each once and sorted within its folder.

    Raises:
        LoadError: E101 when a path does not exist, E102 when a folder holds no RDF file, E104 for another kind of file.
    """
    found: dict[Path, DataFile] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and _is_rdf(p))
            if not inside:
                endings = " ".join(FORMATS)
                raise LoadError(
                    "E102", str(path), "the folder holds no RDF file", f"Put a file there that ends in {endings}."
                )
            for each in inside:
                found.setdefault(
                    each.resolve(), DataFile(each, each.relative_to(path.parent).as_posix() if path.name else each.name)
                )
        elif path.is_file():
            file = DataFile(path, path.as_posix() if not path.is_absolute() and ".." not in path.parts else path.name)
            _ = file.format
            found.setdefault(path.resolve(), file)
        else:
            raise LoadError(
                "E101", str(path), "there is no such file or folder", "Check the path and run the command again."
            )
    return tuple(found.values())


def has_rdf(folder: Path) -> bool:
    """Say whether a folder holds an RDF file, however deep."""
    return any(path.is_file() and _is_rdf(path) for path in folder.rglob("*"))


def _is_rdf(path: Path) -> bool:
    suffixes = [s.lower() for s in path.suffixes]
    return bool(suffixes) and (suffixes[-2] if suffixes[-1] == ".gz" and len(suffixes) > 1 else suffixes[-1]) in FORMATS


def read(file: DataFile) -> Iterator[ox.Quad]:
    """Parse a file; quads of its default graph carry the default graph.

    Raises:
        LoadError: E103 with line and column when the file is malformed, E105 when it cannot be read.
    """
    with _told(file), file.open() as stream:
        yield from ox.parse(stream, format=file.format, base_iri=file.graph.value, rename_blank_nodes=True)


def _check_entities(file: DataFile) -> None:
    """Refuse XML entities that hold others, or long texts: a short file of them unpacks to all the memory there is.

    Short ones stay allowed: ontology editors write namespaces so.
    """
    kept = b""
    with file.open() as stream:
        while piece := stream.read(_PIECE):
            text = kept + piece
            kept = text[-len(b"<!ENTITY") :]
            for match in _ENTITY.finditer(text):
                value, cut = match["value"], match.end() == len(text)
                if cut and len(match[0]) < _LONGEST_ENTITY and b"&" not in match[0]:
                    kept = match[0]  # the next piece has the rest of it
                elif value is None or b"&" in value or len(value) > _LONGEST_ENTITY:
                    name = match["name"].decode("utf-8", "replace")
                    mend = (
                        "Write the text where it is used; if you do not know where the file comes from, do not load it."
                    )
                    raise LoadError("E105", file.name, f"its XML entity {name} is long, or holds other entities", mend)


@contextmanager
def _told(file: DataFile) -> Iterator[None]:
    """Say of a file that cannot be read or parsed which it is, where it breaks off and what to do."""
    try:
        with file.open() as stream:
            head = stream.read(2)
            if head in (b"\xff\xfe", b"\xfe\xff"):
                raise LoadError(
                    "E105", file.name, "the file is in UTF-16", "Save it in UTF-8 and run the command again."
                )
        if file.format == ox.RdfFormat.RDF_XML:
            _check_entities(file)
        yield
    except SyntaxError as error:
        message = str(error.msg if error.msg else error)
        line, column = error.lineno, error.offset
        if line is None and (match := _PLACE.search(message)):
            line, column = int(match[1]), int(match[2] or 1)
        place = f"{file.name}:{line}:{column}" if line else file.name
        what = re.sub(
            r"^Parser error at line \d+ (?:between columns? \d+ and (?:column )?\d+|column \d+): ", "", message
        )
        raise LoadError(
            "E103", place, what, "Correct the file and run the command again; none of it was loaded."
        ) from error
    except (OSError, ValueError, EOFError) as error:
        raise LoadError(
            "E105", file.name, f"the file cannot be read: {error}", "Check the file and run the command again."
        ) from error


def stream_files(store: ox.Store, wanted: Iterable[DataFile]) -> None:
    """Add files to a store as :func:`load_files` does, however large, a file at a time.

    A malformed file leaves what came before it: for a store that is thrown away then.
    """
    for file in wanted:
        if file.format in _WITH_GRAPHS:
            store.bulk_extend(_twice(file))
            continue
        _load(store, file, file.graph)
        if _may_have_blank(file) and store.query(_BLANK.format(file.graph)):  # parsed again, they would be other nodes
            told = store.quads_for_pattern(None, None, None, file.graph)
            store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in told)
        else:
            _load(store, file, ox.DefaultGraph())


def _may_have_blank(file: DataFile) -> bool:
    """Say whether a file may hold blank nodes, by the marks that make them: to look for these is quick."""
    marks = _MARKS.get(file.format)
    if marks is None:
        return True
    with file.open() as stream:
        kept = b""
        while piece := stream.read(_PIECE):
            if any(mark in kept + piece for mark in marks):
                return True
            kept = piece[-1:]
    return False


def add_files(store: ox.Store, wanted: Iterable[DataFile]) -> None:
    """Add files to a store in memory as :func:`load_files` does, at the speed of the store's own loader.

    A malformed file leaves what came before it: for a store that is thrown away then.
    """
    for file in wanted:
        if file.format in _WITH_GRAPHS:
            store.bulk_extend(_twice(file))
            continue
        _load(store, file, file.graph, in_memory=True)
        store.update(f"ADD {file.graph} TO DEFAULT")


def add_merged(store: ox.Store, wanted: Iterable[DataFile]) -> None:
    """Add the triples of files to the default graph of a store in memory alone, which does not tell where they stand.

    A malformed file leaves what came before it: for a store that is thrown away then.
    """
    for file in wanted:
        if file.format in _WITH_GRAPHS:
            store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in read(file))
        else:
            _load(store, file, ox.DefaultGraph(), in_memory=True)


def add_lines(store: ox.Store, lines: bytes, graphs: Iterable[ox.NamedNode | ox.DefaultGraph]) -> None:
    """Add N-Triples that were written here to graphs: as text, in a third of the time that a list of triples takes."""
    form = ox.RdfFormat.N_TRIPLES
    for graph in graphs:
        if b"_:" not in lines:
            store.load(lines, format=form, to_graph=graph, lenient=True)
        else:  # loaded, blank nodes would become other nodes; parsed, they keep their labels
            parsed = ox.parse(lines, format=form, lenient=True)
            store.extend([ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in parsed])


def _load(store: ox.Store, file: DataFile, graph: ox.NamedNode | ox.DefaultGraph, *, in_memory: bool = False) -> None:
    # In memory, a file in one transaction is quicker than in bulk; of a large one that would take much memory.
    load = store.load if in_memory and file.path.stat().st_size < _LARGE else store.bulk_load
    with _told(file), file.open() as stream:
        load(stream, format=file.format, base_iri=file.graph.value, to_graph=graph)


def _twice(file: DataFile) -> Iterator[ox.Quad]:
    """Each triple for the default graph and for the graph it is told in; blank nodes are the same in both."""
    graph, default = file.graph, ox.DefaultGraph()
    for q in read(file):
        yield ox.Quad(q.subject, q.predicate, q.object)
        yield ox.Quad(q.subject, q.predicate, q.object, graph) if q.graph_name == default else q


def load_files(store: ox.Store, wanted: Iterable[DataFile]) -> list[ox.Quad]:
    """Add files to a store, each to its own graph and to the default graph; give the triples as added to the latter.

    Every file is parsed before anything is added, so a malformed one leaves the store as it was.
    """
    parsed = [(file.graph, list(read(file))) for file in wanted]
    everything = [ox.Quad(q.subject, q.predicate, q.object) for _, quads in parsed for q in quads]
    default = ox.DefaultGraph()
    own = (
        ox.Quad(q.subject, q.predicate, q.object, graph) if q.graph_name == default else q
        for graph, quads in parsed
        for q in quads
    )
    store.bulk_extend(chain(everything, own))
    return everything
