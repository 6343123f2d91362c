"""Facts happen once: of the records of a key the first is kept, and rows are added."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.clean.batch import Batch, accepted_rows
from jobs.clean.duplicates import mark_repeats
from jobs.clean.line_sums import summed
from jobs.clean.natures.nature import is_too_late
from jobs.clean.records import mark

KEPT = frozenset({"accepted"})


def judge(batch: Batch, records: DataFrame) -> DataFrame:
    """Outcome and reason of every record, with the keys that were accepted before."""
    may_repeat = not all(part.feed.key.position for part in batch.parts)
    accepted = None
    if may_repeat and batch.lake.exists(batch.grain.table):
        if batch.grain.table.partitioned:
            records = records.localCheckpoint()  # their days are asked for first
        accepted = _accepted_keys(batch, records)
    return judge_facts(records, accepted, batch.settings.allowed_lateness_days, may_repeat=may_repeat)


def judge_facts(
    records: DataFrame, accepted: DataFrame | None, lateness: int, *, may_repeat: bool
) -> DataFrame:
    """Outcome and reason of every record: duplicates first, over all feeds of the batch, then lateness.

    Args:
        records: typed records; those of the required kind with is_early, true before the feed's history_start.
        accepted: one column record_key, the keys that were accepted before; None where there are none.
        lateness: allowed days between a fact and its arrival.
        may_repeat: false where every key is a position, which never comes twice.
    """
    marked = mark_repeats(records, accepted) if may_repeat else records.withColumn("is_repeat", F.lit(False))
    is_early = F.col("is_early") if "is_early" in records.columns else F.lit(False)
    rules = [
        (F.col("is_repeat"), "duplicate", "repeated_key"),
        (is_early, "late", "before_history"),
        (is_too_late(lateness), "late", "too_late"),
    ]
    return mark(marked, rules).drop("is_repeat", "is_early")


def _accepted_keys(batch: Batch, records: DataFrame) -> DataFrame | None:
    """Keys accepted before: of a large table those on the days of the batch."""
    table = batch.grain.table
    rows = batch.lake.read(table)
    if table.partitioned:
        day = F.col(str(table.day))
        first, last = records.where("outcome IS NULL").agg(F.min(day), F.max(day)).collect()[0]
        if first is None:
            return None
        return rows.where(day.between(first, last)).select(F.col(batch.grain.key).alias("record_key"))
    return rows.select(F.col(batch.grain.key).alias("record_key")).distinct()


def write(batch: Batch, judged: DataFrame) -> None:
    """Add the rows; what they add up to is summed from all the rows that are there of it."""
    lake, grain = batch.lake, batch.grain
    lake.append(grain.table, accepted_rows(judged, grain))
    if grain.sums is not None:
        (key,) = grain.sums.table.key
        touched = judged.where("outcome = 'accepted'").select(key).distinct()
        rows = lake.read(grain.table).join(touched, key, "left_semi")
        lake.merge(grain.sums.table, summed(rows, batch))
