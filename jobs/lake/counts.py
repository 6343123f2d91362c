"""Counts and sizes of large tables, without a Spark job where deltalake can open the lake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable

from jobs.lake.tables import Lake
from schemas.contract import Table


def days_present(lake: Lake, table: Table) -> frozenset[date]:
    """The days for which a partitioned table has rows."""
    if not lake.exists(table):
        return frozenset()
    if lake.is_hadoop_only:
        return frozenset(row[0] for row in lake.read(table).select(str(table.day)).distinct().collect())
    partitions = DeltaTable(lake.path(table)).partitions()
    return frozenset(date.fromisoformat(part[str(table.day)]) for part in partitions)


def stored_bytes(lake: Lake, table: Table) -> int:
    """Size of a table's files in bytes; 0 where the table is absent or only Spark could read its log."""
    if lake.is_hadoop_only or not lake.exists(table):
        return 0
    sizes = pa.table(DeltaTable(lake.path(table)).get_add_actions())["size_bytes"]
    return int(pc.sum(sizes).as_py() or 0)


def rows_per_value(lake: Lake, table: Table, column: str, days: Collection[date]) -> dict[str, int]:
    """Value of a text column → number of rows of a partitioned table on the days."""
    if lake.is_hadoop_only:
        from pyspark.sql import functions as F

        chosen = lake.read(table).where(F.col(str(table.day)).isin(sorted(days)))
        return {row[0]: row[1] for row in chosen.groupBy(column).count().collect()}
    parts = [(str(table.day), "in", [day.isoformat() for day in sorted(days)])]
    counts: Counter[str] = Counter()
    for batch in lake.dataset(table, partitions=parts).to_batches(columns=[column]):
        for value in pc.value_counts(batch[column]).to_pylist():
            counts[value["values"]] += value["counts"]
    return dict(counts)
