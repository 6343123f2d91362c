"""Late events that a backfill admits to clean.events, where they stay when their files are judged again."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from conf.settings import Settings
from jobs.calendar.dates import DateRange
from jobs.clean.balance import accepted_events
from jobs.clean.duplicates import mark_repeats
from jobs.lake.arrow import to_arrow
from jobs.lake.tables import Lake
from schemas.clean.activity import EVENTS
from schemas.clean.refused import LATE_EVENT
from schemas.ops.tables import INGESTED_FILE, LATE_ENTRY

ORIGIN = ["source", "file", "position"]
_MAY_ENTER = "reason = 'too_late' AND event_at IS NOT NULL"
"""Late records of other kinds have no such instant, nor have late events that an older program kept."""


def admit_late_events(lake: Lake, settings: Settings, days: DateRange | None, run_id: str) -> int:
    """Add late events to clean.events: those of the days, and those admitted before that are missing from it.

    Admitted events are missing after a replay, which removes every row of its files, and after a run that died. An
    admitted event that is no longer late is dropped from ops.late_entry once its file has been judged again. Where no
    late event of the days waits and none is missing, there is no Spark job.

    Args:
        days: event dates; None brings nothing new.

    Returns:
        Number of events that clean.events did not hold.
    """
    entered = lake.read_rows(LATE_ENTRY)
    is_settled = not entered.num_rows or _is_settled(lake, settings, entered.num_rows)
    if is_settled and (days is None or not _has_late_events(lake, days, entered)):
        return 0
    late = lake.read(LATE_EVENT).where(_MAY_ENTER)
    fresh, standing = entering(
        late, lake.read(EVENTS), lake.spark.createDataFrame(entered), days, settings.duplicates_within_days
    )
    fresh = fresh.localCheckpoint()
    new, stored = (
        to_arrow(LATE_ENTRY, rows.fillna(run_id, "run_id").toArrow()) for rows in (fresh, standing)
    )
    kept = pa.concat_tables([stored, new])
    kept = pa.concat_tables([kept, _entries_to_rejudge(lake, settings, entered, kept)])
    # ops.late_entry is written before clean.events: if this run dies in between, the next one sees what is missing.
    if new.num_rows or kept.num_rows < entered.num_rows:
        lake.replace_rows(LATE_ENTRY, kept, None)
    if new.num_rows:
        lake.append(EVENTS, fresh)
    return new.num_rows


def entering(
    late: DataFrame, events: DataFrame, entered: DataFrame, days: DateRange | None, within_days: int
) -> tuple[DataFrame, DataFrame]:
    """Late events to add to clean.events, and those that are rows of it already; run_id is NULL where it is not yet known.

    Args:
        late: rows of clean.late_event that may enter.
        events: clean.events.
        entered: ops.late_entry.
        days: event dates that enter; None for those alone that have entered before.
        within_days: landing days in which a key that comes again is the same event.
    """
    in_days = F.col("event_date").between(*days) if days else F.lit(False)
    named = late.join(F.broadcast(entered.select(*ORIGIN, "run_id")), ORIGIN, "left")
    wanted = named.where(in_days | F.col("run_id").isNotNull())
    keys = F.broadcast(wanted.select("record_key").distinct())
    there = events.withColumn("record_key", F.col("event_id")).join(keys, "record_key", "left_semi")
    judged = mark_repeats(
        wanted.withColumn("outcome", F.lit(None).cast("string")),
        there.select("record_key", "arrival_date"),
        within_days,
    )
    fresh = judged.where(~F.col("is_repeat")).withColumn("event_id", F.col("record_key"))
    standing = wanted.where("run_id IS NOT NULL").join(there.select(*ORIGIN), ORIGIN, "left_semi")
    return fresh, standing


def not_counted(late: DataFrame, entered: DataFrame, within_days: int) -> DataFrame:
    """Rows of clean.late_event whose events no backfill has brought in, by whatever record.

    Args:
        within_days: landing days in which a key that comes again is the same event.
    """
    counted = late.join(F.broadcast(entered.select(*ORIGIN)), ORIGIN, "left_semi").select(
        F.col("record_key").alias("counted_key"), F.col("arrival_date").alias("counted_on")
    )
    is_same = (F.col("record_key") == F.col("counted_key")) & (
        F.abs(F.datediff("arrival_date", "counted_on")) <= within_days
    )
    return late.join(F.broadcast(counted), is_same, "left_anti")


def _entries_to_rejudge(lake: Lake, settings: Settings, entered: pa.Table, kept: pa.Table) -> pa.Table:
    """Entries that are not kept now, and whose file an interrupted replay is about to judge again."""
    inputs = {
        f"{s}.{n}": f"{s}.{feed.input}" for s, m in settings.sources.items() for n, feed in m.feeds.items()
    }
    ledger = lake.read_rows(INGESTED_FILE)
    judged = set(zip(ledger["input"].to_pylist(), ledger["file"].to_pylist(), strict=True))
    kept_keys = _origins(kept)
    rows = [
        row
        for row in entered.to_pylist()
        if tuple(row[name] for name in ORIGIN) not in kept_keys
        and (inputs.get(row["source"]), row["file"]) not in judged
    ]
    return to_arrow(LATE_ENTRY, rows)


def _origins(rows: pa.Table) -> set[tuple[object, ...]]:
    return set(zip(*(rows[name].to_pylist() for name in ORIGIN), strict=True))


def _is_settled(lake: Lake, settings: Settings, entered: int) -> bool:
    """Whether clean.events holds the events accepted in time and the admitted late ones, and no more."""
    return lake.count_rows(EVENTS) == accepted_events(lake, settings) + entered


def _has_late_events(lake: Lake, days: DateRange, entered: pa.Table) -> bool:
    """Late events of the days lie there that have not entered."""
    day = pc.field("event_date")
    may_enter = (pc.field("reason") == "too_late") & pc.field("event_at").is_valid()
    late = lake.scan(LATE_EVENT, ORIGIN, may_enter & (day >= days[0]) & (day <= days[1]))
    return bool(_origins(late) - _origins(entered))
