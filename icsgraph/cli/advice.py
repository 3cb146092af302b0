# SPDX-License-Identifier: Apache-2.0
"""What is said on stderr about a query itself: what looks wrong before it runs, and why it answered nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from icsgraph.cli.saying import say
from icsgraph.model.errors import EndpointError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pyoxigraph import Literal, NamedNode

    from icsgraph.queries import Answer
    from icsgraph.queries.selecting import Select

_GLANCE: Final = 1.0  # seconds that an empty answer may take longer for a hint


def warn(text: str, select: Select, bound: Collection[str], where: str) -> None:
    """Print what is likely wrong with a query.

    Raises:
        QueryError: E201, E202, when the text is no query.
    """
    from icsgraph.queries.check import check
    from icsgraph.queries.vocabulary import Vocabulary

    try:
        found = check(text, Vocabulary(select), bound=bound, where=where)
    except EndpointError as error:
        say(f"warning: the query was not looked over: {error.what}")
        return
    for advice in found:
        say(str(advice))


def say_why_empty(
    answer: Answer,
    text: str,
    bindings: Mapping[str, NamedNode | Literal],
    select: Select,
    *,
    asked: bool,
    own: bool,
    checked: bool,
) -> None:
    """Print why an answer is empty: in full when asked for, else a hint, and nothing when it is not empty.

    Args:
        asked: whether ``--why-empty`` was given.
        checked: whether :func:`warn` has spoken before.
        own: whether to look into it unasked: a stored query may well answer nothing, and an endpoint may be slow.
    """
    from icsgraph.reports.rows import plain

    empty = not answer.rows or (answer.unit == "answers" and plain(answer.rows[0][0]) == "false")
    if not empty:
        if asked:
            say("The query answers something: no part of it loses all rows.")
        return
    if not asked and answer.unit == "answers":
        return
    if asked or own:
        from icsgraph.queries.check import read
        from icsgraph.queries.doctor import SECONDS, diagnose
        from icsgraph.queries.run import bound_text
        from icsgraph.reports.diagnosis import as_text, hint

        try:
            found = diagnose(read(bound_text(text, bindings)), select, SECONDS if asked else _GLANCE)
        except EndpointError as error:
            say(f"warning: why nothing is answered could not be found out: {error.what}")
            return
        said = as_text(found).rstrip() if asked else hint(found, checked=checked)
        if said:
            say(said)
    if not asked:
        say("Nothing is answered; --why-empty says which part loses the rows.")
