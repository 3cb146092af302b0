# SPDX-License-Identifier: Apache-2.0
"""What validation says beside its results: what was looked at, by which engine, and what was not decided."""

from __future__ import annotations

import subprocess
import sys

import pyoxigraph as ox
import pytest
from graphs import PREFIXES, compiled, local, shapes_of, store_of

from icsgraph.model.errors import ShapesError
from icsgraph.shacl import (
    Compiled,
    StoreRunner,
    compare,
    compile_shapes,
    digest_of,
    pyshacl_validate,
    read_shapes,
    report_graph,
    validate,
)
from icsgraph.shacl.compiled import VERSION
from icsgraph.shacl.graph import ShapesGraph
from icsgraph.shacl.terms import sh

pytestmark = pytest.mark.filterwarnings("ignore")  # of pySHACL and rdflib

DATA = "ex:a a ex:C ; ex:p 1 . ex:b a ex:D . ex:D rdfs:subClassOf ex:C . _:x a ex:C ; ex:p 1, 2, [ ex:p 3 ] ."
SHAPES = """ex:S sh:targetClass ex:C ;
    sh:property [ sh:path ex:p ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:integer ] .
ex:T sh:targetClass ex:Nothing ; sh:class ex:C ."""


class TextRunner:
    """A runner that is no store, as one for an endpoint would be: it gets nothing but text."""

    def __init__(self, store: ox.Store) -> None:
        self.asked: list[str] = []
        self._inner = StoreRunner(store)

    def select(self, sparql: str):
        self.asked.append(sparql)
        return self._inner.select(sparql)


def test_every_target_shape_says_how_many_nodes_it_looked_at():
    """Subclasses count, and a target that finds nothing is told."""
    results = validate(store_of(DATA), compiled(SHAPES))

    assert [("S", 3, "compiled"), ("T", 0, "compiled")] == [
        (local(r.shape), r.focus_nodes, r.engine) for r in results.shapes
    ]
    assert ["T"] == [local(shape) for shape in results.looked_at_nothing]
    assert not results.conforms


def test_both_engines_give_the_same_ids():
    """A finding keeps its id whichever engine finds it, blank nodes and all."""
    store, shapes = store_of(DATA), compiled(SHAPES)
    here, there = validate(store, shapes), validate(store, shapes, engine="pyshacl")

    assert len(here) == 3
    assert [r.id for r in here] == [r.id for r in there]
    assert [(r.shape, r.focus_nodes) for r in here.shapes] == [(r.shape, r.focus_nodes) for r in there.shapes]


def test_ids_do_not_depend_on_labels_of_blank_nodes():
    """The same data and shapes, loaded again, give the same ids."""
    first, second = (validate(store_of(DATA), compiled(SHAPES)) for _ in range(2))

    assert {r.id for r in first} == {r.id for r in second}
    assert len({r.id for r in first}) == len(first)


def test_compiled_shapes_go_to_json_and_back():
    """The whole of it, and the digest counts what is said and not how blank nodes are called."""
    shapes = compiled(SHAPES)

    assert shapes == Compiled.from_json(shapes.to_json())
    assert digest_of(shapes_of(SHAPES)) == shapes.digest
    assert digest_of(shapes_of(SHAPES.replace("maxCount 1", "maxCount 2"))) != shapes.digest


def test_json_of_another_version_is_refused():
    """Old queries are not run as if they were new ones."""
    text = compiled(SHAPES).to_json().replace(f'"version": {VERSION}', '"version": 0')

    with pytest.raises(ShapesError, match="E303"):
        Compiled.from_json(text)


