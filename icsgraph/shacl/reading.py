# SPDX-License-Identifier: Apache-2.0
"""What a row of a constraint's query means, worked out when it is compiled."""

from __future__ import annotations

from typing import Literal as OneOf

import pyoxigraph as ox

from icsgraph.model.namespaces import SH
from icsgraph.shacl.compiled import Check
from icsgraph.shacl.messages import describe
from icsgraph.shacl.model import Constraint, CustomConstraint, Shape, SparqlConstraint, component_iri
from icsgraph.shacl.terms import Term


def check_for(
    shape: Shape,
    constraint: Constraint,
    *,
    value: OneOf["this", "value"] | None = None,
    path_from_row: bool = False,
    distinguish: str | None = None,
    bound: OneOf["Min", "Max"] | None = None,
) -> Check:
    """The check for a constraint of a shape; ``bound`` says which of the two qualified components it is."""
    component = component_iri(constraint)
    if bound:
        component = f"{SH}Qualified{bound}CountConstraintComponent"
    messages, source = shape.messages, None
    parameters: tuple[tuple[str, Term], ...] = ()
    user_query = isinstance(constraint, SparqlConstraint | CustomConstraint)
    if isinstance(constraint, SparqlConstraint | CustomConstraint):
        messages = constraint.query.messages or messages
    if isinstance(constraint, SparqlConstraint):
        source = constraint.query.node
    if isinstance(constraint, CustomConstraint):
        parameters = tuple((name, term) for name, term in constraint.parameters if term is not None)
    return Check(
        component,
        shape.node,
        source,
        shape.severity,
        None if path_from_row and not user_query else shape.path,
        messages or (ox.Literal(describe(constraint, least=bound != "Max")),),
        None,
        value,
        path_from_row,
        distinguish,
        parameters,
        user_query,
        _ordinal(shape, constraint),
    )


def _ordinal(shape: Shape, constraint: Constraint) -> int:
    """Which of the shape's constraints of this component it is: two of them give two results for one value."""
    alike = [other for other in shape.constraints if component_iri(other) == component_iri(constraint)]
    return alike.index(constraint)
