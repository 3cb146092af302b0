# SPDX-License-Identifier: Apache-2.0
"""The skeleton of a system's records: what is in it, that it counts for nothing, and that filled in it counts."""

from __future__ import annotations

import itertools
import re
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest
from typer.testing import CliRunner

from icsgraph.cli import app
from icsgraph.law import check
from icsgraph.law.forms import prologue, read_form, row_text
from icsgraph.law.template import as_turtle, template
from icsgraph.model.errors import LoadError, LookupFailed
from icsgraph.model.namespaces import ICS, OWL, RDF, RDFS, SCHEME
from icsgraph.opening import open_graph
from icsgraph.store import shipped
from icsgraph.store.select import rows, text

DAY = date(2024, 6, 1)
BODIES = Path(__file__).resolve().parents[2] / "data" / "examples" / "northshire" / "01-bodies-and-areas.ttl"
FORMS = shipped.files("queries/template", "*.rq")


@pytest.fixture(scope="module")
def england():
    """The packaged graph in the days of 42 boards."""
    return open_graph(as_at=DAY)


@pytest.fixture(scope="module")
def frimley(england):
    """The template of Frimley, whose counties lie in neighbours' areas too."""
    return template(england.store, "QNQ", DAY)


@pytest.fixture(scope="module")
def northshire(tmp_path_factory):
    """The template of an invented system, whose bodies are in a file of their own, as a folder."""
    opened = open_graph(BODIES, as_at=DAY, background=False)
    folder = tmp_path_factory.mktemp("northshire")
    for name, written in as_turtle(template(opened.store, "XN1", DAY, "https://example.org/n/")).items():
        (folder / name).write_text(written, encoding="utf-8")
    return folder


def filled(folder, into):
    """Do what the head of each file says: write the class, take away the marks, put in a date for each date."""
    into.mkdir()
    for path in folder.glob("*.ttl"):
        written = path.read_text(encoding="utf-8").replace("a ics:RowToFill ; ics:rowFor ", "a ")
        written = re.sub(r"(?m)^#   ", "    ", written).replace("YYYY-MM-DD", "2022-12-01")
        written = re.sub(r'(?m)^ *ics:lastDay "2022-12-01".*\n', "", written)
        written = written.replace('ics:periodTo "2022-12-01"', 'ics:periodTo "2028-03-31"')
        numbers = itertools.count()
        written = re.sub("WHO-SITS-THERE", lambda _: f"person-{path.stem}-{next(numbers)}", written)  # noqa: B023
        (into / path.name).write_text(written, encoding="utf-8")
    return into


def subjects(findings):
    """Give what findings are about."""
    return {(f.constraint, f.focus, f.value, f.condition) for f in findings}


def quads_of(made):
    """Parse every file of a template."""
    return [
        quad for written in as_turtle(made).values() for quad in ox.parse(written.encode(), format=ox.RdfFormat.TURTLE)
    ]


def test_every_statutory_body_of_the_system_has_its_rows(england, frimley):
    """Parties and seats for board and five authorities; copies for them and for the three boards of their areas."""
    store = ox.Store()
    store.bulk_extend(ox.Quad(*triple) for triple in quads_of(frimley))

    def having(kind, prop):
        asked = f"SELECT DISTINCT ?b WHERE {{ ?row ics:rowFor ics:{kind} ; ics:{prop} ?b }}"
        return {text(row["b"]).rpartition("/")[2] for row in rows(store, asked)}

    authorities = {"E06000036", "E06000039", "E06000040", "E10000014", "E10000030"}
    assert authorities | {"QNQ"} == having("PartyRecord", "party")
    assert authorities | {"QNQ"} <= having("Membership", "appointedBy")
    assert authorities | {"QNQ", "QRL", "QXU"} <= having("GivingACopy", "toRecipient")
    assert authorities == having("JointStrategicNeedsAssessmentVersion", "forAuthority")
    assert authorities == having("JointLocalHealthAndWellbeingStrategyVersion", "forAuthority")
    assert authorities | {"QNQ"} == having("Section75Arrangement", "party")
    assert {"2024", "2023-06-15"} == having("HavingRegard", "regardTo") - {"strategy-version-1"}


