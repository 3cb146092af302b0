# SPDX-License-Identifier: Apache-2.0
"""Writing, importing, building, reasoning and thinking changes through, from Python: each is seen to succeed."""

from __future__ import annotations

import json
import re
import threading
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyoxigraph as ox
import pytest

import icsgraph

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "data" / "examples" / "northshire-with-faults"
WHATIF = ROOT / "docs" / "how-to" / "whatif.md"
NORTHSHIRE = ROOT / "data" / "examples" / "northshire"
EVENTS = """@prefix ics: <https://w3id.org/icsgraph/def/> . @prefix org: <http://www.w3.org/ns/org#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix icb: <https://w3id.org/icsgraph/id/icb/> .
<https://example.org/e> a ics:SuccessionEvent ; ics:onDate "2025-04-01"^^xsd:date ;
  org:originalOrganization icb:QNQ ; org:resultingOrganization icb:QRL ."""


@pytest.fixture(scope="module")
def england():
    """Give what ships, as at a day in the time of 42 boards."""
    return icsgraph.open(as_at="2025-04-01")


def test_a_split_a_move_and_events(england, tmp_path):
    """Each change of boards that the command knows can be thought through, in every form of the answer."""
    events = tmp_path / "events.ttl"
    events.write_text(EVENTS, encoding="utf-8")
    split = england.what_if(split="QNQ", parts={"QXU": ["E10000030"], "Berkshire East": ["E06000036"]})
    move = england.what_if(move=["E07000216"], into="QNX")
    file = england.what_if(events=events)

    assert {"QNQ", "QXU"} <= {affected.board.code for affected in split.value.affected}
    assert "Berkshire East" in str(split)
    assert "QNX" in {affected.board.code for affected in move.value.affected}
    assert ["QNQ"] == [body.code for body in file.value.ended]
    assert date(2025, 4, 1) == file.value.day
    assert ("table", "md", "json") == file.forms
    assert json.loads(file.written("json"))


def test_a_patch_to_records(tmp_path):
    """The patch of the page on what-if answers the finding that the copy is not on record; the records stay."""
    patch = tmp_path / "late-copy.trig"
    patch.write_text(re.search(r"```trig\n(.*?)```", WHATIF.read_text("utf-8"), re.DOTALL)[1], encoding="utf-8")
    graph = icsgraph.open(EXAMPLE, as_at="2025-06-30", background=False)
    before = [finding.id for finding in graph.validate(constraints=["ICS-19"])]
    told = graph.what_if(patch=patch)

    assert told.value.checked
    assert {"ICS-19"} <= {finding.constraint for finding in told.value.disappeared}
    assert before == [finding.id for finding in graph.validate(constraints=["ICS-19"])]


@pytest.mark.parametrize(
    "wrong",
    [
        {"merge": ["QNQ", "QRL"], "move": ["E07000216"]},
        {"move": ["E07000216"]},
        {"split": "QNQ"},
        {"split": "QNQ", "parts": {"QXU": ["E10000030"]}, "into": "QRL"},
        {"events": "x.ttl", "name": "x"},
        {"into": "QRL"},
    ],
    ids=str,
)
def test_a_change_that_is_not_one_is_refused(england, wrong):
    """Two changes, half a change, and what does not belong to one are named."""
    with pytest.raises(icsgraph.IcsgraphError, match="E435"):
        england.what_if(**wrong)


def test_a_part_is_exported(england, tmp_path):
    """The ending names the format; a part is what is all of what is named; a query can say what to write."""
    one = england.export(tmp_path / "a.ttl", part=icsgraph.Part(systems=["QNQ"], classes=["IntegratedCareBoard"]))
    made = england.export(
        tmp_path / "b.nt", part=icsgraph.Part(construct="CONSTRUCT { ?b a ics:X } { ?b ics:odsCode 'QNQ' }")
    )
    england.export(tmp_path / "tables", "csv", part=icsgraph.Part(classes=["IntegratedCareBoard"], day="2025-04-01"))
    subjects = {q.subject.value for q in ox.parse(path=tmp_path / "a.ttl") if isinstance(q.subject, ox.NamedNode)}

    assert {"https://w3id.org/icsgraph/id/icb/QNQ"} == subjects
    assert one and made
    assert 1 == len((tmp_path / "b.nt").read_text(encoding="utf-8").splitlines())
    assert list((tmp_path / "tables").glob("*.csv"))
    with pytest.raises(icsgraph.IcsgraphError, match="E940"):
        england.export(tmp_path / "a.nonsense")


@pytest.fixture
def store():
    """A store that speaks the graph store protocol, as little of it as is used."""
    held: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = held.get("triples")
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "application/n-triples")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def do_POST(self) -> None:
            held["triples"] = held.get("triples", b"") + self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(204)
            self.end_headers()

        do_PUT = do_POST

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/store"
    server.shutdown()
    server.server_close()


