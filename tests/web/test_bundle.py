# SPDX-License-Identifier: Apache-2.0
"""The query editor: bundled from what a lock file names, and not needed for anything."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import types
from urllib.parse import urlsplit

import pytest
from serving import ROOT, Served

FRONTEND = ROOT / "web-frontend"


def loaded(name: str):
    """A module of the folder that makes the bundle."""
    spec = importlib.util.spec_from_file_location(name, FRONTEND / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("trouble", ["no npm", "a registry that is not reached"])
def test_a_wheel_is_built_without_the_editor_where_node_or_its_registry_is_missing(monkeypatch, tmp_path, trouble):
    """The build hook warns, and lets the build go on; the next build tries again."""
    interface = types.ModuleType("hatchling.builders.hooks.plugin.interface")
    interface.BuildHookInterface = object
    monkeypatch.setitem(sys.modules, "hatchling.builders.hooks.plugin.interface", interface)
    tools = tmp_path / "bin"
    tools.mkdir()
    if trouble != "no npm":
        (tools / "npm").write_text("#!/bin/sh\necho unreachable >&2\nexit 1\n")
        (tools / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:/nowhere" if trouble == "no npm" else f"{tools}:/bin:/usr/bin")
    shutil.copytree(FRONTEND, tmp_path / "web-frontend", ignore=shutil.ignore_patterns("__pycache__"))
    warnings = []
    hook = loaded("hatch_build").EditorHook()
    hook.root, hook.app = tmp_path, types.SimpleNamespace(display_warning=warnings.append)

    hook.initialize("standard", {})

    (warning,) = warnings
    assert "the pages keep their plain form" in warning
    assert ("npm is not installed" if trouble == "no npm" else "unreachable") in warning
    assert not (tmp_path / "icsgraph").exists()


def test_an_installation_without_the_editor_works_and_says_how_to_get_it(tmp_path):
    """The pages of a package that has no bundle run queries by the plain form, and name the command that bundles."""
    shutil.copytree(ROOT / "icsgraph", tmp_path / "icsgraph", ignore=shutil.ignore_patterns("yasgui", "__pycache__"))
    for name in ("data", "ontology", "queries", "shapes", "pyproject.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
    server = Served(root=tmp_path)
    try:
        page, editor = server.get("/query", "text/html"), server.get("/query?editor=1", "text/html")
        answer = server.get("/query?query=ASK%20%7B%7D", "text/html")
    finally:
        server.stop()

    assert {200} == {page.status, editor.status, answer.status}
    assert "python web-frontend/bundle.py" in page.text
    assert "yasgui" not in editor.text
    assert "<td>yes</td>" in answer.text


def test_the_lock_file_names_every_package_with_its_digest_and_nothing_of_theirs_is_committed():
    """What is bundled is the same everywhere, and comes from the registry alone."""
    lock = json.loads((FRONTEND / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: each for name, each in lock["packages"].items() if name}

    assert packages
    assert [] == [name for name, each in packages.items() if not each.get("integrity", "").startswith("sha512-")]
    hosts = {urlsplit(each["resolved"]).hostname for each in packages.values() if "resolved" in each}
    assert hosts <= {"registry.npmjs.org"}, "where none is named, it is the registry that npm is set to"
    assert loaded("bundle").TARGET == ROOT / "icsgraph/web/pages/static/yasgui"
    if (ROOT / ".git").exists():
        kept = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
        assert [] == [name for name in kept if "yasgui" in name or "node_modules" in name]
