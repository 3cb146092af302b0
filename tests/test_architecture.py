# SPDX-License-Identifier: Apache-2.0
"""Imports point one way: down the list of rooms."""

from __future__ import annotations

import ast
from pathlib import Path

import icsgraph

PACKAGE = Path(icsgraph.__file__).parent
# From the top: a room may import from rooms of lower lines, and from itself; rooms on one line do not know each other.
ROOMS = [
    {"cli"},  # starts the server, and hands it what its options say
    {"web"},
    {"api"},
    {"tour", "reasoning"},
    {"tables", "exports", "reports", "opening"},
    {"law", "guidance"},
    {"queries", "shacl", "rules"},
    {"algebra"},
    {"store"},
    {"model"},
]
RANK = {room: rank for rank, rooms in enumerate(ROOMS) for room in rooms}


def imports(path: Path) -> set[str]:
    """Give the rooms that a module imports from, at its top or inside its functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [
                f"{node.module}.{alias.name}" if node.module == "icsgraph" else node.module for alias in node.names
            ]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("icsgraph.")}
    return found


def test_imports_only_go_down():
    """A room imports from lower rooms alone."""
    wrong = []
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE).parts
        if parts[0] in ("_shipped", "__init__.py"):
            continue
        room = parts[0].removesuffix(".py")
        for other in imports(path) - {room}:
            if RANK[other] <= RANK[room]:
                wrong.append(f"{'/'.join(parts)} imports {other}")

    assert [] == sorted(wrong)


def test_every_room_has_a_first_page():
    """The package of each room says in its docstring what it is for."""
    rooms = [p for p in PACKAGE.iterdir() if p.is_dir() and (p / "__init__.py").is_file() and p.name != "_shipped"]

    assert [] == [p.name for p in rooms if not ast.get_docstring(ast.parse((p / "__init__.py").read_text("utf-8")))]


def test_starting_up_imports_nothing_heavy():
    """icsgraph --help needs no store, no SPARQL parser and no SHACL engine."""
    import subprocess
    import sys

    heavy = ("pyoxigraph", "rdflib", "pyshacl", "owlready2", "starlette", "uvicorn")
    code = f"import icsgraph.cli, sys; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "[]" == done.stdout.strip()


def test_no_two_modules_of_the_tests_have_one_name():
    """Folders of tests are no packages: of two modules with one name, one would hide the other."""
    names = [path.stem for path in Path(__file__).parent.rglob("*.py") if path.stem != "conftest"]

    assert [] == sorted({name for name in names if names.count(name) > 1})
