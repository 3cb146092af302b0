# SPDX-License-Identifier: Apache-2.0
"""The guidance in the graph: every term declared, every link leading somewhere, editions joined to law and checks."""

from __future__ import annotations

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
    elsewhere = f"{ID}icb/"  # boards are described with the England of the graph
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


def test_every_topic_has_a_definition(opened):
    """Topics, roles and the vocabulary are defined; actions and objects speak for themselves."""
    bare = asked(opened, "SELECT ?c WHERE { ?c a skos:Concept FILTER NOT EXISTS { ?c skos:definition ?d } }")
    allowed = (f"{SCHEME}action/", f"{SCHEME}object/", f"{SCHEME}whom-to-involve/")

    assert [] == [iri for iri in bare if not iri.startswith(allowed)]


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
