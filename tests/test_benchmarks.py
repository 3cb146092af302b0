# SPDX-License-Identifier: Apache-2.0
"""The benchmarks judge by what was planted: it is what is found, finding by finding, and a difference does not pass."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from icsgraph.shacl import compile_shapes, read_shapes, validate

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import engines, measures, page  # noqa: E402
from benchmarks.generate import generate, planted  # noqa: E402


@pytest.fixture(scope="module")
def invented(tmp_path_factory):
    """Invent six systems in which one place in five is at fault."""
    path = tmp_path_factory.mktemp("invented") / "six.nt"
    generate(6, path, chance=0.2)
    return path


def test_what_is_planted_is_what_is_found(invented, tmp_path, capsys):
    """The compiled shapes find every planted fault of every shape in them, and nothing else."""
    shapes = tmp_path / "shapes.ttl"
    shapes.write_bytes((ROOT / "benchmarks" / "shapes.ttl").read_bytes())

    engines.main("icsgraph", invented, shapes, tmp_path / "found")

    wanted = planted(invented).read_text(encoding="utf-8")
    assert wanted.splitlines() == (tmp_path / "found").read_text(encoding="utf-8").splitlines()
    assert len({line[:3] for line in wanted.splitlines()}) == 22
    assert json.loads(capsys.readouterr().out)["findings"] == len(wanted.splitlines())


def test_the_same_seed_gives_the_same_records(tmp_path):
    """Two runs write the same file, so that results of two days are about the same data."""
    generate(2, tmp_path / "one.nt")
    generate(2, tmp_path / "two.nt")

    assert (tmp_path / "one.nt").read_bytes() == (tmp_path / "two.nt").read_bytes()


def test_without_faults_nothing_is_found(tmp_path):
    """Records with no fault conform to every shape."""
    count, faults = generate(2, tmp_path / "sound.nt", chance=0)
    store = ox.Store()
    store.bulk_load(path=tmp_path / "sound.nt", format=ox.RdfFormat.N_TRIPLES)
    results = validate(store, compile_shapes(read_shapes(ox.parse(path=ROOT / "benchmarks" / "shapes.ttl"))))

    assert (len(store), 0) == (count, faults)
    assert () == results.results


def test_the_page_is_made_of_what_is_kept():
    """The page of results holds what the kept measurements say, and no older text."""
    assert page.page(measures.kept()) == page.PAGE.read_text(encoding="utf-8")


def test_a_missed_goal_is_said_where_things_go_badly():
    """A goal that is missed stands under its own heading, with how far it is missed."""
    goal = measures.Goal("speed", 5, 10, unit=" times")
    made = {"date": "", "commit": "", "load": "1.0", "machine": "", "versions": ""}
    part = measures.Part("load", "1e4", ("way",), (("x",),), (goal,), (), made)

    assert "- speed (1e4): 5 times instead of 10 times, missed by 2.0. Load 1.0." in page.page([part])
    assert "Nothing that was measured." in page.page([replace(part, goals=(replace(goal, figure=11),))])
