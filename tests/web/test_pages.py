# SPDX-License-Identifier: Apache-2.0
"""The pages as a server gives them: what they say for a day, how large they are, and what they refuse."""

from __future__ import annotations

import html
import io
import re
import time
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import openpyxl
import pytest

from icsgraph.opening import open_graph
from icsgraph.store.load import find_files
from icsgraph.tables.directory import Directory
from icsgraph.tables.templates import of_files
from icsgraph.tables.workbook import About, excel
from icsgraph.web.pages.outlines import box_of, classes, read_outline, sheet_for

DAY = date(2025, 6, 30)
EXAMPLE = Path(__file__).resolve().parents[2] / "data/examples/northshire-with-faults"
PAGES = (
    "/", "/search?words=frimley", "/systems", "/system/QNQ", "/guidance/2022", "/guidance/2024", "/guidance/changes",
    "/guidance/changes?kind=unchanged", "/check", "/map", "/map?show=councils&colour=iod2025_imd", "/map?system=QNQ",
    "/map?council=E10000016", "/query", "/query?stored=strategy-copy-recipients&icb=QNQ&run=1",
)  # fmt: skip


def text_of(got) -> str:
    """The words of a page, without its tags."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", got.text)))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_light_and_quick(served, path):
    """Every page is HTML below 300 kB, has one main heading, names its language, and is there within a second."""
    served.get(path)
    began = time.monotonic()
    got = served.get(path)
    took = time.monotonic() - began

    assert (200, "text/html") == (got.status, got.media)
    assert len(got.body) < 300_000
    assert 1 == got.text.count("<h1>")
    assert '<html lang="en-GB">' in got.text
    assert took < 5, "a second is meant, and five allowed for a busy machine"


def test_no_page_of_any_kind_is_large(served):
    """Unpacked below 300 kB: every page of the ontology, of systems, of changes, and the largest linked-data pages."""
    base = "https://w3id.org/icsgraph/"
    ontology = set(re.findall(r'href="([a-z][\w-]*\.html)', served.get("/ontology/").text))
    for name in sorted(ontology):
        ontology |= set(re.findall(r'href="([a-z][\w-]*\.html)', served.get(f"/ontology/{name}").text))
    systems = re.findall(r'<th scope="row"><a href="(/system/[^"]+)"', served.get("/systems").text)
    kinds = re.findall(r'href="(/guidance/changes\?kind=\w+)"', served.get("/guidance/changes").text)
    outgoing, incoming = (
        served.query(
            f"SELECT ?s (COUNT(*) AS ?n) {{ {pattern} FILTER(isIRI(?s) && STRSTARTS(STR(?s), '{base}')) }} "
            "GROUP BY ?s ORDER BY DESC(?n) LIMIT 12"
        ).json["results"]["bindings"]
        for pattern in ("?s ?p ?o", "?o ?p ?s")
    )
    graphs = [f"/graph/file/{path}" for path in ("data/england/overlaps.ttl", "data/law/constraints.ttl")]
    things = [f"/{row['s']['value'].removeprefix(base)}" for row in (*outgoing, *incoming)]
    paths = [*(f"/ontology/{name}" for name in sorted(ontology)), *systems, *kinds, *things, *graphs, "/query?editor=1"]
    sizes = {path: len(served.get(path, "text/html").body) for path in paths}

    assert len(ontology) > 60
    assert 42 == len(systems)
    assert {} == {path: size for path, size in sizes.items() if size >= 300_000}
    assert max(int(row["n"]["value"]) for row in incoming) > 2000, "the page is cut, and still whole as a page"


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/mpa", "/map"), ("/guidence/2024", "/guidance/2024"), ("/frimly", "/system/QNQ"),
        ("/constraint/ICS-200", "/constraint/ICS-20"), ("/nothing", ""),
    ],
)  # fmt: skip
def test_a_lost_browser_gets_a_page_with_near_names_and_a_program_a_document(served, path, near):
    """Both get 404; the page has a search and links to what was likely meant."""
    page, document = served.get(path, BROWSER), served.get(path, "*/*")

    assert (404, "text/html") == (page.status, page.media)
    assert "E812" in page.text
    assert 'action="/search"' in page.text
    assert not near or f'href="{near}"' in page.text
    assert (404, "application/problem+json", "E812") == (document.status, document.media, document.code)
    assert (404, "E211") == ((got := served.get("/api/queries/none", BROWSER)).status, got.code), "an API stays one"


def test_an_error_of_a_query_is_a_page_for_a_browser(served):
    """Whoever opens a link with a faulty query reads what is wrong; a client gets the document."""
    page = served.get("/sparql?query=SELCT", BROWSER)

    assert (400, "text/html") == (page.status, page.media)
    assert "E201" in text_of(page)
    assert "E201" == served.query("SELCT").code


def test_pages_have_no_script_or_style_in_them(served):
    """The content policy can forbid both: they are files of this service."""
    for path in PAGES:
        page = served.get(path).text
        assert re.findall(r"<script(?![^>]*\bsrc=\"/static/)", page) == []
        assert re.findall(r"<style|\sstyle=|\son\w+=", page) == []
        assert re.findall(r"(?:src|<link[^>]*href)=\"(?!/static/|data:,)", page) == []


def test_the_day_changes_the_answer_and_stays_in_the_links(served):
    """42 boards become 36 on 1 April 2026, and whoever asked for a day goes on with it."""
    before, after = served.get("/systems?as-at=2026-03-31"), served.get("/systems?as-at=2026-04-01")
    inside = re.findall(r'<th scope="row"><a href="(/system/[^"]+)"', after.text)

    assert "42 boards" in text_of(before)
    assert "36 boards" in text_of(after)
    assert 36 == len(inside)
    assert all(link.endswith("?as-at=2026-04-01") for link in inside)
    assert 400 == served.get("/systems?as-at=tomorrow").status


def test_a_system_has_its_members_recipients_and_duties(served):
    """Frimley on 1 June 2024: the parties and recipients that stored queries give, and the section that says so."""
    page = served.get("/system/QNQ")
    words = text_of(page)

    for name in ("Bracknell Forest Council", "Surrey County Council", "NHS Surrey Heartlands Integrated Care Board"):
        assert name in words
    assert "http://www.legislation.gov.uk/id/ukpga/2007/28/section/116ZB/7/b" in page.text
    assert '<a href="/guidance/2024#s-039">2024/039</a>' in page.text
    assert 404 == served.get("/system/XXX").status
    assert "no longer there" in text_of(served.get("/system/QNQ?as-at=2026-05-01"))


def test_the_guidance_is_filtered_by_strength_bearer_and_topic(served):
    """Each filter leaves fewer statements, all of them fitting; a wrong value is told with near ones."""
    every = served.get("/guidance/2024").text
    duties = served.get("/guidance/2024?modality=duty&bearer=integrated-care-board&topic=needs").text
    listed = r'<li id="s-[^"]+"><a [^>]+>[^<]+</a> <span class="mark">(\w+)</span>'

    assert len(re.findall(listed, every)) > 300
    assert {"duty"} == set(re.findall(listed, duties))
    assert "/constraint/" in every
    assert "E420" in text_of(served.get("/guidance/2024?modality=dutty"))


def test_every_statement_that_a_page_links_to_is_on_the_other_page(served):
    """Links between the changes and the editions lead to places that exist."""
    places = {
        year: set(re.findall(r'id="(s-[^"]+)"', served.get(f"/guidance/{year}").text)) for year in ("2022", "2024")
    }
    kinds = re.findall(r'href="(/guidance/changes\?kind=\w+)"', served.get("/guidance/changes").text)

    assert len(kinds) >= 8
    for kind in kinds:
        for year, place in re.findall(r'href="/guidance/(\d{4})#([^"]+)"', served.get(kind).text):
            assert place in places[year]


def test_the_map_draws_every_board_and_says_the_same_in_a_table(served):
    """As many shapes as rows, each with its name; an area without a figure is not coloured and says so."""
    page = served.get("/map?colour=iod2025_imd").text
    later = served.get("/map?colour=iod2025_imd&as-at=2026-04-01").text

    assert 42 == page.count("<path class=") == len(re.findall(r'<th scope="row"><a href="/map\?system=', page))
    assert 36 == later.count("<path") == len(re.findall(r'<th scope="row"><a href="/map\?', later))
    assert "no figure" in later
    assert "no figure" not in page


def test_shares_of_a_council_are_those_of_the_graph(served):
    """Surrey lies in several boards' areas; the page gives the shares of its residents before and after the change."""
    words = text_of(served.get("/map?council=E10000030"))

    assert "NHS Frimley Integrated Care Board" in words
    assert "of the council's residents before, none after" in words
    assert "none of the council's residents before" in words


