# SPDX-License-Identifier: Apache-2.0
"""The example workflow and the commands of the how-to pages: what they call exists."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from icsgraph.cli import app

DOCS = Path(__file__).resolve().parents[2] / "docs" / "how-to"
WORKFLOW = DOCS / "github-actions" / "check-records.yml"


def commands():
    """Give every icsgraph command line of the workflow and of the shell blocks of the how-to pages."""
    found = []
    texts = [
        step["run"] for step in yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"]["check"]["steps"] if "run" in step
    ]
    for page in sorted(DOCS.glob("*.md")):
        texts += re.findall(r"^\s*```sh\n(.*?)^\s*```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    for text in texts:
        found += [
            line.strip() for line in text.replace("\\\n", " ").splitlines() if line.strip().startswith("icsgraph ")
        ]
    return found


def test_the_workflow_checks_on_pull_requests_and_uploads_what_it_wrote():
    """The file that is uploaded is the one that the command writes, with the permission that this needs."""
    workflow = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    steps = workflow["jobs"]["check"]["steps"]
    upload = next(step for step in steps if step.get("uses", "").startswith("github/codeql-action/upload-sarif@"))

    assert "pull_request" in workflow[True]  # YAML 1.1 reads the key on as true
    assert "write" == workflow["permissions"]["security-events"]
    assert any(f"--output {upload['with']['sarif_file']}" in step.get("run", "") for step in steps)
    assert upload["if"].startswith("always()")
    assert all(re.fullmatch(r"[\w-]+/[\w/-]+@v\d+", step["uses"]) for step in steps if "uses" in step)


def test_there_are_commands_to_look_at():
    """A pattern that finds nothing would prove nothing."""
    assert 3 <= len(commands())


@pytest.mark.parametrize("line", commands())
def test_commands_and_options_exist(line):
    """Every option that a page or the workflow uses is one that --help tells."""
    words, before = shlex.split(line)[1:], []
    while words[0].startswith("--"):  # options before the command, each with a value
        before.append(words[0])
        del words[:2]
    whole = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200", "TERM": "dumb"})
    names = [word for word in words[:2] if re.fullmatch(r"[a-z][a-z-]*", word)]
    if names == ["import"]:
        names.append("records")  # for which import FILE is short
    for depth in (2, 1):
        shown = CliRunner().invoke(app, [*names[:depth], "--help"], env={"COLUMNS": "200", "TERM": "dumb"})
        if shown.exit_code == 0:
            break

    assert 0 == shown.exit_code
    assert [] == [word for word in before if word not in whole.stdout]
    assert [] == [word for word in words if word.startswith("--") and word not in shown.stdout]


def test_the_page_links_to_the_workflow():
    """A reader of the page finds the file."""
    assert "(github-actions/check-records.yml)" in (DOCS / "pull-requests.md").read_text(encoding="utf-8")
