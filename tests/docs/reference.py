# SPDX-License-Identifier: Apache-2.0
"""The reference of commands, made from ``--help``: ``python tests/docs/reference.py`` writes it."""

from __future__ import annotations

from pathlib import Path

from typer.models import CommandInfo
from typer.testing import CliRunner

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "commands.md"
WIDTH = {"COLUMNS": "80", "TERMINAL_WIDTH": "80", "NO_COLOR": "1", "TERM": "dumb"}


def page() -> str:
    """Give the page as it has to be."""
    from icsgraph.cli import app

    parts = ["# Commands\n\nMade from `--help` by `python tests/docs/reference.py`; a test compares them.\n"]
    parts.append(_section(2))
    parts += [_section(2, _name(command)) for command in app.registered_commands]
    for group in app.registered_groups:
        parts.append(_section(2, str(group.name)))
        assert group.typer_instance is not None
        parts += [_section(3, str(group.name), _name(c)) for c in group.typer_instance.registered_commands]
    return "\n".join(parts)


def _name(command: CommandInfo) -> str:
    return command.name or command.callback.__name__.rstrip("_").replace("_", "-")


def _section(level: int, *names: str) -> str:
    from icsgraph.cli import app

    result = CliRunner().invoke(app, [*names, "--help"], prog_name="icsgraph", env=WIDTH)
    assert result.exit_code == 0, result.output
    return f"{'#' * level} {' '.join(('icsgraph', *names))}\n\n```text\n{result.stdout.strip()}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
