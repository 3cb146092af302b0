# SPDX-License-Identifier: Apache-2.0
"""sh:datatype tells well-formed literals from ill-formed ones."""

from __future__ import annotations

import pytest
from graphs import compiled, store_of

from icsgraph.shacl import validate

GOOD = {
    "integer": ("0", "-7", "+12", "123456789012345678901234567890"),
    "decimal": ("1", "1.5", "-.5", "3."),
    "double": ("1", "1.5e10", "-INF", "NaN"),
    "boolean": ("true", "0"),
    "date": ("2024-02-29", "2000-02-29", "2023-12-31Z", "-0044-03-15", "2023-01-01+01:00"),
    "dateTime": ("2024-02-29T10:00:00", "2023-01-01T24:00:00", "2023-01-01T10:00:00.5-05:00"),
    "time": ("10:00:00",),
    "gYear": ("2024", "-0044"),
    "gYearMonth": ("2024-12",),
    "duration": ("P1Y2M3DT4H5M6.7S", "-P1D", "PT1S"),
    "string": ("anything",),
}
BAD = {
    "integer": ("1.0", "", "one", " 1"),
    "decimal": ("1e5", "."),
    "double": ("1,5", "1e"),
    "boolean": ("yes", "TRUE"),
    "date": ("2023-02-29", "1900-02-29", "2023-13-01", "2023-04-31", "23-01-01", "2023-1-1"),
    "dateTime": ("2023-02-29T10:00:00", "2023-01-01", "2023-01-01T25:00:00"),
    "time": ("10:60:00",),
    "gYear": ("24",),
    "gYearMonth": ("2024-13",),
    "duration": ("P", "1D", "P1S"),
}
# The store turns a derived integer into xsd:integer and so keeps only what is ill-formed: see docs/reference/shacl.md.
BAD_DERIVED = {"byte": ("300x", "c"), "positiveInteger": ("0x",), "unsignedLong": ("-1x",)}


def findings(datatype: str, form: str) -> int:
    store = store_of(f'ex:a ex:p "{form}"^^xsd:{datatype} .')
    return len(
        validate(
            store, compiled(f"ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:datatype xsd:{datatype} ] .")
        )
    )


@pytest.mark.parametrize(("datatype", "form"), [(d, f) for d, forms in GOOD.items() for f in forms])
def test_a_well_formed_literal_has_its_datatype(datatype, form):
    """Nothing is found."""
    assert findings(datatype, form) == 0


@pytest.mark.parametrize(
    ("datatype", "form"), [(d, f) for table in (BAD, BAD_DERIVED) for d, forms in table.items() for f in forms]
)
def test_an_ill_formed_literal_has_not(datatype, form):
    """A literal that says it is of a datatype, and has no lexical form of it, is found."""
    assert findings(datatype, form) == 1
