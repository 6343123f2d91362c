"""Activity records → clean.events."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.clean.duplicates import mark_repeats
from jobs.clean.records import mark


def judge(records: DataFrame, known: DataFrame | None, lateness: int, *, may_repeat: bool) -> DataFrame:
    """Outcome and reason of every record: duplicates first, over all activity feeds, then lateness.

    Args:
        records: typed records with is_early, true before the feed's history_start.
        known: keys of events that were accepted before.
        lateness: allowed days between an event and its arrival.
        may_repeat: false where every key is a position, which never comes again.
    """
    marked = mark_repeats(records, known) if may_repeat else records.withColumn("is_repeat", F.lit(False))
    is_dated = F.col("days_late").isNotNull()
    return mark(
        marked,
        [
            (F.col("is_repeat"), "duplicate", "repeated_key"),
            (F.col("is_early"), "late", "before_history"),
            (is_dated & (F.col("days_late") > lateness), "late", "too_late"),
        ],
    ).drop("is_repeat", "is_early")


def event_rows(judged: DataFrame) -> DataFrame:
    """Rows of clean.events."""
    return judged.where("outcome = 'accepted'").withColumn("event_id", F.col("record_key"))