def test_a_query_of_ones_own_runs_within_the_limits_of_the_service(served):
    """The answer is a table with links to things; a download is the same in another form; an update is refused."""
    text = "SELECT ?b { ?b a ics:IntegratedCareBoard } ORDER BY ?b"
    page = served.get(f"/query?{urlencode({'query': text})}")
    sheet = served.get(f"/query?{urlencode({'query': text, 'format': 'csv'})}")
    update = served.get(f"/query?{urlencode({'query': 'INSERT DATA { <a:b> <a:b> <a:b> }'})}")

    assert '<a href="/id/icb/QE1">id/icb/QE1</a>' in page.text
    assert "text/csv" == sheet.media
    assert "attachment" in sheet.headers["content-disposition"]
    assert 400 == update.status
    assert "caution" in update.text


def test_a_stored_query_can_be_changed_in_sparql(served):
    """Its text comes with the parameters put in, and runs as it stands to the same rows."""
    asked = "/query?stored=strategy-copy-recipients&icb=QNQ"
    page = served.get(f"{asked}&edit=1").text
    text = html.unescape(re.search(r'<textarea id="query"[^>]*>(.*?)</textarea>', page, re.DOTALL)[1])
    mine, stored = served.get(f"/query?{urlencode({'query': text})}"), served.get(f"{asked}&run=1")

    assert "<https://w3id.org/icsgraph/id/icb/QNQ>" in text
    assert re.search(r"\d+ rows", text_of(stored))[0] == re.search(r"\d+ rows", text_of(mine))[0]


