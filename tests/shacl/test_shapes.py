# SPDX-License-Identifier: Apache-2.0
"""Reading a shapes graph: what is a shape, and which broken rule is named."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from graphs import PREFIXES, local, shapes_of

from icsgraph.model.errors import ShapesError
from icsgraph.shacl import compile_shapes, read_shapes, stably_labelled


def test_a_shape_is_found_by_type_target_parameter_or_reference():
    """A node needs no rdf:type to be a shape."""
    shapes = shapes_of(
        """ex:typed a sh:NodeShape . ex:aimed sh:targetClass ex:C . ex:told sh:class ex:C ; sh:node ex:named .
        ex:list sh:or ( ex:member ) ."""
    )

    assert {"typed", "aimed", "told", "named", "list", "member"} == {local(node) for node in shapes.by_node}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("ex:S a sh:PropertyShape .", "has no sh:path"),
        ("ex:S a sh:NodeShape ; sh:path ex:p .", "a node shape has sh:path"),
        ("ex:S a sh:PropertyShape ; sh:path ex:p, ex:q .", "sh:path has 2 values"),
        ("ex:S a sh:PropertyShape ; sh:path ( ex:p ) .", "a path list has 1 members"),
        ("ex:S a sh:PropertyShape ; sh:path [ ] .", "describes no property path"),
        ("ex:S a sh:PropertyShape ; sh:path _:p . _:p sh:inversePath _:p .", "is no property path"),
        ("ex:S sh:targetClass [] .", "sh:targetClass is"),
        ("ex:S sh:targetNode [] .", "is a blank node"),
        ("ex:S sh:minCount 1 .", "stands on a node shape"),
        ("ex:S sh:path ex:p ; sh:minCount -1 .", "not a whole number"),
        ("ex:S sh:path ex:p ; sh:minCount 1, 2 .", "has 2 values, and may have one"),
        ('ex:S sh:path ex:p ; sh:maxCount "many" .', "not a whole number"),
        ('ex:S sh:class "C" .', "not an IRI"),
        ("ex:S sh:nodeKind ex:Iri .", "is not one of IRI"),
        ("ex:S sh:in ex:list .", "not a well-formed list"),
        ("ex:S sh:in _:l . _:l rdf:first 1 ; rdf:rest _:l .", "not a well-formed list"),
        ("ex:S sh:message 1 ; sh:class ex:C .", "not text"),
        ('ex:S sh:severity "high" ; sh:class ex:C .', "not an IRI"),
        ("ex:S sh:deactivated 1 ; sh:class ex:C .", "not a boolean"),
        ("ex:S sh:property ex:P .", "which has no sh:path"),
        ("ex:S sh:sparql [] .", "has 0 values of sh:select"),
        ("ex:K a sh:ConstraintComponent .", "declares no parameter"),
    ],
)
def test_a_broken_rule_is_named(text, what):
    """The error is E301, and says which rule which shape breaks."""
    with pytest.raises(ShapesError) as caught:
        shapes_of(text)

    assert caught.value.code == "E301"
    assert what in caught.value.what


def test_prefixes_come_from_imported_ontologies_too_and_may_not_clash():
    """A prefix that stands for two namespaces would give one query two meanings."""
    clash = """ex:S sh:sparql [ sh:prefixes ex:, ex:other ; sh:select "SELECT $this { $this ex:p 1 }" ] .
        ex:other sh:declare [ sh:prefix "ex" ; sh:namespace "http://other/"^^xsd:anyURI ] ."""
    with pytest.raises(ShapesError, match="declared for two namespaces"):
        shapes_of(clash)


def test_a_deactivated_shape_is_not_read_further():
    """What a deactivated shape says does not count, not even where it is wrong."""
    shapes = shapes_of("ex:S sh:deactivated true ; sh:targetClass ex:C ; sh:minCount 1 .")

    assert not shapes.with_targets


def test_what_is_compiled_does_not_depend_on_the_labels_of_blank_nodes():
    """A parser invents other labels each time; the compiled text is the same for all that, and so are its bytes."""
    text = """ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:minCount 1 ] ,
        [ sh:path ( ex:q [ sh:inversePath ex:p ] ) ; sh:class ex:D ] , [ sh:path ex:q ; sh:in ( 1 2 ) ] ;
        sh:or ( [ sh:path ex:p ; sh:minCount 1 ] [ sh:path ex:q ; sh:minCount 1 ] ) ."""
    quads = [list(ox.parse((PREFIXES + text).encode(), format=ox.RdfFormat.TURTLE)) for _ in range(4)]

    made = {compile_shapes(read_shapes(stably_labelled(each))).to_json() for each in quads}

    assert len({str(sorted(map(str, each))) for each in quads}) == 4
    assert len(made) == 1
