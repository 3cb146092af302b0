# SPDX-License-Identifier: Apache-2.0
"""Look-ups of the ONS and lists of the NHS: next year's boundaries without a line of code changed."""

from __future__ import annotations

import csv
import gzip
import re
from datetime import date

import pyoxigraph as ox
import pytest

from icsgraph.model.errors import TableError
from icsgraph.model.namespaces import ICS, ID, PREFIXES
from icsgraph.opening import open_graph
from icsgraph.store.shipped import root
from icsgraph.tables.registers import read_lookup, read_ods
from icsgraph.tables.writing import writer_to

REFERENCE = root() / "data" / "sources" / "reference"
HEADINGS = ["LSOA21CD", "LSOA21NM", "SICBL27CD", "SICBL27NM", "ICB27CD", "ICB27CDH", "ICB27NM", "LAD27CD", "LAD27NM"]
MOVED, TO = "E06000009", "E54000050"  # Blackpool, to the board of the North East, which it is far from
RECODED = {"E08000016": "E08000038", "E08000019": "E08000039"}  # Barnsley and Sheffield, since April 2025


def table(name):
    with (REFERENCE / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def store():
    return open_graph(as_at=date(2026, 6, 30)).store


@pytest.fixture(scope="module")
def lookup(tmp_path_factory):
    """Write a look-up of 2027 in the form of the ONS: that of 2026, with one council moved and one council new."""
    boards = {row["icb_code"]: (row["ods_code"], row["icb_name"]) for row in table("icb_2026-04-01.csv")}
    path = tmp_path_factory.mktemp("lookup") / "LSOA_to_ICB_2027.csv"
    with gzip.open(REFERENCE / "lsoa_icb_lad.csv.gz", "rt") as lines, path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADINGS)
        for row in csv.DictReader(lines):
            lad = RECODED.get(row["lad_code"], row["lad_code"])
            board = TO if lad == MOVED else row["icb_2026"]
            lad, name = ("E06000999", "Newtown") if lad == "E07000223" else (lad, f"district {lad}")
            sub = row["sub_icb_2026"]
            writer.writerow([row["lsoa21_code"], "", sub, f"sub {sub}", board, *boards[board], lad, name])
    return path


@pytest.fixture(scope="module")
def made(lookup, store):
    return read_lookup(lookup, date(2027, 4, 1), store)


@pytest.fixture(scope="module")
def opened(made, tmp_path_factory):
    """The graph with the new boundaries laid over it."""
    path = tmp_path_factory.mktemp("2027") / "2027.ttl"
    with writer_to(path) as writer:
        writer.put(made.triples)
    return open_graph(path, as_at=date(2027, 6, 1)).store


def overlaps(store, day):
    """Count small areas by council and board on a day, of councils above districts."""
    found = store.query(
        f"""SELECT ?la ?icb ?n WHERE {{ ?o a ics:AreaOverlap ; ics:overlapsAuthorityArea/ics:onsCode ?la ;
        ics:lsoaCount ?n ;
        ics:overlapsBoardArea/ics:onsCode ?icb ; ics:latestFirstDay ?f ; ics:earliestLastDay ?l
        FILTER (?f <= "{day}"^^xsd:date && "{day}"^^xsd:date <= ?l && !STRSTARTS(?la, "E07")) }}""",
        prefixes=PREFIXES,
    )
    return {(row["la"].value, row["icb"].value): int(row["n"].value) for row in found}


def parties(store, day):
    found = store.query(
        f"""SELECT ?a ?icb WHERE {{ ?f a ics:AuthorityInArea ; ics:ofAuthority ?a ; ics:inBoardArea ?icb ;
        ics:latestFirstDay ?first ; ics:earliestLastDay ?last
        FILTER (?first <= "{day}"^^xsd:date && "{day}"^^xsd:date <= ?last) }}""",
        prefixes=PREFIXES,
    )
    return {tuple(term.value.rpartition("/")[2] for term in row) for row in found}


