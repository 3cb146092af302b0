# SPDX-License-Identifier: Apache-2.0
"""Tidy tables as CSV files in a folder, described by CSVW (https://www.w3.org/TR/tabular-metadata/).

A text that a spreadsheet takes for a formula gets a quote first, which the metadata say of the column.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from icsgraph.exports.content import Content
from icsgraph.exports.format import Format
from icsgraph.exports.tabling import Column, Table, counted, tables
from icsgraph.queries.values import Kind, Value

METADATA: Final = "csv-metadata.json"
_DATATYPES: Final = {
    Kind.INTEGER: "integer", Kind.NUMBER: "double", Kind.DATE: "date", Kind.DATETIME: "dateTime",
    Kind.BOOLEAN: "boolean", Kind.TEXT: "string",
}  # fmt: skip
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_QUOTED: Final = "a text that begins with = + - @ or a tab has a quote before it, against formulas"


def _write(content: Content) -> tuple[Mapping[str, bytes], str]:
    made = tables(content)
    files = {f"{table.name}.csv": _text(table).encode() for table in made}
    files[METADATA] = (json.dumps(_described(content, made), indent=1, ensure_ascii=False) + "\n").encode()
    return files, counted(made)


def _text(table: Table) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column.name for column in table.columns)
    writer.writerows(zip(*([_cell(value) for value in column.values] for column in table.columns), strict=True))
    return out.getvalue()


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str) and _is_formula(value):
        return f"'{value}"
    return str(value)


def _is_formula(text: str) -> bool:
    return text.startswith(("=", "+", "-", "@", "\t", "\r")) and not _NUMBER.fullmatch(text)


def _described(content: Content, made: list[Table]) -> dict[str, Any]:
    what = "Tables of an icsgraph graph" + (f": {content.choice}" if content.choice else "")
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": what,
        "dc:identifier": content.opened.version,
        "tables": [_table(table) for table in made],
    }


def _table(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {"columns": [_column(table, each) for each in table.columns]}
    if table.is_relation:
        schema["aboutUrl"] = "{+subject}"
    else:
        schema |= {"primaryKey": "iri", "aboutUrl": "{+iri}"}
    described: dict[str, Any] = {"url": f"{table.name}.csv", "dc:title": table.name, "tableSchema": schema}
    if table.iri:
        described["dc:subject"] = table.iri
    if table.what:
        described["dc:description"] = table.what
    return described


def _column(table: Table, column: Column) -> dict[str, Any]:
    about = [column.what] if column.what else []
    if any(isinstance(value, str) and _is_formula(value) for value in column.values):
        about.append(_QUOTED)
    described: dict[str, Any] = {
        "name": re.sub(r"[^A-Za-z0-9_.]", "_", column.name),
        "titles": column.name,
        "datatype": "anyURI" if column.is_iri else _DATATYPES[column.kind],
    }
    if about:
        described["dc:description"] = "; ".join(about)
    if column.property:
        described["propertyUrl"] = column.property
        if column.is_iri:
            described["valueUrl"] = f"{{+{described['name']}}}"
    else:
        described["suppressOutput"] = True
    if column.language:
        described["lang"] = column.language
    if column.name in ("iri", "subject"):
        described["required"] = True
    return described


FORMAT: Final = Format("CSV: tidy tables in a folder, described by CSVW", folder=_write)
