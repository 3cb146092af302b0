# SPDX-License-Identifier: Apache-2.0
"""What a result says: the author's message with its {?variables} filled in, or a plain sentence where there is none."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyoxigraph as ox

from icsgraph.shacl.model import (
    Closed,
    Constraint,
    Count,
    CustomConstraint,
    HasValue,
    Logic,
    Pair,
    Qualified,
    SparqlConstraint,
    UniqueLang,
    ValueTest,
)
from icsgraph.shacl.terms import Term, plain

_PLACE = re.compile(r"\{[?$](\w+)\}")

_TESTS = {
    "Class": "The value is not of the class {0}.",
    "Datatype": "The value is not a well-formed {0}.",
    "NodeKind": "The value is not of the kind {0}.",
    "MinExclusive": "The value is not greater than {0}.",
    "MinInclusive": "The value is less than {0}, or cannot be compared with it.",
    "MaxExclusive": "The value is not less than {0}.",
    "MaxInclusive": "The value is greater than {0}, or cannot be compared with it.",
    "MinLength": "The value has fewer than {0} characters.",
    "MaxLength": "The value has more than {0} characters.",
    "Pattern": "The value does not match {0}.",
    "LanguageIn": "The value is not in one of the languages {0}.",
    "In": "The value is not one of {0}.",
}
_LOGIC = {
    "Node": "The value does not conform to {0}.",
    "Not": "The value conforms to {0}, and must not.",
    "And": "The value does not conform to each of {0}.",
    "Or": "The value conforms to none of {0}.",
    "Xone": "The value conforms to none, or to more than one, of {0}.",
}
_PAIRS = {
    "Equals": "The value is not shared with {0}.",
    "Disjoint": "The value is a value of {0} too.",
    "LessThan": "The value is not less than each value of {0}.",
    "LessThanOrEquals": "The value is greater than a value of {0}, or cannot be compared with it.",
}


def fill(template: ox.Literal, bindings: Mapping[str, Term]) -> ox.Literal:
    """The message with each {?name} or {$name} replaced by what the name is bound to; other text as it stands."""
    text = _PLACE.sub(lambda m: plain(bindings[m[1]]) if m[1] in bindings else m[0], template.value)
    return ox.Literal(text, language=template.language) if template.language else ox.Literal(text)


def describe(constraint: Constraint, *, least: bool = True) -> str:
    """A plain sentence where the shape has no message; ``least``: of two bounds, the lower is broken."""
    match constraint:
        case ValueTest(name=name, terms=terms):
            return _TESTS[name].format(_names(terms))
        case Logic(name=name, shapes=shapes):
            return _LOGIC[name].format(_names(shapes))
        case Pair(name=name, property=iri):
            return _PAIRS[name].format(iri)
        case Count(name="MinCount", number=number):
            return f"There are fewer than {number} values."
        case Count(number=number):
            return f"There are more than {number} values."
        case Qualified(shape=shape):
            bound = f"fewer than {constraint.least}" if least else f"more than {constraint.most}"
            return f"There are {bound} values that conform to {plain(shape)}."
        case HasValue(value=value):
            return f"The value {plain(value)} is missing."
        case UniqueLang():
            return "A language is used by more than one value."
        case Closed():
            return "The property is not allowed here."
        case SparqlConstraint() | CustomConstraint():
            return "The constraint of the shapes graph is not met."
        case _:
            return "The constraint is not met."


def _names(terms: tuple[Term, ...]) -> str:
    return ", ".join(map(plain, terms))
