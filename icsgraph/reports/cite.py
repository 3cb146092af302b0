# SPDX-License-Identifier: Apache-2.0
"""An answer to a citation, and to the command that gives the answer again."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import date
from importlib.metadata import PackageNotFoundError, version

from icsgraph.queries.about import About


def citation(about: About, today: date) -> str:
    """Give one paragraph: what was asked of which data as at which day, by what, when, and how much was answered."""
    asked = f"“{about.question}” ({about.name})" if about.question else about.name or "a query"
    source = f"the endpoint {about.endpoint}" if about.endpoint else f"data {about.data[:16]}"
    return (
        f"icsgraph {_version()}: {asked}, as at {about.as_at}, {source}, query {about.query[:16]}; "
        f"{about.count}, {about.extent}. Asked on {today}."
    )


def _version() -> str:
    try:
        return version("icsgraph")
    except PackageNotFoundError:  # run from a checkout
        return "unreleased"


def again(arguments: Sequence[str]) -> str:
    """Give a command line that a shell reads back as these arguments."""
    return shlex.join(("icsgraph", *arguments))
