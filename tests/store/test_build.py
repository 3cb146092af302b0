# SPDX-License-Identifier: Apache-2.0
"""Building stores: what is in them; nothing is built twice, a kill leaves the old one, damage is found."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from typer.testing import CliRunner

from icsgraph.cli import app
from icsgraph.law import check
from icsgraph.law.shapes import shipped_shapes
from icsgraph.model.errors import LoadError, OutputError
from icsgraph.model.namespaces import ICS, ICSG
from icsgraph.opening import derive_all, open_graph
from icsgraph.store import building, built
from icsgraph.store.building import build_store, open_store
from icsgraph.store.built import Manifest, build, count, open_built
from icsgraph.store.context import CONTEXT

ROOT = Path(__file__).resolve().parents[2]
RECORDS = ROOT / "data" / "examples" / "northshire-with-faults"
DAY = date(2025, 6, 30)
EX = "https://example.org/"


def put(number):
    """Give something that fills a store with a number of triples."""
    return lambda store: store.bulk_extend(
        ox.Quad(ox.NamedNode(f"{EX}{n}"), ox.NamedNode(EX + "p"), ox.Literal(n)) for n in range(number)
    )


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """Build the worked example once."""
    folder = tmp_path_factory.mktemp("records") / "store"
    return folder, build_store([RECORDS], folder, derive_all)


@pytest.fixture
def bare(monkeypatch):
    """Build without anything that ships, which takes long and is not what a test is about."""
    monkeypatch.setattr(building, "packaged_files", lambda **_: [])


def ground_triples(store):
    """Give the triples without blank nodes that are not of a day's context."""
    return {
        quad.triple
        for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph())
        if not any(isinstance(term, ox.BlankNode) for term in quad.triple) and quad.subject != CONTEXT
    }


def test_a_store_holds_what_the_files_give_in_memory(records):
    """The same triples, but for the context of a day, which a store has not."""
    folder, _ = records
    there, here = open_store(folder, DAY, derive_all), open_graph(RECORDS, as_at=DAY)

    assert ground_triples(here.store) == ground_triples(there.store)
    assert here.parameters == there.parameters


def test_a_store_is_checked_as_files_are(records):
    """The same findings with file and line, and the same coverage, though the store holds no as-at date."""
    folder, _ = records
    some = shipped_shapes(["ICP-01", "ICS-20", "GUI-27", "GUI-19"])
    there, here = check(open_store(folder, DAY, derive_all), some), check(open_graph(RECORDS, as_at=DAY), some)

    assert here.findings == there.findings
    assert here.coverage == there.coverage
    assert here.systems == there.systems
    assert any(finding.line for finding in there.findings)


def test_what_lies_over_a_store_can_end_what_is_open_in_it(records, tmp_path):
    """A newer file says when a council ended; that is so of what follows from the council, too."""
    folder, _ = records
    council = next(
        row["council"].value
        for row in open_built(folder)[0].query(
            f"SELECT ?council {{ ?fact <{ICS}ofAuthority> ?council ; <{ICS}earliestLastDay> ?day ."
            f" ?council <{ICS}earliestLastDay> ?day FILTER (STR(?day) = '9999-12-31') }} ORDER BY ?council LIMIT 1"
        )
    )
    (tmp_path / "a.ttl").write_text(
        f"<{council}> <{ICS}lastDay> '2025-03-31'^^<http://www.w3.org/2001/XMLSchema#date> .", encoding="utf-8"
    )
    store = open_store(folder, DAY, derive_all, [tmp_path / "a.ttl"]).store
    days = store.query(
        f"SELECT DISTINCT ?day {{ {{ ?fact <{ICS}ofAuthority> <{council}> ; <{ICS}earliestLastDay> ?day }}"
        f" UNION {{ <{council}> <{ICS}earliestLastDay> ?day }} FILTER (STR(?day) > '2025-03-31') }}"
    )

    assert [] == [row["day"].value for row in days]


@pytest.mark.usefixtures("bare")
def test_much_is_built_as_little_is(tmp_path, monkeypatch):
    """Whether files are put together in memory or on the disk, the same is counted."""
    text = f"<{EX}a> <{ICS}odsCode> 'ZZZ1' ; <{EX}p> [ <{EX}q> 1 ] ."
    (tmp_path / "a.ttl").write_text(text, encoding="utf-8")
    little = build_store([tmp_path / "a.ttl"], tmp_path / "one", derive_all, background=False)
    monkeypatch.setattr(building, "_IN_MEMORY", 0)
    much = build_store([tmp_path / "a.ttl"], tmp_path / "two", derive_all, background=False)

    assert {"": 4, f"{ICSG}derived": 1, f"{ICSG}file/a.ttl": 3} == little.manifest.counts == much.manifest.counts


def test_unchanged_inputs_are_not_built_again(records):
    """The second build says so, and the store's files are those that were there."""
    folder, first = records
    second = build_store([RECORDS], folder, derive_all)

    assert (False, True) == (first.unchanged, second.unchanged)
    assert first.manifest == second.manifest


