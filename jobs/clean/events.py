"""Activity records → clean.events."""

from __future__ import annotations

from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from conf.mapping import Feed
from jobs.clean.duplicates import mark_repeats
from jobs.clean.records import mark
from jobs.mapping.expressions import compile_expression


def judge(
    records: DataFrame, feed: Feed, known: DataFrame | None, history_start: date | None, lateness: int
) -> DataFrame:
    """Outcome and reason of every record: duplicates first, then lateness."""
    if feed.key.position:
        marked = records.withColumn("is_repeat", F.lit(False))
    else:
        marked = mark_repeats(records, known)
    is_dated = F.col("days_late").isNotNull()
    before = F.col("event_date") < F.lit(history_start) if history_start else F.lit(False)
    return mark(
        marked,
        [
            (F.col("is_repeat"), "duplicate", "repeated_key"),
            (before, "late", "before_history"),
            (is_dated & (F.col("days_late") > lateness), "late", "too_late"),
        ],
    ).drop("is_repeat")


def event_rows(judged: DataFrame, source: str, feed: Feed, where: str) -> DataFrame:
    """Rows of clean.events."""
    exposure = F.lit(False)
    if feed.exposure is not None:
        exposure = F.coalesce(F.expr(compile_expression(feed.exposure, f"{where}.exposure")), F.lit(False))
    accepted = judged.where("outcome = 'accepted'")
    return accepted.withColumns(
        {"event_id": F.col("record_key"), "is_exposure": exposure, "source": F.lit(source)}
    )
