# SPDX-License-Identifier: Apache-2.0
"""Look-ups of the ONS: next year's boundaries without a line of code changed."""

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
from icsgraph.tables.registers import read_lookup
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
    assert [r for r in made.remarks if r.startswith("council of Newtown (E06000999) is new: a look-up does not say")]
    assert 33755 == made.rows


def facts(triples, iri):
    about = [t for t in triples if t.subject == ox.NamedNode(iri)]
    return {tuple(re.split("[/#]", term.value)[-1] for term in (t.predicate, t.object)) for t in about}


def test_what_passed_in_2026_is_what_the_service_says_passed(store, lookup_of_2026):
    """Replayed over the boundaries before: pairs, small areas and shares are those of the service's own successions."""
    earlier = ox.Store()
    earlier.bulk_extend(q for q in store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    for event in list(earlier.quads_for_pattern(None, ox.NamedNode(ICS + "firstDay"), None, None)):
        if event.object.value == "2026-04-01" and event.subject.value.startswith(f"{ID}overlap/"):
            for quad in list(earlier.quads_for_pattern(event.subject, None, None, None)):
                earlier.remove(quad)
    found = read_lookup(lookup_of_2026, date(2026, 4, 1), earlier)
    wanted = {
        f"{r['predecessor_ods_code']}-{r['successor_ods_code']}": (
            int(r["lsoa21_count"]),
            round(float(r["share_of_predecessor_population"]), 4),
            int(r["census_2021_population"]),
        )
        for r in table("icb_succession.csv")
    }  # fmt: skip

    assert wanted == passed(found)
    assert [
        r for r in found.remarks if r.startswith("NHS Frimley Integrated Care Board (QNQ) is not in the look-up, and")
    ]


def passed(found):
    """Give small areas, share and residents of each pair of boards."""
    values = {}
    for t in found.triples:
        if t.subject.value.startswith(f"{ID}succession/"):
            pair = values.setdefault(t.subject.value.rpartition("/")[2], {})
            pair[t.predicate.value.removeprefix(ICS)] = t.object.value
    return {
        pair: (int(v["movedLSOAs"]), round(float(v["shareOfPredecessor"]), 4), int(v["movedResidents"]))
        for pair, v in values.items()
    }


@pytest.fixture(scope="module")
def lookup_of_2026(tmp_path_factory):
    """Write the look-up of April 2026 in the form of the ONS, with its thirteen columns."""
    columns = (
        "LSOA21CD,LSOA21NM,SICBL26CD,SICBL26CDH,SICBL26NM,ICB26CD,ICB26CDH,ICB26NM,NHSER26CD,NHSER26CDH,NHSER26NM,"
        "LAD26CD,LAD26NM"
    )
    return written(tmp_path_factory.mktemp("2026") / "lookup.csv", columns)


def written(path, columns, change=lambda row: row):
    """Write a look-up with these columns: the boundaries of April 2026, changed row by row."""
    boards = {row["icb_code"]: (row["ods_code"], row["icb_name"]) for row in table("icb_2026-04-01.csv")}
    names = columns.split(",")
    with gzip.open(REFERENCE / "lsoa_icb_lad.csv.gz", "rt") as lines, path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(names)
        for row in csv.DictReader(lines):
            lad, board = RECODED.get(row["lad_code"], row["lad_code"]), row["icb_2026"]
            cells = change({
                "LSOACD": row["lsoa21_code"], "SICBLCD": row["sub_icb_2026"], "SICBLNM": "x", "SICBLCDH": "x",
                "ICBCD": board, "ICBCDH": boards[board][0], "ICBNM": boards[board][1], "LADCD": lad, "LADNM": lad,
            })  # fmt: skip
            writer.writerow([cells.get(re.sub(r"\d\d", "", name).upper(), "") for name in names])
    return path


@pytest.mark.parametrize(
    "columns",
    [
        "LSOA11CD,LSOA11NM,SICBL22CD,SICBL22CDH,SICBL22NM,ICB22CD,ICB22CDH,ICB22NM,LAD22CD,LAD22NM",
        "LSOA21CD,LSOA21NM,SICBL23CD,SICBL23CDH,SICBL23NM,ICB23CD,ICB23CDH,ICB23NM,LAD23CD,LAD23NM,ObjectId",
        "LSOA21CD,LSOA21NM,SICBL24CD,SICBL24CDH,SICBL24NM,ICB24CD,ICB24CDH,ICB24NM,CAL24CD,CAL24NM,LAD24CD,LAD24NM",
        "\ufeffFID,lsoa21cd,sicbl27cd,sicbl27cdh,sicbl27nm,icb27cd,icb27cdh,icb27nm,lad27cd,lad27nm",
    ],
)
def test_columns_of_every_year_are_known(tmp_path, columns):
    """The columns of the look-ups of 2022, 2023 and 2024, and of one to come in small letters after a mark."""
    path = tmp_path / "lookup.csv"
    values = {"LSOACD": "E01000001", "ICBCD": "E54000067", "ICBCDH": "QRL", "ICBNM": "a board", "LADCD": "E06000045"}
    names = columns.split(",")
    row = [values.get(re.sub(r"\d\d", "", name).upper().lstrip("\ufeff"), "x") for name in names]
    path.write_text(f"{columns}\n{','.join(row)}\n", encoding="utf-8")
    found = read_lookup(path, date(2027, 4, 1), ox.Store())
    year = "2011" if "LSOA11" in columns else "2021"

    assert {("lsoaCount", "1"), ("lsoaVintage", year), ("overlapsBoardArea", "E54000067")} <= facts(
        found.triples, f"{ID}overlap/2027-04-01/E06000045-E54000067"
    )


def test_a_board_that_is_no_more_passes_to_whom_its_small_areas_go(tmp_path, store):
    """Two boards become one that is new, one splits: stated with counts, and told; of what kind, where it is plain."""

    def change(row):
        if row["ICBCDH"] in ("QJK", "QVV"):
            return row | {"ICBCDH": "Z1A2B", "ICBCD": "E54000099", "ICBNM": "NHS Far Shore Integrated Care Board"}
        if row["ICBCDH"] == "QOC":
            return row | ({"ICBCDH": "QGH", "ICBCD": "E54000019", "ICBNM": "NHS Herefordshire"} if row["LADCD"] ==
                          "E06000020" else {"ICBCDH": "Z9Y8X", "ICBCD": "E54000098", "ICBNM": "NHS Hills"})  # fmt: skip
        return row

    columns = "LSOA21CD,SICBL27CD,SICBL27CDH,SICBL27NM,ICB27CD,ICB27CDH,ICB27NM,LAD27CD,LAD27NM"
    found = read_lookup(written(tmp_path / "lookup.csv", columns, change), date(2027, 4, 1), store)
    kinds = {
        t.subject.value.rpartition("/")[2]: t.object.value.rpartition("/")[2]
        for t in found.triples if t.predicate.value == ICS + "changeKind"
    }  # fmt: skip

    assert {"QJK-Z1A2B": "merger", "QVV-Z1A2B": "merger", "QOC-QGH": "split", "QOC-Z9Y8X": "split"} == kinds
    assert {1.0} == {passed(found)[pair][1] for pair in ("QJK-Z1A2B", "QVV-Z1A2B")}
    assert 1.0 == round(sum(passed(found)[pair][1] for pair in ("QOC-QGH", "QOC-Z9Y8X")), 3)
    remark = next(r for r in found.remarks if "(QOC)" in r)
    assert "ends; by its small areas it passes to" in remark and remark.endswith("check the order")
    assert {("lastDay", "2027-03-31")} == facts(found.triples, f"{ID}icb/QOC")
    assert "NHS Far Shore Integrated Care Board (Z1A2B) is new" in found.remarks


def test_a_small_area_in_two_boards_is_refused(tmp_path, store):
    """Each lies in one: the rows are named, and nothing is made."""
    path = tmp_path / "lookup.csv"
    path.write_text(
        "LSOA21CD,ICB27CD,ICB27CDH,ICB27NM,LAD27CD,LAD27NM\n"
        "E01000001,E54000067,QRL,a,E06000045,x\nE01000001,E54000066,QNX,b,E06000045,x\n"
    )
    with pytest.raises(TableError, match=r"E908.*E01000001 stands in rows 2 and 3"):
        read_lookup(path, date(2027, 4, 1), store)


def test_a_look_up_that_is_not_later_is_refused(lookup, store):
    """Boundaries from before those that the graph has would not fit in."""
    with pytest.raises(TableError, match=r"E908.*2026-04-01"):
        read_lookup(lookup, date(2026, 4, 1), store)


def test_a_table_of_something_else_is_refused(tmp_path, store):
    """Columns that are missing are named."""
    (tmp_path / "other.csv").write_text("LSOA21CD,LAD27CD\nE01,E06\n")
    with pytest.raises(TableError, match="ICB24CD"):
        read_lookup(tmp_path / "other.csv", date(2027, 4, 1), store)