@pytest.mark.usefixtures("bare")
def test_a_changed_input_is_built_again(tmp_path):
    """One more triple in a file gives another store in place of the first."""
    (tmp_path / "a.ttl").write_text(f"<{EX}a> <{EX}p> 1 .", encoding="utf-8")
    first = build_store([tmp_path / "a.ttl"], tmp_path / "store", derive_all, background=False)
    (tmp_path / "a.ttl").write_text(f"<{EX}a> <{EX}p> 1, 2 .", encoding="utf-8")
    second = build_store([tmp_path / "a.ttl"], tmp_path / "store", derive_all, background=False)

    assert not second.unchanged
    assert first.manifest.counts[""] + 1 == second.manifest.counts[""]
    assert [second.manifest.store] == [path.name for path in (tmp_path / "store").glob("store-*")]


@pytest.mark.usefixtures("bare")
def test_a_malformed_file_leaves_the_old_store(tmp_path):
    """Nothing of the new store is kept."""
    (tmp_path / "a.ttl").write_text(f"<{EX}a> <{EX}p> 1 .", encoding="utf-8")
    first = build_store([tmp_path / "a.ttl"], tmp_path / "store", derive_all, background=False)
    (tmp_path / "a.ttl").write_text(f"<{EX}a> <{EX}p> ", encoding="utf-8")
    with pytest.raises(LoadError, match="E103"):
        build_store([tmp_path / "a.ttl"], tmp_path / "store", derive_all, background=False)

    assert first.manifest == open_built(tmp_path / "store", thorough=True)[1]
    assert ["manifest.json", first.manifest.store] == sorted(path.name for path in (tmp_path / "store").iterdir())


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    """Its files are not removed."""
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(OutputError, match="E510"):
        build_store([], tmp_path, derive_all)

    assert ["letter.txt"] == [path.name for path in tmp_path.iterdir()]


BUILDER = """
import sys
from pathlib import Path
import pyoxigraph as ox
from icsgraph.store.built import Manifest, build
def fill(store):
    store.bulk_extend(ox.Quad(ox.NamedNode(f"https://example.org/{n}"), ox.NamedNode("https://example.org/p"),
                              ox.Literal(n)) for n in range(20000))
print("ready", flush=True)
build(Path(sys.argv[1]), Manifest("b" * 64), fill)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_a_build_that_is_killed_leaves_a_whole_store(tmp_path):
    """Killed at moments spread over the build, it leaves the old store or the new one, whole, and no other."""
    folder = tmp_path / "store"
    build(folder, Manifest("a" * 64), put(10))
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", BUILDER, str(tmp_path / "timed")], check=True, cwd=ROOT, capture_output=True)
    whole = time.monotonic() - started
    chance, seen = random.Random(20251125), set()
    for moment in range(9):
        killed = subprocess.Popen([sys.executable, "-c", BUILDER, str(folder)], cwd=ROOT, stdout=subprocess.PIPE)
        assert killed.stdout is not None
        killed.stdout.readline()
        time.sleep(whole * (moment + chance.random()) / 9)
        killed.kill()
        killed.wait()
        killed.stdout.close()
        store, manifest = open_built(folder, thorough=True)
        seen.add((manifest.digest[0], len(store)))
        del store
    assert seen <= {("a", 10), ("b", 20000)}
    assert ("a", 10) in seen


def test_what_a_kill_left_is_cleared_away_later(tmp_path, monkeypatch):
    """Not at once, since another process may be at work; and never what that process holds."""
    folder = tmp_path / "store"
    build(folder, Manifest("a" * 64), put(1))
    for name in ("building-dead", "building-live"):
        (folder / name).mkdir()
    held = ox.Store(str(folder / "building-live" / "store"))
    build(folder, Manifest("b" * 64), put(2))
    assert (folder / "building-dead").is_dir()
    monkeypatch.setattr(built, "_ABANDONED", -1)
    build(folder, Manifest("c" * 64), put(3))

    assert [True, False] == [(folder / name).is_dir() for name in ("building-live", "building-dead")]
    assert 0 == len(held)


def test_readers_keep_what_they_have_opened(tmp_path):
    """A store that is replaced while it is read answers on as it was."""
    folder = tmp_path / "store"
    build(folder, Manifest("a" * 64), put(10))
    reading = open_built(folder)[0]
    build(folder, Manifest("b" * 64), put(20))

    assert (10, 20) == (len(list(reading)), len(open_built(folder)[0]))


def damage_size(path):
    """Cut a byte off."""
    os.truncate(path, path.stat().st_size - 1)


def damage_content(path):
    """Change a byte in the middle, and the size not at all."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize("harm", [damage_size, damage_content, Path.unlink])
@pytest.mark.parametrize("pattern", ["*.sst", "CURRENT", "MANIFEST-*"])
def test_damage_is_found_and_said(tmp_path, harm, pattern):
    """A file that is shorter, other or gone is named; nothing is answered."""
    folder = tmp_path / "store"
    manifest = build(folder, Manifest("a" * 64), put(1000))
    harm(max((folder / manifest.store).glob(pattern), key=lambda path: path.stat().st_size))
    with pytest.raises(LoadError, match="E131"):
        open_built(folder)


