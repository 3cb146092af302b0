# SPDX-License-Identifier: Apache-2.0
"""The built-in functions of SPARQL 1.1: their spelling and how many arguments each takes."""

from __future__ import annotations

# fmt: off
_NONE = ("RAND", "NOW", "UUID", "STRUUID")
_ONE = (
    "STR", "LANG", "DATATYPE", "BOUND", "IRI", "URI", "ABS", "CEIL", "FLOOR", "ROUND", "STRLEN", "UCASE",
    "LCASE", "ENCODE_FOR_URI", "YEAR", "MONTH", "DAY", "HOURS", "MINUTES", "SECONDS", "TIMEZONE", "TZ", "MD5",
    "SHA1", "SHA256", "SHA384", "SHA512", "isIRI", "isURI", "isBLANK", "isLITERAL", "isNUMERIC",
)
_TWO = (
    "LANGMATCHES", "CONTAINS", "STRSTARTS", "STRENDS", "STRBEFORE", "STRAFTER", "STRLANG", "STRDT", "sameTerm",
)
# fmt: on

# Each name with the least and the greatest number of arguments; None: no bound. Aggregates and EXISTS are nodes.
# Source: https://www.w3.org/TR/sparql11-query/#rBuiltInCall
BUILT_INS: dict[str, tuple[int, int | None]] = {
    **dict.fromkeys(_NONE, (0, 0)),
    **dict.fromkeys(_ONE, (1, 1)),
    **dict.fromkeys(_TWO, (2, 2)),
    "BNODE": (0, 1),
    "IF": (3, 3),
    "REGEX": (2, 3),
    "SUBSTR": (2, 3),
    "REPLACE": (3, 4),
    "CONCAT": (0, None),
    "COALESCE": (0, None),
}

# Those whose value is not settled by their arguments: a copy of the call may give another value.
VOLATILE = frozenset({"RAND", "UUID", "STRUUID", "BNODE"})
