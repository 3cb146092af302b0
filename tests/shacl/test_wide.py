# SPDX-License-Identifier: Apache-2.0
"""Queries in their wide form find what the others find, and are taken where that is quicker."""

from __future__ import annotations

from unittest.mock import patch

import pyoxigraph as ox
import pytest
from graphs import compiled, store_of
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from test_against_pyshacl import PREFIXES, cls, data_text, prop, quads, value_test

from icsgraph.shacl import Compiled, choosing, compile_shapes, read_shapes, validate

EVERYWHERE = {"MANY": 0, "SHARE": 100}
step = prop | prop.map("[ sh:inversePath {} ]".format)
path = step | st.lists(step, min_size=2, max_size=3).map(lambda steps: f"( {' '.join(steps)} )")
target = st.one_of(
    cls.map("sh:targetClass {}".format),
    prop.map("sh:targetSubjectsOf {}".format),
    prop.map("sh:targetObjectsOf {}".format),
)
limit = st.sampled_from(("sh:minCount 1", "sh:maxCount 1", "sh:minCount 1 ; sh:maxCount 1"))
alternatives = st.tuples(
    prop, st.sampled_from(("sh:or", "sh:and", "sh:xone")), st.lists(value_test | limit, min_size=2, max_size=3)
).map(lambda t: f"{t[1]} ( {' '.join(f'[ sh:property [ sh:path {t[0]} ; {each} ] ]' for each in t[2])} )")
properties = st.tuples(path, st.lists(value_test, max_size=2, unique_by=lambda text: text.split()[0]), limit).map(
    lambda t: f"sh:property [ sh:path {t[0]} ; {' ; '.join((*t[1], t[2]))} ]"
)
shapes_text = st.tuples(
    st.lists(target, min_size=1, max_size=2, unique=True), st.lists(properties | alternatives, min_size=1, max_size=2)
).map(lambda t: f"{PREFIXES}ex:S {' ; '.join(t[0])} ; {' ; '.join(t[1])} .")


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(shapes_text, data_text)
def test_both_forms_find_the_same(shapes, data):
    """The results are the same, each with its id and its message, whichever form is run."""
    store = ox.Store()
    store.extend(quads(data))
    made = compile_shapes(read_shapes(quads(shapes)))
    event("wide" if any(query.wide for query in made.queries) else "none")
    one = validate(store, made)
    with patch.multiple(choosing, **EVERYWHERE):
        other = validate(store, Compiled.from_json(made.to_json()))

    assert [(str(each), each) for each in one] == [(str(each), each) for each in other]


FORMS = {
    "along a path": "sh:property [ sh:path ( ex:p ex:q ) ; sh:class ex:D ; sh:minCount 1 ]",
    "no value needed": "sh:property [ sh:path ex:p ; sh:datatype xsd:string ; sh:maxCount 1 ]",
    "one of several": """sh:or ( [ sh:property [ sh:path ex:p ; sh:class ex:D ] ]
                                 [ sh:property [ sh:path ex:p ; sh:class ex:E ] ] )""",
}


@pytest.mark.parametrize("constraint", FORMS.values(), ids=FORMS)
def test_what_takes_several_lookups_has_a_wide_form(constraint):
    """Several lookups for each node have another form; it finds the faults, and those of the target's nodes alone."""
    made = compiled(f"ex:S sh:targetClass ex:C ; {constraint} .")
    store = store_of("ex:a a ex:C ; ex:p 1 , 2 . ex:b ex:p 3 . ex:c a ex:C ; ex:p ex:d . ex:d a ex:D ; ex:q ex:d .")
    with patch.multiple(choosing, **EVERYWHERE):
        wide = validate(store, made)

    assert [True] == [bool(query.wide) for query in made.queries]
    assert {"http://example.org/a"} == {each.focus.value for each in wide} - {"http://example.org/c"}
    assert validate(store, made).results == wide.results


@pytest.mark.parametrize(
    "shape",
    [
        "sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:minCount 1 ; sh:class ex:D ]",
        "sh:targetNode ex:a ; sh:property [ sh:path ( ex:p ex:q ) ; sh:minCount 1 ]",
        "sh:targetClass ex:C ; sh:property [ sh:path [ sh:oneOrMorePath ex:p ] ; sh:class ex:D ]",
        "sh:targetClass ex:C ; sh:property [ sh:path ( ex:p ex:q ) ; sh:disjoint ex:r ]",
    ],
)
def test_what_gains_nothing_or_cannot_be_read_so_has_one_form(shape):
    """One lookup for each node, nodes that the data may not name, paths that repeat, conditions on node and value."""
    assert [()] == [query.wide for query in compiled(f"ex:S {shape} .").queries]


def test_a_property_is_read_whole_only_for_a_large_share_of_what_has_it():
    """Few focus nodes are looked up one by one; so are many, where far more things have the property than they."""
    made = compiled("ex:S sh:targetClass ex:C ; sh:property [ sh:path ( ex:p ex:q ) ; sh:minCount 1 ] .")
    node = made.targets[0].node
    p, q = "http://example.org/p", "http://example.org/q"

    def chosen(nodes: int, triples: dict[str, int]) -> set[int]:
        return set(choosing.wide_ones(made.queries, {node: nodes}, lambda name, limit: min(triples[name], limit)))

    assert set() == chosen(499, {p: 499, q: 3})
    assert {0} == chosen(500, {p: 4000, q: 4000})
    assert set() == chosen(500, {p: 500, q: 4001})
