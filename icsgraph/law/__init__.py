# SPDX-License-Identifier: Apache-2.0
"""The constraints of the law register: their catalogue, their outcomes on a graph, and who the bodies are.

What the room exports is loaded when it is first asked for: a query that only looks a board up by its code needs no
validation engine, which takes longer to load than the query to run.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from icsgraph.law.bodies import Resolver, board_on, find_body
    from icsgraph.law.catalogue import Catalogue, Constraint, SeverityRow, read_catalogue
    from icsgraph.law.check import check
    from icsgraph.law.findings import Coverage, Finding, Provision, Report

__all__ = [
    "Catalogue", "Constraint", "Coverage", "Finding", "Provision", "Report", "Resolver", "SeverityRow", "board_on",
    "check", "find_body", "read_catalogue",
]  # fmt: skip

_FROM: Final = {
    "bodies": ("Resolver", "board_on", "find_body"),
    "catalogue": ("Catalogue", "Constraint", "SeverityRow", "read_catalogue"),
    "check": ("check",),
    "findings": ("Coverage", "Finding", "Provision", "Report"),
}
_MODULES: Final = {name: module for module, names in _FROM.items() for name in names}


class _Room(ModuleType):
    """The package, in which ``check`` is the function and never the module that holds it."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever is exported
        if name not in _MODULES:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        found = getattr(import_module(f"{self.__name__}.{_MODULES[name]}"), name)
        super().__setattr__(name, found)
        return found

    def __setattr__(self, name: str, value: object) -> None:
        if not (isinstance(value, ModuleType) and name in _MODULES):  # importing a module puts it there by its name
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Room