def test_rows_are_valid_turtle_and_of_no_class_of_records(frimley):
    """Everything that has a class in the files is a row to fill in."""
    found = quads_of(frimley)

    assert {ICS + "RowToFill"} == {quad.object.value for quad in found if quad.predicate.value == RDF + "type"}
    assert len(found) > 500
    assert any("YYYY-MM-DD" in written for written in as_turtle(frimley).values())
    assert not any("YYYY-MM-DD" in str(quad) for quad in found)


def test_rows_are_given_as_values_for_other_forms(frimley):
    """Whoever makes a workbook of it finds class, subject, properties, values and hints apart."""
    section = next(s for s in frimley.sections if s.name == "06-publishing-and-copies")
    row = section.rows[1]
    fields = {field.property.removeprefix(ICS): field for field in row.fields}

    assert ICS + "GivingACopy" == row.kind
    assert (False, "the day on which it was given") == (fields["onDate"].known, fields["onDate"].hint)
    assert fields["toRecipient"].known and "authority:" in fields["toRecipient"].value


def test_a_template_counts_for_nothing(northshire, tmp_path):
    """The check finds of it what it finds of an empty set of records of that system: all that is not on record yet."""
    store = open_graph(northshire, as_at=DAY, background=False).store
    scope = {text(row["s"]) for row in rows(store, "SELECT DISTINCT ?s WHERE { ?p ics:namesSystem true . ?r ?p ?s }")}
    empty = tmp_path / "empty.ttl"
    empty.write_text(
        "".join(f"<https://example.org/n/x> <{ICS}forSystem> <{system}> .\n" for system in sorted(scope)),
        encoding="utf-8",
    )
    reports = [check(open_graph(BODIES, path, as_at=DAY, background=False)) for path in (northshire, empty)]

    assert subjects(reports[1].findings) == subjects(reports[0].findings)
    assert {"Info"} == {f.severity for f in reports[0].findings}
    assert {"ICP-02", "ICS-01", "JSNA-01", "JFP-01"} <= {f.constraint for f in reports[0].findings}


def test_a_template_filled_in_is_on_record(northshire, tmp_path):
    """With every row filled in there is no error of form, and members, copies, publication and the rest are there."""
    folder = filled(northshire, tmp_path / "filled")
    opened = open_graph(BODIES, folder, as_at=DAY, background=False)
    findings = check(opened).findings
    asked_before = {"ICP-02", "ICP-03", "ICP-04", "ICS-01", "JSNA-01", "HWB-01", "HWB-03"}
    asked_of_them = {"ICS-08", "ICS-11", "ICS-12", "ICS-15", "ICS-18", "ICS-19", "ICS-20", "JSNA-03", "JSNA-04",
                     "JSNA-05", "JSNA-06", "JLH-06", "JLH-07", "S75-01", "S75-02"}  # fmt: skip
    lacking = {f.constraint for f in findings}

    assert [] == [f.message for f in findings if not f.constraint[0].isupper()]
    assert set() == lacking & (asked_before | asked_of_them)


def test_a_board_that_has_ended_is_refused_with_its_successors():
    """Frimley ended on 31 March 2026; the message names the three boards that came after."""
    done = CliRunner().invoke(app, ["--as-at", "2026-06-01", "template", "--system", "QNQ", "--output", "nowhere"])

    assert 2 == done.exit_code
    assert all(word in done.stderr for word in ("E404", "QRL", "S9B9J", "S0E4D"))
    assert not Path("nowhere").exists()


