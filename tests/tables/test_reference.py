# SPDX-License-Identifier: Apache-2.0
"""The shipped reference data: made from its tables, whole, and right where it was checked by hand."""

import csv
import gzip
import hashlib
import re
import shutil

import pytest
from pyoxigraph import Store

from icsgraph.model.errors import LoadError
from icsgraph.tables import reference
from icsgraph.tables.reference import differing, main, make, read_manifest, same

from .conftest import DATA

COUNCILS = (
    "VALUES ?class { ics:CountyCouncil ics:UnitaryAuthority ics:MetropolitanDistrictCouncil ics:LondonBoroughCouncil"
    " ics:CommonCouncilOfTheCityOfLondon ics:CouncilOfTheIslesOfScilly }"
)


THINGS = "https://w3id.org/icsgraph/id/"
LAW = "http://www.legislation.gov.uk/id/ukpga/"


def on(day):
    """A graph pattern: ?x is valid on the day."""
    return (
        " OPTIONAL { ?x ics:firstDay ?f } OPTIONAL { ?x ics:lastDay ?l }"
        f' FILTER(COALESCE(?f <= "{day}"^^xsd:date, true) && COALESCE(?l >= "{day}"^^xsd:date, true))'
    )


def test_every_file_is_what_its_tables_and_mappings_give(capsys):
    """The command with --check names no file and exits 0."""
    assert (0, "") == (main(["--check"]), capsys.readouterr().out)


def test_a_file_that_differs_is_named_and_written(tmp_path, capsys):
    """--check exits 1 and leaves the file; the plain command writes it, and then nothing differs."""
    for folder in ("sources", "mappings"):
        shutil.copytree(DATA / folder, tmp_path / folder)
    wanted = ["--data", str(tmp_path), "law/parameters.ttl"]

    assert 1 == main(["--check", *wanted])
    assert "law/parameters.ttl: differs" in capsys.readouterr().out
    assert not (tmp_path / "law").exists()
    assert (0, 0) == (main(wanted), main(["--check", *wanted]))


def test_no_file_of_the_folders_is_without_an_entry(manifest):
    """Whatever lies in england and law is made by the manifest."""
    kept = {
        p.relative_to(DATA).as_posix()
        for d in ("england", "law", "guidance")
        for p in (DATA / d).rglob("*")
        if p.is_file()
    }

    assert kept == {output.file for output in manifest.outputs}


def test_every_mapping_and_table_is_used(manifest):
    """A mapping or table that nothing names would be data left out unseen."""
    mappings = {name for output in manifest.outputs for name in output.mappings}
    tables = {name for output in manifest.outputs for name in output.sources}
    kept = {
        p.relative_to(DATA / "sources").as_posix()
        for d in ("reference", "law", "curated", "guidance")
        for p in (DATA / "sources" / d).iterdir()
    }

    assert mappings == {p.name for p in (DATA / "mappings").glob("*.rq")}
    assert kept == tables


def test_digests_of_tables_are_those_of_the_files():
    """A table taken from elsewhere that was edited here is not what its source says."""
    with (DATA / "sources/curated/table.csv").open(newline="") as lines:
        rows = {r["table_file"]: r["sha256"] for r in csv.DictReader(lines) if r["sha256"]}
    readme = (DATA / "sources/README.md").read_text()

    assert rows == {name: hashlib.sha256((DATA / "sources" / name).read_bytes()).hexdigest() for name in rows}
    assert [] == [name for name, digest in rows.items() if f"`{name}`" not in readme or digest not in readme]


def test_bytes_do_not_depend_on_the_run(manifest):
    """Two runs give equal bytes, for Turtle and for gzip."""
    chosen = [o for o in manifest.outputs if o.file in ("england/boards.ttl", "england/on-demand/boundaries.nt.gz")]

    assert [make(o, manifest, DATA) for o in chosen] == [make(o, manifest, DATA) for o in chosen]
    assert 2 == len(chosen)


def test_compressed_files_are_compared_by_what_they_hold(tmp_path):
    """Another zlib may compress otherwise."""
    (tmp_path / "a.nt.gz").write_bytes(gzip.compress(b"x" * 999, compresslevel=1, mtime=5))

    assert same(tmp_path / "a.nt.gz", gzip.compress(b"x" * 999, mtime=0))
    assert not same(tmp_path / "a.nt.gz", gzip.compress(b"y", mtime=0))


