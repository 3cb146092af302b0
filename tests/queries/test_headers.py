# SPDX-License-Identifier: Apache-2.0
"""Headers of stored queries against the shape of headers, and the shape against headers that are wrong."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib

from icsgraph.algebra import nodes, parse_query, to_text, transform
from icsgraph.model.errors import QueryError
from icsgraph.opening import open_graph
from icsgraph.queries.allowed import allowed_in, value_of
from icsgraph.queries.described import described
from icsgraph.queries.run import default_prefixes
from icsgraph.queries.stored import read_query
from icsgraph.store import shipped

QUERIES = sorted((shipped.root() / "queries" / "competency").glob("*.rq"))
SHAPE = shipped.root() / "queries" / "header-shape.ttl"
RESULT = rdflib.SH.resultMessage
CASES = Path(__file__).resolve().parents[1] / "cases" / "queries"
FAMILIES = 11  # of the library, each of which its researchers find covered


@cache
def packaged() -> ox.Store:
    """Open what ships."""
    return open_graph().store


@cache
def shape() -> rdflib.Graph:
    """Read the shape once."""
    return rdflib.Graph().parse(SHAPE)


@cache
def known() -> bytes:
    """Give the constraints and norms of the graph with their classes, which the shape looks at."""
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    wanted = [ox.NamedNode(f"https://w3id.org/icsgraph/def/{name}") for name in ("Constraint", "Norm")]
    found = [q.triple for each in wanted for q in packaged().quads_for_pattern(None, kind, each, ox.DefaultGraph())]
    return ox.serialize(found, format=ox.RdfFormat.N_TRIPLES)


def messages(*paths: Path) -> set[str]:
    """Give what the shape says of the headers of some files."""
    triples = [triple for path in paths for triple in described(read_query(path))]
    text = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) + known()
    data = rdflib.Graph().parse(data=text, format="nt")
    _, report, _ = pyshacl.validate(data, shacl_graph=shape(), inplace=True)
    results = report.objects(None, rdflib.SH.result)  # not what they rest on
    return {str(message) for result in results for message in report.objects(result, RESULT)}


def test_every_header_fits_the_shape():
    """All of the library is in form, and something was looked at."""
    assert 100 < len(QUERIES)
    assert set() == messages(*QUERIES)


GOOD = """#+ id: cq999
#+ question: Which things are there of a role, and why?
#+ parameters: {role: {type: iri, values: '?value a ics:Norm', description: the role}, day: {type: date, default: now}}
#+ columns: {thing: the thing, why: the reason for it}
#+ constraint: [ICS-20]
#+ norms: [give-copies]
#+ keywords: [thing]
#+ family: plans
#+ user: researcher
SELECT ?thing ?why { ?thing ics:hasBearer ?role ; ics:rule ?why FILTER (?day > ?why) } ORDER BY ?thing
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("?\n#+ par", "\n#+ par", "The question is one sentence"),
        ("family: plans", "family: miscellany", "The family is one"),
        ("user: researcher", "user: manager", "The user is a researcher"),
        ("#+ user: researcher\n", "", "The user is a researcher"),
        ("[thing]", "[]", "There is at least one keyword"),
        ("thing: the thing, why: the reason for it", "thing: it", "There is at least one column"),
        ("#+ columns: {thing: the thing, why: the reason for it}\n", "", "There is at least one column"),
        (", description: the role", "", "A parameter has"),
        ("values: '?value a ics:Norm', ", "", "A parameter has"),
        ("[ICS-20]", "[ICS-999]", "What is named is a constraint or a norm"),
        ("[give-copies]", "[give-nothing]", "What is named is a constraint or a norm"),
    ],
)
def test_each_condition_of_the_shape_can_fail(tmp_path, old, new, said):
    """A header in form passes; with one thing wrong, that is said and nothing else."""
    path = tmp_path / "cq999-invented.rq"
    path.write_text(GOOD, encoding="utf-8")
    before = messages(path)
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")

    assert set() == before
    assert GOOD != path.read_text(encoding="utf-8")
    assert [True] == [message.startswith(said) for message in messages(path)]