def test_a_manifest_that_is_cut_is_found(tmp_path):
    """It is named; a build puts a new store in place."""
    build(tmp_path, Manifest("a" * 64), put(10))
    damage_size(tmp_path / "manifest.json")
    (tmp_path / "manifest.json").write_text((tmp_path / "manifest.json").read_text()[:100], encoding="utf-8")
    with pytest.raises(LoadError, match="E131"):
        open_built(tmp_path)
    build(tmp_path, Manifest("a" * 64), put(10))

    assert 10 == len(open_built(tmp_path)[0])


def test_a_store_with_more_in_it_than_was_built_is_found(tmp_path):
    """A thorough look counts; its files' digests are made to fit, as a program could that writes to it."""
    manifest = build(tmp_path, Manifest("a" * 64), put(10))
    content = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    content["counts"][""] = 9
    (tmp_path / "manifest.json").write_text(json.dumps(content), encoding="utf-8")

    assert 10 == len(open_built(tmp_path)[0])
    assert 10 == manifest.counts[""]
    with pytest.raises(LoadError, match="holds 10 triples, and 9 were put in"):
        open_built(tmp_path, thorough=True)


@pytest.mark.usefixtures("bare")
def test_counts_over_graphs_that_overlap_equal_those_of_rdflib(tmp_path):
    """A triple in two graphs is one triple of the merge and one of each graph."""
    chance, files = random.Random(7), []
    for number in range(3):
        lines = {
            f"<{EX}s{chance.randrange(6)}> <{EX}p{chance.randrange(3)}> {chance.randrange(3)} ." for _ in range(40)
        }
        files.append(tmp_path / f"{number}.ttl")
        files[-1].write_text("\n".join(sorted(lines)), encoding="utf-8")
    made = build_store(files, tmp_path / "store", derive_all, background=False).manifest
    dataset = rdflib.Dataset(default_union=True)
    for path in files:
        dataset.graph(rdflib.URIRef(EX + path.name)).parse(path)
    store = open_built(tmp_path / "store")[0]
    query = f"SELECT (COUNT(*) AS ?n) WHERE {{ ?s ?p ?o FILTER (STRSTARTS(STR(?s), '{EX}')) }}"

    assert len(dataset) == made.counts[""]
    assert [len(dataset.graph(rdflib.URIRef(EX + path.name))) for path in files] == [
        made.counts[f"https://w3id.org/icsgraph/graph/file/{path.name}"] for path in files
    ]
    assert int(next(iter(dataset.query(query)))[0]) == int(next(iter(store.query(query)))["n"].value)
    assert made.counts == count(store)


@pytest.mark.usefixtures("bare")
def test_the_commands_build_say_and_use(tmp_path):
    """build, build again, look it over, ask it; then damage it, and be told."""
    run = CliRunner().invoke
    (tmp_path / "a.ttl").write_text(f"<{EX}a> <{EX}p> 1 .", encoding="utf-8")
    store = str(tmp_path / "store")
    first = run(app, ["build", str(tmp_path / "a.ttl"), "--no-background", "--output", store])
    again = run(app, ["build", str(tmp_path / "a.ttl"), "--no-background", "--output", store])
    checked = run(app, ["build", "--check", store])
    asked = run(app, ["--store", store, "query", f"SELECT ?o {{ <{EX}a> ?p ?o }}", "--format", "csv"])
    refused = run(app, ["--store", store, "demo"])
    manifest = json.loads((tmp_path / "store" / "manifest.json").read_text(encoding="utf-8"))
    shutil.rmtree(tmp_path / "store" / manifest["store"])
    damaged = run(app, ["--store", store, "query", "SELECT * { ?s ?p ?o }"])

    assert [0, 0, 0, 0, 2, 2] == [each.exit_code for each in (first, again, checked, asked, refused, damaged)]
    # What is said is folded to the width of a terminal, wherever the name of the folder makes it break.
    assert "is built" in " ".join(first.output.split())
    assert "is up to date" in " ".join(again.output.split())
    assert "is whole" in " ".join(checked.output.split())
    assert "o\n1\n" == asked.stdout
    assert "E440" in refused.stderr
    assert "E131" in damaged.stderr


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("ending", ["ttl", "trig", "nt"])
def test_a_blank_node_is_one_node_in_its_graph_and_in_the_merge(tmp_path, ending):
    """However the file was loaded; else what a file tells of a nameless thing would not be found."""
    text = f"_:b <{EX}p> 1 . _:b <{EX}q> 2 ." if ending != "nt" else f"_:b <{EX}p> _:b .\n_:b <{EX}q> _:c ."
    (tmp_path / f"a.{ending}").write_text(text, encoding="utf-8")
    build_store([tmp_path / f"a.{ending}"], tmp_path / "store", derive_all, background=False)
    store = open_built(tmp_path / "store")[0]
    graphs = {quad.graph_name for quad in store}

    assert 2 == len(graphs)
    assert 1 == len({frozenset(q.triple for q in store if q.graph_name == graph) for graph in graphs})
