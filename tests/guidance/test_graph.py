# SPDX-License-Identifier: Apache-2.0
"""The guidance in the graph: every term declared, every link leading somewhere, editions joined to law and checks."""

from __future__ import annotations

import pytest

from icsgraph.model.namespaces import BASE, ID, SCHEME
from icsgraph.store.select import rows, text


def asked(opened, query):
    """Give the first column of a SELECT as text."""
    return [text(row[0]) for row in rows(opened.store, query)]


def test_every_term_of_ours_is_declared(opened):
    """No property or class of icsgraph is used that the ontology does not have."""
    undeclared = asked(
        opened,
        """SELECT DISTINCT ?term WHERE { { ?s ?term ?o } UNION { ?s a ?term }
             FILTER(STRSTARTS(STR(?term), STR(ics:))) FILTER NOT EXISTS { ?term a ?kind } }""",
    )

    assert [] == undeclared


def test_every_link_leads_somewhere(opened):
    """What statements, norms, changes, passages and concepts point to within icsgraph is described there."""
    elsewhere = tuple(f"{ID}{kind}/" for kind in ("icb", "authority", "trust", "pcn"))  # with the graph's England
    dangling = asked(
        opened,
        f"""SELECT DISTINCT ?o WHERE {{
              VALUES ?kind {{ ics:Statement ics:Norm ics:Change ics:PassageWithoutNorm ics:Section ics:Mention
                ics:CrossReference ics:SummaryPoint ics:CaseStudy ics:CaseStudyFigure skos:Concept }}
              ?s a ?kind ; ?p ?o . FILTER(ISIRI(?o) && STRSTARTS(STR(?o), "{BASE}") && ?p != dcterms:source)
              FILTER NOT EXISTS {{ ?o ?q ?r }} }}""",
    )

    assert [] == [iri for iri in dangling if not iri.startswith(elsewhere)]


def test_the_chain_runs_both_ways(opened):
    """From the provision on copies to partner boards, by statement and norm, to constraint ICS-20, and back."""
    chain = """SELECT ?statement ?norm WHERE { ?statement ics:restsOn id:provision\\/ICS-COPY-ICB .
      ?norm ics:isStatedBy ?statement ; ics:isLaidDownBy id:provision\\/ICS-COPY-ICB .
      icsc:ICS-20 ics:enforces ?norm }"""

    assert {"2022/053", "2022/208", "2024/059", "2024/256"} == {
        iri.partition("/statement/")[2] for iri in asked(opened, chain)
    }


def test_concepts_have_one_label_and_a_scheme(opened):
    """A concept that both editions name is one concept with one preferred label."""
    twice = "SELECT ?c WHERE { ?c skos:prefLabel ?a, ?b FILTER(STR(?a) < STR(?b)) }"
    loose = "SELECT ?c WHERE { ?c a skos:Concept FILTER NOT EXISTS { ?c skos:inScheme ?s } }"

    assert [] == asked(opened, twice)
    assert [] == asked(opened, loose)


@pytest.mark.parametrize(
    "has", ["skos:definition", "skos:notation", "dcterms:source", "skos:broader|skos:topConceptOf"]
)
def test_every_concept_is_explained_and_placed(opened, has):
    """A concept has a definition, a notation and a source, and stands below another or at the top of its scheme."""
    assert [] == asked(opened, f"SELECT ?c WHERE {{ ?c a skos:Concept FILTER NOT EXISTS {{ ?c {has} ?x }} }}")


@pytest.mark.parametrize("has", ["skos:definition", "rdfs:label", "dcterms:source"])
def test_every_scheme_is_explained(opened, has):
    """A list of concepts says what it lists, and whence."""
    assert [] == asked(opened, f"SELECT ?c WHERE {{ ?c a skos:ConceptScheme FILTER NOT EXISTS {{ ?c {has} ?x }} }}")


def test_broader_and_narrower_mirror_each_other_within_a_scheme(opened):
    """What stands below a topic, action, object or entry of the vocabulary is named by it too, in the same scheme."""
    schemes = f'FILTER(STRSTARTS(STR(?s), "{SCHEME}") && REGEX(STR(?s), "/(topic|action|object)$|/guidance/"))'
    one_way = f"""SELECT ?c WHERE {{ ?c skos:broader ?b ; skos:inScheme ?s {schemes}
      FILTER NOT EXISTS {{ ?b skos:narrower ?c ; skos:inScheme ?s }} }}"""

    assert [] == asked(opened, one_way)


def test_a_norm_has_provisions_or_says_that_only_guidance_asks_it(opened):
    """The one or the other of every norm."""
    found = rows(
        opened.store,
        "SELECT ?n ?alone (COUNT(?p) AS ?law) WHERE { ?n a ics:Norm . OPTIONAL { ?n ics:onlyGuidanceAsks ?alone } "
        "OPTIONAL { ?n ics:isLaidDownBy ?p } } GROUP BY ?n ?alone",
    )
    wrong = [text(row["n"]) for row in found if text(row["alone"]) != ("false" if int(text(row["law"])) else "true")]

    assert found
    assert [] == wrong


def test_the_differences_between_guidance_and_act_are_all_told(opened):
    """The twelve points of the law register, each on a norm with what to know."""
    told = asked(opened, "SELECT DISTINCT ?d WHERE { ?n ics:differenceNumber ?d ; ics:note ?note }")

    assert set(range(1, 13)) == {int(number) for number in told}