def test_next_years_boards_need_new_files_only(tmp_path, ask):
    """A new table, a row for its geography and its name in the manifest: areas in turn, no Python changed."""
    for folder in ("sources", "mappings"):
        shutil.copytree(DATA / folder, tmp_path / folder)
    table = (tmp_path / "sources/reference/icb_2026-04-01.csv").read_text()
    (tmp_path / "sources/reference/icb_2027-04-01.csv").write_text(table.replace("E54000065", "E54000999"))
    vintages = tmp_path / "sources/curated/vintage.csv"
    new = "reference/icb_2027-04-01.csv,boards,icb_code,2027-04-01,,2021\n"
    vintages.write_text(vintages.read_text().replace("icb_code,2026-04-01,,", "icb_code,2026-04-01,2027-03-31,") + new)
    path = tmp_path / "sources/manifest.toml"
    old, both = '"reference/icb_2026-04-01.csv", ', '"reference/icb_2026-04-01.csv", "reference/icb_2027-04-01.csv", '
    path.write_text(path.read_text().replace(old, both))
    assert ["england/boards.ttl"] == differing(tmp_path, ["england/boards.ttl"], write=True)
    store = Store()
    store.load(path=str(tmp_path / "england/boards.ttl"))
    query = (
        "SELECT ?code ?f ?l WHERE { <https://w3id.org/icsgraph/id/icb/S1Y5D> ics:hasArea ?a . ?a ics:onsCode ?code ;"
        " ics:firstDay ?f OPTIONAL { ?a ics:lastDay ?l } } ORDER BY ?f"
    )

    assert [("E54000065", "2026-04-01", "2027-03-31"), ("E54000999", "2027-04-01", None)] == ask(store, query)


@pytest.mark.parametrize(
    ("text", "said"),
    [("issued = ", "E163"), ('issued = "2026-11-21"\n', "E163"), (None, "E163")],
)
def test_a_malformed_manifest_is_refused(tmp_path, text, said):
    """Not TOML, without outputs, or missing."""
    if text is not None:
        (tmp_path / "sources").mkdir()
        (tmp_path / "sources/manifest.toml").write_text(text)

    with pytest.raises(LoadError, match=said):
        read_manifest(tmp_path)


def test_a_malformed_mapping_exits_2_and_is_named(tmp_path, capsys):
    """Two lines on stderr, nothing on stdout."""
    for folder in ("sources", "mappings"):
        shutil.copytree(DATA / folder, tmp_path / folder)
    (tmp_path / "mappings/parameters.rq").write_text("CONSTRUCT {")

    assert 2 == main(["--data", str(tmp_path), "law/parameters.ttl"])
    written = capsys.readouterr()
    assert ("", True) == (written.out, written.err.startswith("E162: mappings/parameters.rq: "))


SCHEME_OF_CONCEPTS = "<http://www.w3.org/2004/02/skos/core#ConceptScheme>"  # its concepts carry the sources


def test_everything_has_a_type_a_label_and_a_source(everything, ask):
    """In the whole of the reference data, on demand too."""
    for part in ("a ?y", "rdfs:label ?y", "dcterms:source ?y"):
        lacks = f"FILTER NOT EXISTS {{ ?x {part} }} FILTER NOT EXISTS {{ ?x a {SCHEME_OF_CONCEPTS} }}"
        assert [] == ask(everything, f"SELECT ?x WHERE {{ ?x ?p ?o {lacks} }} LIMIT 5"), part


@pytest.mark.parametrize(
    "term", ["rdfs:label", "ics:firstDay", "ics:lastDay", "ics:lsoaCount", "ics:residentsCensus2021"]
)
def test_what_can_be_said_once_is_said_once(everything, ask, term):
    """Tables that overlap agree."""
    query = f"SELECT ?x WHERE {{ ?x {term} ?y }} GROUP BY ?x HAVING(COUNT(?y) > 1) LIMIT 5"

    assert [] == ask(everything, query)


def test_every_provision_has_one_place_to_cite(always, ask):
    """The first of the places that it covers; a whole section is a place."""
    query = (
        "SELECT ?x (COUNT(?at) AS ?n) WHERE { ?x a ics:Provision"
        " OPTIONAL { ?x ics:atPinpoint ?at ; ics:coversPinpoint ?at } } GROUP BY ?x"
    )
    found = [n for _, n in ask(always, query)]

    assert ["1"] * 127 == found


def test_nothing_points_to_a_thing_that_is_not_there(everything, ask):
    """Every id of ours and every area that is an object is described."""
    query = (
        "SELECT DISTINCT ?o WHERE { ?s ?p ?o "
        "FILTER(isIRI(?o) && (STRSTARTS(STR(?o), STR(id:)) || STRSTARTS(STR(?o), STR(area:))))"
        " FILTER NOT EXISTS { ?o a ?t } } LIMIT 5"
    )

    assert [] == ask(everything, query)


