# SPDX-License-Identifier: Apache-2.0
"""Every error that a user can meet, once.

    IcsgraphError               code and exit code; shows itself in two lines
    ├── InputError              the input is wrong: exit 2
    │   ├── LoadError           E1xx  files: missing, empty, malformed
    │   ├── QueryError          E2xx  queries: unknown, malformed, wrong parameter
    │   ├── ShapesError         E3xx  shapes: malformed, unknown term, refused
    │   ├── ReasonError         E32x, E33x  reasoning: jobs and forms that do not go together
    │   ├── LookupFailed        E4xx  names, codes and dates that mean nothing
    │   ├── OutputError         E5xx  where an answer cannot be written
    │   ├── ServeError          E8xx  requests to the service, and its start
    │   └── ExportError         E94x  what to export, and into what
    └── OutsideError            something outside did not answer, or a limit was reached: exit 3
        ├── EndpointError       E6xx  remote stores
        ├── TransferError       E95x  exports to a store
        └── LimitError          E7xx  time, rows, memory; a program that is not installed

Each code has a page ``docs/errors/<code>.md``: when it happens and how to mend it.
"""

from __future__ import annotations

from typing import ClassVar


class IcsgraphError(Exception):
    """An error that a user can act on.

    ``where`` names the file with line and column, the term or the option; ``what`` quotes the offending value;
    ``mend`` says what to do next. ``str()`` gives the two lines that the command line prints.
    """

    exit_code: ClassVar[int] = 2
    codes: ClassVar[tuple[int, int]] = (0, 999)

    def __init__(self, code: str, where: str, what: str, mend: str) -> None:
        super().__init__(code, where, what, mend)
        self.code, self.where, self.what, self.mend = code, where, what, mend

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{self.code}: {place}{self.what}\n  {self.mend}"


class InputError(IcsgraphError):
    """The input is wrong."""


class LoadError(InputError):
    """A data, ontology or shapes file is missing, empty or malformed."""

    codes = (100, 199)


class QueryError(InputError):
    """A query is unknown or malformed, or a parameter is missing or wrong."""

    codes = (200, 299)


class ShapesError(InputError):
    """A shape is malformed, names an unknown term, or asks for something that is refused by name."""

    codes = (300, 399)


class ReasonError(InputError):
    """A job of ``reason`` was asked for in a way that it cannot be done."""

    codes = (320, 339)


class LookupFailed(InputError):
    """A name, code or date means nothing in the graph, or more than one thing."""

    codes = (400, 499)


class OutputError(InputError):
    """An answer cannot be written where or as it was asked for."""

    codes = (500, 599)


class ServeError(InputError):
    """The service cannot start, or turns a request away."""

    codes = (800, 899)


class TableError(InputError):
    """A workbook or table cannot be read, or what people wrote in it cannot be taken as it stands."""

    codes = (900, 939)


class ExportError(InputError):
    """What was chosen cannot be exported, or not in that format."""

    codes = (940, 949)


class OutsideError(IcsgraphError):
    """Something outside did not answer, or a limit was reached."""

    exit_code = 3


class EndpointError(OutsideError):
    """A remote store failed, refused, or answered with something that cannot be trusted to be whole."""

    codes = (600, 699)


class TransferError(OutsideError):
    """A store did not take what was sent to it, or does not hold it afterwards."""

    codes = (950, 959)


class LimitError(OutsideError):
    """A limit of time, rows or memory was reached, or a program that is needed is not installed."""

    codes = (700, 799)
