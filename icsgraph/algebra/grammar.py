# SPDX-License-Identifier: Apache-2.0
"""rdflib's SPARQL grammar as a private copy that loses nothing of the text.

rdflib 7.6 gives numbers in a normal form (``1e0`` as ``1.0``), cannot read ``-1.0`` in a triple, forgets which
property ``!^p`` names, takes the ``?`` of a variable right after a path for a modifier, turns tabs in strings into
spaces, and recurses once for each triple. The copy is a second instance of rdflib's module with those rules replaced;
rdflib itself is left as it is.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

# Parts of the grammar and what it reads: of kinds that carry no types.
Raw: TypeAlias = Any

# The package that holds the grammar is found without running the module twice under its own name.
_MODULE = "rdflib.plugins.sparql.parser"


@functools.cache
def grammar() -> ModuleType:
    """The private copy: ``Query`` and ``UpdateUnit`` are its ways in."""
    return _load()


def furthest_failure(text: str) -> tuple[int, tuple[str, ...]]:
    """How far the text makes sense as a query, and the marks and keywords that could have stood there.

    pyparsing reports where the outermost rule that failed begins, so a third copy of the grammar, loaded only for
    texts that are no query, takes note of every terminal that fails.
    """
    from pyparsing import ParseException

    failures: dict[int, dict[str, None]] = {}
    unit, watched = _load().Query, set[int]()

    def note(text: str, offset: int, element: Raw, error: Exception) -> None:
        wanted = failures.setdefault(offset, {})
        if word := getattr(element, "match", None):
            wanted[str(word)] = None

    _watch(unit, note, watched)
    with contextlib.suppress(ParseException, RecursionError):
        unit.parse_string(text, parse_all=True)
    at = max(failures, default=0)
    return at, tuple(failures.get(at, ()))


def _watch(element: Raw, note: Callable[[str, int, Raw, Exception], None], watched: set[int]) -> None:
    if id(element) in watched:
        return
    watched.add(id(element))
    inner = [*getattr(element, "exprs", ()), *([element.expr] if getattr(element, "expr", None) is not None else [])]
    for each in inner:
        _watch(each, note, watched)
    if not inner:
        element.set_fail_action(note)


def _load() -> ModuleType:
    found = importlib.util.find_spec(_MODULE)
    if found is None or found.origin is None:
        raise ImportError(f"{_MODULE} is not installed")
    spec = importlib.util.spec_from_file_location(f"{_MODULE}_of_icsgraph", Path(found.origin))
    if spec is None or spec.loader is None:
        raise ImportError(f"{found.origin} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    _keep_numbers(module)
    _keep_inverse_properties(module)
    _leave_variables_whole(module)
    _read_triples_in_a_row(module)
    # For a pattern of this name rdflib searches the whole text again, without end where one SERVICE holds another.
    module.ServiceGraphPattern.set_name("Service")
    for unit in (module.Query, module.UpdateUnit):
        unit.parse_with_tabs()
    return module


def _keep_numbers(module: ModuleType) -> None:
    """Give each number as a literal with the characters that stand in the text."""
    for kind in ("INTEGER", "DECIMAL", "DOUBLE"):
        getattr(module, kind).set_parse_action(_exactly(kind, ""))
        for name, sign in (("POSITIVE", "+"), ("NEGATIVE", "-")):
            signed = getattr(module, f"{kind}_{name}")
            signed.exprs[1].set_parse_action(_exactly(kind, ""))
            signed.set_parse_action(_exactly(kind, sign))


def _exactly(kind: str, sign: str) -> Callable[[Raw], Raw]:
    from rdflib import XSD, Literal, URIRef

    datatype: URIRef = XSD[kind.lower()]

    # pyparsing looks at how many arguments an action takes: it is this one and no defaults.
    def action(tokens: Raw) -> Raw:
        return Literal(sign + str(tokens[0]), datatype=datatype, normalize=False)

    return action


def _keep_inverse_properties(module: ModuleType) -> None:
    """Let ``^p`` in a negated property set carry p."""
    for element in _elements(module.PathOneInPropertySet):
        if isinstance(element, module.Comp) and element.name == "InversePath":
            element.expr = module.Suppress("^") + module.Param("part", module.iri | module.A)
            return
    raise ImportError("the grammar of the installed rdflib has no InversePath in a negated property set")


def _leave_variables_whole(module: ModuleType) -> None:
    """Let ``<p>?x`` be a property and a variable: of two tokens that fit, SPARQL takes the longer."""
    alone = module.Regex(r"\?(?!\w)").leave_whitespace()
    for element in _elements(module.PathMod):
        if inner := getattr(element, "exprs", None):
            inner[:] = [alone if getattr(each, "match", "") == "?" else each for each in inner]


def _elements(element: Raw) -> list[Raw]:
    return [element, *(inner for each in getattr(element, "exprs", ()) for inner in _elements(each))]


def _read_triples_in_a_row(module: ModuleType) -> None:
    """Read a block of triples with a loop, so that a long one does not meet Python's recursion limit."""
    for rule, name, triples in (
        (module.TriplesBlock, "triples", module.TriplesSameSubjectPath),
        (module.ConstructTriples, "template", module.TriplesSameSubject),
    ):
        one = module.ParamList(name, triples)
        dot = module.Suppress(".")
        rule <<= one + module.ZeroOrMore(dot + one) + module.Optional(dot)
