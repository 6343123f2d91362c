"""Facts happen once: of the records of a key the first is kept, and rows are added."""

from __future__ import annotations

from datetime import date, timedelta

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from conf.settings import MAX_LATENESS_DAYS, Settings
from jobs.clean.batch import Batch, accepted_rows
from jobs.clean.duplicates import mark_repeats
from jobs.clean.line_sums import summed
from jobs.clean.natures.nature import is_too_late
from jobs.clean.records import mark
from jobs.mapping.kinds import grain_of
from schemas.clean.refused import LATE_EVENT

KEPT = frozenset({"accepted"})


def judge(batch: Batch, records: DataFrame) -> DataFrame:
    """Outcome and reason of every record, with the facts that are stored already."""
    may_repeat = not all(part.feed.key.position for part in batch.parts)
    facts = None
    if may_repeat and (batch.lake.exists(batch.grain.table) or batch.lake.exists(LATE_EVENT)):
        records = records.localCheckpoint()  # their days and keys are asked for first
        facts = _stored_facts(batch, records)
    return judge_facts(records, facts, batch.settings, may_repeat=may_repeat)


def judge_facts(
    records: DataFrame, facts: DataFrame | None, settings: Settings, *, may_repeat: bool
) -> DataFrame:
    """Outcome and reason of every record: duplicates first, over all feeds of the batch, then lateness.

    Args:
        records: typed records; those of the required kind with is_early, true before the feed's history_start.
        facts: record_key and arrival_date of the facts that are stored already; None where there are none.
        settings: says how late a record may come, and how long its key is remembered.
        may_repeat: false where every key is a position, which never comes twice.
    """
    within_days = settings.duplicates_within_days
    marked = (
        mark_repeats(records, facts, within_days)
        if may_repeat
        else records.withColumn("is_repeat", F.lit(False))
    )
    is_early = F.col("is_early") if "is_early" in records.columns else F.lit(False)
    rules = [
        (F.col("is_repeat"), "duplicate", "repeated_key"),
        (is_early, "late", "before_history"),
        (is_too_late(settings.allowed_lateness_days), "late", "too_late"),
    ]
    return mark(marked, rules).drop("is_repeat", "is_early")


def _stored_facts(batch: Batch, records: DataFrame) -> DataFrame | None:
    """record_key and arrival_date of the facts, accepted or late, of which a record may be a repeat."""
    lake, grain = batch.lake, batch.grain
    is_open = F.col("outcome").isNull()
    first, last = records.where(is_open).agg(F.min("arrival_date"), F.max("arrival_date")).collect()[0]
    if first is None:
        return None
    span = timedelta(days=batch.settings.duplicates_within_days)
    landed_near = F.col("arrival_date").between(first - span, last + span)
    accepted = lake.read(grain.table).where(landed_near).withColumnRenamed(grain.key, "record_key")
    if grain.table.partitioned:
        accepted = accepted.where(F.col(str(grain.table.day)) >= _first_day(first - span))
    late = lake.read(LATE_EVENT).where(landed_near & _is_of_grain(batch))
    stored = [rows.select("record_key", "arrival_date") for rows in (accepted, late)]
    keys = records.where(is_open).select("record_key")
    return stored[0].unionByName(stored[1]).join(keys, "record_key", "left_semi")


def _first_day(first_arrival: date) -> date:
    """First business day of what was accepted from an arrival day on, however late it was allowed to be then."""
    return first_arrival - timedelta(days=MAX_LATENESS_DAYS)


def _is_of_grain(batch: Batch) -> Column:
    """Whether a late record is of the batch's grain: its feed is mapped so, or it is an event, whose feed may be gone."""
    feeds = [
        f"{source}.{name}"
        for source, mapping in batch.settings.sources.items()
        for name, feed in mapping.feeds.items()
        if feed.kind == batch.kind.name and grain_of(feed).name == batch.grain.name
    ]
    is_mapped = F.col("source").isin(feeds)
    return is_mapped | F.col("event_at").isNotNull() if batch.kind.is_required else is_mapped


def write(batch: Batch, judged: DataFrame) -> None:
    """Add the rows; what they add up to is summed from all the rows that are there of it."""
    lake, grain = batch.lake, batch.grain
    lake.append(grain.table, accepted_rows(judged, grain))
    if grain.sums is not None:
        (key,) = grain.sums.table.key
        touched = judged.where("outcome = 'accepted'").select(key).distinct()
        rows = lake.read(grain.table).join(touched, key, "left_semi")
        lake.merge(grain.sums.table, summed(rows, batch))
