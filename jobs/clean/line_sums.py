"""Rows that are sums of lines, such as the orders of a till."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.clean.batch import Batch
from jobs.clean.records import business_date


def summed(lines: DataFrame, batch: Batch) -> DataFrame:
    """Rows of the table of sums; the first line by file and position says who and when.

    A column that the lines do not have is NULL.

    Args:
        lines: all lines of the sums, as they stand in the clean table.
    """
    kind, grain, sums = batch.kind, batch.grain, batch.grain.sums
    assert sums is not None
    (key,) = sums.table.key
    not_carried = {key, sums.amount, kind.day, "file", "position"}
    carried = [n for n in sums.table.names if n in grain.table.names and n not in not_carried]
    amount = F.sum(sums.amount).cast(sums.table.column(sums.amount).type).alias(sums.amount)
    first = F.min(F.struct("file", "position", *carried)).alias("first")
    rows = lines.groupBy(key).agg(first, amount).select(key, sums.amount, "first.*")
    instant = F.col(str(kind.instant))
    dated = rows.withColumns(
        {str(kind.day): business_date(instant, batch.settings.business_zone)}
        | dict.fromkeys(sums.dated, instant)
    )
    absent = {c.name: F.lit(None).cast(c.type) for c in sums.table.columns if c.name not in dated.columns}
    return dated.withColumns(absent).select(*sums.table.names)