@pytest.mark.parametrize(
    ("day", "boards", "authorities", "districts", "overlaps"),
    [
        ("2022-12-15", 42, 152, 181, 164),
        ("2023-03-31", 42, 152, 181, 164),
        ("2023-04-01", 42, 153, 164, 165),
        ("2024-06-01", 42, 153, 164, 165),
        ("2025-06-01", 42, 153, 164, 165),
        ("2026-03-31", 42, 153, 164, 165),
        ("2026-04-01", 36, 153, 164, 159),
    ],
)
def test_counts_on_a_day(always, ask, day, boards, authorities, districts, overlaps):
    """Boards, areas, partnerships; authorities, areas, requirements; districts; overlaps of upper-tier areas."""

    def count(pattern):
        return int(ask(always, f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {pattern} {on(day)} }}")[0][0])

    assert (boards, boards, boards) == tuple(
        count(f"?x a ics:{c}") for c in ("IntegratedCareBoard", "BoardArea", "IntegratedCarePartnership")
    )
    assert (authorities, authorities, authorities, authorities) == (
        count(f"{COUNCILS} ?x a ?class"),
        count("?x a ics:UpperTierArea"),
        count("?x a ics:HealthAndWellbeingBoardRequirement"),
        count("?x a ics:LocalHealthwatchRequirement"),
    )
    assert districts == count("?x a ics:LowerTierDistrictCouncil")
    assert overlaps == count("?x a ics:AreaOverlap ; ics:overlapsAuthorityArea/a ics:UpperTierArea")


def test_no_overlap_outlives_its_areas(always, ask):
    """An overlap's days lie within those of both its areas."""
    query = (
        "SELECT ?o WHERE { ?o a ics:AreaOverlap ; ics:firstDay ?f ."
        " ?o ics:overlapsAuthorityArea|ics:overlapsBoardArea ?a ."
        " OPTIONAL { ?o ics:lastDay ?l } OPTIONAL { ?a ics:firstDay ?af } OPTIONAL { ?a ics:lastDay ?al }"
        ' FILTER(?af > ?f || ?al < COALESCE(?l, "9999-12-31"^^xsd:date)) }'
    )

    assert [] == ask(always, query)


@pytest.mark.parametrize("day", ["2023-06-01", "2026-06-01"])
def test_shares_of_every_authority_and_board_add_up(always, ask, day):
    """All residents of an authority live in some board's area, and all small areas are counted once."""
    members = (
        "?x a ics:AreaOverlap ; ics:overlapsAuthorityArea ?a ; ics:shareOfAuthority ?s ; ics:lsoaCount ?n ."
        f" ?a a ics:UpperTierArea {on(day)}"
    )
    off = ask(always, f"SELECT ?a WHERE {{ {members} }} GROUP BY ?a HAVING(ABS(SUM(?s) - 1) > 0.0005)")
    total = ask(always, f"SELECT (SUM(?n) AS ?all) WHERE {{ {members} }}")

    assert ([], [("33755",)]) == (off, total)


@pytest.mark.parametrize(
    "fact",
    [
        # Frimley: 455 small areas and 764,343 residents, split in three on 1 April 2026
        'area:E54000034 ics:lsoaCount 455 ; ics:residentsCensus2021 764343 ; ics:lastDay "2026-03-31"^^xsd:date',
        "<succession/2026-04-01/QNQ-S0E4D> ics:movedResidents 436606 ; ics:shareOfPredecessor 0.5712",
        # Hampshire and Isle of Wight: one body, two areas in turn
        "<icb/QRL> ics:hasArea area:E54000042 , area:E54000067",
        'area:E54000042 ics:firstDay "2022-07-01"^^xsd:date ; ics:lastDay "2026-03-31"^^xsd:date',
        # Surrey Heartlands and Sussex: recoded on 1 April 2023
        'area:E54000052 ics:lastDay "2023-03-31"^^xsd:date . area:E54000063 ics:firstDay "2023-04-01"^^xsd:date',
        "<overlap/2022-07-01/E10000032-E54000052> ics:lsoaCount 4",
        "<overlap/2022-07-01/E07000225-E54000052> ics:lsoaCount 4",
        # the counties that ended, and their successors
        '<authority/E10000006> a ics:CountyCouncil ; ics:lastDay "2023-03-31"^^xsd:date',
        '<authority/E06000063> rdfs:label "Cumberland Council"@en ; ics:firstDay "2023-04-01"^^xsd:date',
        "<authority/E07000026> ics:hasCountyAbove <authority/E10000006>",
        # Barnsley: its area recoded on 1 April 2025
        "<authority/E08000016> ics:hasArea area:E08000016 , area:E08000038",
        "<overlap/2026-04-01/E08000038-E54000061> ics:lsoaCount 148",
        "<authority/E07000008> ics:hasCountyAbove <authority/E10000003>",
        # the law
        "<provision/ICS-COPY-ICB> ics:atPinpoint <law/2007/28/section/116ZB/7/b/ii>",
        "<provision/MANDATE-REV> ics:coversPinpoint <law/2006/41/section/13A/6A> , <law/2006/41/section/13A/6B>",
        '<guidance/2022> a ics:GuidanceEdition ; ics:lastDay "2024-01-31"^^xsd:date',
        "icsc:ICS-20 ics:mainBasis <provision/ICS-COPY-ICB> ; ics:needsTopic"
        " <https://w3id.org/icsgraph/scheme/completeness/copies> ; ics:hasParameter <parameter/grace_copy>",
        'icsc:ICS-20 ics:hasSeverityRow ?row . ?row ics:order 1 ; ics:conditionSlug "pending" ; sh:severity sh:Info',
        "<parameter/grace_copy> ics:parameterValue 3 ; ics:cutOffProperty ics:copiesDueIfPublishedBy",
    ],
)
def test_facts_checked_by_hand(always, ask, fact):
    """One fact each, as the source has it."""
    written = re.sub("<(law|[a-z-]+)/", lambda m: f"<{LAW if m[1] == 'law' else THINGS + m[1] + '/'}", fact)

    assert ask(always, f"ASK {{ {written} }}")


