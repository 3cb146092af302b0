# SPDX-License-Identifier: Apache-2.0
"""The query editor's packages, as the lock file names them, to the files that icsgraph's pages serve.

Run it in a checkout, or let the build of the wheel run it. It needs npm; where that is missing or reaches nothing, the
pages keep their plain form and say so.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
TARGET: Final = HERE.parent / "icsgraph" / "web" / "pages" / "static" / "yasgui"
_PACKAGE: Final = "node_modules/@zazuko/yasgui"
_FILES: Final = ("yasgui.min.js", "yasgui.min.css")
_STAMP: Final = "lock.sha256"
_MINUTES: Final = 5


class NotBundled(Exception):
    """The packages could not be had; the message says why."""


def is_current(target: Path = TARGET) -> bool:
    """Say whether what the lock file names is bundled already."""
    stamp = target / _STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == _digest()


def bundle(target: Path = TARGET) -> None:
    """Install what the lock file names into a folder that is thrown away, and copy what the pages serve.

    Raises:
        NotBundled: when npm is missing or fails.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise NotBundled("npm is not installed")
    with tempfile.TemporaryDirectory(prefix="icsgraph-bundle-") as name:
        folder = Path(name)
        for each in ("package.json", "package-lock.json"):
            shutil.copy(HERE / each, folder)
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        try:
            done = subprocess.run(
                command, cwd=folder, capture_output=True, text=True, timeout=60 * _MINUTES, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NotBundled(f"npm ci: {error}") from error
        if done.returncode:
            raise NotBundled(f"npm ci: {done.stderr.strip()[-500:]}")
        target.mkdir(parents=True, exist_ok=True)
        for each in _FILES:
            shutil.copy(folder / _PACKAGE / "build" / each, target)
        (target / _STAMP).write_text(_digest(), encoding="utf-8")
        (target / "licences.txt").write_text(_licences(folder / "node_modules"), encoding="utf-8")


def _digest() -> str:
    return hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()


def _licences(modules: Path) -> str:
    """Say of each package what its licence is, with the text where the package has it."""
    told = []
    for path in sorted(modules.rglob("package.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        if not content.get("version") or path.parent.parent.name not in ("node_modules", *_scopes(modules)):
            continue
        texts = [each.read_text(encoding="utf-8", errors="replace") for each in sorted(path.parent.glob("LICEN[CS]E*"))]
        told.append(
            f"{content['name']} {content['version']}: {content.get('license', 'not stated')}\n\n" + "\n".join(texts)
        )
    return f"\n{'-' * 80}\n".join(told)


def _scopes(modules: Path) -> list[str]:
    return [each.name for each in modules.glob("@*")]


if __name__ == "__main__":
    try:
        bundle()
    except NotBundled as error:
        sys.exit(f"The query editor was not bundled: {error}")
    print(f"Bundled into {TARGET}")
