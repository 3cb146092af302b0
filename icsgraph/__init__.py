# SPDX-License-Identifier: Apache-2.0
"""A knowledge graph of England's integrated care systems, their law and guidance, and tools to query and check it.

    import icsgraph
    england = icsgraph.open(as_at="2024-06-01")
    england.query("strategy-copy-recipients", icb="QNQ").to_pandas()

What the package exports is loaded when it is first used: importing it loads no store and no engine.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from icsgraph.api.answer import Answer
    from icsgraph.api.graph import Graph
    from icsgraph.api.graph import open_ as open
    from icsgraph.api.guidance import Guidance
    from icsgraph.api.progress import Step
    from icsgraph.api.report import Report
    from icsgraph.api.showing import Listing, Told
    from icsgraph.law.findings import Finding
    from icsgraph.model.errors import IcsgraphError

__all__ = ["Answer", "Finding", "Graph", "Guidance", "IcsgraphError", "Listing", "Report", "Step", "Told", "open"]

_FROM: Final = {
    "Answer": ("api.answer", "Answer"),
    "Finding": ("law.findings", "Finding"),
    "Graph": ("api.graph", "Graph"),
    "Guidance": ("api.guidance", "Guidance"),
    "IcsgraphError": ("model.errors", "IcsgraphError"),
    "Listing": ("api.showing", "Listing"),
    "Report": ("api.report", "Report"),
    "Step": ("api.progress", "Step"),
    "Told": ("api.showing", "Told"),
    "open": ("api.graph", "open_"),
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  whatever is exported
    if name not in _FROM:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, exported = _FROM[name]
    globals()[name] = found = getattr(import_module(f"{__name__}.{module}"), exported)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
