# SPDX-License-Identifier: Apache-2.0
"""Which lexical forms each datatype takes, as regular expressions that every SPARQL engine reads alike.

Casting would do for the datatypes that SPARQL requires, but engines differ in what they cast; a comparison of a value
with itself would do too, but Oxigraph answers it by identity, also for a value that is no value of its datatype.
"""

from __future__ import annotations

from typing import Final

from icsgraph.algebra.nodes import FALSE, IRI, TRUE, Comparison, Expression, FunctionCall, Literal
from icsgraph.model.namespaces import XSD
from icsgraph.shacl.expressions import call, conjunction, negation

_ZONE: Final = r"(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_YEAR: Final = r"-?([1-9][0-9]{3,}|0[0-9]{3})"
_DAY: Final = r"((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9]))"
_TIME: Final = r"(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?|24:00:00(\.0+)?)"
_NUMBER: Final = r"([0-9]+(\.[0-9]*)?|\.[0-9]+)"
_DOUBLE: Final = rf"([+-]?{_NUMBER}([eE][+-]?[0-9]+)?|[+-]?INF|NaN)"
_DAYS: Final = r"([0-9]+D)"
_CLOCK: Final = r"(T([0-9]+H([0-9]+M)?([0-9]+(\.[0-9]+)?S)?|[0-9]+M([0-9]+(\.[0-9]+)?S)?|[0-9]+(\.[0-9]+)?S))"
_MONTHS: Final = r"([0-9]+Y([0-9]+M)?|[0-9]+M)"

FORMS: Final[dict[str, str]] = {
    "integer": "[+-]?[0-9]+",
    "nonNegativeInteger": r"(\+?[0-9]+|-0+)",
    "positiveInteger": r"\+?0*[1-9][0-9]*",
    "nonPositiveInteger": r"(-[0-9]+|\+?0+)",
    "negativeInteger": "-0*[1-9][0-9]*",
    "decimal": f"[+-]?{_NUMBER}",
    "double": _DOUBLE,
    "float": _DOUBLE,
    "boolean": "(true|false|1|0)",
    "dateTime": f"{_YEAR}-{_DAY}T{_TIME}{_ZONE}",
    "date": f"{_YEAR}-{_DAY}{_ZONE}",
    "time": f"{_TIME}{_ZONE}",
    "gYear": f"{_YEAR}{_ZONE}",
    "gYearMonth": f"{_YEAR}-(0[1-9]|1[0-2]){_ZONE}",
    "dayTimeDuration": f"-?P({_DAYS}{_CLOCK}?|{_CLOCK})",
    "yearMonthDuration": f"-?P{_MONTHS}",
    "duration": f"-?P({_MONTHS}{_DAYS}?{_CLOCK}?|{_DAYS}{_CLOCK}?|{_CLOCK})",
}

BOUNDS: Final[dict[str, tuple[int, int]]] = {
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 2**8 - 1),
}

# The 29th of February in a year that has none: not divisible by 4, or by 100 and not by 400.
_LEAP: Final = "([0-9]*[0-9]{2}(0[48]|[2468][048]|[13579][26])|[0-9]*([02468][048]|[13579][26])00)-02-29.*"


def well_formed(value: Expression, datatype: str) -> Expression:
    """Whether a literal of the datatype has a lexical form of it; true for datatypes that are not checked."""
    local = datatype.removeprefix(XSD) if datatype.startswith(XSD) else ""
    text = call("STR", value)
    if local in BOUNDS:
        low, high = BOUNDS[local]
        decimal = IRI(XSD + "decimal")
        number = FunctionCall(decimal, (text,))
        inside = conjunction(
            (
                Comparison(">=", number, Literal(str(low), decimal)),
                Comparison("<=", number, Literal(str(high), decimal)),
            )
        )
        return conjunction((_matches(text, FORMS["integer"]), call("COALESCE", inside, FALSE)))
    if local not in FORMS:
        return TRUE
    form = _matches(text, FORMS[local])
    if local not in ("date", "dateTime"):
        return form
    no_leap_day = negation(call("REGEX", text, Literal("^-?[0-9]+-02-29")))
    return conjunction((form, call("IF", no_leap_day, TRUE, _matches(text, f"-?{_LEAP}"))))


def _matches(text: Expression, form: str) -> Expression:
    return call("REGEX", text, Literal(f"^{form}$"))
