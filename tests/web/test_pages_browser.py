# SPDX-License-Identifier: Apache-2.0
"""The pages in a real browser that can reach this machine alone: read, walked by keyboard, asked, and given a file.

Screenshots go to the folder that ICSGRAPH_SCREENSHOTS names, else to one of the test run.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from icsgraph.web.pages.statics import has_editor

EXAMPLE = Path(__file__).resolve().parents[2] / "data/examples/northshire-with-faults"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = {
    "start": "/", "search": "/search?words=frimley", "systems": "/systems", "system": "/system/QNQ",
    "refused": "/system/none", "lost": "/frimly", "scheme": "/scheme/modality/expectation",
    "guidance": "/guidance/2024?topic=needs", "changes": "/guidance/changes?kind=weakened", "check": "/check",
    "map": "/map?colour=population-mid-2022", "map-of-a-system": "/map?system=QNQ", "query": "/query",
    "answer": "/query?stored=strategy-copy-recipients&icb=QNQ&run=1", "ontology": "/ontology/",
    "module": "/ontology/module-act.html", "terms": "/ontology/module-act-classes-1.html",
    "checks": "/ontology/checks-ICS.html", "constraint": "/constraint/ICS-20", "statement": "/statement/2024/034",
}  # fmt: skip


_AT_A_CLASS = """() => {
    const editor = document.querySelector('.CodeMirror').CodeMirror;
    const line = editor.getValue().split('\\n').findIndex(each => each.includes(' a ics:Integrated'));
    editor.setValue(editor.getValue().replace('ics:IntegratedCareBoard', 'ics:IntegratedCare'));
    editor.focus();
    editor.setCursor(line, editor.getLine(line).indexOf('ics:Integrated') + 'ics:IntegratedCare'.length);
}"""


_FOCUS = """() => {
    const focus = document.activeElement;
    const all = [...document.querySelectorAll('*')];
    return [all.indexOf(focus) + ' ' + focus.textContent.slice(0, 30), getComputedStyle(focus).outlineStyle !== 'none'];
}"""


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """The folder for screenshots."""
    folder = Path(os.environ.get("ICSGRAPH_SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def visit(browser, served):
    """Open an address of the server; give the page, and what the browser complained of or was kept from fetching."""
    contexts = []

    def go(path, **options):
        context = browser.new_context(accept_downloads=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(150_000)
        complaints = []
        page.on("console", lambda message: complaints.append(message.text) if message.type != "log" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))

        def gate(route):
            if urlsplit(route.request.url).hostname == "127.0.0.1":
                route.continue_()
            else:
                complaints.append(route.request.url)
                route.abort()

        context.route(re.compile("^https?:"), gate)
        page.goto(served.url + path)
        return page, complaints

    yield go
    for context in contexts:
        context.close()


def faults(axe, page) -> list[tuple[str, str]]:
    """What axe finds amiss: the rule, and the first element that breaks it."""
    result = axe.run(page, options={"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]})
    return [(each["id"], each["nodes"][0]["html"][:200]) for each in result.response["violations"]]


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_in_light_and_dark_and_the_page_fits_a_narrow_screen(visit, pictures, name):
    """All is as WCAG 2.2 AA asks, so far as axe can tell; at 320 pixels only wide tables scroll, in their own box."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe: pip install '.[test]'").Axe()
    page, complaints = visit(PAGES[name])
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=pictures / f"{name}-{scheme}.png")
        assert [] == faults(axe, page)
    assert [] == [each for each in complaints if "404" not in each]
    page.set_viewport_size({"width": 320, "height": 640})
    page.screenshot(path=pictures / f"{name}-narrow.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("name", PAGES)
def test_a_keyboard_goes_through_a_page_and_sees_where_it_is(visit, name):
    """Tab goes from one thing to the next, through day, month and year of a date, and the focus is seen everywhere."""
    page, _ = visit(PAGES[name])
    steps = []
    for _ in range(14):
        page.keyboard.press("Tab")
        steps.append(page.evaluate(_FOCUS))

    assert "Skip to the" in steps[0][0]
    assert len({each[0] for each in steps}) >= 11, "a date has three parts and its calendar"
    assert [] == [each for each in steps if not each[1]]


def test_a_keyboard_reaches_content_links_and_forms(visit):
    """The first tab leads past the head of the page; each thing that has the focus shows it; nothing keeps it."""
    page, _ = visit("/map?system=QNQ")
    page.keyboard.press("Tab")
    assert "Skip to the content" == page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    assert "content" == page.evaluate("document.activeElement.id")
    met = []
    for _ in range(25):
        page.keyboard.press("Tab")
        met.append(
            page.evaluate("document.activeElement.tagName + (document.activeElement.getAttribute('aria-label') || '')")
        )
        if met[-1].startswith("aNHS") or met[-1].startswith("aBracknell"):
            break
    assert any(each.startswith("SELECT") for each in met)
    assert any(each.startswith("aBracknell") for each in met), "a council on the map"
    page.keyboard.press("Enter")
    page.wait_for_url("**/map?council=**")


def test_the_day_is_switched_without_a_script(visit):
    """The form at the head of each page shows the same page as at another day, and what was asked stays."""
    page, _ = visit("/map?colour=population-mid-2022", java_script_enabled=False)
    assert 42 == page.locator("svg.map a").count()
    page.get_by_label("As at").fill("2026-04-01")
    page.get_by_role("button", name="Show this day").click()
    page.wait_for_url("**as-at=2026-04-01**")
    assert 36 == page.locator("svg.map a").count()
    assert "population-mid-2022" == page.get_by_label("Colour by").input_value()
    page.get_by_role("link", name="Systems", exact=True).first.click()
    assert "36 boards" in page.locator("caption").inner_text()


def test_a_query_is_typed_and_run_without_a_script(visit):
    """The plain form gives a table, an error says where the query is wrong, and the rows can be downloaded."""
    page, _ = visit("/query", java_script_enabled=False)
    page.get_by_label("Query", exact=True).fill(
        "SELECT ?code { ?b a ics:IntegratedCareBoard ; ics:odsCode ?code } LIMIT 7"
    )
    page.get_by_role("button", name="Run").click()
    assert 7 == page.locator("#answer tbody tr").count()
    with page.expect_download() as loading:
        page.get_by_role("button", name="Download CSV").click()
    assert 8 == len(Path(loading.value.path()).read_text().splitlines())
    page.get_by_label("Query", exact=True).fill("SELCT ?x")
    page.get_by_role("button", name="Run").click()
    assert "SELCT" in page.get_by_role("alert").inner_text()


def test_a_stored_question_is_asked_by_its_form(visit):
    """A board is chosen by its code, and the answer names the recipients."""
    page, complaints = visit("/query?words=copy")
    page.get_by_role("link", name=re.compile("Who must be given a copy")).click()
    page.get_by_label("the board whose partnership it is").fill("QNQ")
    page.get_by_role("button", name="Ask").click()
    page.locator("#answer").wait_for()

    assert "NHS Surrey Heartlands Integrated Care Board" in page.locator("#answer").inner_text()
    assert [] == complaints


def test_the_editor_runs_a_query_with_this_graph_s_prefixes(visit, pictures):
    """YASGUI, where it was bundled, asks this service alone, completes terms, lets the keyboard go, and shows rows."""
    if not has_editor():
        page, _ = visit("/query")
        assert "web-frontend/bundle.py" in page.locator("main").inner_text()
        return
    page, complaints = visit("/query")
    page.get_by_role("link", name="Open the editor").click()
    page.locator("#editor .CodeMirror").wait_for()
    assert "PREFIX ics:" in page.locator("#editor .CodeMirror").inner_text()
    page.keyboard.press("Escape")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe: pip install '.[test]'").Axe()
    assert [] == faults(axe, page)
    page.evaluate(_AT_A_CLASS)
    page.keyboard.press("Control+Space")
    page.locator(".CodeMirror-hints li", has_text="ics:IntegratedCarePartnership").wait_for()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=pictures / f"completions-{scheme}.png")
        assert [] == faults(axe, page), "with the list of completions open"
    page.keyboard.press("Enter")
    assert " a ics:IntegratedCareBoard" in page.locator("#editor .CodeMirror").inner_text()
    page.keyboard.press("Tab")
    assert "TEXTAREA" != page.evaluate("document.activeElement.tagName")
    page.locator("#editor .yasqe_queryButton").click()
    page.locator("#editor .yasr table tbody tr").first.wait_for()
    page.screenshot(path=pictures / "editor.png")
    assert [] == faults(axe, page), "with rows shown, in the dark"
    page.evaluate("document.querySelector('.CodeMirror').CodeMirror.setValue('SELECT ?x WHERE { ?x')")
    page.locator("#editor .yasqe_queryButton").click()
    page.locator("#editor .yasr pre", has_text="E201").wait_for()

    assert [] == faults(axe, page), "with an error shown, in the dark"
    assert [] == [each for each in complaints if each.startswith("http")]


