# SPDX-License-Identifier: Apache-2.0
"""The notebooks run from top to bottom, and hold no output that could be stale."""

from __future__ import annotations

import json
import os
import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path, monkeypatch):
    """Every cell runs, within a minute, and what its assertions say is so."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Jupyter's own packages say to each other
        nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))))
        monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        book = nbformat.read(path, as_version=4)
        nbformat.validate(book)
        done = nbclient.NotebookClient(book, timeout=60, resources={"metadata": {"path": str(ROOT)}}).execute()
    shown = [output for cell in done.cells if cell.cell_type == "code" for output in cell.outputs]
    kinds = {kind for output in shown if "data" in output for kind in output["data"]}

    assert "text/html" in kinds
    assert "image/png" in kinds
    assert [] == [output for output in shown if output.get("name") == "stderr"]


def test_notebooks_hold_no_output():
    """What is stored is what is asked, not what was answered some day."""
    cells = [
        (path.name, cell)
        for path in NOTEBOOKS
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]

    assert 3 == len(NOTEBOOKS)
    assert [] == [name for name, cell in cells if cell["outputs"] or cell["execution_count"] is not None]
