# SPDX-License-Identifier: Apache-2.0
"""Opening graphs: named graphs, bounds of dates, the context of a day, lines of things, the cached store."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from icsgraph.model.errors import LoadError
from icsgraph.model.namespaces import ICS, ICSG, RDF
from icsgraph.opening import open_graph
from icsgraph.store import shipped
from icsgraph.store.built import open_built
from icsgraph.store.lines import first_lines
from icsgraph.store.load import add_files, find_files, load_files, stream_files
from icsgraph.store.opened import cache_folder

ROOT = Path(__file__).resolve().parents[2]
EX = "https://example.org/"
HEAD = f"@prefix ex: <{EX}> . @prefix ics: <{ICS}> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"


def value(store, subject, name):
    """Give the text of the one value of a property."""
    quads = list(store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(ICS + name), None, ox.DefaultGraph()))
    assert 1 == len(quads)
    return quads[0].object.value


def test_dates_get_their_bounds(tmp_path):
    """A month is an interval, and what has begun without an end stays open."""
    (tmp_path / "a.ttl").write_text(
        HEAD + 'ex:act a ics:Adoption ; ics:onDate "2023-02"^^xsd:gYearMonth .\n'
        'ex:board a ics:IntegratedCareBoard ; ics:firstDay "2022"^^xsd:gYear .',
        encoding="utf-8",
    )
    store = open_graph(tmp_path / "a.ttl", as_at=date(2024, 6, 1), background=False).store

    assert ("2023-02-01", "2023-02-28") == (
        value(store, EX + "act", "earliestDay"),
        value(store, EX + "act", "latestDay"),
    )
    assert "2022-12-31" == value(store, EX + "board", "latestFirstDay")
    assert "9999-12-31" == value(store, EX + "board", "earliestLastDay")


def test_the_context_holds_cut_off_days(tmp_path):
    """Six months before 1 June 2024 is the last day on which a receipt's consideration is overdue."""
    (tmp_path / "a.ttl").write_text(HEAD + "ex:a a ex:B .", encoding="utf-8")
    opened = open_graph(tmp_path / "a.ttl", as_at=date(2024, 6, 1), background=False)

    assert "2023-12-01" == value(opened.store, ICSG + "context", "considerationDueIfReceivedBy")
    assert "2024-03-01" == value(opened.store, ICSG + "context", "copiesDueIfPublishedBy")
    assert "6 months" == next(p.value for p in opened.parameters if p.id == "grace_consider")


def test_each_file_has_a_graph_of_its_own(tmp_path):
    """The same triple in two files is one triple of the merge, and one of each graph."""
    for name in ("a.ttl", "b.ttl"):
        (tmp_path / name).write_text(HEAD + "ex:a a ex:B .", encoding="utf-8")
    store = open_graph(tmp_path, as_at=date(2024, 6, 1), background=False).store
    found = list(store.quads_for_pattern(ox.NamedNode(EX + "a"), ox.NamedNode(RDF + "type"), None, None))

    assert 3 == len(found)
    assert 1 == sum(quad.graph_name == ox.DefaultGraph() for quad in found)


def test_lines_are_right_after_multi_line_literals(tmp_path):
    """A literal over several lines does not shift what comes after it."""
    text = HEAD + 'ex:a ex:note """one\ntwo\nthree""" .\n\nex:b ex:c ex:d ;\n  ex:e ex:f .\n'
    (tmp_path / "a.ttl").write_text(text, encoding="utf-8")
    file = find_files([tmp_path / "a.ttl"])[0]

    assert {EX + "b": 6} == first_lines(file, [EX + "b"])


