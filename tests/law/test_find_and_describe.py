# SPDX-License-Identifier: Apache-2.0
"""Things are found by words, even misspelt, and described with what came before and after, and where that is from."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from datetime import date
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from icsgraph.law.describe import Description, describe
from icsgraph.law.find import find
from icsgraph.model.errors import QueryError
from icsgraph.opening import open_graph
from icsgraph.queries.search import Entry, open_index, search
from icsgraph.reports import neighbourhood
from icsgraph.reports import thing as forms
from icsgraph.reports.found import rendered
from icsgraph.store.opened import Opened

ICS_20 = "ICS-20: Every partner integrated care board of those authorities is given a copy"
ROOT = Path(__file__).resolve().parents[2]


@cache
def packaged(day: str = "2024-06-01") -> Opened:
    """Open the packaged graph as at a day."""
    return open_graph(as_at=date.fromisoformat(day))


@pytest.mark.parametrize(
    ("words", "kind", "first"),
    [
        ("Frimley", "", "NHS Frimley Integrated Care Board"),
        ("frimly", "", "NHS Frimley Integrated Care Board"),
        ("QNQ", "", "NHS Frimley Integrated Care Board"),
        ("Esex county concil", "", "Essex County Council"),
        ("integrated care stratgy", "class", "integrated care strategy"),
        ("ICS-20", "", ICS_20),
        ("copy neighbouring boards", "constraint", ICS_20),
        ("Isles of Scilly", "council", "Council of the Isles of Scilly"),
    ],
)  # fmt: skip
def test_words_find_the_thing_that_is_meant(words, kind, first):
    """Names, former names, codes, definitions and rules are searched; a slip of the pen does no harm."""
    assert first == find(packaged(), words, kind=kind, limit=1)[0].entry.label


def test_a_paraphrase_of_the_guidance_is_found_by_its_words():
    """What statements say can be searched, and the hit shows the words."""
    hits = find(packaged(), "healthwatch partnership involve", kind="statement", limit=5)

    assert hits
    assert all(hit.entry.field in ("paraphrase", "label") for hit in hits)
    assert any("ealthwatch" in hit.entry.text for hit in hits)


def test_nothing_is_found_for_words_that_mean_nothing():
    """Sharing some letters is not enough."""
    assert [] == find(packaged(), "xylophone quartet")
    assert [] == find(packaged(), "?!")


def test_a_second_search_is_quick():
    """The index is made once for a version of the data."""
    find(packaged(), "housing")
    start = time.process_time()
    find(packaged(), "joint local health and wellbeing strategy")

    assert time.process_time() - start < 0.5


def entries() -> list[Entry]:
    """Give a few texts."""
    return [
        Entry("x:a", "k", "Ångström Road", "label", 1.0, "Ångström Road"),
        Entry("x:b", "k", "road", "label", 1.0, "road"),
        Entry("x:b", "k", "road", "definition", 0.5, "A way for wheels."),
    ]


def test_an_index_is_kept_by_version_and_a_damaged_one_is_made_anew(tmp_path):
    """Another version of the data gets another index; a file that is no database is replaced; old ones go."""
    for version in "abcdef":
        open_index(tmp_path, version * 64, entries).close()
    kept = sorted(path.name for path in tmp_path.iterdir())
    (tmp_path / kept[0]).write_bytes(b"no database at all, but bytes")
    damaged = kept[0].rpartition("-")[2].removesuffix(".sqlite")[0] * 64
    index = open_index(tmp_path, damaged, entries)

    assert 4 == len(kept)
    assert ["x:b", "x:a"] == [hit.entry.iri for hit in search(index, "road")]
    index.close()


def test_an_sqlite_that_cannot_search_is_named(tmp_path, monkeypatch):
    """The message says which SQLite there is; no half-made index is left."""

    class Old(sqlite3.Connection):
        def execute(self, sql: str, *rest: object) -> sqlite3.Cursor:
            if "VIRTUAL" in sql:
                raise sqlite3.OperationalError("no such module: fts5")
            return super().execute(sql, *rest)

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: connect(*a, **k, factory=Old))
    with pytest.raises(QueryError) as caught:
        open_index(tmp_path, "v" * 64, entries)

    assert "E220" == caught.value.code
    assert [] == list(tmp_path.iterdir())


def test_accents_and_capitals_do_not_matter_and_a_thing_comes_once(tmp_path):
    """Angstrom finds Ångström; a thing with two matching texts is one hit."""
    index = open_index(tmp_path, "v" * 64, entries)

    assert ["x:a"] == [hit.entry.iri for hit in search(index, "ANGSTROM")]
    assert ["x:b"] == [hit.entry.iri for hit in search(index, "wheels")]
    index.close()


def test_forms_of_what_was_found():
    """JSON has the score, CSV a row for each thing, the table the text that was met."""
    hits = find(packaged(), "Frimley", limit=2)

    assert "https://w3id.org/icsgraph/id/icb/QNQ" == json.loads(rendered(hits, "json"))[0]["iri"]
    assert 3 == len(rendered(hits, "csv").splitlines())
    assert "    alternative name: Frimley" in rendered(hits, "table").splitlines()
    assert max(map(len, rendered(find(packaged(), "copy strategy", limit=20), "table").splitlines())) < 160


@cache
def frimley() -> Description:
    """Describe Frimley's board in June 2024."""
    return describe(packaged(), "QNQ", 10)