def test_a_part_is_sent(england, store):
    """What was sent is found there, and counted."""
    sent = england.send(store, into="urn:x", part=icsgraph.Part(systems=["QNQ"], classes=["IntegratedCareBoard"]))

    assert sent.statements == sent.after > 5
    assert "all of them found there" in sent.told()


def test_a_template_is_filled_in_and_read_back(england, tmp_path):
    """Records become a workbook, which becomes the same records again; a template counts what is left to do."""
    book = icsgraph.open(NORTHSHIRE, as_at="2025-06-30").template(tmp_path / "n.xlsx", records=[NORTHSHIRE])
    here = icsgraph.open(as_at="2025-06-30", background=False)
    made = here.import_records(*book.files, output=tmp_path / "n.ttl")
    empty = england.template(tmp_path / "frimley", system="Frimley")

    assert (tmp_path / "n.ttl",) == (made.path,)
    assert made.records > 50 and made.triples == sum(1 for _ in ox.parse(path=made.path))
    assert 0 < empty.to_fill <= empty.rows
    assert all(path.suffix == ".ttl" for path in empty.files)
    with pytest.raises(icsgraph.IcsgraphError, match="E502"):
        england.template(tmp_path / "frimley", system="Frimley")


def test_faults_of_sheets_are_values(england, tmp_path):
    """Every fault of a table is listed with its place, and nothing is written."""
    out = tmp_path / "receipts.ttl"
    with pytest.raises(icsgraph.IcsgraphError) as caught:
        england.import_records(ROOT / "docs" / "how-to" / "spreadsheets" / "receipts.csv", output=out, system="QRL")

    assert "E905" == caught.value.code
    assert "Hampshire Conty Council" in {fault.value for fault in caught.value.found.faults}
    assert not out.exists()


def test_a_list_of_the_nhs_becomes_bodies(england, tmp_path):
    """A trust that the graph does not know is described."""
    rows = tmp_path / "etr.csv"
    rows.write_text("Code,Name,Postcode,Open date\nRZZ,INVENTED NHS TRUST,AA1 1AA,20240401\n", encoding="utf-8")
    made = england.import_ods(rows, output=tmp_path / "trusts.ttl")

    assert 1 == made.records
    assert "RZZ" in made.path.read_text(encoding="utf-8")
    with pytest.raises(icsgraph.IcsgraphError, match="E908"):
        england.import_ods(rows.rename(tmp_path / "x.csv"), output=tmp_path / "x.ttl")


def test_a_look_up_becomes_boundaries(england, tmp_path):
    """A small area of a look-up of another year is counted for the board that the look-up gives it."""
    rows = tmp_path / "lookup.csv"
    head = "LSOA21CD,ICB27CD,ICB27CDH,ICB27NM,LAD27CD,LAD27NM"
    board = "E54000050,QHM,NHS North East and North Cumbria Integrated Care Board"
    rows.write_text(f"{head}\nE01011949,{board},E06000001,Hartlepool\n", encoding="utf-8")
    made = england.import_lookup(rows, vintage="2027-04-01", output=tmp_path / "2027.ttl")
    text = made.path.read_text(encoding="utf-8")

    assert 1 == made.records
    assert "2027-04-01" in text and "E54000050" in text and "E06000001" in text


def test_a_store_is_built_once_and_checked(tmp_path):
    """A second build has nothing to do; the store says what it is made of."""
    first = icsgraph.build(NORTHSHIRE, output=tmp_path / "store", background=False)
    again = icsgraph.build(NORTHSHIRE, output=tmp_path / "store", background=False)

    assert [False, True] == [first.unchanged, again.unchanged]
    assert first.manifest.digest == icsgraph.check_store(tmp_path / "store").digest
    built = icsgraph.open(store=tmp_path / "store", as_at="2025-06-30")
    assert 0 < len(built.validate(constraints=["ICS-20"]).coverage)


def test_reasoning_gives_values(england, tmp_path):
    """A contradiction is found without Java, a triple explained, what follows written, a fault of form listed."""
    bad = tmp_path / "bad.ttl"
    bad.write_text(
        "@prefix ics: <https://w3id.org/icsgraph/def/> .\n"
        "<https://example.org/x> a ics:IntegratedCareBoard, ics:LocalAuthority ; ics:noSuchTerm 1 .\n",
        encoding="utf-8",
    )
    graph = icsgraph.open(bad, as_at="2025-04-01", background=False)
    verdict = graph.reasoning.consistency()
    why = england.reasoning.explain("E06000036", "is a", "ics:ResponsibleLocalAuthority")

    assert not verdict.value.is_sound
    assert "Inconsistent" in str(verdict) and not json.loads(verdict.written("json"))["consistent"]
    assert why.value.explained is not None and "unitary authority" in str(why)
    assert "ics:noSuchTerm" in {fault.term for fault in graph.reasoning.faults()} or len(graph.reasoning.faults()) > 0
    with pytest.raises(icsgraph.IcsgraphError, match="E440"):
        _ = icsgraph.open(endpoint="http://127.0.0.1:9/sparql").reasoning