@pytest.mark.parametrize("head", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_is_refused_by_name(tmp_path, head):
    """The message says what the encoding is and what it should be."""
    (tmp_path / "a.ttl").write_bytes(head + b"\x00")

    with pytest.raises(LoadError, match="UTF-16"):
        open_graph(tmp_path / "a.ttl", as_at=date(2024, 6, 1), background=False)


def test_a_compressed_file_is_read(tmp_path):
    """The ending before .gz says the syntax."""
    import gzip

    (tmp_path / "a.ttl.gz").write_bytes(gzip.compress((HEAD + "ex:a a ex:B .").encode()))
    store = open_graph(tmp_path / "a.ttl.gz", as_at=date(2024, 6, 1), background=False).store

    assert next(store.quads_for_pattern(ox.NamedNode(EX + "a"), None, None, None), None)


def ground(store):
    """Give the triples of a default graph that have no blank nodes."""
    quads = store.quads_for_pattern(None, None, None, ox.DefaultGraph())
    return {q.triple for q in quads if not any(isinstance(term, ox.BlankNode) for term in q.triple)}


def test_a_damaged_cached_store_is_built_anew(tmp_path, monkeypatch):
    """What cannot be opened is thrown away, never answered from."""
    monkeypatch.setenv("ICSGRAPH_CACHE", str(tmp_path))
    made = ground(open_graph(as_at=date(2024, 6, 1), merged=True).store)
    kept = ground(open_graph(as_at=date(2024, 6, 1), merged=True).store)  # waits until it is written
    (folder,) = (path for path in cache_folder().iterdir() if len(path.name) == 32)
    (store,) = folder.glob("store-*")
    (store / "CURRENT").write_text("nonsense", encoding="utf-8")

    assert made == kept
    assert made == ground(open_graph(as_at=date(2024, 6, 1), merged=True).store)


def test_a_first_answer_comes_before_the_store_is_kept(tmp_path):
    """Who is killed in between keeps nothing that misleads; who is not, ends when the store is whole."""
    query = ["--as-at", "2024-06-01", "query", "strategy-copy-recipients", "-p", "icb=QNQ", "-f", "csv", "--no-page"]
    command = [sys.executable, "-c", "from icsgraph.cli import main; main()", *query]
    told = {
        "env": {**os.environ, "ICSGRAPH_CACHE": str(tmp_path)},
        "cwd": ROOT,
        "stdout": subprocess.PIPE,
        "text": True,
    }
    killed = subprocess.Popen(command, stderr=subprocess.DEVNULL, **told)
    assert killed.stdout is not None
    first = killed.stdout.readline()
    killed.kill()
    killed.communicate()
    second = subprocess.run(command, check=True, stderr=subprocess.DEVNULL, **told).stdout
    (kept,) = (path for path in tmp_path.iterdir() if len(path.name) == 32)
    third = subprocess.run(command, check=True, stderr=subprocess.DEVNULL, **told).stdout

    assert second.startswith(first)
    assert 9 == len(second.splitlines())
    assert second == third
    assert open_built(kept, thorough=True)[1].counts[""] > 100_000


def test_where_the_cache_cannot_be_written_the_graph_opens_all_the_same(tmp_path, monkeypatch):
    """A file stands where the folder would be."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("ICSGRAPH_CACHE", str(tmp_path / "file" / "cache"))

    assert len(open_graph(as_at=date(2024, 6, 1), merged=True).store) > 100_000


def test_the_merged_graph_is_that_of_all_graphs(tmp_path, monkeypatch):
    """Both say the same, only one says which file states it; who asks for the merged one is given what there is."""
    monkeypatch.setenv("ICSGRAPH_CACHE", str(tmp_path))
    open_graph(as_at=date(2024, 6, 1), merged=True)
    merged = open_graph(as_at=date(2024, 6, 1), merged=True)
    whole = open_graph(as_at=date(2024, 6, 1))
    again = open_graph(as_at=date(2024, 6, 1), merged=True)

    assert ground(whole.store) == ground(merged.store)
    assert whole.version == merged.version
    assert [] == list(merged.store.named_graphs())
    assert len(whole.store) == len(again.store)
    assert {ox.NamedNode(ICSG + "derived"), ox.NamedNode(ICSG + "dates")} < set(whole.store.named_graphs())


def test_blank_nodes_stay_what_they_are_when_rules_run(tmp_path):
    """A body without a name has its code, in the merge and in the graph of what is derived."""
    (tmp_path / "a.ttl").write_text(HEAD + '_:b ics:odsCode "ZZZ1" ; ex:note "x" .', encoding="utf-8")
    store = open_graph(tmp_path / "a.ttl", as_at=date(2024, 6, 1), background=False).store
    found = store.query(
        f"SELECT ?code ?derived {{ ?b <{EX}note> 'x' ; <{ICS}code> ?code "
        f"GRAPH <{ICSG}derived> {{ ?b <{ICS}code> ?derived }} }}"
    )

    assert [("ZZZ1", "ZZZ1")] == [(row["code"].value, row["derived"].value) for row in found]


@pytest.mark.parametrize(
    ("ending", "text", "merged"),
    [
        ("ttl", "_:b ex:p 1 .", 2),
        ("ttl", "[] ex:p 1 .", 2),
        ("ttl", "ex:a ex:p ( 1 ) .", 6),
        ("ttl", "ex:a ex:p 1 {| ex:q 2 |} .", 5),
        ("ttl", "ex:a ex:p 1 .", 1),
        ("nt", f"_:b <{EX}p> <{EX}o> .", 2),
        ("trig", "_:b ex:p 1 .", 2),
    ],
)
@pytest.mark.parametrize("add", [add_files, stream_files, load_files])
def test_every_way_of_loading_gives_the_same(tmp_path, add, ending, text, merged):
    """A blank node is one node in both graphs, and another in another file, even of the same label."""
    head = "" if ending == "nt" else HEAD
    for name in ("a", "b"):
        (tmp_path / f"{name}.{ending}").write_text(head + text, encoding="utf-8")
    store = ox.Store()
    add(store, find_files([tmp_path]))
    merge, *graphs = (
        {q.triple for q in store.quads_for_pattern(None, None, None, graph)}
        for graph in (ox.DefaultGraph(), *store.named_graphs())
    )

    assert 2 == len(graphs)
    assert merge == graphs[0] | graphs[1]
    assert merged == len(merge)


def test_what_ships_is_whole():
    """Every file of the manifest is there, and on-demand graphs have names."""
    assert shipped.graph_files(frozenset(shipped.on_demand_names()))
    assert "boundaries" in shipped.on_demand_names()


def test_the_compiled_catalogue_is_that_of_the_shapes():
    """Else shapes were changed without python -m icsgraph.law.compiled; so their bytes say, too, which is quick."""
    from icsgraph import shacl
    from icsgraph.law.compiled import SHIPPED
    from icsgraph.law.shapes import shipped_shapes

    text = (shipped.root() / SHIPPED).read_text(encoding="utf-8")

    assert shacl.digest_of(shacl.read_shapes(shipped_shapes().quads)) == shacl.Compiled.from_json(text).digest
    assert text.startswith(f'{{"files": "{shipped.digest(shipped.files("shapes"))}", ')