def test_a_faulty_file_is_dropped_and_its_report_downloaded(visit, pictures, tmp_path):
    """Findings by duty with what would answer each, and the same as a file; the page itself passes axe too."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe: pip install '.[test]'").Axe()
    file = tmp_path / "northshire.ttl"
    file.write_text("\n".join(each.read_text(encoding="utf-8") for each in sorted(EXAMPLE.glob("*.ttl"))), "utf-8")
    page, complaints = visit("/check?as-at=2025-06-30")
    page.evaluate(
        """text => {
            const moved = new DataTransfer();
            moved.items.add(new File([text], 'northshire.ttl'));
            const dropped = new DragEvent('drop', {dataTransfer: moved, bubbles: true, cancelable: true});
            document.querySelector('.drop').dispatchEvent(dropped);
        }""",
        file.read_text(encoding="utf-8"),
    )
    page.get_by_role("button", name="Check", exact=True).click()
    page.locator("#open").wait_for()
    page.screenshot(path=pictures / "checked.png", full_page=True)
    result = axe.run(page, options={"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]})
    with page.expect_download(timeout=120_000) as loading:
        page.get_by_role("button", name="Download CSV").click()
    rows = Path(loading.value.path()).read_text(encoding="utf-8").splitlines()

    assert "northshire-findings.csv" == loading.value.suggested_filename
    assert rows[0].startswith("id,severity,outcome,constraint")
    assert page.locator("ul.findings > li").count() == len(rows) - 1
    assert page.locator("article").count() == page.get_by_text("How to fix it:").count() > 10
    assert "legislation.gov.uk" in page.locator("article").first.inner_html()
    assert [] == [v["id"] for v in result.response["violations"]]
    assert [] == complaints
    assert len(page.content()) < 300_000


def test_print_shows_addresses_and_no_forms(visit):
    """On paper a link is no use without its address, and a form none at all."""
    page, _ = visit("/system/QNQ")
    page.emulate_media(media="print")
    after = page.locator("main a[href^='http']").first.evaluate("a => getComputedStyle(a, '::after').content")

    assert "http" in after
    assert not page.locator("form.when").is_visible()


def test_whoever_wants_no_motion_gets_none(visit):
    """Moving to a place in a page is smooth only for those who did not ask for less motion."""
    page, _ = visit("/system/QNQ", reduced_motion="reduce")

    assert "auto" == page.evaluate("getComputedStyle(document.documentElement).scrollBehavior")
    page.emulate_media(reduced_motion="no-preference")
    assert "smooth" == page.evaluate("getComputedStyle(document.documentElement).scrollBehavior")