@pytest.mark.parametrize(
    "parameter",
    [(path.stem, p) for path in QUERIES for p in read_query(path).parameters if p.values],
    ids=lambda pair: f"{pair[0]}-{pair[1].name}",
)
def test_the_graph_has_values_for_each_parameter(parameter):
    """A pattern that gives nothing would refuse everything; what only records have, the records of the case have."""
    stem, declared = parameter
    case = CASES / stem.partition("-")[2] / "data.ttl"
    store = packaged()
    if case.exists() and not allowed_in(store)(declared.values):
        store = ox.Store()
        store.load(path=case, format=ox.RdfFormat.TURTLE)
    values = allowed_in(store)(declared.values)

    assert 0 < len(values)
    assert all(len(names) > 0 and names[0] for names in values.values())


def test_every_family_is_covered():
    """No family is empty, and none holds a single query."""
    families = [read_query(path).family for path in QUERIES]

    assert FAMILIES == len(set(families))
    assert [] == [family for family in set(families) if families.count(family) < 3]


def test_a_value_is_named_as_people_name_it():
    """By IRI, prefixed name, end of the IRI and label; what is none of them is refused with near ones, or with why."""
    allowed, roles = allowed_in(packaged()), "?value skos:inScheme <https://w3id.org/icsgraph/scheme/role>"
    role = ox.NamedNode("https://w3id.org/icsgraph/scheme/role/integrated-care-board")

    for typed in (role.value, f"<{role.value}>", "integrated-care-board", "Integrated care board"):
        assert role == value_of(typed, roles, allowed, "q")
    constraint = value_of("icsc:ICS-20", "?value a ics:Constraint", allowed, "q")
    assert ox.NamedNode("https://w3id.org/icsgraph/constraint/ICS-20") == constraint
    assert ox.Literal("ICS-20") == value_of("ics-20", "?c a ics:Constraint ; dcterms:identifier ?value", allowed, "q")
    for typed, pattern, said in (
        ("integrated-care-bord", roles, "integrated-care-board"),
        ("x", "?item ics:inVersion ?value", "--data"),
    ):
        with pytest.raises(QueryError, match="E206") as caught:
            value_of(typed, pattern, allowed, "q")
        assert said in caught.value.mend


def plain(path: Path) -> str:
    """Give a query without filters, constants, names of variables, columns and order: what is left is what it asks."""
    query = read_query(path)
    text = "\n".join(line for line in query.text.splitlines() if not line.startswith("#"))
    tree = parse_query(text, prefixes=default_prefixes(text))
    parameters = {parameter.name for parameter in query.parameters}
    names: dict[str, str] = {}

    def bare(node: nodes.Node) -> nodes.Node:
        if isinstance(node, nodes.Variable):
            if node.name in parameters:
                return nodes.Variable("_")
            return nodes.Variable(names.setdefault(node.name, f"v{len(names)}"))
        return nodes.Literal("_") if isinstance(node, nodes.Literal) else node

    where = re.sub(r"^.*?WHERE", "WHERE", to_text(transform(tree, bare)), count=1, flags=re.DOTALL)
    kept = [line.strip() for line in where.splitlines() if not re.match(r"\s*(FILTER|ORDER|LIMIT|OFFSET)\b", line)]
    return re.sub(r"<[^>]*>", lambda m: m[0] if "/def/" in m[0] or "w3.org" in m[0] else "<_>", " ".join(kept))


def test_no_two_queries_differ_only_by_a_parameter_or_filter():
    """One query with a parameter is better than two that ask the same of other things."""
    same: dict[str, list[str]] = {}
    for path in QUERIES:
        same.setdefault(plain(path), []).append(path.stem)

    assert [] == [stems for stems in same.values() if len(stems) > 1]
    assert len(QUERIES) == len(same)


def test_a_query_that_differs_by_its_filter_is_seen(tmp_path):
    """Another date, another name of a variable and another filter make no other query; another property does."""
    texts = {
        "cq901-a.rq": "SELECT ?a WHERE { ?a ics:rule ?b FILTER (?b > 1) } ORDER BY ?a",
        "cq902-b.rq": "SELECT ?x WHERE { ?x ics:rule ?y FILTER (STRLEN(?y) < 7) }",
        "cq903-c.rq": "SELECT ?x WHERE { ?x ics:title ?y }",
    }
    head = GOOD.partition("SELECT")[0]
    made = []
    for name, text in texts.items():
        path = tmp_path / name
        path.write_text(head.replace("cq999", name[:5]) + text, encoding="utf-8")
        made.append(plain(path))

    assert made[0] == made[1] != made[2]
