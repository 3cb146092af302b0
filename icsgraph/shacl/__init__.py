# SPDX-License-Identifier: Apache-2.0
"""SHACL validation, set at a time: shapes compiled to SPARQL, beside pySHACL as reference. Knows nothing of health.

>>> import pyoxigraph as ox
>>> from icsgraph.shacl import compile_shapes, read_shapes, validate
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

from importlib import import_module
from typing import TYPE_CHECKING

from icsgraph.shacl.compiled import Check, Compiled, CompiledQuery, Refusal, TargetShape
from icsgraph.shacl.results import Result, Results, ShapeRun, report_graph
from icsgraph.shacl.run import Counter, Progress, Row, Runner, StoreRunner, validate

if TYPE_CHECKING:
    from icsgraph.shacl.compiler import compile_shapes, digest_of
    from icsgraph.shacl.labels import stably_labelled
    from icsgraph.shacl.model import Shape, Shapes
    from icsgraph.shacl.reference import Difference, compare, pyshacl_validate
    from icsgraph.shacl.shapes import read_shapes

# Running a catalogue that was compiled before needs none of these, and starts in half the time without them.
_LATER = {
    "Difference": "reference",
    "Shape": "model",
    "Shapes": "model",
    "compare": "reference",
    "compile_shapes": "compiler",
    "digest_of": "compiler",
    "pyshacl_validate": "reference",
    "read_shapes": "shapes",
    "stably_labelled": "labels",
}

__all__ = [
    "Check",
    "Compiled",
    "CompiledQuery",
    "Counter",
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
    "stably_labelled",
    "validate",
]


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
