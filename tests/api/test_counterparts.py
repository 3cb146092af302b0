# SPDX-License-Identifier: Apache-2.0
"""Whatever a command does can be had in Python: every command and option has its counterpart, or a reason why not."""

from __future__ import annotations

import csv
import functools
import inspect
from pathlib import Path

import pytest
import typer

import icsgraph
from icsgraph.cli import app

TABLE = Path(__file__).with_name("counterparts.csv")


def rows() -> dict[tuple[str, str], tuple[str, str]]:
    """Read the table: a command and an option to what stands for it in Python, and the reason where nothing does."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return {(row["command"], row["option"]): (row["python"], row["reason"]) for row in csv.DictReader(lines)}


def commands() -> dict[str, list[str]]:
    """Give every command with its options and arguments; the options of all commands under no name."""
    found: dict[str, list[str]] = {}

    def walk(name: str, command: object) -> None:
        shown = [
            max(p.opts, key=len) if p.param_type_name == "option" else p.name
            for p in command.params
            if p.name not in ("help", "install_completion", "show_completion")
        ]
        below = getattr(command, "commands", {})
        if shown or not below:
            found[name] = shown
        for each, child in below.items():
            walk(f"{name} {each}".strip(), child)

    walk("", typer.main.get_command(app))
    return found


CALLS = sorted({(python, reason) for python, reason in rows().values()})


def test_every_command_and_option_is_in_the_table():
    """A command or an option that is added needs a counterpart or a reason; one that goes leaves no row behind."""
    there = {(name, option) for name, options in commands().items() for option in ("", *options)}

    assert there == set(rows())


@pytest.mark.parametrize(("python", "reason"), CALLS, ids=lambda value: str(value)[:40])
def test_a_counterpart_is_there(python, reason):
    """Each name leads to a function, and behind a colon to one of its parameters; else there is a reason, not both."""
    assert bool(python) != bool(reason)
    for each in python.split(" or ") if python else []:
        path, _, parameter = each.partition(":")
        found = functools.reduce(getattr, path.split("."), icsgraph)
        assert not parameter or parameter in inspect.signature(found).parameters


def test_reasons_are_few():
    """What Python lacks is what prints, serves, or chooses how a command answers its shell."""
    lacking = {key for key, (python, _) in rows().items() if not python}

    assert len(lacking) < len(rows()) / 4
    assert {"demo", "serve"} == {command for command, option in lacking if not option and command}
