# SPDX-License-Identifier: Apache-2.0
"""Constraints on one value alone, each as a condition that is true or false and never an error.

Source: https://www.w3.org/TR/shacl/#core-components-value-type, -range, -string and -others
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from icsgraph.algebra.nodes import (
    FALSE,
    IRI,
    TYPE,
    Comparison,
    Expression,
    Filter,
    In,
    Literal,
    Triple,
    Variable,
)
from icsgraph.algebra.nodes import Term as TreeTerm
from icsgraph.model.namespaces import RDF, SH
from icsgraph.shacl.datatypes import well_formed
from icsgraph.shacl.expressions import at_most, call, conjunction, disjunction, exists, integer, negation, same
from icsgraph.shacl.model import ValueTest
from icsgraph.shacl.terms import Refused, Term, to_tree

if TYPE_CHECKING:
    from icsgraph.shacl.context import Context

RANGES = {"MinExclusive": "<", "MinInclusive": "<=", "MaxExclusive": ">", "MaxInclusive": ">="}
_NOT_XPATH = re.compile(r"\(\?|\\[1-9]")


def value_test(test: ValueTest, value: TreeTerm, context: Context) -> Expression:
    """Whether the value meets the constraint."""
    term = _variable_or_term(value)
    first = test.terms[0] if test.terms else None
    match test.name:
        case "Class":
            return has_class(value, _iri(first), context)
        case "Datatype":
            return _datatype(term, _iri(first))
        case "NodeKind":
            return _node_kind(term, _iri(first).removeprefix(SH))
        case "In":
            return one_of(term, test.terms)
        case "MinLength" | "MaxLength":
            length = call("STRLEN", call("STR", term))
            operator = ">=" if test.name == "MinLength" else "<="
            limit = integer(int(_literal(first).value))
            return conjunction((negation(call("isBLANK", term)), Comparison(operator, length, limit)))  # type: ignore[arg-type]
        case "Pattern":
            return _pattern(term, _literal(first).value, test.flags, context)
        case "LanguageIn":
            tags = (Literal(_literal(tag).value) for tag in test.terms)
            ranges = disjunction(call("LANGMATCHES", call("LANG", term), tag) for tag in tags)
            return conjunction((call("isLITERAL", term), ranges))
        case _:
            return _range(term, test.name, _literal(first))


def has_class(value: TreeTerm, cls: str, context: Context) -> Expression:
    """Whether the value is of the class or one below it. The classes below are filled in when the query is run."""
    kind = context.names.fresh()
    return exists(Triple(value, TYPE, kind), Filter(In(kind, (context.classes(cls),))))


def one_of(value: Expression, terms: tuple[Term, ...]) -> Expression:
    """Whether the value is one of the terms themselves: ``IN`` compares values, which is the same for IRIs only."""
    trees = [to_tree(term) for term in terms]
    iris = tuple(tree for tree in trees if isinstance(tree, IRI))
    literals = [same(value, tree) for tree in trees if isinstance(tree, Literal)]
    return disjunction(((In(value, iris) if iris else FALSE), *literals))


def comparable(left: Expression, operator: str, right: Expression) -> Expression:
    """Whether two terms compare so; false where SPARQL does not define the comparison.

    Oxigraph also orders text with a language, and calls two IRIs equal: both are outside SPARQL's operators.
    """
    terms = (term for term in (left, right) if not isinstance(term, Literal))
    plain = (conjunction((call("isLITERAL", term), Comparison("=", call("LANG", term), Literal("")))) for term in terms)
    return conjunction((*plain, at_most(left, operator, right)))


def _range(value: Expression, name: str, limit: ox.Literal) -> Expression:
    tree = to_tree(limit)
    if limit.language:
        return FALSE
    return comparable(tree, RANGES[name], value)


def _datatype(value: Expression, datatype: str) -> Expression:
    is_of_it = Comparison("=", call("DATATYPE", value), IRI(datatype))
    if datatype == RDF + "langString":
        is_of_it = Comparison("!=", call("LANG", value), Literal(""))
    return conjunction((call("isLITERAL", value), is_of_it, well_formed(value, datatype)))


def _node_kind(value: Expression, kind: str) -> Expression:
    tests = {"IRI": "isIRI", "BlankNode": "isBLANK", "Literal": "isLITERAL"}
    if kind in tests:
        return call(tests[kind], value)
    (left_out,) = (test for name, test in tests.items() if name not in kind.split("Or"))
    return negation(call(left_out, value))


def _pattern(value: Expression, pattern: str, flags: str | None, context: Context) -> Expression:
    if _NOT_XPATH.search(pattern):
        raise Refused(f"sh:pattern {pattern!r} uses groups or references that SPARQL's regular expressions do not have")
    context.patterns.append((pattern, flags or ""))
    arguments = (call("STR", value), Literal(pattern), *((Literal(flags),) if flags else ()))
    return conjunction((negation(call("isBLANK", value)), call("REGEX", *arguments)))


def _variable_or_term(value: TreeTerm) -> Expression:
    if isinstance(value, Variable | IRI | Literal):
        return value
    raise Refused("it tests a blank node of the pattern")


def _iri(term: Term | None) -> str:
    assert isinstance(term, ox.NamedNode)
    return term.value


def _literal(term: Term | None) -> ox.Literal:
    assert isinstance(term, ox.Literal)
    return term
