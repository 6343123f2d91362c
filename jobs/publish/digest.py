"""The canonical digest of a table's rows: equal rows have equal digests, whatever their order or their files."""

from __future__ import annotations

import hashlib

import pyarrow as pa
import pyarrow.compute as pc

from jobs.lake.arrow import to_arrow
from jobs.lake.select import require_written
from jobs.lake.tables import Lake
from schemas.contract import Table

_NULL, _FIELD, _ROW = "\\N", "\x1f", "\n"


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column as text: decimals with their scale, days and instants in ISO form, bytes as hex digits, NULL as `\\N`."""
    if pa.types.is_binary(column.type):
        column = pa.chunked_array([[b if b is None else b.hex() for b in column.to_pylist()]], pa.string())
    text = pc.cast(column, pa.string())
    if pa.types.is_string(column.type):
        for raw, escaped in (("\\", "\\\\"), (_FIELD, "\\f"), (_ROW, "\\n")):
            text = pc.replace_substring(text, raw, escaped)
    return pc.fill_null(text, _NULL)


def canonical_digest(table: Table, rows: pa.Table) -> str:
    """SHA-256 over the contract's schema and the rows, sorted by key and rendered as text."""
    ordered = to_arrow(table.all_nullable, rows).sort_by([(name, "ascending") for name in table.key])
    schema = ",".join(f"{c.name} {c.type}{'' if c.nullable else ' not null'}" for c in table.columns)
    digest = hashlib.sha256(schema.encode())
    lines = pc.binary_join_element_wise(*(_text(ordered[name]) for name in table.names), _FIELD)
    for line in lines.to_pylist():
        digest.update((_ROW + line).encode())
    return digest.hexdigest()


def table_digest(lake: Lake, table: Table) -> str:
    """The canonical digest of a table as it lies in the lake.

    Raises:
        ConfigError: it was never written.
    """
    require_written(lake, table)
    return canonical_digest(table, lake.read_rows(table))
