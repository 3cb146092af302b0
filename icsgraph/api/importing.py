# SPDX-License-Identifier: Apache-2.0
"""Sheets that people filled in, look-ups of the ONS and lists of the NHS to records, with what should be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from icsgraph.api.data import Data, day_of
from icsgraph.api.progress import Step, telling
from icsgraph.api.showing import Listing
from icsgraph.model.errors import TableError

if TYPE_CHECKING:
    from icsgraph.tables.faults import Fault
    from icsgraph.tables.registers import Registered


@dataclass(frozen=True, slots=True)
class Imported:
    """A file of records that was made: of how many records or rows, in how many triples, and what to look at.

    ``unfilled`` names rows that count for nothing until they are filled in: file, sheet and their numbers. ``remarks``
    are about cells that were taken, ``notes`` about a whole look-up or list.
    """

    path: Path
    records: int
    triples: int
    unfilled: tuple[tuple[str, str, tuple[int, ...]], ...] = ()
    remarks: Listing[Fault] = Listing(())  # noqa: RUF009  nothing can be added to it
    notes: tuple[str, ...] = ()


class Importing(Data):
    """A graph whose names tell what cells mean."""

    def import_records(self, *files: str | Path, output: str | Path, system: str = "", base: str = "") -> Imported:
        """Turn filled-in workbooks and CSV files into a file of RDF; RDF among them is passed on.

        Args:
            files: workbooks (.xlsx, .ods), CSV files, folders of them, or RDF.
            output: file to write, .ttl or .nt, also .gz; whole or not at all.
            system: the board whose code makes the namespace of the records.
            base: that namespace; else as the workbook says.

        Raises:
            Faulty: E905 with every fault in ``error.found.faults``; nothing is written then.
            TableError: E901 to E907 for a file that cannot be read, or a namespace that is none.
        """
        from icsgraph.tables.directory import Directory
        from icsgraph.tables.importing import import_sheets
        from icsgraph.tables.namespaces import namespace_for
        from icsgraph.tables.sources import put_rdf, sorted_files
        from icsgraph.tables.writing import writer_to

        def told(number: int, what: str) -> None:
            if self._progress:
                self._progress(Step(f"rows {what}", None, number))

        tables, rdf = sorted_files([Path(file) for file in files])
        store, path = self.opened().store, Path(output)
        space = namespace_for(tables, store, self.as_at, system, base)
        with telling(self._progress, f"importing to {path.name}"), writer_to(path, space) as writer:
            passed = put_rdf(rdf, writer)
            made = import_sheets(tables, Directory(store), space, writer, told)
        unfilled = tuple((file, sheet, tuple(numbers)) for file, sheet, numbers in made.unfilled)
        return Imported(path, made.records, made.triples + passed, unfilled, Listing(made.faults.remarks, "remarks"))

    def import_lookup(self, file: str | Path, *, vintage: date | str, output: str | Path) -> Imported:
        """Turn an ONS look-up of small areas into areas of boards and their overlaps with councils, from a day on.

        Raises:
            TableError: E901 to E903 for the file, E908 where columns are missing or the graph has later boundaries.
        """
        from icsgraph.tables.registers import read_lookup

        return self._written(read_lookup(Path(file), day_of(vintage, "vintage"), self.opened().store), Path(output))

    def import_ods(
        self, file: str | Path, *, output: str | Path, kind: Literal["", "trust", "practice", "network"] = ""
    ) -> Imported:
        """Turn a list of the NHS Organisation Data Service into bodies.

        Args:
            kind: what the organisations are; told by the usual names of files unless given.

        Raises:
            TableError: E901 to E903 for the file, E908 when nobody says what the organisations are.
        """
        from icsgraph.tables.registers import KINDS, read_ods

        chosen = kind or KINDS.get(Path(file).name.split(".")[0].lower(), "")
        if not chosen:
            what = f"the name {Path(file).name} does not say what the organisations are"
            raise TableError("E908", "kind", what, f"Name one of {', '.join(dict.fromkeys(KINDS.values()))}.")
        return self._written(read_ods(Path(file), chosen, self.opened().store), Path(output))

    def _written(self, found: Registered, path: Path) -> Imported:
        from icsgraph.tables.writing import writer_to

        with telling(self._progress, f"writing {path.name}"), writer_to(path) as writer:
            writer.put(sorted(found.triples, key=str))
        return Imported(path, found.rows, len(found.triples), notes=found.remarks)
