# SPDX-License-Identifier: Apache-2.0
"""The command: what it writes where, and what it refuses before it opens anything."""

from __future__ import annotations

import csv
import json
import subprocess
import sys

import pytest


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = "from icsgraph.cli import main; main()"
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)


def test_tables_of_a_choice_go_to_a_folder_and_are_not_written_over(tmp_path):
    """The 36 boards of June 2026; again only with --force."""
    arguments = (
        "export",
        "-f",
        "csv",
        "--class",
        "IntegratedCareBoard",
        "--date",
        "2026-06-01",
        "-o",
        str(tmp_path / "t"),
    )
    first, second, third = run(*arguments), run(*arguments), run(*arguments, "--force")
    with (tmp_path / "t" / "IntegratedCareBoard.csv").open(newline="", encoding="utf-8") as stream:
        boards = list(csv.DictReader(stream))

    assert (0, 2, 0) == (first.returncode, second.returncode, third.returncode), first.stderr
    assert "E502" in second.stderr
    assert 36 == len({board["iri"] for board in boards}) == len(boards)


def test_geojson_brings_the_boundaries_by_itself(tmp_path):
    """Areas of the 36 boards of June 2026, without --graph."""
    output = tmp_path / "boards.geojson"
    done = run("export", "-f", "geojson", "--class", "BoardArea", "--date", "2026-06-01", "-o", str(output))

    assert 0 == done.returncode, done.stderr
    assert 36 == len(json.loads(output.read_text(encoding="utf-8"))["features"])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("-f", "cvs"), "E940"),
        (("-f", "csv"), "E944"),
        (("--to", "http://127.0.0.1:9/store", "-f", "nt"), "E947"),
        (("--into", "urn:g"), "E947"),
        (("--replace",), "E947"),
        (("--to", "http://ann:right@127.0.0.1:9/store"), "E610"),
    ],
)
def test_what_does_not_go_together_is_refused(arguments, code):
    """In two lines, and with no password in them."""
    done = run("export", *arguments)

    assert 0 != done.returncode
    assert done.stderr.startswith(code)
    assert "right" not in done.stderr
