"""Spark frames in the form of a table contract, and writing them to a table that only Spark can open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.calendar.dates import DateRange
from jobs.lake.commits import Mode, day_predicate
from schemas.contract import Table

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def contract_rows(table: Table, frame: DataFrame, is_together: bool = False) -> DataFrame:
    """The contract's columns in their order and types, in one Spark partition per day of a partitioned table, else in one.

    Args:
        is_together: the rows of each day already are in few Spark partitions, so that a shuffle is not needed.
    """
    from pyspark.sql import functions as F

    rows = frame.select(*(F.col(c.name).cast(c.type).alias(c.name) for c in table.columns))
    if not (table.partitioned and table.day):
        return rows.coalesce(1)
    return rows if is_together else rows.repartition(table.day)


def save_through_delta(uri: str, table: Table, frame: DataFrame, mode: Mode, days: DateRange | None) -> None:
    """Write and commit with Delta on Spark; `overwrite` replaces the rows of the days, or all rows if `days` is None."""
    writer = contract_rows(table, frame).write.format("delta").mode(mode)
    if days is not None:
        writer = writer.option("replaceWhere", day_predicate(table, days))
    writer.save(uri)