def test_files_that_are_there_are_not_written_over(tmp_path):
    """Without --force nothing changes, not even the files that are not there; with it, all are written."""
    kept = tmp_path / "05-adopting-the-strategy.ttl"
    kept.write_text("mine", encoding="utf-8")
    arguments = ["--as-at", "2024-06-01", "template", "--system", "QRL", "--output", str(tmp_path)]
    refused = CliRunner().invoke(app, arguments)

    assert (2, "mine", [kept]) == (refused.exit_code, kept.read_text(encoding="utf-8"), list(tmp_path.iterdir()))
    assert "E502" in refused.stderr
    assert 0 == CliRunner().invoke(app, [*arguments, "--force"]).exit_code
    assert "mine" != kept.read_text(encoding="utf-8")
    assert 12 == len(list(tmp_path.iterdir()))


@pytest.mark.parametrize("base", ["records", "https://example.org/records", "https://example.org/a b/"])
def test_a_namespace_must_be_one(england, base):
    """What is no IRI, or has no end at which a name can be put, is refused."""
    with pytest.raises(LookupFailed) as error:
        template(england.store, "QRL", DAY, base)

    assert "E436" == error.value.code


def test_every_term_of_the_forms_is_declared(england):
    """A misspelt class or property in a form would make records that nothing looks at."""
    declared = {
        text(row["t"])
        for row in rows(england.store, f"SELECT DISTINCT ?t WHERE {{ ?t a ?k FILTER(STRSTARTS(STR(?k), '{OWL}')) }}")
    }
    used = set()
    for form in map(read_form, FORMS):
        for _, _, lines in form.blocks:
            for line in lines:
                terms = re.findall(r"(?<![\w<])(?:ics|org|rdfs):\w+", f"{line.predicate} {line.object}")
                used |= {form.prefixes[t.partition(":")[0]] + t.partition(":")[2] for t in terms}

    assert set() == {term for term in used if not term.startswith(RDFS)} - declared


def test_every_concept_of_the_forms_is_there(england):
    """Concepts that forms write, and those that they propose, are in the graph."""
    used = {c for path in FORMS for c in re.findall(rf"<({SCHEME}[^>]+)>", path.read_text("utf-8"))}
    asked = "SELECT ?c WHERE { ?c a ?k . FILTER(?k IN (skos:Concept, skos:ConceptScheme)) }"
    known = {text(row["c"]) for row in rows(england.store, asked)}

    assert set() == used - known


def test_a_name_that_runs_over_lines_stays_in_its_comment(tmp_path):
    """A label with a line break must not end the comment in which it stands, nor the string."""
    path = tmp_path / "form.rq"
    path.write_text(
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\nPREFIX ics: <https://w3id.org/icsgraph/def/>\n"
        "CONSTRUCT {\n  # Of {?name}\n  ?new a ics:Body ;\n    rdfs:label ?name .  # {?name}\n}\n"
        'WHERE {\n  BIND (<http://e.org/x> AS ?new) BIND ("one\\ntwo ; <b> <c> ." AS ?name)\n}\n',
        encoding="utf-8",
    )
    (row,) = read_form(path).rows(ox.Store(), {}, "http://e.org/")
    body = row_text(row, ("a ics:Body",), comment_out=False)
    found = list(ox.parse((prologue(body, "http://e.org/") + body).encode(), format=ox.RdfFormat.TURTLE))

    assert {"one\ntwo ; <b> <c> ."} == {t.object.value for t in found if t.predicate.value == RDFS + "label"}
    assert 2 == len(found)


@pytest.mark.parametrize("written", ["CONSTRUCT {\n  ?x a ics:Adoption\n}\nWHERE { }", "SELECT * WHERE { }"])
def test_a_form_of_another_layout_is_refused(tmp_path, written):
    """A line without its end, and a query that constructs nothing, are no form."""
    path = tmp_path / "form.rq"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(LoadError) as error:
        read_form(path)

    assert "E106" == error.value.code
