# SPDX-License-Identifier: Apache-2.0
"""What ``validate`` does with an endpoint: opens what ships beside it, and tells on stderr how far it has come."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from icsgraph.cli.state import State

if TYPE_CHECKING:
    from icsgraph.law.ground import Ground
    from icsgraph.store.endpoint import Endpoint


def at_endpoint(endpoint: Endpoint, state: State, *, background: bool, transfer: bool, most: int) -> Ground:
    """Give what a check of the endpoint's records stands on."""
    from icsgraph.law.endpoint import ground_of
    from icsgraph.opening import derivation_rules, derive_all
    from icsgraph.store.opened import open_files, open_packaged

    return ground_of(
        endpoint,
        open_files((), state.as_at, derive_all, background=background),
        open_packaged(state.as_at, derive_all).store,
        derivation_rules(),
        background=background,
        transfer=transfer,
        most=most,
        say=lambda text: typer.echo(text, err=True),
        progress=_progress,
    )


def _progress(done: int, total: int) -> None:
    """One line that is written over on a terminal; elsewhere a line for every tenth."""
    text = f"{done} of {total} queries answered"
    if sys.stderr.isatty():
        typer.echo(f"\r{text}", err=True, nl=done == total)
    elif done * 10 // total != (done - 1) * 10 // total:
        typer.echo(text, err=True)