def test_authorities_divided_between_boards(always, ask):
    """Of 153 authorities in 2024, 165 overlaps: twelve more than one each."""
    query = (
        "SELECT ?label (COUNT(?b) AS ?n) WHERE { ?x a ics:AreaOverlap ; ics:overlapsAuthorityArea ?a ; "
        f" ics:overlapsBoardArea ?b . ?a a ics:UpperTierArea ; rdfs:label ?label {on('2024-06-01')} }}"
        " GROUP BY ?label HAVING(COUNT(?b) > 1)"
    )
    divided = dict(ask(always, query))

    assert {"Essex", "Surrey", "Hampshire", "North Yorkshire"} <= set(divided)
    assert 12 == sum(int(n) - 1 for n in divided.values())


def test_severity_rows_are_those_of_the_table_in_its_order(always, ask):
    """Every row has a slug and its place among the rows of its constraint."""
    with (DATA / "sources/law/constraint_severity.csv").open(newline="") as lines:
        rows, seen = [], {}
        for row in csv.DictReader(lines):
            seen[row["id"]] = seen.get(row["id"], 0) + 1
            rows.append((row["id"], str(seen[row["id"]]), row["severity"], row["why"]))
    query = (
        "SELECT ?id ?order ?level ?why WHERE { ?c dcterms:identifier ?id ; ics:hasSeverityRow ?r . ?r ics:order ?order "
        " ; ics:conditionSlug ?slug ; sh:severity ?s ; ics:reason ?why BIND(STRAFTER(STR(?s), '#') AS ?level) }"
    )

    assert sorted(rows) == sorted(ask(always, query))


def test_no_adoption_or_finding_about_a_real_body_is_stated(everything, ask):
    """A strategy seen on a page is what a page says; acts and versions are for users' records."""
    query = (
        "ASK { VALUES ?class { ics:Adoption ics:Publication ics:GivingACopy ics:IntegratedCareStrategyVersion"
        " ics:JointLocalHealthAndWellbeingStrategyVersion sh:ValidationResult } ?x a ?class }"
    )

    assert not ask(everything, query)


def test_each_file_says_licence_attribution_and_issue(everything, manifest, ask):
    """The header node and the first line of every file."""
    query = (
        "SELECT ?g WHERE { ?g a dcat:Dataset ; dcterms:license ?l ; dcterms:rights ?r ; dcterms:source ?s ;"
        " dcterms:issued '2026-11-21'^^xsd:date }"
    )
    graphs = {row[0].removeprefix("https://w3id.org/icsgraph/graph/data/") for row in ask(everything, query)}

    assert {output.file for output in manifest.outputs} == graphs & {output.file for output in manifest.outputs}
    for output in manifest.outputs:
        raw = (DATA / output.file).read_bytes()
        first = (gzip.decompress(raw) if output.file.endswith(".gz") else raw).decode().splitlines()[0]
        assert f"# SPDX-License-Identifier: {' AND '.join(output.licences)}" == first
        assert [] == [k for k in output.licences if not (DATA.parent / "LICENSES" / f"{k}.txt").is_file()]


def test_the_data_folder_is_that_of_the_checkout():
    """The command needs no option in a checkout."""
    assert reference._DATA.resolve() == DATA.resolve()
