# SPDX-License-Identifier: Apache-2.0
"""An answer to what a reader must know before quoting it: how many rows, whether all, of which data, by which query."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from icsgraph.queries.run import Answer

_COMMENT: Final = re.compile(r"<[^<>\s]*>|#[^\n]*")
_LIMIT: Final = re.compile(r"\bLIMIT\s+(\d+)", re.IGNORECASE)
_SHOWN: Final = 12  # digits of a digest that a line shows; files hold all of them


@dataclass(frozen=True, slots=True)
class About:
    """What goes with an answer wherever it goes.

    ``whole`` is None where nobody can say (an endpoint may cut without a word); ``why_cut`` says what cut an answer
    that is not whole. ``query`` and ``data`` are digests; ``endpoint`` stands in place of ``data`` for a remote store.
    """

    rows: int
    unit: str
    whole: bool | None
    why_cut: str
    query: str
    data: str
    as_at: date
    name: str = ""
    question: str = ""
    endpoint: str = ""

    @property
    def count(self) -> str:
        """The number with its unit: ``1 row``."""
        return f"{self.rows} {self.unit.removesuffix('s') if self.rows == 1 else self.unit}"

    @property
    def extent(self) -> str:
        """Whether the answer is whole, in words."""
        if self.whole is None:
            return "whether the endpoint cut them, it does not say"
        return "complete" if self.whole else f"cut {self.why_cut}"

    def line(self) -> str:
        """Give the line that goes to stderr under an answer."""
        source = f"from {self.endpoint}" if self.endpoint else f"data {self.data[:_SHOWN]}"
        return f"{self.count}, {self.extent} | as at {self.as_at} | {source} | query {self.query[:_SHOWN]}"

    def facts(self) -> dict[str, str]:
        """Give the same for the metadata of a file, digests in full."""
        told = {
            self.unit: str(self.rows),
            "complete": {True: "yes", False: "no", None: "unknown"}[self.whole],
            "why-cut": "" if self.whole else self.extent,
            "as-at": self.as_at.isoformat(),
            "data": self.data,
            "endpoint": self.endpoint,
            "query": self.query,
            "name": self.name,
            "question": self.question,
        }
        return {name: value for name, value in told.items() if value}


def about(
    answer: Answer, as_at: date, *, data: str = "", text: str = "", name: str = "", question: str = "",
    endpoint: str = "", limit: int | None = None,
) -> About:  # fmt: skip
    """Say what goes with an answer.

    Args:
        data: digest of the data that was asked.
        text: the query; its own LIMIT cuts as well as one from outside.
        name: slug or file name of the query.
        endpoint: address of the remote store that answered; what it left out cannot be told.
        limit: the limit from outside that ``answer.cut`` is about.
    """
    number = len(answer.rows)
    own = own_limit(text)
    why = ""
    if answer.cut:
        why = f"at --limit {limit}: there are more"
    elif own is not None and number >= own and answer.unit == "rows":
        why = f"at the query's own LIMIT {own}: there may be more"
    whole = False if why else None if endpoint else True
    return About(number, answer.unit, whole, why, answer.digest, data, as_at, name, question, endpoint)


def own_limit(text: str) -> int | None:
    """Give the LIMIT of the query itself, not those of subselects, which stand before the last bracket."""
    bare = _COMMENT.sub(lambda match: " " if match[0].startswith("#") else "<>", text)
    found = _LIMIT.search(bare.rpartition("}")[2])
    return int(found[1]) if found else None


def form_of(text: str) -> str:
    """Give the form of a query, SELECT, ASK, CONSTRUCT or DESCRIBE, by its first keyword; empty where there is none."""
    found = re.search(r"(?i)(?<![\w:?$-])(SELECT|ASK|CONSTRUCT|DESCRIBE)(?![\w:-])", _COMMENT.sub(" ", text))
    return found[1].upper() if found else ""


def gives_triples(text: str) -> bool:
    """Say whether a query is a CONSTRUCT or DESCRIBE; false for text that is no query."""
    return form_of(text) in ("CONSTRUCT", "DESCRIBE")
