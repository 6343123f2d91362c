"""Snapshots are whole lists: one row per key and interval of days with the same attributes."""

from __future__ import annotations

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from jobs.clean.batch import Batch
from jobs.clean.records import mark
from schemas.kinds.declaration import Grain

_ORIGIN = ("source", "file", "position")
KEPT = frozenset({"accepted"})
_INTERVAL = ("valid_from", "valid_to", "content_hash")


def attributes(grain: Grain) -> tuple[str, ...]:
    """Columns whose values a list says: all but the key, the interval and where the row comes from."""
    return tuple(name for name in grain.table.names if name not in {grain.key, *_INTERVAL, *_ORIGIN})


def judge(batch: Batch, records: DataFrame) -> DataFrame:
    """Outcome and reason of every row, with the intervals that are open."""
    opened = batch.lake.read(batch.grain.table).where("valid_to IS NULL")
    return judge_rows(records, opened, batch.grain, batch.part.delivery.is_whole)


def judge_rows(records: DataFrame, opened: DataFrame, grain: Grain, is_whole: bool) -> DataFrame:
    """Snapshot rows: accepted where an attribute changed, superseded where they repeat what held already.

    Of the rows of a key and day the last one by file and position counts, whichever run brings it.

    Args:
        records: typed records with record_key.
        opened: open intervals from before.
        is_whole: the list was delivered whole: the last row of each key holds for the whole history.
    """
    names = attributes(grain)
    of_contract = {column.name: column for column in grain.table.columns}
    flags = {
        name: F.coalesce(F.col(name), F.lit(False))
        for name in names
        if of_contract[name].type == "boolean" and not of_contract[name].nullable
    }
    plain = records.withColumns(flags).withColumn("state", F.struct(*names)).repartition("record_key")
    before_batch = opened.select(
        F.col(grain.key).alias("record_key"),
        F.struct(*names).alias("open_state"),
        F.col("valid_from").alias("open_from"),
        F.struct("file", "position").alias("open_position"),
    )
    # The last row of a day first, so that one order serves to find it and to compare it with the day before.
    of_key = Window.partitionBy(F.col("outcome").isNull(), "record_key").orderBy(
        "arrival_date", F.desc("file"), F.desc("position")
    )
    is_open_day = F.coalesce(F.col("open_from") == F.col("arrival_date"), F.lit(False))
    is_behind = is_open_day & (F.struct("file", "position") < F.col("open_position"))
    is_repeat = F.coalesce(F.lag("arrival_date").over(of_key) == F.col("arrival_date"), F.lit(False))
    until_now = of_key.rowsBetween(Window.unboundedPreceding, -1)
    before = F.last(F.when(~F.col("is_repeat"), F.col("state")), ignorenulls=True).over(until_now)
    marked = (
        plain.join(before_batch, "record_key", "left")
        .withColumn("is_repeat", is_repeat | is_behind)
        .withColumn("before", F.coalesce(before, "open_state"))
    )
    is_unchanged = F.coalesce(F.col("before") == F.col("state"), F.lit(False)) & ~is_open_day
    rules = [
        (F.col("is_repeat"), "superseded", "unchanged"),
        (is_unchanged & F.lit(not is_whole), "superseded", "unchanged"),
    ]
    return mark(marked, rules).drop(
        "is_repeat", "before", "state", "open_state", "open_from", "open_position"
    )


def write(batch: Batch, judged: DataFrame) -> None:
    """Replace the table by all intervals that there are now."""
    table = batch.grain.table
    batch.lake.overwrite(table, intervals(judged, batch.lake.read(table), batch.grain))


def intervals(judged: DataFrame, existing: DataFrame, grain: Grain) -> DataFrame:
    """Every row of the table: what held, closed or replaced where it changed, and what is new."""
    names = attributes(grain)
    state = F.sha2(F.to_json(F.struct(*names), {"ignoreNullFields": "false"}), 256)
    changes = judged.where("outcome = 'accepted'").select(
        F.col("record_key").alias(grain.key),
        F.col("arrival_date").alias("valid_from"),
        *names,
        *_ORIGIN,
        state.alias("content_hash"),
    )
    columns = (grain.key, "valid_from", *names, *_ORIGIN, "content_hash")
    every = existing.select(*columns).unionByName(changes.select(*columns))
    return reopened(_changes(every, grain.key), grain.key)


def _changes(states: DataFrame, key: str) -> DataFrame:
    """The last state of each key and day, where it is another one than before."""
    of_key = Window.partitionBy(key).orderBy("valid_from", "file", "position")
    is_last = F.coalesce(F.lead("valid_from").over(of_key) != F.col("valid_from"), F.lit(True))
    is_other = F.coalesce(F.lag("content_hash").over(of_key) != F.col("content_hash"), F.lit(True))
    last = states.withColumn("is_last", is_last).where("is_last").drop("is_last")
    return last.withColumn("is_other", is_other).where("is_other").drop("is_other")


def reopened(states: DataFrame, key: str) -> DataFrame:
    """Every state with the last day before the next one as its end; the newest of a key is open."""
    following = F.lead("valid_from").over(Window.partitionBy(key).orderBy("valid_from"))
    return states.withColumn("valid_to", F.date_sub(following, 1))