def test_overlaps_of_a_new_year_are_counted_from_the_look_up(opened):
    """Pairs and counts are those of 2026, but for the council that moved and the one that left a county."""
    wanted = {(r["la_code"], r["icb_code"]): int(r["lsoa_count"]) for r in table("utla_icb_2026-04-01.csv")}
    wanted = {(RECODED.get(la, la), icb): n for (la, icb), n in wanted.items()}
    moved = {(la, icb): n for (la, icb), n in wanted.items() if la == MOVED}
    for la, _ in moved:
        wanted = {pair: n for pair, n in wanted.items() if pair[0] != la} | {(la, TO): sum(moved.values())}
    got = overlaps(opened, date(2027, 4, 1))
    new = {pair: n for pair, n in got.items() if pair[0] == "E06000999"}
    county = {
        pair for pair in got if pair[1] in {icb for _, icb in new} and pair in wanted and got[pair] != wanted[pair]
    }

    assert 1 == len(new)
    assert 1 == len(county)
    assert wanted == {
        pair: n + (sum(new.values()) if pair in county else 0) for pair, n in got.items() if pair not in new
    }


def test_the_year_before_stays_as_it_was(opened, store):
    """The day before the new boundaries, parties are those of the graph without them; the day after, they are not."""
    before, after = parties(opened, date(2027, 3, 31)), parties(opened, date(2027, 4, 1))

    assert before == parties(store, date(2027, 3, 31))
    assert {(MOVED, "QHM"), ("E06000999", "S9B9J")} == after - before
    assert {(MOVED, "QE1")} == before - after


def test_the_new_council_is_told(made):
    """A look-up does not say in whose place a council came, and the remark says so."""
    assert [r for r in made.remarks if r.startswith("E06000999 is new")]
    assert 33755 == made.rows


def test_a_look_up_that_is_not_later_is_refused(lookup, store):
    """Boundaries from before those that the graph has would not fit in."""
    with pytest.raises(TableError, match=r"E908.*2026-04-01"):
        read_lookup(lookup, date(2026, 4, 1), store)


def test_a_table_of_something_else_is_refused(tmp_path, store):
    """Columns that are missing are named."""
    (tmp_path / "other.csv").write_text("LSOA21CD,LAD27CD\nE01,E06\n")
    with pytest.raises(TableError, match="ICB24CD"):
        read_lookup(tmp_path / "other.csv", date(2027, 4, 1), store)
    (tmp_path / "etr.csv").write_text("one,two\n1,2\n")
    with pytest.raises(TableError, match="no list of organisations"):
        read_ods(tmp_path / "etr.csv", "trust", store)


def row_27(code, name, opened="", closed="", parent=""):
    cells = [""] * 27
    cells[0], cells[1], cells[9], cells[10], cells[11], cells[14] = code, name, "PO1 1AA", opened, closed, parent
    return ",".join(cells)


def facts(triples, iri):
    about = [t for t in triples if t.subject == ox.NamedNode(iri)]
    return {tuple(re.split("[/#]", term.value)[-1] for term in (t.predicate, t.object)) for t in about}


def test_a_list_without_headings_is_read_by_its_27_columns(tmp_path, store):
    """A new trust is described; one that is known gets what is new of it, and no second label or code."""
    path = tmp_path / "etr.csv"
    rows = [
        row_27("XX1", "NOWHERE NHS FOUNDATION TRUST", "20270401", "", "QRL"),
        row_27("R0A", "MANCHESTER UNI NHS FT", "20171001", "20270331"),
    ]
    path.write_text("\r\n".join(rows))
    found = read_ods(path, "trust", store)

    assert 2 == found.rows
    assert {
        ("type", "NHSFoundationTrust"), ("label", "NOWHERE NHS FOUNDATION TRUST"), ("odsCode", "XX1"),
        ("postcode", "PO1 1AA"), ("parentBoard", "QRL"), ("firstDay", "2027-04-01"), ("source", "etr.csv"),
    } == facts(found.triples, f"{ID}trust/XX1")  # fmt: skip
    assert {("hiddenLabel", "MANCHESTER UNI NHS FT"), ("lastDay", "2027-03-31"), ("source", "etr.csv")} == facts(
        found.triples, f"{ID}trust/R0A"
    )


def test_a_list_with_headings_is_read_by_them(tmp_path, store):
    """The order of columns does not matter where they have headings."""
    path = tmp_path / "practices.csv"
    path.write_text("Name,Organisation Code,Open Date\nTHE SURGERY,J99999,1 April 2020\n")
    found = read_ods(path, "practice", store)

    assert ("firstDay", "2020-04-01") in facts(found.triples, f"{ID}practice/J99999")
    assert ox.NamedNode(ICS + "GPPractice") in {t.object for t in found.triples}