def test_law_referred_to_and_bodies_to_involve_are_links(opened):
    """Every Act and section named leads to legislation.gov.uk; common law and data protection, without one, do not."""
    law = f"{SCHEME}guidance/legislation-referred-to"
    unlinked = asked(
        opened, f"SELECT ?c WHERE {{ ?c skos:inScheme <{law}> FILTER NOT EXISTS {{ ?c rdfs:seeAlso ?s }} }}"
    )
    wider = f"SELECT ?c WHERE {{ ?c skos:related <{SCHEME}guidance/involvement-category/wider-organisations> }}"

    assert {f"{law}/common-law-duty-of-confidentiality", f"{law}/data-protection-obligations"} == set(unlinked)
    assert {"school", "college", "business"} <= {iri.rpartition("/")[2] for iri in asked(opened, wider)}


def test_actions_and_objects_are_used(opened):
    """A statement or norm names each, or it gathers those below it."""
    idle = f"""SELECT ?c WHERE {{ VALUES ?s {{ <{SCHEME}action> <{SCHEME}object> }} ?c skos:inScheme ?s
      FILTER NOT EXISTS {{ ?x ics:hasAction|ics:hasObject ?c }} FILTER NOT EXISTS {{ ?n skos:broader ?c }} }}"""

    assert [] == asked(opened, idle)


def test_every_statement_has_a_page(opened):
    """To its section where the page shows that edition, else to the document; the edition says why."""
    pages = {
        text(row["s"]): text(row["page"])
        for row in rows(opened.store, "SELECT ?s ?page WHERE { ?s a ics:Statement ; foaf:page ?page }")
    }
    with_section = {iri for iri, page in pages.items() if "#" in page}

    assert set(asked(opened, "SELECT ?s WHERE { ?s a ics:Statement }")) == set(pages)
    assert {iri for iri in pages if "/statement/2024/" in iri} == with_section
    assert 1 == len(asked(opened, "SELECT ?n WHERE { id:guidance\\/2022 ics:note ?n }"))


def test_the_table_of_duties_leads_to_its_parts(opened):
    """Each row of the table of statutory requirements points to a section; footnotes belong to what they explain."""
    section_75 = """SELECT ?section WHERE { ?r ics:belongsToStatement <https://w3id.org/icsgraph/statement/2024/054> ;
      ics:leadsTo ?s . ?s ics:inSection ?section }"""
    footnotes = """SELECT ?s WHERE { ?f ics:mentions <https://w3id.org/icsgraph/scheme/guidance/footnote/2024-8> ;
      ics:belongsToStatement ?s }"""

    assert ["Joint working and section 75 of the National Health Service Act 2006"] == [
        path.rpartition(" > ")[2] for path in asked(opened, section_75)
    ]
    assert ["https://w3id.org/icsgraph/statement/2024/246-d"] == asked(opened, footnotes)


def test_each_case_study_of_2022_is_told_again_or_replaced(opened):
    """Fourteen stand in both editions, hospital discharge in Barnsley gave way, two of 2024 are new."""
    again = asked(opened, "SELECT ?c WHERE { ?c ics:isToldAgainIn ?d }")
    instead = rows(opened.store, "SELECT ?c ?d WHERE { ?c a ics:CaseStudy ; dcterms:isReplacedBy ?d }")
    new = asked(
        opened,
        """SELECT ?c WHERE { ?c a ics:CaseStudy ; ics:passageOf id:guidance\\/2024
             FILTER NOT EXISTS { ?before ics:isToldAgainIn|dcterms:isReplacedBy ?c } }""",
    )
    at = f"{ID}case-study/"

    assert 14 == len(again)
    assert [(f"{at}2022/09", f"{at}2024/10")] == [(text(row[0]), text(row[1])) for row in instead]
    assert {f"{at}2024/01", f"{at}2024/12"} == set(new)


def test_case_studies_lead_to_bodies_and_groups(opened):
    """Sheffield's council and trust are those of the graph; carers are a group of the vocabulary."""
    bodies = asked(opened, "SELECT ?b WHERE { id:case-study\\/2024\\/05 ics:bodyNamed ?b }")
    groups = asked(opened, "SELECT ?g WHERE { id:case-study\\/2024\\/03 ics:concernsGroup ?g }")

    assert {f"{ID}authority/E08000019", f"{ID}trust/TAH"} == set(bodies)
    assert {f"{SCHEME}guidance/population-group/{name}" for name in ("unpaid-carers", "young-carers")} == set(groups)


def test_figures_are_numbers_with_units(opened):
    """34 figures, each of a case study; one rose from 11.6 to 22 per cent."""
    found = rows(
        opened.store, "SELECT ?f ?case ?v ?u WHERE { ?f ics:figureOf ?case ; ics:figureValue ?v ; ics:figureUnit ?u }"
    )
    risen = asked(
        opened,
        """SELECT ?u WHERE { ?f ics:figureValue 22.0 ; ics:baseline 11.6 ; ics:direction "up" ; ics:figureUnit ?u ;
             ics:figureOf id:case-study\\/2024\\/05 }""",
    )

    assert 34 == len(found)
    assert ["per cent"] == risen
