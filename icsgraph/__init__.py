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
    from icsgraph.api.building import build, check_store
    from icsgraph.api.graph import Graph
    from icsgraph.api.graph import open_ as open
    from icsgraph.api.guidance import Guidance
    from icsgraph.api.importing import Imported
    from icsgraph.api.progress import Step
    from icsgraph.api.reasoning import Reasoning
    from icsgraph.api.report import Report
    from icsgraph.api.showing import Listing
    from icsgraph.api.told import Differences, Told, diff
    from icsgraph.api.writing import Part
    from icsgraph.law.findings import Finding
    from icsgraph.model.errors import IcsgraphError

__all__ = [
    "Answer", "Differences", "Finding", "Graph", "Guidance", "IcsgraphError", "Imported", "Listing", "Part",
    "Reasoning", "Report", "Step", "Told", "build", "check_store", "diff", "open",
]  # fmt: skip

_FROM: Final = {
    "Answer": ("api.answer", "Answer"),
    "Differences": ("api.told", "Differences"),
    "Finding": ("law.findings", "Finding"),
    "Graph": ("api.graph", "Graph"),
    "Guidance": ("api.guidance", "Guidance"),
    "IcsgraphError": ("model.errors", "IcsgraphError"),
    "Imported": ("api.importing", "Imported"),
    "Listing": ("api.showing", "Listing"),
    "Part": ("api.writing", "Part"),
    "Reasoning": ("api.reasoning", "Reasoning"),
    "Report": ("api.report", "Report"),
    "Step": ("api.progress", "Step"),
    "Told": ("api.told", "Told"),
    "build": ("api.building", "build"),
    "check_store": ("api.building", "check_store"),
    "diff": ("api.told", "diff"),
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