def test_classes_are_put_in_order_and_what_follows_is_given(tmp_path):
    """A class of one's own lies under the one it was put under; a council of one kind is found to be of the wider."""
    own = tmp_path / "own.ttl"
    own.write_text(
        "@prefix ics: <https://w3id.org/icsgraph/def/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "<https://example.org/TownCouncil> a owl:Class ; rdfs:subClassOf ics:CountyCouncil .\n"
        "<https://example.org/x> a <https://example.org/TownCouncil> .\n",
        encoding="utf-8",
    )
    reasoning = icsgraph.open(own, as_at="2025-04-01", background=False).reasoning

    assert "TownCouncil" in reasoning.classify().written("text")
    assert "ResponsibleLocalAuthority" in reasoning.materialise().written("ttl")


def test_a_question_can_be_looked_over_and_its_plan_shown(england):
    """What the command says before it runs a query, and in which form it would run, are values."""
    (advice, *_) = england.check("SELECT ?n { ?b a ics:IntegratedCareBord ; rdfs:label ?n }")
    plan = england.plan("statutory-members", icb="QNQ")

    assert "query:1:18" == advice.where
    assert "icb/QNQ" in str(plan)
    assert [] == list(england.check("SELECT ?n { ?b a ics:IntegratedCareBoard ; rdfs:label ?n }"))


def test_reports_can_be_accepted_and_compared(tmp_path):
    """What is let stand is told apart afterwards; two reports differ by what is gone; both engines agree."""
    graph = icsgraph.open(EXAMPLE, as_at="2025-06-30")
    report = graph.validate(constraints=["ICS-20", "ICS-15"])
    held = report.accept(tmp_path / "accepted.ttl", reason="known", authority="the partnership", expires="2027-01-01")
    old = report.save(tmp_path / "old.json")
    new = graph.validate(constraints=["ICS-20"], cross_check=True).save(tmp_path / "new.json")
    changes = icsgraph.diff(old, new)

    assert report.reaches("Violation") and not held.reaches("Violation")
    assert not graph.validate(constraints=["ICS-20"], baseline=tmp_path / "accepted.ttl").reaches("Violation")
    assert ["removed"] == [change.kind for change in changes]
    assert changes.save(tmp_path / "d.md").read_text(encoding="utf-8").startswith("# From ")
    assert "1 removed" in changes.text()
    assert "ICS-20" in report.text("table", kind="summary")
    assert 1 == json.loads(report.text("json", limit=1))["findings"].__len__()


def test_the_register_says_what_is_checked(england):
    """Every constraint is there, with its state."""
    states = {each.constraint: each.state for each in england.constraints()}

    assert "checked" == states["ICS-20"]
    assert 100 < len(states)


def test_forms_of_what_can_be_read(england, tmp_path):
    """A description can be written in six forms and saved; another form is refused with those that there are."""
    told = england.describe("QNQ")

    assert ("text", "md", "ttl", "jsonld", "mermaid", "svg") == told.forms
    assert told.save(tmp_path / "q.svg").read_text(encoding="utf-8").startswith("<svg")
    assert {"table", "md", "html", "csv", "json"} == set(england.guidance.diff().forms)
    for wrong in (lambda: told.written("pdf"), lambda: england.changes("2025-03-31").text("pdf")):
        with pytest.raises(icsgraph.IcsgraphError, match="E520"):
            wrong()


def test_a_copy_of_the_guidance_is_held_against_the_record(england, tmp_path):
    """A text that holds nothing of the guidance is said to hold nothing of it."""
    text = tmp_path / "copy.txt"
    text.write_text("Nothing of it.\n", encoding="utf-8")
    found = england.guidance.check(text, edition="2024")

    assert {"gone"} == {str(each.outcome) for each in found} or len({str(each.outcome) for each in found}) == 1
    assert 100 < len(found)


def test_pages_of_the_ontology_are_written(england, tmp_path):
    """The first page comes first."""
    pages = england.write_pages(tmp_path / "pages")

    assert "index.html" == pages[0].name
    assert all(page.is_file() for page in pages)


def test_an_endpoint_is_limited():
    """Limits and graphs go with an address, and with nothing else."""
    graph = icsgraph.open(endpoint="http://127.0.0.1:9/sparql", graphs=["urn:x"], max_requests=3, max_seconds=7)

    assert (3, 7, 7) == (graph._endpoint.limits.requests, graph._endpoint.limits.total, graph._endpoint.limits.request)
    with pytest.raises(icsgraph.IcsgraphError, match="E440"):
        icsgraph.open(max_requests=3)