def test_the_day_of_the_page_is_that_of_the_stored_query(served):
    """A form asks for no day beside that of the page, so that the switch at its head changes the answer."""
    path = "/query?stored=boards-by-population&run=1"

    assert "42 rows, as at 31 March 2026" in text_of(served.get(f"{path}&as-at=2026-03-31"))
    assert "36 rows, as at 1 April 2026" in text_of(served.get(f"{path}&as-at=2026-04-01"))
    assert 'name="asAt"' not in served.get(path).text


def test_what_a_stranger_writes_is_shown_as_text(served):
    """Neither a label in the data nor a word of the address becomes part of the page."""
    script = "<script>alert(1)</script>"
    for path in (
        f"/search?{urlencode({'words': script})}", f"/query?{urlencode({'query': script})}",
        f"/guidance/2024?{urlencode({'topic': script})}", f"/map?{urlencode({'council': script, 'colour': script})}",
        f"/query?{urlencode({'query': 'SELECT ?l { id:harmful rdfs:label ?l }'})}",
        f"/systems?{urlencode({'x': script})}",
    ):  # fmt: skip
        assert "<script>alert" not in served.get(path).text
    address = "SELECT ?l { id:harmful rdfs:seeAlso ?l }"
    assert 'href="javascript:' not in served.get(f"/query?{urlencode({'query': address})}").text


def test_static_files_are_only_those_that_ship(served):
    """No path leads out of their folder."""
    assert "text/css" == served.get("/static/pages.css").media
    for path in (
        "/static/../visit.py",
        "/static/%2e%2e/visit.py",
        "/static/..%2fvisit.py",
        "/static/",
        "/static/x.css",
    ):
        assert 404 == served.get(path).status


def test_the_ontology_is_documented_here_with_a_way_back(served):
    """The pages of the documentation, their style sheet, and an error for a name that is none."""
    page = served.get("/ontology/")

    assert "Modules and what they import" in page.text
    assert '<a href="/">icsgraph</a>' in page.text
    assert "text/css" == served.get("/ontology/style.css").media
    assert 404 == served.get("/ontology/nothing.html").status


def test_a_form_without_a_file_or_with_a_wrong_one_is_told(served):
    """Nothing chosen, an ending that is none of RDF, and a form that cannot be read: each with what to do."""
    wrong = (("E830", upload("", b"")), ("E833", upload("a.exe", b"x")), ("E830", (b"--y\r\n", upload("", b"")[1])))
    for code, sent in wrong:
        got = served.post("/check", *sent)
        assert got.status in (400, 415)
        assert code in text_of(got)
    damaged = served.post("/check", urlencode({"packed": "%%", "name": "a.ttl"}), "application/x-www-form-urlencoded")
    assert "E830" in text_of(damaged)


def test_a_workbook_is_checked_and_its_faults_are_listed_by_cell(served):
    """The faulty example as a workbook gives its 23 findings with sheet and row; one with nonsense is not taken."""
    directory = Directory(open_graph(as_at=DAY).store)
    book = excel(of_files(find_files([EXAMPLE]), directory), directory, About("Northshire", "XN1", DAY))
    got = served.post(f"/check?as-at={DAY}", *upload("book.xlsx", book))
    opened = openpyxl.load_workbook(io.BytesIO(book))
    opened["Areas"]["A2"] = "?"
    out = io.BytesIO()
    opened.save(out)
    messy = served.post(f"/check?as-at={DAY}", *upload("book.xlsx", out.getvalue()))

    assert "23 findings" in text_of(got)
    assert re.search(r"sheet Bodies, row \d+", text_of(got))
    assert 422 == messy.status
    assert "E834" in text_of(messy)
    assert "book.xlsx, sheet Areas" in text_of(messy)


def upload(name: str, content: bytes) -> tuple[bytes, str]:
    """A form with one file in it, and its media type."""
    head = f'--x-x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    return head + content + b"\r\n--x-x--\r\n", "multipart/form-data; boundary=x-x"


def test_neighbours_keep_their_border_on_a_coarse_grid():
    """Two squares with a common border have the same points there, however coarse the grid is."""
    left = read_outline("POLYGON ((0 0, 1 0, 1.003 0.5, 1 1, 0 1, 0 0))")
    right = read_outline("POLYGON ((1 0, 2 0, 2 1, 1 1, 1.003 0.5, 1 0))")
    sheet = sheet_for(box_of([left, right]), 50)

    common = set(sheet._placed(left[0])) & set(sheet._placed(right[0]))
    assert len(common) >= 2
    assert sheet.path(left).startswith("M")


def test_classes_hold_about_the_same_number_each():
    """Five classes of ten values have two each, with their bounds; one value makes one class."""
    ranks, bounds = classes({str(n): float(n) for n in range(10)})

    assert [2] * 5 == [list(ranks.values()).count(n) for n in range(5)]
    assert (0.0, 1.0) == bounds[0]
    assert ({"a": 0}, [(3.0, 3.0)]) == classes({"a": 3.0})