def test_a_board_that_ended_is_followed_by_three():
    """Its description says when it held, whether on the day, and what came after."""
    ended = describe(packaged("2026-06-01"), "QNQ", 10)

    assert "from 2022-07-01 to 2026-03-31 (holds on 2024-06-01)" == frimley().valid
    assert ended.valid.endswith("(ended on 2026-06-01)")
    assert {"QRL", "S0E4D", "S9B9J"} == {link.other.rpartition("/")[2] for link in ended.after}
    assert () == ended.before


def test_a_new_board_came_from_others():
    """The same events, read from the other end."""
    came = describe(packaged("2026-06-01"), "S9B9J", 10)

    assert "QNQ" in {link.other.rpartition("/")[2] for link in came.before}
    assert all("2026-04-01" in link.property_label for link in came.before)


def test_a_description_says_which_files_hold_it():
    """Statements are counted by file, and those that were derived apart."""
    assert [("data/england/boards.ttl", 10)] == list(frimley().sources)
    assert frimley().derived > 0
    assert "data/england/boards.ttl (10 statements)" in forms.as_text(frimley())


def test_incoming_links_are_cut_and_counted():
    """The text says how many there are in all."""
    assert 10 == len(frimley().incoming) < frimley().incoming_total
    assert f"(the first 10 of {frimley().incoming_total})" in forms.as_text(frimley())


@pytest.mark.parametrize(("write", "form"), [(forms.as_turtle, "TURTLE"), (forms.as_jsonld, "JSON_LD")])
def test_rdf_forms_hold_the_statements_with_names(write, form):
    """What is read back are the statements of the thing, those that point to it, and the labels."""
    read = {q.triple for q in ox.parse(write(frimley()).encode(), format=getattr(ox.RdfFormat, form))}
    board, label = ox.NamedNode(frimley().iri), ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")

    assert read == set(frimley().triples)
    assert 17 == sum(triple.subject == board for triple in read)
    assert 10 == sum(triple.object == board for triple in read)
    assert all(
        any(t.subject == p and t.predicate == label for t in read)
        for p in {t.predicate for t in read if "icsgraph" in t.predicate.value}
    )


def test_drawings_show_links_both_ways_and_are_well_formed():
    """The SVG is XML with a title and links; Mermaid has the same boxes; nothing of the data is markup."""
    tricky = describe(packaged(), "ICS-20", 40)
    svg, mermaid = neighbourhood.as_svg(tricky), neighbourhood.as_mermaid(tricky)
    root = ET.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"

    assert tricky.label == root.findtext(f"{space}title")
    assert len(root.findall(f"{space}line")) == mermaid.count(" --> ")
    assert tricky.iri in {link.get("href") for link in root.findall(f"{space}a")}
    assert mermaid.startswith("flowchart LR\n")


def test_markdown_escapes_what_labels_hold():
    """A bar or bracket in a label ends no cell and no link."""
    import dataclasses

    odd = dataclasses.replace(frimley(), label="a | b [c](d) <e>")

    assert "# a \\| b \\[c\\](d) \\<e\\>" in forms.as_markdown(odd)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run icsgraph in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from icsgraph.cli import main; main()", "--as-at", "2024-06-01", *arguments],
        capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False, timeout=120,
    )  # fmt: skip


def test_the_commands_print_and_write(tmp_path):
    """find says how many; describe writes a drawing whole to a file."""
    found, drawn = (
        run("find", "frimly", "--limit", "2"),
        run("describe", "QNQ", "-f", "svg", "-o", str(tmp_path / "q.svg")),
    )

    assert (0, 0, "") == (found.returncode, drawn.returncode, drawn.stdout)
    assert "2 things, cut at --limit 2" in found.stderr
    assert (tmp_path / "q.svg").read_text(encoding="utf-8").startswith("<svg")
