# SPDX-License-Identifier: Apache-2.0
"""Query text to a tree: rdflib's grammar reads it, :mod:`icsgraph.algebra.convert` makes the nodes.

Where the text is no query, it is read a second time for the furthest point that makes sense: pyparsing reports the
beginning of the outermost rule that failed, and pyoxigraph the beginning of the clause.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

from icsgraph.algebra.convert import Converter
from icsgraph.algebra.convert_terms import NoBase, NotDeclared, NotStandard
from icsgraph.algebra.errors import QuerySyntaxError, UndeclaredPrefix, UpdateRefused
from icsgraph.algebra.grammar import furthest_failure, grammar
from icsgraph.algebra.nodes import Query
from icsgraph.algebra.tokens import for_rdflib, line_and_column, open_brackets, prefix_places, token_at

_LABEL = re.compile(r"_:([\w\-]+)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?![\w-])")
_WORD_BEFORE = re.compile(r"(?<![\w:?$<\"'])([A-Za-z]\w*)\s*$")
_KEYWORDS = ("FILTER", "OPTIONAL", "UNION", "BIND", "VALUES", "MINUS", "GRAPH", "SERVICE", "SELECT", "EXISTS", "WHERE")
_AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")
# More than this many things that could stand in a place say nothing to a reader.
_FEW = 6


def parse_query(text: str, prefixes: Mapping[str, str] | None = None, base: str | None = None) -> Query:
    """Read one SPARQL 1.1 query.

    Args:
        text: The query.
        prefixes: Namespaces by prefix, for prefixes that the query does not declare itself.
        base: What relative IRIs are resolved against where the query has no BASE.

    Raises:
        QuerySyntaxError: The text is no query.
        UndeclaredPrefix: A prefix is neither declared nor among ``prefixes``.
        UpdateRefused: The text is an update.

    Example:
        >>> parse_query("ASK { ?s ?p 1 }").where.elements[0].object.lexical
        '1'
    """
    from pyparsing import ParseException

    try:
        raw = grammar().Query.parse_string(for_rdflib(text).text, parse_all=True)
        return Converter(prefixes or {}, base, frozenset(_LABEL.findall(text))).query(raw)
    except ParseException as error:
        _refuse_update(text)
        raise _syntax_error(text) from error
    except RecursionError as error:
        what, mend = "the query is nested too deeply to be read", "Split it, or write the nested parts side by side."
        raise QuerySyntaxError(1, 1, "", what, mend) from error
    except NotDeclared as error:
        raise _undeclared(text, error.prefix, error.known) from error
    except NoBase as error:
        at = max(text.find(f"<{error.iri}>"), 0)
        what, mend = f"<{error.iri}> is relative and the query has no BASE", "Write the whole IRI, or add BASE <…>."
        raise QuerySyntaxError(*line_and_column(text, at), f"<{error.iri}>", what, mend) from error
    except NotStandard as error:
        raise QuerySyntaxError(1, 1, "", f"{error} is not SPARQL 1.1", "Leave it out.") from error
    except ValueError as error:  # a node that cannot be, such as a row of VALUES that is too short
        raise QuerySyntaxError(1, 1, "", str(error), "Correct it and run the query again.") from error


def _refuse_update(text: str) -> None:
    from pyparsing import ParseException

    try:
        update = grammar().UpdateUnit.parse_string(for_rdflib(text).text, parse_all=True)[0]
    except (ParseException, RecursionError):
        return
    if update.request:
        names = dict.fromkeys(
            re.sub(r"(?<=[a-z])(?=[A-Z])", " ", operation.name).upper() for operation in update.request
        )
        raise UpdateRefused(tuple(name.replace("MODIFY", "DELETE/INSERT") for name in names))


def _syntax_error(text: str) -> QuerySyntaxError:
    if not text.strip():
        return QuerySyntaxError(1, 1, "", "the query is empty", "Write a SELECT, ASK, CONSTRUCT or DESCRIBE query.")
    rewritten = for_rdflib(text)
    reached, expected = furthest_failure(rewritten.text)
    offset = rewritten.source_offset(reached)
    line, column = line_and_column(text, offset)
    token = token_at(text, offset)
    if token:
        before = _WORD_BEFORE.search(text[:offset])
        if before and expected == (":",):  # the word was taken for a prefix that lacks its colon
            line, column = line_and_column(text, before.start(1))
            declaring = re.search(r"(?i)\bPREFIX\s*$", text[: before.start(1)])
            mend = f"Write a colon after it: PREFIX {before[1]}: <…>" if declaring else _mend_word(before[1])
            return QuerySyntaxError(line, column, before[1], f"{before[1]!r} cannot stand here", mend)
        day = _DAY.match(text, max(offset - len("2022"), 0))
        mend = _mend_after(before[1].upper() if before else "", token) or _mend(token, expected)
        mend = f'A day needs quotation marks and its datatype: "{day[0]}"^^xsd:date.' if day else mend
        return QuerySyntaxError(line, column, token, f"{token!r} cannot stand here", mend)
    closing = "".join({"{": "}", "(": ")", "[": "]"}[bracket] for bracket in reversed(open_brackets(text)))
    mend = f"Close what is open: {closing}" if closing else "Add what is missing, such as { … } with a pattern."
    return QuerySyntaxError(line, column, "", "the query ends before it is complete", mend)


def _mend_word(word: str) -> str:
    """What a bare word in a pattern was likely meant to be: a keyword, or a name with a prefix."""
    if near := difflib.get_close_matches(word.upper(), _KEYWORDS, n=1, cutoff=0.7):
        return f"Did you mean {near[0]}?"
    return f"A name needs a prefix, such as ex:{word}; a text needs quotation marks, a variable a question mark."


def _mend_after(before: str, token: str) -> str:
    """What is missing at a token after a keyword, where that can be said; else nothing."""
    if before in ("FILTER", "HAVING") and token[0] in "?$":
        return f"Put the condition in brackets: {before} ({token} …)."
    if before in ("LIMIT", "OFFSET"):
        return f"{before} takes a whole number."
    if token.upper() in _AGGREGATES:
        return f"Put what is worked out in brackets, with a name: ({token.upper()}(…) AS ?name)."
    return ""


def _mend(token: str, expected: tuple[str, ...]) -> str:
    if near := difflib.get_close_matches(token.upper(), [word for word in expected if word.isalpha()], n=1):
        return f"Did you mean {near[0]}?"
    if token[0] in "\"'" and (len(token) < 2 or token[-1] != token[0]):
        return "The quotation mark has no partner, or the string has an escape that SPARQL does not have."
    if 1 <= len(expected) <= _FEW:
        return f"Here could stand: {'  '.join(expected)}"
    return "Look at what stands there and just before it: a bracket, a full stop or a keyword is wrong or missing."


def _undeclared(text: str, prefix: str, known: tuple[str, ...]) -> UndeclaredPrefix:
    at = next(prefix_places(text, prefix), 0)
    near = difflib.get_close_matches(prefix.lower(), [name for name in known if name], n=3, cutoff=0.5)
    return UndeclaredPrefix(*line_and_column(text, at), prefix, tuple(near), known)
