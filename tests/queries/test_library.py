# SPDX-License-Identifier: Apache-2.0
"""Each stored query against its case: its header, its columns, its rows, and how long it takes."""

from __future__ import annotations

import csv
import json
import re
import time
from datetime import date
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from icsgraph import rules
from icsgraph.law.bodies import Resolver
from icsgraph.model.errors import QueryError
from icsgraph.queries import Answer, Library, StoredQuery, ask, bind, read_query
from icsgraph.store import shipped
from icsgraph.store.bounds import add_bounds
from icsgraph.store.context import set_context
from icsgraph.store.load import find_files, load_files
from icsgraph.store.opened import open_packaged

QUERIES = sorted((shipped.root() / "queries" / "competency").glob("*.rq"))
CASES = Path(__file__).resolve().parent.parent / "cases" / "queries"
REFERENCE = shipped.root() / "data" / "sources" / "reference"
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "researchers.md"
BY_SLUG = {path.stem.partition("-")[2]: path for path in QUERIES}
TERM = re.compile(r"\bics:(\w+)")
CONSTRAINT = "https://w3id.org/icsgraph/constraint/"
NOTHING = "https://example.org/none"  # for the things that only a case's own data hold
LONGEST = 0.3  # seconds of computing that a query may take on the packaged graph


def derive(store: ox.Store) -> object:
    """Run the shipped rules over a store."""
    return rules.derive(store, rules.read_rules(shipped.files("ontology/rules", "*.rq")))


@cache
def packaged(graphs: tuple[str, ...] = ()) -> ox.Store:
    """Open the packaged graph; the queries put the day in themselves.

    Large graphs that a query names are put over it in memory, which takes less time than a store of their own.
    """
    if not graphs:
        return open_packaged(date(2024, 6, 1), derive).store
    store = ox.Store()
    store.bulk_extend(packaged().quads_for_pattern(None, None, None, ox.DefaultGraph()))
    large = set(shipped.graph_files(frozenset(graphs))) - set(shipped.graph_files())
    load_files(store, find_files(sorted(large)))
    return store


@cache
def ontology() -> tuple[ox.Quad, ...]:
    """Read the ontology once: every case with data of its own needs its classes and labels."""
    store = ox.Store()
    load_files(store, find_files([p for p in shipped.files("ontology") if "alignments" not in p.parts]))
    return tuple(store)


def store_of(case: Path, as_at: date, graphs: tuple[str, ...]) -> ox.Store:
    """Give the store that a case is asked of: its own data with the ontology, or the packaged graph."""
    if not (case / "data.ttl").exists():
        return packaged(graphs)
    store = ox.Store()
    store.bulk_extend(ontology())
    add_bounds(store, load_files(store, find_files([case / "data.ttl"])))
    derive(store)
    set_context(store, as_at)
    return store


def answer(query: StoredQuery, given: dict[str, str], as_at: date, store: ox.Store) -> Answer:
    """Run a query as the command line does."""
    return ask(store, query.text, bind(query, given, as_at, Resolver(store, as_at).by_type()), where=query.slug)


def texts(found: Answer) -> list[tuple[str, ...]]:
    """Give rows as a CSV file holds them."""
    return [tuple("" if term is None else term.value for term in row) for row in found.rows]


