# SPDX-License-Identifier: Apache-2.0
"""What goes with an answer whose file has no place for it, to a file beside it: CSV on the Web for tables, else JSON.

``boards.csv`` gets ``boards.csv-metadata.json``, which is where readers of CSV on the Web look for it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from icsgraph.queries.about import About
from icsgraph.store.whole import write_whole

ENDING: Final = "-metadata.json"
BARE: Final = ("table", "csv", "tsv", "jsonl", "jsonld", "rdfxml")  # forms that say nothing of themselves
_DELIMITERS: Final = {"csv": ",", "tsv": "\t"}


def metadata(name: str, form: str, columns: Sequence[str], about: About) -> bytes:
    """Write what goes with a file of an answer: its columns, and the facts that must be known before quoting it.

    Source: https://www.w3.org/TR/tabular-metadata/
    """
    document: dict[str, Any] = {"url": name, "about": about.facts()}
    if form in _DELIMITERS:
        document = {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}], "url": name,
            "dc:title": about.question or about.name, "dialect": {"delimiter": _DELIMITERS[form]},
            "tableSchema": {"columns": [{"name": column, "titles": column} for column in columns]},
            "notes": [about.facts()],
        }  # fmt: skip
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def write_beside(path: Path, form: str, columns: Sequence[str], about: About) -> Path | None:
    """Write it beside a file that has no place for it, and give its path; None where the file says it itself.

    Raises:
        OutputError: E501 when it cannot be written.
    """
    if form not in BARE or (path.exists() and not path.is_file()):
        return None
    beside = path.with_name(path.name + ENDING)
    write_whole(beside, metadata(path.name, form, columns, about))
    return beside
