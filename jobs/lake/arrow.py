"""Table contracts as Arrow schemas, for tables that are read and written without Spark."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from schemas.contract import Table

_PLAIN = {
    "string": pa.string(),
    "bigint": pa.int64(),
    "int": pa.int32(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "binary": pa.binary(),
    "map<string,string>": pa.map_(pa.string(), pa.string()),
}


def arrow_type(spark_type: str) -> pa.DataType:
    """The Arrow type of a contract's Spark SQL type.

    Raises:
        ValueError: the type is none that contracts use.
    """
    decimal = re.fullmatch(r"decimal\((\d+),(\d+)\)", spark_type)
    if decimal:
        return pa.decimal128(int(decimal[1]), int(decimal[2]))
    if spark_type not in _PLAIN:
        raise ValueError(f"no Arrow type for {spark_type}")
    return _PLAIN[spark_type]


def arrow_schema(table: Table) -> pa.Schema:
    """The contract as an Arrow schema; meanings become column comments."""
    return pa.schema(
        pa.field(c.name, arrow_type(c.type), nullable=c.nullable, metadata={"comment": c.meaning})
        for c in table.columns
    )


def to_arrow(table: Table, rows: pa.Table | Sequence[Mapping[str, Any]]) -> pa.Table:
    """The rows as an Arrow table with exactly the contract's columns, in their order and types."""
    schema = arrow_schema(table)
    if isinstance(rows, pa.Table):
        return rows.select(list(table.names)).cast(schema)
    return pa.Table.from_pylist(
        [{name: row.get(name) for name in table.names} for row in rows], schema=schema
    )
