# SPDX-License-Identifier: Apache-2.0
"""SHACL validation, set at a time: shapes compiled to SPARQL, beside pySHACL as reference. Knows nothing of health.

>>> import pyoxigraph as ox
>>> data = ox.Store()
>>> data.load('''<urn:a> a <urn:Thing> .'''.encode(), format=ox.RdfFormat.TURTLE)
>>> shapes = read_shapes(ox.parse('''
...     PREFIX sh: <http://www.w3.org/ns/shacl#>
...     <urn:shape> a sh:NodeShape ; sh:targetClass <urn:Thing> ; sh:property <urn:named> .
...     <urn:named> sh:path <urn:name> ; sh:minCount 1 ; sh:message "It has no name." .
... '''.encode(), format=ox.RdfFormat.TURTLE))
>>> [str(result.message) for result in validate(data, compile_shapes(shapes))]
['It has no name.']
"""

from __future__ import annotations

from icsgraph.shacl.compiled import Check, Compiled, CompiledQuery, Refusal, TargetShape
from icsgraph.shacl.compiler import compile_shapes, digest_of
from icsgraph.shacl.model import Shape, Shapes
from icsgraph.shacl.reference import Difference, compare, pyshacl_validate
from icsgraph.shacl.results import Result, Results, ShapeRun, report_graph
from icsgraph.shacl.run import Progress, Row, Runner, StoreRunner, validate
from icsgraph.shacl.shapes import read_shapes

__all__ = [
    "Check",
    "Compiled",
    "CompiledQuery",
    "Difference",
    "Progress",
    "Refusal",
    "Result",
    "Results",
    "Row",
    "Runner",
    "Shape",
    "ShapeRun",
    "Shapes",
    "StoreRunner",
    "TargetShape",
    "compare",
    "compile_shapes",
    "digest_of",
    "pyshacl_validate",
    "read_shapes",
    "report_graph",
    "validate",
]
