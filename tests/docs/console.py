# SPDX-License-Identifier: Apache-2.0
"""Console blocks of the documentation: finds them, runs their commands, and writes their output anew.

A block is fenced ``console``; a line that begins with ``$ icsgraph`` is a command, the lines below are what it prints
(stdout, then nothing of stderr unless the block is fenced ``console stderr``). ``…`` alone on a line stands for any
number of lines. Renew the output with ``python tests/docs/console.py``, and read the difference.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```console(?P<both> stderr)?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """One command with the output that the page shows."""

    page: Path
    command: str
    shown: list[str]
    both: bool

    def run(self) -> list[str]:
        """Run the command from the root of the checkout; give what it prints, line by line."""
        arguments = shlex.split(self.command)[1:]
        done = subprocess.run(
            [sys.executable, "-c", "from icsgraph.cli import main; main()", *arguments],
            capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False, timeout=120,
        )  # fmt: skip
        return (done.stdout + (done.stderr if self.both else "")).rstrip("\n").splitlines()

    def matches(self, printed: list[str]) -> bool:
        """Say whether the output shown is the output printed, with ``…`` standing for any lines."""
        pattern = "\n".join("(?s:.*)" if line.strip() == "…" else re.escape(line.rstrip()) for line in self.shown)
        return re.fullmatch(pattern, "\n".join(line.rstrip() for line in printed)) is not None


def pages() -> list[Path]:
    """Give README and every page of the documentation."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def examples(page: Path) -> list[Example]:
    """Give the examples of a page, in order."""
    found = []
    for block in FENCE.finditer(page.read_text(encoding="utf-8")):
        for part in re.split(r"^\$ ", block["body"], flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            if command.startswith("icsgraph"):
                found.append(Example(page, command, output.rstrip("\n").splitlines(), bool(block["both"])))
    return found


def renewed(text: str, page: Path) -> str:
    """Give the page with the output of each command as it is now, where none of it was left out."""

    def anew(block: re.Match[str]) -> str:
        parts = re.split(r"^\$ ", block["body"], flags=re.MULTILINE)
        body = parts[0]
        for part in parts[1:]:
            command, _, output = part.partition("\n")
            if command.startswith("icsgraph") and "…" not in output.splitlines():
                output = "\n".join(Example(page, command, [], bool(block["both"])).run()) + "\n"
            body += f"$ {command}\n{output}"
        return f"```console{block['both'] or ''}\n{body}```"

    return FENCE.sub(anew, text)


if __name__ == "__main__":
    for each in pages():
        old = each.read_text(encoding="utf-8")
        new = renewed(old, each)
        if new != old:
            each.write_text(new, encoding="utf-8")
            print(f"renewed {each.relative_to(ROOT)}")
