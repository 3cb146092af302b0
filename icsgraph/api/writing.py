# SPDX-License-Identifier: Apache-2.0
"""A graph to files of other tools, to a triple store, to web pages, and to what people fill in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from icsgraph.api.data import Data, day_of
from icsgraph.api.progress import telling
from icsgraph.model.errors import LookupFailed

if TYPE_CHECKING:
    from icsgraph.exports.content import Content
    from icsgraph.exports.transfer import Sent
    from icsgraph.tables.handing_out import HandedOut


@dataclass(frozen=True, slots=True)
class Part:
    """What of a graph to write: everything, unless something is named; only what is all that is named.

    ``systems`` are boards or partnerships by code or name, ``classes`` and ``topics`` names of them, ``day`` leaves out
    what certainly did not hold then, ``named_graph`` is an IRI or the name of a file, and ``construct`` a query whose
    triples are written instead. ``canonical`` sorts everything, so that equal graphs give equal bytes; ``graphs`` are
    large graphs to have as well, such as boundaries; ``frame`` is a frame of JSON-LD, which chooses its class.
    """

    systems: Sequence[str] = ()
    classes: Sequence[str] = ()
    topics: Sequence[str] = ()
    day: date | str | None = None
    named_graph: str = ""
    construct: str | Path = ""
    canonical: bool = False
    graphs: Sequence[str] = ()
    frame: str = ""


class Writing(Data):
    """A graph that can be written and handed out."""

    def export(self, output: str | Path, form: str = "", *, part: Part | None = None, force: bool = False) -> str:
        """Write the graph, or a part of it, for other tools; say what was written.

        Args:
            output: a file, whole or not at all; a folder for csv and parquet.
            form: a format of ``icsgraph export``, such as ttl, csv, graphml or dcat; that of the ending unless given.
            force: whether files that are in the folder may be written over.

        Raises:
            ExportError: E940 for a format that there is not, E94x for a part that is not there.
            OutputError: E501, E502 when a file cannot be written, or is there already.
        """
        from icsgraph.exports.formats import get
        from icsgraph.exports.writing import write

        path = Path(output)
        made = get(form or path.suffix.lower().removeprefix(".") or "ttl")
        content = self._content(part or Part(), made.needs)
        with telling(self._progress, f"writing {path.name}"):
            return write(content, made, path, force=force)

    def send(
        self, url: str, *, into: str = "", replace: bool = False, keep_graphs: bool = False, part: Part | None = None
    ) -> Sent:
        """Send the graph, or a part of it, to a store by the SPARQL 1.1 Graph Store Protocol; say what it holds then.

        Args:
            url: address of the store's graph store protocol.
            into: IRI of the named graph to put it in; the default graph unless given.
            replace: put it in place of what that graph holds.
            keep_graphs: send each named graph to the store's graph of the same name instead.

        Raises:
            TransferError: E95x when the store does not take it, or does not hold it afterwards.
            ExportError: E94x for a part that is not there.
        """
        from icsgraph.exports.transfer import Graph, send
        from icsgraph.exports.transfer_graphs import send_graphs

        content = self._content(part or Part(), ())
        with telling(self._progress, f"sending to {url}"):
            if keep_graphs:
                return send_graphs(content.quads(), url, replace=replace)
            return send(content.triples(), Graph(url, into), replace=replace)

    def _content(self, part: Part, needs: Sequence[str]) -> Content:
        from icsgraph.api.asking import asked
        from icsgraph.exports.selection import Choice, choose

        query = asked(part.construct)[0] if part.construct else ""
        day = day_of(part.day, "day") if part.day else None
        choice = Choice(
            tuple(part.systems), tuple(part.classes), tuple(part.topics), day, part.named_graph, query, part.frame
        )  # fmt: skip
        return choose(self.opened((*part.graphs, *needs)), choice, canonical=part.canonical)

    def template(
        self, output: str | Path, *, system: str = "", records: Sequence[str | Path] = (),
        form: Literal["", "ttl", "xlsx", "csv"] = "", base: str = "", force: bool = False,
    ) -> HandedOut:  # fmt: skip
        """Write what the law and the guidance ask a system to record, to be filled in; or records, as sheets.

        Args:
            output: a workbook (.xlsx), or a folder.
            system: the board, by code or name; or else
            records: files and folders of RDF, which become sheets.
            form: that of the name unless given; ttl for a folder.
            base: namespace of the records.
            force: whether files that are there may be written over.

        Raises:
            LookupFailed: E440 when neither or both of system and records are named, or records are wanted as Turtle.
            OutputError: E501, E502 when a file cannot be written, or is there already.
        """
        from icsgraph.tables.handing_out import hand_out

        path = Path(output)
        chosen = form or ("xlsx" if path.suffix.lower() == ".xlsx" else "ttl")
        if bool(system) == bool(records):
            what = "both are given" if system else "neither is given"
            raise LookupFailed("E440", "system, records", what, "Name a board, or files that hold records.")
        if chosen == "ttl" and records:
            raise LookupFailed("E440", "records", "records in Turtle need no template", "Ask for xlsx or csv.")
        store = self.opened().store
        with telling(self._progress, f"writing {path.name}"):
            return hand_out(
                store, self.as_at, path, chosen, system=system, records=[Path(each) for each in records], base=base,
                force=force,
            )  # fmt: skip

    def write_pages(self, folder: str | Path = "ontology-pages") -> list[Path]:
        """Write the documentation of the ontology as web pages; give the files, the first page first.

        Raises:
            OutputError: E501 when the folder cannot be written.
        """
        from icsgraph.exports.vocabulary import Site

        store = self.opened().store
        with telling(self._progress, "writing pages"):
            return [Path(each) for each in Site(store).write(Path(folder))]
