"""Which of several records of one key is kept: the first by (arrived_at, file, position)."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F


def is_repeat(keys: list[str], order: list[str]) -> Column:
    """True for every open record but the first of its keys."""
    window = Window.partitionBy(F.col("outcome").isNull(), *keys).orderBy(*order)
    return F.row_number().over(window) > 1


def mark_repeats(judged: DataFrame, accepted: DataFrame | None) -> DataFrame:
    """Add `is_repeat`: the key was accepted before (a row of `accepted`) or stands earlier in the batch.

    Args:
        judged: records with record_key, outcome, arrived_at, file, position.
        accepted: one column record_key, each key once; None where nothing was accepted before.
    """
    marked = judged.withColumn("is_repeat", is_repeat(["record_key"], ["arrived_at", "file", "position"]))
    if accepted is None:
        return marked
    seen = accepted.select("record_key", F.lit(True).alias("is_accepted"))
    joined = marked.join(seen, "record_key", "left")
    return joined.withColumn("is_repeat", F.col("is_repeat") | F.coalesce("is_accepted", F.lit(False))).drop(
        "is_accepted"
    )
