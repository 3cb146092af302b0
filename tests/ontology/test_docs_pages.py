# SPDX-License-Identifier: Apache-2.0
"""The documentation of the ontology: whole, valid, and its links lead somewhere."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Final

import hermit
import html5lib
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, URIRef
from typer.testing import CliRunner

from icsgraph.cli import app
from icsgraph.exports.vocabulary import Site
from icsgraph.opening import open_graph

HTML: Final = "{http://www.w3.org/1999/xhtml}"
SVG: Final = "{http://www.w3.org/2000/svg}"
DEF: Final = "https://w3id.org/icsgraph/def/"
LOADED_WHEN_VIEWED: Final = ("src", "srcset", "data", "poster")


@pytest.fixture(scope="module")
def pages():
    """Give every page of the documentation by name, as text."""
    site = Site(open_graph(as_at=date(2026, 11, 25)).store)
    return {name: site.page(name) for name in site.names}


@pytest.fixture(scope="module")
def trees(pages):
    """Parse every page as a browser does, refusing what the standard calls an error."""
    parser = html5lib.HTMLParser(strict=True)
    return {name: parser.parse(text) for name, text in pages.items() if name.endswith(".html")}


def anchors(tree) -> list[str]:
    return [node.get("id") for node in tree.iter() if node.get("id")]


def links(tree) -> list[str]:
    return [node.get("href") for node in tree.iter() if node.get("href")]


def pages_of(trees, name: str):
    """Give the trees of a page and of the parts that it was split into."""
    stem = name.removesuffix(".html")
    return [tree for each, tree in trees.items() if each == name or each.startswith(f"{stem}-")]


def section_of(trees, name: str, anchor: str):
    """Give the section of an entry, on whichever part of a page it stands."""
    sections = [s for tree in pages_of(trees, name) for s in tree.iter(HTML + "section") if s.get("id") == anchor]
    assert 1 == len(sections), anchor
    return sections[0]


def test_no_page_is_large(pages):
    """Whoever opens a page has less than 300 kB to wait for, and much less of most."""
    sizes = {name: len(text.encode()) for name, text in pages.items()}

    assert {} == {name: size for name, size in sizes.items() if size >= 250_000}


def test_what_is_too_long_for_a_page_is_an_index_of_its_parts(trees):
    """The index lists every entry where old links looked for it, and leads to the part on which it stands."""
    for name, anchor, part in (
        ("questions.html", "cq036", "questions-"), ("checks.html", "ICS-19", "checks-ICS.html"),
        ("module-act.html", "GivingACopy", "module-act-classes"),
    ):  # fmt: skip
        (entry,) = (node for node in trees[name].iter(HTML + "li") if node.get("id") == anchor)
        assert any(link.startswith(part) and link.endswith(f"#{anchor}") for link in links(entry))


def test_every_module_has_pages_that_show_its_terms_with_their_definitions(trees):
    """Each own term of a module has an anchor on a page of the module, and its definition stands below it."""
    graph = hermit.merged(hermit.MODULES)
    for module in graph.subjects(RDF.type, OWL.Ontology):
        found = pages_of(trees, f"module-{str(module).removeprefix(DEF)}.html")
        every = (s for tree in found for s in tree.iter(HTML + "section"))
        sections = {s.get("id"): " ".join("".join(s.itertext()).split()) for s in every}
        for term in graph.subjects(RDFS.isDefinedBy, module):
            if (term, RDF.type, OWL.Ontology) in graph or not str(term).startswith("https://w3id.org/icsgraph/"):
                continue
            anchor = re.sub(r"^https://w3id\.org/icsgraph/(def|scheme)/", "", str(term))
            definition = graph.value(term, SKOS.definition)
            assert " ".join(str(definition).split()) in sections[anchor], term


def test_links_within_the_pages_resolve(trees, pages):
    """A link without a host leads to a page there is, and to an anchor on it."""
    known = {name: set(anchors(tree)) for name, tree in trees.items()}
    broken = []
    for name, tree in trees.items():
        for link in links(tree):
            page, _, anchor = link.partition("#")
            page = page or name
            if "://" in link:
                continue
            if page not in pages or (anchor and anchor not in known[page]):
                broken.append(f"{name}: {link}")

    assert [] == broken


def test_an_anchor_names_one_place(trees):
    """No page has two elements of one id."""
    assert {} == {name: ids for name, tree in trees.items() if len(ids := anchors(tree)) != len(set(ids))}


def test_nothing_is_fetched_from_another_host(trees, pages):
    """A page asks for its style sheet and nothing else; it has no script."""
    for name, tree in trees.items():
        wanted = [node.get("href") for node in tree.iter(HTML + "link")]
        assert ["style.css"] == wanted, name
        assert [] == [node for node in tree.iter() if any(node.get(key) for key in LOADED_WHEN_VIEWED)], name
        assert [] == list(tree.iter(HTML + "script")), name
    assert "url(" not in pages["style.css"]
    assert "@import" not in pages["style.css"]


def test_modules_with_classes_have_a_drawing_of_them(trees):
    """Each class of a module is linked in the drawing on its page."""
    graph = hermit.merged(hermit.MODULES)
    for module in graph.subjects(RDF.type, OWL.Ontology):
        name = f"module-{str(module).removeprefix(DEF)}.html"
        own = {str(c).removeprefix(DEF) for c in graph.subjects(RDFS.isDefinedBy, module)}
        own = {c for c in own if (URIRef(DEF + c), RDF.type, OWL.Class) in graph}
        drawn = {n.get("href", "").partition("#")[2] for n in trees[name].iter(SVG + "a")}
        assert own <= drawn, name
    assert list(trees["index.html"].iter(SVG + "svg"))


def test_a_term_shows_its_questions_checks_provisions_and_statements(trees):
    """Giving a copy is asked about, checked, rests on section 116ZB(7), and is spoken of in both editions."""
    found = links(section_of(trees, "module-act.html", "GivingACopy"))

    assert {"checks-ICS.html#ICS-19", "checks-ICS.html#ICS-20"} <= set(found)
    assert "provisions.html#ICS-COPY-ICB" in found
    assert any(re.fullmatch(r"statements-2022\.html#2022/\d+", link) for link in found)
    assert any(re.fullmatch(r"statements-2024-\d\.html#2024/\d+", link) for link in found)
    assert any(re.fullmatch(r"questions-\w+(-\d)?\.html#cq036", link) for link in found)


def test_a_question_shows_its_query_and_how_to_run_it(trees):
    """The page of questions gives the text of a stored query whole, and the command that asks it."""
    section = section_of(trees, "questions.html", "cq002")
    file = next((hermit.ROOT / "queries" / "competency").glob("cq002-*.rq"))

    assert file.read_text(encoding="utf-8") == "".join(next(section.iter(HTML + "pre")).itertext())
    assert "icsgraph query strategy-copy-recipients" in [
        "".join(code.itertext()) for code in section.iter(HTML + "code")
    ]


def test_the_command_writes_the_pages(tmp_path: Path, pages):
    """`icsgraph docs build --output DIR` writes what the builder gives, and leaves other files alone."""
    kept = tmp_path / "site" / "CNAME"
    kept.parent.mkdir()
    kept.write_text("kept", encoding="utf-8")

    done = CliRunner().invoke(app, ["docs", "build", "--output", str(kept.parent)], prog_name="icsgraph")

    assert (0, "") == (done.exit_code, done.stdout), done.stderr
    written = {path.name: path.read_text(encoding="utf-8") for path in kept.parent.iterdir()}
    assert {**pages, "CNAME": "kept"} == written


def test_a_folder_that_cannot_be_written_is_said_to_be_one(tmp_path: Path):
    """A file where the folder should be gives E501, exit 2."""
    taken = tmp_path / "taken"
    taken.write_text("", encoding="utf-8")

    done = CliRunner().invoke(app, ["docs", "build", "--output", str(taken)], prog_name="icsgraph")

    assert 2 == done.exit_code
    assert done.stderr.startswith("E501: ")
