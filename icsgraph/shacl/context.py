# SPDX-License-Identifier: Apache-2.0
"""What the parts of the compiler share while one catalogue of shapes is compiled."""

from __future__ import annotations

from dataclasses import dataclass, field

from icsgraph.algebra.nodes import IRI
from icsgraph.shacl.expressions import Names
from icsgraph.shacl.model import Shapes

CLASSES = "urn:x-shacl:classes:"
CLASS_ROWS = "urn:x-shacl:class-rows:"
THIS = "urn:x-shacl:this"


@dataclass
class Context:
    """``slots`` are the classes whose subclasses are filled in when a query is run: the data says which they are.

    A query names a slot by an IRI of its own, ``urn:x-shacl:classes:0`` in a list of choices and
    ``urn:x-shacl:class-rows:0`` in VALUES. Filling in beats ``rdf:type/rdfs:subClassOf*`` by three to five times.
    """

    shapes: Shapes
    names: Names = field(default_factory=Names)
    slots: list[str] = field(default_factory=list)
    patterns: list[tuple[str, str]] = field(default_factory=list)

    def classes(self, cls: str) -> IRI:
        return IRI(f"{CLASSES}{self._slot(cls)}")

    def class_rows(self, cls: str) -> IRI:
        return IRI(f"{CLASS_ROWS}{self._slot(cls)}")

    def _slot(self, cls: str) -> int:
        if cls not in self.slots:
            self.slots.append(cls)
        return self.slots.index(cls)
