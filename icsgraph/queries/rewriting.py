# SPDX-License-Identifier: Apache-2.0
"""A query to the form in which it is run here, and what was done to it: help for EXISTS, which Oxigraph runs slowly.

Only what ``icsgraph.algebra`` proves to give the same answers is replaced. A query without EXISTS, one that cannot be
read, and one in which nothing could be replaced runs as it was typed. Forms are kept by digest, since reading takes
longer than most answers.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from icsgraph.model.errors import QueryError
from icsgraph.queries.run import default_prefixes
from icsgraph.store.opened import cache_folder

_EXISTS: Final = re.compile(r"\bEXISTS\b", re.IGNORECASE)
_FORM: Final = "1"  # raised when the same query gets another form


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The text to run, and a line for each EXISTS: what stands in its place and why, or why it was left."""

    text: str
    notes: tuple[str, ...] = ()

    def explained(self) -> str:
        """Give the query under its notes, as SPARQL comments."""
        notes = self.notes or ("runs as it stands: it has no EXISTS of several patterns",)
        return "".join(f"# {note}\n" for note in notes) + self.text.rstrip("\n") + "\n"


def rewritten(text: str) -> Rewritten:
    """Give the form in which a query is run; parameters are to be bound in it already."""
    if not _EXISTS.search(text):
        return Rewritten(text)
    digest = hashlib.sha256(f"{_FORM}\n{text}".encode()).hexdigest()
    path = cache_folder() / f"query-{digest[:32]}.json"
    with contextlib.suppress(OSError, ValueError, TypeError):
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Rewritten(str(kept["text"]), tuple(kept["notes"]))
    made = _rewrite(text)
    with contextlib.suppress(OSError):
        _keep(path, json.dumps(asdict(made)))
    return made


def _rewrite(text: str) -> Rewritten:
    from icsgraph.algebra import Rewrite, parse_query, rewrite_exists, to_text

    try:
        done = rewrite_exists(parse_query(text, default_prefixes(text)))
    except QueryError as error:
        return Rewritten(text, (f"runs as it stands: {error.what}",))
    notes = tuple(
        f"EXISTS {'replaced by ' + _KINDS[each.kind] if isinstance(each, Rewrite) else 'left as it is'}: {why}"
        for each in done.decisions
        for why in [each.why if isinstance(each, Rewrite) else each.reason]
    )
    changed = any(isinstance(each, Rewrite) for each in done.decisions)
    return Rewritten(to_text(done.query) if changed else text, notes)


_KINDS: Final = {
    "minus": "MINUS",
    "optional": "OPTIONAL and a test",
    "join": "a join with distinct rows",
    "nested": "one EXISTS for each pattern, each in the one before",
}


def _keep(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
    Path(name).replace(path)
