# SPDX-License-Identifier: Apache-2.0
"""What is said on stderr beside an answer: folded to the width of a terminal, and as it is in pipes and logs.

A log has one record a line, which people search for; a terminal would break it inside words.
"""

from __future__ import annotations

import shutil
import sys

import typer


def say(text: str) -> None:
    """Say something; nothing at all for no text."""
    if not text:
        return
    if sys.stderr.isatty():
        from icsgraph.reports.folding import folded

        text = folded(text, max(shutil.get_terminal_size().columns, 40))
    typer.echo(text, err=True)
