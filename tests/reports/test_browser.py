# SPDX-License-Identifier: Apache-2.0
"""The report as a page in a real browser: what a reader meets, light and dark, on paper, with a keyboard."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from icsgraph.reports import sheet
from icsgraph.reports.findings import FORMATS


@pytest.fixture(scope="module")
def page_file(report, tmp_path_factory):
    """The report as a user gets it."""
    file = tmp_path_factory.mktemp("page") / "report.html"
    file.write_text(FORMATS["html"](report), encoding="utf-8")
    return file


@pytest.fixture
def told(browser):
    """Open a file; give the page and what the browser complained of or asked the network for."""
    pages = []

    def go(file, **options):
        page = browser.new_page(**options)
        pages.append(page)
        complaints = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url) if request.url.startswith("http") else None)
        page.goto(file.as_uri())
        return page, complaints

    yield go
    for page in pages:
        page.close()


def test_the_page_opens_without_complaint_or_request(told, page_file, report):
    """One heading of the first level, one for each group of duties and each duty with findings; nothing is fetched."""
    page, complaints = told(page_file)
    headings = page.locator("h3").all_inner_texts()

    assert [] == complaints
    assert 1 == page.locator("h1").count()
    assert "NHS Northshire Integrated Care Board" in page.locator("h1").inner_text()
    for name, findings in report.by_constraint():
        assert any(name in heading and findings[0].title in heading for heading in headings)
    assert len(report.findings) == page.locator("ul.findings > li").count()


def test_links_lead_to_the_act_the_guidance_and_to_headings_that_exist(told, page_file):
    """The table of contents works, and the sources are the official ones."""
    page, _ = told(page_file)
    links = page.locator("a[href]").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    inside = [link[1:] for link in links if link.startswith("#")]

    assert any(link.startswith("http://www.legislation.gov.uk/id/ukpga/2007/28/section/116ZB") for link in links)
    assert any(link.startswith("https://www.gov.uk/") for link in links)
    assert inside
    assert all(page.locator(f"[id='{anchor}']").count() == 1 for anchor in inside)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["report", "sheet"])
def test_axe_finds_nothing_against_wcag_aa(told, page_file, report, scheme, kind, tmp_path):
    """Contrast, headings, landmarks, tables and names are as WCAG 2.2 AA asks, so far as axe can tell."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe: pip install '.[test]'").Axe()
    file = page_file
    if kind == "sheet":
        file = tmp_path / "sheet.html"
        file.write_text(sheet.FORMATS["html"](report), encoding="utf-8")
    page, _ = told(file, color_scheme=scheme)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    result = axe.run(page, options={"runOnly": {"type": "tag", "values": tags}})

    assert [] == [(v["id"], v["nodes"][0]["html"]) for v in result.response["violations"]]
    assert len(result.response["passes"]) > 10


def test_the_first_tab_leads_past_the_contents(told, page_file):
    """Whoever uses a keyboard can go to the content at once."""
    page, _ = told(page_file)
    page.keyboard.press("Tab")

    assert "Skip to the content" == page.evaluate("document.activeElement.textContent")


def test_the_page_fits_a_narrow_screen(told, page_file):
    """At 320 pixels nothing has to be scrolled sideways but wide tables in their own box."""
    page, _ = told(page_file, viewport={"width": 320, "height": 640})

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_print_shows_addresses_and_no_contents(told, page_file):
    """On paper a link is no use without its address."""
    page, _ = told(page_file)
    page.emulate_media(media="print")
    after = page.locator("main a[href^='http']").first.evaluate("a => getComputedStyle(a, '::after').content")

    assert not page.locator("nav").is_visible()
    assert "http" in after


def test_the_sheet_is_one_page_on_paper(told, report, tmp_path):
    """A board's paper is one side of A4, however much was found."""
    file = tmp_path / "sheet.html"
    head = max(report.findings, key=lambda f: len(f.message))
    bad = [replace(head, id=c.constraint, constraint=c.constraint, title=c.title) for c in report.coverage]
    file.write_text(sheet.FORMATS["html"](replace(report, findings=tuple(bad * 3))), encoding="utf-8")
    page, complaints = told(file)
    paper = page.pdf(prefer_css_page_size=True)

    assert [] == complaints
    assert 1 == len(re.findall(rb"/Type\s*/Page[^s]", paper))
