# SPDX-License-Identifier: Apache-2.0
"""Canonical Turtle: the same graph gives the same bytes, and reads back as the same graph."""

import gzip
import random

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from icsgraph.model.namespaces import PREFIXES
from icsgraph.store.canonical import ntriples_gz, turtle

EX = "https://example.org/"


def n(name):
    return NamedNode(EX + name)


def read(text):
    return [q.triple for q in parse(text.encode(), format=RdfFormat.TURTLE)]


def test_the_form_is_fixed():
    """Comment, used prefixes, rdf:type first, sorted predicates and objects, nested blank nodes."""
    node = BlankNode("z")
    triples = [
        Triple(n("b"), n("p"), node),
        Triple(node, n("q"), Literal("1", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))),
        Triple(node, n("r"), Literal('say "x"\n', language="en")),
        Triple(n("b"), NamedNode(PREFIXES["rdf"] + "type"), NamedNode(PREFIXES["ics"] + "Area")),
        Triple(n("a/1"), n("p"), Literal("2022-07-01", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#date"))),
    ]

    assert turtle(triples, prefixes=PREFIXES | {"ex": EX}, comment=["Made."]) == (
        "# Made.\n\n"
        "@prefix ex: <https://example.org/> .\n"
        "@prefix ics: <https://w3id.org/icsgraph/def/> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n\n"
        '<https://example.org/a/1> ex:p "2022-07-01"^^xsd:date .\n\n'
        "ex:b\n    a ics:Area ;\n"
        '    ex:p [\n        ex:q 1 ;\n        ex:r "say \\"x\\"\\n"@en ] .\n'
    )


names = st.sampled_from(["a", "b", "c/d", "e.", "-f", "g"])
literals = st.builds(Literal, st.text(st.characters(exclude_categories=["Cs"]), max_size=8)) | st.sampled_from(
    [Literal("01", datatype=NamedNode(PREFIXES["xsd"] + t)) for t in ("integer", "decimal", "boolean")]
)
blanks = st.sampled_from([BlankNode(label) for label in "xyz"])
subjects = names.map(n) | blanks
graphs = st.lists(st.builds(Triple, subjects, names.map(n), subjects | literals), max_size=12)


@given(graphs, st.randoms())
def test_any_graph_reads_back_and_order_does_not_matter(triples, order):
    """Rings of blank nodes, shared ones, odd names and control characters included."""
    text = turtle(triples, prefixes=PREFIXES | {"ex": EX})
    shuffled = list(triples)
    order.shuffle(shuffled)

    assert text == turtle(shuffled, prefixes=PREFIXES | {"ex": EX})
    assert text == turtle(read(text), prefixes=PREFIXES | {"ex": EX})


def test_large_graphs_are_sorted_lines_without_a_time():
    """Two runs give equal bytes; the comment comes first; the lines are N-Triples."""
    triples = [Triple(n(str(i)), n("p"), Literal(str(i))) for i in range(50)]
    shuffled = random.Random(1).sample(triples, 50)

    assert ntriples_gz(triples, comment=["Made."]) == ntriples_gz(shuffled, comment=["Made."])
    lines = gzip.decompress(ntriples_gz(shuffled, comment=["Made."])).decode().splitlines()
    assert ("# Made.", 51, sorted(lines[1:])) == (lines[0], len(lines), lines[1:])