def table(path: Path) -> list[tuple[str, ...]]:
    """Read a CSV file with its header."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [tuple(row) for row in csv.reader(lines)]


@pytest.mark.parametrize("slug", sorted(BY_SLUG))
def test_rows_and_columns_are_those_of_the_case(slug):
    """The declared columns come out in their order, with the rows of the case, within the time."""
    case = CASES / slug
    asked = json.loads((case / "params.json").read_text(encoding="utf-8"))
    as_at = date.fromisoformat(asked["as_at"])
    query = read_query(BY_SLUG[slug])

    found = answer(query, asked["params"], as_at, store_of(case, as_at, query.graphs))

    assert list(found.columns) == list(query.columns)
    assert table(case / "expected.csv") == [found.columns, *texts(found)]


@pytest.mark.parametrize("slug", sorted(BY_SLUG))
def test_a_query_is_quick_on_the_packaged_graph(slug):
    """The better of three runs stays under the limit, whatever a query is about."""
    asked = json.loads((CASES / slug / "params.json").read_text(encoding="utf-8"))
    given = {name: NOTHING if "example.org" in value else value for name, value in asked["params"].items()}
    query, times = read_query(BY_SLUG[slug]), []
    for _ in range(3):
        start = time.process_time()
        answer(query, given, date.fromisoformat(asked["as_at"]), packaged(query.graphs))
        times.append(time.process_time() - start)

    assert min(times) < LONGEST


def test_every_query_has_a_case_and_every_case_a_query():
    """Nothing in the library is untested, and no case is left over."""
    assert sorted(BY_SLUG) == sorted(case.name for case in CASES.iterdir())


def test_every_case_has_rows():
    """An empty answer would prove nothing."""
    empty = [slug for slug in BY_SLUG if len(table(CASES / slug / "expected.csv")) < 2]

    assert [] == empty


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_the_header_says_what_a_reader_needs(path):
    """The question is a question, every column has a meaning, every parameter of the text is declared."""
    query = read_query(path)
    body = "\n".join(line for line in query.text.splitlines() if not line.startswith("#"))

    assert query.question.endswith("?")
    assert all(meaning not in ("", "None") for meaning in query.columns.values())
    assert query.keywords
    assert query.family
    assert all(isinstance(word, str) for word in query.keywords)
    assert [] == [p.name for p in query.parameters if f"?{p.name}" not in body]
    assert set(query.graphs) <= set(shipped.on_demand_names())
    assert [] == [p.name for p in query.parameters if p.default is None and not p.description]


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_has_a_stable_order(path):
    """Rows come in the same order each time, unless there is only one."""
    query = read_query(path)

    assert "ORDER BY" in query.text or len(table(CASES / query.slug / "expected.csv")) == 2


def test_every_term_of_ours_is_declared():
    """A property that the ontology does not declare, a misspelt one say, would silently match nothing."""
    declared = {quad.subject.value for quad in ontology() if isinstance(quad.subject, ox.NamedNode)}
    unknown = {
        f"{path.stem}: {term}"
        for path in QUERIES
        for term in TERM.findall(path.read_text(encoding="utf-8"))
        if f"https://w3id.org/icsgraph/def/{term}" not in declared
    }

    assert set() == unknown


def test_every_constraint_named_is_in_the_catalogue():
    """A header names only constraints that the packaged graph holds."""
    named = {CONSTRAINT + name for path in QUERIES for name in read_query(path).constraints}
    known = {
        quad.subject.value
        for quad in packaged().quads_for_pattern(
            None, None, ox.NamedNode("https://w3id.org/icsgraph/def/Constraint"), ox.DefaultGraph()
        )
    }

    assert set() == named - known


def test_no_two_queries_differ_only_by_literals():
    """One query with a parameter is better than two with a date or a name put in."""
    shapes: dict[str, list[str]] = {}
    for path in QUERIES:
        body = "\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
        bare = re.sub(r"\"[^\"]*\"(?:\^\^\S+)?|<[^<>\s]*>|\b\d+\b", "_", body)
        shapes.setdefault(" ".join(bare.split()), []).append(path.stem)

    assert [] == [names for names in shapes.values() if len(names) > 1]


def test_ids_and_slugs_are_unique():
    """A slug or an id names one query."""
    queries = [read_query(path) for path in QUERIES]

    assert len(QUERIES) == len({query.id for query in queries}) == len({query.slug for query in queries})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("#+ id: cq001", "#+ id: cq002"),
        ("#+ question: ", "#+ query: "),
        ("{type: board,", "{type: bord,"),
        ("#+ columns: {", "#+ columns: "),
    ],
)
def test_a_bad_header_is_caught(tmp_path, old, new):
    """An id that is not the file's, an unknown key, an unknown type and broken YAML each give E210."""
    good = BY_SLUG["statutory-members"]
    bad = tmp_path / good.name
    bad.write_text(good.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")

    with pytest.raises(QueryError) as caught:
        read_query(bad)

    assert "E210" == caught.value.code
    assert bad.read_text(encoding="utf-8") != good.read_text(encoding="utf-8")


def test_the_library_finds_a_query_by_the_words_of_its_question():
    """Searching for what one wants to know gives the query that answers it."""
    found = Library(QUERIES).search("strategy copy recipients")

    assert ["strategy-copy-recipients"] == [query.slug for query in found]


GUIDED = re.findall(r"```sparql\n(.*?)```\n\n((?:\|[^\n]*\n)+)", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize(("text", "shown"), GUIDED, ids=range(len(GUIDED)))
def test_the_guide_shows_what_its_queries_answer(text, shown):
    """The five queries to copy give the tables printed below them."""
    found = ask(packaged(), text, where="researchers.md")

    lines = [found.columns, tuple("---" for _ in found.columns), *texts(found)]
    assert shown == "".join(f"| {' | '.join(line)} |\n" for line in lines)


def test_the_guide_names_only_queries_that_there_are():
    """Five queries are shown with their answers, and each stored query that the guide runs exists."""
    run = re.findall(r"(?:query|--show) ([a-z][a-z0-9-]+)(?= --| *$)", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)

    assert 5 == len(GUIDED)
    assert {"strategy-copy-recipients", "statutory-members"} <= set(run)
    assert [] == [slug for slug in run if slug not in BY_SLUG]


VINTAGES = {
    "2022-12-15": ("utla_icb_2022-07-01.csv", None, 42),
    "2024-06-01": ("utla_icb.csv", "icb.csv", 42),
    "2026-06-01": ("utla_icb_2026-04-01.csv", "icb_2026-04-01.csv", 36),
}


def recipients(day: str) -> dict[str, set[str]]:
    """Work out from the tables alone who must be given a copy, by ODS code of the partnership's board."""
    overlaps, boards, _ = VINTAGES[day]
    with (REFERENCE / overlaps).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    if boards is None:
        pairs = {(row["la_code"], row["icb_ods_code"]) for row in rows}
    else:
        with (REFERENCE / boards).open(encoding="utf-8", newline="") as lines:
            ods = {row["icb_code"]: row["ods_code"] for row in csv.DictReader(lines)}
        pairs = {(row["la_code"], ods[row["icb_code"]]) for row in rows}
    wanted: dict[str, set[str]] = {}
    for board in {board for _, board in pairs}:
        authorities = {authority for authority, each in pairs if each == board}
        wanted[board] = authorities | {each for authority, each in pairs if authority in authorities}
    return wanted


@pytest.mark.parametrize("day", sorted(VINTAGES))
def test_copy_recipients_of_every_partnership(day):
    """For every board of the day the recipients are those that the overlap table gives, each in one row."""
    query, as_at, wanted = read_query(BY_SLUG["strategy-copy-recipients"]), date.fromisoformat(day), recipients(day)

    found = {board: texts(answer(query, {"icb": board}, as_at, packaged())) for board in wanted}

    assert VINTAGES[day][2] == len(wanted)
    assert wanted == {board: {row[0] for row in rows} for board, rows in found.items()}
    assert {board: len(codes) for board, codes in wanted.items()} == {board: len(rows) for board, rows in found.items()}


def test_copy_recipients_of_seven_systems_differ_before_april_2023():
    """County reorganisation and Chichester changed who gets a copy in seven systems and no other."""
    before, after = recipients("2022-12-15"), recipients("2024-06-01")
    query = read_query(BY_SLUG["strategy-copy-recipients"])

    def codes(board: str, day: date) -> set[str]:
        return {row[0] for row in texts(answer(query, {"icb": board}, day, packaged()))}

    differing = {b for b in before if codes(b, date(2022, 12, 15)) != codes(b, date(2024, 6, 1))}

    assert {"QE1", "QHM", "QNX", "QOQ", "QSL", "QWO", "QXU"} == differing
    assert {board for board in before if before[board] != after[board]} == differing


def test_copy_recipients_of_frimley():
    """Five authorities and three boards, the neighbours by the authorities that straddle."""
    query = read_query(BY_SLUG["strategy-copy-recipients"])

    rows = texts(answer(query, {"icb": "QNQ"}, date(2024, 6, 1), packaged()))

    assert ["code", "name", "reason", "kind"] == list(query.columns)
    assert 5 == sum(row[3] == "authority" for row in rows)
    assert ["QNQ", "QRL", "QXU"] == [row[0] for row in rows if row[3] != "authority"]
    assert "section 116ZB(7)(b)(ii): a partner board of Surrey County Council" == rows[-1][2]
