# SPDX-License-Identifier: Apache-2.0
"""Tidy tables as Parquet files in a folder, typed; meanings of columns are in the metadata of each field.

Needs a package of ``icsgraph[tables]``, which is imported only here.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from icsgraph.exports.content import Content
from icsgraph.exports.format import Format
from icsgraph.exports.tabling import Column, Table, counted, tables
from icsgraph.model.errors import ExportError
from icsgraph.queries.values import Kind

if TYPE_CHECKING:
    from pyarrow import Array


def _write(content: Content) -> tuple[Mapping[str, bytes], str]:
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        mend = "Install it: pip install 'icsgraph[tables]'"
        raise ExportError("E943", "--format parquet", "pyarrow is not installed", mend) from error
    made = tables(content)
    told = {"icsgraph:data": content.opened.version, "icsgraph:chosen": content.choice}
    return {f"{table.name}.parquet": _bytes(table, told) for table in made}, counted(made)


def _bytes(table: Table, told: Mapping[str, str]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    fields, arrays = [], []
    for column in table.columns:
        array = _array(column)
        about = {"icsgraph:property": column.property, "icsgraph:what": column.what}
        fields.append(pa.field(column.name, array.type, metadata=about))
        arrays.append(array)
    metadata = {**told, "icsgraph:table": table.iri, "icsgraph:what": table.what}
    out = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=metadata)), out)
    return out.getvalue()


def _array(column: Column) -> Array:
    """Days are dates; moments with a time zone are in UTC, and without one where any value has none."""
    import pyarrow as pa

    types = {
        Kind.TEXT: pa.string(), Kind.INTEGER: pa.int64(), Kind.NUMBER: pa.float64(), Kind.BOOLEAN: pa.bool_(),
        Kind.DATE: pa.date32(),
    }  # fmt: skip
    if column.kind is not Kind.DATETIME:
        return pa.array(column.values, types[column.kind])
    moments = [value for value in column.values if isinstance(value, datetime)]
    if all(moment.tzinfo for moment in moments):
        return pa.array(column.values, pa.timestamp("ms", tz="UTC"))
    bare = [value.replace(tzinfo=None) if isinstance(value, datetime) else None for value in column.values]
    return pa.array(bare, pa.timestamp("ms"))


FORMAT: Final = Format("Parquet: tidy, typed tables in a folder", folder=_write)