def test_a_compiled_catalogue_runs_without_rdflib(tmp_path):
    """Neither rdflib nor pySHACL nor the SPARQL grammar is imported to run what was compiled before."""
    (tmp_path / "shapes.json").write_text(compiled(SHAPES).to_json(), encoding="utf-8")
    (tmp_path / "data.ttl").write_text(PREFIXES + DATA, encoding="utf-8")
    program = f"""
import sys, pyoxigraph
from icsgraph.shacl import Compiled, validate
store = pyoxigraph.Store()
store.load(path={str(tmp_path / "data.ttl")!r}, format=pyoxigraph.RdfFormat.TURTLE)
text = open({str(tmp_path / "shapes.json")!r}, encoding="utf-8").read()
print(len(validate(store, Compiled.from_json(text))), *({{"rdflib", "pyshacl", "pyparsing"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "3\n"


def test_the_same_queries_run_as_text():
    """A runner that takes text gets the same results as a store."""
    store, shapes = store_of(DATA), compiled(SHAPES)
    runner = TextRunner(store)

    assert [r.id for r in validate(runner, shapes)] == [r.id for r in validate(store, shapes)]
    assert not [text for text in runner.asked if "urn:x-shacl" in text]


def test_progress_counts_every_query():
    """The last call says that all are done: one query for each target, and those that look for violations."""
    calls = []
    validate(store_of(DATA), shapes := compiled(SHAPES), progress=lambda done, all_of: calls.append((done, all_of)))

    every = len(shapes.queries) + len(shapes.targets)

    assert calls[-1] == (every, every)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ex:S sh:targetClass ex:C ; sh:hasValue _:b .", "blank node"),
        ('ex:S sh:targetClass ex:C ; sh:pattern "(?=h)" .', "(?=h)"),
        (
            "ex:S a sh:NodeShape ; sh:nodeKind sh:Literal ; sh:target "
            "[ a sh:SPARQLTarget ; sh:select 'SELECT ?this { ?this a <http://example.org/C> }' ] .",
            "sh:target",
        ),
    ],
)
def test_what_is_not_compiled_is_refused_by_name_and_decided_by_pyshacl(text, reason):
    """The reason is in the compiled form and in the outcome, and so are pySHACL's results."""
    shapes, store = compiled(text), store_of(DATA)
    results = validate(store, shapes)

    assert [reason in refusal.reason for refusal in shapes.refused] == [True]
    assert [("S", "pyshacl")] == [(local(r.shape), r.engine) for r in results.not_compiled]
    assert len(results) == len(pyshacl_validate(store, shapes)) > 0
    assert [("S", None)] == [(local(r.shape), r.engine) for r in validate(TextRunner(store), shapes).undecided]


def test_only_the_refused_shape_goes_to_pyshacl():
    """The others keep their compiled form, and nothing is found twice."""
    text = SHAPES + " ex:R sh:targetClass ex:C ; sh:hasValue _:b ."
    results = validate(store_of(DATA), compiled(text))

    assert {"R": "pyshacl", "S": "compiled", "T": "compiled"} == {local(r.shape): r.engine for r in results.shapes}
    assert compare(results, pyshacl_validate(store_of(DATA), compiled(text))) != ()
    assert len(results) == 3 + 3


def test_a_regular_expression_that_the_engine_cannot_read_is_handed_over():
    """XPath's character classes are unknown to Oxigraph; it says so before the shape is run, not by false findings."""
    shapes = compiled(r"ex:S sh:targetClass ex:C ; sh:pattern '^\\i\\c*$' .")
    results = validate(TextRunner(store_of(DATA)), shapes)

    assert not shapes.refused
    assert ["no regular expression" in run.reason for run in results.undecided] == [True]
    assert not results.conforms


def test_recursion_is_refused_and_the_way_is_named():
    """SHACL leaves recursive shapes undefined, so no engine decides them."""
    shapes = compiled("ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:node ex:T ] . ex:T sh:not ex:S .")
    results = validate(store_of("ex:a a ex:C ."), shapes)

    assert "example.org/T> -> <http://example.org/S>" in shapes.refused[0].reason
    assert [None] == [run.engine for run in results.shapes]
    assert not results.conforms


def test_the_report_is_a_shacl_report():
    """It has a result for each finding, with the path as SHACL describes it, and says whether the data conform."""
    text = "ex:S sh:targetNode ex:a ; sh:property [ sh:path ( ex:p [ sh:inversePath ex:q ] ) ; sh:minCount 1 ] ."
    results = validate(store_of("ex:a ex:p 1 ."), compiled(text))
    quads = report_graph(results)
    index = ShapesGraph(quads)
    paths = [
        index.path(node, path)
        for node in index.predicates[sh("resultPath")]
        for path in index.objects(node, sh("resultPath"))
    ]

    assert [result.path for result in results] == paths
    assert {"false"} == {q.object.value for q in quads if q.predicate == sh("conforms")}
    assert 1 == sum(q.predicate == sh("result") for q in quads)
    assert results.results[0].path_text == "<http://example.org/p>/(^<http://example.org/q>)"


def test_differences_are_named():
    """Each says which side has the finding, and which finding."""
    shapes = compiled(SHAPES)
    more, less = validate(store_of(DATA), shapes), validate(store_of("ex:b a ex:C ; ex:p 1 ."), shapes)
    found = compare(more, less)

    assert {"first"} == {each.only_in for each in found}
    assert len(more) == len(found)
    assert str(found[0]).startswith("only in the first: ")


def test_pyshacl_needs_the_data_here():
    """An endpoint's data are not copied behind the user's back."""
    with pytest.raises(ShapesError, match="E304"):
        validate(TextRunner(store_of(DATA)), compiled(SHAPES), engine="pyshacl")


def test_shapes_can_be_read_from_a_store():
    """A named graph of a store, or its default graph."""
    store = store_of(SHAPES)

    assert digest_of(read_shapes(store)) == digest_of(shapes_of(SHAPES))
    assert compile_shapes(read_shapes(store, graph=ox.NamedNode("urn:none"))).queries == ()
