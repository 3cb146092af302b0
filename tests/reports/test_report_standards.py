# SPDX-License-Identifier: Apache-2.0
"""Reports as other programs' standards have them: JUnit as build servers take it, a validation report as SHACL says."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as Xml

import pyshacl
from rdflib import Graph

from icsgraph.reports.findings import FORMATS

# What the schema of Jenkins' xUnit plugin (JUnit 10) allows each element, so far as icsgraph writes it.
ALLOWED = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped", "time", "file"}, {"properties", "testcase"}),
    "properties": (set(), {"property"}),
    "property": ({"name", "value"}, set()),
    "testcase": ({"name", "classname", "time"}, {"skipped", "error", "failure"}),
    "skipped": ({"message", "type"}, set()),
    "error": ({"message", "type"}, set()),
    "failure": ({"message", "type"}, set()),
}
# Section 3.6 of the recommendation: what a report and each of its results must have, and may have once.
REPORT_SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
[] a sh:NodeShape ; sh:targetClass sh:ValidationReport ;
    sh:property [ sh:path sh:conforms ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:boolean ] ;
    sh:property [ sh:path sh:result ; sh:class sh:ValidationResult ] .
[] a sh:NodeShape ; sh:targetClass sh:ValidationResult ;
    sh:property [ sh:path [ sh:inversePath sh:result ] ; sh:minCount 1 ] ;
    sh:property [ sh:path sh:focusNode ; sh:minCount 1 ; sh:maxCount 1 ] ;
    sh:property [ sh:path sh:resultSeverity ; sh:minCount 1 ; sh:maxCount 1 ;
        sh:in ( sh:Violation sh:Warning sh:Info ) ] ;
    sh:property [ sh:path sh:sourceConstraintComponent ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ;
    sh:property [ sh:path sh:resultPath ; sh:maxCount 1 ; sh:nodeKind sh:BlankNodeOrIRI ] ;
    sh:property [ sh:path sh:value ; sh:maxCount 1 ] ;
    sh:property [ sh:path sh:sourceShape ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:BlankNodeOrIRI ] ;
    sh:property [ sh:path sh:resultMessage ; sh:minCount 1 ; sh:or ( [ sh:datatype xsd:string ]
        [ sh:datatype <http://www.w3.org/1999/02/22-rdf-syntax-ns#langString> ] ) ] .
"""


def test_junit_has_the_elements_and_attributes_of_the_schema(report):
    """An attribute too many makes a strict build server refuse the file; numbers are those of the elements."""
    root = Xml.fromstring(FORMATS["junit"](report))
    amiss = [
        (
            each.tag,
            sorted(set(each.attrib) - ALLOWED[each.tag][0]),
            sorted({c.tag for c in each} - ALLOWED[each.tag][1]),
        )
        for each in root.iter()
    ]

    assert "testsuites" == root.tag
    assert [] == [one for one in amiss if one[1] or one[2]]
    for suite in root.iter("testsuite"):
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
        assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))
    assert len(report.findings) == len(root.findall("testsuite/testcase/failure"))


def test_a_validation_report_is_one_by_the_recommendation(report):
    """pySHACL finds nothing amiss in it; and it would, were a result without a severity."""
    shapes = Graph().parse(data=REPORT_SHAPES, format="turtle")
    made = Graph().parse(data=FORMATS["ttl"](report), format="turtle")
    broken = Graph().parse(data=FORMATS["ttl"](report), format="turtle")
    for each in list(broken.triples((None, None, None)))[:]:
        if each[1].endswith("#resultSeverity"):
            broken.remove(each)
            break

    assert (True, False) == tuple(pyshacl.validate(g, shacl_graph=shapes)[0] for g in (made, broken))


def test_a_report_without_findings_conforms_and_one_with_any_does_not(report):
    """The one word that programs look for is right."""
    none = replace(report, findings=())
    said = [
        bool(next(Graph().parse(data=FORMATS["ttl"](each), format="turtle").objects(None, _conforms())))
        for each in (none, report)
    ]

    assert [True, False] == said


def _conforms():
    from rdflib import URIRef

    return URIRef("http://www.w3.org/ns/shacl#conforms")
